"""The lists, the page and the calendar file; and what they cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.urls import reverse

from core import clock
from core.models import Department
from events import services
from tests.factories.accounts import sign_in
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def calendar(client, event):
    answer = client.get(reverse("public:event_ics", args=[event.slug]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(answer.content)


def entry(client, event):
    return calendar(client, event).walk("VEVENT")[0]


def test_the_calendar_file_keeps_its_uid_and_raises_its_sequence(client, officer):
    event = EventFactory(title="Talk; with, commas\nand a break")
    before = entry(client, event)
    later = event.starts_at + timedelta(days=2)
    services.update_event(event=event, actor=officer, starts_at=later, ends_at=later + timedelta(hours=1))
    after = entry(client, event)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstart"].dt == later
    assert str(after["summary"]).startswith("Talk; with, commas")
    assert (before["status"], after["status"]) == ("CONFIRMED", "CONFIRMED")


def test_a_cancelled_event_says_so_to_calendars(client, officer):
    event = EventFactory()
    services.cancel_event(event=event, actor=officer)
    found = entry(client, event)
    assert (found["status"], found["sequence"]) == ("CANCELLED", 1)


@pytest.mark.parametrize(
    ("starts", "hour", "offset"),
    [
        (datetime(2026, 11, 2, 0, 0, tzinfo=UTC), 18, -6),  # Nov 1, after the clocks went back
        (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), 18, -5),
        (datetime(2026, 3, 8, 23, 0, tzinfo=UTC), 18, -5),  # Mar 8, after they went forward
        (datetime(2027, 3, 14, 0, 0, tzinfo=UTC), 18, -6),
    ],
)
def test_the_calendar_file_has_the_departments_zone_with_its_rules(client, starts, hour, offset):
    event = EventFactory(starts_at=starts)
    whole = calendar(client, event)
    found = whole.walk("VEVENT")[0]
    assert found["dtstart"].params["TZID"] == "America/Chicago"
    assert found["dtstart"].dt == starts
    assert found["dtstart"].dt.hour == hour
    assert found["dtstart"].dt.utcoffset() == timedelta(hours=offset)
    assert [str(zone["tzid"]) for zone in whole.walk("VTIMEZONE")] == ["America/Chicago"]


def test_no_name_in_the_calendar_file_adds_a_line(client):
    event = EventFactory(title="Talk\r\nATTENDEE:mailto:evil@evil.example", venue_name="Hall\nX-EVIL:1")
    found = entry(client, event)
    assert "attendee" not in found
    assert "x-evil" not in found


def test_the_public_list_has_months_seats_and_no_drafts_archives_or_partner_events(client, officer):
    EventFactory(title="Open one", capacity=40)
    full = EventFactory(title="Full one", capacity=1)
    place(full)
    EventFactory(title="Walk", registration="drop_in", capacity=None)
    hidden: list[dict[str, Any]] = [{"status": "draft"}, {"audience": "partners"}, {"in_days": -4}]
    for number, more in enumerate(hidden):
        EventFactory(title=f"Hidden {number}", **more)
    gone = EventFactory(title="Hidden archive", in_days=-2, status="closed")
    services.archive_event(event=gone, actor=officer)
    page = client.get(reverse("public:events")).content.decode()
    for words in ("40 seats left", "full, with a waitlist", "just come"):
        assert words in page
    assert "Hidden" not in page
    past = client.get(reverse("public:events_past")).content.decode()
    assert "Hidden 2" in past
    assert "Hidden archive" not in past


def test_search_and_kind_narrow_the_list(client):
    EventFactory(title="Lighting seminar", kind="seminar")
    EventFactory(title="Robbery workshop", kind="workshop")
    address = reverse("public:events")
    assert "Robbery" not in client.get(address, {"q": "light semi"}).content.decode()
    assert "Lighting" not in client.get(address, {"kind": "workshop"}).content.decode()
    assert "No event matches" in client.get(address, {"q": "zzz"}).content.decode()
    assert client.get(address, {"kind": "nonsense", "page": "x", "sort": "evil"}).status_code == 200


def test_empty_lists_say_what_to_do(client, officer, member):
    assert "Become a partner" in client.get(reverse("public:events")).content.decode()
    assert "No past events yet" in client.get(reverse("public:events_past")).content.decode()
    sign_in(client, member)
    assert "Nothing is planned" in client.get(reverse("portal:events")).content.decode()
    sign_in(client, officer)
    assert "Add an event" in client.get(reverse("desk:events")).content.decode()


def test_the_page_tells_how_to_ask_for_accommodation_and_until_when(client):
    event = EventFactory(
        starts_at=datetime(2027, 12, 2, 0, 0, tzinfo=UTC), accessibility="Step-free entrance",
        accommodation_contact="Kim Park, 555-0199",
    )  # fmt: skip
    with clock.at(datetime(2027, 11, 1, tzinfo=UTC)):
        page = client.get(event.get_absolute_url()).content.decode()
    for words in (
        "Step-free entrance",
        'Kim Park, <a href="tel:5550199">555-0199</a>',
        "November 24, 2027",
        "6:00 p.m.",
        "CST",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("phone", "named", "said"),
    [
        ("", "", "Accessibility coordinator, partners@riverton.example"),
        ("312-555-0100", "", 'Accessibility coordinator, <a href="tel:3125550100">312-555-0100</a>'),
        ("312-555-0100", "Kim Park", 'Kim Park, <a href="tel:3125550100">312-555-0100</a>'),
        ("312-555-0100", "Kim Park, kim@riverton.example", "Kim Park, kim@riverton.example"),
    ],
)
def test_whom_to_ask_for_help_can_be_reached_even_where_nobody_is_named(client, phone, named, said):
    Department.objects.create(pk=1, email="partners@riverton.example", phone=phone)
    event = EventFactory(accommodation_contact=named)
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"<p>Whom to ask: {said}</p>" in page


def test_no_page_runs_what_someone_typed(client, officer):
    evil = "<script>alert(1)</script>"
    event = EventFactory(
        title=evil, summary=evil, description=evil, venue_name=evil, directions=evil, capacity=1
    )
    one = place(event, evil, accommodation=evil)
    two = place(event, evil)
    addresses = [reverse("public:events"), event.get_absolute_url(),
                 one.get_absolute_url(), two.get_absolute_url()]  # fmt: skip
    pages = [client.get(each).content.decode() for each in addresses]
    sign_in(client, officer)
    for name in ("event", "event_edit", "event_attendance", "attendance_print", "event_cancel"):
        pages.append(client.get(reverse(f"desk:{name}", args=[event.pk])).content.decode())
    assert all("<script>alert" not in page for page in pages)


def test_the_link_of_a_mail_opens_the_calendar_file_also_of_an_event_for_partners(client):
    event = EventFactory(audience="partners")
    row = place(event)
    assert client.get(reverse("public:event_ics", args=[event.slug])).status_code == 404
    answer = client.get(reverse("public:registration_ics", args=[row.token]))
    assert icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]["summary"] == event.title
    assert client.get(reverse("public:registration_ics", args=["x"])).status_code == 404


def test_a_free_seat_that_others_wait_for_is_offered_to_nobody(client, portal_member):
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=2)
    place(event, "Big", party_size=2)
    place(event, "Cy", party_size=1)
    for address in ("/", reverse("public:events"), event.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "ull · 2 parties waiting" in page
        assert "1 seat left" not in page
    assert "Join the waitlist" in page
    for name, args in (("portal:events", []), ("portal:event_register", [event.slug])):
        page = portal_member.get(reverse(name, args=args)).content.decode()
        assert "ull · 2 parties waiting" in page
        assert "1 seat left" not in page
    assert "Join the waitlist" in page


def test_where_a_smaller_party_may_pass_the_free_seat_is_shown_beside_the_line(client):
    event = EventFactory(capacity=3, small_may_pass=True)
    place(event, "Ana", party_size=2)
    place(event, "Big", party_size=2)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "1 seat left · 1 party waiting" in page
    assert "Join the waitlist" not in page


def test_an_unconfirmed_request_changes_nothing_that_the_public_reads(client):
    event = EventFactory(capacity=2)
    words = "2 seats left"
    assert words in client.get(event.get_absolute_url()).content.decode()
    services.request_place(event=event, name="Ana", email="ana@people.example", party_size=2)
    for address in ("/", reverse("public:events"), event.get_absolute_url()):
        assert words in client.get(address).content.decode()
    assert place(event, "Ben").status == "waitlisted"


def test_a_description_that_says_the_summary_again_is_shown_once(client, portal_member):
    event = EventFactory(summary="Keep your till safe.", description="Keep your  till safe.\n", kind="other")
    for browser, address in (
        (client, event.get_absolute_url()),
        (portal_member, reverse("portal:event_register", args=[event.slug])),
    ):
        page = browser.get(address).content.decode()
        assert page.split("<main")[1].count("Keep your") == 1
        assert "Other event" not in page
