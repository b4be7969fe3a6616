"""The department's own accent color, as a style sheet: the content policy allows no style in a page."""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from core.access import public
from core.models import Department

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
INK = "#000000"
WHITE = "#ffffff"
NAVY = "#162e51"  # `--navy` of app.css: the bar and the head of the first page
TOLD_APART = 3.0


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 (black) to 1 (white); WCAG 2.2, "relative luminance"."""

    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(color[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colors, from 1 to 21; WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def on_bar(color: str) -> str:
    """The color as it is drawn on the navy bar: lighter, where it could not be told from the bar.

    What is drawn there, the shield, the mark of the current page and the edge of a button, needs a contrast
    of 3 to 1; WCAG 2.2, success criterion 1.4.11, "non-text contrast". White has more than 13 to 1.

    Args:
        color: `#rrggbb`.
    """
    parts = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    lighter = (
        "#" + "".join(f"{round(part + (255 - part) * step / 100):02x}" for part in parts)
        for step in range(101)
    )
    return next(each for each in lighter if contrast(each, NAVY) >= TOLD_APART)


def accent_style(color: str) -> str:
    """The style sheet for an accent color; "" for anything that is not `#rrggbb`.

    Text on it is black or white, whichever reads better: one of the two always reaches 4.5 to 1.
    """
    if not _COLOR.fullmatch(color):
        return ""
    return f":root {{ {_rules(color)} }}\n.bar:not(.bar--light), .hero {{ {_rules(on_bar(color))} }}\n"


def _rules(color: str) -> str:
    ink = INK if contrast(color, INK) >= contrast(color, WHITE) else WHITE
    hover = f"color-mix(in srgb, {color} 88%, {'black' if ink == WHITE else 'white'})"
    return f"--accent: {color}; --accent-hover: {hover}; --accent-ink: {ink};"


@public
@cache_control(public=True, max_age=300)
def department_css(request: HttpRequest) -> HttpResponse:
    """The style sheet of the department's accent color; empty without one."""
    return HttpResponse(
        accent_style(Department.current().accent_color), content_type="text/css; charset=utf-8"
    )
