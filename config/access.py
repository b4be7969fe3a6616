"""What other packages' views ask for, since they can't declare it: read by the default-deny middleware."""

from collections.abc import Sequence

from django.urls import ResolverMatch

# View names of allauth that anyone may open.
OPEN_VIEWS = frozenset(
    {
        "account_login",
        "account_signup",
        "account_logout",
        "account_inactive",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_trust",
    }
)
# View names of allauth for whoever is signed in. A name in neither list is refused.
OWN_VIEWS = frozenset(
    {
        "account_email",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)


def permissions_of(match: ResolverMatch) -> Sequence[str] | None:
    """The permissions for a view that declared none: empty for open ones, `None` for unknown ones.

    Args:
        match: what the URL resolved to.
    """
    if match.app_names[:1] == ["admin"]:
        return ("core.administer",)
    name = match.view_name
    if name in OPEN_VIEWS:
        return ()
    if name in OWN_VIEWS:
        return ("core.be_signed_in",)
    if match.func.__module__ in {"django.contrib.staticfiles.views", "django.views.static"}:
        return ()
    return None
