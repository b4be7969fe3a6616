"""The desk's lists of mail, declared: outgoing mail, and the addresses that mail leaves alone."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import health
from core.access import Actor, Refused, visible
from core.mail.models import OutgoingMail, Suppression
from core.mail.purposes import Status
from core.pages.bulk import Bulk, Done
from core.pages.components import Segment
from core.pages.list_page import Empty, File, Listing, Switch, WayOn
from core.pages.lists import ListPage

from . import columns, filters, held_back, page, steps

TROUBLE = "trouble"
HEAVY = ("text", "html", "life", "calendar")


def seen_of(rows: Iterable[OutgoingMail]) -> str:
    """What tells one state of these rows from another."""
    facts = [(row.pk, row.status, row.attempts, row.handled_at is None) for row in rows]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _switches(request: HttpRequest) -> list[Switch]:
    here, chosen = reverse("desk:mail"), request.GET.get("status", "")
    mails: Any = visible(OutgoingMail, request.user)
    parts = [
        Segment(_("All"), here, current=not chosen),
        *(
            Segment(label, f"{here}?status={status.value}", current=chosen == status.value)
            for label, status in ((_("Waiting"), Status.WAITING), (_("Sent"), Status.SENT))
        ),
        Segment(_("In trouble"), f"{here}?status={TROUBLE}", chosen == TROUBLE, mails.in_trouble().count()),
    ]
    return [Switch(_("Which mail"), parts)]


def _more(request: HttpRequest, shown: ListPage) -> dict[str, Any] | HttpResponse:
    seen = seen_of(shown.rows)
    if request.headers.get("X-Seen") == seen:
        return HttpResponse(status=204)  # the page that renews itself stays as it is
    mails: Any = visible(OutgoingMail, request.user)
    return {
        "checks": health.checks(),
        "trouble": mails.in_trouble().count(),
        "paused": settings.MAIL_PAUSED,
        "seen": seen,
        "moving": mails.filter(page.moving()).exists(),
    }


def _resend(rows: list[OutgoingMail], *, actor: Actor) -> Done:
    refused: list[tuple[str, str]] = []
    for row in rows:
        try:
            steps.resend(mail=row, actor=actor)
        except Refused as error:
            refused.append((str(row), str(error.refusal.sentence)))
    return Done(len(rows) - len(refused), refused)


OUTGOING = Listing(
    title=_("Outgoing mail"),
    subheading=_("Every mail the registry sends, from the moment it is planned to the relay's answer."),
    rows=lambda request: visible(OutgoingMail, request.user).defer(*HEAVY),
    columns=columns.COLUMNS,
    filters=filters.MailFilter,
    default_sort="-due",
    noun=(_("mail"), _("mails")),
    empty=Empty(
        _("No mail yet"),
        _("Every mail that the registry sends appears here, from the moment it is planned."),
    ),
    switches=_switches,
    file=File("mail"),
    caption=_("Outgoing mail"),
    template="mail/mail_list.html",
    more=_more,
)

# When a relay was away for a day, a hundred mails failed: they go out again at one stroke.
IN_TROUBLE = replace(
    OUTGOING,
    bulk=(
        Bulk(
            key="resend",
            label=_("Send again"),
            permission="mail.resend_mail",
            question=_("Send %(rows)s again?"),
            explain=_(
                "The same goes out as new mail: of reminders, what still stands. What the recipients stopped "
                "is not sent, nor what is uncertain: look at each of those."
            ),
            act=_resend,
            done=_("%(rows)s: on the way again."),
        ),
    ),
)


def outgoing(request: HttpRequest) -> Listing:
    """The list that an address asks for: of mail in trouble, what can be done with it."""
    in_trouble = request.GET.get("status") in {TROUBLE, Status.FAILED.value}
    return IN_TROUBLE if in_trouble else OUTGOING


def _held_back(request: HttpRequest) -> Any:
    rows: Any = visible(Suppression, request.user)
    return rows.holding()


def _name_owners(request: HttpRequest, shown: ListPage) -> dict[str, Any]:
    held_back.name_owners(shown.rows, request.user)
    return {}


HELD_BACK = Listing(
    title=_("Addresses held back"),
    subheading=_(
        "Mail to them came back, or was reported as spam. Call the person, then let mail go there again."
    ),
    parent=(_("Outgoing mail"), "desk:mail"),
    rows=_held_back,
    columns=held_back.COLUMNS,
    filters=held_back.HeldBackFilter,
    default_sort="-at",
    noun=(_("address"), _("addresses")),
    empty=Empty(
        _("No address is held back"),
        _("When mail to someone comes back, or is reported as spam, their address appears here."),
        WayOn(_("See outgoing mail"), "desk:mail"),
    ),
    caption=_("Addresses held back"),
    more=_name_owners,
)
