"""Has this session shown a second factor, and how long ago? allauth has no setting that forces one."""

import time
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Whether a user of a query has one.
SET_UP = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_set_up(user: Any) -> bool:
    """Whether the user has an authenticator app or a passkey."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def note_shown(request: HttpRequest, user: Any, authenticator: Authenticator) -> None:
    """Note that this session has shown a factor that was just set up: that takes a code of it.

    Recovery codes, which come along by themselves, are shown to the person and by nobody.
    """
    if authenticator.type in FACTORS:
        record_authentication(request, user, method="mfa", type=str(authenticator.type), reauthenticated=True)


def seconds_since(request: HttpRequest) -> float | None:
    """Seconds since this session last showed a second factor; `None` when it never did."""
    shown = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa"
    ]
    return time.time() - max(shown) if shown else None


def is_remembered(request: HttpRequest) -> bool:
    """Whether the user asked this device to be remembered for a shift, and the shift is not over."""
    return is_trusted_browser(request, request.user)


def is_shown(request: HttpRequest) -> bool:
    """Whether this session may count as one with a second factor: shown in it, or on a remembered device."""
    since = seconds_since(request)
    if since is not None and since < settings.STAFF_SHIFT.total_seconds():
        return True
    return is_set_up(request.user) and is_remembered(request)


def is_fresh(request: HttpRequest, within: timedelta) -> bool:
    """Whether the second factor was shown in this session that lately; a remembered device is not enough.

    A form takes time to fill in: what changes something has twice as long, so that no text is lost.
    """
    since = seconds_since(request)
    limit = within.total_seconds() * (1 if request.method in SAFE_METHODS else 2)
    return since is not None and since < limit
