"""Mail's own tables: what is sent, who wants it, whom it leaves alone, rules of reminders, wordings."""

from .consent import Consent
from .outgoing import OutgoingMail
from .reminder import Reminder
from .rules import Direction, Occurrence, ReminderRule, Unit, Window
from .suppression import Suppression
from .wording import MailWording

__all__ = [
    "Consent",
    "Direction",
    "MailWording",
    "Occurrence",
    "OutgoingMail",
    "Reminder",
    "ReminderRule",
    "Suppression",
    "Unit",
    "Window",
]
