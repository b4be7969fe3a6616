"""The story of one place of business: what happened with it in every room, the latest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access import refusal, visible
from core.models import AuditEntry
from core.outbox import OutgoingMail
from core.pages.components import TimelineEntry
from events.models import Event, Registration
from events.rules import people_in_words
from partnerships.businesses.models import Business, Claim, Organization
from partnerships.vetting import sentences as vetting
from partnerships.vetting.models import Application

LONGEST = 40  # entries shown; what is older stands on the pages of its room


@dataclass(frozen=True)
class Chapter:
    """One part of the story that can be shown alone."""

    key: str
    label: Any
    read: Callable[[Business, Any], Iterator[TimelineEntry]]


def story_of(place: Business, user: Any, chapter: str = "") -> list[TimelineEntry]:
    """What happened, the latest first, as far as it exists for `user`.

    Args:
        place: the place of business, with its organization at hand.
        user: who reads; each room's rows come through what is visible to them.
        chapter: key of one chapter; anything else means all of them.

    Returns:
        At most `LONGEST` entries. The number of queries does not depend on how much happened.
    """
    chosen = [each for each in CHAPTERS if each.key == chapter] or CHAPTERS
    entries = [entry for each in chosen for entry in each.read(place, user)]
    return sorted(entries, key=_moment, reverse=True)[:LONGEST]


def _moment(entry: TimelineEntry) -> datetime:
    when = entry.when
    if isinstance(when, datetime):
        return when
    return timezone.make_aware(datetime.combine(when or date.min.replace(year=1900), time(12)))


def _vetting(place: Business, user: Any) -> Iterator[TimelineEntry]:
    rows = (
        visible(Application, user)
        .filter(organization=place.organization_id)
        .select_related("applicant", "assisted_by", "submitted_by", "visited_by")
        .order_by("-pk")[:3]
    )
    for number, application in enumerate(rows):
        if number == 0:
            yield from vetting.desk_timeline(application)
        elif application.decided_at or application.withdrawn_at:
            yield TimelineEntry(
                _("Earlier application: %(outcome)s") % {"outcome": application.get_status_display()},
                when=application.decided_at or application.withdrawn_at,
                url=reverse("desk:application", args=[application.pk]),
            )
    for claim in visible(Claim, user).filter(business=place).select_related("user", "settled_by")[:LONGEST]:
        yield TimelineEntry(_("Claimed"), when=claim.created_at, detail=claim.user.display_name, tone="info")
        if claim.settled_at is not None:
            by = claim.settled_by.display_name if claim.settled_by else ""
            yield TimelineEntry(
                _("Claim: %(state)s") % {"state": claim.get_status_display()},
                when=claim.settled_at,
                detail=by,
                tone="good" if claim.status == "verified" else "neutral",
            )


def _events(place: Business, user: Any) -> Iterator[TimelineEntry]:
    words = {
        "attended": (gettext_lazy("Came to “%(event)s”"), "good"),
        "no_show": (gettext_lazy("Did not come to “%(event)s”"), "neutral"),
        "registered": (gettext_lazy("Registered for “%(event)s”"), "info"),
        "waitlisted": (gettext_lazy("On the waitlist of “%(event)s”"), "warn"),
        "cancelled": (gettext_lazy("Gave up the place at “%(event)s”"), "neutral"),
    }
    rows = (
        visible(Registration, user)
        .filter(business=place, status__in=words)
        .select_related("event")
        .order_by("-event__starts_at")[:LONGEST]
    )
    for each in rows:
        sentence, tone = words[each.status]
        yield TimelineEntry(
            sentence % {"event": each.event.title},
            when=each.event.starts_at,
            text=f"· {people_in_words(each.party_size)}",
            tone=tone,
            url=reverse("desk:event", args=[each.event_id]),
        )
    for event in (
        visible(Event, user).filter(host=place).exclude(status="draft").order_by("-starts_at")[:LONGEST]
    ):
        yield TimelineEntry(
            _("Hosts “%(event)s”") % {"event": event.title},
            when=event.starts_at,
            detail=_("cancelled") if event.status == "cancelled" else "",
            tone="good",
            url=reverse("desk:event", args=[event.pk]),
        )


def _mail(place: Business, user: Any) -> Iterator[TimelineEntry]:
    rows = (
        visible(OutgoingMail, user)
        .filter(organization_id=place.organization_id)
        .defer("text", "html", "life")
        .order_by(Coalesce("sent_at", "due_at").desc(), "-pk")[:LONGEST]
    )
    for mail in rows:
        yield TimelineEntry(
            _("Mail: %(subject)s") % {"subject": mail.subject},
            when=mail.sent_at or mail.due_at,
            detail=_("to %(name)s · %(state)s")
            % {"name": mail.recipient_name or mail.to, "state": mail.get_status_display()},
            tone="bad" if mail.status in ("failed", "unknown") else "neutral",
            url=reverse("desk:mail_message", args=[mail.pk]),
        )


CHANGES = {
    "businesses.organization_changed": gettext_lazy("Organization changed"),
    "businesses.organization_apply": gettext_lazy("Became an applicant"),
    "businesses.organization_stand_back": gettext_lazy("Is a prospect again"),
    "businesses.organization_fall_back": gettext_lazy("Is lapsed again"),
    "businesses.organization_become_partner": gettext_lazy("Became a partner"),
    "businesses.organization_renew": gettext_lazy("Partnership renewed"),
    "businesses.organization_suspend": gettext_lazy("Partnership suspended"),
    "businesses.organization_reinstate": gettext_lazy("Partner again after a suspension"),
    "businesses.organization_lapse": gettext_lazy("Partnership lapsed"),
    "businesses.organization_end": gettext_lazy("Partnership ended"),
    "businesses.business_added": gettext_lazy("Added to the registry"),
    "businesses.business_changed": gettext_lazy("Profile changed"),
    "businesses.business_listed": gettext_lazy("Listed in the public directory"),
    "businesses.business_unlisted": gettext_lazy("Taken out of the public directory"),
}
TONES = {"become_partner": "good", "renew": "good", "reinstate": "good", "suspend": "bad", "end": "bad"}


def _changes(place: Business, user: Any) -> Iterator[TimelineEntry]:
    # The audit itself is for administrators. Who sees a place sees what was changed on it: what, who, which
    # fields.
    if refusal(user, "core.write_desk") is not None:
        return
    labels = {
        f.name: str(getattr(f, "verbose_name", f.name))
        for f in (*Organization._meta.get_fields(), *Business._meta.get_fields())
    }
    of_place = AuditEntry.objects.filter(target_type="businesses.business", target_id=str(place.pk))
    of_whole = AuditEntry.objects.filter(
        target_type="businesses.organization", target_id=str(place.organization_id)
    )
    for entry in (of_place | of_whole).filter(verb__in=CHANGES).order_by("-pk")[:LONGEST]:
        fields = [labels.get(name, name) for name in entry.changed]
        told = entry.verb.endswith("_changed") and fields
        named = get_text_list(fields[:4], _("and")) if len(fields) <= 4 else ngettext(
            "%(n)d field", "%(n)d fields", len(fields)
        ) % {"n": len(fields)}  # fmt: skip
        yield TimelineEntry(
            str(CHANGES[entry.verb]),
            when=entry.at,
            text=f"· {named}" if told else "",
            detail=entry.actor_label if entry.actor_id else "",
            tone=TONES.get(entry.verb.rpartition("organization_")[2], "neutral"),
        )


CHAPTERS = [
    Chapter("vetting", gettext_lazy("Vetting"), _vetting),
    Chapter("events", gettext_lazy("Events"), _events),
    Chapter("mail", gettext_lazy("Mail"), _mail),
    Chapter("changes", gettext_lazy("Changes"), _changes),
]
