"""System checks on what the rooms offer, on the templates of papers, and on proxies."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core import paper, rooms


@register()
def rooms_offer_what_is_read(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A misspelled file or name would offer nothing, and nobody would miss it before it is too late."""
    return [Error(fault, hint=hint, id="core.E013") for fault, hint in rooms.faults()]


@register()
def papers_keep_to_their_data(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """A template that is missing fails on someone's letter; one that evaluates runs what people typed."""
    return [Error(fault, hint=hint, id="core.E014") for fault, hint in paper.faults()]


@register(deploy=True)
def proxies_are_counted(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Behind a proxy that nobody counts, all visitors share its address, and one uses up the limits."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and settings.TRUSTED_PROXIES == 0:
        return [
            Warning(
                "A proxy is trusted for TLS, but TRUSTED_PROXIES is 0.",
                hint="Everyone shares the proxy's address, so that one visitor can lock the city out of "
                "signing in. Set TRUSTED_PROXIES to the number of proxies of yours; see docs/operations.md.",
                id="core.W007",
            )
        ]
    return []
