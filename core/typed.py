"""Which text is brought into one form when it is written, whoever writes it: names, states, addresses.

A column says it by its validator; a form or the admin takes the field that belongs to it, a service calls
`edits.typed`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from core import links, mailboxes, names, postal


@dataclass(frozen=True)
class Kind:
    """A kind of text.

    Attributes:
        check: the validator of its columns.
        clean: brings a text into its form, or raises `ValidationError`.
        field: the field of forms that ask for it.
    """

    check: Callable[[str], None]
    clean: Callable[[str], str]
    field: type[forms.CharField]


KINDS = (
    Kind(names.check, names.clean_name, names.NameFormField),
    Kind(postal.check_state, postal.state_code, postal.StateFormField),
    Kind(links.check_web_address, links.clean_web_address, links.WebFormField),
    Kind(mailboxes.check, mailboxes.clean, mailboxes.MailboxFormField),
)


def kind_of(column: Any) -> Kind | None:
    """The kind of text in a column of a model, if it is one of these."""
    return next((kind for kind in KINDS if kind.check in column.validators), None)
