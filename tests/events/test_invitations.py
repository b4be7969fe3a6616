"""A seat comes as a calendar invitation that moves with the event; who waits gets none."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from core.access import Refused
from core.mail.models import OutgoingMail
from core.mail.outbox.relay import Relay, Result, build
from core.models import Department
from events import ics, services
from tests.factories.core import is_wanted
from tests.factories.events import EventFactory, place
from tests.mail_sink import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def department():
    return Department.objects.create(pk=1, name="Riverton Police", email="partners@riverton.example")


def parsed(mail):
    """The one entry of a mail's invitation, with the method its stream and its type agree on."""
    calendar = icalendar.Calendar.from_ical(mail.calendar)
    assert str(calendar["method"]) == mail.calendar_method
    (entry,) = calendar.walk("VEVENT")
    return entry


def moved(event, officer, days=1):
    start = event.starts_at + timedelta(days=days)
    return services.update_event(
        event=event, actor=officer, starts_at=start, ends_at=start + timedelta(hours=2)
    )


def test_a_seat_is_an_invitation_already_accepted(mails):
    event = EventFactory(title="Talk; with, commas", directions="Side door.")
    row = place(event, "Ana Ortiz", party_size=3, notify=True)
    (mail,) = mails("registered")
    entry = parsed(mail)
    assert mail.calendar_method == "REQUEST"
    assert str(entry["uid"]) == f"{event.uid}.{row.pk}@localhost"
    assert (entry["sequence"], str(entry["status"])) == (0, "CONFIRMED")
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (event.starts_at, event.ends_at)
    assert str(entry["summary"]) == "Talk; with, commas"
    assert "3 people" in str(entry["description"])
    assert "Side door." in str(entry["description"])
    assert row.token not in mail.calendar, "calendars are shared"
    assert str(entry["organizer"]) == "mailto:partners@riverton.example"
    assert entry["organizer"].params["cn"] == "Riverton Police"
    assert str(entry["attendee"]) == f"mailto:{row.email}"
    assert entry["attendee"].params["partstat"] == "ACCEPTED"
    assert entry["attendee"].params["rsvp"] == "FALSE"
    assert "dtstamp" in entry


def test_the_entry_moves_with_the_event_and_goes_with_the_seat(mails, officer):
    event = EventFactory()
    row = place(event, notify=True)
    event = moved(event, officer)
    event = moved(event, officer)
    row.refresh_from_db()
    services.cancel_place(registration=row, actor=None)
    found = [parsed(mail) for mail in [*mails("registered"), *mails("moved"), *mails("cancelled")]]
    assert len({str(entry["uid"]) for entry in found}) == 1
    assert [entry["sequence"] for entry in found] == [0, 1, 2, 3]
    assert found[2]["dtstart"].dt == event.starts_at
    assert [mail.calendar_method for mail in mails("moved")] == ["REQUEST", "REQUEST"]
    assert mails("cancelled")[0].calendar_method == "CANCEL"
    assert str(found[-1]["status"]) == "CANCELLED"


def resize(row, people, **more):
    row = services.resize_place(registration=row, party_size=people, **{"actor": None, **more})
    row.event.refresh_from_db()
    return row


def test_another_number_of_people_is_confirmed_and_changes_the_same_entry_once(mails, officer):
    event = EventFactory(title="Watch meeting", capacity=9)
    row, other = place(event, "Ana Ortiz", party_size=2, notify=True), place(event, "Ben", notify=True)
    resize(row, 3)
    resize(row, 3)
    (mail,) = mails("resized")
    assert mail.subject == "Now 3 people: Watch meeting"
    for body in (mail.text, mail.html):
        assert "Your registration is now for 3 people." in body
        assert "Ana Ortiz, 3 people" in body
    assert (mail.purpose, mail.calendar_method, mail.subject_id) == ("service", "REQUEST", row.pk)
    first, second = parsed(mails("registered")[0]), parsed(mail)
    assert str(first["uid"]) == str(second["uid"])
    assert second["sequence"] > first["sequence"]
    assert "For 3 people." in str(second["description"])
    resize(row, 1)
    event.refresh_from_db()
    moved(event, officer)
    services.cancel_place(registration=row, actor=None)
    mine = [parsed(mail)["sequence"] for mail in mails() if mail.subject_id == row.pk]
    assert mine == sorted(set(mine)), "each is newer than the one before"
    assert not [mail for mail in mails("resized") if mail.subject_id == other.pk]


def test_the_file_of_a_resized_registration_is_no_older_than_its_invitation(client, mails):
    row = resize(place(EventFactory(), party_size=2, notify=True), 4)
    answer = client.get(reverse("public:registration_ics", args=[row.token]))
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert entry["sequence"] == parsed(mails("resized")[0])["sequence"]
    assert "For 4 people." in str(entry["description"])
    assert entry.decoded("last-modified") >= row.updated_at.replace(microsecond=0)


def test_who_waits_is_told_the_new_number_without_an_invitation(mails):
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=3)
    row = place(event, "Ben", party_size=2, notify=True)
    resize(row, 3)
    (mail,) = mails("resized")
    assert is_wanted(mail)
    assert mail.calendar == ""
    assert "You keep your place on the waitlist, now for 3 people." in mail.text
    assert "calendar" not in mail.text


def test_a_party_that_gets_its_seats_by_becoming_smaller_reads_one_mail(mails):
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=2)
    row = resize(place(event, "Ben", party_size=2, notify=True), 1)
    assert row.status == "registered"
    assert mails("resized") == []
    (mail,) = mails("promoted")
    assert "Ben, 1 person" in mail.text
    assert mail.calendar_method == "REQUEST"


def test_nothing_is_sent_without_an_address_when_it_is_refused_or_when_nobody_is_to_be_told(mails, officer):
    event = EventFactory(capacity=3)
    row = services.enter_registration(event=event, actor=officer, name="By phone", party_size=1)
    resize(row, 2, actor=officer)
    reached = place(event, "Ben")
    with pytest.raises(Refused):
        resize(reached, 3)
    resize(row, 1, actor=officer)
    resize(reached, 2, actor=officer, notify=False)
    assert mails() == []


def test_of_two_numbers_that_wait_only_the_last_goes_out(mails):
    row = place(EventFactory(), party_size=2)
    resize(row, 3)
    resize(row, 4)
    assert [is_wanted(mail) for mail in mails("resized")] == [False, True]
    services.cancel_place(registration=row, actor=None)
    assert not is_wanted(mails("resized")[1])


def test_the_numbers_of_one_person_at_two_events_both_go_out(mails):
    for event in (EventFactory(), EventFactory()):
        resize(place(event, email="ana@people.example"), 2)
    assert [is_wanted(mail) for mail in mails("resized")] == [True, True]


def test_a_new_number_is_of_no_use_once_the_event_is_over(mails):
    event = EventFactory()
    resize(place(event), 2)
    (mail,) = mails("resized")
    assert mail.useless_after == event.ends_at


def test_an_event_that_is_off_takes_every_entry_out(mails, officer):
    event = EventFactory()
    first, second = place(event, "Ana", notify=True), place(event, "Ben", notify=True)
    services.cancel_event(event=event, actor=officer)
    gone = [parsed(mail) for mail in mails("event_cancelled")]
    assert {str(entry["uid"]) for entry in gone} == {ics.uid(event, first), ics.uid(event, second)}
    assert all(mail.calendar_method == "CANCEL" for mail in mails("event_cancelled"))
    assert all(entry["sequence"] > 0 for entry in gone)


def test_who_waits_gets_no_invitation_until_a_seat_is_theirs(mails, officer):
    event = EventFactory(capacity=1)
    first, second, third = (place(event, name, notify=True) for name in ("Ana", "Ben", "Cy"))
    moved(event, officer)
    services.cancel_place(registration=third, actor=None)
    services.cancel_place(registration=first, actor=None)
    sent = {(mail.template, mail.subject_id): mail.calendar_method for mail in mails()}
    assert sent["events/waitlisted", second.pk] == ""
    assert sent["events/moved", second.pk] == ""
    assert sent["events/cancelled", third.pk] == ""
    assert sent["events/promoted", second.pk] == "REQUEST"
    services.cancel_event(event=event, actor=officer)
    (last,) = mails("event_cancelled")
    assert (last.subject_id, last.calendar_method) == (second.pk, "CANCEL")


def test_the_file_behind_the_link_is_the_same_entry(client, mails):
    row = place(EventFactory(), notify=True)
    answer = client.get(reverse("public:registration_ics", args=[row.token]))
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["uid"]) == str(parsed(mails("registered")[0])["uid"])
    services.cancel_place(registration=row, actor=None)
    answer = client.get(reverse("public:registration_ics", args=[row.token]))
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(entry["status"]), entry["sequence"]) == ("CANCELLED", 1)


def test_an_address_that_is_none_breaks_no_file(client, department):
    Department.objects.update(email="desk@riverton.example\r\nX-EVIL:1\x01")
    row = place(EventFactory())
    answer = client.get(reverse("public:registration_ics", args=[row.token]))
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(entry["organizer"]) == "mailto:desk@riverton.exampleX-EVIL:1"
    assert "x-evil" not in entry


@pytest.mark.parametrize(
    "name",
    [
        'Ana "the boss" Ortiz; CN=x',
        "Ana\r\nATTENDEE:mailto:evil@evil.example\r\nX:",
        "Ana\\nEND:VEVENT\\;,:",
        "\u202eana\u2028END:VCALENDAR",
        "𝒜na 🦊 " * 15,
        "^n^' x",
    ],
)
def test_a_hostile_name_breaks_no_stream(mails, name):
    event = EventFactory(title=f"{name}"[:150], directions=f"{name}"[:200], venue_name=f"{name}"[:100])
    row = place(event, name[:120], notify=True)
    (mail,) = mails("registered")
    entry = parsed(mail)
    assert str(entry["attendee"]) == f"mailto:{row.email}"
    assert len(icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")) == 1
    assert all(len(line.encode()) <= 75 for line in mail.calendar.split("\r\n"))


def test_the_message_carries_the_invitation_beside_the_text_and_as_a_file(mails, department, settings):
    sink = MailSink().start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        place(EventFactory(title="Café 🦊"), "Zoë Ortiz", notify=True)
        (mail,) = mails("registered")
        with Relay() as relay:
            relay.open()
            assert relay.send(mail).result is Result.SENT
        (message,) = sink.received
    finally:
        sink.stop()
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    beside, file = parts[2], parts[3]
    assert beside.get_param("method") == "REQUEST"
    assert beside.get_content_charset() == "utf-8"
    assert file.get_filename() == "invite.ics"
    want = icalendar.Calendar.from_ical(mail.calendar)
    for stream in (beside.get_payload(decode=True), file.get_payload(decode=True)):
        assert isinstance(stream, bytes)
        assert icalendar.Calendar.from_ical(stream.decode()) == want


def test_a_mail_without_an_invitation_has_two_parts_as_ever(mails, department):
    place(EventFactory(capacity=1), notify=True)
    event = EventFactory(capacity=1)
    place(event)
    place(event, "Ben", notify=True)
    (mail,) = OutgoingMail.objects.filter(template="events/waitlisted")
    parts = [part.get_content_type() for part in build(mail, department).message().walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
