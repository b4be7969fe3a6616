"""How the gates open the kernel's pages in the demonstration; see `tests.access.offered`."""

from collections.abc import Callable

from django.urls import reverse

from core.mail.models import OutgoingMail
from tests.gates.visits import Rows

# What answers with a file, a feed or a line for machines.
NO_PAGES = {"admin:jsi18n", "public:department_css", "public:health_live", "public:health_ready"}
# What no person types: codes, keys, digests, names of templates and languages, and the mail's own markup.
MADE_BY_US = {
    *("verb", "target_type", "target_id", "request_id", "time_zone", "accent_color"),
    *("room", "template", "still_wanted", "html", "pgh_label", "calendar_method"),
    *("Department.subdivision", "OutgoingMail.language"),
}
SHOWN_NOWHERE = {"AuditEntry.detail"}  # a line for the record


def _mails() -> Rows:
    failed = OutgoingMail.objects.filter(status="failed", to__endswith="velvet-lantern.example").first()
    yield "desk:mail_message", reverse("desk:mail_message", args=[failed.pk]), "supervisor"


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "desk:mail_message": _mails,
}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "public:missing", "/no-such-page/", "visitor", 404
    yield "portal:missing", "/portal/no-such-page/", "owner", 404
    yield "desk:missing", "/desk/no-such-page/", "supervisor", 404
    yield "desk:mail_held_back none found", reverse("desk:mail_held_back") + "?q=zzzzzz", "supervisor"


# What is given the longest name there may be, and the pages that show it.
LONG = (
    ("suppression", "detail"),
    ("mail", "subject", "recipient_name"),
)
LONG_ON = {
    "desk:mail": "",
    "desk:mail_message": "",
    "desk:mail_held_back": "",
}
