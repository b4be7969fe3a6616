"""Who of a claimed batch gets no mail any more, asked for all of it at once."""

import time
from collections.abc import Collection

from django.contrib.auth import get_user_model

from core.mail import consents, suppressions
from core.mail.models import OutgoingMail
from core.mailboxes import normal

# Seconds that an answer holds. What people choose in this time counts from their next mail on.
FRESH_FOR = 1.0
GONE, STOPPED, COMES_BACK = "gone", "stopped", "comes_back"


class Recipients:
    """What holds for the people of a batch: asked at the first mail, and again when a second has passed.

    Args:
        mails: the batch; what was dealt with may be taken out of it meanwhile.
    """

    def __init__(self, mails: Collection[OutgoingMail]) -> None:
        self._mails = mails
        self._refusals: dict[int, str] = {}
        self._asked_at: float | None = None

    @property
    def are_known(self) -> bool:
        """The answers are fresh."""
        return self._asked_at is not None and time.monotonic() - self._asked_at < FRESH_FOR

    def ask(self) -> None:
        """Ask the database, unless the answers are fresh."""
        if not self.are_known:
            asked_at = time.monotonic()
            self._refusals = self._ask()
            self._asked_at = asked_at

    def forget(self) -> None:
        """Ask again for the next mail: something happened that may have changed the answers."""
        self._asked_at = None

    def refusal(self, mail: OutgoingMail) -> str | None:
        """Why a mail of the batch does not go to its recipient, as a code, or `None`. Call `ask` first.

        Args:
            mail: one of the batch.
        """
        return self._refusals.get(mail.pk)

    def _ask(self) -> dict[int, str]:
        users = {each.recipient_id for each in self._mails if each.recipient_id}
        active: set[int] = set()
        if users:
            found = get_user_model()._base_manager.filter(pk__in=users, is_active=True)
            active = set(found.values_list("pk", flat=True))
        refusals = {
            each.pk: GONE for each in self._mails if each.recipient_id and each.recipient_id not in active
        }
        kinds: dict[tuple[str, str], list[OutgoingMail]] = {}
        for each in self._mails:
            kinds.setdefault((each.category, each.purpose), []).append(each)
        for (category, purpose), mails in kinds.items():
            addresses = {each.to for each in mails}
            stopped = consents.refused(addresses, purpose)
            held = suppressions.held_back(addresses, category, purpose)
            for each in mails:
                if normal(each.to) in stopped:
                    refusals.setdefault(each.pk, STOPPED)
                elif normal(each.to) in held:
                    refusals.setdefault(each.pk, COMES_BACK)
        return refusals
