"""The public home with its figures, contact, privacy and accessibility."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.models import Department
from events import services as events
from partnerships.businesses.models import Business
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.businesses import AreaFactory, BeatFactory, BusinessFactory
from tests.factories.events import EventFactory, place

from .conftest import cost, words

pytestmark = pytest.mark.django_db
HOME = "/"
PAGES = ("home", "contact", "privacy", "accessibility")


def listed(name, at=None, **more):
    business = BusinessFactory(name=name, **{"standing": "partner", **more})
    Business.objects.filter(pk=business.pk).update(listed=True, listed_at=at or clock.now())
    return business


def figures(client):
    return [(each.figure, each.words) for each in client.get(HOME).context["figures"]]


class TestFigures:
    def test_where_there_is_nothing_to_count_nothing_is_said(self, client):
        page = client.get(HOME)
        assert page.context["figures"] == []
        assert "In figures" not in words(page)
        assert "hero__figures" not in words(page)

    def test_partners_are_counted_with_their_districts_and_without_closed_doors(self, client):
        district = AreaFactory()
        for area in (
            BeatFactory(parent=district),
            BeatFactory(parent=district),
            district,
            BeatFactory(),
            None,
        ):
            BusinessFactory(standing="partner", area=area)
        for more in (
            {"standing": "prospect"}, {"standing": "suspended"}, {"standing": "lapsed"},
            {"standing": "partner", "closed_on": clock.today()},
        ):  # fmt: skip
            BusinessFactory(area=BeatFactory(), **more)
        assert figures(client) == [("5", "partner businesses in 2 districts")]

    def test_one_is_one(self, client):
        BusinessFactory(standing="partner", area=BeatFactory())
        assert figures(client) == [("1", "partner business in 1 district")]

    def test_partners_in_no_district_are_partners(self, client):
        BusinessFactory(standing="partner")
        BusinessFactory(standing="partner")
        assert figures(client) == [("2", "partner businesses")]

    def test_this_years_public_events_are_counted_with_who_came(self, client):
        now = datetime(2027, 6, 15, 18, 0, tzinfo=UTC)
        with clock.at(now):
            drop_in = EventFactory(registration="drop_in", capacity=None, in_days=-20)
            event = EventFactory(in_days=-3)
            with clock.at(event.starts_at - timedelta(days=1)):
                came, missed = place(event, party_size=3), place(event, party_size=2)
            EventFactory(in_days=-200)  # last year
            EventFactory(in_days=-1, audience="partners")
            EventFactory(in_days=-1, status="cancelled")
            EventFactory(in_days=0, hours=30)  # still on
            EventFactory(in_days=5)
            assert figures(client) == [("2", "events so far this year")]
            events.set_headcount(event=drop_in, count=1200, actor=None)
            events.mark_attended(registration=came, actor=None)
            events.mark_no_show(registration=missed, actor=None)
            events.set_walk_ins(event=event, count=2, actor=None)
            assert figures(client) == [("2", "events so far this year, 1,205 people came")]

    def test_the_year_begins_in_the_departments_zone(self, client):
        with clock.at(datetime(2027, 1, 1, 12, 0, tzinfo=UTC)):
            EventFactory(
                starts_at=datetime(2027, 1, 1, 5, 0, tzinfo=UTC),
                ends_at=datetime(2027, 1, 1, 5, 30, tzinfo=UTC),
            )  # 11 p.m. on New Year's Eve in Chicago
            assert figures(client) == []
            EventFactory(
                starts_at=datetime(2027, 1, 1, 6, 0, tzinfo=UTC),
                ends_at=datetime(2027, 1, 1, 6, 30, tzinfo=UTC),
            )
            assert figures(client) == [("1", "event so far this year")]

    def test_the_usual_time_to_an_answer_needs_five_decisions_of_the_last_year(self, client):
        monday = datetime(2027, 6, 7, 15, 0, tzinfo=UTC)
        made = [vetting.decided("declined") for _ in range(5)]
        for application, working_days in zip(made, (1, 1, 3, 4, 4), strict=True):
            Application.objects.filter(pk=application.pk).update(
                first_submitted_at=monday, decided_at=monday + timedelta(days=working_days)
            )
        with clock.at(datetime(2027, 6, 30, tzinfo=UTC)):
            assert figures(client) == [("3 working days", "from application to answer, typically")]
            Application.objects.filter(pk=made[0].pk).update(decided_at=monday - timedelta(days=400))
            assert figures(client) == []


class TestHome:
    def test_an_empty_product_opens_and_says_what_will_be_here(self, client):
        page = words(client.get(HOME))
        for said in ("Nothing is planned right now", "Nobody is listed yet", "Become a partner"):
            assert said in page
        assert reverse("public:join") in page

    def test_only_partners_who_asked_to_be_listed_are_named_the_newest_first(self, client):
        now = clock.now()
        for number in range(6):
            listed(f"Shop {number}", at=now - timedelta(days=number))
        BusinessFactory(name="Hidden Partner", standing="partner")
        listed("Hidden Suspended", standing="suspended")
        listed("Hidden Closed", closed_on=clock.today())
        BusinessFactory(name="Hidden Prospect", listed=True)
        page = client.get(HOME)
        assert [each.name for each in page.context["partners"]] == [f"Shop {n}" for n in range(5)]
        assert "Hidden" not in words(page)
        assert page.context["partners"][0].get_absolute_url() in words(page)

    @pytest.mark.parametrize("who", ["visitor", "member", "supervisor"])
    def test_only_public_events_ahead_are_shown_the_soonest_first_whoever_looks(self, client, who):
        if who != "visitor":
            sign_in(client, UserFactory(role=who))
        for days in (9, 2, 5, 1, 7):
            EventFactory(title=f"In {days}", in_days=days)
        for more in (
            {"status": "draft"}, {"status": "cancelled"}, {"audience": "partners"}, {"in_days": -2},
        ):  # fmt: skip
            EventFactory(title="Hidden", **{"in_days": 1, **more})
        page = client.get(HOME)
        assert [each.title for each in page.context["events"]] == ["In 1", "In 2", "In 5", "In 7"]
        assert "Hidden" not in words(page)
        assert "40 seats left" in words(page)

    def test_nothing_that_was_typed_is_live(self, client):
        evil = "<script>alert(1)</script>"
        listed(evil, street=evil)
        EventFactory(title=evil, venue_name=evil)
        assert "<script>alert" not in words(client.get(HOME))

    @pytest.mark.gate(43)
    def test_the_home_costs_the_same_queries_for_few_and_for_many_rows(self, client):
        def add(count):
            for _ in range(count):
                listed("Shop", area=BeatFactory())
                EventFactory()
                EventFactory(in_days=-20)

        add(1)
        cost(client, HOME)
        few = cost(client, HOME)
        add(12)
        assert cost(client, HOME) == few
        assert few <= 25


class TestWords:
    @pytest.fixture
    def department(self, db):
        row = Department.current()
        row.name, row.unit_name = "Riverton Police Department", "Community Unit"
        row.email, row.phone = "partners@riverton.example", "555 0100"
        row.emergency_text, row.accommodation_contact = "In an emergency call 911.", "Kim Park, 555-0199"
        row.save()
        return row

    @pytest.mark.parametrize("name", PAGES)
    def test_every_page_opens_for_everyone_with_one_heading(self, client, department, name):
        page = client.get(reverse(f"public:{name}"))
        assert page.status_code == 200
        assert words(page).count("<h1") == 1

    def test_contact_says_first_what_to_do_in_an_emergency(self, client, department):
        page = words(client.get("/contact/"))
        main = page[page.index("<main") :]
        assert main.index("In an emergency call 911.") < main.index("partners@riverton.example")
        for said in (
            'href="mailto:partners@riverton.example"',
            'href="tel:5550100"',
            "Kim Park",
            "complaint",
        ):
            assert said in main
        assert "A message to us is not a police report." in main

    def test_privacy_says_what_is_kept_who_sees_it_and_what_one_may_ask_for(self, client, department):
        page = words(client.get("/privacy/"))
        for said in (
            "We keep no criminal history", "may be a public record", "a copy of what we hold on you",
            "correction", "erasure", "it takes effect at once", "mailto:partners@riverton.example",
        ):  # fmt: skip
            assert said in page

    def test_the_statement_names_the_standard_whom_to_tell_and_what_is_not_there_yet(
        self, client, department
    ):
        page = words(client.get("/accessibility/"))
        for said in ("WCAG) 2.2, level AA", "28 CFR part 35", "Kim Park", "What we know is not there yet"):
            assert said in page
