"""Who agreed to which mail: read by everything that sends, written wherever a person chooses."""

from collections.abc import Collection, Iterable
from typing import Any

from core.models.consent import ON_UNLESS_STOPPED, Consent, How, Purpose


def normal(address: str) -> str:
    """An address as it is kept in the record of choices."""
    return address.strip().lower()


def record(
    *,
    address: str,
    purpose: Purpose | str,
    given: bool,
    how: How | str,
    wording: Any,
    topic: str = "",
    source: str = "",
    actor: Any = None,
) -> Consent:
    """Note one choice with its proof, in the transaction of the form it was made on.

    Args:
        address: whose.
        purpose: any but service, which nobody can switch off.
        given: whether they agreed.
        how: where they chose.
        wording: the words they were shown.
        topic: of alerts.
        source: such as `event-12`.
        actor: who recorded it, if not the person.

    Raises:
        ValueError: the purpose is service.
    """
    if purpose == Purpose.SERVICE:
        raise ValueError("Mail of service can't be switched off, so there is nothing to record.")
    return Consent.objects.create(
        address=normal(address),
        purpose=purpose,
        topic=topic,
        given=given,
        how=how,
        wording=str(wording)[:500],
        source=source[:120],
        actor_label=getattr(actor, "display_name", "")[:200],
    )


def latest(addresses: Iterable[str]) -> dict[tuple[str, str, str], Consent]:
    """What holds now, by address, purpose and topic; one query."""
    rows = (
        Consent.objects.filter(address__in={normal(each) for each in addresses})
        .order_by("address", "purpose", "topic", "-pk")
        .distinct("address", "purpose", "topic")
    )
    return {(row.address, row.purpose, row.topic): row for row in rows}


def refused(addresses: Collection[str], purpose: Purpose | str, topic: str = "") -> set[str]:
    """The addresses that do not get mail of a purpose: they said no, or never said the yes it needs.

    Args:
        addresses: any spelling.
        purpose: what the mail is for.
        topic: of alerts.

    Returns:
        Normal spellings; empty for service.
    """
    wanted = {normal(each) for each in addresses}
    if purpose == Purpose.SERVICE or not wanted:
        return set()
    holding = {
        row.address: row.given
        for row in Consent.objects.filter(address__in=wanted, purpose=purpose, topic=topic)
        .order_by("address", "-pk")
        .distinct("address")
    }
    default = purpose in ON_UNLESS_STOPPED
    return {each for each in wanted if not holding.get(each, default)}
