"""Why a reminder or another mail was sent, or was not: for `manage.py reminders --explain KEY`."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core import clock
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.outbox import life
from core.mail.purposes import Purpose, Status
from core.models import Department

from .composing import mailed_on, out_of_reach
from .labels import label_of
from .sources import ReminderSource, Watched, sources

_PARTS = re.compile(
    r"^(?P<rule>[\w-]+):(?P<subject>[\w-]+-(?P<id>\d+)):(?P<recipient>[^:]+):(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:\+(?P<number>\d+))?$"
)


def explain(key: str) -> list[str]:
    """Sentences that tell what became of a reminder or a mail, and why.

    Args:
        key: of a reminder (`rule:subject:recipient:date`), whether or not it was ever planned; or of a mail,
            or its Message-ID.

    Returns:
        The sentences, the most telling first; empty when nothing is known by this key.
    """
    zone = Department.current().zone
    key = key.replace("\x00", "").strip()
    if not key:
        return []
    row = Reminder.objects.select_related("rule", "mail").filter(key=key).first()
    if row is not None:
        return list(_of_reminder(row, zone))
    mail = (
        OutgoingMail.objects.filter(dedupe_key=key).first()
        or OutgoingMail.objects.filter(message_id=key if key.startswith("<") else f"<{key}>").first()
    )
    if mail is not None:
        return list(_of_mail(mail, zone))
    return list(_of_nothing(key, zone))


def _of_reminder(row: Reminder, zone: ZoneInfo) -> Iterator[str]:
    yield _rule(row.rule)
    yield _("It reminds %(to)s of %(date)s and fell due %(due)s.") % {
        "to": row.to,
        "date": _words(row.anchor, zone),
        "due": _words(row.due_at, zone),
    }
    yield _("Planned %(at)s.") % {"at": _words(row.planned_at, zone)}
    if row.dropped:
        yield _("Not mailed: %(why)s") % {"why": row.get_dropped_display()}
    elif row.mail is not None:
        together = row.mail.reminders.count()
        if together > 1:
            yield _("It went into one mail with %(n)d others of that day.") % {"n": together - 1}
        yield from _of_mail(row.mail, zone)
    else:
        yield _pending(row, zone)


def _pending(row: Reminder, zone: ZoneInfo) -> str:
    """What the planner would do with it now."""
    source = sources().get(row.rule.source)
    found = source.find(ids=[row.subject_id]) if source else ()
    watched = next((each for each in found if each.recipient == row.recipient), None)
    if watched is None or watched.anchor != row.anchor:
        return _("Not mailed yet, and it won't be: it was settled, withdrawn or moved.")
    if reason := out_of_reach([watched]).get(watched.whom):
        return _("It would not be mailed: %(why)s") % {"why": Reminder.Dropped(reason).label}
    today = clock.now().astimezone(zone).date()
    purpose = Purpose.SERVICE if watched.duty else Purpose.REMINDERS
    if not row.exact and (row.to, purpose) in mailed_on(today, [row.to]):
        return _("Not mailed yet: %(to)s had today's reminders already; it comes tomorrow.") % {"to": row.to}
    return _("Not mailed yet: the next tick of the planner writes the mail.")


def _of_mail(mail: OutgoingMail, zone: ZoneInfo) -> Iterator[str]:
    yield _("Mail “%(subject)s” to %(to)s: %(state)s.") % {
        "subject": mail.subject,
        "to": mail.to,
        "state": mail.get_status_display(),
    }
    yield _("Why they get it: %(why)s") % {"why": mail.why}
    for when, what in life.lines(mail):
        yield f"{when} {what}"
    if mail.status == Status.WAITING and mail.due_at > clock.now():
        yield _("It goes out %(at)s.") % {"at": _words(mail.due_at, zone)}


def _of_nothing(key: str, zone: ZoneInfo) -> Iterator[str]:
    """There is no row: is the rule there, is the date still watched, is it due?"""
    parts = _PARTS.match(key)
    if parts is None:
        return
    rule = ReminderRule.objects.filter(key=parts["rule"]).first()
    if rule is None:
        yield _("Not planned: there is no rule “%(rule)s”.") % {"rule": parts["rule"]}
        return
    yield _rule(rule)
    if not rule.active:
        yield _("Not planned: the rule is switched off.")
    source = sources().get(rule.source)
    if source is None:
        yield _("Not planned: no room offers “%(source)s” any more.") % {"source": rule.source}
        return
    watched = _find(source, parts["subject"], parts["recipient"], int(parts["id"]))
    if watched is None:
        yield _(
            "Not planned: nothing like that is watched now. It was settled, withdrawn or cancelled, or never "
            "was."
        )
        return
    day = watched.anchor.astimezone(zone).date().isoformat()
    if day != parts["day"]:
        yield _("Not planned for %(old)s: the date is %(new)s now.") % {"old": parts["day"], "new": day}
        return
    reason = out_of_reach([watched]).get(watched.whom)
    if reason:
        yield _("It would not be mailed: %(why)s") % {"why": Reminder.Dropped(reason).label}
    number = int(parts["number"] or 0)
    if number > rule.repeat_times:
        yield _("Not planned: the rule does not repeat so often.")
        return
    due = rule.due_at(watched.anchor, number, zone)
    if not watched.to.strip():
        yield _("Not planned: there is no address.")
    elif due > clock.now():
        yield _("Not planned yet: it falls due %(due)s.") % {"due": _words(due, zone)}
    elif due < rule.activated_at:
        yield _("Not planned: it fell due %(due)s, before the rule was switched on or changed.") % {
            "due": _words(due, zone)
        }
    elif watched.since is not None and watched.since > due:
        yield _("Not planned: it fell due %(due)s, and %(to)s came to it only %(since)s.") % {
            "due": _words(due, zone),
            "to": watched.to,
            "since": _words(watched.since, zone),
        }
    elif rule.occurrence(watched.anchor, clock.now(), zone) is None:
        yield _(
            "Not planned: it fell due %(due)s, longer ago than the rule looks back, or its date has come."
        ) % {"due": _words(due, zone)}
    else:
        yield _("Due since %(due)s: the next tick of the planner plans it.") % {"due": _words(due, zone)}


def _rule(rule: ReminderRule) -> str:
    values = {"rule": label_of(rule), "key": rule.key, "words": rule.words}
    return _("Rule: %(rule)s (%(key)s): %(words)s.") % values


def _find(source: ReminderSource, subject: str, recipient: str, number: int) -> Watched | None:
    # A subject may be shared by many (an event by its registrations): then the recipient tells the number.
    ids = {number} | {int(found) for found in re.findall(r"-(\d+)$", recipient)}
    for each in source.find(ids=ids):
        if (each.subject, each.recipient) == (subject, recipient):
            return each
    return None


def _words(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
