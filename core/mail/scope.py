"""Whose mail and whose addresses a user may see at the desk, as the rooms say it; below every model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from core import rooms
from core.querysets import ALL
from core.roles import WRITERS, Role, role_of


def mail_scope(user: Any) -> Any:
    """Whose mail a user may see at the desk.

    Returns:
        `ALL`, the ids of organizations, or () for those who see no mail. Admins: all. Officers and
        supervisors: what `scope.mail_organizations` of the one room that has it gives them.
    """
    role = role_of(user)
    if role == Role.ADMIN:
        return ALL
    if role not in WRITERS:
        return ()
    return rooms.the_one("scope", "mail_organizations")(user)


def mail_subjects(user: Any) -> dict[str, QuerySet[Any]]:
    """What mail is about that a user may see at the desk, whosever it is: who sees a matter sees its mail.

    Returns:
        By the room that sends it, the numbers of the rows (`OutgoingMail.subject_id`), as each room's
        `scope.mail_subjects` gives them; nothing for those who see no mail.
    """
    if role_of(user) not in WRITERS:
        return {}
    offered = rooms.offered("scope", "mail_subjects")
    return {room.rpartition(".")[2]: numbers(user) for room, numbers in offered}


@dataclass(frozen=True, kw_only=True)
class AddressBook:
    """One kind of row that holds an address, for one viewer.

    Args:
        rows: those that exist for the viewer, with what `label` and `url` read selected along.
        address: the path to the address from a row.
        label: whose it is, in words.
        url: where to look after it; "" where the viewer has no page for that.
    """

    rows: QuerySet[Any]
    address: str
    label: Callable[[Any], str]
    url: Callable[[Any], str]

    def has(self, address: str) -> Exists:
        """Whether one of its rows holds the address of a row outside, looked up by an index on `Lower`.

        Args:
            address: the column of the row outside that holds it, in its normal spelling.
        """
        return Exists(self._spelled().order_by().filter(held_address=OuterRef(address)))

    def of(self, addresses: Iterable[str]) -> list[Any]:
        """The rows with one of these addresses, each with its normal spelling as `held_address`."""
        return list(self._spelled().filter(held_address__in=list(addresses)).order_by("pk"))

    def _spelled(self) -> QuerySet[Any]:
        return self.rows.annotate(held_address=Lower(self.address))


def address_books(user: Any) -> list[AddressBook]:
    """Where addresses stand that `user` may see, of all rooms: `addresses` in their `scope.py`."""
    return [book for _room, books in rooms.offered("scope", "addresses") for book in books(user)]
