"""Seats, the line and its order, through the services."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.access import Refused
from core.models import AuditEntry
from events import rules, services
from events.models import Registration
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db


def states(event):
    return {each.name: each.status for each in event.registrations.order_by("pk")}


def test_a_freed_seat_goes_to_the_first_in_line_with_a_mail(mails):
    event = EventFactory(capacity=1)
    first = place(event, "Ana")
    place(event, "Ben")
    place(event, "Cy")
    services.cancel_place(registration=first, actor=None)
    assert states(event) == {"Ana": "cancelled", "Ben": "registered", "Cy": "waitlisted"}
    assert [mail.recipient_name for mail in mails("promoted")] == ["Ben"]


def test_a_party_is_never_split_and_nobody_passes_it():
    event = EventFactory(capacity=3)
    first = place(event, "Ana", party_size=1)
    place(event, "Ben", party_size=2)
    place(event, "Big", party_size=3)
    place(event, "Cy", party_size=1)
    services.cancel_place(registration=first, actor=None)
    assert states(event)["Big"] == states(event)["Cy"] == "waitlisted"


def test_a_smaller_party_passes_where_the_event_says_so():
    event = EventFactory(capacity=3, small_may_pass=True)
    first = place(event, "Ana", party_size=1)
    place(event, "Ben", party_size=2)
    place(event, "Big", party_size=3)
    place(event, "Cy", party_size=1)
    services.cancel_place(registration=first, actor=None)
    assert (states(event)["Big"], states(event)["Cy"]) == ("waitlisted", "registered")


def test_a_newcomer_does_not_pass_the_line_even_when_they_would_fit():
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=2)
    place(event, "Big", party_size=2)
    assert place(event, "Cy", party_size=1).status == "waitlisted"


def test_leaving_the_line_lets_those_behind_move_up():
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=2)
    big = place(event, "Big", party_size=2)
    small = place(event, "Cy", party_size=1)
    assert services.position_of(small) == 2
    services.cancel_place(registration=big, actor=None)
    assert states(event) == {"Ana": "registered", "Big": "left", "Cy": "registered"}


def test_the_last_place_given_up_by_a_smaller_party_goes_on():
    event = EventFactory(capacity=3)
    first = place(event, "Ana", party_size=3)
    place(event, "Ben", party_size=1)
    services.resize_place(registration=first, party_size=2, actor=None)
    assert states(event)["Ben"] == "registered"


def test_a_party_grows_only_into_free_seats_that_nobody_waits_for():
    event = EventFactory(capacity=4)
    first = place(event, "Ana", party_size=2)
    other = place(event, "Bea")
    services.resize_place(registration=first, party_size=3, actor=None)
    with pytest.raises(Refused, match="not enough free seats"):
        services.resize_place(registration=first, party_size=4, actor=None)
    services.resize_place(registration=first, party_size=2, actor=None)
    assert other.status == "registered"
    place(event, "Big", party_size=2)
    with pytest.raises(Refused):
        services.resize_place(registration=first, party_size=3, actor=None)


def test_cutting_the_seats_removes_nobody_and_stops_new_ones(officer):
    event = EventFactory(capacity=3)
    place(event, "Ana", party_size=3)
    services.update_event(event=event, actor=officer, capacity=1)
    assert place(event, "Ben").status == "waitlisted"
    assert states(event)["Ana"] == "registered"


def test_more_seats_go_to_the_line_at_once(officer, mails):
    event = EventFactory(capacity=1)
    for name in ("Ana", "Ben", "Cy"):
        place(event, name)
    services.update_event(event=event, actor=officer, capacity=2)
    assert states(event) == {"Ana": "registered", "Ben": "registered", "Cy": "waitlisted"}
    services.update_event(event=event, actor=officer, capacity=None)
    assert states(event)["Cy"] == "registered"
    assert len(mails("promoted")) == 2


def test_nobody_is_promoted_once_the_event_began():
    event = EventFactory(capacity=1, in_days=1)
    place(event, "Ana")
    place(event, "Ben")
    with clock.at(event.starts_at + timedelta(minutes=1)):
        with pytest.raises(Refused, match="begun"):
            services.cancel_place(registration=Registration.objects.get(name="Ana"), actor=None)
        services.settle_event(event_id=event.pk)
    assert states(event)["Ben"] == "waitlisted"


def test_one_open_registration_per_email_and_event_whatever_its_case():
    event = EventFactory()
    place(event, "Ana", email="ana@people.example")
    with pytest.raises(Refused, match="already registered"):
        place(event, "Ana", email="ANA@People.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(event=event, name="Ana", email="Ana@people.example")
    assert place(EventFactory(), "Ana", email="ana@people.example").status == "registered"


def test_people_without_an_email_are_entered_side_by_side_and_get_no_mail(officer, mails):
    event = EventFactory()
    for name in ("Mr. Tran", "Mrs. Tran"):
        services.enter_registration(event=event, actor=officer, name=name, party_size=1, phone="555-0142")
    assert set(states(event).values()) == {"registered"}
    assert mails() == []


def test_the_database_refuses_a_move_that_is_not_in_the_table():
    event = EventFactory()
    row = place(event)
    for status in ("unconfirmed", "waitlisted", "lapsed"):
        with pytest.raises(Exception, match="(?i)invalid|transition"), transaction.atomic():
            Registration.objects.filter(pk=row.pk).update(status=status)


def test_every_change_of_a_place_leaves_one_audit_row():
    event = EventFactory()
    before = AuditEntry.objects.count()
    row = place(event)
    services.cancel_place(registration=row, actor=None)
    verbs = list(AuditEntry.objects.order_by("pk")[before:].values_list("verb", flat=True))
    assert verbs == [
        "events.registration_entered",
        "events.registration_register",
        "events.registration_cancel",
    ]


@pytest.mark.parametrize(
    ("line", "left", "may_pass", "promoted"),
    [
        ([2, 1], 3, False, [0, 1]),
        ([2, 1], 1, False, []),
        ([2, 1], 1, True, [1]),
        ([1, 3, 1], 2, False, [0]),
        ([1, 3, 1], 2, True, [0, 2]),
        ([5, 5], None, False, [0, 1]),
        ([1], 0, True, []),
        ([], 4, False, []),
    ],
)
def test_who_of_the_line_gets_the_free_seats(line, left, may_pass, promoted):
    waiting = [rules.Waiting(number, size) for number, size in enumerate(line)]
    assert rules.next_to_promote(waiting, left, small_may_pass=may_pass) == promoted


def test_a_hold_counts_as_taken_until_it_lapses():
    event = EventFactory(capacity=1)
    services.request_place(event=event, name="Ana", email="ana@people.example", party_size=1)
    assert place(event, "Ben").status == "waitlisted"
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert services.lapse_unconfirmed() == 1
    assert states(event) == {"Ana": "lapsed", "Ben": "registered"}


def test_a_hold_made_before_the_seats_were_cut_joins_the_line(officer, monkeypatch):
    monkeypatch.setattr("events.rules.new_code", lambda: "123456")
    event = EventFactory(capacity=2)
    place(event, "Ben")
    services.request_place(event=event, name="Ana", email="ana@people.example", party_size=1)
    services.update_event(event=event, actor=officer, capacity=1)
    done = services.confirm_place(event=event, email="ana@people.example", code="123456")
    assert done.status == "waitlisted"
