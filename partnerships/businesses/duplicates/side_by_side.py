"""Two places side by side: what each says, line by line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core import words
from partnerships.businesses.models import Business


@dataclass(frozen=True)
class Line:
    """One line of the page.

    Attributes:
        label: what it tells.
        one: what the first place says, in words.
        other: what the other one says.
        field: the name of the choice, where one of the two can be chosen; else "".
    """

    label: Any
    one: str
    other: str
    field: str = ""

    @property
    def differs(self) -> bool:
        """Whether they say two things."""
        return self.one != self.other

    @property
    def is_choice(self) -> bool:
        """Whether somebody has to say which one stands: both say something, and not the same."""
        return bool(self.field and self.one and self.other and self.differs)


def _plain(name: str) -> Callable[[Business], Any]:
    return lambda place: getattr(place, name)


def _position(place: Business) -> str:
    area = place.area.in_full if place.area else ""
    point = f"{place.latitude:.5f}, {place.longitude:.5f}" if place.has_position else ""
    return " · ".join(str(each) for each in (area, point) if each)


# What is shown, and which columns of a place go with a choice.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "street": ("street",),
    "city": ("city", "state"),
    "postal_code": ("postal_code",),
    "position": ("latitude", "longitude", "area"),
    "industry": ("industry",),
    "phone": ("phone",),
    "website": ("website",),
    "email_on_record": ("email_on_record",),
    "description": ("description",),
    "opened_on": ("opened_on",),
    "closed_on": ("closed_on",),
}
LABELS: dict[str, Any] = {
    "name": _("Name"),
    "street": _("Street address"),
    "city": _("City"),
    "postal_code": _("ZIP code"),
    "position": _("Where it lies"),
    "industry": _("Industry"),
    "phone": _("Phone"),
    "website": _("Website"),
    "email_on_record": _("Email on record"),
    "description": _("Description"),
    "opened_on": _("Opened on"),
    "closed_on": _("Closed on"),
}
READ: dict[str, Callable[[Business], Any]] = {
    **{name: _plain(name) for name in CHOICES},
    "city": lambda place: ", ".join(each for each in (place.city, place.state) if each),
    "position": _position,
    "opened_on": lambda place: words.day(place.opened_on),
    "closed_on": lambda place: words.day(place.closed_on),
}
BESIDE: tuple[tuple[Any, Callable[[Business], Any]], ...] = (
    (_("Legal name"), lambda place: place.organization.legal_name),
    (_("Standing"), lambda place: place.organization.get_standing_display()),
    (_("License account and site"), lambda place: " / ".join(
        each for each in (place.organization.account_number, place.site_number) if each
    )),
    (_("Licenses"), lambda place: place.license_kinds),
    (_("Licensed until"), lambda place: words.day(place.license_until)),
)  # fmt: skip


def lines(one: Business, other: Business) -> list[Line]:
    """What two places say; what neither tells is left out.

    Args:
        one, other: with organization, area and industry at hand.
    """
    chosen = [Line(LABELS[name], _said(READ[name], one), _said(READ[name], other), name) for name in CHOICES]
    beside = [Line(label, _said(read, one), _said(read, other)) for label, read in BESIDE]
    return [each for each in (*chosen, *beside) if each.one or each.other]


def _said(read: Callable[[Business], Any], place: Business) -> str:
    value = read(place)
    return "" if value is None else str(value)
