"""The events of the demonstration: past ones with who came, coming ones with who registered."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from core import clock
from core.demo.moments import SATURDAY, THURSDAY, TUESDAY, Moments
from core.mail import reminders
from events import services
from events.models import Event, Registration
from partnerships.businesses.demo.shops import Shop
from partnerships.businesses.models import Area

from .residents import person

RIVERTON = "Riverton, IL 60600"
LIBRARY = {
    "venue_name": "Lincoln Branch Library",
    "street": "2400 N Juniper St",
    "city": RIVERTON,
    "directions": "Meeting room on the first floor. Parking behind the building.",
    "accessibility": "Step-free entrance on Juniper Street, accessible restroom, hearing loop.",
}


@dataclass(frozen=True)
class Occasion:
    """One event and who takes part.

    Args:
        title: as it is announced.
        kind: a value of `events.choices.Kind`.
        starts: when it begins.
        hours: how long it lasts.
        summary: one sentence.
        fields: other columns of the event.
        officer: key of the officer who runs it.
        partners: how many partner businesses register.
        residents: seats that residents take.
        waiting: parties that come after the last seat is gone.
        callers: residents who called and have no address.
        headcount: people counted at a past drop-in event.
        cancelled: why it was called off, if it was.
        published: whether it left the draft.
        host: key of the shop that hosts it.
        district: code of the district it belongs to.
    """

    title: str
    kind: str
    starts: datetime
    hours: int
    summary: str
    fields: dict[str, Any] = field(default_factory=dict)
    officer: str = "reyes"
    partners: int = 0
    residents: int = 0
    waiting: int = 0
    callers: int = 0
    headcount: int | None = None
    cancelled: str = ""
    published: bool = True
    host: str = ""
    district: str = "19"


def occasions(moments: Moments) -> list[Occasion]:
    """All events, placed around today."""
    drop_in = {"registration": "drop_in"}
    bean = {
        **drop_in,
        "venue_name": "Corner Bean & Co. Coffee",
        "street": "3304 N Juniper St",
        "city": RIVERTON,
        "accessibility": "Level entrance. The back table is reached without steps.",
    }
    workshop = "Two officers show what to do before, during and after a robbery, with time for questions."
    coffee = "No agenda, no speeches: have a coffee with the officers of your beat."
    past_coffees = [
        Occasion(
            "Coffee and conversation", "forum", moments.second_wednesday(-n), 2, coffee, bean,
            host="corner-bean", headcount=count,
        )
        for n, count in ((3, 24), (2, 31), (1, 28))
    ]  # fmt: skip
    coming_coffee = moments.second_wednesday(0)
    if coming_coffee <= moments.now + timedelta(days=1):
        coming_coffee = moments.second_wednesday(1)
    return [
        Occasion(
            "Fall street fair on Larkspur Avenue", "fair", moments.weekday(SATURDAY, -7, 11), 5,
            "Food, music and forty tables of shops and block clubs.",
            {**drop_in, "venue_name": "Larkspur Avenue, from Third Terrace to Lumen Lane", "city": RIVERTON},
            headcount=640,
        ),
        Occasion(
            "Robbery prevention workshop", "workshop", moments.weekday(TUESDAY, -9), 2, workshop,
            {**LIBRARY, "capacity": 40}, partners=8, residents=18,
        ),
        *past_coffees,
        Occasion(
            "Lighting and locks: a seminar for shops", "seminar", moments.weekday(THURSDAY, -4, 9), 2,
            "What a burglar looks for, and what it costs to fix. For partner businesses.",
            {**LIBRARY, "capacity": 25, "audience": "partners"}, partners=9, officer="brandt", district="14",
        ),
        Occasion(
            "Bicycle registration day", "other", moments.weekday(SATURDAY, -3, 10), 4,
            "Bring your bicycle; we note its number and you get a sticker.",
            {"venue_name": "Old Mill Bicycle Works", "street": "2715 N Lakemere Rd", "city": RIVERTON,
             "capacity": 60},
            host="old-mill-bikes", residents=9, cancelled="The storm warning for Saturday.",
        ),
        Occasion(
            "Watch meeting, beat 1925", "watch", moments.days(-6, 19), 2,
            "Neighbors and shops of the beat look back on the month.",
            {"venue_name": "Two Otters Books", "street": "3015 N Juniper St", "city": RIVERTON,
             "capacity": 30},
            host="two-otters", partners=5, residents=9,
        ),
        Occasion(
            "Closing up safely: a talk for night staff", "workshop", moments.days(-1, 16), 1,
            "Half an hour on the closing routine, half an hour for questions.",
            {"venue_name": "Quill Street Print Shop", "street": "5216 N Quill St", "city": RIVERTON,
             "capacity": 20},
            host="quill-print", officer="tran", district="20", partners=6, residents=4,
        ),
        Occasion(
            "Robbery prevention workshop", "workshop", moments.weekday(TUESDAY), 2, workshop,
            {**LIBRARY, "capacity": 40}, partners=7, residents=24, waiting=3, callers=1,
        ),
        Occasion(
            "Small Business Saturday walk", "other", moments.weekday(SATURDAY, 0, 10), 2,
            "We walk past nine partner shops on Larkspur Avenue and say hello.",
            {**drop_in, "venue_name": "In front of La Espiga Dorada", "street": "3612 N Larkspur Ave",
             "city": RIVERTON},
            host="panaderia-espiga",
        ),
        Occasion("Coffee and conversation", "forum", coming_coffee, 2, coffee, bean, host="corner-bean"),
        Occasion(
            "Holiday parking forum", "forum", moments.weekday(THURSDAY, 1), 2,
            "How to share the curb in the busiest weeks.", {**LIBRARY, "capacity": 50}, residents=5,
            callers=2, cancelled="The city moved the parking trial to spring.",
        ),
        Occasion(
            "Safe winter storefronts: a seminar for shops", "seminar", moments.weekday(THURSDAY, 2, 9), 2,
            "Ice, light and early darkness. For partner businesses.",
            {**LIBRARY, "capacity": 25, "audience": "partners"}, partners=7, officer="nair", district="12",
        ),
        Occasion(
            "Open house at the art school", "fair", moments.weekday(SATURDAY, 3, 13), 3,
            "Clay, paint and a table with the officers of the district.",
            {**drop_in, "venue_name": "Harborlight Art School", "street": "401 N Pierhead Dr",
             "city": RIVERTON},
            host="harbor-arts", officer="nair", district="18",
        ),
        Occasion(
            "Spring street fair", "fair", moments.weekday(SATURDAY, 20, 11), 5,
            "Planning has begun.", {**drop_in, "venue_name": "To be found"}, published=False,
        ),
    ]  # fmt: skip


class Stage:
    """Plays the events.

    Args:
        moments: the days around today.
        users: the department's people by key.
        shops: all shops; partners register, hosts host.
    """

    def __init__(self, moments: Moments, users: dict[str, User], shops: list[Shop]) -> None:
        self.moments = moments
        self.users = users
        self.shops = {each.key: each for each in shops}
        self.residents = 0
        self.districts: dict[str, Area] = {each.code: each for each in Area.objects.current().districts()}

    def play(self, occasion: Occasion) -> Event:
        """Play one event from its announcement to its follow-up, as far as that lies in the past."""
        officer = self.users[occasion.officer]
        announced = min(occasion.starts - timedelta(days=28), self.moments.days(-3, 9))
        host = self.shops[occasion.host].business if occasion.host else None
        with clock.at(announced):
            event = services.create_event(
                actor=officer,
                title=occasion.title,
                kind=occasion.kind,
                summary=occasion.summary,
                description=occasion.summary,
                starts_at=occasion.starts,
                ends_at=occasion.starts + timedelta(hours=occasion.hours),
                host=host,
                area=self.districts[occasion.district],
                **occasion.fields,
            )
            if not occasion.published:
                return event
            event = services.publish_event(event=event, actor=officer)
        self._register(occasion, event, announced + timedelta(hours=6))
        if occasion.cancelled:
            called_off = min(occasion.starts - timedelta(days=2), self.moments.days(-1, 15))
            with clock.at(called_off):
                return services.cancel_event(event=event, actor=officer, reason=occasion.cancelled)
        if event.ends_at < self.moments.now:
            self._hold(occasion, event, officer)
        return event

    def _register(self, occasion: Occasion, event: Event, opens: datetime) -> None:
        if event.is_drop_in:
            return
        step = (min(event.starts_at - timedelta(hours=30), self.moments.now) - opens) / 60
        moment = opens
        for shop, owner in self._partners(opens)[: occasion.partners]:
            moment += step
            with clock.at(moment):
                services.register_business(
                    event=event, business=shop.business, user=owner, party_size=1 + len(shop.key) % 2
                )
        sizes = random.Random(event.slug)  # noqa: S311 - sizes of invented parties
        seats = occasion.residents
        while seats > 0:
            size = min(seats, sizes.choice((1, 1, 2, 3)))
            seats -= size
            moment += step
            self._resident(event, size, moment)
        for _n in range(occasion.callers):
            moment += step
            self._caller(event, moment)
        for _n in range(occasion.waiting):
            moment += step
            self._fill_up(event, moment)
            self._resident(event, 2, moment)

    def _resident(self, event: Event, size: int, moment: datetime) -> None:
        name, email = person(self.residents)
        self.residents += 1
        with clock.at(moment):
            services.enter_registration(
                event=event, actor=event.created_by, name=name, email=email, party_size=size, notify=False
            )

    def _caller(self, event: Event, moment: datetime) -> None:
        name, _email = person(self.residents)
        phone = f"555-01{self.residents % 100:02}"
        self.residents += 1
        with clock.at(moment):
            services.enter_registration(
                event=event, actor=event.created_by, name=name, phone=phone, party_size=1,
                accommodation="A seat near the front",
            )  # fmt: skip

    def _fill_up(self, event: Event, moment: datetime) -> None:
        """Leave at most one seat, so that a party of two waits."""
        taken = Registration.objects.filter(event=event).seats(moment)
        while event.capacity is not None and event.capacity - taken > 2:
            size = min(event.party_limit, event.capacity - taken - 2)
            self._resident(event, size, moment)
            taken += size
        if event.capacity is not None and event.capacity - taken == 2:
            self._resident(event, 1, moment)

    def _partners(self, at: datetime) -> list[tuple[Shop, User]]:
        """Shops that were partners at a moment, with their owners, each time in another order."""
        found = [
            (shop, shop.owner)
            for shop in self.shops.values()
            if shop.owner is not None
            and shop.business.standing == "partner"
            and shop.organization.partner_since is not None
            and shop.organization.partner_since < at.date()
        ]
        random.Random(str(at.date())).shuffle(found)  # noqa: S311 - an order, no secret
        found.sort(
            key=lambda each: each[0].key != "panaderia-espiga"
        )  # the demonstration's owner is always in
        return found

    def _hold(self, occasion: Occasion, event: Event, officer: User) -> None:
        """The reminder went out, people came, the follow-up went out."""
        with clock.at(self._morning(event.starts_at, -1)):
            reminders.plan()
        with clock.at(event.ends_at - timedelta(minutes=20)):
            if event.is_drop_in:
                services.set_headcount(event=event, count=occasion.headcount, actor=officer)
                return
            rows = Registration.objects.filter(event=event, status="registered").order_by("pk")
            for number, each in enumerate(rows):
                missed = number % 8 == 7
                (services.mark_no_show if missed else services.mark_attended)(
                    registration=each, actor=officer
                )
            services.set_walk_ins(event=event, count=2, actor=officer)
        follow_up = self._morning(event.ends_at, 1)
        if follow_up < self.moments.now:
            with clock.at(follow_up):
                reminders.plan()

    def _morning(self, moment: datetime, days: int) -> datetime:
        """When the planner has come by on a day before or after a moment."""
        day = moment.astimezone(self.moments.zone).date() + timedelta(days=days)
        return self.moments.on(day, 8, 5)
