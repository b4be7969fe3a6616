"""A room whose reminders are broken: what it watches can not be read, and a rule watches nothing."""
