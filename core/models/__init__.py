"""The kernel's own tables: the department, the audit, who was heard of last, and the base of edited rows."""

from .audit import AuditEntry
from .base import Changed, Stamped
from .department import DayOff, Department, validate_time_zone
from .heartbeat import Heartbeat

__all__ = [
    "AuditEntry",
    "Changed",
    "DayOff",
    "Department",
    "Heartbeat",
    "Stamped",
    "validate_time_zone",
]
