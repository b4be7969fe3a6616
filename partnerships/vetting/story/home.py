"""The owner's home: what is asked of them, and where their applications stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Exists,
    OuterRef,
    Q,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, words
from core.access import visible
from core.pages.components import TimelineEntry
from core.pages.story import LINES, Card, Home, Need
from partnerships.businesses.models import Claim
from partnerships.vetting import fields, rules, sentences
from partnerships.vetting.choices import OPEN, Status
from partnerships.vetting.models import Application, Condition
from partnerships.vetting.rules import APPEAL_DAYS
from partnerships.vetting.workflow import APPLICATION

CLOSED_SHOWN_FOR = APPEAL_DAYS  # days that a closed application stays on an owner's home


@dataclass(frozen=True)
class Shown:
    """One application in short: what its owner is told of it, and its line of stages."""

    application: Application
    told: str
    entries: list[TimelineEntry]


def home(user: Any) -> Home:
    """The member's applications: what they have to do, and where each stands."""
    applications = _applications(user)
    cards = [
        Card(
            f"application-{each.pk}",
            _("Application of %(name)s") % {"name": each.organization.name},
            "vetting/story/stages.html",
            [Shown(each, APPLICATION.tells(each), sentences.owner_timeline(each))],
            url=reverse("portal:application_status", args=[each.pk]),
            link_text=_("Where it stands"),
            order=20,
        )
        for each in applications
        if _is_news(each)
    ]
    organizations = [each.organization for each in applications]
    return Home(
        needs=[need for each in applications for need in _needs_of(each)],
        cards=cards,
        known=bool(applications),
        officer=next((each.lead_officer for each in organizations if each.lead_officer), None),
    )


def _applications(user: Any) -> list[Any]:
    # What needs them first: an open one, or one with an open condition, is not pushed off by what ended.
    conditions = Condition.objects.still_open().filter(application=OuterRef("pk"))
    told = conditions.order_by("due_on", "pk").values(told=JSONObject(text="text", due_on="due_on"))
    pressing = Case(When(Q(status__in=OPEN) | Exists(conditions), then=0), default=1)
    claims = Claim.objects.waiting().filter(user=user, business__organization=OuterRef("organization"))
    ended: Any = Application.objects.of_ended_claims().filter(pk=OuterRef("pk"))
    refused = Claim.objects.filter(
        user=OuterRef("applicant"), business__organization=OuterRef("organization"), status="refused"
    )
    found: list[Any] = list(
        visible(Application, user)
        .annotate(
            claim_waits=Exists(claims),
            claim_ended=Exists(ended),
            claim_refused=Exists(refused),
            still_due=ArraySubquery(told),
        )
        .select_related("organization__lead_officer", "criteria_version", "applicant")
        .order_by(pressing, "-pk")[: LINES * 2]
    )
    asked = [each for each in found if each.status == Status.ACTION_NEEDED]
    prefetch_related_objects(asked, "action_requests", "criteria_version__criteria")
    return found


def _is_news(application: Application) -> bool:
    ended = application.decided_at or application.withdrawn_at
    return application.is_open or ended is None or (clock.now() - ended).days <= CLOSED_SHOWN_FOR


def _needs_of(application: Any) -> Iterator[Need]:
    name = application.organization.name
    if application.claim_ended and application.is_open:
        yield Need(
            _("We could not confirm that you act for this business")
            if application.claim_refused
            else _("You took your claim of this business back"),
            _("%(name)s. Your application can’t go on before. Claim it again, or call us.") % {"name": name},
            reverse("portal:application_status", args=[application.pk]),
            _("See what to do"),
            tone="bad",
            order=15,
        )
    if application.status == Status.ACTION_NEEDED:
        request = next((each for each in application.action_requests.all() if each.answered_at is None), None)
        items = tuple(fields.labels(application, request.fields)) if request else ()
        things = max(len(items), 1)
        asked = words.day(request.asked_at) if request else ""
        yield Need(
            ngettext("We need one thing from you", "We need %(n)s things from you", things)
            % {"n": words.spelled(things)},
            _("%(name)s. Asked on %(day)s. Our clock is stopped until you answer.")
            % {"name": name, "day": asked},
            reverse("portal:application_answer", args=[application.pk]),
            _("Answer now"),
            items,
            question=request.message if request else "",
            order=20,
        )
    elif application.status == Status.DRAFT:
        said = _("%(name)s. Everything you typed is saved. It takes about ten minutes.") % {"name": name}
        if application.claim_waits:
            said += " " + _("You can go on with your application while we check your claim.")
        yield Need(
            _("Finish your application"),
            said,
            reverse("portal:application_status", args=[application.pk]),
            _("Go on"),
            order=20,
        )
    elif application.status == Status.DECLINED and application.round == 1 and application.decided_at:
        last = rules.last_appeal_day(timezone.localdate(application.decided_at))
        if clock.today() <= last:
            yield Need(
                _("Our answer is there. You can appeal it"),
                _("%(name)s. Until %(day)s, once. Other officers and another supervisor look at it.")
                % {"name": name, "day": words.day(last)},
                reverse("portal:application_status", args=[application.pk]),
                _("Read it"),
                order=20,
            )
    for condition in application.still_due:
        due_on = date.fromisoformat(condition["due_on"])
        late = due_on < clock.today()
        pattern = _("was due on %(day)s") if late else _("due on %(day)s")
        yield Need(
            condition["text"],
            _("%(name)s. A condition of your approval, %(due)s. Tell your officer when it is done.")
            % {"name": name, "due": pattern % {"day": words.day(due_on)}},
            reverse("portal:application_status", args=[application.pk]),
            _("Read it"),
            tone="bad" if late else "warn",
            order=20,
        )
