"""Once an event is cancelled, no page says that somebody is registered, or offers what can't be done."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.mail.models import OutgoingMail
from events import services
from events.models import Registration
from tests.factories.accounts import AdminFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
LIST = reverse("admin:events_registration_changelist")


@pytest.fixture
def off(officer):
    """Cancelled, with Ana who had a seat and Ben who waited."""
    event = EventFactory(actor=officer, capacity=1)
    place(event, "Ana", business=BusinessFactory(name="Corner Bean"))
    place(event, "Ben")
    return services.cancel_event(event=event, actor=officer, reason="")


def main_of(page):
    return page.content.decode().split("<main")[1].split("</main")[0]


def says_registered(html):
    """The word on its own, as a status or a heading."""
    return re.search(r">\s*Registered\s*<", html) is not None


def test_the_desk_reads_that_the_event_is_cancelled_and_is_offered_nothing(desk, off):
    page = main_of(desk.get(reverse("desk:event", args=[off.pk])))
    assert not says_registered(page)
    assert "Event cancelled" in page
    assert "Had a place" in page
    assert "people were waiting" in page
    assert "1. Ben" in page.split("Were waiting")[1]
    for step in ("Change the number", "Take off", "registrations/add", "When seats free up", "Enter someone"):
        assert step not in page
    with clock.at(off.starts_at):
        for name in ("event_attendance", "attendance_print"):
            there = main_of(desk.get(reverse(f"desk:{name}", args=[off.pk])))
            assert "Event cancelled" in there, name
            assert not re.search(r"(tag|sr-only)[^>]*>\s*Registered\s*<", there), name
            assert 'name="mark"' not in there
    answer = desk.get(reverse("desk:attendance_export", args=[off.pk]))
    head, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert row[head.index("Status")] == "Event cancelled"


def test_nobody_is_asked_to_enter_someone_where_nobody_was_registered(desk, officer):
    event = EventFactory(actor=officer, status="cancelled")
    page = main_of(desk.get(reverse("desk:event", args=[event.pk])))
    assert "Nobody was registered" in page
    assert "enter someone" not in page


def test_what_takes_place_reads_as_before(desk, officer):
    event = EventFactory(actor=officer)
    place(event, "Ana")
    page = main_of(desk.get(reverse("desk:event", args=[event.pk])))
    assert says_registered(page)
    assert "people registered" in page
    assert "Event cancelled" not in page


def test_the_same_once_it_is_archived_and_over_whether_or_not_a_reason_was_given(desk, officer):
    rows = {}
    for reason in ("", "Rain"):
        event = EventFactory(actor=officer)
        rows[reason] = place(event, "Ana"), event
        services.cancel_event(event=event, actor=officer, reason=reason)
        services.archive_event(event=event, actor=officer)
    held = EventFactory(actor=officer, in_days=-3)
    with clock.at(held.starts_at - timedelta(days=1)):
        kept = place(held, "Cy")
    services.archive_event(event=held, actor=officer)
    assert str(Registration.objects.get(pk=kept.pk).stands) == "Registered"
    with clock.at(max(event.ends_at for _row, event in rows.values()) + timedelta(days=1)):
        for row, event in rows.values():
            assert str(Registration.objects.get(pk=row.pk).stands) == "Event cancelled"
            assert "Event cancelled" in main_of(desk.get(reverse("desk:event", args=[event.pk])))


def test_who_came_before_it_was_called_off_came(officer):
    event = EventFactory(actor=officer, starts_at=clock.now() - timedelta(minutes=5))
    with clock.at(event.starts_at - timedelta(hours=1)):
        row = place(event, "Ana")
    services.mark_attended(registration=row, actor=officer)
    services.cancel_event(event=event, actor=officer)
    row = Registration.objects.get(pk=row.pk)
    assert (str(row.stands), row.tone_of_standing) == ("Came", "good")


def test_the_administration_reads_the_same_and_asks_nothing_that_can_not_be_done(client, off):
    sign_in(client, AdminFactory())
    kept = place(EventFactory(), "Cy")
    row = off.registrations.get(name="Ana")
    assert main_of(client.get(LIST)).count("Event cancelled") == 2
    one = main_of(client.get(reverse("admin:events_registration_change", args=[row.pk])))
    assert "Event cancelled" in one
    assert not says_registered(one)
    mails = OutgoingMail.objects.count()
    both = client.post(LIST, {"action": "cancel", "_selected_action": [row.pk, kept.pk]}).content.decode()
    asked, left = both.split("gets a mail that says so.")[1].split("Left as it is")
    assert "Cy (1)" in asked
    assert "Ana (1)" not in asked
    assert "Ana (1)" in left
    assert "The event is cancelled." in left
    assert OutgoingMail.objects.count() == mails


def test_who_registered_reads_it_too(client, portal_member, business, member):
    event = EventFactory(capacity=4)
    row = services.register_business(event=event, business=business, user=member, party_size=2)
    services.cancel_event(event=event, actor=event.created_by)
    own = main_of(client.get(reverse("public:registration", args=[row.token])))
    assert "You are registered" not in own
    assert "Event cancelled" in own
    page = main_of(portal_member.get(reverse("portal:event_register", args=[event.slug])))
    assert "You were registered" in page
    assert "You're registered" not in page
    several = main_of(portal_member.get(reverse("portal:events")))
    assert "Corner Bean Coffee was registered, 2 people" in several
    assert "is registered" not in several


def test_the_story_of_a_business_says_that_it_was_called_off(desk, off):
    business = off.registrations.get(name="Ana").business
    page = main_of(desk.get(reverse("desk:business", args=[business.pk])))
    told = page.split(f"Registered for “{off.title}”")[1].split("</li>")[0]
    assert "cancelled" in told
