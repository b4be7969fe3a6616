"""What a stranger begins for a business keeps nobody out: not its owner, an officer or its other sites."""

import pytest
from django.urls import reverse

from core.access import Refused, visible
from core.mail.models import OutgoingMail
from partnerships.businesses.models import Claim
from partnerships.businesses.services import (
    add_business,
    refuse_claim,
    reopen_claim,
    update_organization,
    verify_claim,
    withdraw_claim,
)
from partnerships.vetting import guards, services
from partnerships.vetting.models import Application
from partnerships.vetting.workflow import APPLICATION
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


def refuse(application):
    claim = Claim.objects.get(user=application.applicant, status="claimed")
    refuse_claim(claim=claim, actor=OfficerFactory(), reason="Bring the lease.")


@pytest.mark.parametrize("sent", [False, True])
def test_after_a_refusal_the_claimant_claims_again_and_loses_nothing_of_the_application(shop, stranger, sent):
    if sent:
        send(stranger)
    refuse(stranger)
    again = services.start_application(business=shop, actor=stranger.applicant, note="Here is the lease.")
    assert again == stranger
    stranger.refresh_from_db()
    assert stranger.status == ("submitted" if sent else "draft")
    claims = Claim.objects.filter(user=stranger.applicant).order_by("pk")
    assert [(each.status, each.note) for each in claims] == [
        ("refused", ""),
        ("claimed", "Here is the lease."),
    ]
    services.start_application(business=shop, actor=stranger.applicant, note="Once more.")
    assert claims.count() == 2
    verify_claim(claim=claims.last(), actor=OfficerFactory())
    assert guards.claim_state(stranger) == "verified"


def test_a_draft_is_not_sent_while_the_claim_stands_refused(stranger):
    refuse(stranger)
    assert refusal(send, application=stranger).code == "claim_ended"


def test_a_refusal_taken_back_lets_the_application_go_on(stranger):
    send(stranger)
    refuse(stranger)
    claim = reopen_claim(claim=Claim.objects.get(), actor=OfficerFactory())
    assert guards.claim_state(stranger) == "claimed"
    verify_claim(claim=claim, actor=OfficerFactory())
    assert guards.claim_state(stranger) == "verified"


def test_what_was_sent_under_a_refused_claim_keeps_nobody_out_and_is_set_aside(shop, stranger):
    send(stranger)
    refuse(stranger)
    officer = OfficerFactory()
    services.assign_reviewer(application=stranger, reviewer=officer, actor=None)
    owner = vetting.draft(business=shop)
    stranger.refresh_from_db()
    assert stranger.status == "submitted", "beginning alone ends nobody's application"
    OutgoingMail.objects.all().delete()
    assert send(owner).status == "submitted"
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"
    told = set(OutgoingMail.objects.values_list("template", "to"))
    assert ("vetting/set_aside", stranger.applicant.email) in told
    assert ("vetting/set_aside_for_officer", officer.email) in told
    shop.organization.refresh_from_db()
    assert shop.organization.standing == "applicant"


def test_an_officer_fills_one_in_beside_what_was_sent_under_a_refused_claim(shop, stranger):
    officer = OfficerFactory()
    send(stranger)
    with pytest.raises(Refused, match="already open"):
        services.assist_application(business=shop, actor=officer)
    refuse(stranger)
    made = vetting.assisted_draft(business=shop, officer=officer)
    stranger.refresh_from_db()
    assert stranger.status == "submitted"
    services.submit_application(application=made, actor=officer)
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"


def test_what_was_sent_under_an_open_claim_still_keeps_others_out(shop, stranger):
    send(stranger)
    found = refusal(services.start_application, business=shop, actor=UserFactory())
    assert found.code == "already_open"
    with pytest.raises(Refused, match="claim was refused"):
        APPLICATION.move(stranger, "set_aside", actor=None)


def test_the_owner_finds_the_way_to_claim_again_and_is_told_that_it_arrived(client, shop, stranger):
    send(stranger)
    refuse(stranger)
    sign_in(client, stranger.applicant)
    claim_page = reverse("portal:application_claim", args=[shop.pk])
    status = reverse("portal:application_status", args=[stranger.pk])
    assert claim_page in client.get(status).content.decode()
    assert "We could not confirm that you act for this business" in client.get("/portal/").content.decode()
    done = client.post(claim_page, {"note": "Here is the lease."}, follow=True)
    assert done.redirect_chain[-1][0] == status
    assert "We have your claim." in done.content.decode()


def test_who_calls_about_a_claim_is_an_officer_once_there_is_one(client, shop, stranger):
    send(stranger)
    address = reverse("portal:application_status", args=[stranger.pk])
    page = sign_in(client, stranger.applicant).get(address).content.decode()
    assert "Our unit still has to confirm that you act for this business, and calls you about it." in page
    assert "No officer is assigned yet. The whole unit answers:" in page
    assert "They call you" not in page
    update_organization(organization=shop.organization, actor=None, lead_officer=OfficerFactory())
    page = client.get(address).content.decode()
    assert "An officer still has to confirm that you act for this business. They call you." in page
    assert "Our unit" not in page


def test_a_place_that_the_claimant_typed_in_can_be_claimed_again(client):
    owner = UserFactory()
    place = add_business(
        actor=owner,
        name="Panadería El Sol",
        street="10 W 26th St",
        city="Chicago",
        state="IL",
        postal_code="60608",
    )
    application = vetting.draft(business=place, owner=owner)
    refuse(application)
    page = sign_in(client, owner).post(
        reverse("portal:application_claim", args=[place.pk]), {"note": "Here is the lease."}
    )
    assert page.status_code == 302
    assert guards.claim_state(application) == "claimed"


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
    asked = f"{url}?withdraw={stranger.pk}"
    assert f'href="?withdraw={stranger.pk}"' in page
    question = client.get(asked).content.decode()
    assert f"Withdraw the draft of {stranger.applicant.display_name}?" in question
    assert "No mail goes out." in question
    stranger.refresh_from_db()
    assert stranger.status == "draft"
    assert client.post(asked).status_code == 302
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"


def test_the_desk_withdraws_no_draft_of_a_verified_owner_and_none_of_another_business(client, shop):
    verified = vetting.verified(vetting.draft(business=shop))
    other = vetting.draft()
    url = reverse("desk:application_assist", args=[shop.pk])
    sign_in(client, OfficerFactory())
    assert "Withdraw their draft" not in client.get(url).content.decode()
    assert client.post(f"{url}?withdraw={verified.pk}").status_code == 403
    assert client.post(f"{url}?withdraw={other.pk}").status_code == 404


def test_an_application_whose_claim_was_taken_back_waits_and_keeps_nobody_out(
    client, shop, stranger, monkeypatch
):
    send(stranger)
    withdraw_claim(claim=Claim.objects.get(), actor=stranger.applicant)
    assert guards.claim_state(stranger) == "withdrawn"
    sign_in(client, stranger.applicant)
    page = client.get(reverse("portal:application_status", args=[stranger.pk])).content.decode()
    assert "You took your claim of this business back" in page
    assert reverse("portal:application_claim", args=[shop.pk]) in page
    home = client.get(reverse("portal:home")).content.decode()
    assert "You took your claim of this business back" in home
    assert "could not confirm" not in page + home
    monkeypatch.setattr(guards, "may_decide", lambda *given: None)
    assert guards.may_approve(UserFactory(role="supervisor"), stranger) == guards.CLAIM_TAKEN_BACK
    again = services.start_application(business=shop, actor=stranger.applicant, note="It is mine after all.")
    assert (again, guards.claim_state(stranger)) == (stranger, "claimed")
    withdraw_claim(claim=Claim.objects.get(status="claimed"), actor=stranger.applicant)
    assert send(vetting.draft(business=shop)).status == "submitted"
    stranger.refresh_from_db()
    assert stranger.status == "withdrawn"


@pytest.mark.parametrize("by_desk", [False, True])
def test_whoever_withdraws_their_application_takes_the_open_claim_along(stranger, by_desk):
    send(stranger)
    actor = OfficerFactory() if by_desk else stranger.applicant
    services.withdraw_application(application=stranger, actor=actor)
    assert Claim.objects.get().status == ("claimed" if by_desk else "withdrawn")


def test_a_verified_claim_stays_when_the_application_is_withdrawn(stranger):
    vetting.verified(stranger)
    services.withdraw_application(application=stranger, actor=stranger.applicant)
    assert Claim.objects.get().status == "verified"
