"""One person who is on record twice: what they refused by one address holds for the other, too.

A yes never goes over. See docs/decisions/0098-merging.md.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from core import mailboxes
from core.mail import consents
from core.mail.models import Consent
from core.mail.purposes import ON_UNLESS_STOPPED, How
from partnerships.businesses.models import Contact
from partnerships.businesses.rules import same_person


def carry(gone: Iterable[Contact], kept: Iterable[Contact], number: int) -> list[dict[str, Any]]:
    """Let the later no of one person hold for each of their addresses.

    Args:
        gone, kept: contacts of both sides, before they are one.
        number: of the merge, for the record.

    Returns:
        What was noted, for `give_back`.
    """
    noted = []
    for address, refusal, before in _to_note(list(gone), list(kept)):
        row = consents.record(
            address=address,
            purpose=refusal.purpose,
            topic=refusal.topic,
            given=False,
            how=How.DESK,
            wording=refusal.wording,
            source=f"merge-{number}",
        )
        told = {"given": before.given, "how": before.how, "wording": before.wording} if before else None
        noted.append({"consent": row.pk, "before": told})
    return noted


def give_back(noted: Iterable[dict[str, Any]], number: int) -> None:
    """Let what held before hold again, unless the person chose anew since."""
    for entry in noted:
        row = Consent.objects.get(pk=entry["consent"])
        latest = consents.latest([row.address]).get((row.address, row.purpose, row.topic))
        if latest is None or latest.pk != row.pk:
            continue
        before = entry["before"] or {
            "given": row.purpose in ON_UNLESS_STOPPED, "how": How.DESK, "wording": row.wording
        }  # fmt: skip
        consents.record(
            address=row.address,
            purpose=row.purpose,
            topic=row.topic,
            source=f"merge-{number}-undone",
            **before,
        )


def _to_note(gone: list[Contact], kept: list[Contact]) -> Iterator[tuple[str, Consent, Consent | None]]:
    """Addresses with the no that is to hold for them, and what holds now."""
    said = consents.latest({each.email for each in (*gone, *kept) if each.email})
    told: set[tuple[str, str, str]] = set()
    for one, other in product(gone, kept):
        if not _is_one(one, other):
            continue
        for mine, theirs in ((one, other), (other, one)):
            address, there = mailboxes.normal(mine.email), mailboxes.normal(theirs.email)
            for (whose, purpose, topic), row in said.items():
                if whose != there or row.given or (address, purpose, topic) in told:
                    continue
                standing = said.get((address, purpose, topic))
                if standing is None or (standing.given and standing.at < row.at):
                    told.add((address, purpose, topic))
                    yield address, row, standing


def _is_one(one: Contact, other: Contact) -> bool:
    """Whether two contacts are one person with two addresses."""
    if not one.email or not other.email or mailboxes.normal(one.email) == mailboxes.normal(other.email):
        return False
    reached = bool(one.phone) and one.phone == other.phone
    return same_person(one.name, other.name, reached_alike=reached)
