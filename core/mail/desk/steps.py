"""The desk's steps on a mail: send it again, release or drop an uncertain one, set a failed one aside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import access, audit, clock
from core.access import Actor, Refusal
from core.mail import suppressions
from core.mail.models import OutgoingMail
from core.mail.outbox import queueing
from core.mail.outbox.life import line, lived
from core.mail.purposes import Category, Status
from core.mail.reminders import again
from core.pages.confirm import Question
from core.pages.forms import OneTimeFormMixin


@transaction.atomic
def resend(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Send the same to the same person as a new mail; a failed original is then seen to.

    Consent, held-back addresses and whether it is still wanted are asked again before it goes out. A mail of
    reminders is written anew without what was settled.

    Args:
        mail: was sent or failed; it is read again under a lock.
        actor: the user who asks for it.

    Returns:
        The new row.

    Raises:
        Refused: it can't be sent again, with the reason.
    """
    row = _locked(mail, actor, "mail.resend_mail")
    anew = again.anew(row)
    now, name = clock.now(), _name(actor)
    replies = queueing.reply_addresses([row.organization_id])
    copy = OutgoingMail.objects.create(
        dedupe_key=f"resend:{row.pk}:{row.copies.count() + 1}",
        message_id=queueing.message_id(),
        copy_of=row,
        still_wanted=_check_of_copy(row, anew),
        reply_to=replies.get(row.organization_id or 0, row.reply_to),
        life=line("planned") + line("resent", name),
        planned_at=now,
        due_at=now,
        **{each: getattr(row, each) for each in _KEPT},
    )
    if anew is not None:
        queueing.rewrite(copy, anew)
    changes: dict[str, Any] = {"life": lived("resent", name)}
    if row.status == Status.FAILED and row.handled_at is None:
        changes |= {"handled_at": now, "handled_by": name}
    OutgoingMail.objects.filter(pk=row.pk).update(**changes)
    audit.record("mail.resent", row, actor=actor, changed=["copies"], detail=str(copy.pk))
    transaction.on_commit(queueing.kick, robust=True)
    return copy


def _check_of_copy(row: OutgoingMail, anew: queueing.Draft | None) -> str:
    """Its reminders stay with the first mail; without any, a person has just judged that it is wanted."""
    if row.category != Category.REMINDER:
        return row.still_wanted
    return "" if anew is None else row.still_wanted


_KEPT = (
    "category",
    "purpose",
    "priority",
    "room",
    "template",
    "organization_id",
    "subject_id",
    "to",
    "recipient_id",
    "recipient_name",
    "language",
    "subject",
    "text",
    "html",
    "why",
    "calendar",
    "calendar_method",
    "useless_after",
    "names_day",
)


@transaction.atomic
def release(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Let a mail of uncertain fate go out again, under the same Message-ID.

    Args:
        mail: its fate is uncertain; it is read again under a lock.
        actor: the user who asks for it.

    Raises:
        Refused: its fate is not uncertain any more, its text is gone, or the actor may not.
    """
    row = _settle(
        mail,
        actor,
        "mail.release_mail",
        "released_by_hand",
        status=Status.WAITING,
        due_at=clock.now(),
        attempts=0,
        first_attempt_at=None,
    )
    transaction.on_commit(queueing.kick, robust=True)
    return row


@transaction.atomic
def drop(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Let a mail of uncertain fate rest: it arrived, or is not wanted any more.

    Args:
        mail: its fate is uncertain; it is read again under a lock.
        actor: the user who decides.

    Raises:
        Refused: its fate is not uncertain any more, or the actor may not.
    """
    return _settle(mail, actor, "mail.drop_mail", "dropped", status=Status.CANCELLED, **_handled(actor))


@transaction.atomic
def set_aside(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    """Note that a failed mail was seen to another way, such as by phone.

    Args:
        mail: it failed; it is read again under a lock.
        actor: the user who saw to it.

    Raises:
        Refused: it has not failed, someone has seen to it, or the actor may not.
    """
    return _settle(mail, actor, "mail.set_aside_mail", "set_aside", **_handled(actor))


_VERBS: dict[str, str] = {
    "released_by_hand": "mail.released",
    "dropped": "mail.dropped",
    "set_aside": "mail.set_aside",
}


def _settle(mail: OutgoingMail, actor: Actor, permission: str, what: str, **changes: Any) -> OutgoingMail:
    row = _locked(mail, actor, permission)
    OutgoingMail.objects.filter(pk=row.pk).update(life=lived(what, _name(actor)), **changes)
    audit.record(_VERBS[what], row, actor=actor, changed=changes, detail=row.status)
    row.refresh_from_db()
    return row


def _locked(mail: OutgoingMail, actor: Actor, permission: str) -> OutgoingMail:
    access.check(actor, "mail.handle_mail", mail)
    row = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    access.check(actor, permission, row)
    return row


def _handled(actor: Actor) -> dict[str, Any]:
    return {"handled_at": clock.now(), "handled_by": _name(actor)}


def _name(actor: Actor) -> str:
    return str(getattr(actor, "display_name", ""))[:200]


class StepForm(OneTimeFormMixin, forms.Form):
    """Nothing but the key that makes a step once."""


@dataclass(frozen=True)
class MailStep:
    """One step a person may take with a mail, asked for on a page of its own.

    Args:
        permission: whose guard says whether it can be taken.
        act: the service, called with `mail` and `actor`.
        label: the words on the button.
        question, explain: the page that asks.
        done: the message afterwards.
        danger: whether it can't be taken back.
    """

    permission: str
    act: Callable[..., Any]
    label: Any
    question: Any
    explain: Any
    done: Any
    danger: bool = False

    def asked(self, names: dict[str, str], *, back: str) -> Question:
        """The page that asks.

        Args:
            names: `subject` and `to` of the mail.
            back: where the way out leads.
        """
        return Question(
            question=self.question % names,
            explain=self.explain,
            confirm=self.label,
            keep=_("Go back"),
            back=back,
            danger=self.danger,
        )


def _lift(*, mail: OutgoingMail, actor: Actor) -> OutgoingMail:
    suppressions.lift(address=mail.to, actor=actor)
    return mail


STEPS: dict[str, MailStep] = {
    "resend": MailStep(
        "mail.resend_mail",
        resend,
        _("Send again"),
        _("Send “%(subject)s” to %(to)s again?"),
        _(
            "The same goes out as a new mail: of reminders, what still stands. "
            "What the recipient stopped is not sent."
        ),
        _("“%(subject)s” goes out to %(to)s again."),
    ),
    "release": MailStep(
        "mail.release_mail",
        release,
        _("Release it"),
        _("Send “%(subject)s” to %(to)s after all?"),
        _("It may have arrived already. Then the recipient gets it twice."),
        _("“%(subject)s” goes out to %(to)s."),
    ),
    "drop": MailStep(
        "mail.drop_mail",
        drop,
        _("Let it rest"),
        _("Let “%(subject)s” to %(to)s rest?"),
        _("It is not sent again. Do this when it arrived, or when nobody needs it any more."),
        _("“%(subject)s” rests. It is not sent again."),
        danger=True,
    ),
    "set-aside": MailStep(
        "mail.set_aside_mail",
        set_aside,
        _("Seen to another way"),
        _("Did %(to)s learn what “%(subject)s” says?"),
        _("Do this when you told them by phone or in person. It is then no longer in trouble."),
        _("“%(subject)s” was seen to."),
    ),
    "lift": MailStep(
        "mail.lift_suppression",
        _lift,
        _("Send there again"),
        _("Send mail to %(to)s again?"),
        _("Do this once the recipient told you that the address works. What they stopped stays stopped."),
        _("Mail goes to %(to)s again."),
    ),
}


def offered(user: Any, mail: OutgoingMail, trouble: bool) -> list[tuple[str, MailStep, Refusal | None]]:
    """The steps that make sense for a mail now, each with the reason when it can't be taken.

    Args:
        user: who looks.
        mail: the row.
        trouble: whether mail to its address is held back.
    """
    names = {
        Status.SENT: [] if mail.category == Category.SECURITY else ["resend"],
        Status.FAILED: ["resend"] if mail.handled_at else ["resend", "set-aside"],
        Status.UNKNOWN: ["release", "drop"],
    }.get(Status(mail.status), [])
    names = ["lift", *names] if trouble else names
    return [(name, STEPS[name], access.refusal(user, STEPS[name].permission, mail)) for name in names]
