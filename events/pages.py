"""What several pages of this room share: the event they show, and the question how many come."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import counters, limits, words
from core.access import Refused, visible
from core.pages.confirm import Question, ask

from . import guards, rules, services
from .choices import RegistrationStatus
from .forms import PeopleForm
from .models import Event, Registration

DESK = "desk/base.html"
CHANGES = 10  # of the number of people of one registration, within ten minutes: each is a mail


def find(request: HttpRequest, pk: int) -> Event:
    """The event, when it exists for the user; else 404."""
    rows: Any = visible(Event, request.user)
    rows = rows.with_numbers().select_related("host__organization", "area__parent", "created_by")
    found: Event = get_object_or_404(rows, pk=pk)
    return found


def resize_page(
    request: HttpRequest, found: Registration, *, user: Any, base: str, back: str
) -> HttpResponse:
    """Change how many people come: for the link of a mail, the portal and the desk.

    `user` is `None` for whoever holds the link: who happens to be signed in counts for nothing there.
    """
    at_desk = base == DESK
    typed = request.POST if request.method == "POST" else None
    form = PeopleForm(typed, event=found.event, at_desk=at_desk, initial={"party_size": found.party_size})

    def resize() -> tuple[str, str]:
        if not at_desk and counters.count_up(f"events.people:{found.pk}", limits.WINDOW) > CHANGES:
            raise Refused(guards.CHANGED_TOO_OFTEN)
        done = services.resize_place(registration=found, actor=user, **form.cleaned_data)
        said = _("Saved: %(people)s.") % {"people": rules.people_in_words(done.party_size)}
        if done.status == RegistrationStatus.WAITLISTED and done.queued_at != found.queued_at:
            place = services.position_of(done)
            said += " " + _("That is number %(n)s on the waitlist now.") % {"n": words.number(place)}
        if done.email and done.party_size != found.party_size:
            said += " " + _("A mail is on its way.")
        return said, back

    names = {"name": found.name, "title": found.event.title}
    question = (
        _("With how many people does %(name)s come?")
        if at_desk
        else _("How many people come to “%(title)s”?")
    )
    asked = Question(
        question=question % names,
        explain=_what_follows(found, at_desk=at_desk),
        confirm=_("Save"),
        keep=_("Back without saving"),
        back=back,
        base=base,
    )
    return ask(request, asked, resize, form=form, refusal=guards.may_change_place(found))


def _what_follows(found: Registration, *, at_desk: bool) -> str:
    """What more or fewer people mean for this party: said before it asks."""
    if found.status != RegistrationStatus.WAITLISTED:
        if at_desk:
            return _("They can bring more only while seats are free. Seats given up go to the next in line.")
        return _("You can bring more only while seats are free. Seats you give up go to the next in line.")
    place, people = services.position_of(found), rules.people_in_words(found.place_in_line_for)
    said = (
        _(
            "They are number %(place)s on the waitlist and asked for %(people)s. With more people than that "
            "they go to the end of the line; with fewer they keep their place."
        )
        if at_desk
        else _(
            "You are number %(place)s on the waitlist and asked for %(people)s. With more people than that "
            "you go to the end of the line; with fewer you keep your place."
        )
    )
    return said % {"place": words.number(place), "people": people}


def told_words(mails: int, calls: int) -> str:
    """How many parties a mail reaches, and how many are to be called.

    Args:
        mails, calls: see `RegistrationQuerySet.reached`.
    """
    said = []
    if mails:
        pattern = ngettext("One party gets a mail.", "%(n)s parties get a mail.", mails)
        said.append(pattern % {"n": words.number(mails)})
    if calls:
        pattern = ngettext(
            "One party has no email address: call them.",
            "%(n)s parties have no email address: call them.",
            calls,
        )
        said.append(pattern % {"n": words.number(calls)})
    return " ".join(said)


def mine(user: Any) -> QuerySet[Registration]:
    """The standing registrations of a person and of the businesses they act for."""
    rows: Any = visible(Registration, user)
    found: QuerySet[Registration] = rows.standing().select_related("business")
    return found
