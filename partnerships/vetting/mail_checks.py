"""Asked again right before a mail goes out: is it still wanted?"""

from core.mail.models import OutgoingMail

from .models import Application


def application_open(mail: OutgoingMail) -> bool:
    """The application is neither decided nor withdrawn."""
    return Application.objects.open().filter(pk=mail.subject_id or 0).exists()


def action_wanted(mail: OutgoingMail) -> bool:
    """The owner's answer is still outstanding."""
    return Application.objects.filter(pk=mail.subject_id or 0, status="action_needed").exists()
