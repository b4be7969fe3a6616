"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

from django.urls import reverse

from tests.gates.visits import Rows

NO_PAGES = {"mfa_download_recovery_codes"}  # answers with a file
SEND_ON = {"account_home", "account_unsent"}
# What is a page only for someone in a state that the matrix has not: as whom it opens here.
OPENS_FOR = {
    "account_change_password": "password",
    "account_confirm_login_code": "code",
    "account_email_verification_sent": "sign-up",
    "account_reauthenticate": "password",
    "mfa_activate_totp": "owner",
    "mfa_authenticate": "factor",
    "mfa_deactivate_totp": "officer",
    "mfa_generate_recovery_codes": "officer",
    "mfa_trust": "trust",
    "mfa_view_recovery_codes": "officer",
}
MADE_BY_US = {"password", "code_digest", "state", "User.language", "UserEvent.language"}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "account_settings owner", reverse("account_settings"), "owner"
    yield "account_email owner", reverse("account_email"), "owner"


# What is given the longest name there may be, and the pages that show it.
LONG = (("owner", "full_name"),)
