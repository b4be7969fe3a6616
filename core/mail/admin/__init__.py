"""Mail in Django admin; importing registers it."""

from . import mail, reminders, wording  # noqa: F401  (importing registers their admins)
