"""The desk's pages of possible duplicates: the list, both places side by side, merging and taking apart."""

import re

import pytest
from django.urls import reverse

from core.jobs.models import Job
from core.jobs.running import run_next
from partnerships.businesses import jobs_of_duplicates, services
from partnerships.businesses.models import Business, DuplicatePair, Merge, Organization
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import (
    AreaFactory,
    BeatFactory,
    BusinessFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.vetting import first_version

pytestmark = pytest.mark.django_db
LIST = "/desk/businesses/duplicates/"


@pytest.fixture
def supervisor(client):
    person = SupervisorFactory(full_name="Sam Stone")
    sign_in(client, person)
    return person


def pair(score=96, found_by="scan", reasons=(("same_name", 4), ("same_phone", 2.5)), **more):
    one = BusinessFactory(name="Corner Bean", phone="(312) 555-0100", **more)
    other = BusinessFactory(name="Cornor Bean", phone="(312) 555-0199", **more)
    return DuplicatePair.objects.create(
        one=one, other=other, score=score, found_by=found_by, reasons=[list(each) for each in reasons]
    )


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def address(found, what="duplicate"):
    return reverse(f"desk:{what}", args=[found.pk])


def rows(client, query=""):
    return [each.pk for each in client.get(LIST + query).context["list"].rows]


class TestTheList:
    def test_the_likeliest_stands_first_with_the_reasons(self, client, supervisor):
        low, high = pair(75), pair(99)
        assert rows(client) == [high.pk, low.pk]
        shown = page(client, LIST)
        assert "The same name · The same phone" in shown
        assert "very likely · 99" in shown

    def test_it_is_narrowed_by_score_reason_area_and_when_it_was_noticed(self, client, supervisor):
        beat = BeatFactory()
        low = pair(75, "import", [["crossed_names", 3.0]])
        high = pair(99, area=beat)
        assert rows(client, "?score=95") == [high.pk]
        assert rows(client, "?score=70") == [low.pk]
        assert rows(client, "?because=crossed_names") == [low.pk]
        assert rows(client, "?found=import") == [low.pk]
        assert rows(client, f"?district={beat.parent_id}") == [high.pk]

    def test_an_officer_sees_those_of_which_both_places_are_theirs(self, client):
        beat = BeatFactory()
        officer = OfficerFactory()
        DistrictAssignmentFactory(user=officer, area=beat.parent)
        mine, half, theirs = pair(area=beat), pair(area=beat), pair(area=AreaFactory())
        Business.objects.filter(pk=half.other_id).update(area=theirs.one.area_id)
        sign_in(client, officer)
        assert rows(client) == [mine.pk]
        for other in (half, theirs):
            page(client, address(other), 404)

    @pytest.mark.parametrize("person", [ViewerFactory, UserFactory])
    def test_nobody_else_sees_it(self, client, person):
        pair()
        sign_in(client, person())
        assert client.get(LIST).status_code == 403

    def test_a_file_of_it_holds_scores_as_numbers(self, client, supervisor):
        pair(99)
        lines = b"".join(client.get(f"{LIST}?as=csv").streaming_content).decode().splitlines()
        assert len(lines) == 2
        assert ",99," in lines[1]

    def test_a_supervisors_day_says_how_many_wait_and_an_officers_does_not(self, client, supervisor):
        pair()
        assert "possible duplicate" in page(client, "/desk/")
        sign_in(client, OfficerFactory())
        assert "possible duplicate" not in page(client, "/desk/")

    def test_a_supervisor_has_it_looked_through_now(self, client, supervisor):
        one = BusinessFactory(name="Corner Bean", street="12 W Elm St")
        BusinessFactory(name="Corner Bean", street="12 West Elm St")
        first = client.post("/desk/businesses/duplicates/find/")
        again = client.post("/desk/businesses/duplicates/find/")
        assert (
            first.url == again.url == Job.objects.get(kind=jobs_of_duplicates.DUPLICATES).get_absolute_url()
        )
        run_next()
        assert "Pairs that may be one" in page(client, first.url)
        assert DuplicatePair.objects.get().one == one


class TestSideBySide:
    def test_what_both_say_and_why_they_may_be_one(self, client, supervisor):
        found = pair(reasons=[["same_name", 4], ["other_phone", -0.7]])
        shown = page(client, address(found))
        for words in ("Corner Bean", "Cornor Bean", "(312) 555-0100", "(312) 555-0199", "Different phones"):
            assert words in shown
        assert len(re.findall(r'name="phone"', shown)) == 2
        assert 'name="city"' not in shown  # both say the same

    def test_an_officer_says_that_they_are_two_and_takes_it_back(self, client):
        beat = BeatFactory()
        officer = OfficerFactory(full_name="Dana Reyes")
        DistrictAssignmentFactory(user=officer, area=beat.parent)
        sign_in(client, officer)
        found = pair(area=beat)
        assert "see what moves" not in page(client, address(found))
        assert "two places?" in page(client, address(found, "duplicate_dismiss"))
        client.post(address(found, "duplicate_dismiss"))
        found.refresh_from_db()
        assert (found.status, found.settled_by) == ("dismissed", officer)
        assert rows(client) == []
        assert rows(client, "?show=settled") == [found.pk]
        assert "Dana Reyes said that these are two places." in page(client, address(found))
        client.post(address(found, "duplicate_reopen"))
        assert rows(client) == [found.pk]

    def test_its_business_names_it(self, client, supervisor):
        found = pair()
        shown = page(client, reverse("desk:business", args=[found.other_id]))
        assert f'href="{address(found)}"' in shown


class TestMerging:
    def ask(self, found, **chosen):
        told = "&".join(f"{name}={side}" for name, side in {"keep": "one", **chosen}.items())
        return f"{address(found, 'duplicate_merge')}?{told}"

    def test_the_page_says_what_moves_and_changes_nothing(self, client, supervisor):
        found = pair()
        for _each in range(3):
            ContactFactory(business=found.other)
        shown = page(client, self.ask(found))
        assert "Merge Cornor Bean into Corner Bean?" in shown
        assert "3 contacts of the place" in shown
        assert not Merge.objects.exists()

    def test_what_was_chosen_stands_and_the_merge_has_its_page(self, client, supervisor):
        found = pair()
        there = client.post(self.ask(found, phone="other", name="one")).url
        done = Merge.objects.get()
        assert there == done.get_absolute_url()
        kept = Business.objects.get()
        assert (kept.name, kept.phone) == ("Corner Bean", "(312) 555-0199")
        shown = page(client, there)
        assert "Undo the merge" in shown
        assert "phone" in shown
        assert "Sam Stone" in shown
        assert client.get("/desk/businesses/merges/").context["list"].rows == [done]

    def test_the_other_record_stays_where_that_was_chosen(self, client, supervisor):
        found = pair()
        client.post(self.ask(found, keep="other"))
        assert Business.objects.get() == found.other

    def test_a_reason_against_it_is_told_in_place_of_the_question(self, client, supervisor):
        found = pair()
        for each in (found.one, found.other):
            MembershipFactory(business=each, user=UserFactory())
        assert "Each of the two has owners of its own." in page(client, self.ask(found))
        assert client.post(self.ask(found)).status_code == 403
        assert not Merge.objects.exists()

    def test_without_a_choice_it_leads_back(self, client, supervisor):
        found = pair()
        assert client.get(address(found, "duplicate_merge")).url == address(found)

    def test_an_officer_does_not_merge(self, client):
        found = pair()
        sign_in(client, OfficerFactory())
        assert client.post(self.ask(found)).status_code == 403

    def test_it_is_undone_after_a_question_and_what_stays_is_listed(self, client, supervisor):
        found = pair()
        client.post(self.ask(found))
        done = Merge.objects.get()
        services.update_business(business=found.one, actor=None, phone="(312) 555-0111")
        services.add_contact(organization=found.one.organization, actor=None, name="Ana Ortiz")
        assert "apart again?" in page(client, address(done, "merge_undo"))
        client.post(address(done, "merge_undo"))
        assert Business.objects.count() == 2
        shown = page(client, done.get_absolute_url())
        assert "taken apart again" in shown
        assert "1 contact, added since" in shown
        assert "Undo the merge" not in shown
        assert client.post(address(done, "merge_undo")).status_code == 403

    def test_pages_of_the_record_given_up_lead_on(self, client, supervisor):
        found = pair()
        owner = UserFactory()
        MembershipFactory(business=found.one, user=owner)
        client.post(self.ask(found))
        done = Merge.objects.get()
        assert client.get(reverse("desk:business", args=[found.other_id])).url == done.get_absolute_url()
        assert client.get(reverse("desk:business", args=[10**9])).status_code == 404
        sign_in(client, ViewerFactory())
        here = reverse("desk:business", args=[found.one_id])
        assert client.get(reverse("desk:business", args=[found.other_id])).url == here
        sign_in(client, owner)
        mine = reverse("portal:business", args=[found.one_id])
        assert client.get(reverse("portal:business", args=[found.other_id])).url == mine

    def test_the_public_address_leads_to_what_stays_while_that_is_public(self, client):
        kept, gone = BusinessFactory(standing="partner"), BusinessFactory()
        owner = UserFactory()
        MembershipFactory(business=kept, user=owner)
        services.merge_businesses(kept=kept, gone=gone, actor=None)
        there = reverse("public:partner", args=[gone.slug])
        assert client.get(there).status_code == 404
        services.list_business(business=kept, actor=owner, wording="I agree.")
        assert client.get(there).url == reverse("public:partner", args=[kept.slug])


class TestGathering:
    def test_stores_of_a_chain_are_suggested_and_gathered(self, client, supervisor):
        one = BusinessFactory(name="Sharp Cuts #1")
        other, third = BusinessFactory(name="SHARP CUTS 22"), BusinessFactory(name="Sharp Dental")
        there = reverse("desk:organization_gather", args=[one.organization_id])
        assert there in page(client, reverse("desk:organization_edit", args=[one.organization_id]))
        shown = page(client, there)
        assert "SHARP CUTS 22" in shown
        assert "Sharp Dental" not in shown
        assert "Sharp Dental" in page(client, f"{there}?q=sharp+dental")
        ask = reverse("desk:organization_gather_one", args=[one.organization_id, other.organization_id])
        assert "1 place of business" in page(client, ask)
        client.post(ask)
        assert list(one.organization.sites.all()) == [one, other]
        assert Organization.objects.count() == 2
        assert third.organization.sites.get() == third

    def test_an_officer_is_not_asked(self, client):
        sign_in(client, OfficerFactory())
        one = BusinessFactory()
        shown = page(client, reverse("desk:organization_edit", args=[one.organization_id]))
        assert "Gather" not in shown


class TestOnEntry:
    def test_who_adds_a_business_beside_one_that_is_spoken_for_is_not_told_and_the_desk_is(self, client):
        """The applicant reads the public record at most; the pair is the desk's."""
        there = BusinessFactory(name="Corner Bean", street="12 W Elm St")
        MembershipFactory(business=there, user=UserFactory(full_name="Rosa Diaz"))
        applicant = UserFactory()
        sign_in(client, applicant)
        first_version()
        typed = {
            "name": "Corner Bean", "street": "12 West Elm Street", "city": "Chicago", "state": "IL",
            "postal_code": "60657", "sure": "on", "note": "I own it.",
        }  # fmt: skip
        form = client.get(reverse("portal:application_add")).context["form"]
        typed["form_key"] = form["form_key"].value()
        answer = client.post(reverse("portal:application_add"), typed, follow=True)
        found = DuplicatePair.objects.get()
        assert (found.one, found.found_by) == (there, "entry")
        shown = answer.content.decode()
        for word in ("Rosa Diaz", "uplicate", there.slug):
            assert word not in shown
        sign_in(client, SupervisorFactory())
        assert rows(client) == [found.pk]
