"""Sets of events and registrations: who may see them, what is due, how full they are."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Lower

from core import clock, mailboxes
from core.access import Actor, visible
from core.folding import has_words
from core.querysets import ScopedQuerySet
from core.roles import WRITERS, Role, role_of
from partnerships.businesses.scoping import InAreas, Reach, own_of

from .choices import (
    CHANGEABLE_STATUSES,
    ON_STATUSES,
    OPEN_STATUSES,
    SEATED_STATUSES,
    SHOWN_STATUSES,
    STANDING_STATUSES,
    News,
)

WEEK = timedelta(days=7)
MOST_SEATS = 2_000_000_000  # stands for no limit where numbers are compared


def seats_taken(now: datetime) -> Q:
    """Registrations that sit on a seat at `now`: for good, or while the hold for their code lasts."""
    return Q(status__in=SEATED_STATUSES) | Q(status="unconfirmed", seat_held=True, held_until__gt=now)


class EventQuerySet(InAreas):
    """Events."""

    def visible_to(self, user: Actor) -> Self:
        """The events that exist for `user`; see docs/decisions/0040.

        Visitors see what was published for everyone; members also what is for partners; officers and
        supervisors the events of their districts, those without an area, those hosted by a business they
        see and those they made; a supervisor without districts, viewers and admins all.
        """
        role = role_of(user)
        if role is None:
            return self.filter(status__in=SHOWN_STATUSES, audience="public")
        if role == Role.MEMBER:
            return self.filter(status__in=SHOWN_STATUSES)
        return super().visible_to(user)

    def in_reach(self, reach: Reach) -> Q:
        """Those in areas in reach or in none, those of hosts in reach, and those they made."""
        return super().in_reach(reach) | Q(created_by=reach.user_id) | reach.at_place("host")

    def on_site_for(self, user: Any) -> Self:
        """What `user` may open on the public site: everybody's events, and what else exists for them."""
        everyones = self.filter(status__in=SHOWN_STATUSES, audience="public")
        return (
            everyones | self.visible_to(user)
            if getattr(user, "is_department", False)
            else self.visible_to(user)
        )

    def shown(self) -> Self:
        """Published at least once and not archived."""
        return self.filter(status__in=SHOWN_STATUSES)

    def upcoming(self, now: datetime | None = None) -> Self:
        """Not over yet, the soonest first."""
        return self.filter(ends_at__gt=now or clock.now()).order_by("starts_at", "pk")

    def past(self, now: datetime | None = None) -> Self:
        """Over, the latest first."""
        return self.filter(ends_at__lte=now or clock.now()).order_by("-starts_at", "-pk")

    def taking_place(self) -> Self:
        """Published, whether or not registration is still open; not cancelled."""
        return self.filter(status__in=ON_STATUSES)

    def search(self, text: str) -> Self:
        """Words in title, summary or place, however they are spelled."""
        return self.filter(has_words(text, "search_text"))

    def this_week(self, now: datetime | None = None) -> Self:
        """What takes place within seven days and is not over yet, the soonest first."""
        now = now or clock.now()
        return self.taking_place().upcoming(now).filter(starts_at__lt=now + WEEK)

    def with_numbers(self) -> Self:
        """Annotate `people` and `parties` (with a seat), `waiting` (people), `waiting_parties` and `came`.

        `waiting_parties` leaves out those larger than all seats: they keep nobody waiting. Seats held for a
        code are in none of them.
        """
        registrations = apps.get_model("events.Registration")._default_manager
        of_event = registrations.filter(event=OuterRef("pk")).order_by().values("event")
        people = Sum("party_size")
        seats = Coalesce(OuterRef("capacity"), Value(MOST_SEATS))

        def total(condition: Q, counted: Any) -> Coalesce:
            rows = of_event.filter(condition).annotate(total=counted).values("total")
            return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))

        return self.annotate(
            people=total(Q(status__in=SEATED_STATUSES), people),
            parties=total(Q(status__in=SEATED_STATUSES), Count("pk")),
            waiting=total(Q(status="waitlisted"), people),
            waiting_parties=total(Q(status="waitlisted", party_size__lte=seats), Count("pk")),
            came=total(Q(status="attended"), Sum(Coalesce("came", "party_size"))),
        )


class RegistrationQuerySet(ScopedQuerySet):
    """Registrations. A link's token opens one of them to whoever holds it, see `by_token`."""

    def visible_to(self, user: Actor) -> Self:
        """Members see their own and those of their businesses; desk writers those of the events they see."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self
        if role == Role.MEMBER:
            return self.filter(Q(user=user) | own_of(user).places("business__"))
        if role in WRITERS:
            event = apps.get_model("events.Event")
            return self.filter(event__in=visible(event, user).order_by().values("pk"))
        return self.none()

    def by_token(self, token: str) -> Self:
        """The one registration whose link this is."""
        return self.filter(token=token)

    def open(self) -> Self:
        """Those that still stand."""
        return self.filter(status__in=OPEN_STATUSES)

    def seated(self) -> Self:
        """Those with a seat for good."""
        return self.filter(status__in=SEATED_STATUSES)

    def standing(self) -> Self:
        """What people hold in their own eyes: a place, one in line, or that they were there."""
        return self.filter(status__in=STANDING_STATUSES)

    def that_fit(self, event: Any) -> Self:
        """Parties that the event can have seats for at all; the others keep nobody waiting.

        Args:
            event: theirs.
        """
        return self if event.capacity is None else self.filter(party_size__lte=event.capacity)

    def too_large(self, event: Any) -> Self:
        """Parties larger than all seats of the event, since seats were cut."""
        return self.none() if event.capacity is None else self.filter(party_size__gt=event.capacity)

    def waiting(self) -> Self:
        """The waitlist, in order."""
        return self.filter(status="waitlisted").order_by("queued_at", "pk")

    def with_passes(self) -> Self:
        """Annotate `passed`: how many parties got seats since that joined later than this one in line."""
        later = Q(queued_at=None) | Q(queued_at__gt=OuterRef("queued_at"))
        seated = self.model._default_manager.filter(
            later, event=OuterRef("event"), confirmed_at__gt=OuterRef("queued_at")
        )
        counted = seated.order_by().values("event").annotate(n=Count("pk")).values("n")
        return self.annotate(passed=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0)))

    def hear_of_changes(self) -> Self:
        """Those who are told when the event moves or is called off: with a place, or in line for one."""
        return self.filter(status__in=CHANGEABLE_STATUSES)

    def reached(self) -> tuple[int, int]:
        """How many of these parties a mail reaches, and how many have to be called; one query."""
        by_phone = Q(email="")
        found = self.aggregate(mails=Count("pk", filter=~by_phone), calls=Count("pk", filter=by_phone))
        return found["mails"], found["calls"]

    def held_too_long(self, now: datetime) -> Self:
        """Unconfirmed ones whose 15 minutes have passed."""
        return self.filter(status="unconfirmed", held_until__lte=now)

    def of_email(self, email: str) -> Self:
        """Those of an address, whatever its letters' case."""
        return self.annotate(lower_email=Lower("email")).filter(lower_email=mailboxes.normal(email))

    def seats(self, now: datetime) -> int:
        """How many seats these take at `now`."""
        return self.filter(seats_taken(now)).aggregate(total=Sum("party_size"))["total"] or 0


class CallQuerySet(ScopedQuerySet):
    """Calls to those who have no address."""

    def visible_to(self, user: Actor) -> Self:
        """Those of the events that a desk writer sees; admins all."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self
        if role not in WRITERS:
            return self.none()
        events = visible(apps.get_model("events.Event"), user).order_by().values("pk")
        return self.filter(registration__event__in=events)

    def open(self) -> Self:
        """To be made: nobody has called yet, and the news still holds, as is asked before a mail goes out."""
        return self.filter(_news_holds(), done_at=None)

    def told_of(self) -> Self:
        """What the event's page shows: those to be made, then those made, the latest first."""
        found = self.filter(_news_holds() | Q(done_at__isnull=False))
        return found.order_by(F("done_at").desc(nulls_first=True), "created_at", "pk")

    def ahead(self) -> Self:
        """Of events that are not over: after that, nobody needs the news."""
        return self.filter(registration__event__ends_at__gt=clock.now())


def _news_holds() -> Q:
    """Calls whose news is still true of the party and its event."""
    party, size, event = "registration__status", "registration__party_size", "registration__event__"
    waits, now = {party: "waitlisted"}, clock.now()
    on = Q(
        Q(news=News.PROMOTED, **{party: "registered"})
        | Q(news=News.MOVED, **{f"{party}__in": CHANGEABLE_STATUSES})
        | Q(
            news=News.TOO_LARGE,
            **waits,
            **{f"{size}__gt": F(f"{event}capacity"), f"{event}starts_at__gt": now},
        )
        | Q(news=News.NO_SEAT, **waits, **{f"{event}starts_at__lte": now}),
        **{f"{event}status__in": ON_STATUSES},
    )
    return on | Q(news=News.CANCELLED)
