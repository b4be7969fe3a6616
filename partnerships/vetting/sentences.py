"""What pages say about an application in words: whom it waits for, where it stands, what happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.querysets import display_name
from core import clock, words
from core.pages import components
from core.pages.components import TimelineEntry
from core.workdays import WorkingDays
from partnerships.businesses.models import Business

from . import fields, rules
from .choices import DECIDED, AskReason, Conflict, Status, Step
from .effects import day_of_promise
from .guards import claim_state
from .models import Application


@dataclass(frozen=True)
class Age:
    """How old an application is against the promise.

    Args:
        day: working day of the promise, nothing before it was sent.
        promise: the promise in working days.
        stopped: the clock stands still, since the owner owes the next step.
        running: the department owes the next step.
        answered: it was decided on that day.
    """

    day: int | None
    promise: int
    stopped: bool
    running: bool
    answered: bool = False

    @property
    def late(self) -> bool:
        """The promised day has passed while the department owes the next step."""
        return self.running and self.day is not None and self.day > self.promise

    @property
    def words(self) -> str:
        """ "working day 12 of 10, late" """
        if self.stopped:
            return _("clock stopped")
        if self.day is None:
            return ""
        if self.answered:
            return _("answered on working day %(day)s") % {"day": max(self.day, 0)}
        words = _("working day %(day)s of %(promise)s") % {"day": max(self.day, 0), "promise": self.promise}
        return _("%(words)s, late") % {"words": words} if self.late else words


def age_of(application: Application, days: WorkingDays | None = None) -> Age:
    """The age of an application today.

    Args:
        application: with `criteria_version`, for a list.
        days: the department's working days; a list takes them once for all its rows.
    """
    return Age(
        day=day_of_promise(application, clock.today(), days),
        promise=application.criteria_version.promise_working_days,
        stopped=application.status == Status.ACTION_NEEDED,
        running=application.clock_runs,
        answered=application.status in DECIDED,
    )


def waiting_for(application: Any, user: Any) -> str:
    """Whom the next step waits for, as a queue says it.

    Args:
        application: from `with_waiting()`, for a list; of another the rest is read here.
        user: who looks; their own part is "Your review".
    """
    step = Step(application.step)
    if step == Step.CLOSED:
        return ""
    if not hasattr(application, "missing"):
        application = Application.objects.with_waiting().get(pk=application.pk)
    if step == Step.ANSWER:
        count = application.asked_for
        return ngettext("Owner: %(n)s thing", "Owner: %(n)s things", count) % {"n": count}
    mine = next((each for each in application.missing if each["id"] == user.pk), None)
    if mine is not None and not mine["declared"]:
        return _("Your conflict declaration")
    if mine is not None and application.status == Status.IN_REVIEW:
        return _("Your review")
    if step in (Step.DECLARE, Step.REVIEW):
        return ", ".join(each["name"] for each in application.missing)
    return str(step.label)


def place_words(application: Application) -> str:
    """ "Beat 1925 · Hardware stores", or "4 districts · Supermarkets" for a chain. Reads prefetched sites."""
    sites = list(application.sites.all())
    areas = [site.area for site in sites if site.area is not None]
    parts = []
    if len(sites) > 1:
        parts.append(ngettext("%(n)s site", "%(n)s sites", len(sites)) % {"n": len(sites)})
    districts = {area.parent_id or area.pk for area in areas}
    if len(districts) > 1:
        parts.append(_("%(n)s districts") % {"n": len(districts)})
    elif areas:
        parts.append(str(areas[0]))
    industry = application.industry or next((site.industry for site in sites if site.industry), None)
    if industry:
        parts.append(str(industry))
    return " · ".join(parts)


def wizard_steps(application: Application | None, current: str) -> list[components.WizardStep]:
    """The step indicator of the wizard: account, business, about you, four questions, send."""
    order = ["account", "business", "profile", "criteria", "declaration"]
    labels = [
        _("Your account"),
        _("Your business"),
        _("About you"),
        _("Four questions"),
        _("Check and send"),
    ]
    here = order.index(current)
    return [
        components.WizardStep(label, "done" if n < here else "current" if n == here else "todo")
        for n, label in enumerate(labels)
    ]


def owner_timeline(application: Application) -> list[TimelineEntry]:
    """Where it stands, for the owner: no scores, no reviewers, no notes."""
    status = application.status
    done = TimelineEntry
    entries = []
    if application.first_submitted_at is None:
        state = "current" if status == Status.DRAFT else "todo"
        entries.append(done(_("You apply"), detail=_("saved at every step"), state=state, tone="info"))
    else:
        entries.append(done(_("You applied"), when=application.first_submitted_at, state="done", tone="good"))
    if application.visited_on:
        entries.append(done(_("An officer visited"), when=application.visited_on, state="done", tone="good"))
    if application.appealed_at:
        entries.append(done(_("You appealed"), when=application.appealed_at, state="done", tone="good"))
    if status == Status.WITHDRAWN:
        entries.append(done(_("Withdrawn"), when=application.withdrawn_at, state="done", tone="neutral"))
        return entries
    if status in DECIDED:
        entries.append(done(_("Reviewed"), state="done", tone="good"))
        said = {
            Status.APPROVED: (_("Approved"), "good"),
            Status.APPROVED_WITH_CONDITIONS: (_("Approved with conditions"), "good"),
            Status.DECLINED: (_("Not approved"), "bad"),
        }
        title, tone = said[Status(status)]
        state = "" if tone == "bad" else "done"
        entries.append(done(title, when=application.decided_at, state=state, tone=tone))
        return entries
    promised = ""
    if application.promised_on:
        promised = _("We promised an answer by %(day)s") % {"day": words.day(application.promised_on)}
    running = status in (Status.IN_REVIEW, Status.SUBMITTED, Status.APPEALED, Status.ACTION_NEEDED)
    if status == Status.ACTION_NEEDED:
        promised = _("waits for your answer")
    started = status in (Status.IN_REVIEW, Status.ACTION_NEEDED)
    entries.append(
        done(
            _("In review") if started else _("Review"),
            detail=promised,
            state="current" if running else "todo",
            tone="info",
        )
    )
    by_mail = _("by a supervisor, by email") if not application.by_phone else _("by a supervisor, by letter")
    entries.append(done(_("Decision"), detail=by_mail, state="todo"))
    return entries


def review_timeline(application: Application, user: Any) -> list[TimelineEntry]:
    """ "So far", beside a review: submitted, visit, your review, decision."""
    entries = [TimelineEntry(_("Submitted"), when=application.first_submitted_at, state="done", tone="good")]
    if application.appealed_at:
        entries.append(TimelineEntry(_("Appealed"), when=application.appealed_at, state="done", tone="good"))
    if application.visited_on:
        who = application.visited_by.full_name if application.visited_by else ""
        entries.append(
            TimelineEntry(_("Visit"), when=application.visited_on, detail=who, state="done", tone="good")
        )
    else:
        entries.append(TimelineEntry(_("Visit"), detail=_("no visit noted yet"), state="todo"))
    promised = ""
    if application.promised_on:
        promised = _("promised by %(day)s") % {"day": words.day(application.promised_on, "short")}
    mine = application.reviews.filter(round=application.round, reviewer=user).first()
    if mine is not None and mine.submitted_at:
        entries.append(TimelineEntry(_("Your review"), when=mine.submitted_at, state="done", tone="good"))
        entries.append(TimelineEntry(_("Supervisor decides"), detail=promised, state="current", tone="info"))
    else:
        entries.append(TimelineEntry(_("Your review"), detail=promised, state="current", tone="info"))
        entries.append(TimelineEntry(_("Supervisor decides"), state="todo"))
    return entries


def desk_timeline(application: Application) -> list[TimelineEntry]:
    """What happened so far, newest last, for the desk. Scores and notes are on pages of their own."""
    found: list[tuple[Any, TimelineEntry]] = []

    def add(when: Any, title: str, *, detail: str = "", tone: str = "neutral") -> None:
        if when is not None:
            found.append((_moment(when), TimelineEntry(title, when=when, detail=detail, tone=tone)))

    add(application.created_at, _("Started"), detail=_by(application.assisted_by or application.applicant))
    add(
        application.first_submitted_at,
        _("Submitted"),
        detail=_by(application.submitted_by),
        tone="info",
    )
    add(application.visited_on, _("Visit"), detail=_by(application.visited_by), tone="info")
    for kind, when, who, detail in _moments(application):
        title, tone, words = _told(kind, detail)
        add(when, title, detail=" · ".join(part for part in (who, words) if part), tone=tone)
    add(application.appealed_at, _("The owner appealed"), tone="warn")
    add(application.withdrawn_at, _("Withdrawn"))
    return [entry for _when, entry in sorted(found, key=lambda pair: pair[0])]


def _moments(application: Application) -> QuerySet[Any, Any]:
    """What was asked, answered, declared, reviewed, decided: kind, when, by whom, and a code; one query."""
    requests = application.action_requests.order_by()
    reviews = application.reviews.order_by()
    decisions = application.decisions.order_by()
    nobody = Value("")
    return requests.values_list(Value("asked"), "asked_at", display_name("asked_by"), "reason").union(
        requests.values_list(Value("answered"), "answered_at", nobody, nobody),
        reviews.values_list(Value("declared"), "declared_at", display_name("reviewer"), "conflict"),
        reviews.values_list(Value("reviewed"), "submitted_at", display_name("reviewer"), nobody),
        decisions.values_list(Value("decided"), "decided_at", display_name("decided_by"), "outcome"),
        all=True,
    )


def _told(kind: str, code: str) -> tuple[str, str, str]:
    """Title, tone and words of one of `_moments`."""
    if kind == "asked":
        return _("Asked the owner for changes"), "warn", str(AskReason(code).label)
    if kind == "answered":
        return _("The owner answered"), "info", ""
    if kind == "declared":
        refers = code == Conflict.REFER
        title = _("Conflict declaration: refers it") if refers else _("Conflict declaration: proceeds")
        return title, "neutral", ""
    if kind == "reviewed":
        return _("Review in"), "info", ""
    return str(Status(code).label), "bad" if code == "declined" else "good", ""


def _moment(when: Any) -> str:
    if hasattr(when, "hour"):
        return timezone.localtime(when).isoformat()
    return f"{when.isoformat()}T12"


def _by(person: Any) -> str:
    return person.display_name if person is not None else ""


def begun_by_owners(business: Business) -> list[Application]:
    """Drafts for the organization of a place that their writers have not sent, each with `is_verified`.

    Nothing of what they wrote: only that they began, and whether they are known to act for it.
    """
    rows: Any = Application.objects.filter(
        organization=business.organization_id, status=Status.DRAFT, applicant__isnull=False
    )
    found = list(rows.select_related("applicant").order_by("pk"))
    unverified = set(rows.unverified_drafts().values_list("pk", flat=True))
    for each in found:
        each.is_verified = each.pk not in unverified
    return found


def claim_words(application: Application) -> tuple[str, str]:
    """How sure we are of the owner, in words and as a tone."""
    if application.applicant_id is None:
        if application.confirmed_name:
            return _("confirmed in person"), "good"
        return _("not confirmed yet"), "warn"
    return {
        "verified": (_("claim verified"), "good"),
        "claimed": (_("claim to be verified"), "warn"),
        "refused": (_("claim refused"), "bad"),
        "withdrawn": (_("claim taken back"), "bad"),
        "none": (_("no claim"), "bad"),
    }[claim_state(application)]


def last_appeal_day(application: Application) -> date | None:
    """Until when the owner can appeal, where an appeal is left."""
    if application.status != Status.DECLINED or application.round > 1 or application.decided_at is None:
        return None
    return rules.last_appeal_day(timezone.localdate(application.decided_at))


def asked_labels(application: Application) -> list[str]:
    """What the open request asks for, in the owner's words."""
    request = application.action_requests.waiting().first()
    return fields.labels(application, request.fields) if request else []
