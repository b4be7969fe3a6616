"""Who agreed to which mail: read by everything that sends, written wherever a person chooses."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext_lazy as _

from core import audit, locks
from core.access import Actor
from core.mail.models import Consent
from core.mail.purposes import ON_UNLESS_STOPPED, How, Purpose
from core.mailboxes import normal

RowsT = TypeVar("RowsT", bound=QuerySet[Any])

# What the forms say on which people ask for something that has dates: the words kept as proof.
REMINDERS_SAID = _(
    "We remind you by mail when a date comes near. You can stop reminders at any time: every mail has a link."
)
REMINDERS_TOLD = _("Tell them: reminders come by mail, and they can stop them at any time.")

# Where the person of the address chose, with the address in hand.
CHOSEN_BY_THEMSELVES = frozenset({How.PREFERENCES, How.ONE_CLICK, How.COMPLAINT})


def record(
    *,
    address: str,
    purpose: Purpose | str,
    given: bool,
    how: How | str,
    wording: Any,
    topic: str = "",
    source: str = "",
    by: Actor = None,
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
        by: who recorded it, if not the person.

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
        actor_label=getattr(by, "display_name", "")[:200],
    )


@transaction.atomic
def told(
    *,
    address: str,
    how: How | str,
    wording: Any = REMINDERS_SAID,
    purpose: Purpose | str = Purpose.REMINDERS,
    source: str = "",
    by: Actor = None,
) -> Consent | None:
    """Note that someone asked for something on a form that says what mail comes of it.

    Call it in the transaction of what they asked for, which writes the audit row. A choice that stands
    already stays: who stopped reminders and registers again is not signed up again behind their back.

    Returns:
        The row, or `None` when a choice stood already, or there is no address.
    """
    if not address.strip():
        return None
    _one_at_a_time(address)
    if Consent.objects.filter(address=normal(address), purpose=purpose, topic="").exists():
        return None
    return record(
        address=address, purpose=purpose, given=True, how=how, wording=wording, source=source, by=by
    )


@transaction.atomic
def choose(
    *,
    address: str,
    purpose: Purpose | str,
    given: bool,
    how: How | str,
    wording: Any,
    source: str = "",
    by: Actor = None,
    said: bool = False,
) -> Consent | None:
    """Change what someone gets, where that is a change.

    Arguments and errors as for `record`.

    Args:
        said: they said so in so many words: it is noted even where it is what holds without any choice.

    Returns:
        The row, or `None` when that is what holds anyway.
    """
    _one_at_a_time(address)
    standing = latest([address]).get((normal(address), str(purpose), ""))
    if standing is not None and standing.given == given:
        return None
    if standing is None and not said and given == (purpose in ON_UNLESS_STOPPED):
        return None
    row = record(
        address=address, purpose=purpose, given=given, how=how, wording=wording, source=source, by=by
    )
    audit.record("mail.choice_changed", row, actor=by, changed=[str(purpose)], detail=str(how))
    return row


@transaction.atomic
def carry_over(*, old: str, new: str) -> list[Consent]:
    """Let what someone chose hold for their new address too, where nobody chose for that one.

    What a form or an officer said of reminders while nobody chose does not stand in the way, and neither does
    what was noted by phone, if the old address says no. See docs/decisions/0012.

    Returns:
        The rows made, each with the wording and the way of the choice it repeats.
    """
    _one_at_a_time(new)
    known = {(purpose, topic): row for (_whose, purpose, topic), row in latest([new]).items()}
    return [
        Consent.objects.create(
            address=normal(new),
            purpose=row.purpose,
            topic=row.topic,
            given=row.given,
            how=row.how,
            wording=row.wording,
            source=f"consent-{row.pk}",
        )
        for (_whose, purpose, topic), row in latest([old]).items()
        if _goes_over(row, known.get((purpose, topic)))
    ]


def _goes_over(row: Consent, standing: Consent | None) -> bool:
    """Whether a choice of the old address holds for the new one, for which `standing` holds now."""
    if standing is None:
        return True
    if row.given == standing.given or standing.how in CHOSEN_BY_THEMSELVES:
        return False
    # A yes that stood on a form is no choice; a yes that was chosen does not undo a no told to an officer.
    return not row.given


def _one_at_a_time(address: str) -> None:
    locks.one_at_a_time(f"core.mail.consents:{normal(address)}")


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


def with_answer(rows: RowsT, email: str, purpose: Purpose) -> RowsT:
    """Rows of people with what they last said to a purpose, without a query more.

    Args:
        rows: to be annotated with `said`: true, false, or `None` where they never chose.
        email: the name of the address's column, as "user__email".
        purpose: what the mail is for.
    """
    answers = Consent.objects.filter(address=Lower(Trim(OuterRef(email))), purpose=purpose, topic="")
    found: Any = rows.annotate(said=Subquery(answers.order_by("-pk").values("given")[:1]))
    return found
