"""The owner's home: what needs them, where things stand, and nothing that is not theirs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from core import clock
from core.words import day as day_words
from events import services as events
from partnerships.businesses import services
from partnerships.businesses.models import Business
from partnerships.vetting.models import Application
from partnerships.vetting.services import save_step, submit_application, withdraw_application
from partnerships.vetting.workflow import APPLICATION
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, MembershipFactory
from tests.factories.events import EventFactory

from .conftest import due, lines, words

pytestmark = pytest.mark.django_db
HOME = "/portal/"
BUDGET = 25


def home(client):
    return client.get(HOME).context["home"]


def applications(client):
    """The applications that the home shows, in order."""
    cards = home(client).page.main.cards
    return [each.lines[0].application for each in cards if each.key.startswith("application-")]


def own(city, **more):
    """A business of the owner."""
    more = {"name": "La Espiga", "area": city.west_beat, **more}
    business = BusinessFactory(**more)
    MembershipFactory(user=city.owner, business=business)
    return business


class TestWhatNeedsThem:
    def only_need(self, as_user, user):
        page = as_user(user).get(HOME)
        (need,) = page.context["home"].needs
        said = words(page)
        assert "1 thing needs you." in said
        assert f'href="{need.url}"' in said
        return need, said

    def test_a_draft_is_to_be_finished(self, city, as_user):
        application = vetting.draft(business=BusinessFactory(name="La Espiga"), owner=city.owner)
        need, said = self.only_need(as_user, city.owner)
        assert need.title == "Finish your application"
        assert need.url == reverse("portal:application_status", args=[application.pk])
        assert "La Espiga. Everything you typed is saved." in said

    def test_a_question_lists_what_is_asked_and_since_when(self, city, as_user):
        application = vetting.action_needed(owner=city.owner, business=BusinessFactory(name="La Espiga"))
        need, said = self.only_need(as_user, city.owner)
        assert need.title == "We need two things from you"
        assert len(need.items) == 2
        assert need.url == reverse("portal:application_answer", args=[application.pk])
        assert f"Asked on {day_words(clock.today())}. Our clock is stopped until you answer." in said
        for item in need.items:
            assert f"<li>{item}</li>" in said
        assert escape(application.action_requests.get().message) in said

    def test_one_thing_is_one_thing(self, city, as_user):
        vetting.action_needed(fields=["offers"], owner=city.owner)
        need, _said = self.only_need(as_user, city.owner)
        assert need.title == "We need one thing from you"

    def test_an_answered_question_is_asked_no_more(self, city, as_user):
        application = vetting.action_needed(fields=["offers"], owner=city.owner)
        save_step(application=application, actor=city.owner, values={"offers": "A room for 60."})
        submit_application(application=application, actor=city.owner)
        assert home(as_user(city.owner)).needs == []

    @pytest.mark.parametrize(
        ("days", "said", "tone"),
        [(-1, "was due on", "bad"), (0, "due on", "warn"), (30, "due on", "warn")],
    )
    def test_a_condition_of_an_approval_is_to_be_met(self, city, as_user, days, said, tone):
        application = vetting.decided("approved_with_conditions", owner=city.owner)
        services.list_business(business=application.sites.get(), actor=city.owner, wording="Yes.")
        day = due(application, days)
        need, page = self.only_need(as_user, city.owner)
        assert (need.title, need.tone) == ("Renew the license", tone)
        assert f"A condition of your approval, {said} {day_words(day)}." in page
        assert need.url == reverse("portal:application_status", args=[application.pk])
        application.conditions.update(status="met")
        assert home(as_user(city.owner)).needs == []

    def test_a_partner_who_is_not_listed_may_choose_to_be(self, city, as_user):
        business = own(city, standing="partner")
        need, said = self.only_need(as_user, city.owner)
        assert need.title == "Be found in the public directory"
        assert need.url == reverse("portal:business_listing", args=[business.pk])
        assert need.tone == "info"
        assert "La Espiga is a partner, but not listed." in said
        services.list_business(business=business, actor=city.owner, wording="Yes.")
        page = as_user(city.owner).get(HOME)
        assert page.context["home"].needs == []
        assert "Nothing needs you right now." in words(page)

    def test_nobody_is_asked_to_list_what_is_no_partner_or_closed_or_not_theirs_to_list(self, city, as_user):
        own(city)
        own(city, standing="suspended")
        own(city, standing="partner", closed_on=clock.today())
        theirs = BusinessFactory(standing="partner")
        MembershipFactory(user=city.owner, business=theirs, role="staff")
        assert home(as_user(city.owner)).needs == []

    @pytest.mark.parametrize(("after", "told"), [(0, True), (30, True), (31, False)])
    def test_a_decline_says_until_when_it_can_be_appealed(self, as_user, after, told):
        application = vetting.at("declined")
        with clock.at(application.decided_at + timedelta(days=after)):
            page = as_user(application.applicant).get(HOME)
        needs = [each for each in page.context["home"].needs if "appeal" in each.title]
        assert len(needs) == told
        if told:
            assert needs[0].url == reverse("portal:application_status", args=[application.pk])

    @pytest.mark.parametrize("status", ["submitted", "in_review", "approved", "withdrawn"])
    def test_what_waits_for_the_department_does_not_need_the_owner(self, city, as_user, status):
        application = vetting.at(status)
        user = application.applicant
        Business.objects.filter(organization=application.organization).update(listed=True)
        assert home(as_user(user)).needs == []


class TestWhereThingsStand:
    def test_an_application_shows_its_stages_and_the_promised_day(self, city, as_user):
        application = vetting.in_review(owner=city.owner, business=BusinessFactory(name="La Espiga"))
        page = words(as_user(city.owner).get(HOME))
        for said in (
            "Application of La Espiga",
            "You applied",
            f"We promised an answer by {day_words(application.promised_on)}",
            reverse("portal:application_status", args=[application.pk]),
        ):
            assert said in page

    @pytest.mark.parametrize("status", sorted(APPLICATION.told))
    def test_an_application_is_told_of_in_the_sentence_of_its_own_page(self, city, as_user, status):
        application = vetting.at(status)
        sentence = escape(str(APPLICATION.told[status]))
        browser = as_user(application.applicant)
        assert sentence in words(browser.get(HOME))
        if status != "draft":  # what is not sent yet says there what is missing
            own_page = browser.get(reverse("portal:application_status", args=[application.pk]))
            assert sentence in words(own_page)

    @pytest.mark.parametrize(("days", "shown"), [(30, True), (31, False)])
    @pytest.mark.parametrize("column", ["decided_at", "withdrawn_at"])
    def test_one_that_ended_stays_for_as_long_as_an_appeal_is_possible(
        self, city, as_user, days, shown, column
    ):
        application = vetting.at("declined" if column == "decided_at" else "withdrawn")
        moment = clock.now() - timedelta(days=days, minutes=1)
        Application.objects.filter(pk=application.pk).update(**{column: moment})
        assert bool(applications(as_user(application.applicant))) is shown

    def test_an_open_one_is_not_pushed_off_by_newer_ones_that_ended(self, city, as_user):
        vetting.action_needed(owner=city.owner, business=BusinessFactory(name="Open One"))
        for _ in range(9):
            newer = vetting.submitted(owner=city.owner)
            withdraw_application(application=newer, actor=city.owner)
        found = home(as_user(city.owner))
        assert [each.title for each in found.needs] == ["We need two things from you"]
        assert applications(as_user(city.owner))[0].organization.name == "Open One"

    def test_a_claim_that_is_being_checked_says_so(self, city, as_user):
        ClaimFactory(business=BusinessFactory(name="La Espiga"), user=city.owner)
        page = as_user(city.owner).get(HOME)
        assert "We are checking that you speak for La Espiga" in words(page)
        assert "We still have to confirm that this is your business." in words(page)
        assert "go on with your application" not in words(page)
        vetting.draft(business=BusinessFactory(), owner=city.owner)
        assert "go on with your application" in words(as_user(city.owner).get(HOME))
        assert day_words(clock.today()) in words(page)
        assert not page.context["home"].is_empty

    def test_events_ahead_are_shown_until_they_are_over_or_called_off(self, city, as_user):
        business = own(city, standing="partner")
        later, sooner, gone, off, full = (
            EventFactory(title=title, area=city.west, in_days=days, capacity=5)
            for title, days in (("Later", 9), ("Sooner", 2), ("Gone", -2), ("Off", 4), ("Full", 5))
        )
        for event in (later, sooner, off):
            events.register_business(event=event, business=business, user=city.owner, party_size=2)
        with clock.at(gone.starts_at - timedelta(days=3)):
            events.register_business(event=gone, business=business, user=city.owner, party_size=2)
        events.enter_registration(
            event=full, actor=city.officer, name="Crowd", email="crowd@people.example", party_size=5,
            notify=False,
        )  # fmt: skip
        events.register_business(event=full, business=business, user=city.owner, party_size=2)
        events.cancel_event(event=off, actor=city.officer)
        page = as_user(city.owner).get(HOME)
        shown = lines(page.context["home"], "events")
        assert [(each.registration.event.title, each.registration.status) for each in shown] == [
            ("Sooner", "registered"), ("Full", "waitlisted"), ("Later", "registered")
        ]  # fmt: skip
        assert "2 people · La Espiga" in words(page)
        assert [each.told for each in shown] == [
            "You are registered", "You are on the waitlist", "You are registered"
        ]  # fmt: skip
        for each in shown:
            assert f">{each.told}</span>" in words(page)
            public = as_user(city.owner).get(reverse("public:registration", args=[each.registration.token]))
            assert each.told in words(public), "the same as on its own page"
        assert reverse("portal:event_register", args=[sooner.slug]) in words(page)

    def test_their_officer_and_district_are_named(self, city, as_user):
        services.update_organization(
            organization=own(city).organization, actor=None, lead_officer=city.officer
        )
        page = as_user(city.owner).get(HOME)
        assert "Dana Reyes" in words(page)
        assert "District 19" in words(page)

    def test_without_an_officer_the_unit_answers(self, city, as_user):
        own(city)
        assert "No officer is assigned yet. The whole unit answers:" in words(as_user(city.owner).get(HOME))

    def test_their_businesses_say_how_they_stand(self, city, as_user):
        business = own(city, standing="partner")
        services.list_business(business=business, actor=city.owner, wording="Yes.")
        page = words(as_user(city.owner).get(HOME))
        assert "Your businesses" in page
        assert reverse("portal:business", args=[business.pk]) in page
        assert ">listed</span>" in page

    def test_an_account_with_nothing_yet_is_led_to_find_its_business(self, city, as_user):
        page = as_user(city.owner).get(HOME)
        said = words(page)
        assert page.context["home"].is_empty
        assert "Hello, Rosa Delgado" in said
        assert "Your account is ready. One step is left." in said
        assert f'href="{reverse("portal:application_start")}"' in said
        assert "Your businesses" not in said
        assert "Your events" not in said


class TestWhatIsNotShown:
    def test_nothing_internal_is_on_it(self, city, as_user):
        reviewer = OfficerFactory(full_name="Secret Reviewer")
        application = vetting.in_review(owner=city.owner, reviewers=[reviewer])
        for review in application.reviews.all():
            vetting.score(review, note="Secret note")
        page = words(as_user(city.owner).get(HOME))
        assert "Secret" not in page
        for internal in ("score", "reviewer", "/desk/", "Supervisor’s decision", "Track"):
            assert internal not in page, internal

    def test_another_owners_things_are_absent(self, city, as_user):
        other = UserFactory(full_name="Canary Owner")
        vetting.action_needed(business=BusinessFactory(name="Canary Action"), owner=other)
        vetting.draft(business=BusinessFactory(name="Canary Draft"), owner=other)
        ClaimFactory(business=BusinessFactory(name="Canary Claim"), user=other)
        theirs = BusinessFactory(name="Canary Partner", standing="partner")
        MembershipFactory(user=other, business=theirs)
        event = EventFactory(title="Canary Event")
        events.register_business(event=event, business=theirs, user=other, party_size=1)
        own(city)
        page = words(as_user(city.owner).get(HOME))
        assert "Canary" not in page
        assert "Canary Partner" in words(as_user(other).get(HOME))

    def test_staff_of_one_store_see_that_store_only(self, city, as_user):
        store = BusinessFactory(name="Store 3")
        BusinessFactory(name="Store 5", organization=store.organization)
        MembershipFactory(user=city.owner, business=store, role="staff", sites=[store])
        page = words(as_user(city.owner).get(HOME))
        assert "Store 3" in page
        assert "Store 5" not in page

    def test_the_desk_has_no_portal(self, city, as_user):
        assert as_user(city.officer).get(HOME).status_code in (302, 403, 404)

    @pytest.mark.gate(33)
    def test_what_someone_typed_is_never_live(self, city, as_user):
        evil = "<script>alert(1)</script>"
        own(city, name=evil, standing="partner")
        vetting.draft(business=BusinessFactory(name=evil), owner=city.owner)
        ClaimFactory(business=BusinessFactory(name=evil), user=city.owner)
        assert "<script>alert" not in words(as_user(city.owner).get(HOME))


@pytest.mark.gate(43)
def test_the_home_costs_the_same_queries_for_one_business_and_for_many(city, as_user):
    def add(count):
        for _ in range(count):
            application = vetting.action_needed(owner=city.owner)
            services.update_organization(
                organization=application.organization, actor=None, lead_officer=city.officer
            )
            due(vetting.decided("approved_with_conditions", owner=city.owner), -1)
            ClaimFactory(business=BusinessFactory(area=city.west_beat), user=city.owner)
            business = own(city, standing="partner")
            events.register_business(
                event=EventFactory(capacity=None), business=business, user=city.owner, party_size=1
            )

    def ask():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(HOME).status_code == 200
        return len(captured)

    client = as_user(city.owner)
    add(1)
    ask()  # what a first request loads once
    few = ask()
    add(4)
    assert ask() == few
    assert few <= BUDGET
