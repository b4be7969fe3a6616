"""A tick of the reminder planner over many registrations, against one sequential scan of their table.

The registrations are spread over a year, forty an event, so that a day's reminders are a 365th of them.
Everything due at once is the worst that can be; it is measured once and has no budget.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.bench.measure import ROUNDS, Row, row, timed
from tests.bench.servers import Bench

BUDGET, AT = 5, 100_000  # the budget binds at this size
EACH = 40  # registrations of an event
ALL_AT_ONCE = 10_000  # no more than these: each is a mail to be rendered
SCAN = "SELECT count(*) FROM events_registration WHERE name = 'Nobody'"


def planner(bench: Bench) -> Iterator[Row]:
    """Rows for each size: a quiet tick, a day's reminders, and everything at once."""
    for size in bench.sizes:
        yield from at_size(bench, size)


def at_size(bench: Bench, size: int) -> Iterator[Row]:
    """The rows of one size."""
    from core import clock
    from core.models import OutgoingMail, ReminderRule
    from core.reminders import plan
    from core.reminders.sources import make_default_rules
    from events.models import Event

    def scan() -> float:
        return timed(lambda: bench.sql(SCAN))

    def tick(moment: datetime) -> float:
        with clock.at(moment):
            return timed(lambda: plan(moment))

    start = clock.now().replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=30)
    make_default_rules()
    fill(bench, size, start)
    ReminderRule.objects.update(activated_at=start - timedelta(days=1))
    tick(start)
    quiet, busy, floor, made = [], [], [], []
    for number in range(1, ROUNDS + 1):
        moment = start + timedelta(days=number)
        before = OutgoingMail.objects.count()
        floor.append(scan())
        busy.append(tick(moment))
        made.append(OutgoingMail.objects.count() - before)
        floor.append(scan())
        quiet.append(tick(moment + timedelta(minutes=5)))
    common: dict[str, Any] = {"floor_name": "scan", "budget": BUDGET if size >= AT else 0}
    asked = statements(moment + timedelta(minutes=10))
    yield row("planner's tick, nothing new", size, quiet, floor, **common, note=asked)
    mails = f"{sorted(made)[len(made) // 2]} mails, rendered and queued"
    yield row("planner's tick, a day's reminders due", size, busy, floor, **common, note=mails)
    if size <= ALL_AT_ONCE:
        bench.sql("TRUNCATE core_outgoingmail, core_reminder CASCADE")
        day = moment + timedelta(days=3)
        Event.objects.update(starts_at=day, ends_at=day + timedelta(hours=2))
        once = tick(moment + timedelta(days=2))
        each = f"{once * 1000 / size:.2f} ms a mail, once"
        yield row("planner's tick, everything due at once", size, [once], floor, floor_name="scan", note=each)


def fill(bench: Bench, size: int, start: datetime) -> None:
    """Make the registrations, to events at one time of day spread evenly over the year around `start`."""
    from events.models import Event, Registration

    long_ago = start - timedelta(days=700)
    events = size // EACH
    triggers = "ALTER TABLE events_event {0} TRIGGER USER; ALTER TABLE events_registration {0} TRIGGER USER"
    bench.sql(triggers.format("DISABLE"))  # else history would be written of each
    bench.sql("TRUNCATE core_outgoingmail, core_reminder, events_registration, events_event CASCADE")
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
    """How many statements a quiet tick takes, and how many of them for one rule."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from core.models import Department, ReminderRule
    from core.reminders import plan
    from core.reminders.planning import note
    from core.reminders.sources import sources

    known, zone, of_rules = sources(), Department.current().zone, []
    with CaptureQueriesContext(connection) as in_all:
        plan(moment)
    for rule in ReminderRule.objects.filter(active=True):
        with CaptureQueriesContext(connection) as asked:
            note(rule, known[rule.source], moment, zone)
        of_rules.append(len(asked))
    return f"{len(in_all)} statements, {min(of_rules)} to {max(of_rules)} a rule, {len(of_rules)} rules"
