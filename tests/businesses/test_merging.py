"""Two records become one, and two again: nothing is lost, and nothing belongs to nobody."""

import random

import pghistory
import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from core import clock, moving, rooms
from core.access import Refused
from core.mail import consents
from core.mail.models import OutgoingMail
from core.mail.purposes import How
from core.models import AuditEntry
from partnerships.businesses import movers, privacy, services
from partnerships.businesses.merging import rules
from partnerships.businesses.models import (
    Business,
    Claim,
    Contact,
    DuplicatePair,
    Membership,
    Merge,
    Organization,
)
from partnerships.businesses.services.merges import MERGED_ON, UNDONE
from partnerships.businesses.services.turns import MERGED
from partnerships.vetting import movers as of_vetting
from tests.businesses import merging
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory
from tests.factories.businesses import (
    BeatFactory,
    BusinessFactory,
    ClaimFactory,
    ContactFactory,
    MembershipFactory,
)
from tests.factories.core import mail

pytestmark = pytest.mark.django_db


def merge(kept, gone, **chosen):
    return services.merge_businesses(kept=kept, gone=gone, actor=None, chosen=chosen)


def undo(row):
    return services.undo_merge(merge=row, actor=None)


def twice(**more):
    return BusinessFactory(name="Corner Bean", street="12 W Elm St", **more), BusinessFactory(
        name="Cornor Bean Inc"
    )


def refusal(kept, gone):
    with pytest.raises(Refused) as refused:
        merge(kept, gone)
    assert not Merge.objects.exists()
    return refused.value.refusal


def test_a_hundred_pairs_are_merged_and_unmerged():
    chance = random.Random(17)  # noqa: S311  (rows of a test)
    pairs = [merging.pair(chance, number) for number in range(100)]
    before = merging.tables()
    made = [merge(*pair) for pair in pairs if rules.may_merge(*pair) is None]
    assert len(made) > 80
    aside = sum(len(entry["aside"]) for each in made for entry in each.journal["handed"])
    assert sum(merging.counts().values()) == sum(len(rows) for rows in before.values()) - aside
    assert aside > 10  # of people and entries that were there twice
    assert merging.orphans() == []
    assert Business.objects.count() == 200 - len(made)
    assert Business.everything.count() == 200
    chance.shuffle(made)
    for each in made:
        undone = undo(each)
        assert undone.left == {"stayed": [], "changed": [], "gone": 0, "fields": [], "added": []}
    assert merging.tables() == before


def test_without_its_mover_a_table_is_left_behind(monkeypatch):
    """The negative control."""
    monkeypatch.setattr(
        movers, "FOLLOWS", tuple(each for each in movers.FOLLOWS if "Contact" not in each.relation)
    )
    kept, gone = twice()
    ContactFactory(business=gone)
    merge(kept, gone)
    monkeypatch.undo()
    assert [each.rpartition(" ")[0] for each in merging.orphans()] == [
        "businesses.Contact.business", "businesses.Contact.organization"
    ]  # fmt: skip


def pointing():
    """Columns and link tables that point to a business or an organization; history is not asked."""
    return {
        relation
        for relation, model in moving.relations_to(*merging.TARGETS)
        if not issubclass(model, pghistory.models.Event)
    }


def numbered():
    """Columns that hold the number of one, without a foreign key."""
    return {
        f"{model._meta.label}.{column.name}"
        for model in merging.models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.BigIntegerField) and column.name in ("organization_id", "business_id")
    }


def handled():
    return {each.relation for each in moving.follows()} | set(moving.stays())


def test_whatever_points_to_a_business_follows_or_stays():
    assert pointing() | numbered() == handled()
    assert "mail.OutgoingMail.organization_id" in numbered()


@pytest.mark.parametrize("room", ["events", "partnerships.vetting", "partnerships.businesses", "core.mail"])
def test_a_new_foreign_key_fails_until_it_is_handled(room, monkeypatch):
    file = rooms.file(room, "movers")
    left_out, *others = file.FOLLOWS
    monkeypatch.setattr(file, "FOLLOWS", tuple(others))
    assert (pointing() | numbered()) - handled() == {left_out.relation}


class TestWhatStays:
    def test_the_place_given_up_is_in_no_list_and_leads_to_the_other(self):
        kept, gone = twice()
        done = merge(kept, gone)
        assert list(Business.objects.all()) == [kept]
        assert list(Organization.objects.all()) == [kept.organization]
        row = Business.everything.get(pk=gone.pk)
        assert row.merged_into == kept
        assert (done.gone, done.stays) == (gone, kept)

    def test_the_search_finds_what_stays_by_the_other_name_until_it_is_undone(self):
        kept, gone = BusinessFactory(name="Corner Bean"), BusinessFactory(name="Blue Kettle")
        done = merge(kept, gone)
        assert list(Business.objects.search("kettle")) == [kept]
        undo(done)
        assert list(Business.objects.search("kettle")) == [gone]

    def test_what_is_silent_is_told_by_the_other_and_what_was_chosen_stands(self):
        kept = BusinessFactory(name="Corner Bean", phone="", website="https://one.example/")
        gone = BusinessFactory(name="Cornor Bean", phone="(312) 555-0134", website="https://two.example/")
        merge(kept, gone, website="merged", name="kept")
        kept.refresh_from_db()
        assert (kept.name, kept.phone, kept.website) == (
            "Corner Bean",
            "(312) 555-0134",
            "https://two.example/",
        )

    def test_the_position_goes_with_its_area(self):
        area = BeatFactory()
        kept, gone = BusinessFactory(), BusinessFactory(area=area, latitude=41.9, longitude=-87.6)
        merge(kept, gone)
        kept.refresh_from_db()
        assert (kept.area, kept.latitude) == (area, 41.9)
        assert sorted(Organization.objects.get(pk=kept.organization_id).areas) == sorted(
            [area.pk, area.parent_id]
        )
        assert Organization.everything.get(pk=gone.organization_id).areas == []

    def test_days_that_can_not_stand_together_are_not_mixed(self):
        kept = BusinessFactory(opened_on="2020-01-01")
        gone = BusinessFactory(closed_on="2019-01-01")
        merge(Business.objects.get(pk=kept.pk), gone)
        kept.refresh_from_db()
        assert kept.closed_on is None

    def test_mail_of_the_organization_is_that_of_the_other(self):
        kept, gone = twice()
        OutgoingMail.objects.all().delete()
        mail(organization_id=gone.organization_id)
        merge(kept, gone)
        assert merging.mails_of(kept.organization) == 1

    def test_the_pair_is_settled_and_what_was_said_of_a_third_one_holds(self):
        kept, gone = twice()
        third = BusinessFactory()
        pair = DuplicatePair.objects.create(one=kept, other=gone, score=90)
        other = DuplicatePair.objects.create(one=gone, other=third, score=80)
        services.dismiss_pair(pair=other, actor=None)
        done = merge(kept, gone)
        pair.refresh_from_db()
        assert pair.status == "merged"
        assert DuplicatePair.objects.get(one=kept, other=third).status == "dismissed"
        undo(done)
        pair.refresh_from_db()
        assert pair.status == "dismissed"
        assert not DuplicatePair.objects.filter(one=kept, other=third).exists()

    def test_it_is_on_record(self):
        kept, gone = twice()
        done = services.merge_businesses(kept=kept, gone=gone, actor=SupervisorFactory())
        entry = AuditEntry.objects.get(verb="businesses.business_merged")
        assert (entry.target_id, entry.detail) == (str(kept.pk), f"businesses.Business-{gone.pk}")
        assert done.by_name


class TestPeople:
    def test_whoever_belongs_to_both_has_one_membership_with_all_their_rights(self):
        kept, gone = twice()
        owner = UserFactory()
        mine = MembershipFactory(business=kept, user=owner, role="staff")
        MembershipFactory(business=gone, user=owner, role="owner")
        done = merge(kept, gone)
        assert Membership.objects.get().role == "owner"
        undo(done)
        mine.refresh_from_db()
        assert mine.role == "staff"
        assert Membership.objects.count() == 2

    def test_who_comes_to_a_chain_does_not_see_its_other_stores(self):
        store = BusinessFactory(name="Sharp Cuts")
        BusinessFactory(organization=store.organization, name="Sharp Cuts 2")
        gone = BusinessFactory(name="Sharp Cuts")
        owner = UserFactory()
        MembershipFactory(business=gone, user=owner)
        done = merge(store, gone)
        assert list(Business.objects.visible_to(owner)) == [store]
        undo(done)
        assert list(Business.objects.visible_to(owner)) == [gone]
        assert Membership.objects.get().all_sites

    def test_of_two_claims_of_one_person_the_verified_one_stands(self):
        kept, gone = twice()
        person = UserFactory()
        waiting = ClaimFactory(business=kept, user=person)
        claim = ClaimFactory(business=gone, user=person)
        services.verify_claim(claim=claim, actor=None)
        done = merge(kept, gone)
        assert list(Claim.objects.values_list("pk", "business", "status")) == [
            (claim.pk, kept.pk, "verified")
        ]
        undo(done)
        assert set(Claim.objects.values_list("pk", "business", "status")) == {
            (waiting.pk, kept.pk, "claimed"), (claim.pk, gone.pk, "verified")
        }  # fmt: skip

    def test_a_person_who_was_set_aside_is_in_their_export(self):
        kept, gone = twice()
        for each in (kept, gone):
            ContactFactory(business=each, name="Ana Ortiz", email="ana@shop.example", phone="(312) 555-0100")
        merge(kept, gone)
        assert Contact.objects.count() == 1
        told = privacy.held_on(UserFactory(email="ana@shop.example"))["set_aside"]
        assert [(each["kind"], each["name"], each["email"]) for each in told] == [
            ("businesses.contact", "Ana Ortiz", "ana@shop.example")
        ]
        assert privacy.held_on(UserFactory(email="other@shop.example"))["set_aside"] == []


class TestConsents:
    """Merge A (yes, 2025) and B (no, 2026): the answer is no, and undoing restores both."""

    A, B = "rosa@corner.example", "rosa@home.example"

    def say(self, address, given, year):
        with clock.at(clock.now().replace(year=year)):
            consents.record(address=address, purpose="newsletters", given=given, how=How.DESK, wording="News")

    def refused(self):
        return consents.refused([self.A, self.B], "newsletters")

    def pair(self, name="Rosa Diaz"):
        kept, gone = twice()
        ContactFactory(business=kept, name="Rosa Diaz", email=self.A)
        ContactFactory(business=gone, name=name, email=self.B)
        return kept, gone

    def test_a_later_no_holds_for_both_addresses_and_undoing_restores_both(self):
        kept, gone = self.pair()
        self.say(self.A, True, 2025)
        self.say(self.B, False, 2026)
        done = merge(kept, gone)
        assert self.refused() == {self.A, self.B}
        undo(done)
        assert self.refused() == {self.B}

    def test_a_yes_does_not_go_over(self):
        kept, gone = self.pair()
        self.say(self.A, False, 2025)
        self.say(self.B, True, 2026)
        merge(kept, gone)
        assert self.refused() == {self.A}

    def test_two_people_keep_their_own_answers(self):
        kept, gone = self.pair(name="Omar Haddad")
        self.say(self.A, True, 2025)
        self.say(self.B, False, 2026)
        merge(kept, gone)
        assert self.refused() == {self.B}

    def test_what_the_person_chose_since_stands_when_it_is_undone(self):
        kept, gone = self.pair()
        self.say(self.A, True, 2025)
        self.say(self.B, False, 2026)
        done = merge(kept, gone)
        consents.choose(
            address=self.A, purpose="newsletters", given=True, how=How.PREFERENCES, wording="News"
        )
        consents.choose(
            address=self.A, purpose="newsletters", given=False, how=How.PREFERENCES, wording="News"
        )
        undo(done)
        assert self.refused() == {self.A, self.B}

    def test_of_one_address_the_latest_answer_holds(self):
        kept, gone = twice()
        for each in (kept, gone):
            ContactFactory(business=each, name="Rosa Diaz", email=self.A)
        self.say(self.A, True, 2025)
        self.say(self.A, False, 2026)
        done = merge(kept, gone)
        assert self.refused() >= {self.A}
        undo(done)
        assert Contact.objects.count() == 2


class TestUndo:
    def test_what_a_person_changed_since_is_told_and_stays(self):
        kept, gone = twice()
        gone.phone = "(312) 555-0134"
        gone.save()
        contact = ContactFactory(business=gone)
        done = merge(kept, gone)
        services.update_business(business=kept, actor=None, phone="(312) 555-0199")
        services.update_contact(contact=Contact.objects.get(), actor=None, role_title="Cook")
        services.add_contact(organization=kept.organization, actor=None, name="Sam Ortiz")
        left = undo(done).left
        assert left["fields"] == ["phone"]
        assert [each[1] for each in left["changed"]] == [contact.pk] * 2
        assert left["added"] == [("businesses.Contact.organization", 1)]
        kept.refresh_from_db()
        contact.refresh_from_db()
        assert kept.phone == "(312) 555-0199"
        assert (contact.business, contact.role_title) == (gone, "Cook")

    def test_an_application_that_went_on_stays_with_its_standing(self):
        kept, gone = twice()
        draft = vetting.draft(business=gone)
        done = merge(kept, gone)
        draft.refresh_from_db()
        vetting.services.submit_application(application=draft, actor=draft.applicant)
        left = undo(done).left
        draft.refresh_from_db()
        assert (draft.organization, list(draft.sites.all())) == (kept.organization, [kept])
        assert [each[:2] for each in left["stayed"]] == [("vetting.Application.organization", draft.pk)]
        assert Organization.objects.get(pk=kept.organization_id).standing == "applicant"

    def test_a_row_that_is_gone_by_now_is_counted(self):
        kept, gone = twice()
        ContactFactory(business=gone)
        done = merge(kept, gone)
        services.remove_contact(contact=Contact.objects.get(), actor=None)
        assert undo(done).left["gone"] == 2  # of its place, and of its organization

    def test_it_is_undone_once(self):
        done = merge(*twice())
        undo(done)
        with pytest.raises(Refused) as refused:
            undo(done)
        assert refused.value.refusal == UNDONE

    def test_the_later_merge_is_undone_first(self):
        first, second = twice()
        third = BusinessFactory()
        early, late = merge(second, third), merge(first, Business.objects.get(pk=second.pk))
        assert Business.everything.get(pk=third.pk).merged_into == first
        with pytest.raises(Refused) as refused:
            undo(early)
        assert refused.value.refusal == MERGED_ON
        undo(late)
        assert Business.everything.get(pk=third.pk).merged_into == second
        undo(early)
        assert Business.objects.count() == 3


class TestInTheWay:
    def test_one_record(self):
        one, _other = twice()
        assert refusal(one, one) == rules.SAME

    def test_two_applications_under_way(self):
        kept, gone = vetting.submitted(), vetting.submitted()
        assert refusal(kept.sites.get(), gone.sites.get()) == of_vetting.TWO_RUN

    def test_two_drafts_of_one_person(self):
        kept, gone = twice()
        person = UserFactory(full_name="Ana Lopez")
        for each in (kept, gone):
            vetting.draft(business=each, owner=person)
        assert "Both have a draft by Ana Lopez" in str(refusal(kept, gone))

    def test_owners_of_their_own(self):
        kept, gone = twice()
        for each in (kept, gone):
            MembershipFactory(business=each, user=UserFactory())
        assert refusal(kept, gone) == rules.TWO_OWNERS

    def test_the_higher_standing_stays(self):
        prospect, partner = BusinessFactory(), BusinessFactory(standing="partner")
        assert refusal(prospect, partner).code == "weaker"
        merge(partner, prospect)

    def test_a_suspension_is_not_lost(self):
        partner, suspended = BusinessFactory(standing="partner"), BusinessFactory(standing="suspended")
        assert refusal(partner, suspended).code == "weaker"

    def test_two_approvals_are_one_partnership_with_both_letters(self):
        kept, gone = vetting.decided("approved"), vetting.decided("approved")
        Membership.objects.filter(organization=gone.organization).delete()
        merge(kept.sites.get(), gone.sites.get())
        assert kept.organization.applications.count() == 2
        assert Organization.objects.get().standing == "partner"

    def test_a_place_of_a_chain_stays_with_it(self):
        single, store = twice()
        BusinessFactory(organization=store.organization)
        assert refusal(single, store) == rules.OTHER_WAY
        merge(store, single)

    def test_two_chains_are_gathered_first(self):
        one, other = twice()
        for each in (one, other):
            BusinessFactory(organization=each.organization)
        assert refusal(one, other) == rules.SEVERAL
        services.gather_organization(kept=one.organization, gone=other.organization, actor=None)
        merge(one, Business.objects.get(pk=other.pk))
        assert one.organization.sites.count() == 3

    def test_what_was_merged_is_not_merged_again(self):
        kept, gone = twice()
        merge(kept, gone)
        with pytest.raises(Refused) as refused:
            merge(BusinessFactory(), gone)
        assert refused.value.refusal == rules.GONE

    def test_who_does_not_supervise_or_look_after_both_does_not_merge(self):
        kept, gone = twice()
        for who in (OfficerFactory(), UserFactory()):
            with pytest.raises(Refused):
                services.merge_businesses(kept=kept, gone=gone, actor=who)

    def test_nobody_claims_or_changes_what_was_merged_a_moment_ago(self):
        kept, gone = twice()
        same = BusinessFactory(organization=kept.organization)
        merge(kept, gone)
        merge(kept, same)
        for place in (gone, same):
            with pytest.raises(Refused) as refused:
                services.claim_business(business=place, user=UserFactory())
            assert refused.value.refusal == MERGED


class TestGathering:
    def test_places_people_and_applications_go_to_one_organization_and_back(self):
        one, other = (
            BusinessFactory(name="Sharp Cuts 1"),
            BusinessFactory(name="Sharp Cuts 2", site_number="1"),
        )
        Business.objects.filter(pk=one.pk).update(site_number="1")
        owner = UserFactory()
        MembershipFactory(business=other, user=owner)
        merging.draft(other)
        before = merging.tables()
        done = services.gather_organization(kept=one.organization, gone=other.organization, actor=None)
        assert list(one.organization.sites.all()) == [one, other]
        assert list(Business.objects.visible_to(owner)) == [other]
        assert merging.orphans() == []
        assert str(done) == "Sharp Cuts 2 → Sharp Cuts 1"
        undo(done)
        assert merging.tables() == before

    def test_the_number_of_statements_does_not_grow_with_what_moves(self):
        def gathered(n):
            one, other = BusinessFactory(), BusinessFactory()
            for _each in range(n):
                ContactFactory(business=BusinessFactory(organization=other.organization))
            with CaptureQueriesContext(connection) as asked:
                services.gather_organization(kept=one.organization, gone=other.organization, actor=None)
            return len(asked)

        gathered(1)
        assert gathered(20) == gathered(2)
