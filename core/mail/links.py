"""Links in mail that work without signing in: the reader's choices, and unsubscribing with one click.

A token names a mail and is signed; it holds no address. The mail is kept for ever and knows the address,
so a link works long after the text was removed, and is the same however often the mail is tried.
"""

import re

from django.core import signing
from django.urls import reverse

from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.purposes import Purpose

_SALT = "core.preferences"
_NUMBER = re.compile(r"[0-9a-f]{32}")


def _signer(purpose: str = "") -> signing.Signer:
    # What acts by itself is signed for its purpose: the link of a page can't be used to unsubscribe.
    return signing.Signer(salt=f"{_SALT}:{purpose}", sep=".")


def _number(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def page_url_for(message_id: str) -> str:
    """The page of choices for the reader of a mail that is about to be queued.

    Args:
        message_id: the mail's own.
    """
    return absolute(_page_path(message_id))


def page_url(mail: OutgoingMail) -> str:
    """The page of choices for the reader of a mail, as an address for mail."""
    return page_url_for(mail.message_id)


def page_path(mail: OutgoingMail) -> str:
    """The same as a path, for our own pages."""
    return _page_path(mail.message_id)


def _page_path(message_id: str) -> str:
    return reverse("public:preferences", args=[page_token(message_id)])


def page_token(message_id: str) -> str:
    """The token of a mail that opens the page of choices."""
    return _signer().sign(_number(message_id))


def one_click_url(mail: OutgoingMail) -> str:
    """Where one click stops mail of this purpose; "" for mail of service, which nobody can stop."""
    if mail.purpose == Purpose.SERVICE:
        return ""
    return absolute(reverse("public:unsubscribe", args=[one_click_token(mail)]))


def one_click_token(mail: OutgoingMail) -> str:
    """The token of a mail that stops its purpose."""
    return _signer(mail.purpose).sign(_number(mail.message_id))


def unsubscribe_headers(mail: OutgoingMail) -> dict[str, str]:
    """The headers of RFC 2369 and RFC 8058 by which mail programs unsubscribe; none for mail of service."""
    url = one_click_url(mail)
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def mail_of_page(token: str) -> OutgoingMail | None:
    """The mail behind the link of a page of choices, or `None` for a token that is not ours."""
    return _mail(token, "")


def mail_of_one_click(token: str) -> OutgoingMail | None:
    """The mail behind an unsubscribe link, or `None` for a token that is not ours or for another purpose."""
    number = token.partition(".")[0]
    row = _row(number) if _NUMBER.fullmatch(number) else None
    if row is None or row.purpose == Purpose.SERVICE:
        return None
    return _mail(token, row.purpose)


def _mail(token: str, purpose: str) -> OutgoingMail | None:
    try:
        number = _signer(purpose).unsign(token)
    except signing.BadSignature:
        return None
    return _row(number)


def _row(number: str) -> OutgoingMail | None:
    rows = OutgoingMail.objects.defer("text", "html", "life", "calendar")
    return rows.filter(message_id__startswith=f"<{number}@").first()
