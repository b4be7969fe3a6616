"""The desk's home of a viewer: totals of the whole city, and nobody's name."""

from datetime import date

import pytest
from django.utils.html import escape

from partnerships.businesses.models import Area
from tests.factories import vetting
from tests.factories.accounts import UserFactory
from tests.factories.businesses import AreaFactory, BeatFactory, BusinessFactory, ClaimFactory, ContactFactory
from tests.factories.events import EventFactory

from .conftest import cost, lines, promise, refused_mail, words

pytestmark = pytest.mark.django_db
HOME = "/desk/"
BUDGET = 25


def test_the_tiles_count_the_whole_city(city, as_user):
    BusinessFactory(area=city.west_beat, standing="partner")
    BusinessFactory(area=city.east_beat, standing="partner")
    BusinessFactory(area=city.east_beat)
    promise(vetting.submitted(), -1)
    vetting.action_needed()
    vetting.draft()
    EventFactory.create_batch(9, area=city.east, in_days=2)
    EventFactory(in_days=8)
    client = as_user(city.viewer)
    page = client.get(HOME)
    tiles = page.context["today"].tiles
    assert [(each.figure, str(each.words), each.tone) for each in tiles] == [
        (2, "partner businesses", "info"),
        (2, "applications are open", "neutral"),
        (1, "application past the promise", "bad"),
        (9, "events this week", "info"),
    ]
    for each in tiles:
        if each.url:
            assert f'href="{escape(each.url)}"' in page.content.decode()
            assert client.get(each.url).context["list"].count == each.figure
    assert len(lines(page.context["today"], "events")) == 8


def test_each_district_in_effect_has_its_businesses_by_standing(city, as_user):
    for standing in ("prospect", "applicant", "partner", "partner", "suspended", "ended"):
        BusinessFactory(area=city.west_beat, standing=standing)
    BusinessFactory(area=city.west, standing="partner")  # in the district, in no beat
    BusinessFactory(area=None)
    rows = lines(as_user(city.viewer).get(HOME).context["today"], "districts")
    told = [
        tuple(row[key] for key in ("name", "businesses", "applicants", "partners", "suspended"))
        for row in rows
    ]
    assert told == [
        ("District 19", 7, 1, 3, 1),
        ("No district: outside the city or not placed", 1, 0, 0, 0),
    ]


def test_a_business_in_a_district_of_the_past_is_not_lost(city, as_user):
    old = AreaFactory(code="77")
    BusinessFactory(area=BeatFactory(parent=old))
    Area.objects.filter(pk=old.pk).update(valid_until=date(2024, 1, 1))
    rows = lines(as_user(city.viewer).get(HOME).context["today"], "districts")
    assert sum(row["businesses"] for row in rows) == 1


def test_no_name_no_contact_and_no_single_application_is_on_it(city, as_user):
    application = vetting.submitted(business=BusinessFactory(name="Secret Hardware", area=city.west_beat))
    ContactFactory(business=application.sites.get(), name="Secret Person")
    ClaimFactory(business=BusinessFactory(name="Secret Claim"), user=UserFactory(full_name="Secret Owner"))
    refused_mail(application.organization_id, subject="Secret mail")
    page = words(as_user(city.viewer).get(HOME))
    assert "Secret" not in page
    assert "/desk/applications/" not in page
    assert "the whole city in figures" in page


def test_a_viewer_can_not_ask_for_an_officers_day(city, as_user):
    page = as_user(city.viewer).get(HOME, {"scope": "all"})
    assert "segments" not in page.context
    assert page.context["today"].page.card("applications") is None
    assert lines(page.context["today"], "districts") == []


def test_an_empty_registry_says_who_fills_it(city, as_user):
    page = words(as_user(city.viewer).get(HOME))
    assert "The registry is empty" in page
    assert "An administrator imports areas and a license file." in page
    assert "No events in the next seven days" in page


@pytest.mark.gate(43)
def test_the_numbers_cost_the_same_queries_for_few_and_for_many_rows(city, as_user):
    def add(count):
        for _ in range(count):
            BusinessFactory(area=BeatFactory(parent=AreaFactory()), standing="partner")
            EventFactory(in_days=1)
            vetting.submitted()

    client = as_user(city.viewer)
    add(2)
    cost(client, HOME)
    few = cost(client, HOME)
    add(12)
    assert cost(client, HOME) == few
    assert few <= BUDGET
