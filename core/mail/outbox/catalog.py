"""Every mail the product can send, each declared once; what is not declared can't be sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils import timezone

from core import rooms
from core.mail.models import OutgoingMail
from core.mail.purposes import Category, Purpose, purpose_of
from core.models import Department

from .ahead import first_day, still_ahead
from .compose import speaking
from .queueing import Draft, enqueue
from .readers import Reader


@dataclass(frozen=True)
class Wanted:
    """Whether a mail is still wanted, asked again right before it is sent.

    Args:
        name: kept with the mail; says in its life why it was not sent.
        holds: looks at what the mail is about; `False` calls the mail off.
    """

    name: str
    holds: Callable[[OutgoingMail], bool]


def in_states(
    model: type[Model],
    *states: str,
    named: str = "",
    along: Sequence[str] = (),
    also: Callable[[Any, OutgoingMail], bool] | None = None,
) -> Wanted:
    """Wanted while the row that the mail is about is in one of some states, and not when it is gone.

    Args:
        model: of that row; it has a `status`.
        states: of its statuses.
        named: the name of the check; by default it says the model and the states.
        along: what `also` reads of the row, read along with it (`select_related`).
        also: what else has to hold, asked with the row and the mail.
    """

    def holds(mail: OutgoingMail) -> bool:
        rows = model._base_manager.filter(pk=mail.subject_id, status__in=states)
        row: Any = (rows.select_related(*along) if along else rows).first()
        return row is not None and (also is None or also(row, mail))

    return Wanted(named or f"{model._meta.label_lower}:{','.join(sorted(states))}"[:100], holds)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One kind of mail: declared at the top of a room's `emails`, and sent from there.

        RECEIPT = Mail(template="vetting/receipt", category=Category.SERVICE, why=WHY_APPLIED, …)
        RECEIPT.send(to=Reader.of(user), about=application, payload=lambda: ReceiptMail(…))

    Args:
        template: `<room>/<name>` under `templates/emails/`; also its name in the catalog.
        name: a few words, for the admin.
        trigger: what causes it, in words.
        audience: who gets it, in words.
        category: what kind of mail it is.
        subject: the subject line; where it depends on what the mail is about, a sample of it.
        sample: makes a payload that fills every part of the template, with invented names.
        why: the sentence that tells the reader why they get it.
        wanted: asked again right before sending; without it the mail goes in any case.
        duty: it goes to those who work at the department, about what waits for them. See decision 12.
        rule: what its keys begin with; `<room>.<name>` by default.
    """

    template: str
    name: Any
    trigger: Any
    audience: Any
    category: Category
    subject: Any
    sample: Callable[[], Any]
    why: Any
    wanted: Wanted | None = None
    duty: bool = False
    rule: str = ""

    @property
    def room(self) -> str:
        """The room that sends it."""
        return self.template.partition("/")[0]

    @property
    def purpose(self) -> Purpose:
        """What people choose by."""
        return purpose_of(self.category, duty=self.duty)

    def draft(
        self,
        *,
        to: Reader,
        payload: Callable[[], Any],
        about: Model | None = None,
        under: Model | None = None,
        occurrence: object = 1,
        key: str | None = None,
        rule: str = "",
        subject: Any = None,
        why: Any = None,
        organization_id: int | None = None,
        useless_after: datetime | None = None,
        calendar: Callable[[], str] | None = None,
        calendar_method: str = "",
        zone: ZoneInfo | None = None,
    ) -> Draft:
        """One mail of this kind, written in its reader's language and the department's time zone.

        Args:
            to: who reads it.
            payload: makes the frozen dataclass whose fields are the template's variables. It is called here,
                in the reader's language.
            about: the row it is about: `wanted` looks at it, and the key names it.
            under: the row that the key names instead, such as the event of a registration.
            occurrence: tells mails of one kind about one row apart; a key that exists queues nothing.
            key: a whole key in place of rule, row, reader and occurrence.
            rule: what this key begins with, where one kind of mail has several causes.
            subject: text, a lazy translation, or a function called in the reader's language; by default what
                is declared.
            why: a sentence of its own; by default what is declared.
            organization_id: whose mail it is; decides which officers see it.
            useless_after: not sent after this moment, aware.
            calendar: makes an iCalendar stream that goes along as an invitation.
            calendar_method: its METHOD, `REQUEST` or `CANCEL`.
            zone: the department's, where a caller with many mails has it at hand.

        Raises:
            ImproperlyConfigured: it stands in no `MAILS` of a room: nobody would find it in the
                table of all mails, give it words, or see how it looks.
        """
        if catalog().get(self.template) is not self:
            raise ImproperlyConfigured(f"No MAILS of a room has {self.template!r}.")
        if key is None:
            row = under or about
            thing = f"{row._meta.model_name}-{row.pk}" if row is not None else ""
            begin = rule or self.rule or self.template.replace("/", ".")
            key = ":".join(part for part in (begin, thing, to.recipient, str(occurrence)) if part)
        with speaking(to.language), timezone.override(zone or Department.current().zone):
            words = self.subject if subject is None else subject
            content = still_ahead(payload())
            return Draft(
                key=key,
                to=to.to,
                recipient_id=to.user_id,
                recipient_name=to.header_name,
                language=to.language,
                category=self.category,
                template=self.template,
                room=self.room,
                duty=self.duty,
                subject=str(words() if callable(words) else words),
                payload=content,
                names_day=first_day(content),
                why=self.why if why is None else why,
                organization_id=organization_id,
                subject_id=None if about is None else about.pk,
                still_wanted=self.wanted.name if self.wanted else "",
                useless_after=useless_after,
                calendar=calendar() if calendar else "",
                calendar_method=calendar_method if calendar else "",
            )

    def send(self, *, to: Reader, payload: Callable[[], Any], **more: Any) -> OutgoingMail | None:
        """Queue one mail of this kind in the open transaction. Arguments and errors as for `draft`.

        Returns:
            The row, or `None` when a mail with its key exists already, or the address is empty.

        Raises:
            MissingVariableError: the template names a variable the payload lacks.
            ForeignLinkError: a link of the payload leads away from our own site.
        """
        return enqueue(self.draft(to=to, payload=payload, **more))


def declared(namespace: Mapping[str, Any]) -> list[Mail]:
    """The mails that a module declares, in the order in which they stand there.

    Args:
        namespace: `vars()` of the module, at its end.
    """
    return [each for each in namespace.values() if isinstance(each, Mail)]


@cache
def catalog() -> dict[str, Mail]:
    """Every kind of mail of every room, by template. That none is there twice, a system check holds."""
    return {
        each.template: each
        for _room, mails in reversed(list(rooms.offered("emails", "MAILS")))
        for each in mails
    }


@cache
def checks() -> dict[str, Wanted]:
    """Every check whether a mail is still wanted, by the name that is kept with the mail."""
    return {each.wanted.name: each.wanted for each in catalog().values() if each.wanted is not None}
