"""No mail asks for something by a day that is past, or promises something until one: every kind is tried."""

import re
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from html import unescape
from typing import get_args, get_type_hints

import pytest

from core import clock
from core.mail.outbox import Reader, Until, catalog
from core.mail.outbox.ahead import marked, still_ahead
from core.mail.outbox.compose import render
from core.models import Department

pytestmark = pytest.mark.django_db
KINDS = catalog()
READER = Reader(recipient="contact-3", to="ana@people.example", name="Ana Ortiz")
YEARS_LATER = datetime(2099, 6, 1, 12, tzinfo=UTC)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"\b(?:{MONTHS}) \d{{1,2}}, \d{{4}}\b")

# Mails that name a past day all the same when they are written years later, and why that is right.
FACT = "it says what happened on a day"
WHEN = "it names the day of the event that it is about"
STOPPED = "a reminder, which is useless after that day and then goes to nobody"
NAMES_DAYS = {
    "businesses/claim_waiting": FACT,
    "businesses/invitation_reminder": STOPPED,
    "businesses/invitation_unanswered": STOPPED,
    "mail/digest": STOPPED,
    "vetting/action_reminder": FACT,
    "vetting/approval_expiring": STOPPED,
    "vetting/condition_due": STOPPED,
    "vetting/condition_overdue": FACT,
    "vetting/draft_reminder": FACT,
    "vetting/promise": FACT,
    **{name: WHEN for name in KINDS if name.startswith("events/")},
}


def written(kind, moment):
    """A mail of the catalog as it is queued at a moment, with its sample, as people read it."""
    with clock.at(moment):
        draft = kind.draft(to=READER, payload=kind.sample)
        mail = render(
            template=draft.template, subject=draft.subject, why=draft.why, payload=draft.payload,
            category=draft.category, duty=draft.duty, department=Department(pk=1, name="Riverton Police"),
        )  # fmt: skip
    html = re.sub(r"<style.*?</style>", "", mail.html, flags=re.DOTALL)
    return [mail.subject, mail.text, unescape(re.sub(r"<[^>]*>", " ", html))]


def parts(payload):
    """The classes of a payload: its own, and those of what it holds."""
    yield type(payload)
    for field in fields(payload):
        value = getattr(payload, field.name)
        for each in value if isinstance(value, list) else [value]:
            if is_dataclass(each):
                yield from parts(each)


@pytest.mark.parametrize("name", KINDS)
def test_every_day_of_a_payload_is_one_that_is_left_out_once_it_is_past(name):
    for part in parts(KINDS[name].sample()):
        days = {
            field
            for field, hint in get_type_hints(part).items()
            if {date, datetime} & {hint, *get_args(hint)}
        }
        assert days == marked(part), part


@pytest.mark.parametrize("name", KINDS)
def test_a_mail_written_years_later_asks_for_nothing_by_a_past_day(name):
    told = [day for each in written(KINDS[name], YEARS_LATER) for day in DAY.findall(each)]
    if name in NAMES_DAYS:
        assert not any("ask by" in each for each in written(KINDS[name], YEARS_LATER))
    else:
        assert told == []


@pytest.mark.parametrize(
    "name", ["vetting/receipt", "vetting/welcome", "vetting/declined", "vetting/appeal_receipt"]
)
def test_written_in_time_the_same_mails_name_their_days(name):
    """The control: it is the day of writing that decides."""
    text = written(KINDS[name], datetime(2026, 11, 1, 12, tzinfo=UTC))[1]
    assert DAY.search(text)


def test_no_reason_stands_for_a_mail_that_names_no_day():
    for name in NAMES_DAYS:
        assert name in KINDS
        texts = written(KINDS[name], datetime(2026, 11, 1, 12, tzinfo=UTC))
        assert any(DAY.search(each) for each in texts) or name.startswith("events/"), name


@dataclass(frozen=True)
class Line:
    by: Until


@dataclass(frozen=True)
class Letter:
    written: str
    answer_by: Until
    lines: list[Line]
    line: Line


def test_the_last_day_itself_is_still_named_also_in_parts_of_a_mail():
    today, past = date(2027, 3, 5), date(2027, 3, 4)
    with clock.at(datetime(2027, 3, 6, 5, tzinfo=UTC)):  # 11 p.m. on March 5 in Chicago
        found = still_ahead(Letter("x", past, [Line(past), Line(today)], Line(None)))
        assert found == Letter("x", None, [Line(None), Line(today)], Line(None))
        kept = Letter("x", today, [], Line(today))
        assert still_ahead(kept) is kept
