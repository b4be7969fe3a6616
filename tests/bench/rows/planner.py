"""A tick of the reminder planner over many registrations, against one sequential scan of their table.

A tick has two parts: it notes what is due, which the budget is about, and it renders and queues the mail. The
registrations are spread over a year, forty an event, so that a day's reminders are a 365th of them.
Everything due at once is the worst that can be; it is measured once and has no budget.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from statistics import median
from typing import Any

from tests.bench.measure import ROUNDS, Row, row, timed
from tests.bench.servers import Bench

BUDGET, AT = 5, 100_000  # the budget binds at this size
EACH = 40  # registrations of an event
ALL_AT_ONCE = 10_000  # no more than these: each is a mail to be rendered
SCAN = "SELECT count(*) FROM events_registration WHERE name = 'Nobody'"


def planner(bench: Bench) -> Iterator[Row]:
    """Rows for each size: a quiet tick, a day's reminders noted and mailed, and everything at once."""
    for size in bench.sizes:
        yield from at_size(bench, size)


def at_size(bench: Bench, size: int) -> Iterator[Row]:
    """The rows of one size."""
    from core import clock
    from core.mail.models import OutgoingMail, Reminder, ReminderRule
    from core.mail.reminders import plan
    from core.mail.reminders.composing import compose
    from core.mail.reminders.planning import note_all
    from core.mail.reminders.sources import make_default_rules
    from core.models import Department
    from events.models import Event

    def scan() -> float:
        return timed(lambda: bench.sql(SCAN))

    def tick(moment: datetime) -> float:
        with clock.at(moment):
            return timed(lambda: plan(moment))

    def day(moment: datetime) -> None:
        """A day's reminders, its parts measured apart."""
        before = Reminder.objects.count(), OutgoingMail.objects.count()
        with clock.at(moment):
            noting.append(timed(lambda: note_all(moment, zone)))
            mailing.append(timed(lambda: compose(moment)))
        noted.append(Reminder.objects.count() - before[0])
        mailed.append(OutgoingMail.objects.count() - before[1])

    zone = Department.current().zone
    start = clock.now().replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=30)
    make_default_rules()
    fill(bench, size, start)
    ReminderRule.objects.update(activated_at=start - timedelta(days=1))
    tick(start)
    quiet: list[float] = []
    noting: list[float] = []
    mailing: list[float] = []
    floor: list[float] = []
    noted: list[int] = []
    mailed: list[int] = []
    for number in range(1, ROUNDS + 1):
        moment = start + timedelta(days=number)
        floor.append(scan())
        day(moment)
        floor.append(scan())
        quiet.append(tick(moment + timedelta(minutes=5)))
    common: dict[str, Any] = {"floor_name": "scan", "budget": BUDGET if size >= AT else 0}
    asked = statements(moment + timedelta(minutes=10))
    yield row("planner's tick, nothing new", size, quiet, floor, **common, note=asked)
    rows = f"{median(noted):.0f} reminders"
    yield row("planner's tick, a day's reminders: noted", size, noting, floor, **common, note=rows)
    each = [seconds / count for seconds, count in zip(mailing, mailed, strict=True)]
    yield row("planner's tick, a day's reminders: rendered and queued, a mail", size, each)
    whole = [sum(parts) for parts in zip(noting, mailing, strict=True)]
    mails = f"{median(mailed):.0f} mails"
    yield row("planner's tick, a day's reminders: the whole", size, whole, note=mails)
    if size <= ALL_AT_ONCE:
        bench.sql("TRUNCATE mail_outgoingmail, mail_reminder CASCADE")
        begins = moment + timedelta(days=3)
        Event.objects.update(starts_at=begins, ends_at=begins + timedelta(hours=2))
        once = tick(moment + timedelta(days=2))
        yield row("planner's tick, everything due at once, a mail", size, [once], per=size, note="once")


def fill(bench: Bench, size: int, start: datetime) -> None:
    """Make the registrations, to events at one time of day spread evenly over the year around `start`."""
    from events.models import Event, Registration

    long_ago = start - timedelta(days=700)
    events = size // EACH
    triggers = "ALTER TABLE events_event {0} TRIGGER USER; ALTER TABLE events_registration {0} TRIGGER USER"
    bench.sql(triggers.format("DISABLE"))  # else history would be written of each
    bench.sql("TRUNCATE mail_outgoingmail, mail_reminder, events_registration, events_event CASCADE")
    made = Event.objects.bulk_create(
        Event(
            title=f"Workshop {n}",
            slug=f"workshop-{n}",
            venue_name="Lincoln Branch Library",
            starts_at=(begins := start + timedelta(days=n * 365 // events - 30, hours=3)),
            ends_at=begins + timedelta(hours=2),
            status="published",
            created_at=long_ago,
        )
        for n in range(events)
    )
    numbers = count(1)
    rows = (
        Registration(
            event=event,
            email=f"guest{(n := next(numbers))}@people.example",
            name="Ana Ortiz",
            status="registered",
            token=f"bench-{n}",
            confirmed_at=long_ago,
            created_at=long_ago,
        )
        for event in made
        for _ in range(EACH)
    )
    Registration.objects.bulk_create(rows, batch_size=2000)
    bench.sql(triggers.format("ENABLE"))
    bench.sql("ANALYZE")


def statements(moment: datetime) -> str:
    """How many statements a quiet tick takes, and how many of them for the rules of one source."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core.mail.models import ReminderRule
    from core.mail.reminders import plan
    from core.mail.reminders.planning import note
    from core.mail.reminders.sources import sources
    from core.models import Department

    zone, asked = Department.current().zone, []
    rules = list(ReminderRule.objects.filter(active=True))
    with CaptureQueriesContext(connection) as in_all:
        plan(moment)
    for key, source in sources().items():
        if mine := [rule for rule in rules if rule.source == key]:
            with CaptureQueriesContext(connection) as of_source:
                note(mine, source, moment, zone)
            asked.append(len(of_source))
    return f"{len(in_all)} statements for {len(rules)} rules, {min(asked)} to {max(asked)} a source"
