"""A new time zone of the department moves nobody's hour without a word."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse

from core import clock
from core.models import Department
from events import services
from events.models import PhoneCall
from tests.adminpages import version_of
from tests.factories.accounts import AdminFactory, sign_in
from tests.factories.core import is_wanted
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
CHICAGO, NEW_YORK = ZoneInfo("America/Chicago"), ZoneInfo("America/New_York")


@pytest.fixture
def page(client):
    """The settings of the department, as an administrator's browser sends them."""
    Department.objects.update_or_create(pk=1, defaults={"time_zone": "America/Chicago"})
    sign_in(client, AdminFactory())
    url = reverse("admin:core_department_change", args=[1])

    def send(**changes):
        form = client.get(url).context["adminform"].form
        values = {name: form[name].value() or "" for name in form.fields if name != "hours"}
        inline = {"days_off-TOTAL_FORMS": "0", "days_off-INITIAL_FORMS": "0"}
        return client.post(url, {**values, **inline, "version": version_of(client, url), **changes})

    return send


@pytest.fixture
def event():
    """At 6 p.m. in Chicago, with Ana who has a seat and Ben who waits."""
    day = (clock.now() + timedelta(days=20)).astimezone(CHICAGO).date()
    starts = datetime(day.year, day.month, day.day, 18, tzinfo=CHICAGO)
    found = EventFactory(title="Workshop", starts_at=starts, ends_at=starts + timedelta(hours=2), capacity=1)
    place(found, "Ana")
    place(found, "Ben")
    return found


def zone_now():
    return Department.objects.get().time_zone


def test_the_page_says_which_events_would_move_and_saves_nothing_yet(page, event):
    EventFactory(title="Long ago", in_days=-3)
    answer = page(time_zone="America/New_York")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "The new time zone moves the hours of what is to come" in body
    assert (
        "6:00 p.m. CST would become 7:00 p.m. EST" in body
        or "6:00 p.m. CDT would become 7:00 p.m. EDT" in body
    )
    assert "Long ago" not in body
    assert 'name="hours"' in body
    assert zone_now() == "America/Chicago"


def test_the_hour_on_the_clock_is_kept_and_nobody_is_told_of_a_move(page, event, mails):
    answer = page(time_zone="America/New_York", hours="keep")
    assert answer.status_code == 302
    assert zone_now() == "America/New_York"
    before = event.starts_at
    event.refresh_from_db()
    assert event.starts_at.astimezone(NEW_YORK).hour == 18
    assert event.starts_at == before - timedelta(hours=1)
    assert event.ends_at - event.starts_at == timedelta(hours=2)
    assert event.sequence == 1  # calendars that hold the entry take over the new one
    assert mails("moved") == []


def entry_of(mail):
    (entry,) = icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")
    return entry


def test_where_the_hour_is_kept_the_calendars_of_all_with_a_seat_are_corrected_once(page, event, mails):
    ana = event.registrations.get(name="Ana")
    services.enter_registration(event=event, actor=event.created_by, name="By phone", party_size=1)
    asked = page(time_zone="America/New_York").content.decode()
    assert "Everyone with a seat gets one mail that corrects the entry in their calendar." in asked
    assert mails() == []
    services.update_event(event=event, actor=event.created_by, capacity=2)  # the seat is Ben's now
    held = {entry_of(mail)["uid"]: entry_of(mail) for mail in mails("promoted")}
    (old,) = held.values()
    assert page(time_zone="America/New_York", hours="keep").status_code == 302
    event.refresh_from_db()
    first, second = mails("hour_kept")
    assert [first.subject_id, second.to] == [ana.pk, event.registrations.get(name="Ben").email]
    for mail in (first, second):
        new = entry_of(mail)
        assert mail.calendar_method == "REQUEST"
        assert new["sequence"] == event.sequence > old["sequence"]
        assert new["dtstart"].dt == event.starts_at == old["dtstart"].dt - timedelta(hours=1)
        assert new["dtend"].dt == event.ends_at
        assert mail.subject == "Your calendar entry, corrected: Workshop"
        assert mail.useless_after == event.ends_at
        assert is_wanted(mail)
        for body in (mail.text, mail.html):
            assert "begins at the hour that was announced" in body
            assert "6:00 p.m. to 8:00 p.m. E" in body
    assert entry_of(second)["uid"] in held
    assert len(mails()) == 3, "who waits was sent no entry, and a call is for who has to be told something"
    assert not PhoneCall.objects.exists()
    assert page(phone="312-555-0100").status_code == 302
    assert len(mails("hour_kept")) == 2
    services.cancel_place(registration=ana, actor=None)
    assert not is_wanted(first)


def test_a_draft_a_cancelled_event_and_one_whose_hour_stays_correct_no_calendar(event, mails):
    off = EventFactory(title="Off")
    place(off, "Cy")
    services.cancel_event(event=off, actor=off.created_by)
    EventFactory(status="draft")
    over = EventFactory(in_days=-3)
    place_before(over, "Di")
    before = len(mails("event_cancelled"))
    services.follow_zone(old=CHICAGO, new=ZoneInfo("America/Menominee"), keep_hours=True, actor=None)
    assert mails("hour_kept") == []
    services.follow_zone(old=CHICAGO, new=NEW_YORK, keep_hours=True, actor=None)
    assert [mail.recipient_name for mail in mails("hour_kept")] == ["Ana"]
    assert len(mails()) == before + 1


def place_before(event, name):
    with clock.at(event.starts_at - timedelta(days=1)):
        return place(event, name)


def test_where_the_moment_is_kept_everyone_is_told_the_new_hour_once(page, event, mails):
    before = event.starts_at
    assert page(time_zone="America/New_York", hours="move").status_code == 302
    event.refresh_from_db()
    assert event.starts_at == before
    told = mails("moved")
    assert len(told) == 2
    for mail in told:
        assert "6:00 p.m. to 8:00 p.m. C" in mail.text
        assert "7:00 p.m. to 9:00 p.m. E" in mail.text
    assert page(phone="312-555-0100").status_code == 302  # another change of the page tells nobody again
    assert len(mails("moved")) == 2


def test_a_zone_in_which_every_hour_stays_asks_nothing(page, event):
    assert page(time_zone="America/Menominee").status_code == 302
    event.refresh_from_db()
    assert event.sequence == 0


def test_without_coming_events_nothing_is_asked(page):
    assert page(time_zone="America/New_York").status_code == 302
    assert zone_now() == "America/New_York"


def test_a_draft_keeps_its_hour_too_and_what_is_over_stays_as_it_was(event):
    draft, over = EventFactory(status="draft"), EventFactory(in_days=-3)
    services.follow_zone(old=CHICAGO, new=NEW_YORK, keep_hours=True, actor=None)
    wall = draft.starts_at.astimezone(CHICAGO).replace(tzinfo=None)
    stood = over.starts_at
    draft.refresh_from_db()
    over.refresh_from_db()
    assert draft.starts_at.astimezone(NEW_YORK).replace(tzinfo=None) == wall
    assert over.starts_at == stood


def test_an_hour_of_the_other_half_of_the_year_is_carried_over_as_well(event):
    summer = EventFactory(starts_at=datetime(2027, 7, 1, 18, tzinfo=CHICAGO).astimezone(UTC))
    services.follow_zone(old=CHICAGO, new=ZoneInfo("America/Phoenix"), keep_hours=True, actor=None)
    summer.refresh_from_db()
    assert summer.starts_at.astimezone(ZoneInfo("America/Phoenix")).hour == 18
