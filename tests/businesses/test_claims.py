"""Two people say that one business is theirs; an officer settles each claim, and may take a refusal back."""

import threading
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse

from core.access import Refused
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from core.workflow import StaleMove
from partnerships.businesses import services
from partnerships.businesses.models import Business, Claim, Membership, Organization
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory
from tests.racing import race


@pytest.fixture
def shop(west_shop):
    return west_shop


@pytest.fixture
def rivals(shop):
    """Two strangers claim the same business."""
    people = [UserFactory(full_name="Ana Diaz"), UserFactory(full_name="Bo Lee")]
    return [services.claim_business(business=shop, user=each, note=f"I am {each}.") for each in people]


def owners(shop):
    rows = Membership.objects.filter(organization=shop.organization_id, role="owner")
    return set(rows.values_list("user__full_name", flat=True))


@pytest.mark.django_db
class TestRivals:
    def test_the_second_stranger_is_not_verified_until_the_officer_says_that_both_own_it(
        self, officer, shop, rivals
    ):
        first, second = rivals
        services.verify_claim(claim=first, actor=officer)
        OutgoingMail.objects.all().delete()
        with pytest.raises(Refused, match="Already an owner here: Ana Diaz") as refused:
            services.verify_claim(claim=second, actor=officer)
        assert refused.value.refusal.code == "rival_owner"
        second.refresh_from_db()
        assert (second.status, owners(shop), OutgoingMail.objects.count()) == ("claimed", {"Ana Diaz"}, 0)
        services.verify_claim(claim=second, actor=officer, beside=[first.user])
        assert owners(shop) == {"Ana Diaz", "Bo Lee"}

    def test_owners_of_other_places_of_a_chain_are_no_rivals(self, officer, shop, rivals):
        first, _second = rivals
        other = BusinessFactory(organization=shop.organization, area=shop.area)
        theirs = services.claim_business(business=other, user=UserFactory(full_name="Cy Fox"))
        services.verify_claim(claim=first, actor=officer)
        with pytest.raises(Refused, match="Ana Diaz"):
            services.verify_claim(claim=theirs, actor=officer, sites=None)
        services.verify_claim(claim=theirs, actor=officer)
        assert owners(shop) == {"Ana Diaz", "Cy Fox"}

    def test_the_page_shows_the_other_claims_first_and_then_asks_about_the_owner(
        self, as_user, officer, shop, rivals
    ):
        first, second = rivals
        client, url = as_user(officer), reverse("desk:claim", args=[second.pk])
        page = client.get(url).content.decode()
        assert page.index("Others claim it too") < page.index("Yes: verify")
        assert 'name="beside"' not in page
        services.verify_claim(claim=first, actor=officer)
        refused = client.post(url, {"verify": "1", "method": "visit"})
        assert "Already an owner here: Ana Diaz" in refused.content.decode()
        assert 'name="beside"' in refused.content.decode()
        sent = {"verify": "1", "method": "visit", "beside": [first.user_id]}
        assert client.post(url, sent).status_code == 302
        assert owners(shop) == {"Ana Diaz", "Bo Lee"}


@pytest.mark.django_db(transaction=True)
def test_of_two_strangers_verified_at_once_one_becomes_the_owner(city):
    for _round in range(5):
        shop = BusinessFactory(area=city.west_beat)
        claims = [services.claim_business(business=shop, user=UserFactory()) for _each in range(2)]
        acts = [lambda claim=claim: services.verify_claim(claim=claim, actor=None) for claim in claims]
        results = race(acts)
        assert sorted(type(each).__name__ for each in results) == ["Claim", "Refused"], results
        assert len(owners(shop)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_strangers_would_become_owners(city):
    """The negative control: looking for other owners, waiting, then joining lets both in."""
    shop = BusinessFactory(area=city.west_beat)
    claims = [services.claim_business(business=shop, user=UserFactory(full_name=name)) for name in "AB"]
    looked = threading.Barrier(2)

    def careless(claim):
        assert not services.owners_beside(claim).exists()
        looked.wait()
        Membership.objects.create(user=claim.user, organization=shop.organization, role="owner")
        connection.close()

    race([lambda claim=claim: careless(claim) for claim in claims])
    assert owners(shop) == {"A", "B"}


@pytest.mark.django_db
class TestTakingARefusalBack:
    @pytest.fixture
    def refused(self, officer, rivals):
        return services.refuse_claim(claim=rivals[0], actor=officer, reason="Bring the lease.")

    def test_the_claim_waits_again_and_the_claimant_is_told_once(self, as_user, officer, refused):
        OutgoingMail.objects.all().delete()
        client = as_user(officer)
        page = client.get(reverse("desk:claim", args=[refused.pk])).content.decode()
        url = reverse("desk:claim_reopen", args=[refused.pk])
        assert url in page
        assert "Take the refusal of Ana Diaz back?" in client.get(url).content.decode()
        refused.refresh_from_db()
        assert refused.status == "refused"
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 409
        refused.refresh_from_db()
        assert (refused.status, refused.reason, refused.settled_by, refused.settled_at) == (
            "claimed", "", None, None,
        )  # fmt: skip
        mail = OutgoingMail.objects.get()
        assert (mail.template, mail.to) == ("businesses/claim_reopened", refused.user.email)
        assert AuditEntry.objects.filter(verb="businesses.claim_reopen", actor_id=officer.pk).exists()

    def test_not_when_they_have_claimed_it_again(self, as_user, officer, refused):
        newer = services.claim_business(business=refused.business, user=refused.user)
        with pytest.raises(Refused, match="claimed it again"):
            services.reopen_claim(claim=refused, actor=officer)
        page = as_user(officer).get(reverse("desk:claim", args=[refused.pk])).content.decode()
        assert "They have claimed it again." in page
        services.refuse_claim(claim=newer, actor=officer, reason="Still no lease.")
        assert services.reopen_claim(claim=refused, actor=officer).status == "claimed"

    def test_only_by_who_settles_claims_and_only_what_was_refused(self, officer, rivals, refused):
        for someone in (rivals[1].user, refused.user, UserFactory(role="viewer")):
            with pytest.raises(Refused):
                services.reopen_claim(claim=refused, actor=someone)
        with pytest.raises(StaleMove):
            services.reopen_claim(claim=rivals[1], actor=officer)


@pytest.mark.django_db
class TestTwins:
    @pytest.fixture
    def twin(self, shop):
        """A member types in what the registry has already."""
        shop.organization.standing = "partner"
        owner = UserFactory()
        place = services.add_business(
            actor=owner, name=f"{shop.name} Inc", street=shop.street, city=shop.city, state=shop.state,
            postal_code=shop.postal_code,
        )  # fmt: skip
        return services.claim_business(business=place, user=owner)

    def test_the_claim_says_what_it_looks_like_and_is_not_verified_by_one_click(
        self, as_user, officer, shop, twin
    ):
        client, url = as_user(officer), reverse("desk:claim", args=[twin.pk])
        page = client.get(url).content.decode()
        assert "It looks like a business on record" in page
        assert reverse("desk:business", args=[shop.pk]) in page
        sent = {"verify": "1", "method": "visit"}
        assert "Tick this if it is another business" in client.post(url, sent).content.decode()
        assert Claim.objects.get(pk=twin.pk).status == "claimed"
        assert client.post(url, {**sent, "another": "on"}).status_code == 302
        assert Claim.objects.get(pk=twin.pk).status == "verified"

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example/desk/", "/accounts/logout/", ""]
    )
    def test_the_way_back_leads_to_the_desk_only(self, as_user, officer, rivals, back):
        url = reverse("desk:claim", args=[rivals[0].pk])
        done = as_user(officer).post(f"{url}?{urlencode({'back': back})}", {"verify": "1", "method": "call"})
        assert done.url == reverse("desk:claims")

    def test_what_lies_in_another_district_is_told_and_leads_nowhere(
        self, as_user, officer, city, shop, twin
    ):
        Business.objects.filter(pk=shop.pk).update(area=city.east_beat)
        page = as_user(officer).get(reverse("desk:claim", args=[twin.pk])).content.decode()
        assert "It looks like a business on record" in page
        assert shop.name in page
        assert "another officer’s district" in page
        assert reverse("desk:business", args=[shop.pk]) not in page

    def test_what_a_member_typed_in_elsewhere_is_not_told(self, as_user, officer, city, shop, twin):
        Organization.objects.filter(pk=shop.organization_id).update(added_by=UserFactory())
        Business.objects.filter(pk=shop.pk).update(area=city.east_beat)
        page = as_user(officer).get(reverse("desk:claim", args=[twin.pk])).content.decode()
        assert "It looks like a business on record" not in page

    def test_nothing_is_asked_where_nothing_is_alike(self, as_user, officer, rivals):
        page = as_user(officer).get(reverse("desk:claim", args=[rivals[0].pk])).content.decode()
        assert "It looks like" not in page
        assert 'name="another"' not in page


@pytest.mark.django_db
class TestATwinOfAPartner:
    """Someone adds a business with the name and the address of a partner."""

    @pytest.fixture
    def twin(self):
        partner = BusinessFactory(name="Fulton Tavern", street="412 W Fulton Mkt", standing="partner")
        made = services.add_business(
            actor=UserFactory(full_name="Ana Diaz"), name="The Fulton Tavern", street="412 W. Fulton Market"
        )
        return partner, made

    def test_the_page_of_the_business_says_so(self, as_user, officer, twin):
        partner, made = twin
        page = " ".join(
            as_user(officer).get(reverse("desk:business", args=[made.pk])).content.decode().split()
        )
        assert "It looks like a business on record" in page
        assert reverse("desk:business", args=[partner.pk]) in page
        assert "Ana Diaz says this business is theirs, and it looks like Fulton Tavern, partner." in page
        assert (
            "It looks like"
            not in as_user(officer).get(reverse("desk:business", args=[partner.pk])).content.decode()
        )

    def test_one_click_does_not_make_it_a_twin(self, as_user, officer, twin):
        claim = Claim.objects.get(business=twin[1])
        url, client = reverse("desk:claim", args=[claim.pk]), as_user(officer)
        refused = client.post(url, {"verify": "1", "method": "call"})
        assert "Look at the one it resembles first." in refused.content.decode()
        claim.refresh_from_db()
        assert claim.status == "claimed"
        assert client.post(url, {"verify": "1", "method": "call", "another": "on"}).status_code == 302
        page = client.get(reverse("desk:business", args=[twin[1].pk])).content.decode()
        assert "It looks like a business on record" not in page


@pytest.mark.django_db
def test_who_was_removed_does_not_come_back_by_claiming_again():
    business, first, second = BusinessFactory(), UserFactory(), UserFactory()
    claim = services.claim_business(business=business, user=first)
    services.verify_claim(claim=claim, actor=None)
    services.add_membership(organization=business.organization, user=second, role="owner", actor=None)
    assert services.claim_business(business=business, user=first) == claim
    services.remove_membership(membership=Membership.objects.get(user=first), actor=second)
    with pytest.raises(Refused, match="You spoke for this business and do no longer"):
        services.claim_business(business=business, user=first)


@pytest.mark.django_db
class TestTakingAClaimBack:
    def test_the_claimant_does_it_after_a_question_and_may_claim_again(self, as_user, rivals):
        claim = rivals[0]
        client = as_user(claim.user)
        url = reverse("portal:claim_withdraw", args=[claim.pk])
        assert url in client.get(reverse("portal:businesses")).content.decode()
        assert "Take your claim of" in client.get(url).content.decode()
        claim.refresh_from_db()
        assert claim.status == "claimed"
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 409
        claim.refresh_from_db()
        assert (claim.status, claim.settled_by) == ("withdrawn", claim.user)
        assert url not in client.get(reverse("portal:businesses")).content.decode()
        again = services.claim_business(business=claim.business, user=claim.user)
        assert (again.status, again.pk != claim.pk) == ("claimed", True)

    def test_someone_elses_claim_is_not_there(self, as_user, rivals):
        url = reverse("portal:claim_withdraw", args=[rivals[0].pk])
        assert as_user(rivals[1].user).post(url).status_code == 404
        rivals[0].refresh_from_db()
        assert rivals[0].status == "claimed"

    def test_an_officer_does_it_for_who_asked_and_its_page_says_so(self, as_user, officer, rivals):
        client = as_user(officer)
        page = reverse("desk:claim", args=[rivals[0].pk])
        url = reverse("desk:claim_withdraw", args=[rivals[0].pk])
        assert url in client.get(page).content.decode()
        assert client.post(url).status_code == 302
        rivals[0].refresh_from_db()
        assert (rivals[0].status, rivals[0].settled_by) == ("withdrawn", officer)
        after = client.get(page).content.decode()
        assert "Withdrawn" in after
        assert url not in after
