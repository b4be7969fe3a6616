"""The desk's day: what waits, for whom, in which order, and what it costs to ask."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.html import escape

from core import clock
from core.words import day as day_words
from partnerships.businesses.models import Claim
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, DistrictAssignmentFactory
from tests.factories.core import mail
from tests.factories.events import EventFactory
from tests.worlds import taken_back

from .conftest import cost, due, lines, promise, refused_mail, words

pytestmark = pytest.mark.django_db
BUDGET = 25
HOME = "/desk/"
SCOPES = ("mine", "district", "all")


def shop(name, area=None, lead=None, **more):
    """A business; `lead` is its lead officer."""
    return BusinessFactory(name=name, area=area, organization__lead_officer=lead, **more)


def today(client, scope=""):
    return client.get(HOME, {"scope": scope} if scope else {}).context["today"]


def names(found):
    return [line.application.organization.name for line in lines(found, "applications")]


def scope_of(client, wanted):
    """Whose work the page shows, as its switch says."""
    (chosen,) = [each.url for each in client.get(HOME, {"scope": wanted}).context["segments"] if each.current]
    return chosen.partition("=")[2]


def tile(found, words_of_it):
    return next(each for each in found.tiles if words_of_it in each.words)


def with_condition(place, text, days):
    """A partner with an open condition."""
    application = vetting.decided("approved_with_conditions", business=place)
    due(application, days)
    application.conditions.update(text=text)
    return application


@pytest.fixture(scope="class")
def desk(city):
    """What waits in both districts: the officer's own work, their district's, and a canary elsewhere."""
    with taken_back():
        officer, west = city.officer, city.west_beat
        other = OfficerFactory(full_name="Marcus Brandt")
        world = SimpleNamespace(
            own=promise(vetting.in_review(business=shop("Own Review", west), reviewers=[officer]), -3),
            led=promise(vetting.submitted(business=shop("Own Lead", west, officer)), 4),
            near=promise(vetting.in_review(business=shop("Near By", west), reviewers=[other]), -1),
            asked=vetting.action_needed(business=shop("Asked Owner", west, officer)),
            ready=promise(vetting.reviewed(business=shop("Ready One", west)), 2),
            far=promise(vetting.submitted(business=shop("Canary Far", city.east_beat)), -9),
            near_partner=with_condition(shop("Near Partner", west), "Light", -2),
            led_partner=with_condition(shop("Led Partner", west, officer), "Training", 5),
            far_partner=with_condition(shop("Canary Partner", city.east_beat), "Canary condition", 1),
        )
        vetting.draft(business=shop("Secret Draft", west))
        Claim.objects.filter(status="claimed").update(status="withdrawn")
        ClaimFactory(business=shop("Claimed Near", west), user=UserFactory(full_name="Near Owner"))
        ClaimFactory(business=shop("Claimed Nowhere"), user=UserFactory(full_name="Lost Owner"))
        ClaimFactory(business=shop("Canary Claim", city.east_beat), user=UserFactory(full_name="Canary"))
        EventFactory(title="Near Event", area=city.west, in_days=2)
        EventFactory(title="Later Event", area=city.west, in_days=8)
        EventFactory(title="Off Event", area=city.west, in_days=3, status="cancelled")
        EventFactory(title="Canary Event", area=city.east, in_days=2)
        refused_mail(world.led.organization_id)
        refused_mail(world.far.organization_id)
        mail(organization_id=world.led.organization_id)
        yield world


class TestWithWorkOnTheDesk:
    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            ("mine", ["Own Review", "Own Lead", "Asked Owner"]),
            ("district", ["Own Review", "Near By", "Ready One", "Own Lead", "Asked Owner"]),
            ("all", ["Own Review", "Near By", "Ready One", "Own Lead", "Asked Owner"]),
        ],
    )
    def test_an_officer_sees_own_work_or_the_district_soonest_promise_first_and_stopped_clocks_last(
        self, city, desk, as_user, scope, expected
    ):
        found = today(as_user(city.officer), scope)
        assert names(found) == expected
        assert found.page.card("applications").count == len(expected)

    def test_what_a_supervisor_has_to_decide_is_theirs(self, city, desk, as_user):
        client = as_user(city.supervisor)
        assert names(today(client, "mine")) == ["Ready One"]
        assert tile(today(client, "mine"), "waiting for you").figure == 1
        assert "Canary Far" in names(today(client))

    def test_a_supervisor_who_covers_a_district_may_narrow_to_it(self, city, desk, as_user):
        DistrictAssignmentFactory(user=city.supervisor, area=city.east)
        shown = today(as_user(city.supervisor), "district")
        assert names(shown) == ["Canary Far"]
        assert [each.text for each in lines(shown, "conditions")] == ["Canary condition"]

    @pytest.mark.parametrize("scope", SCOPES)
    def test_what_lies_in_another_district_is_nowhere_on_the_page(self, city, desk, as_user, scope):
        page = words(as_user(city.officer).get(HOME, {"scope": scope}))
        assert "Canary" not in page
        assert "Claimed Near" in page

    def test_a_draft_that_an_owner_still_writes_is_nobody_elses_business(self, city, desk, as_user):
        assert "Secret Draft" not in words(as_user(city.supervisor).get(HOME))

    def test_each_line_says_whom_it_waits_for_and_whether_it_is_late(self, city, desk, as_user):
        client = as_user(city.officer)
        promise(desk.own, -14)
        found = {
            each.application.organization.name: each for each in lines(today(client, "all"), "applications")
        }
        assert {name: each.waiting for name, each in found.items()} == {
            "Own Review": "Your review",
            "Own Lead": "Someone to take it",
            "Near By": "Officer Marcus Brandt",
            "Asked Owner": "Owner: 2 things",
            "Ready One": "Supervisor’s decision",
        }
        assert found["Own Review"].age.late
        assert not found["Own Lead"].age.late
        page = words(client.get(HOME))
        assert "In review · late" in page
        assert "Beat 1925" in page
        assert reverse("desk:application", args=[desk.own.pk]) in page

    def test_conditions_are_shown_while_late_or_due_within_two_weeks(self, city, desk, as_user):
        client = as_user(city.officer)

        def texts(scope):
            return [each.text for each in lines(today(client, scope), "conditions")]

        assert texts("district") == texts("all") == ["Light", "Training"]
        assert texts("mine") == ["Training"]
        due(desk.led_partner, 15)
        desk.near_partner.conditions.update(status="met")
        assert texts("all") == []
        assert "Conditions of approvals" not in words(client.get(HOME, {"scope": "all"}))
        due(desk.led_partner, 14)
        assert texts("all") == ["Training"]
        assert "Led Partner" in words(client.get(HOME, {"scope": "all"}))

    @pytest.mark.parametrize("scope", SCOPES)
    def test_every_claim_one_may_check_waits_also_of_a_place_in_no_district(self, city, desk, as_user, scope):
        client = as_user(city.officer)
        shown = [each.business.name for each in lines(today(client, scope), "claims")]
        assert shown == ["Claimed Near", "Claimed Nowhere"]
        assert "Lost Owner" in words(client.get(HOME, {"scope": scope}))

    def test_only_what_takes_place_within_seven_days_is_this_weeks(self, city, desk, as_user):
        client = as_user(city.officer)
        assert [each.title for each in lines(today(client), "events")] == ["Near Event"]
        EventFactory(title="On Now", area=city.west, starts_at=clock.now() - timedelta(hours=1))
        assert [each.title for each in lines(today(client), "events")] == ["On Now", "Near Event"]

    def test_the_heading_says_how_much_is_late_and_how_much_is_due(self, city, desk, as_user):
        client = as_user(city.officer)
        # Mine: one review is late; an application and a condition are due. The district: also others'.
        day = day_words(clock.today() + timedelta(days=7), "short")
        assert f"1 thing is late, 2 are due by {day}" in words(client.get(HOME))
        assert f"3 things are late, 3 are due by {day}" in words(client.get(HOME, {"scope": "district"}))

    @pytest.mark.parametrize(
        ("scope", "expected"),  # late, waiting for me, claims, events this week, mail in trouble
        [("mine", [1, 1, 2, 1, 1]), ("district", [2, 1, 2, 1, 1]), ("all", [2, 1, 2, 1, 1])],
    )
    def test_the_figures_count_what_waits_and_lead_to_lists_of_the_same_number(
        self, city, desk, as_user, scope, expected
    ):
        client = as_user(city.officer)
        found = today(client, scope)
        assert [each.figure for each in found.tiles] == expected
        assert [each.tone for each in found.tiles] == ["bad", "warn", "warn", "info", "bad"]
        self.lead_to_their_lists(client, scope, found)

    @pytest.mark.parametrize("scope", SCOPES)
    def test_so_do_a_supervisors(self, city, desk, as_user, scope):
        promise(desk.ready, -1)  # waits for them, though they had no hand in it
        DistrictAssignmentFactory(user=city.supervisor, area=city.west)
        client = as_user(city.supervisor)
        found = today(client, scope)
        assert tile(found, "past the promise").figure == (1 if scope == "mine" else 3)
        self.lead_to_their_lists(client, scope, found)

    def lead_to_their_lists(self, client, scope, found):
        page = words(client.get(HOME, {"scope": scope}))
        for each in found.tiles:
            assert f'href="{escape(each.url)}"' in page
            assert client.get(each.url).context["list"].count == each.figure, each.words
        card = found.page.card("applications")
        assert f'href="{escape(card.url)}"' in page
        assert client.get(card.url).context["list"].count == card.count


class TestWithoutWork:
    def test_an_empty_desk_says_that_nothing_waits_and_where_things_will_appear(self, city, as_user):
        page = as_user(city.officer).get(HOME)
        said = words(page)
        for sentence in (
            "nothing is late, nothing is due this week",
            "No application is open here",
            "New ones appear as soon as an owner sends them.",
            "Nobody is waiting",
            "No events in the next seven days",
        ):
            assert sentence in said
        tiles = page.context["today"].tiles
        assert [each.figure for each in tiles] == [0, 0, 0, 0, 0]
        assert not {each.tone for each in tiles} & {"bad", "warn"}

    @pytest.mark.parametrize("wanted", ["", "nonsense", "MINE"])
    def test_an_unknown_scope_means_own_work_for_an_officer_and_everything_for_a_supervisor(
        self, city, as_user, wanted
    ):
        assert scope_of(as_user(city.officer), wanted) == "mine"
        assert scope_of(as_user(city.supervisor), wanted) == "all"

    def test_who_has_no_district_is_not_offered_one(self, city, as_user):
        def labels(user):
            return [each.label for each in as_user(user).get(HOME, {"scope": "district"}).context["segments"]]

        assert labels(city.officer) == ["Mine", "District 19", "All"]
        DistrictAssignmentFactory(user=city.officer, area=city.east)
        assert labels(city.officer) == ["Mine", "My districts", "All"]
        assert labels(city.supervisor) == ["Mine", "All"]
        assert scope_of(as_user(city.supervisor), "district") == "all"

    def test_a_chain_is_in_the_district_of_each_of_its_sites_and_listed_once(self, city, as_user):
        first = shop("Chain", city.west_beat)
        second, third = (
            BusinessFactory(organization=first.organization, area=area)
            for area in (city.west_beat, city.east_beat)
        )
        application = vetting.submitted(business=first)
        application.sites.set([first, second, third])
        client = as_user(city.officer)
        found = today(client, "district")
        assert names(found) == ["Chain"]
        assert lines(found, "applications")[0].place.startswith("3 sites · 2 districts")
        application.sites.set([third])
        assert names(today(client, "district")) == []
        assert client.get(today(client, "district").page.card("applications").url).context["list"].count == 0

    def test_eight_lines_of_a_card_are_shown_and_all_are_counted(self, city, as_user):
        for _ in range(9):
            vetting.submitted(business=shop("Shop", city.west_beat, city.officer))
            EventFactory(area=city.west, in_days=3)
        client = as_user(city.officer)
        found = today(client)
        assert (
            len(lines(found, "applications"))
            == len(lines(found, "claims"))
            == len(lines(found, "events"))
            == 8
        )
        assert found.page.card("applications").count == 9
        assert tile(found, "this week").figure == tile(found, "to verify").figure == 9
        assert "All 9" in words(client.get(HOME))

    @pytest.mark.gate(43)
    def test_the_day_costs_the_same_queries_for_a_short_and_for_a_long_queue(self, city, as_user):
        lead, colleague = city.officer, city.supervisor
        DistrictAssignmentFactory(user=colleague, area=city.west)

        def add(count):
            for _ in range(count):
                for user in (lead, colleague):
                    place = shop("A", city.west_beat, lead)
                    vetting.action_needed(business=place, reviewers=[user])
                    vetting.in_review(business=shop("B", city.west_beat, lead), reviewers=[user])
                vetting.submitted(business=shop("C", city.west_beat, colleague))
                with_condition(shop("D", city.west_beat, lead), "Light", -1)
                EventFactory(area=city.west, in_days=1)
                refused_mail(place.organization_id)

        def costs():
            found = {}
            for user in (lead, colleague):
                client = as_user(user)
                client.get(HOME)  # what a first request loads once
                found |= {(user.role, scope): cost(client, f"{HOME}?scope={scope}") for scope in SCOPES}
            return found

        add(1)
        few = costs()
        add(2)
        for _ in range(9):
            ClaimFactory(business=shop("E", city.west_beat), user=UserFactory())
            EventFactory(area=city.west, in_days=1)
        assert costs() == few
        assert max(few.values()) <= BUDGET, few
