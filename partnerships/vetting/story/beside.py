"""The latest application beside a business's story, and what should come of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, words
from core.access import refusal, visible
from core.pages.story import Beside, Card, Next
from partnerships.businesses.models import Business
from partnerships.vetting import sentences
from partnerships.vetting.models import Application, Condition

RUNS_OUT = timedelta(days=90)  # an approval that ends within this time is worth a word


def beside(place: Business, user: Any) -> Beside:
    """The organization's latest application with its open conditions, and what should come of it.

    Args:
        place: a place of business of the organization.
        user: someone of the desk; viewers see no vetting.
    """
    if refusal(user, "core.write_desk") is not None:
        return Beside()
    rows: Any = visible(Application, user)
    found = (
        rows.filter(organization=place.organization_id)
        .with_waiting()
        .select_related("criteria_version")
        .order_by("-pk")
        .first()
    )
    if found is None:
        return Beside(steps=list(_of_standing(place, None)))
    conditions = list(found.conditions.filter(status="open").order_by("due_on"))
    age, waiting = sentences.age_of(found), sentences.waiting_for(found, user)
    card = Card(
        "application",
        _("Application"),
        "vetting/story/application.html",
        [found],
        url=reverse("desk:application", args=[found.pk]),
        link_text=_("Open"),
        facts={"age": age, "waiting": waiting, "conditions": conditions},
        order=20,
        aside=True,
    )
    steps = [
        *_of_application(found, age, waiting),
        *_of_conditions(conditions),
        *_of_standing(place, found),
        *_of_end(place, found),
    ]
    return Beside([card], steps)


def _of_application(application: Application, age: sentences.Age, waiting: str) -> Iterator[Next]:
    if not application.is_open:
        return
    parts = [application.get_status_display(), age.words]
    if waiting:
        parts.append(_("waits for: %(whom)s") % {"whom": waiting})
    yield Next(
        _("the application is open. %(state)s.") % {"state": " · ".join(part for part in parts if part)},
        reverse("desk:application", args=[application.pk]),
        _("Open it"),
        "bad" if age.late else "warn",
        order=20,
    )


def _of_conditions(conditions: list[Condition]) -> Iterator[Next]:
    for due in conditions[:1]:
        late = due.due_on < clock.today()
        pattern = _("%(text)s, was due on %(day)s.") if late else _("%(text)s, due on %(day)s.")
        yield Next(
            pattern % {"text": due.text.rstrip("."), "day": words.day(due.due_on)},
            reverse("desk:condition", args=[due.pk]),
            _("Check the condition"),
            "bad" if late else "warn",
            order=30,
        )


def _of_standing(place: Business, last: Application | None) -> Iterator[Next]:
    if place.standing not in {"prospect", "lapsed"} or place.is_closed:
        return
    if place.standing == "lapsed":
        sentence = _("the partnership has lapsed. You can fill in a new application during a visit.")
    elif last is not None:
        sentence = _("the last application ended: %(outcome)s. You can fill in a new one during a visit.") % {
            "outcome": last.get_status_display().lower()
        }
    else:
        sentence = _("nobody has applied for it. You can fill in an application during a visit.")
    url = reverse("desk:application_assist", args=[place.pk])
    yield Next(sentence, url, _("Start an application"), "info", order=45)


def _of_end(place: Business, application: Application) -> Iterator[Next]:
    if application.valid_until is None or place.standing != "partner":
        return
    left = (application.valid_until - clock.today()).days
    if left < 0:
        said = _("the approval ended on %(day)s.") % {"day": words.day(application.valid_until)}
        yield Next(said, tone="bad", order=50)
    elif left <= RUNS_OUT.days:
        said = ngettext("the approval ends in %(n)d day.", "the approval ends in %(n)d days.", left)
        yield Next(said % {"n": left}, order=50)
