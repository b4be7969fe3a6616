"""The navigation of the three audiences, read from `NAVIGATION` in config/rooms.py.

An entry is `(audience, label, url name, permission)`, or has a fifth part, the group it belongs to; an empty
permission means everybody. An item is shown only to whom the permission allows it, so that no link leads to a
refusal. A bar holds six: of a person with more, entries of one group share an item that opens, and what still
does not fit is found under “More”.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from config import rooms

MOST = 6  # items that a bar has room for on a laptop


@dataclass(frozen=True)
class NavItem:
    """One link of a navigation bar, or a group of them that opens.

    Args:
        label: its words.
        url: where it leads; "" for a group.
        current: whether the page is this item's, or one in this group.
        items: the links of a group.
    """

    label: str
    url: str = ""
    current: bool = False
    items: tuple["NavItem", ...] = ()


def group(label: str, items: Sequence[NavItem]) -> NavItem:
    """Several items as one that opens."""
    return NavItem(label, current=any(each.current for each in items), items=tuple(items))


def fitted(entries: Sequence[tuple[str, NavItem]]) -> list[NavItem]:
    """The items of a bar: as they are while they fit, else in groups.

    Args:
        entries: group and item of each entry, in their order; "" for no group.

    Returns:
        At most `MOST`. A group stands where its first entry stood; one of a single entry is that entry.
    """
    if len(entries) <= MOST:
        return [item for _group, item in entries]
    members: dict[str, list[NavItem]] = {}
    for name, item in entries:
        members.setdefault(name or item.url, []).append(item)
    found = [items[0] if len(items) == 1 else group(_(name), items) for name, items in members.items()]
    if len(found) <= MOST:
        return found
    rest = [each for item in found[MOST - 1 :] for each in item.items or (item,)]
    return [*found[: MOST - 1], group(_("More"), rest)]


def current_item(path: str, urls: list[str]) -> str:
    """The navigation address that the page at `path` belongs to.

    Args:
        path: the path of the current page.
        urls: the addresses in the bar; a home ("/", "/portal/", "/desk/") matches only itself.

    Returns:
        The longest address that `path` lies under, or "".
    """
    homes = {"/", "/portal/", "/desk/"}
    matches = [url for url in urls if path == url or (url not in homes and path.startswith(url))]
    return max(matches, key=len, default="")


class Navigation:
    """The bars of one request; each is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest, *, nowhere: bool = False) -> None:
        self.request = request
        self.nowhere = nowhere  # an error page is no item's page, wherever its address lies

    def _allowed(self, perm: str) -> bool:
        if not perm:
            return True
        user = getattr(self.request, "user", None)
        return bool(user is not None and user.is_authenticated and user.has_perm(perm))

    def _items(self, audience: str) -> list[NavItem]:
        entries: list[tuple[str, str, str]] = []
        for entry_audience, label, name, perm, *groups in rooms.NAVIGATION:
            if entry_audience != audience or not self._allowed(perm):
                continue
            try:
                entries.append(("".join(groups), label, reverse(name)))
            except (
                NoReverseMatch
            ):  # the room is switched off; a test holds the list to the addresses that exist
                continue
        here = (
            "" if self.nowhere else current_item(self.request.path, [url for _group, _label, url in entries])
        )
        items = [(name, NavItem(_(label), url, current=url == here)) for name, label, url in entries]
        return fitted(items)

    @cached_property
    def public(self) -> list[NavItem]:
        return self._items("public")

    @cached_property
    def portal(self) -> list[NavItem]:
        return self._items("portal")

    @cached_property
    def desk(self) -> list[NavItem]:
        return self._items("desk")

    @cached_property
    def person(self) -> str:
        """Who is signed in, as the bar shows it: the name, else the email; "" for a visitor."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        return str(getattr(user, "display_name", "") or user.get_username())

    @cached_property
    def post(self) -> str:
        """The person's role, for the line under the name; "" for a visitor or a member."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated or not getattr(user, "is_desk", False):
            return ""
        return str(user.get_role_display())

    @cached_property
    def base_template(self) -> str:
        """The base of the part of the house that the person works in, for pages that all share."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return "public/base.html"
        if getattr(user, "is_desk", False):
            return "desk/base.html"
        return "portal/base.html" if getattr(user, "is_member", False) else "public/base.html"

    @cached_property
    def home_url(self) -> str:
        """Where the signed-in person's own pages begin; "" for a visitor."""
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return ""
        for perm, name in (("core.use_desk", "desk:home"), ("core.use_portal", "portal:home")):
            if user.has_perm(perm):
                try:
                    return reverse(name)
                except NoReverseMatch:
                    continue
        return ""
