"""What mail is for, what kinds there are, and where it is on its way: what every model of mail needs."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tones import Toned


class Category(models.TextChoices):
    """What kind of mail it is: decides privacy, consent, and what happens when its fate is uncertain."""

    SECURITY = "security", _("Sign-in and security")
    DECISION = "decision", _("Decision")
    SERVICE = "service", _("Service")
    REMINDER = "reminder", _("Reminder")
    NEWSLETTER = "newsletter", _("Newsletter")


# A worker that dies between handing a mail over and noting so leaves its fate uncertain. These are rather
# held for a person than sent a second time; every other kind is rather sent twice than lost.
HELD_WHEN_UNCERTAIN = frozenset({Category.NEWSLETTER})

# What goes first when much is due: a sign-in code must not stand behind a newsletter.
PRIORITY = {Category.SECURITY: 0, Category.NEWSLETTER: 9}

NORMAL_PRIORITY = 5


class Status(Toned):
    """Where a mail is on its way."""

    WAITING = "waiting", "neutral", _("Waiting")
    SENDING = "sending", "info", _("About to be sent")
    ATTEMPTING = "attempting", "info", _("Being sent")
    SENT = "sent", "good", _("Sent")
    FAILED = "failed", "bad", _("Failed")
    UNKNOWN = "unknown", "warn", _("Uncertain")
    CANCELLED = "cancelled", "neutral", _("No longer wanted")


MOVES: dict[str, Iterable[str]] = {
    Status.WAITING: (Status.SENDING, Status.CANCELLED),
    Status.SENDING: (Status.WAITING, Status.ATTEMPTING, Status.CANCELLED, Status.FAILED),
    Status.ATTEMPTING: (Status.WAITING, Status.SENT, Status.FAILED, Status.UNKNOWN),
    Status.UNKNOWN: (Status.WAITING, Status.CANCELLED),
}

IN_FLIGHT = (Status.SENDING, Status.ATTEMPTING)

IN_TROUBLE = (Status.FAILED, Status.UNKNOWN)
# Begins the last answer of mail that the product itself could not make ready: "our_fault: KeyError".
OUR_FAULT = "our_fault"
# Why a mail that waited too long is not sent: it asks or promises something by a day that is past.
DAY_PAST = "day_past"


class Purpose(models.TextChoices):
    """What mail is for. People choose by purpose; mail of service can't be switched off."""

    SERVICE = "service", _("Service")
    REMINDERS = "reminders", _("Reminders")
    NEWSLETTERS = "newsletters", _("Newsletters")
    ALERTS = "alerts", _("Community alerts")
    SURVEYS = "surveys", _("Surveys")


# Reminders are about what the person asked for themselves; the form they asked on says that they come. All
# else waits for a yes. See docs/decisions/0012.
ON_UNLESS_STOPPED = frozenset({Purpose.SERVICE, Purpose.REMINDERS})

CHOSEN = tuple(each for each in Purpose if each != Purpose.SERVICE)


def purpose_of(category: str, *, duty: bool = False) -> Purpose:
    """The purpose of mail of a category (`core.mail.purposes.Category`).

    Args:
        category: what kind of mail it is.
        duty: its reader gets it because they work at the department: theirs to do, not to stop.
    """
    if duty:
        return Purpose.SERVICE
    return {"reminder": Purpose.REMINDERS, "newsletter": Purpose.NEWSLETTERS}.get(category, Purpose.SERVICE)


class How(models.TextChoices):
    """Where a choice was made."""

    FORM = "form", _("On a form")
    PREFERENCES = "preferences", _("On the page of mail choices")
    ONE_CLICK = "one_click", _("By the mail program's unsubscribe button")
    COMPLAINT = "complaint", _("Reported as spam")
    DESK = "desk", _("Told to an officer")
