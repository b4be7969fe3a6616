"""One folding for every search: a word is found however it is spelled, wherever the product searches."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from config.local.places import BASE_DIR
from core.folding import has_words
from partnerships.businesses.models import Business, Organization
from tests.factories.accounts import AdminFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, ClaimFactory, ContactFactory
from tests.factories.core import mail
from tests.factories.events import EventFactory, place
from tests.factories.vetting import submitted

pytestmark = pytest.mark.django_db

# What is stored, and what people type to find it.
SPELLINGS = [
    ("Café Olé", ("cafe", "OLE", "café", "Cafe\u0301 ole")),
    ("Cafe\u0301 of two signs", ("café", "cafe")),
    ("O'Brien", ("obrien", "O’Brien", "o'brien", "OʼBRIEN", "O`Brien")),
    ("O’Brien’s Pub", ("obriens", "O'Brien's")),
    ("Straße", ("strasse", "STRASSE", "STRAẞE")),
    ("Masse", ("maße",)),
    ("Łódź", ("lodz", "ŁÓDŹ")),
    ("Æther", ("aether",)),
    ("İstanbul", ("istanbul", "ISTANBUL")),
    ("東京堂書店", ("東京", "書店", "京堂")),
    ("ガラス", ("ｶﾞﾗｽ", "ガラス")),
    ("한국 식당", ("한국",)),
    ("مَطْعَم الأمل", ("مطعم", "الامل", "الأمل")),
    ("Ελλάς", ("ελλας", "ΕΛΛΑΣ")),
    ("Кафе Ёлка", ("елка", "КАФЕ")),
    ("हिन्दी", ("हिन्दी",)),
    ("A.B. Heating, L.L.C.", ("ab", "llc", "heating")),
    ("Smith & Sons", ("smith & sons", "sons")),
    ("50% off_site", ("50%", "off_site", "off site")),
]
OTHERS = [
    ("ガラス", "カラス"),
    ("Straße", "strase"),
    ("100 percent", "1_0"),
    ("plain", "pl%n"),
    ("O'Brien", "brian"),
]
PAIRS = [(stored, typed) for stored, spellings in SPELLINGS for typed in spellings]


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_a_word_is_found_however_it_is_spelled(stored, typed):
    Organization.objects.create(name=stored)
    assert Organization.objects.filter(has_words(typed, "name")).exists()


@pytest.mark.parametrize(("stored", "typed"), OTHERS)
def test_another_word_is_not(stored, typed):
    Organization.objects.create(name=stored)
    assert not Organization.objects.filter(has_words(typed, "name")).exists()


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_businesses_are_searched_in_the_same_way(stored, typed):
    row = BusinessFactory(name=stored)
    assert row in Business.objects.search(typed)


def test_a_text_of_plain_letters_takes_the_short_way_to_the_same():
    """Else the two ways would part, and a word with an accent elsewhere in the text were another word."""
    texts = ["O'Brien's Pub, L.L.C.", "a.b.c d. e", "  Two   blanks ", "`Tis", "x_y-z/1%", "", "!!!"]
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT core_fold(%s), core_fold(%s || 'é')", [text, f"{text} "])
            short, long = cursor.fetchone()
            assert f"{short.rstrip()} e" == long


@pytest.fixture
def olé():
    """Something of everything that is searched, by one name."""
    supervisor = SupervisorFactory(email="chief@city.example")
    owner = UserFactory(full_name="Zoë O’Brien", email="zoe@shop.example")
    shop = BusinessFactory(name="Café Olé")
    ContactFactory(organization=shop.organization, name="Zoë O’Brien")
    event = EventFactory(title="Café Olé meets its neighbors", actor=supervisor)
    place(event, name="Zoë O’Brien", email="zoe@shop.example")
    ClaimFactory(business=shop, user=owner)
    submitted(business=BusinessFactory(name="O’Brien Café"))
    mail(to="zoe@shop.example", recipient_name="Zoë O’Brien", subject="Your visit to Café Olé")
    return {"supervisor": supervisor, "event": event, "shop": shop}


# Where people search, and a word of what is to be found there.
BOXES = [
    ("public:events", "cafe", "Café Olé"),
    ("desk:events", "ole", "Café Olé"),
    ("desk:businesses", "cafe ole", "Café Olé"),
    ("desk:claims", "obrien", "Café Olé"),
    ("desk:claims", "cafe zoe", "Café Olé"),
    ("desk:applications", "obrien cafe", "O’Brien Café"),
    ("desk:mail", "obrien", "Your visit"),
    ("desk:mail", "cafe", "Your visit"),
]
ADMIN_BOXES = [
    ("accounts_user", "zoe obrien"),
    ("businesses_organization", "cafe"),
    ("businesses_business", "ole"),
    ("businesses_contact", "o'brien"),
    ("businesses_claim", "cafe"),
    ("events_event", "cafe"),
    ("events_registration", "obrien"),
    ("vetting_application", "obrien"),
    ("mail_outgoingmail", "zoe"),
]


def content(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


@pytest.mark.parametrize(("name", "typed", "found"), BOXES)
def test_every_search_of_the_product_folds(client, olé, name, typed, found):
    sign_in(client, olé["supervisor"])
    address = reverse(name)
    assert found in content(client.get(address, {"q": typed}))
    assert found not in content(client.get(address, {"q": "quillfeather"}))


def test_the_list_at_the_door_folds(client, olé):
    sign_in(client, olé["supervisor"])
    address = reverse("desk:event_attendance", args=[olé["event"].pk])
    assert "Zoë O’Brien" in content(client.get(address, {"q": "obrien"}))
    assert "Zoë O’Brien" not in content(client.get(address, {"q": "brian"}))


@pytest.mark.parametrize(("name", "typed"), ADMIN_BOXES)
def test_every_search_of_the_admin_folds(client, olé, name, typed):
    sign_in(client, AdminFactory())
    address = reverse(f"admin:{name}_changelist")
    assert 'class="field-' in content(client.get(address, {"q": typed}))
    assert 'class="field-' not in content(client.get(address, {"q": "quillfeather"}))


def test_rules_of_reminders_are_found_by_the_words_of_the_rooms(client):
    sign_in(client, AdminFactory())
    address = reverse("admin:mail_reminderrule_changelist")
    found = content(client.get(address, {"q": "EVÉNT dày"}))
    assert "event-day-before" in found
    assert "application-" not in found
    assert 'class="field-' not in content(client.get(address, {"q": "quillfeather"}))


def test_no_search_goes_round_the_folding():
    """What compares letters by itself knows upper and lower case, and nothing more."""
    found = [
        str(path.relative_to(BASE_DIR))
        for package in ("accounts", "core", "events", "partnerships")
        for path in (BASE_DIR / package).rglob("*.py")
        if re.search(r"icontains|istartswith|unaccent|search_term\.casefold", path.read_text())
        and "migrations" not in path.parts
    ]
    assert found == []
