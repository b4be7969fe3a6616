"""Who may do what with a mail. A guard answers a `Refusal` with its reason, or `None`."""

from django.utils.translation import gettext_lazy as _

from core import access, clock
from core.access import Guard, Person, Refusal
from core.edits import STALE
from core.mail import suppressions
from core.mail.models import OutgoingMail, Suppression
from core.mail.purposes import Category, Status
from core.mail.reminders import again

NOT_SETTLED = Refusal(STALE, _("Only a mail that was sent or failed can be sent again. This one is neither."))
NOT_UNCERTAIN = Refusal(STALE, _("The fate of this mail is not uncertain any more."))
NOT_FAILED = Refusal(STALE, _("Only a failed mail that nobody has seen to can be set aside."))
NO_CODE = Refusal(
    "purged", _("A sign-in code is not kept to be sent again. Ask the person to request a new one.")
)
NO_BODY = Refusal("purged", _("The text of this mail was removed when its time was over."))
HELD_BACK = Refusal(
    "held_back", _("Mail to this address is held back, so it would not go out. Let mail go there first.")
)
SETTLED = Refusal(
    "settled", _("What this mail reminds of was settled, moved or called off. There is nothing left to send.")
)
UNKNOWN = Refusal("unknown", _("What this mail reminds of can’t be looked up right now. Try again later."))
TOO_LATE = Refusal("too_late", _("This mail would come too late now."))
DAY_PAST = Refusal(
    "day_past", _("A day that this mail names is past. Call the recipient, or write to them yourself.")
)


def read_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """Officers and supervisors; which mail is a matter of `visible_to`."""
    return access.refusal(user, "core.write_desk")


def handle_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """Officers, supervisors and admins; one mail, whoever sees it."""
    return access.refusal(user, "core.write_department") or access.out_of_scope(user, mail)


def resend_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """For a mail that was sent or failed, whose text is kept and still of use."""
    if (found := handle_mail(user)) is not None or mail is None:
        return found
    if mail.category == Category.SECURITY:
        return NO_CODE
    if mail.status not in (Status.SENT, Status.FAILED):
        return NOT_SETTLED
    if mail.useless_after is not None and clock.now() > mail.useless_after:
        return TOO_LATE
    if mail.names_a_past_day:
        return DAY_PAST
    if not mail.has_body:
        return NO_BODY
    return _held(mail) or _matters(mail)


def _held(mail: OutgoingMail) -> Refusal | None:
    """Whether its address takes no mail of this kind now."""
    return HELD_BACK if suppressions.held_back([mail.to], mail.category, mail.purpose) else None


def _matters(mail: OutgoingMail) -> Refusal | None:
    """Whether what a mail reminds of still stands: asked as before the first sending."""
    return {"settled": SETTLED, "unknown": UNKNOWN}.get(again.state(mail))


def release_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """For a mail of uncertain fate whose text is kept."""
    if (found := handle_mail(user)) is not None or mail is None:
        return found
    if mail.status != Status.UNKNOWN:
        return NOT_UNCERTAIN
    return _held(mail) if mail.has_body else NO_BODY


def drop_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """For a mail of uncertain fate."""
    if (found := handle_mail(user)) is not None or mail is None:
        return found
    return None if mail.status == Status.UNKNOWN else NOT_UNCERTAIN


def set_aside_mail(user: Person, mail: OutgoingMail | None = None) -> Refusal | None:
    """For a failed mail that nobody has seen to."""
    if (found := handle_mail(user)) is not None or mail is None:
        return found
    return None if mail.status == Status.FAILED and mail.handled_at is None else NOT_FAILED


def lift_suppression(user: Person, row: Suppression | OutgoingMail | None = None) -> Refusal | None:
    """As `handle_mail`, for an address that stands on a row, or on a mail, that they see."""
    if isinstance(row, OutgoingMail):
        return handle_mail(user, row)
    if (found := handle_mail(user)) is not None or row is None:
        return found
    held = access.visible(Suppression, user).filter(address=row.address, lifted_at=None)
    mailed = access.visible(OutgoingMail, user).filter(to__iexact=row.address)
    return None if held.exists() or mailed.exists() else access.OUT_OF_SCOPE


PERMISSIONS: dict[str, Guard] = {
    "mail.read_mail": read_mail,
    "mail.handle_mail": handle_mail,
    "mail.resend_mail": resend_mail,
    "mail.release_mail": release_mail,
    "mail.drop_mail": drop_mail,
    "mail.set_aside_mail": set_aside_mail,
    "mail.lift_suppression": lift_suppression,
}
