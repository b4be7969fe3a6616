"""The demonstration's one-click sign-in, drawn on the sign-in page."""

from typing import Any

from django import template

from accounts import try_as

register = template.Library()


@register.inclusion_tag("accounts/demo_sign_in.html", takes_context=True)
def demo_sign_in(context: dict[str, Any]) -> dict[str, Any]:
    """ "Try it as": one button per part; nothing outside a demonstration."""
    return {"parts": try_as.parts(), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("accounts/demo_confirm.html", takes_context=True)
def demo_confirm(context: dict[str, Any]) -> dict[str, Any]:
    """One click instead of a code from an app that nobody holds; demonstration accounts only."""
    request = context["request"]
    shown = try_as.is_on() and getattr(request.user, "is_demo", False)
    return {"shown": shown, "next": request.GET.get("next", ""), "csrf_token": context.get("csrf_token")}
