"""The kernel's own tables: the department, the audit, mail, reminder rules, and the base of edited rows."""

from .audit import AuditEntry
from .base import Stamped
from .department import Department, validate_time_zone
from .mail import Category, OutgoingMail, Status
from .reminders import Direction, Heartbeat, ReminderRule, Unit, Window

__all__ = [
    "AuditEntry",
    "Category",
    "Department",
    "Direction",
    "Heartbeat",
    "OutgoingMail",
    "ReminderRule",
    "Stamped",
    "Status",
    "Unit",
    "Window",
    "validate_time_zone",
]
