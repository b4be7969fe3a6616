"""No mail asks for something by a day that is past, or promises something until one: every kind is tried.

Neither when it is written nor, if it waited behind a relay that was down, when it would leave.
"""

import re
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import get_args, get_type_hints

import pytest

from core import clock
from core.access import Refused
from core.mail.desk.steps import resend
from core.mail.models import OutgoingMail
from core.mail.outbox import Reader, Until, catalog
from core.mail.outbox.ahead import first_day, marked, still_ahead
from core.mail.outbox.compose import render
from core.mail.outbox.life import lines
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.models import Department
from tests.factories.accounts import SupervisorFactory

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


def queued(name="vetting/receipt"):
    """A mail of the catalog that waits since November 1; the days of its sample come later."""
    with clock.at(datetime(2026, 11, 1, 12, tzinfo=UTC)):
        return KINDS[name].send(to=READER, payload=KINDS[name].sample)


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if first_day(kind.sample()) is not None]
)
def test_what_waited_until_its_day_was_past_is_not_sent_and_a_person_is_told_to_call(name, sink):
    mail = queued(name)
    with clock.at(YEARS_LATER):
        assert drain().failed == 1
    mail.refresh_from_db()
    assert not sink.received
    assert mail.status == Status.FAILED
    assert OutgoingMail.objects.in_trouble().get() == mail
    assert "Call the recipient." in lines(mail)[-1][1]


@pytest.mark.parametrize(("day", "sent"), [(0, 1), (1, 0)])
def test_on_the_day_itself_it_still_goes_out(sink, day, sent):
    """The control: the same mail, a day apart."""
    mail = queued(next(name for name, kind in KINDS.items() if first_day(kind.sample()) and not kind.wanted))
    noon = datetime.combine(mail.names_day, time(18), tzinfo=UTC)
    with clock.at(noon + timedelta(days=day)):
        assert (drain().sent, len(sink.received)) == (sent, sent)


def test_a_mail_that_names_no_day_waits_as_long_as_it_must(sink):
    name = next(name for name, kind in KINDS.items() if first_day(kind.sample()) is None and not kind.wanted)
    queued(name)
    with clock.at(datetime(2026, 12, 24, 12, tzinfo=UTC)):
        assert drain().sent == 1


def test_one_whose_day_is_past_is_not_sent_again_by_hand_either(sink):
    mail = queued()
    with clock.at(YEARS_LATER):
        drain()
        mail.refresh_from_db()
        with pytest.raises(Refused, match="A day that this mail names is past"):
            resend(mail=mail, actor=SupervisorFactory())
    assert not mail.copies.exists()


def test_the_first_of_several_days_is_kept_also_from_parts_of_a_mail():
    first, second = date(2027, 3, 5), date(2027, 4, 1)
    assert first_day(Letter("x", second, [Line(None), Line(first)], Line(second))) == first
    assert first_day(Letter("x", None, [], Line(None))) is None
    assert first_day("no payload") is None
