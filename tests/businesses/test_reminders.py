"""Reminders of invitations without an answer and of claims that nobody has checked."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.mail.outbox.sending import drain
from partnerships.businesses import services
from partnerships.businesses.cover import Desk, grounds
from partnerships.businesses.models import Business, Claim, Invitation, Membership, Organization
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import (
    AreaFactory,
    BeatFactory,
    BusinessFactory,
    ClaimFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.reminders import due, found_by, local, mail_to, rules_hold

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)
COLLEAGUE = "ana@people.example"


def day(count, hour=8, minute=0):
    """A moment so many days after the Monday on which it all begins."""
    return local(MONDAY + timedelta(days=count), hour, minute)


@pytest.fixture
def shop():
    return BusinessFactory(name="Lakeside Bakery", area=BeatFactory(), standing="partner")


@pytest.fixture
def owner(shop):
    found = UserFactory(full_name="Maria Santos")
    MembershipFactory(user=found, business=shop)
    return found


class TestInvitations:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("invitation-unanswered", "invitation-expiring")

    @pytest.fixture
    def invited(self, shop, owner):
        with clock.at(day(0, 10)):
            return services.invite_member(
                organization=shop.organization, email=COLLEAGUE, role="staff", sites=None, actor=owner
            )

    def test_the_colleague_is_reminded_after_five_days_and_the_inviter_two_days_before_the_end(
        self, invited, owner
    ):
        assert due(day(5, 7, 59)) == []
        assert due(day(5)) == [("invitation-unanswered", COLLEAGUE)]
        assert [due(day(each)) for each in (6, 11)] == [[], []]
        assert due(day(12)) == [("invitation-expiring", owner.email)]
        assert [due(day(each)) for each in (13, 14, 19)] == [[], [], []]

    def test_the_reminder_holds_no_secret_and_says_where_to_find_the_invitation(self, invited, owner):
        due(day(5))
        mail = mail_to(COLLEAGUE, "businesses/invitation_reminder")
        with clock.at(day(0, 10)):
            token = services.invitation_token(invited)
        for text in (mail.text, mail.html):
            assert token.split(":")[0] not in text
            assert "/invitations/" not in text
            for words in ("Maria Santos", "Lakeside Bakery", "November 16, 2026", COLLEAGUE):
                assert words in text
            assert reverse("portal:home") in text
        due(day(12))
        other = mail_to(owner.email, "businesses/invitation_unanswered")
        for text in (other.text, other.html):
            for words in (COLLEAGUE, "Lakeside Bakery", "November 16, 2026", reverse("portal:people")):
                assert words in text

    def test_the_home_page_of_that_address_leads_to_the_invitation(self, client, shop, owner):
        invited = services.invite_member(
            organization=shop.organization, email=COLLEAGUE, role="staff", sites=None, actor=owner
        )
        home = sign_in(client, UserFactory(email=COLLEAGUE)).get(reverse("portal:home"))
        (need,) = home.context["home"].needs
        assert need.title == "You are invited to act for Lakeside Bakery"
        assert f'href="{need.url}"' in home.content.decode()
        assert client.post(need.url).status_code == 302
        assert Membership.objects.filter(user__email=COLLEAGUE, organization=shop.organization).exists()
        assert not client.get(reverse("portal:home")).context["home"].needs
        invited.refresh_from_db()
        assert invited.accepted_at

    @pytest.mark.parametrize("who", ["another", "unproved", "revoked", "expired"])
    def test_nobody_else_finds_it_on_their_home_page(self, client, shop, owner, who):
        invited = services.invite_member(
            organization=shop.organization, email=COLLEAGUE, role="staff", sites=None, actor=owner
        )
        if who == "revoked":
            services.revoke_invitation(invitation=invited, actor=owner)
        if who == "expired":
            Invitation.objects.update(expires_at=clock.now() - timedelta(minutes=1))
        person = UserFactory(email="ben@people.example" if who == "another" else COLLEAGUE)
        if who == "unproved":
            person.emailaddress_set.update(verified=False)
        assert not Invitation.objects.open().addressed_to(person).exists()
        page = sign_in(client, person).get(reverse("portal:home"))
        assert b"You are invited to act for" not in page.content

    def test_what_was_answered_taken_back_or_asked_anew_reminds_nobody_of_the_old_one(
        self, invited, owner, shop
    ):
        with clock.at(day(2, 9)):
            again = services.invite_member(
                organization=shop.organization, email=COLLEAGUE, role="staff", sites=None, actor=owner
            )
        assert due(day(5)) == []
        assert due(day(7)) == [("invitation-unanswered", COLLEAGUE)]
        with clock.at(day(7, 8, 5)):
            services.accept_invitation(invitation=again, user=UserFactory(email=COLLEAGUE))
            drain()
        assert mail_to(COLLEAGUE, "businesses/invitation_reminder").status == "cancelled"
        assert due(day(14)) == []

    def test_accounts_that_could_not_accept_and_inviters_who_left_get_nothing(self, invited, owner, shop):
        person = OfficerFactory(email=COLLEAGUE)
        assert due(day(5)) == []
        person.role, person.is_active = "member", False
        person.save()
        assert due(day(5, 9)) == []
        MembershipFactory(user=UserFactory(), business=shop)
        services.remove_membership(membership=Membership.objects.get(user=owner), actor=None)
        assert due(day(12)) == []


class TestClaims:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("claim-waiting")

    def claimed(self, shop):
        with clock.at(day(0, 10)):
            return ClaimFactory(user=UserFactory(full_name="Maria Santos", phone="555-0134"), business=shop)

    def test_officers_of_the_place_are_reminded_after_three_days_and_weekly(self, shop):
        near, lead, far = OfficerFactory(), OfficerFactory(), OfficerFactory()
        supervisor = SupervisorFactory()
        DistrictAssignmentFactory(user=near, area=shop.area.parent)
        DistrictAssignmentFactory(user=far, area=AreaFactory())
        Organization.objects.filter(pk=shop.organization_id).update(lead_officer=lead)
        claim = self.claimed(shop)
        both = sorted(("claim-waiting", each.email) for each in (near, lead))
        assert due(day(2)) == due(day(3, 7, 59)) == []
        assert due(day(3)) == both
        weeks = [len(due(day(3 + 7 * each))) for each in range(1, 10)]
        assert weeks == [2] * 8 + [0]
        mail = mail_to(near.email, "businesses/claim_waiting")
        for text in (mail.text, mail.html):
            for words in ("Maria Santos", "555-0134", "Lakeside Bakery", "November 2, 2026", shop.street):
                assert words in text
            assert reverse("desk:claim", args=[claim.pk]) in text
        assert supervisor.email not in {each.to for each in found_by("businesses.claim")[0]}

    def test_where_no_officer_covers_the_place_its_supervisors_are_told(self, shop):
        gone, city = OfficerFactory(is_active=False), SupervisorFactory()
        DistrictAssignmentFactory(user=gone, area=shop.area.parent)
        self.claimed(shop)
        assert due(day(3)) == [("claim-waiting", city.email)]
        near = SupervisorFactory()
        DistrictAssignmentFactory(user=near, area=shop.area.parent)
        assert due(day(10)) == [("claim-waiting", near.email)]

    def test_a_claim_that_was_settled_reminds_nobody(self, shop):
        officer = OfficerFactory()
        DistrictAssignmentFactory(user=officer, area=shop.area.parent)
        settle = {
            "verify": lambda row: services.verify_claim(claim=row, actor=officer),
            "refuse": lambda row: services.refuse_claim(claim=row, actor=officer, reason="No."),
            "withdraw": lambda row: services.withdraw_claim(claim=row, actor=row.user),
        }
        for act in settle.values():
            act(self.claimed(BusinessFactory(area=shop.area)))
        left = self.claimed(BusinessFactory(area=shop.area))
        left.user.is_active = False
        left.user.save()
        assert due(day(3)) == []

    def test_whoever_is_reminded_sees_the_claim(self, shop):
        people = [OfficerFactory(), SupervisorFactory(), OfficerFactory(), SupervisorFactory()]
        DistrictAssignmentFactory(user=people[0], area=shop.area.parent)
        DistrictAssignmentFactory(user=people[1], area=AreaFactory())
        DistrictAssignmentFactory(user=people[2], area=shop.area)
        for area in (shop.area, shop.area.parent, BeatFactory(), None):
            self.claimed(BusinessFactory(area=area, organization__lead_officer=people[1]))
            self.claimed(BusinessFactory(area=area))
        rows, _queries = found_by("businesses.claim")
        assert len(rows) >= 8
        for each in rows:
            _claim, officer, _since = each.row
            assert Claim.objects.visible_to(officer).filter(pk=each.subject_id).exists()
        assert {each.subject_id for each in rows} == set(Claim.objects.values_list("pk", flat=True))


def test_the_desk_sees_in_bulk_what_each_person_sees(shop):
    """`cover.Desk` answers for many places at once what `visible_to` answers person by person."""
    people = [OfficerFactory(), SupervisorFactory(), OfficerFactory(), SupervisorFactory()]
    DistrictAssignmentFactory(user=people[0], area=shop.area.parent)
    DistrictAssignmentFactory(user=people[1], area=shop.area)
    ended = DistrictAssignmentFactory(user=people[3], area=shop.area.parent)
    services.end_assignment(assignment=ended, actor=None)
    BusinessFactory(area=shop.area.parent)
    BusinessFactory(area=BeatFactory(), organization__lead_officer=people[2])
    chain = BusinessFactory(area=BeatFactory())
    BusinessFactory(organization=chain.organization, area=shop.area)
    BusinessFactory(organization=chain.organization, area=None)
    Business.objects.filter(pk=BusinessFactory().pk).delete()
    desk = Desk.today()
    organizations = list(Organization.objects.all())
    where = grounds([each.pk for each in organizations])
    for person in people:
        seen = {each.pk for each in organizations if desk.sees(person, where[each.pk], each.lead_officer_id)}
        assert seen == set(Organization.objects.visible_to(person).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("key", "most"),
    [("businesses.invitation", 3), ("businesses.invitation_expiring", 2), ("businesses.claim", 4)],
)
def test_fifty_rows_take_as_many_queries_as_one(shop, owner, key, most):
    DistrictAssignmentFactory(user=OfficerFactory(), area=shop.area.parent)

    def add(number):
        services.invite_member(
            organization=shop.organization,
            email=f"n{number}@x.example",
            role="staff",
            sites=None,
            actor=owner,
        )
        ClaimFactory(user=UserFactory(), business=BusinessFactory(area=shop.area))

    add(0)
    one, queries = found_by(key)
    for number in range(1, 50):
        add(number)
    many, again = found_by(key)
    assert (len(one), len(many), again) == (1, 50, queries)
    assert queries <= most
