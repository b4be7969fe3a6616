"""What people get by mail, as they see and choose it. The record is `core.mail.consents`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import counters, mailboxes, words
from core.access import Actor, Refusal, Refused
from core.limits import TOO_OFTEN
from core.mail import consents, suppressions
from core.mail.links import one_click_url, page_url
from core.mail.models import Consent, OutgoingMail, Suppression
from core.mail.outbox import catalog
from core.mail.purposes import CHOSEN, ON_UNLESS_STOPPED, How, Purpose

__all__ = [
    "ChoicesForm",
    "ToldForm",
    "masked",
    "notice_for",
    "offered",
    "one_click_url",
    "page_url",
    "refuse_too_often",
    "save",
    "unsubscribe",
]

# What each purpose means for the reader: the words they see where they choose, kept with the choice.
EXPLAINED: dict[str, Any] = {
    Purpose.SERVICE: gettext_lazy(
        "Answers to what you do here: receipts, decisions, changes and cancellations, sign-in codes. They "
        "always come, since without them you would miss something that concerns you."
    ),
    Purpose.REMINDERS: gettext_lazy(
        "When a date that concerns you comes near, or something waits for your answer."
    ),
    Purpose.NEWSLETTERS: gettext_lazy("What the department and its partners do, a few times a year."),
    Purpose.ALERTS: gettext_lazy("What happened near you and what you can do, when it matters."),
    Purpose.SURVEYS: gettext_lazy("A few questions about how we work, now and then."),
}
# The same for those who work here, about what waits for them.
DUTY = gettext_lazy(
    "Reminders of your work at the department: claims, applications and conditions that wait for you. They "
    "come until the work is done or is no longer yours."
)
CHANGES_AN_HOUR = 30  # for one address; the record of choices only grows
SAVED_TOO_OFTEN = Refusal(
    TOO_OFTEN,
    gettext_lazy(
        "This was saved many times within an hour. Your last choice stands below, but it is not saved yet. "
        "Save it again in an hour."
    ),
)


@dataclass(frozen=True)
class Choice:
    """One purpose as it stands for one address.

    Args:
        purpose: which.
        given: whether such mail comes.
        standing: the choice it follows from; `None` where nobody chose.
    """

    purpose: Purpose
    given: bool
    standing: Consent | None

    @property
    def explained(self) -> str:
        """What it is, in a sentence."""
        return str(EXPLAINED[self.purpose])

    @property
    def since(self) -> str:
        """Since when it stands so, and how that came about."""
        if self.standing is None:
            return _("On until you stop them.") if self.given else _("Off until you say yes.")
        said = _("On since %(day)s: %(how)s.") if self.given else _("Off since %(day)s: %(how)s.")
        how = self.standing.get_how_display()
        return said % {
            "day": words.day(self.standing.at),
            "how": how[:1].lower() + how[1:],
        }


def sent_purposes() -> set[Purpose]:
    """The purposes of which the product sends mail today: those of its catalog."""
    return {kind.purpose for kind in catalog().values()}


def offered(address: str) -> list[Choice]:
    """What one address can choose among: what is sent today, and what they chose before. One query.

    A purpose that nothing sends is no switch: it shows up with the first kind of mail that has it.
    """
    standing = {
        purpose: row for (_whose, purpose, topic), row in consents.latest([address]).items() if not topic
    }
    sent = sent_purposes()
    return [
        Choice(
            purpose=each,
            given=standing[each].given if each in standing else each in ON_UNLESS_STOPPED,
            standing=standing.get(each),
        )
        for each in CHOSEN
        if each in sent or each in standing
    ]


def wording_of(purpose: Purpose | str) -> str:
    """The words with which a purpose is offered: its name and what it means."""
    return f"{Purpose(purpose).label}: {EXPLAINED[purpose]}"


@transaction.atomic
def save(
    *, address: str, chosen: Mapping[str, bool], how: How, source: str = "", by: Actor = None
) -> list[Consent]:
    """Keep what someone chose. What they left as it was leaves no row.

    Args:
        address: whose.
        chosen: yes or no by purpose.
        how: where they chose.
        source: such as `mail-12`.
        by: who recorded it, if not the person.

    Returns:
        The changes.
    """
    rows = [
        consents.choose(
            address=address,
            purpose=purpose,
            given=given,
            how=how,
            wording=wording_of(purpose),
            source=source,
            by=by,
        )
        for purpose, given in chosen.items()
    ]
    changes = [row for row in rows if row is not None]
    if any(row.given for row in changes):
        suppressions.take_back_complaint(address=address, by=by)
    return changes


def unsubscribe(*, mail: OutgoingMail, how: How) -> Consent | None:
    """Stop the mail of this mail's purpose for its reader. Once more changes nothing.

    Args:
        mail: not of service.
        how: by the mail program's button, or by ours.

    Returns:
        The row, or `None` when it was stopped already.
    """
    words = _("“%(subject)s”: unsubscribe from %(purpose)s")
    return consents.choose(
        address=mail.to,
        purpose=mail.purpose,
        given=False,
        how=how,
        wording=words % {"subject": mail.subject, "purpose": Purpose(mail.purpose).label.lower()},
        source=f"mail-{mail.pk}",
    )


def refuse_too_often(address: str) -> None:
    """Count one saving for an address.

    Raises:
        Refused: there were too many within an hour.
    """
    name = hashlib.sha256(mailboxes.normal(address).encode()).hexdigest()[:32]
    if counters.count_up(f"core.preferences:{name}", 3600) > CHANGES_AN_HOUR:
        raise Refused(SAVED_TOO_OFTEN)


def masked(address: str) -> str:
    """An address as its owner knows it again and a stranger learns little: `m•••@example.com`.

    Mail is forwarded, and its links with it.
    """
    name, _at, domain = address.strip().rpartition("@")
    return f"{name[:1]}•••@{domain}"


def in_words(changes: list[Consent]) -> str:
    """What was saved, in a sentence for the person."""
    if not changes:
        return _("Nothing was changed.")
    on = [row.get_purpose_display().lower() for row in changes if row.given]
    off = [row.get_purpose_display().lower() for row in changes if not row.given]
    parts = []
    if on:
        parts.append(_("From now on you get: %(what)s.") % {"what": ", ".join(on)})
    if off:
        parts.append(_("From now on you do not get: %(what)s.") % {"what": ", ".join(off)})
    return " ".join(parts)


def notice_for(address: str) -> str:
    """Why mail does not come although it is chosen; "" where nothing is in its way."""
    reasons = set(
        Suppression.objects.filter(address=mailboxes.normal(address), lifted_at=None).values_list(
            "reason", flat=True
        )
    )
    if Suppression.Reason.BOUNCE in reasons:
        return _(
            "Mail to this address came back, so we send nothing but sign-in codes. "
            "Write to us to change that."
        )
    if Suppression.Reason.COMPLAINT in reasons:
        return _(
            "Mail to this address was reported as spam, so we send only what must be sent. "
            "Write to us to change that."
        )
    return ""


class ChoicesForm(forms.Form):
    """A box for each purpose that one address can choose.

    Args:
        address: whose.
    """

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.choices = offered(address)
        for each in self.choices:
            self.fields[each.purpose.value] = forms.BooleanField(
                label=each.purpose.label,
                required=False,
                initial=each.given,
                help_text=f"{each.explained} {each.since}",
            )

    @property
    def chosen(self) -> dict[str, bool]:
        """What was ticked, and what was not, by purpose. Of a valid form."""
        return {each.purpose.value: self.cleaned_data[each.purpose.value] for each in self.choices}


class ToldForm(forms.Form):
    """What someone told an officer about one kind of mail.

    Args:
        address: whose.
    """

    purpose = forms.ChoiceField(error_messages={"required": gettext_lazy("Choose a kind of mail.")})
    given = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        error_messages={"required": gettext_lazy("Say whether they want it.")},
        coerce=lambda typed: typed == "yes",
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(each.purpose.value, each.purpose.label) for each in offered(address)]
