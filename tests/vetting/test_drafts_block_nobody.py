"""What a stranger begins for a business keeps nobody out: not its owner, an officer or its other sites."""

import pytest
from django.urls import reverse

from core.access import Refused, visible
from partnerships.businesses.models import Claim
from partnerships.businesses.services import refuse_claim
from partnerships.vetting import services
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return BusinessFactory(name="Halsted Hardware")


@pytest.fixture
def stranger(shop):
    """A filled-in draft of someone whose claim nobody verified."""
    return vetting.draft(business=shop)


def refusal(function, **given):
    with pytest.raises(Refused) as raised:
        function(**given)
    return raised.value.refusal


def send(application):
    return services.submit_application(application=application, actor=application.applicant)


def test_another_claimant_begins_and_sends_although_a_stranger_began_first(shop, stranger):
    owner = vetting.draft(business=shop)
    assert owner != stranger
    assert send(owner).status == "submitted"
    assert refusal(send, application=stranger).code == "already_open"


def test_the_other_sites_of_a_chain_are_not_kept_out(shop, stranger):
    second = BusinessFactory(organization=shop.organization)
    assert vetting.draft(business=second) != stranger


def test_an_officer_takes_over_an_unverified_draft(shop, stranger):
    officer = OfficerFactory()
    made = services.assist_application(business=shop, actor=officer)
    stranger.refresh_from_db()
    assert (made.status, stranger.status) == ("draft", "withdrawn")
    assert services.assist_application(business=shop, actor=officer) == made


def test_an_officer_does_not_take_over_what_a_verified_owner_began(shop):
    application = vetting.verified(vetting.draft(business=shop))
    found = refusal(services.assist_application, business=shop, actor=OfficerFactory())
    assert found.code == "begun_by_owner"
    application.refresh_from_db()
    assert application.status == "draft"


def test_a_claim_refused_with_an_application_withdraws_the_draft(stranger):
    services.settle_claims(application=stranger, verify=False, actor=OfficerFactory())
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"
    assert Claim.objects.get().status == "refused"


def test_after_a_refusal_on_the_claims_page_the_draft_is_not_sent_and_its_writer_begins_anew(shop, stranger):
    refuse_claim(claim=Claim.objects.get(), actor=OfficerFactory(), reason="Bring the lease.")
    assert refusal(send, application=stranger).code == "claim_refused"
    again = services.start_application(business=shop, actor=stranger.applicant)
    stranger.refresh_from_db()
    assert again != stranger
    assert stranger.status == "withdrawn"
    assert Claim.objects.filter(status="claimed", user=stranger.applicant).count() == 1


def test_a_stranger_does_not_send_once_an_owner_is_verified(shop, stranger):
    MembershipFactory(user=UserFactory(), organization=shop.organization, role="owner")
    assert refusal(send, application=stranger).code == "taken"


def test_a_verified_owner_neither_sees_nor_gets_what_a_stranger_began(shop, stranger):
    owner = UserFactory()
    MembershipFactory(user=owner, organization=shop.organization, role="owner")
    assert stranger not in visible(Application, owner)
    own = services.start_application(business=shop, actor=owner)
    assert own != stranger
    assert list(visible(Application, owner)) == [own]
    found = refusal(services.withdraw_application, application=stranger, actor=owner)
    assert found.code == "owners_only"


def test_a_withdrawn_draft_leaves_the_standing_to_the_application_that_was_sent(shop, stranger):
    send(vetting.draft(business=shop))
    services.withdraw_application(application=stranger, actor=stranger.applicant)
    shop.organization.refresh_from_db()
    assert shop.organization.standing == "applicant"


def test_nobody_begins_a_sixth_application_while_no_officer_knows_them():
    person = UserFactory()
    first, *_rest = [vetting.draft(owner=person) for _ in range(5)]
    found = refusal(services.start_application, business=BusinessFactory(), actor=person)
    assert found.code == "too_many_drafts"
    assert "five applications" in str(found.sentence)
    assert Claim.objects.filter(user=person).count() == 5
    services.withdraw_application(application=first, actor=person)
    services.start_application(business=BusinessFactory(), actor=person)


def test_a_sixth_business_of_ones_own_is_not_added_without_its_application(client):
    person = UserFactory()
    for _ in range(5):
        vetting.draft(owner=person)
    typed = {
        "name": "Panadería El Sol", "street": "10 W 26th St", "city": "Chicago", "state": "il",
        "postal_code": "60608", "note": "I own it.",
    }  # fmt: skip
    page = sign_in(client, person).post(reverse("portal:application_add"), typed)
    assert "You have begun five applications" in page.content.decode()
    assert not person.claims.filter(business__name="Panadería El Sol").exists()


def test_the_desk_sees_who_began_and_withdraws_it(client, shop, stranger):
    url = reverse("desk:application_assist", args=[shop.pk])
    sign_in(client, OfficerFactory())
    page = " ".join(client.get(url).content.decode().split())
    assert f"{stranger.applicant.display_name} began an application on" in page
    assert "Their claim is not verified." in page
    assert "Advice on lighting." not in page
    assert client.post(url, {"withdraw": stranger.pk}).status_code == 302
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"


def test_the_desk_withdraws_no_draft_of_a_verified_owner_and_none_of_another_business(client, shop):
    verified = vetting.verified(vetting.draft(business=shop))
    other = vetting.draft()
    url = reverse("desk:application_assist", args=[shop.pk])
    sign_in(client, OfficerFactory())
    assert "Withdraw their draft" not in client.get(url).content.decode()
    assert client.post(url, {"withdraw": verified.pk}).status_code == 403
    assert client.post(url, {"withdraw": other.pk}).status_code == 404
