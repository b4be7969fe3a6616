"""Everything about one place of business on one screen: the next step, the story, and who sees what of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from core import clock
from core.mail.models import OutgoingMail
from events.models import Registration
from partnerships.businesses import services
from partnerships.businesses.models import Business, Claim, Contact
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, ContactFactory, MembershipFactory
from tests.factories.core import mails
from tests.factories.events import EventFactory, place

from .conftest import cost, due, lines, promise, refused_mail, words

pytestmark = pytest.mark.django_db
BUDGET = 27


def shop(city, name="Halsted Hardware", **more):
    """A business in district 19 with a lead officer."""
    more.setdefault("area", city.west_beat)
    more.setdefault("organization__lead_officer", city.officer)
    return BusinessFactory(name=name, **more)


def url(business):
    return reverse("desk:business", args=[business.pk])


def partner(city, outcome="approved"):
    """A partner whose application an officer decided, all claims settled."""
    business = shop(city)
    application = vetting.decided(outcome, business=business)
    business.refresh_from_db()
    return business, application


def verify_all():
    Claim.objects.filter(status="claimed").update(status="verified")


class TestNextStep:
    def step(self, as_user, city, business):
        page = as_user(city.officer).get(url(business))
        found = page.context["beside"].next
        if found is not None:
            assert f"{escape(found.sentence)}" in page.content.decode()
            assert not found.url or f'href="{found.url}"' in page.content.decode()
        return found

    def test_a_claim_comes_before_everything_else(self, city, as_user):
        application = vetting.submitted(business=shop(city), owner=UserFactory(full_name="Alex Moreno"))
        found = self.step(as_user, city, application.sites.get())
        assert found.sentence == "Alex Moreno says this business is theirs. Check it."
        assert found.url == reverse("desk:claim", args=[Claim.objects.get(status="claimed").pk])
        assert found.tone == "warn"

    def test_an_open_application_says_stage_age_and_whom_it_waits_for(self, city, as_user):
        application = vetting.in_review(business=shop(city), reviewers=[city.officer])
        found = self.step(as_user, city, application.sites.get())
        assert "In review" in found.sentence
        assert "of 10" in found.sentence
        assert "waits for: Your review" in found.sentence
        assert found.url == reverse("desk:application", args=[application.pk])
        assert found.tone == "warn"
        promise(application, -14)
        found = self.step(as_user, city, application.sites.get())
        assert "late" in found.sentence
        assert found.tone == "bad"

    @pytest.mark.parametrize(("days", "said", "tone"), [(-1, "was due on", "bad"), (0, ", due on", "warn")])
    def test_then_the_next_condition_of_an_approval(self, city, as_user, days, said, tone):
        business, application = partner(city, "approved_with_conditions")
        due(application, days)
        found = self.step(as_user, city, business)
        assert found.sentence.startswith("Renew the license")
        assert said in found.sentence
        assert found.url == reverse("desk:condition", args=[application.conditions.get().pk])
        assert found.tone == tone

    def test_a_suspended_partner_needs_a_supervisor(self, city, as_user):
        found = self.step(as_user, city, shop(city, standing="suspended"))
        assert "suspended" in found.sentence
        assert (found.tone, found.url) == ("bad", "")

    def test_a_prospect_may_be_asked_to_apply(self, city, as_user):
        business = shop(city)
        found = self.step(as_user, city, business)
        assert "nobody has applied" in found.sentence
        assert found.url == reverse("desk:application_assist", args=[business.pk])
        assert found.tone == "info"

    @pytest.mark.parametrize(
        ("status", "said"), [("declined", "the last application ended: declined"), ("withdrawn", "withdrawn")]
    )
    def test_after_an_application_that_ended_it_says_so(self, city, as_user, status, said):
        application = vetting.at(status)
        Business.objects.filter(pk=application.sites.get().pk).update(area=city.west_beat)
        verify_all()
        found = self.step(as_user, city, application.sites.get())
        assert said in found.sentence
        assert "nobody has applied" not in found.sentence

    def test_a_lapsed_partner_may_apply_again(self, city, as_user):
        found = self.step(as_user, city, shop(city, standing="lapsed"))
        assert "has lapsed" in found.sentence
        assert found.action == "Start an application"

    @pytest.mark.parametrize("more", [{"standing": "ended"}, {"closed_on": clock.today()}])
    def test_nothing_is_next_where_the_doors_are_shut_for_good(self, city, as_user, more):
        assert self.step(as_user, city, shop(city, **more)) is None

    @pytest.mark.parametrize(
        ("days", "said", "tone"),
        [
            (90, "ends in 90 days", "warn"),
            (1, "ends in 1 day.", "warn"),
            (-1, "the approval ended on", "bad"),
        ],
    )
    def test_an_approval_that_runs_out_is_worth_a_word_for_ninety_days(self, city, as_user, days, said, tone):
        business, application = partner(city)
        rows = Application.objects.filter(pk=application.pk)
        rows.update(valid_until=clock.today() + timedelta(days=days))
        found = self.step(as_user, city, business)
        assert said in found.sentence
        assert found.tone == tone
        rows.update(valid_until=clock.today() + timedelta(days=91))
        assert self.step(as_user, city, business) is None

    def test_a_partner_without_a_lead_officer_gets_one(self, city, as_user):
        business, _application = partner(city)
        services.update_organization(organization=business.organization, actor=None, lead_officer=None)
        found = self.step(as_user, city, business)
        assert found.sentence == "no lead officer is named."
        assert found.url == reverse("desk:organization_edit", args=[business.organization_id])

    def test_all_is_well_with_most_partners(self, city, as_user):
        business, _application = partner(city)
        assert self.step(as_user, city, business) is None
        assert "Next:" not in words(as_user(city.officer).get(url(business)))


class TestStory:
    @pytest.fixture
    def told(self, city, db):
        """A partner with something in every chapter."""
        business, application = partner(city)
        owner = application.applicant
        registered = EventFactory(title="Robbery workshop", area=city.west)
        place(registered, business=business, party_size=2)
        EventFactory(title="Coffee hour", area=city.west, host=business, in_days=-20)
        EventFactory(title="Not announced", area=city.west, host=business, status="draft")
        refused_mail(business.organization_id, subject="About the lights")
        services.list_business(business=business, actor=owner, wording="Yes.")
        services.update_business(business=business, actor=city.officer, phone="555-0199")
        return business

    def titles(self, as_user, user, business, chapter=""):
        page = as_user(user).get(url(business), {"story": chapter})
        return [str(each.title) for each in page.context["story"].entries]

    def test_every_chapter_can_be_read_alone_and_all_together(self, city, as_user, told):
        chapters = {
            key: self.titles(as_user, city.officer, told, key)
            for key in ("vetting", "events", "mail", "changes")
        }
        assert {"Claimed", "Claim: Verified", "Submitted", "Review in", "Approved"} <= set(
            chapters["vetting"]
        )
        assert set(chapters["events"]) == {"Registered for “Robbery workshop”", "Hosts “Coffee hour”"}
        assert {"Mail: About the lights", "Mail: Welcome as a partner"} <= set(chapters["mail"])
        assert {"Became a partner", "Listed in the public directory", "Profile changed"} <= set(
            chapters["changes"]
        )
        everything = self.titles(as_user, city.officer, told)
        assert sorted(everything) == sorted(title for each in chapters.values() for title in each)
        assert self.titles(as_user, city.officer, told, "nonsense") == everything
        page = as_user(city.officer).get(url(told), {"story": "mail"})
        assert [(each.label, each.current) for each in page.context["chapters"]] == [
            ("All", False), ("Vetting", False), ("Events", False), ("Mail", True), ("Changes", False)
        ]  # fmt: skip

    def test_the_latest_comes_first_and_at_most_forty_are_told(self, city, as_user, told):
        OutgoingMail.objects.filter(organization_id=told.organization_id).update(organization_id=None)
        for number, each in enumerate(mails(45, organization_id=told.organization_id)):
            moment = clock.now() - timedelta(days=100 - number)
            OutgoingMail.objects.filter(pk=each.pk).update(subject=f"Number {number}", due_at=moment)
        assert self.titles(as_user, city.officer, told, "mail") == [
            f"Mail: Number {number}" for number in range(44, 4, -1)
        ]
        everything = as_user(city.officer).get(url(told)).context["story"].entries
        assert len(everything) == 40
        assert everything[0].title == "Registered for “Robbery workshop”"

    def test_a_change_names_the_fields_and_who_changed_them(self, city, as_user, told):
        page = words(as_user(city.officer).get(url(told), {"story": "changes"}))
        assert "Profile changed" in page
        assert "· phone" in page
        assert "Dana Reyes" in page
        assert "555-0199" in page  # at a glance, never in the story
        story = as_user(city.officer).get(url(told), {"story": "changes"}).context["story"].entries
        assert not [each for each in story if "555-0199" in f"{each.title}{each.text}{each.detail}"]

    def test_an_earlier_application_is_told_in_a_line(self, city, as_user):
        first = vetting.decided("declined", business=shop(city))
        business = first.sites.get()
        vetting.in_review(business=business, owner=first.applicant)
        titles = self.titles(as_user, city.officer, business, "vetting")
        assert "Earlier application: Declined" in titles
        assert titles.count("Submitted") == 1

    def test_nothing_has_happened_yet(self, city, as_user):
        page = words(as_user(city.officer).get(url(shop(city)), {"story": "events"}))
        assert "Nothing has happened yet" in page


class TestPanels:
    def test_people_sites_application_events_and_mail_stand_beside_the_story(self, city, as_user):
        business, application = partner(city, "approved_with_conditions")
        other = BusinessFactory(organization=business.organization, name="Second Shop", area=city.west_beat)
        far = BusinessFactory(organization=business.organization, name="Third Shop", area=city.east_beat)
        services.update_organization(organization=business.organization, actor=None, lead_officer=None)
        ContactFactory(
            business=business, name="Kim Park", phone="(312) 555-0188", preferred_channel="phone",
            note="mornings", language="Korean",
        )  # fmt: skip
        ContactFactory(business=other, name="Somebody Else")
        event = EventFactory(title="Robbery workshop", area=city.west)
        place(event, business=business)
        refused_mail(business.organization_id)
        page = as_user(city.officer).get(url(business))
        said = words(page)
        for expected in (
            "Kim Park",
            'href="tel:3125550188">Call Kim Park</a>',
            "prefers phone, mornings · Korean",
            "Renew the license",
            "Robbery workshop",
            "1 in trouble",
            "one of 3 sites",
            f'href="{url(other)}"',
            "another officer’s district",
            "Add a contact",
        ):
            assert expected in said, expected
        assert "Somebody Else" not in said
        assert f'href="{url(far)}"' not in said
        assert lines(page.context["beside"], "application") == [application]

    def test_a_contact_who_also_signs_in_is_shown_once(self, city, as_user):
        business = shop(city)
        user = UserFactory(full_name="Ana Ortiz", email="ana@shop.example")
        MembershipFactory(user=user, business=business)
        MembershipFactory(user=UserFactory(full_name="Bo Chen"), business=business, role="staff")
        ContactFactory(business=business, name="Ana Ortiz", email="Ana@Shop.example")
        page = as_user(city.officer).get(url(business))
        people = page.context["beside"].page.card("people").facts
        assert [each.name for each in people["contacts"]] == ["Ana Ortiz"]
        assert [each.user.full_name for each in people["members"]] == ["Bo Chen"]
        assert words(page).count("Ana Ortiz") == 1
        assert "Owner, signs in for all places" in words(page)

    def test_a_member_of_another_site_is_not_among_the_people_of_this_one(self, city, as_user):
        business = shop(city)
        other = BusinessFactory(organization=business.organization, area=city.west_beat)
        MembershipFactory(user=UserFactory(full_name="Bo Chen"), business=other, role="staff", sites=[other])
        assert "Bo Chen" not in words(as_user(city.officer).get(url(business)))
        assert "signs in for chosen places only" in words(as_user(city.officer).get(url(other)))

    def test_a_place_without_anybody_says_what_to_do(self, city, as_user):
        page = words(as_user(city.officer).get(url(shop(city, area=None))))
        assert "Nobody is known here yet" in page
        assert "not placed on the map" in page
        assert "Not registered for anything ahead." in page
        assert "0 mails sent" in page

    @pytest.mark.gate(33)
    def test_what_someone_typed_is_never_live(self, city, as_user):
        evil = "<script>alert(1)</script>"
        business = shop(city, name=evil, street=evil)
        ContactFactory(business=business, name=evil, role_title=evil, note=evil, phone=evil[:40])
        ClaimFactory(business=business, user=UserFactory(full_name=evil), note=evil)
        EventFactory(title=evil, host=business, venue_name=evil)
        assert "<script>alert" not in words(as_user(city.officer).get(url(business)))


class TestWhoSeesIt:
    @pytest.fixture
    def secret(self, city, db):
        """A business with a contact, a review, a claim, mail, and people at an event."""
        business, application = partner(city, "approved_with_conditions")
        Business.objects.filter(pk=business.pk).update(phone="(312) 555-0177")
        ContactFactory(business=business, name="Secret Contact", email="secret@shop.example")
        ClaimFactory(business=business, user=UserFactory(full_name="Secret Claimant"))
        refused_mail(business.organization_id, subject="Secret mail")
        event = EventFactory(title="Secret guests come", area=city.west)
        place(event, "Secret Guest", business=business)
        EventFactory(title="Open house", area=city.west, host=business)
        return business

    def test_a_viewer_sees_no_contacts_no_vetting_and_no_mail(self, city, as_user, secret):
        client = as_user(city.viewer)
        for chapter in ("", "vetting", "events", "mail", "changes", "nonsense"):
            page = client.get(url(secret), {"story": chapter})
            said = words(page)
            assert "Secret" not in said, chapter
            assert "555-0177" not in said
            for heading in ("People", "Application", "Mail"):
                assert f">{heading}</h2>" not in said
            for told in (
                "Renew the license",
                "Approved",
                "Claimed",
                "Submitted",
                "Became a partner",
            ):
                assert told not in said, (chapter, told)
            assert page.context["beside"].next is None
            assert [each.label for each in page.context["chapters"]] == ["All", "Events"]
        assert "Open house" in words(client.get(url(secret)))
        assert "Add a contact" not in words(client.get(url(secret)))
        assert ">People</h2>" in words(as_user(city.officer).get(url(secret)))  # the marks are the right ones

    def test_a_viewer_is_not_told_what_to_do_next(self, city, as_user):
        assert as_user(city.viewer).get(url(shop(city))).context["beside"].next is None

    def test_its_owner_stays_outside_the_desk(self, city, as_user, secret):
        owner = Application.objects.get(organization=secret.organization).applicant
        answer = as_user(owner).get(url(secret))
        assert answer.status_code == 403  # the whole desk is closed to them, whether the page exists or not
        assert as_user(owner).get("/desk/businesses/999999999/").status_code == 403
        assert secret.name not in words(answer)

    def test_another_districts_officer_gets_a_missing_page(self, city, as_user):
        canary = BusinessFactory(name="Canary Cleaners", area=city.east_beat)
        answer = as_user(city.officer).get(url(canary))
        assert answer.status_code == 404
        assert "Canary" not in words(answer)
        assert as_user(city.supervisor).get(url(canary)).status_code == 200
        assert as_user(city.officer).get("/desk/businesses/999999999/").status_code == 404

    def test_a_visitor_is_asked_to_sign_in(self, city, client, secret):
        assert client.get(url(secret)).status_code == 302


@pytest.mark.gate(43)
def test_the_page_costs_the_same_queries_with_10_and_with_1000_rows_behind_it(city, as_user):
    application = vetting.decided("declined", business=shop(city))
    business = application.sites.get()
    organization = business.organization

    def grow(first, count):
        Business.objects.bulk_create(
            Business(organization=organization, name=f"S{n}", slug=f"s-{n}", area=city.west_beat)
            for n in range(first, first + count)
        )
        Contact.objects.bulk_create(
            Contact(organization=organization, business=business, name=f"C{n}", email=f"c{n}@shop.example")
            for n in range(first, first + count)
        )
        event = EventFactory(capacity=None, area=city.west, host=business)
        Registration.objects.bulk_create(
            Registration(
                event=event, business=business, name=f"G{n}", email=f"g{n}@people.example",
                status="registered", confirmed_at=clock.now(),
            )
            for n in range(first, first + count)
        )  # fmt: skip
        mails(min(count, 100), organization_id=organization.pk)
        for n in range(min(count, 30)):
            services.update_business(business=business, actor=city.officer, phone=f"555-{first + n}")

    ClaimFactory(business=business, user=UserFactory())
    vetting.in_review(business=business, owner=application.applicant, reviewers=[city.officer])
    grow(0, 20)
    found = {}
    for rows in ("few", "many"):
        for user in (city.officer, city.supervisor, city.viewer):
            client = as_user(user)
            for chapter in ("", "?story=vetting", "?story=events", "?story=mail", "?story=changes"):
                client.get(url(business))
                found.setdefault(rows, {})[user.role, chapter] = cost(client, url(business) + chapter)
        if rows == "few":
            grow(20, 1000)
    assert found["few"] == found["many"]
    assert max(found["many"].values()) <= BUDGET, found["many"]
