"""The desk makes, changes, publishes, closes and cancels events, and counts who came."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.access import Refused
from core.models import AuditEntry
from events import services
from events.models import Event
from tests.factories.accounts import OfficerFactory, sign_in
from tests.factories.businesses import AreaFactory, BusinessFactory, DistrictAssignmentFactory
from tests.factories.events import EventFactory, place
from tests.markup import untouched

pytestmark = pytest.mark.django_db


def typed(**changes):
    """What the form holds for a workshop on December 1."""
    return {
        "title": "Robbery prevention workshop", "kind": "workshop", "summary": "", "description": "",
        "starts_at": "2027-12-01T18:00", "ends_at": "2027-12-01T20:00", "venue_name": "Library", "street": "",
        "city": "", "directions": "", "host": "", "area": "", "audience": "public",
        "registration": "required", "capacity": "40", "party_limit": "6", "accessibility": "",
        "accommodation_by": "", "accommodation_contact": "", **changes,
    }  # fmt: skip


def version_of(client, event):
    page = client.get(reverse("desk:event_edit", args=[event.pk]))
    return page.context["form"]["version"].value()


def test_an_officer_adds_a_draft_publishes_it_and_it_is_on_the_public_list(desk, client):
    answer = desk.post(reverse("desk:event_add"), typed())
    event = Event.objects.get()
    assert answer.url == reverse("desk:event", args=[event.pk])
    assert (event.status, event.slug) == ("draft", "robbery-prevention-workshop-2027-12-01")
    assert event.starts_at.hour == 0  # 6 p.m. in Chicago is midnight UTC in winter
    desk.post(reverse("desk:event_move", args=[event.pk, "publish"]))
    event.refresh_from_db()
    assert event.status == "published"
    from django.test import Client

    assert event.title in Client().get(reverse("public:events")).content.decode()


def test_two_events_of_one_name_and_day_get_two_addresses(desk):
    for page in range(3):
        desk.post(reverse("desk:event_add"), typed(form_key=str(page)))
    slugs = set(Event.objects.values_list("slug", flat=True))
    base = "robbery-prevention-workshop-2027-12-01"
    assert slugs == {base, f"{base}-2", f"{base}-3"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": "2027-12-01T17:00"}, "ends_at"),
        ({"title": ""}, "title"),
        ({"capacity": "0"}, "capacity"),
        ({"accommodation_by": "2027-12-02"}, "accommodation_by"),
        ({"starts_at": "2026-03-08T02:30"}, "starts_at"),  # the hour that the clock change skips
        ({"starts_at": "2026-11-01T01:30"}, "starts_at"),  # the hour that comes twice
        ({"host": "999999"}, "host"),
    ],
)
def test_a_form_with_a_fault_is_shown_again_with_what_was_typed(desk, changes, field):
    page = desk.post(reverse("desk:event_add"), typed(venue_name="The old library", **changes))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "The old library" in page.content.decode()
    assert not Event.objects.exists()


def test_extra_keys_change_nothing(desk):
    desk.post(reverse("desk:event_add"), typed(status="published", slug="mine", sequence="9", headcount="5"))
    event = Event.objects.get()
    assert (event.status, event.sequence, event.headcount) == ("draft", 0, None)
    assert event.slug != "mine"


def test_a_stale_edit_is_refused_and_keeps_what_was_typed(desk, officer):
    event = EventFactory(title="Workshop")
    seen = version_of(desk, event)
    services.update_event(event=event, actor=OfficerFactory(full_name="Kim Park"), title="Workshop for all")
    page = desk.post(reverse("desk:event_edit", args=[event.pk]), typed(title="My own title", version=seen))
    assert page.status_code == 409
    body = page.content.decode()
    assert "Kim Park" in body
    assert "My own title" in body
    event.refresh_from_db()
    assert event.title == "Workshop for all"
    again = typed(title="My own title", version=page.context["form"]["version"].value())
    assert desk.post(reverse("desk:event_edit", args=[event.pk]), again).status_code == 302


def test_a_start_that_someone_else_moved_is_not_moved_back_by_who_changed_the_title(desk):
    event = EventFactory(title="Workshop")
    url = reverse("desk:event_edit", args=[event.pk])
    mine = {**dict(untouched(desk.get(url).content.decode())), "title": "My own title"}
    moved = event.starts_at + timedelta(minutes=30)
    services.update_event(event=event, actor=OfficerFactory(full_name="Kim Park"), starts_at=moved)
    page = desk.post(url, mine)
    assert page.status_code == 409
    assert [(each.field.name, each.taken) for each in page.context["form"].conflict.differences] == [
        ("starts_at", True)
    ]
    assert desk.post(url, dict(untouched(page.content.decode()))).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.starts_at) == ("My own title", moved)


def test_both_versions_stay_in_sight_when_the_form_or_the_service_finds_a_fault_later(desk):
    event = EventFactory(title="Workshop")
    url = reverse("desk:event_edit", args=[event.pk])
    mine = {**dict(untouched(desk.get(url).content.decode())), "title": "My own title"}
    services.update_event(event=event, actor=OfficerFactory(full_name="Kim Park"), title="Theirs")
    warned = dict(untouched(desk.post(url, mine).content.decode()))
    for fault in (
        {"ends_at": warned["starts_at"]},
        {"starts_at": "2001-01-01T10:00", "ends_at": "2001-01-01T11:00"},
    ):
        page = desk.post(url, {**warned, **fault})
        assert page.status_code == 200
        assert page.context["form"].errors
        assert [each.now for each in page.context["form"].conflict.differences] == ["Theirs"]
        assert "Where the two versions differ" in page.content.decode()


def test_of_two_writes_on_one_version_the_second_is_refused(officer):
    event = EventFactory()
    services.update_event(event=event, actor=officer, seen=event.updated_at, title="First")
    with pytest.raises(Refused) as refused:
        services.update_event(event=event, actor=officer, seen=event.updated_at, title="Second")
    assert refused.value.refusal.code == "stale"


def test_a_new_time_raises_the_sequence_keeps_everyone_and_tells_them_once(desk, mails):
    event = EventFactory(capacity=1)
    first, second = place(event, "Ana"), place(event, "Ben")
    data = typed(capacity="1", version=version_of(desk, event))
    assert desk.post(reverse("desk:event_edit", args=[event.pk]), data).status_code == 302
    event.refresh_from_db()
    assert event.sequence == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("registered", "waitlisted")
    assert sorted(mail.recipient_name for mail in mails("moved")) == ["Ana", "Ben"]
    texts = {mail.recipient_name: mail.text for mail in mails("moved")}
    assert "You keep your seats" in texts["Ana"]
    assert "You keep your place on the waitlist" in texts["Ben"]
    assert "6:00 p.m. to 8:00 p.m. CST" in texts["Ana"]
    services.update_event(event=event, actor=None, title="Another title")
    event.refresh_from_db()
    assert (event.sequence, len(mails("moved"))) == (1, 2)


def test_fewer_seats_than_people_are_told_to_the_officer(desk):
    event = EventFactory(capacity=5)
    place(event, party_size=4)
    data = typed(capacity="2", version=version_of(desk, event))
    page = desk.post(reverse("desk:event_edit", args=[event.pk]), data, follow=True)
    assert "Nobody was removed" in page.content.decode()


def test_an_event_with_registrations_does_not_become_drop_in(desk):
    event = EventFactory()
    place(event)
    data = typed(registration="drop_in", version=version_of(desk, event))
    page = desk.post(reverse("desk:event_edit", args=[event.pk]), data)
    assert "registration" in page.context["form"].errors
    with pytest.raises(Refused):
        services.update_event(event=event, actor=None, registration="drop_in")


def test_cancelling_tells_everyone_once_and_shows_the_reason(desk, mails):
    event = EventFactory(capacity=2)
    place(event, "Ana", party_size=2)
    place(event, "Ben")
    gone = place(event, "Cy")
    services.cancel_place(registration=gone, notify=False, actor=None)
    address = reverse("desk:event_cancel", args=[event.pk])
    assert "2 parties have a place" in desk.get(address).content.decode()
    for _ in range(2):
        desk.post(address, {"reason": "The boiler broke."})
    event.refresh_from_db()
    assert (event.status, event.sequence) == ("cancelled", 1)
    told = mails("event_cancelled")
    assert sorted(mail.recipient_name for mail in told) == ["Ana", "Ben"]
    assert "The boiler broke." in told[0].text
    page = desk.get(event.get_absolute_url()).content.decode()
    assert "The boiler broke." in page


@pytest.mark.parametrize("move", ["publish", "close", "reopen", "archive"])
def test_a_move_that_is_not_possible_says_why_and_changes_nothing(desk, move):
    status = {"publish": "cancelled", "close": "draft", "reopen": "published", "archive": "draft"}[move]
    event = EventFactory(status=status)
    page = desk.post(reverse("desk:event_move", args=[event.pk, move]), follow=True)
    assert "already" in page.content.decode()
    event.refresh_from_db()
    assert event.status == status


def test_an_event_that_is_over_is_not_published(desk):
    event = EventFactory(status="draft", in_days=-3)
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    assert "Set a new time" in page
    with pytest.raises(Refused):
        services.publish_event(event=event, actor=None)


def test_attendance_is_marked_taken_back_and_corrected_for_thirty_days(desk, client):
    event = EventFactory(in_days=1)
    row = place(event, "Ana")
    address = reverse("desk:attendance_mark", args=[event.pk, row.pk])

    def mark(what, at):
        with clock.at(at):
            page = desk.post(address, {"mark": what}, follow=True)
        row.refresh_from_db()
        return page.content.decode()

    assert "three hours before" in mark("attended", event.starts_at - timedelta(hours=4))
    assert row.status == "registered"
    for what, status in (("attended", "attended"), ("attended", "attended"), ("no_show", "no_show"),
                         ("unmark", "registered"), ("attended", "attended")):  # fmt: skip
        mark(what, event.starts_at)
        assert row.status == status
    mark("no_show", event.ends_at + timedelta(days=29))
    assert row.status == "no_show"
    assert "30 days" in mark("attended", event.ends_at + timedelta(days=31))
    assert row.status == "no_show"
    assert "not known" in mark("cancelled", event.starts_at)


def test_walk_ins_and_headcounts_are_noted(desk):
    event, drop_in = EventFactory(in_days=-1), EventFactory(in_days=-1, registration="drop_in")
    desk.post(reverse("desk:attendance_count", args=[event.pk, "walk-ins"]), {"count": "4"})
    desk.post(reverse("desk:attendance_count", args=[drop_in.pk, "headcount"]), {"count": "31"})
    desk.post(reverse("desk:attendance_count", args=[drop_in.pk, "headcount"]), {"count": "-3"})
    event.refresh_from_db(), drop_in.refresh_from_db()
    assert (event.walk_ins, drop_in.headcount) == (4, 31)


@pytest.mark.gate(35)
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝"])
def test_no_cell_of_the_export_is_a_formula(desk, start):
    event = EventFactory()
    place(event, f"{start}HYPERLINK(1)", accommodation=f"{start}cmd")
    answer = desk.get(reverse("desk:attendance_export", args=[event.pk]))
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert len(lines) == 2
    for cell in lines[1]:
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_the_list_on_paper_has_everyone_with_a_seat(desk):
    event = EventFactory(capacity=1)
    place(event, "Ana Seated")
    place(event, "Ben Waiting")
    page = desk.get(reverse("desk:attendance_print", args=[event.pk])).content.decode()
    assert "Ana Seated" in page
    assert "Ben Waiting" not in page


def test_the_desk_enters_someone_who_called_and_cancels_for_them(desk, mails):
    event = EventFactory()
    desk.post(
        reverse("desk:registration_add", args=[event.pk]),
        {"name": "Mr. Tran", "party_size": "2", "phone": "555"},
    )
    row = event.registrations.get()
    assert (row.status, row.source, row.email) == ("registered", "desk", "")
    address = reverse("desk:registration_cancel", args=[event.pk, row.pk])
    assert "Mr. Tran" in desk.get(address).content.decode()
    desk.post(address)
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_the_desk_changes_the_number_of_people_for_someone_and_they_get_a_mail(desk, officer, mails):
    event = EventFactory(capacity=4)
    row, waiting = place(event, "Gil", party_size=3), place(event, "Ben", party_size=2)
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    address, other = (
        reverse("desk:registration_resize", args=[event.pk, each.pk]) for each in (row, waiting)
    )
    assert address in page
    assert other in page
    assert "With how many people does Gil come?" in desk.get(address).content.decode()
    body = desk.post(address, {"party_size": "2"}, follow=True).content.decode()
    assert "Saved: 2 people. A mail is on its way." in body
    assert [(mail.to, mail.subject) for mail in mails("resized")] == [
        (row.email, f"Now 2 people: {event.title}")
    ]
    assert AuditEntry.objects.get(verb="events.registration_resized").actor_id == officer.pk
    waiting.refresh_from_db()
    assert waiting.status == "registered", "the seat went to the next in line"


def test_lists_show_coming_past_and_drafts(desk):
    EventFactory(title="Coming one")
    EventFactory(title="Past one", in_days=-3)
    EventFactory(title="Draft one", status="draft")
    for name, title in (
        ("events", "Coming one"),
        ("events_past", "Past one"),
        ("events_drafts", "Draft one"),
    ):
        page = desk.get(reverse(f"desk:{name}")).content.decode()
        assert [each for each in ("Coming one", "Past one", "Draft one") if each in page] == [title]


class TestScope:
    """What exists for whom."""

    def test_an_officer_sees_their_districts_events_and_those_without_a_place(self, client):
        mine, other = AreaFactory(), AreaFactory()
        beat = AreaFactory(kind="beat", parent=mine)
        officer = OfficerFactory()
        DistrictAssignmentFactory(user=officer, area=mine)
        far = BusinessFactory(area=other, standing="partner")
        near = BusinessFactory(area=mine, standing="partner")
        seen = [EventFactory(area=mine), EventFactory(area=beat), EventFactory(),
                EventFactory(area=other, host=near), EventFactory(area=other, actor=officer)]  # fmt: skip
        hidden = [EventFactory(area=other), EventFactory(area=other, host=far)]
        sign_in(client, officer)
        for event in seen:
            assert client.get(reverse("desk:event", args=[event.pk])).status_code == 200
        for event in hidden:
            for name in ("event", "event_edit", "event_cancel", "event_attendance", "attendance_print",
                         "attendance_export", "registration_add"):  # fmt: skip
                assert client.get(reverse(f"desk:{name}", args=[event.pk])).status_code == 404
            assert client.post(reverse("desk:event_move", args=[event.pk, "close"])).status_code == 404
            assert client.get(event.get_absolute_url()).status_code == 200  # the public page is for everyone

    def test_a_registration_is_reached_only_through_its_own_event(self, desk):
        one, other = EventFactory(), EventFactory()
        row = place(other)
        for name in ("registration_cancel", "registration_resize", "attendance_mark"):
            assert desk.post(reverse(f"desk:{name}", args=[one.pk, row.pk])).status_code == 404
        row.refresh_from_db()
        assert row.status == "registered"

    def test_a_viewer_sees_numbers_but_neither_names_nor_steps(self, client, viewer):
        event = EventFactory()
        row = place(event, "Canary Name", email="canary@people.example")
        sign_in(client, viewer)
        page = client.get(reverse("desk:event", args=[event.pk])).content.decode()
        assert "Canary" not in page
        assert "canary@" not in page
        for name in ("event_edit", "event_cancel", "event_attendance", "attendance_print",
                     "attendance_export", "registration_add"):  # fmt: skip
            assert client.get(reverse(f"desk:{name}", args=[event.pk])).status_code == 403
        assert client.post(reverse("desk:attendance_mark", args=[event.pk, row.pk])).status_code == 403

    def test_a_member_does_not_enter_the_desk(self, client, member):
        sign_in(client, member)
        assert client.get(reverse("desk:events")).status_code == 403


@pytest.mark.parametrize("year", ["0001", "1900", "2099", "9999"])
def test_an_event_at_the_edge_of_time_is_refused_by_the_form_and_the_service(desk, officer, year):
    page = desk.post(
        reverse("desk:event_add"), typed(starts_at=f"{year}-12-31T18:00", ends_at=f"{year}-12-31T20:00")
    )
    assert "within five years" in page.content.decode()
    page = desk.post(reverse("desk:event_add"), typed(ends_at=f"{year}-12-31T23:00"))
    assert page.status_code == 200
    assert not Event.objects.exists()
    event = EventFactory()
    edge = datetime(int(year), 12, 30, 12, tzinfo=UTC)
    with pytest.raises(Refused, match="within five years"):
        services.create_event(actor=officer, title="Far", starts_at=edge, ends_at=edge + timedelta(hours=1))
    with pytest.raises(Refused, match="within five years"):
        services.update_event(event=event, actor=officer, starts_at=edge, ends_at=edge + timedelta(hours=1))


def test_titles_and_names_nobody_can_see_are_refused_at_the_desk(desk):
    assert "can be read" in desk.post(reverse("desk:event_add"), typed(title="\u200b")).content.decode()
    desk.post(reverse("desk:event_add"), typed(title="Talk\u202e"))
    assert Event.objects.get().title == "Talk"
    address = reverse("desk:registration_add", args=[EventFactory().pk])
    assert "can be read" in desk.post(address, {"name": "\u200b", "party_size": "1"}).content.decode()


def test_the_page_to_print_has_a_button_that_prints(desk):
    page = desk.get(reverse("desk:attendance_print", args=[EventFactory().pk])).content.decode()
    assert "data-print" in page


def test_registration_that_nobody_can_use_is_not_closed(desk, officer):
    event = EventFactory(registration="drop_in", capacity=None)
    with pytest.raises(Refused, match="drop-in"):
        services.close_event(event=event, actor=officer)
    event.refresh_from_db()
    assert event.status == "published"
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    assert reverse("desk:event_move", args=[event.pk, "close"]) not in page


def test_question_that_came_too_late_is_not_asked_again(desk, officer):
    event = EventFactory()
    services.cancel_event(event=event, actor=officer)
    back = reverse("desk:event", args=[event.pk])
    answer = desk.post(reverse("desk:event_cancel", args=[event.pk]), {"reason": "The hall is closed."})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert 'role="alert"' in body
    assert "The hall is closed." in body, "what was typed stays"
    assert f"Cancel “{event.title}”?" not in body
    assert "Keep the event" not in body
    assert body.count(f'class="usa-button" href="{back}"') == 1


def test_address_that_only_takes_a_press_of_a_button_says_so_and_leads_back(desk):
    event = EventFactory()
    address = f"/desk/events/{event.pk}/close/"
    page = desk.get(address)
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    body = page.content.decode()
    assert "Please use the button on the page" in body
    assert f'class="usa-button" href="/desk/events/{event.pk}/"' in body
    event.refresh_from_db()
    assert event.status == "published"


def test_the_question_before_cancelling_says_how_many_are_told(desk):
    event = EventFactory(status="published")
    url = reverse("desk:event_cancel", args=[event.pk])
    assert "no mail is sent" in desk.get(url).content.decode()
    place(event=event)
    assert "One party has a place or is in line" in desk.get(url).content.decode()
    place(event=event)
    assert "2 parties have a place" in desk.get(url).content.decode()
