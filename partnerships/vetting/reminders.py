"""What reminders of this room hang on."""

from core.reminders import DefaultRule, ReminderSource

SOURCES: list[ReminderSource] = []
REMINDER_RULES: list[DefaultRule] = []
