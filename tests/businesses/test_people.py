"""Claims, memberships and invitations."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.urls import reverse

from core import clock
from core.access import Refused
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from core.workflow import StaleMove
from partnerships.businesses import services
from partnerships.businesses.models import Claim, Invitation, Membership
from partnerships.businesses.models.people import MemberRole
from partnerships.businesses.services.people import INVITATION_SALT
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, MembershipFactory
from tests.factories.core import is_wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(west_shop):
    return west_shop


class TestClaims:
    def test_the_same_claim_twice_is_one(self, owner, shop):
        assert services.claim_business(business=shop, user=owner) == services.claim_business(
            business=shop, user=owner
        )
        assert Claim.objects.count() == 1

    def test_a_business_someone_speaks_for_can_t_be_claimed(self, owner, shop):
        MembershipFactory(user=UserFactory(), business=shop)
        with pytest.raises(Refused, match="already speaks"):
            services.claim_business(business=shop, user=owner)

    def test_verifying_makes_the_claimant_an_owner_and_tells_them_once(self, owner, officer, shop):
        claim = services.claim_business(business=shop, user=owner)
        services.verify_claim(claim=claim, actor=officer)
        member = Membership.objects.get()
        assert (member.user, member.role, member.all_sites) == (owner, "owner", True)
        assert OutgoingMail.objects.filter(template="businesses/claim_verified").count() == 1
        with pytest.raises(StaleMove):
            services.verify_claim(claim=claim, actor=officer)
        assert OutgoingMail.objects.count() == 1

    def test_a_claim_of_one_site_of_a_chain_gives_that_site_only(self, owner, officer, shop):
        BusinessFactory(organization=shop.organization)
        services.verify_claim(claim=services.claim_business(business=shop, user=owner), actor=officer)
        member = Membership.objects.get()
        assert (member.all_sites, list(member.sites.all())) == (False, [shop])

    def test_nobody_verifies_their_own_claim_and_a_member_none(self, owner, officer, shop):
        own = ClaimFactory(business=shop, user=officer)  # of a time when they were a member
        theirs = services.claim_business(business=shop, user=owner)
        for claim, actor in ((own, officer), (theirs, owner), (theirs, UserFactory(role="viewer"))):
            with pytest.raises(Refused):
                services.verify_claim(claim=claim, actor=actor)
            with pytest.raises(Refused):
                services.refuse_claim(claim=claim, actor=actor, reason="x")
        assert set(Claim.objects.values_list("status", flat=True)) == {"claimed"}

    def test_only_the_claimant_withdraws_and_may_claim_again(self, owner, shop):
        claim = services.claim_business(business=shop, user=owner)
        with pytest.raises(Refused):
            services.withdraw_claim(claim=claim, actor=UserFactory())
        services.withdraw_claim(claim=claim, actor=owner)
        assert services.claim_business(business=shop, user=owner).pk != claim.pk

    def test_the_desk_verifies_or_refuses_with_a_reason(self, as_user, owner, officer, shop):
        claim = services.claim_business(business=shop, user=owner, note="I own it.")
        client = as_user(officer)
        url = reverse("desk:claim", args=[claim.pk])
        assert b"I own it." in client.get(url).content
        assert client.post(url, {"refuse": "1", "reason": ""}).status_code == 200
        assert client.post(url, {"verify": "1"}).status_code == 200
        assert Claim.objects.get().status == "claimed"
        assert client.post(url, {"verify": "1", "method": "visit"}).status_code == 302
        settled = Claim.objects.get()
        assert (settled.status, settled.method, settled.settled_by) == ("verified", "visit", officer)
        stale = client.post(url, {"refuse": "1", "reason": "Too late"})
        assert stale.status_code == 409
        assert Membership.objects.count() == 1

    def test_the_reason_of_a_refusal_is_in_the_mail_and_not_in_the_audit(self, owner, officer, shop):
        claim = services.claim_business(business=shop, user=owner)
        services.refuse_claim(claim=claim, actor=officer, reason="Bring the lease.")
        assert "Bring the lease." in OutgoingMail.objects.get().text
        assert not AuditEntry.objects.filter(detail__contains="lease").exists()


class TestMembers:
    def test_a_business_keeps_at_least_one_owner(self, owner, shop):
        member = MembershipFactory(user=owner, business=shop)
        with pytest.raises(services.LastOwner):
            services.remove_membership(membership=member, actor=owner)
        with pytest.raises(services.LastOwner):
            services.change_membership(membership=member, role="staff", sites=None, actor=owner)
        MembershipFactory(user=UserFactory(), business=shop)
        services.remove_membership(membership=member, actor=owner)
        assert Membership.objects.count() == 1

    def test_a_second_membership_widens_and_never_narrows(self, owner, shop):
        services.add_membership(organization=shop.organization, user=owner, role="owner", actor=None)
        again = services.add_membership(organization=shop.organization, user=owner, sites=[shop], actor=None)
        assert (again.role, again.all_sites) == ("owner", True)

    def test_a_place_of_another_organization_is_refused(self, owner, shop):
        with pytest.raises(ValueError, match="another organization"):
            services.add_membership(
                organization=shop.organization, user=owner, sites=[BusinessFactory()], actor=None
            )

    @pytest.mark.parametrize("role", ["staff", "limited owner"])
    def test_only_an_owner_for_all_places_manages_people(self, as_user, owner, shop, role):
        if role == "staff":
            mine = MembershipFactory(user=owner, business=shop, role="staff")
        else:
            mine = MembershipFactory(user=owner, business=shop, role="owner", sites=[shop])
        client = as_user(owner)
        invite = reverse("portal:person_invite", args=[shop.organization_id])
        assert client.get(invite).status_code == 403
        assert client.post(invite, {"email": "a@b.example", "role": "owner"}).status_code == 403
        assert (
            client.post(reverse("portal:person_edit", args=[mine.pk]), {"role": "owner"}).status_code == 403
        )
        page = client.get(reverse("portal:people")).content
        assert b"Invite a colleague" not in page
        assert not Invitation.objects.exists()

    def test_an_owner_changes_and_removes_a_colleague(self, as_user, owner, shop):
        second = BusinessFactory(organization=shop.organization)
        MembershipFactory(user=owner, business=shop)
        colleague = MembershipFactory(user=UserFactory(full_name="Sam Lee"), business=shop)
        client = as_user(owner)
        url = reverse("portal:person_edit", args=[colleague.pk])
        some = {
            "role": "staff",
            "reach": "some",
            "version": client.get(url).context["form"]["version"].value(),
        }
        assert client.post(url, some).status_code == 200, "places are missing"
        assert client.post(url, {**some, "sites": [second.pk]}).status_code == 302
        colleague.refresh_from_db()
        assert (colleague.role, colleague.all_sites, list(colleague.sites.all())) == (
            "staff",
            False,
            [second],
        )
        url = reverse("portal:person_remove", args=[colleague.pk])
        assert b"Remove Sam Lee?" in client.get(url).content
        assert client.post(url).status_code == 302
        assert not Membership.objects.filter(pk=colleague.pk).exists()

    def test_the_last_owner_reads_why_they_can_t_step_down(self, as_user, owner, shop):
        mine = MembershipFactory(user=owner, business=shop)
        client, url = as_user(owner), reverse("portal:person_edit", args=[mine.pk])
        version = client.get(url).context["form"]["version"].value()
        page = client.post(url, {"role": "staff", "version": version})
        assert page.status_code == 403
        assert page.context["form"].errors["role"]
        assert "at least one owner" in page.content.decode()

    def test_the_last_owner_is_offered_no_way_out_and_refused_on_the_page_itself(self, as_user, owner, shop):
        mine = MembershipFactory(user=owner, business=shop)
        MembershipFactory(user=UserFactory(), business=shop, role="staff")
        client = as_user(owner)
        away = reverse("portal:person_remove", args=[mine.pk])
        people = client.get(reverse("portal:people")).content.decode()
        assert away not in people
        assert "You are the only owner." in people
        page = client.post(away)
        assert page.status_code == 403
        assert "Make someone else an owner first." in page.content.decode()
        assert Membership.objects.filter(pk=mine.pk).exists()

    def test_one_of_two_owners_leaves_and_is_spoken_to(self, as_user, owner, shop):
        mine = MembershipFactory(user=owner, business=shop)
        MembershipFactory(user=UserFactory(), business=shop, role="owner")
        client = as_user(owner)
        assert "What you may do" in client.get(reverse("portal:person_edit", args=[mine.pk])).content.decode()
        away = reverse("portal:person_remove", args=[mine.pk])
        assert away in client.get(reverse("portal:people")).content.decode()
        question = client.get(away).content.decode()
        assert f"Leave {shop.organization.name}?" in question
        assert "You can no longer see" in question
        assert client.post(away).status_code == 302
        assert not Membership.objects.filter(pk=mine.pk).exists()


class TestInvitations:
    @pytest.fixture
    def invited(self, owner, shop):
        MembershipFactory(user=owner, business=shop)
        return services.invite_member(
            organization=shop.organization, email="New@Shop.example ", role="staff", sites=[shop], actor=owner
        )

    @pytest.fixture
    def link(self, invited):
        return reverse("portal:invitation", args=[services.invitation_token(invited)])

    def test_the_mail_goes_out_once_with_the_link(self, invited):
        mail = OutgoingMail.objects.get()
        assert (mail.to, mail.category) == ("new@shop.example", "security")
        token = re.search(r"/invitations/(\S+)/", mail.text)[1]
        assert services.open_invitation(token) == invited

    def test_the_invited_person_joins_for_the_chosen_place(self, as_user, invited, link, shop):
        guest = UserFactory(email="new@shop.example")
        client = as_user(guest)
        assert shop.organization.name.encode() in client.get(link).content
        assert not Membership.objects.filter(user=guest).exists(), "a GET changes nothing"
        assert client.post(link).status_code == 302
        member = Membership.objects.get(user=guest)
        assert (member.role, member.all_sites, list(member.sites.all())) == ("staff", False, [shop])

    def test_used_twice_it_is_harmless(self, as_user, link):
        guest = UserFactory(email="new@shop.example")
        client = as_user(guest)
        assert [client.post(link).status_code for _twice in range(2)] == [302, 302]
        assert Membership.objects.filter(user=guest).count() == 1

    def test_it_does_not_bring_back_who_was_removed_since(self, as_user, link, owner):
        guest = UserFactory(email="new@shop.example")
        client = as_user(guest)
        client.post(link)
        services.remove_membership(membership=Membership.objects.get(user=guest), actor=owner)
        assert client.post(link).status_code == 403
        assert not Membership.objects.filter(user=guest).exists()

    @pytest.mark.gate(25)
    def test_for_another_account_altered_revoked_or_expired_it_leads_nowhere(
        self, as_user, invited, link, owner, shop
    ):
        guest, stranger = UserFactory(email="new@shop.example"), UserFactory()
        token = services.invitation_token(invited)
        other = signing.dumps([invited.pk, invited.email], salt="another purpose")
        forged = signing.dumps([invited.pk, stranger.email], salt=INVITATION_SALT)
        assert as_user(stranger).post(link).status_code == 404
        assert as_user(owner).post(link).status_code == 404
        assert as_user(UserFactory(role="officer", email="officer@x.example")).post(link).status_code == 404
        client = as_user(guest)
        for bad in (token[:-1] + ("a" if token[-1] != "a" else "b"), token + "x", "x", other, forged):
            assert client.post(reverse("portal:invitation", args=[bad])).status_code == 404
        with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
            assert services.invitation_for(token, guest) is None
        services.revoke_invitation(invitation=invited, actor=owner)
        assert client.post(link).status_code == 404
        assert Membership.objects.count() == 1

    def test_anonymous_visitors_are_sent_to_sign_in_and_come_back(self, client, link):
        answer = client.get(link)
        assert answer.status_code == 302
        assert "next=" in answer.url

    def test_asking_again_replaces_the_first_invitation(self, invited, owner, shop):
        again = services.invite_member(
            organization=shop.organization, email="new@shop.example", role="owner", sites=None, actor=owner
        )
        invited.refresh_from_db()
        assert not invited.is_open
        assert again.is_open
        first, second = OutgoingMail.objects.order_by("pk")
        assert not is_wanted(first)
        assert is_wanted(second)

    def test_the_page_says_the_same_for_known_and_unknown_addresses(self, as_user, owner, shop):
        MembershipFactory(user=owner, business=shop)
        UserFactory(email="known@x.example")
        client = as_user(owner)
        pages = []
        for name in ("known", "stranger"):
            answer = client.post(
                reverse("portal:person_invite", args=[shop.organization_id]),
                {"email": f"{name}@x.example", "role": "staff"},
                follow=True,
            )
            pages.append([str(each) for each in answer.context["messages"]][0].replace(name, "NAME"))
        assert pages[0] == pages[1]
        assert OutgoingMail.objects.count() == 2


@pytest.mark.parametrize("all_sites", [True, False])
@pytest.mark.parametrize("role", MemberRole.values)
def test_a_row_and_the_database_agree_on_who_owns(role, all_sites):
    row = MembershipFactory(user=UserFactory(), role=role, all_sites=all_sites)
    assert Membership.objects.owns(row.user, row.organization) is row.owns is (role == "owner" and all_sites)
