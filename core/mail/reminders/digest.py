"""The day's digest: one mail for several reminders of a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.links import absolute
from core.mail.outbox.compose import one_line
from core.mail.outbox.queueing import Draft

DIGEST_TEMPLATE = "mail/digest"
WHY = _("You get this because these dates concern you. All reminders of a day come in one mail.")

WHY_DUTY = _("You get this because this waits for you at the department. All of a day comes in one mail.")

LINES = 20  # of a digest; mail programs cut longer mails off, and the way to fewer of them stands at the end


@dataclass(frozen=True, kw_only=True)
class Line:
    """One reminder among several in the day's digest.

    Args:
        title: what it is about, as a heading.
        text: one or two plain sentences: what happens when, and what to do.
        url: where to go, absolute.
        label: the words of that link.
    """

    title: str
    text: str
    url: str
    label: str


@dataclass(frozen=True)
class DigestMail:
    """Several reminders of one day; `more` of them are not told one by one."""

    name: str
    lines: list[Line]
    more: int
    url: str


def digest(*, drafts: Sequence[Draft], lines: Sequence[Line]) -> Draft:
    """One mail for several reminders of a person.

    It belongs to an organization only when all of them do: who sees the mail of one may not see the other's.

    Args:
        drafts: the mails that it stands for, the earliest due first; all to one person.
        lines: what each of them says, in the same order.
    """
    first, others = drafts[0], len(lines) - 1
    owners = {each.organization_id for each in drafts}
    subject = ngettext("%(title)s and %(n)d more reminder", "%(title)s and %(n)d more reminders", others)
    # Short enough that the number is not cut off.
    return replace(
        first,
        template=DIGEST_TEMPLATE,
        subject=subject % {"title": one_line(lines[0].title, 34), "n": others},
        payload=DigestMail(
            name=first.recipient_name,
            lines=list(lines[:LINES]),
            more=max(len(lines) - LINES, 0),
            url=absolute("/accounts/home/"),
        ),
        why=WHY_DUTY if first.duty else WHY,
        room="mail",
        organization_id=owners.pop() if len(owners) == 1 else None,
        calendar="",
        calendar_method="",
    )


def digest_sample() -> DigestMail:
    """Two lines as the rooms write them: the kernel can't ask them, so a test holds them together."""
    return DigestMail(
        name="Maria Santos",
        lines=[
            Line(
                title="Application of Lakeside Bakery",
                text="You began it and have not sent it yet. Everything you typed is saved.",
                url=absolute("/portal/applications/12/"),
                label="Go on",
            ),
            Line(
                title="Coffee with a cop",
                text=(
                    "Tuesday, December 8, 2026, 9:00 a.m. to 10:30 a.m. CST, Lincoln Branch Library, "
                    "1150 W Fullerton Ave, Riverton, IL 60614. "
                    "If you can't come, please cancel, so that someone else gets the seats."
                ),
                url=absolute("/registrations/h7Vq2mX0/"),
                label="See or cancel your registration",
            ),
        ],
        more=3,
        url=absolute("/accounts/home/"),
    )
