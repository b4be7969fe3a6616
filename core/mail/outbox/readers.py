"""Who reads a mail."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Reader:
    """Who reads a mail: where it goes, how it greets them, and in which language it speaks.

    Args:
        recipient: who they are in keys: `user-5`, `registration-12`, `contact-3`, or their address.
        to: their address.
        name: how the mail greets them; empty where nobody knows.
        user_id: primary key of their account, if they have one.
        language: a code of `settings.LANGUAGES`; empty means the product's.
        in_place_of: who should read it has no address, so this officer has to call them.
        header: how the header names them; as the mail greets them by default.
    """

    recipient: str
    to: str
    name: str = ""
    user_id: int | None = None
    language: str = ""
    in_place_of: bool = False
    header: str | None = None

    @classmethod
    def of(cls, user: Any, *, in_place_of: bool = False) -> Self:
        """A person with an account.

        Args:
            user: an `accounts.User`.
            in_place_of: see above.
        """
        # Without a name the greeting is the address; a header says nothing twice.
        header = user.display_name if user.full_name else ""
        return cls(
            f"user-{user.pk}",
            user.email,
            user.display_name,
            user.pk,
            user.language or "",
            in_place_of,
            header,
        )

    @property
    def header_name(self) -> str:
        """How the header of the mail names them."""
        return self.name if self.header is None else self.header
