"""Gates 13 and 14: seats under threads on the real database, and the race when the lock is taken away."""

import random
import threading
from datetime import UTC, datetime
from itertools import count

import pytest
from django.core.cache import cache
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from core import clock, locks
from core.access import Refused
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from events import services
from events.models import Event, Registration
from events.services import seats
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory
from tests.factories.events import EventFactory, place
from tests.gates import scale
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


@pytest.fixture(autouse=True)
def _no_counts_left(db):
    cache.clear()  # the limits of RSVP are not what is tested here


def seated(event):
    """People with a seat, by one statement."""
    rows = Registration.objects.filter(event=event, status="registered")
    return rows.aggregate(total=Sum("party_size"))["total"] or 0


def play(event, seed, turns, emails, found):
    """Random registering, cancelling and resizing; what was seen above capacity goes into `found`."""
    dice = random.Random(seed)
    for _turn in range(turns):
        act = dice.choice(["register", "register", "register", "cancel", "cancel", "resize"])
        standing = list(
            Registration.objects.filter(event=event, status__in=["registered", "waitlisted"]).order_by("pk")
        )
        try:
            if act == "register" or not standing:
                services.enter_registration(
                    event=event, actor=None, name="Guest", email=f"g{next(emails)}@people.example",
                    party_size=dice.randint(1, 4),
                )  # fmt: skip
            elif act == "cancel":
                services.cancel_place(registration=dice.choice(standing), actor=None)
            else:
                services.resize_place(
                    registration=dice.choice(standing), party_size=dice.randint(1, 4), actor=None
                )
        except Refused:
            pass
        if (people := seated(event)) > event.capacity:
            found.append(people)


@pytest.mark.gate(13)
@pytest.mark.parametrize("small_may_pass", [False, True])
def test_random_threads_never_seat_more_than_fit_and_promote_once_and_in_order(small_may_pass):
    event = EventFactory(capacity=12, small_may_pass=small_may_pass)
    emails, above = count(), []
    turns = max(scale(500) // WORKERS, 8)
    results = race([lambda seed=seed: play(event, seed, turns, emails, above) for seed in range(WORKERS)])
    assert [each for each in results if each is not None] == []
    assert above == []
    assert seated(event) <= 12

    # One promotion per freed place: each of them once, with one mail.
    promoted = list(
        AuditEntry.objects.filter(verb="events.registration_promote")
        .order_by("pk")
        .values_list("target_id", flat=True)
    )
    assert len(promoted) == len(set(promoted))
    told = OutgoingMail.objects.filter(template="events/promoted").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(int(pk) for pk in promoted)

    # Nobody who fits is left in line, and where nobody may pass, places went out in the order of the line.
    free = 12 - seated(event)
    line = list(Registration.objects.filter(event=event).waiting().values_list("party_size", flat=True))
    front = line if small_may_pass else line[:1]
    assert all(size > free for size in front)
    if not small_may_pass:
        since = dict(Registration.objects.values_list("pk", "queued_at"))
        order = [since[int(pk)] for pk in promoted]
        assert order == sorted(order)


@pytest.mark.gate(13)
def test_cutting_and_raising_the_seats_meanwhile_lets_nobody_in_above_them():
    event = EventFactory(capacity=10)
    for number in range(8):
        place(event, f"Guest {number}", email=f"first{number}@people.example")
    emails = count()

    def register():
        for _turn in range(max(scale(500) // 50, 4)):
            services.enter_registration(
                event=event, actor=None, name="Guest", email=f"g{next(emails)}@people.example", party_size=1
            )

    def cut():
        services.update_event(event=event, actor=None, capacity=3)

    assert [each for each in race([register, cut, register, register]) if each is not None] == []
    event.refresh_from_db()
    assert event.capacity == 3
    assert 8 <= seated(event) <= 10  # nobody was removed, and nobody came in above the ten there were
    before = seated(event)
    place(event, "Too late", email="late@people.example")
    assert seated(event) == before
    services.update_event(event=event, actor=None, capacity=before + 2)
    assert seated(event) == before + min(2, Registration.objects.filter(event=event).count() - before)


@pytest.mark.gate(13)
def test_without_the_lock_the_same_seats_are_sold_twice(monkeypatch):
    """The negative control: the lock is what keeps the seats."""
    rivals = 4
    event = EventFactory(capacity=1)
    here = threading.Barrier(rivals)

    count, counted = seats.taken_seats, threading.local()

    def count_together(*given):
        found = count(*given)
        if not getattr(counted, "once", False):
            counted.once = True
            here.wait(20)  # everyone has counted the seats before anyone takes one
        return found

    monkeypatch.setattr(seats, "lock_event", lambda event_id: Event.objects.get(pk=event_id))
    monkeypatch.setattr(seats, "taken_seats", count_together)

    def register(number):
        return services.enter_registration(
            event=event, actor=None, name="Guest", email=f"g{number}@people.example", party_size=1
        )

    race([lambda n=n: register(n) for n in range(rivals)])
    assert seated(event) > 1


@pytest.mark.gate(13)
def test_with_the_lock_the_last_seat_is_sold_once():
    for round_ in range(scale(20)):
        event = EventFactory(capacity=1)

        def register(number, event=event, round_=round_):
            return services.enter_registration(
                event=event,
                actor=None,
                name="Guest",
                email=f"g{round_}-{number}@people.example",
                party_size=1,
            ).status

        results = race([lambda n=n, register=register: register(n) for n in range(4)])
        assert sorted(results) == ["registered", "waitlisted", "waitlisted", "waitlisted"]


@pytest.mark.gate(14)
def test_twenty_identical_requests_at_once_make_one_row_and_one_mail():
    event = EventFactory()
    address = reverse("public:rsvp", args=[event.slug])
    data = {"name": "Ana Ortiz", "email": "Ana@people.example", "party_size": "2"}
    results = race([lambda: Client().post(address, data).status_code for _ in range(20)])
    assert results == [302] * 20
    assert Registration.objects.count() == 1
    assert OutgoingMail.objects.filter(room="events").count() == 1


@pytest.mark.gate(14)
def test_twenty_identical_registrations_of_a_business_make_one_row_and_one_mail():
    business = BusinessFactory(standing="partner")
    user = UserFactory()
    MembershipFactory(user=user, business=business)
    event = EventFactory(audience="partners")
    address = reverse("portal:event_register", args=[event.slug])
    data = {"business": business.pk, "party_size": "2"}
    clients = [sign_in(Client(), user) for _ in range(20)]
    results = race([lambda each=each: each.post(address, data).status_code for each in clients])
    assert results == [302] * 20
    assert Registration.objects.count() == 1
    assert [mail.template for mail in OutgoingMail.objects.filter(room="events")] == ["events/registered"]


@pytest.mark.gate(14)
def test_twenty_identical_codes_and_cancellations_act_once(monkeypatch):
    monkeypatch.setattr("events.rules.new_code", lambda: "123456")
    event = EventFactory()
    services.request_place(event=event, name="Ana Ortiz", email="ana@people.example", party_size=1)
    results = race(
        [
            lambda: services.confirm_place(event=event, email="ana@people.example", code="123456").pk
            for _ in range(20)
        ]
    )
    found = Registration.objects.get()
    assert results == [found.pk] * 20
    results = race([lambda: services.cancel_place(registration=found, actor=None).status for _ in range(20)])
    assert results == ["cancelled"] * 20
    kinds = sorted(OutgoingMail.objects.filter(room="events").values_list("template", flat=True))
    assert kinds == ["events/cancelled", "events/confirm", "events/registered"]


def desk_browsers(count_):
    """The same officer in several tabs at once."""
    officer = OfficerFactory()
    return [sign_in(Client(), officer) for _ in range(count_)]


EVENT_TYPED = {
    "title": "Till safety",
    "kind": "workshop",
    "starts_at": "2026-12-02T18:00",
    "ends_at": "2026-12-02T20:00",
    "venue_name": "Lincoln Branch Library",
    "audience": "public",
    "registration": "required",
    "party_limit": "6",
}


@pytest.mark.gate(14)
def test_twenty_identical_drafts_sent_at_once_make_one_event():
    address = reverse("desk:event_add")
    data = {**EVENT_TYPED, "form_key": "f1"}
    with clock.at(datetime(2026, 11, 24, 18, tzinfo=UTC)):
        answers = race([lambda each=each: each.post(address, data) for each in desk_browsers(20)])
    made = Event.objects.get()
    assert {answer.url for answer in answers} == {reverse("desk:event", args=[made.pk])}


@pytest.mark.gate(14)
def test_twenty_identical_entries_without_an_address_make_one_registration():
    event = EventFactory()
    address = reverse("desk:registration_add", args=[event.pk])
    data = {"name": "Ana Ortiz", "party_size": "2", "form_key": "f1"}
    answers = race([lambda each=each: each.post(address, data) for each in desk_browsers(20)])
    assert [answer.status_code for answer in answers] == [302] * 20
    assert Registration.objects.count() == 1


@pytest.mark.gate(14)
def test_without_the_lock_the_same_form_makes_several(monkeypatch):
    """The negative control: the lock is what makes a form count once."""
    event = EventFactory()
    rivals = 4
    here, look = threading.Barrier(rivals), cache.get

    def look_together(key, *more):
        found = look(key, *more)
        if str(key).startswith("core.pages.forms.once:"):
            here.wait(20)  # everyone has looked before anyone makes one
        return found

    monkeypatch.setattr(locks, "one_at_a_time", lambda name: None)
    monkeypatch.setattr(cache, "get", look_together, raising=False)
    address = reverse("desk:registration_add", args=[event.pk])
    data = {"name": "Ana Ortiz", "party_size": "2", "form_key": "f1"}
    race([lambda each=each: each.post(address, data) for each in desk_browsers(rivals)])
    assert Registration.objects.count() > 1
