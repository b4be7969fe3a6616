"""Gate 36: limits on sign-up, reset, RSVP and search answer 429, also while the broker is down."""

import pytest
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from config.celery import app
from core import clock, counters, limits
from core.mail.models import OutgoingMail
from core.mail.outbox import queueing
from events.models import Registration
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.events import EventFactory

pytestmark = [pytest.mark.gate(36), pytest.mark.django_db]
RSVPS, SEARCHES = 5, 6


@pytest.fixture(autouse=True)
def _low_limits(settings):
    cache.clear()
    settings.PACE_OF_FORMS = {**settings.PACE_OF_FORMS, "public:rsvp": (RSVPS, 2)}
    settings.PACE_OF_SEARCHES = (SEARCHES, 5)


@pytest.fixture(params=["broker up", "broker down"])
def broker(request, monkeypatch):
    """Nobody listens where the broker should be; the hint that mail waits is tried all the same."""
    monkeypatch.setattr(queueing._hint, "quiet_until", 0.0)
    if request.param == "broker down":
        app.conf.broker_url = "redis://127.0.0.1:1/0"
        app.pool.force_close_all()
    yield request.param
    app.conf.broker_url = settings.CELERY_BROKER_URL


def sign_up(number):
    return Client().post(
        reverse("account_signup"), {"email": f"person{number}@flood.example", "full_name": "Flood"}
    )


def reset(number):
    return Client().post(reverse("account_reset_password"), {"email": f"person{number}@flood.example"})


def rsvp(number):
    event = EventFactory() if number == 0 else Registration.objects.first().event
    typed = {"name": "Flood", "email": f"person{number}@flood.example", "party_size": 1}
    return Client().post(reverse("public:rsvp", args=[event.slug]), typed)


def search_partners(number):
    return Client().get(reverse("public:partners"), {"q": f"bakery {number}"})


def search_events(number):
    return Client().get(reverse("public:events"), {"q": f"workshop {number}"})


def search_claimable(number):
    return sign_in(Client(), UserFactory()).get(reverse("portal:application_start"), {"q": f"shop {number}"})


# What is asked, and how often it is fine.
FLOODS = {
    "sign-up": (sign_up, 20),
    "reset": (reset, 20),
    "RSVP": (rsvp, RSVPS),
    "search of partners": (search_partners, SEARCHES),
    "search of events": (search_events, SEARCHES),
    "search of businesses to claim": (search_claimable, SEARCHES),
}


def flood(ask, fine):
    """What the requests up to the limit answered, and what the next one did."""
    with clock.at(clock.now()):  # as quick as a program is, however slow this machine
        within = [ask(number).status_code for number in range(fine)]
        return within, ask(fine)


@pytest.mark.parametrize("what", FLOODS)
def test_one_more_than_is_fine_is_refused_whether_or_not_the_broker_is_there(
    broker, what, django_capture_on_commit_callbacks
):
    ask, fine = FLOODS[what]
    with django_capture_on_commit_callbacks(execute=True):
        within, over = flood(ask, fine)
    assert set(within) <= {200, 302}
    assert over.status_code == 429
    assert b"<h1" in over.content
    if broker == "broker down" and OutgoingMail.objects.exists():
        assert queueing._hint.quiet_until > 0, "the broker was there"


@pytest.mark.parametrize("what", FLOODS)
def test_without_the_counters_everything_is_let_through(what, monkeypatch):
    """The negative control: it is the counters that refuse, nothing else."""
    monkeypatch.setattr(counters, "count_up", lambda *_any: 1)
    monkeypatch.setattr(limits, "turn_in", lambda *_any, **_more: 0)
    monkeypatch.setattr(ratelimit, "consume", lambda *_any, **_more: ratelimit.RateLimitUsage(usage=[]))
    ask, fine = FLOODS[what]
    _within, over = flood(ask, fine)
    assert over.status_code in {200, 302}


def test_a_page_without_words_is_no_search():
    for number in range(SEARCHES + 2):
        assert Client().get(reverse("public:partners"), {"page": "1", "q": " "}).status_code == 200, number


def test_a_flood_from_one_address_keeps_nobody_else_out():
    flood(search_partners, SEARCHES)
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.get(reverse("public:partners"), {"q": "bakery"}).status_code == 200
