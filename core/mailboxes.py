"""Mail addresses that people give us: as they are kept and read, and as they travel.

A column that holds one has the validator `mailboxes.check`; forms ask for it with a `MailboxFormField`. An
address is kept with its domain in its own letters, `rosa@müller.example`, however it was typed; mail servers
get it in ASCII (`wire`). The part before the "@" is ASCII: few mail servers take another (RFC 6531).
"""

from email.utils import formataddr
from typing import Any

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.names import tidy

LONGEST = 254  # of an address on its way (RFC 5321, 4.5.3.1.3)
NO_ADDRESS = _("Enter a valid email address.")
NO_SUCH_DOMAIN = _("No mail can go to what stands behind the “@”. Check how it is spelled.")
ACCENTED = _(
    "Before the “@”, mail servers take plain letters and digits only, without accents. Write the address "
    "without them, or another one."
)


def normal(address: str) -> str:
    """The one spelling by which two addresses are compared: small letters, the domain in its own letters."""
    before, at, domain = address.strip().lower().rpartition("@")
    return f"{before}{at}{_in_letters(domain)}"


def wire(address: str) -> str:
    """An address as mail servers write it, all ASCII; the domain by IDNA2008 (RFC 5891).

    Raises:
        ValueError: there is no such spelling.
    """
    if address.isascii():
        return address
    before, at, domain = address.rpartition("@")
    if not before.isascii():
        raise ValueError("The part before the @ is not ASCII.")
    return f"{before}{at}{idna.encode(domain, uts46=True).decode('ascii')}"


def line(name: str, address: str) -> str:
    """`Name <address>` for a header, or "" for an address that mail servers can't write."""
    try:
        return formataddr((name, wire(address)))
    except ValueError:
        return ""


def clean(text: str) -> str:
    """An address as it is kept; of nothing "".

    Raises:
        ValidationError: it is none, or no mail could reach it.
    """
    before, at, domain = tidy(text).rpartition("@")
    kept = f"{before}{at}{_in_letters(domain)}"
    if kept:
        check(kept)
    return kept


def check(address: str) -> None:
    """Raise `ValidationError` for an address that no mail could reach: for columns."""
    before, _at, domain = address.rpartition("@")
    if not before.isascii():
        raise ValidationError(ACCENTED, code="accented")
    if not domain.isascii():
        try:
            address = wire(address)
        except ValueError:
            raise ValidationError(NO_SUCH_DOMAIN, code="domain") from None
    if len(address) > LONGEST:
        raise ValidationError(NO_ADDRESS, code="invalid")
    validate_email(address)


class MailboxFormField(forms.EmailField):
    """A mail address, as a person types or a phone fills it in."""

    default_validators = [check]

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


def _in_letters(domain: str) -> str:
    """A domain in small letters, `xn--…` in the letters it stands for; what is none stays as it is."""
    domain = domain.lower()
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.decode(domain, uts46=True)
    except ValueError:  # `idna.IDNAError` among them
        return domain
