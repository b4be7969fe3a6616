"""Addresses that mail leaves alone, because it bounces or was reported as spam."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Lower, Trim
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import access, audit, clock, words
from core.access import Actor, Refusal, Refused
from core.edits import STALE
from core.mail import consents
from core.mail.models import OutgoingMail, Suppression
from core.mail.purposes import Category, How, Purpose
from core.mailboxes import normal

RowsT = TypeVar("RowsT", bound=QuerySet[Any])
Reason = Suppression.Reason
# RFC 3463: no such mailbox, no such domain, no address, moved away, takes no mail at all; and switched off.
# The rest of 5.1 tells of the sender, 5.2.2 of a full mailbox, 5.7 of a policy: not that nobody is there.
_NOBODY = re.compile(r"^5\.(1\.(1|2|3|6|10)|2\.1)$")
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_PLAIN_CODES = ("550", "551", "553")
_PLAIN_WORDS = re.compile(
    r"no such (user|mailbox|recipient|address|person)|unknown (user|mailbox|recipient)|not a known user"
    r"|(user|mailbox|recipient|address) (is )?(unknown|not found)|no mailbox here|user not local"
    r"|(user|mailbox|recipient|address|account)[^;]{0,80} does( not|n't) exist",
    re.IGNORECASE,
)
NOT_HELD = Refusal(STALE, gettext_lazy("Mail to this address is not held back any more."))


@dataclass(frozen=True)
class Trouble:
    """Why mail to an address is held back, for the people who look after it.

    Args:
        sentence: what is wrong, since when, and what to do.
        at: since when.
    """

    sentence: str
    at: datetime


def held_back(addresses: Collection[str], category: Category | str, purpose: Purpose | str) -> set[str]:
    """The addresses that do not get mail of a kind now.

    A bounce holds back everything but sign-in mail, which the person asks for at that moment; a complaint
    holds back everything outside service.

    Returns:
        Normal spellings.
    """
    if category == Category.SECURITY:
        return set()
    rows = Suppression.objects.filter(address__in={normal(each) for each in addresses}, lifted_at=None)
    if purpose == Purpose.SERVICE:
        rows = rows.filter(reason=Reason.BOUNCE)
    return set(rows.values_list("address", flat=True))


def nobody_there(words: str, *, at_recipient: bool) -> bool:
    """Whether a refusal for good says that the recipient's mailbox does not exist. See docs/decisions/0013.

    An enhanced status code (RFC 3463) decides where there is one. Without one the answer to the recipient's
    address itself must say so in words: plain 550 is also what policy and spam filters answer.

    Args:
        words: the mail server's answer, code first.
        at_recipient: it answered the address itself, not the text.
    """
    codes = _ENHANCED.findall(words)
    if codes:
        return any(_NOBODY.match(code) for code in codes)
    return at_recipient and words.startswith(_PLAIN_CODES) and bool(_PLAIN_WORDS.search(words))


def tells_otherwise(words: str) -> bool:
    """Whether an answer has an enhanced status code, and it does not say that nobody is there.

    Args:
        words: the mail server's answer, as a provider passes it on.
    """
    codes = _ENHANCED.findall(words)
    return bool(codes) and not any(_NOBODY.match(code) for code in codes)


def bounced(
    *, address: str, detail: str, mail: OutgoingMail | None = None, at: datetime | None = None
) -> Suppression | None:
    """Hold back mail to an address that takes none. Said twice, it is noted once.

    Args:
        address: any spelling.
        detail: what the mail server said.
        mail: which mail came back.
        at: when, aware; now by default. What is older than the last lifting changes nothing.

    Returns:
        The new row, or `None` when it is known already.
    """
    return _suppress(Reason.BOUNCE, address=address, detail=detail, mail=mail, at=at)


def complained(
    *, address: str, detail: str, mail: OutgoingMail | None = None, at: datetime | None = None
) -> Suppression | None:
    """Hold back everything outside service from a reader who reported us, and keep that as their choice.

    Args:
        address, detail, mail, at: as for `bounced`.

    Returns:
        The new row, or `None` when it is known already.
    """
    with transaction.atomic():
        made = _suppress(Reason.COMPLAINT, address=address, detail=detail, mail=mail, at=at)
        if made is not None:
            stop(address=address, how=How.COMPLAINT, mail=mail)
    return made


def stop(*, address: str, how: How, mail: OutgoingMail | None = None) -> None:
    """Note a "no" to reminders and newsletters that the mail provider told us of.

    Args:
        address: whose.
        how: reported as spam, or unsubscribed.
        mail: which mail they had before them.
    """
    if how == How.COMPLAINT:
        wording = _("The recipient reported our mail as spam.")
    else:
        wording = _("The recipient unsubscribed from our mail, as the mail provider tells us.")
    for purpose in (Purpose.REMINDERS, Purpose.NEWSLETTERS):
        consents.choose(
            address=address,
            purpose=purpose,
            given=False,
            how=how,
            wording=wording,
            source=f"mail-{mail.pk}" if mail else "",
            said=True,
        )


@transaction.atomic
def _suppress(
    reason: Suppression.Reason,
    *,
    address: str,
    detail: str,
    mail: OutgoingMail | None,
    at: datetime | None,
) -> Suppression | None:
    moment, key = at or clock.now(), normal(address)
    known = Suppression.objects.filter(address=key, reason=reason)
    if known.filter(lifted_at__gte=moment).exists():
        return None  # someone asked the recipient since
    row, made = known.get_or_create(
        address=key,
        reason=reason,
        lifted_at=None,
        defaults={"detail": detail[:500], "mail": mail, "at": moment},
    )
    if not made:
        return None
    audit.record("mail.address_suppressed", row, detail=reason.value)
    return row


@transaction.atomic
def lift(*, address: str, actor: Actor) -> int:
    """Let mail go to an address again, after someone asked the recipient. What they stopped stays stopped.

    Args:
        address: whose; it stands on a row, or on a mail, that the actor sees.
        actor: the user who asked.

    Returns:
        How many reasons were lifted.

    Raises:
        Refused: the actor may not, or nothing is held back.
    """
    held = Suppression.objects.filter(address=normal(address), lifted_at=None)
    access.check(actor, "mail.lift_suppression", held.first())
    rows = list(held.select_for_update())
    if not rows:
        raise Refused(NOT_HELD)
    for row in rows:
        row.lifted_at, row.lifted_by = clock.now(), getattr(actor, "display_name", "")[:200]
        row.save(update_fields=["lifted_at", "lifted_by"])
        audit.record("mail.suppression_lifted", row, actor=actor, changed=["lifted_at"], detail=row.reason)
    return len(rows)


def take_back_complaint(*, address: str, by: Actor = None) -> None:
    """Who reported our mail and now says that they want it, gets it again. A bounce stays: nothing arrives.

    Args:
        address: whose, as they said so themselves or told an officer.
        by: the officer, if one was told.
    """
    complaints = Suppression.objects.select_for_update().filter(
        address=normal(address), reason=Reason.COMPLAINT, lifted_at=None
    )
    for row in complaints:
        row.lifted_at = clock.now()
        row.lifted_by = getattr(by, "display_name", "")[:200] or str(_("the recipient"))
        row.save(update_fields=["lifted_at", "lifted_by"])
        audit.record("mail.suppression_lifted", row, actor=by, changed=["lifted_at"], detail=row.reason)


def trouble_of(addresses: Collection[str]) -> dict[str, Trouble]:
    """What is wrong with addresses, in words; one query.

    Returns:
        By normal spelling; addresses without trouble are not in it. A bounce goes before a complaint.
    """
    wanted = {normal(each) for each in addresses if each}
    if not wanted:
        return {}
    rows = Suppression.objects.filter(address__in=wanted, lifted_at=None).order_by("-reason")
    return {row.address: Trouble(_sentence(row), row.at) for row in rows}


def with_trouble(rows: RowsT, email: str) -> RowsT:
    """Rows of people with what is wrong with their address, without a query more: read it by `trouble_in`.

    Args:
        rows: to be annotated with `held`.
        email: the name of the address's column, as "user__email".
    """
    holding = Suppression.objects.filter(address=Lower(Trim(OuterRef(email))), lifted_at=None)
    note = holding.order_by("reason").values(row=JSONObject(reason="reason", detail="detail", at="at"))
    found: Any = rows.annotate(held=Subquery(note[:1]))
    return found


def trouble_in(held: dict[str, Any] | None) -> Trouble | None:
    """What `with_trouble` found on a row, in words; a bounce goes before a complaint."""
    if held is None:
        return None
    at = datetime.fromisoformat(held["at"])
    row = Suppression(reason=held["reason"], detail=held["detail"], at=at)
    return Trouble(_sentence(row), row.at)


def _sentence(row: Suppression) -> str:
    day = words.day(row.at)
    if row.reason == Reason.COMPLAINT:
        return _(
            "A mail to this address was reported as spam on %(day)s. Reminders and newsletters no longer go "
            "there; mail of service still does."
        ) % {"day": day}
    if row.detail:
        return _("Mail to this address comes back since %(day)s: %(answer)s. Call them.") % {
            "day": day,
            "answer": row.detail.rstrip(". "),
        }
    return _("Mail to this address comes back since %(day)s. Call them.") % {"day": day}
