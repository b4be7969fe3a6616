"""The kernel's own tables: the department, the audit, mail, reminder rules, and the base of edited rows."""

from .audit import AuditEntry
from .base import Stamped
from .consent import Consent, Purpose, Suppression
from .department import DayOff, Department, validate_time_zone
from .heartbeat import Heartbeat
from .mail import Category, OutgoingMail, Status
from .reminders import Direction, Occurrence, Reminder, ReminderRule, Unit, Window
from .wording import MailWording

__all__ = [
    "AuditEntry",
    "Category",
    "Consent",
    "DayOff",
    "Department",
    "Direction",
    "Heartbeat",
    "MailWording",
    "Occurrence",
    "OutgoingMail",
    "Purpose",
    "Reminder",
    "ReminderRule",
    "Stamped",
    "Status",
    "Suppression",
    "Unit",
    "Window",
    "validate_time_zone",
]
