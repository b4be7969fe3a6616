"""How mail is, for the health page: planner, relay, the oldest mail; what is uncertain, failed, held back."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import words
from core.health import Check, Level
from core.mail.models import OutgoingMail, ReminderRule, Suppression
from core.mail.purposes import OUR_FAULT, Status
from core.mail.reminders.labels import label_of
from core.models import Heartbeat


def checks(now: datetime) -> list[Check]:
    """How mail is.

    Args:
        now: the moment of asking, aware.
    """
    beats = Heartbeat.objects.in_bulk([Heartbeat.PLANNER, Heartbeat.RELAY])
    return [
        _planner(now, beats.get(Heartbeat.PLANNER)),
        _relay(now, beats.get(Heartbeat.RELAY)),
        _oldest(now),
        *_trouble(),
        _suppressed(),
    ]


def _planner(now: datetime, last: Heartbeat | None) -> Check:
    label = _("Reminders")
    if last is None:
        return Check("planner", label, Level.OK, _("None were planned yet."))
    age = max(0, math.floor((now - last.at).total_seconds()))
    time = {"time": words.duration(age)}
    if age > 4 * settings.REMINDER_TICK:
        sentence = _("Nobody planned any for %(time)s. The log says why.") % time
        return Check("planner", label, Level.LATE, sentence, age)
    if rules := "; ".join(_faulty(last.note.splitlines())):
        sentence = _("All but these were followed %(time)s ago: %(rules)s. The log says why.")
        return Check("planner", label, Level.LATE, sentence % {**time, "rules": rules}, age)
    return Check("planner", label, Level.OK, _("All rules were followed %(time)s ago.") % time, age)


def _faulty(faults: list[str]) -> Iterator[str]:
    """Rules that could not be followed, as people call them, with the kind of error."""
    errors = dict(line.split(" ", 1) for line in faults)
    for rule in ReminderRule.objects.filter(key__in=errors):
        yield f"“{label_of(rule)}” ({errors[rule.key]})"


def _relay(now: datetime, last: Heartbeat | None) -> Check:
    """The mail relay, as the worker found it: the web server may have no way to it."""
    label = _("Mail relay")
    if last is None:
        return Check("relay", label, Level.OK, _("Nobody has asked it yet."))
    age = max(0, math.floor((now - last.at).total_seconds()))
    if last.note:
        sentence = _("It can’t be used, and mail waits. It said %(time)s ago: %(words)s")
        level = Level.DOWN
    else:
        sentence, level = _("It answered %(time)s ago."), Level.OK
    return Check("relay", label, level, sentence % {"time": words.duration(age), "words": last.note}, age)


def _oldest(now: datetime) -> Check:
    label = _("Oldest waiting mail")
    waiting = OutgoingMail.objects.filter(status=Status.WAITING, due_at__lte=now)
    # With the count the database reads the waiting mail; for the least alone it walks all mail by date.
    oldest = waiting.aggregate(oldest=Min("due_at"), waiting=Count("pk"))["oldest"]
    if oldest is None:
        return Check("oldest_due_mail", label, Level.OK, _("No mail is waiting."), 0)
    age = max(0, math.floor((now - oldest).total_seconds()))
    if settings.MAIL_PAUSED:
        return Check("oldest_due_mail", label, Level.LATE, _("Sending is paused. Mail waits."), age)
    level = Level.OK
    if age > settings.HEALTH_MAIL_LATE:
        level = Level.DOWN if age > settings.HEALTH_MAIL_DOWN else Level.LATE
    return Check("oldest_due_mail", label, level, _("Due for %(time)s.") % {"time": words.duration(age)}, age)


def _trouble() -> list[Check]:
    """Mail that a person has to look at: of uncertain fate, failed, and what only an admin can mend."""
    is_faulty = Q(last_error__startswith=OUR_FAULT)
    rows = OutgoingMail.objects.in_trouble() | OutgoingMail.objects.faulty()
    counts = rows.aggregate(
        uncertain=Count("pk", filter=Q(status=Status.UNKNOWN)),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        faulty=Count("pk", filter=is_faulty & ~Q(status=Status.UNKNOWN)),
    )
    uncertain, failed, faulty = counts["uncertain"], counts["failed"], counts["faulty"]
    return [
        _counted(
            "uncertain_mail",
            _("Uncertain mail"),
            ngettext(
                "%(n)d mail may or may not have arrived.",
                "%(n)d mails may or may not have arrived.",
                uncertain,
            ),
            _("No mail's fate is uncertain."),
            uncertain,
        ),
        _counted(
            "failed_mail",
            _("Failed mail"),
            ngettext(
                "%(n)d mail failed, and nobody has seen to it.",
                "%(n)d mails failed, and nobody has seen to them.",
                failed,
            ),
            _("No failed mail waits for anyone."),
            failed,
        ),
        _counted(
            "faulty_mail",
            _("Faults of the product"),
            ngettext(
                "%(n)d mail can’t be made ready: a fault of the product. The log says which.",
                "%(n)d mails can’t be made ready: a fault of the product. The log says which.",
                faulty,
            ),
            _("Every mail could be made ready."),
            faulty,
        ),
    ]


def _suppressed() -> Check:
    """How many addresses mail leaves alone: worth knowing, nothing to be alarmed about."""
    count = Suppression.objects.filter(lifted_at=None).values("address").distinct().count()
    sentence = ngettext(
        "Mail to %(n)d address comes back or was reported.",
        "Mail to %(n)d addresses comes back or was reported.",
        count,
    )
    check = _counted(
        "held_back_addresses", _("Addresses held back"), sentence, _("No address is held back."), count
    )
    return replace(check, level=Level.OK)


def _counted(key: str, label: str, sentence: str, none: str, count: int) -> Check:
    level = Level.LATE if count else Level.OK
    return Check(key, label, level, sentence % {"n": count} if count else none, count, "count")
