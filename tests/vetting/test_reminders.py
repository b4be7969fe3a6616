"""Reminders around applications: who gets them at which local hour, and that they stop once it is settled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from core.access import visible
from core.mail.models import OutgoingMail, Reminder
from core.mail.outbox.sending import drain
from partnerships.businesses.models import Claim, Membership, Organization
from partnerships.businesses.services import claim_business, refuse_claim, remove_membership, set_standing
from partnerships.vetting import guards, services
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory
from tests.factories.businesses import (
    AreaFactory,
    BeatFactory,
    BusinessFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.reminders import due, found_by, local, mail_to, rules_hold

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)


def day(count, hour=8, minute=0):
    """A moment so many days after the Monday on which it all begins."""
    return local(MONDAY + timedelta(days=count), hour, minute)


def after(moment, *days):
    """Eight o'clock so many days after the local day of a moment or date."""
    first = moment if isinstance(moment, date) else moment.date()
    return [local(first + timedelta(days=each)) for each in days]


@pytest.fixture
def lead():
    return OfficerFactory(full_name="Dana Reyes", phone="(312) 555-0142")


@pytest.fixture
def shop(lead):
    """A place of business with a lead officer."""
    found = BusinessFactory(name="Lakeside Bakery", area=BeatFactory())
    Organization.objects.filter(pk=found.organization_id).update(lead_officer=lead)
    found.organization.refresh_from_db()
    return found


def begun(made, moment=None, **given):
    with clock.at(moment or day(0, 10)):
        return made(**given)


class TestDrafts:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("draft-unsent")

    def test_the_writer_is_reminded_three_days_after_the_last_change_and_twice_again(self, shop):
        application = begun(vetting.draft, business=shop)
        owner = application.applicant.email
        assert due(day(3, 7, 59)) == []
        assert due(day(3)) == [("draft-unsent", owner)]
        mail = mail_to(owner, "vetting/draft_reminder")
        assert mail.category == "reminder"
        assert mail.subject == "Your application is not sent yet"
        for words in ("Lakeside Bakery", "November 2, 2026", "Officer Dana Reyes, phone (312) 555-0142"):
            assert words in mail.text
            assert words in mail.html
        assert reverse("portal:application_status", args=[application.pk]) in mail.text
        assert [len(due(day(each))) for each in (4, 9, 10, 17, 24, 31)] == [0, 0, 1, 1, 0, 0]

    def test_who_goes_on_writing_is_reminded_of_the_later_day_only(self, shop):
        application = begun(vetting.draft, business=shop)
        with clock.at(day(2, 20)):
            services.save_step(
                application=application, actor=application.applicant, answers={"values": "More."}
            )
        assert due(day(3)) == []
        assert due(day(5)) == [("draft-unsent", application.applicant.email)]

    def test_what_was_sent_or_withdrawn_before_the_mail_left_is_not_sent(self, shop):
        application = begun(vetting.draft, business=shop)
        due(day(3))
        with clock.at(day(3, 8, 20)):
            services.submit_application(application=application, actor=application.applicant)
            drain()
        assert mail_to(application.applicant.email, "vetting/draft_reminder").status == "cancelled"
        assert Reminder.objects.get().dropped == "unwanted"

    def test_a_draft_that_could_not_be_sent_reminds_nobody(self, shop):
        refused = begun(vetting.draft)
        claim = Claim.objects.get(user=refused.applicant)
        refuse_claim(claim=claim, actor=OfficerFactory(), reason="No.")
        overtaken = begun(vetting.draft, business=shop)
        begun(vetting.submitted, business=shop)
        owned = begun(vetting.draft)
        MembershipFactory(user=UserFactory(), business=owned.sites.get())
        partner = begun(vetting.draft)
        for standing in ("applicant", "partner"):
            set_standing(organization=partner.organization, standing=standing, actor=None)
        gone = begun(vetting.draft)
        gone.applicant.is_active = False
        gone.applicant.save()
        left = vetting.verified(begun(vetting.draft))
        Membership.objects.filter(user=left.applicant).delete()  # they don't see it any more
        begun(vetting.assisted_draft)
        assert due(day(3)) == []
        free = begun(vetting.draft, day(3, 9))
        assert due(day(6)) == [("draft-unsent", free.applicant.email)]
        assert overtaken.status == "draft"

    def test_the_set_of_drafts_that_can_be_sent_is_what_the_guard_says(self, shop):
        begun(vetting.draft, business=shop)
        begun(vetting.submitted, business=shop)
        verified, free = vetting.verified(begun(vetting.draft)), begun(vetting.draft)
        refused, again = begun(vetting.draft), begun(vetting.draft)
        for each in (refused, again):
            claim = Claim.objects.get(user=each.applicant)
            refuse_claim(claim=claim, actor=OfficerFactory(), reason="No.")
        claim_business(business=again.sites.get(), user=again.applicant)
        owned = begun(vetting.draft)
        MembershipFactory(user=UserFactory(), business=owned.sites.get())
        drafts = Application.objects.filter(status="draft")
        may = {each.pk for each in drafts if guards.may_submit(each.applicant, each) is None}
        found = {each.pk for each in Application.objects.sendable_drafts()}
        assert found == may == {verified.pk, free.pk, again.pk}


class TestQuestions:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("action-unanswered")

    def test_the_applicant_is_reminded_after_three_days_and_weekly_three_times(self, shop):
        application = begun(vetting.action_needed, business=shop)
        owner = application.applicant.email
        MembershipFactory(user=UserFactory(), business=shop)
        assert due(day(2)) == []
        assert due(day(3, 7, 59)) == []
        assert due(day(3)) == [("action-unanswered", owner)]
        mail = mail_to(owner, "vetting/action_reminder")
        for words in (
            "Lakeside Bakery",
            "November 2, 2026",
            "A phone number we can reach you at",
            "Please tell us a little more.",
            "Officer Dana Reyes, phone (312) 555-0142",
            reverse("portal:application_answer", args=[application.pk]),
        ):
            assert words in mail.text
            assert words in mail.html
        weeks = (10, 17, 24, 31, 38)
        assert [len(due(day(each))) for each in weeks] == [1, 1, 1, 0, 0]

    def test_nobody_is_reminded_of_an_answer_that_was_given(self, shop):
        application = begun(vetting.action_needed, business=shop)
        with clock.at(day(1)):
            services.submit_application(application=application, actor=application.applicant)
        assert due(day(3)) == []

    def test_when_the_applicant_has_left_the_other_owners_are_reminded(self, shop):
        application = begun(vetting.action_needed, business=shop)
        other = UserFactory()
        MembershipFactory(user=other, business=shop)
        remove_membership(membership=Membership.objects.get(user=application.applicant), actor=None)
        assert due(day(3)) == [("action-unanswered", other.email)]

    def test_for_an_owner_without_an_address_the_lead_officer_is_told_to_call(self, shop, lead):
        application = begun(vetting.assisted_draft, business=shop, officer=lead)
        with clock.at(day(0, 11)):
            services.submit_application(application=application, actor=lead)
            reviewer = OfficerFactory()
            review = services.assign_reviewer(application=application, reviewer=reviewer, actor=lead)
            services.declare_conflict(review=review, proceed=True, actor=reviewer)
            application.refresh_from_db()
            services.request_action(
                application=application, reason="missing", fields=["offers"], message="What?", actor=reviewer
            )
        assert due(day(3)) == [("action-unanswered", lead.email)]
        mail = mail_to(lead.email, "vetting/action_reminder")
        call = "The owner has no email address. Please call Alex Moreno, phone (312) 555-0134, and tell them:"
        assert call in mail.text
        assert call in mail.html
        assert reverse("desk:application", args=[application.pk]) in mail.text


class TestPromises:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("promise-near", "promise-overdue")

    def test_a_reviewer_is_reminded_before_the_day_and_after_it_while_their_review_is_open(self, shop):
        reviewer = OfficerFactory()
        application = begun(vetting.in_review, business=shop, reviewers=[reviewer])
        near, late = ("promise-near", reviewer.email), ("promise-overdue", reviewer.email)
        days = after(application.promised_on, -3, -2, 0, 1, 2, 3, 5, 7, 9, 11, 13)
        seen = [due(each) for each in days]
        assert seen == [[], [near], [], [late], [], [late], [late], [late], [late], [late], []]
        first = OutgoingMail.objects.filter(template="vetting/promise").earliest("pk")
        last = mail_to(reviewer.email, "vetting/promise")
        promised = f"{application.promised_on:%B} {application.promised_on.day}, 2026"
        assert first.subject == f"Due by {promised}: Lakeside Bakery"
        assert last.subject == "Overdue: Lakeside Bakery"
        for mail in (first, last):
            for words in (
                promised,
                application.reference,
                "Your review is not in yet.",
                "Officer Dana Reyes",
            ):
                assert words in mail.text
                assert words in mail.html
            assert reverse("desk:application", args=[application.pk]) in mail.text
        assert "That day has passed." in last.text
        assert "That day has passed." not in first.text

    def test_a_promise_of_a_friday_is_not_called_overdue_before_the_desk_does(self, shop):
        reviewer = OfficerFactory()
        application = begun(vetting.in_review, business=shop, reviewers=[reviewer])
        friday = application.promised_on + timedelta(days=4 - application.promised_on.weekday())
        Application.objects.update(promised_on=friday)
        for moment, subject in zip(
            after(friday, 1, 3),
            (f"Due by {friday:%B} {friday.day}, 2026: Lakeside Bakery", "Overdue: Lakeside Bakery"),
            strict=True,
        ):
            assert due(moment) == [("promise-overdue", reviewer.email)]
            assert mail_to(reviewer.email, "vetting/promise").subject == subject
            with clock.at(moment):
                late = Application.objects.late(clock.today()).exists()
            assert late == subject.startswith("Overdue")

    def test_once_the_review_is_in_the_reviewer_is_left_alone(self, shop):
        supervisor = SupervisorFactory()
        application = begun(vetting.in_review, business=shop)
        with clock.at(day(4)):
            vetting.score(application.reviews.get())
        assert due(after(application.promised_on, -2)[0]) == [("promise-near", supervisor.email)]
        mail = mail_to(supervisor.email, "vetting/promise")
        assert "All reviews are in. It waits for a supervisor’s decision." in mail.text
        for score in ("3.00", "Seen on the visit", "weighted"):
            assert score not in mail.text + mail.html

    def test_a_decision_before_the_mail_left_takes_it_back(self, shop):
        supervisor = SupervisorFactory()
        application = begun(vetting.reviewed, business=shop)
        moment = after(application.promised_on, -2)[0]
        assert due(moment) == [("promise-near", supervisor.email)]
        with clock.at(moment + timedelta(minutes=5)):
            services.decide_application(
                application=application, outcome="approved", letter=vetting.LETTER, actor=supervisor
            )
            drain()
        assert mail_to(supervisor.email, "vetting/promise").status == "cancelled"

    def test_while_nobody_took_it_the_lead_officer_is_reminded(self, shop, lead):
        SupervisorFactory()
        application = begun(vetting.submitted, business=shop)
        assert due(after(application.promised_on, -2)[0]) == [("promise-near", lead.email)]
        words = "A reviewer is missing. Take it yourself or name someone."
        assert words in mail_to(lead.email, "vetting/promise").text

    @pytest.mark.parametrize("change", [{"is_active": False}, {"role": "viewer"}, {"role": "member"}])
    def test_an_officer_who_left_gets_nothing_and_the_supervisor_of_the_area_does(self, shop, lead, change):
        near, far, city = SupervisorFactory(), SupervisorFactory(), SupervisorFactory()
        DistrictAssignmentFactory(user=near, area=shop.area.parent)
        DistrictAssignmentFactory(user=far, area=AreaFactory())
        for name, value in change.items():
            setattr(lead, name, value)
        lead.save()
        application = begun(vetting.submitted, business=shop)
        assert due(after(application.promised_on, -2)[0]) == [("promise-near", near.email)]
        assert not Reminder.objects.filter(to__in=[far.email, city.email, lead.email]).exists()

    def test_without_a_supervisor_of_the_area_those_of_the_whole_city_are_told(self, shop, lead):
        Organization.objects.filter(pk=shop.organization_id).update(lead_officer=None)
        far, city = SupervisorFactory(), SupervisorFactory()
        DistrictAssignmentFactory(user=far, area=AreaFactory())
        application = begun(vetting.submitted, business=shop)
        assert due(after(application.promised_on, -2)[0]) == [("promise-near", city.email)]

    def test_a_reviewer_named_after_the_reminder_fell_due_waits_for_the_next(self, shop, lead):
        application = vetting.verified(begun(vetting.submitted, business=shop))
        before, later = after(application.promised_on, -2, 1)
        officer = OfficerFactory()
        with clock.at(before + timedelta(hours=1)):
            services.assign_reviewer(application=application, reviewer=officer, actor=lead)
        assert due(before + timedelta(hours=2)) == []
        assert due(later) == [("promise-overdue", officer.email)]
        words = "Your declaration of conflicts is missing."
        assert words in mail_to(officer.email, "vetting/promise").text

    def test_a_promise_that_moved_reminds_of_the_new_day(self, shop):
        reviewer = OfficerFactory()
        application = begun(vetting.in_review, business=shop, reviewers=[reviewer])
        old = application.promised_on
        with clock.at(day(3)):
            services.request_action(
                application=application, reason="missing", fields=["offers"], message="What?", actor=reviewer
            )
        assert due(after(old, -2)[0]) == []
        with clock.at(after(old, 3)[0]):
            services.submit_application(application=application, actor=application.applicant)
        application.refresh_from_db()
        assert application.promised_on > old
        assert due(after(application.promised_on, -2)[0]) == [("promise-near", reviewer.email)]

    def test_the_people_reminded_are_those_it_waits_for_among_those_who_see_it(self, shop):
        officers, supervisors = [OfficerFactory() for _ in range(3)], [SupervisorFactory() for _ in range(3)]
        DistrictAssignmentFactory(user=supervisors[0], area=shop.area.parent)
        DistrictAssignmentFactory(user=supervisors[1], area=AreaFactory())
        begun(vetting.in_review, business=shop, reviewers=officers[:1])
        begun(vetting.reviewed, business=BusinessFactory(area=shop.area))
        begun(vetting.reviewed, business=BusinessFactory(area=BeatFactory()), reviewers=[supervisors[1]])
        begun(vetting.reviewed, reviewers=[supervisors[2]])
        apart = begun(vetting.in_review, involves_youth=True, reviewers=officers[1:])
        first, second = apart.reviews.order_by("pk")
        vetting.score(first, 3)
        vetting.score(second, {**dict.fromkeys(vetting.CODES, 3), "values": 1})
        decider = SupervisorFactory()
        declined = begun(vetting.decided, outcome="declined", decider=decider, business=BusinessFactory())
        appealed = services.appeal_decision(application=declined, text="Again.", actor=declined.applicant)
        review = services.assign_reviewer(application=appealed, reviewer=OfficerFactory(), actor=decider)
        services.declare_conflict(review=review, proceed=True, actor=review.reviewer)
        review.refresh_from_db()
        vetting.score(review)
        rows, _queries = found_by("vetting.promise")
        told = {(each.recipient, each.subject_id) for each in rows}
        desk: set[Any] = {*officers, *supervisors, decider, review.reviewer}
        desk |= {each.reviewer for a in Application.objects.all() for each in a.reviews.all()}
        waiting = {
            (f"user-{person.pk}", pk)
            for person in desk
            for pk in visible(Application, person)
            .filter(pk__in=Application.objects.waiting_for(person).values("pk"))
            .values_list("pk", flat=True)
        }
        assert told == waiting
        assert len(told) > 8


class TestApprovals:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("approval-60-days", "approval-30-days", "approval-7-days", "approval-last-day")

    @pytest.fixture
    def partner(self, shop):
        return begun(vetting.decided, business=shop)

    def test_owners_hear_of_the_end_60_30_and_7_days_before_and_on_the_day(self, shop, partner):
        other = UserFactory()
        MembershipFactory(user=other, business=shop)
        MembershipFactory(user=UserFactory(), business=shop, role="staff")
        people = sorted([partner.applicant.email, other.email])
        days = after(partner.valid_until, -61, -60, -30, -8, -7, 0, 1)
        heard = [due(each) for each in days]
        keys = [
            None,
            "approval-60-days",
            "approval-30-days",
            None,
            "approval-7-days",
            "approval-last-day",
            None,
        ]
        assert heard == [[(key, each) for each in people] if key else [] for key in keys]
        mail = mail_to(other.email, "vetting/approval_expiring")
        until = f"{partner.valid_until:%B} {partner.valid_until.day}, {partner.valid_until.year}"
        assert mail.subject == f"Partner until {until}: please get in touch"
        for words in (until, "Lakeside Bakery", "Officer Dana Reyes, phone (312) 555-0142"):
            assert words in mail.text
            assert words in mail.html

    def test_without_owners_who_can_be_reached_the_applicants_address_is_written_to(self, shop, lead):
        application = begun(vetting.assisted_draft, business=shop, officer=lead)
        Application.objects.filter(pk=application.pk).update(contact_email="alex@shop.example")
        approved(application, lead)
        application.refresh_from_db()
        assert due(after(application.valid_until, -30)[0]) == [("approval-30-days", "alex@shop.example")]

    def test_of_a_partner_without_any_address_the_lead_officer_is_told(self, shop, lead):
        application = begun(vetting.assisted_draft, business=shop, officer=lead)
        approved(application, lead)
        application.refresh_from_db()
        assert due(after(application.valid_until, -30)[0]) == [("approval-30-days", lead.email)]
        assert "Please call Alex Moreno" in mail_to(lead.email, "vetting/approval_expiring").text

    @pytest.mark.parametrize("standing", ["ended", "lapsed", "suspended"])
    def test_who_is_no_partner_any_more_hears_nothing(self, partner, standing):
        set_standing(organization=partner.organization, standing=standing, actor=None)
        assert due(after(partner.valid_until, -30)[0]) == []

    def test_of_two_approvals_only_the_later_counts_and_a_new_application_silences_it(self, shop, partner):
        set_standing(organization=partner.organization, standing="lapsed", actor=None)
        shop.organization.refresh_from_db()
        with clock.at(local(partner.valid_until - timedelta(days=100))):
            again = vetting.draft(business=shop, owner=partner.applicant)
            again = services.submit_application(application=again, actor=partner.applicant)
            assert due(after(partner.valid_until, -60)[0]) == []
            officer = OfficerFactory()
            review = services.assign_reviewer(application=again, reviewer=officer, actor=None)
            services.declare_conflict(review=review, proceed=True, actor=officer)
            review.refresh_from_db()
            vetting.score(review)
            services.decide_application(
                application=again, outcome="approved", letter=vetting.LETTER, actor=SupervisorFactory()
            )
        again.refresh_from_db()
        assert due(after(partner.valid_until, -30)[0]) == []
        assert due(after(again.valid_until, -30)[0]) == [("approval-30-days", partner.applicant.email)]


def approved(application, officer):
    """Sent by the officer who filled it in, reviewed and approved."""
    with clock.at(day(0, 11)):
        services.submit_application(application=application, actor=officer)
        reviewer = OfficerFactory()
        review = services.assign_reviewer(application=application, reviewer=reviewer, actor=officer)
        services.declare_conflict(review=review, proceed=True, actor=reviewer)
        review.refresh_from_db()
        vetting.score(review)
        application.refresh_from_db()
        services.decide_application(
            application=application, outcome="approved", letter=vetting.LETTER, actor=SupervisorFactory()
        )


class TestConditions:
    @pytest.fixture(autouse=True)
    def rule(self):
        rules_hold("condition-week-before", "condition-due", "condition-overdue")

    @pytest.fixture
    def partner(self, shop):
        return begun(vetting.decided, outcome="approved_with_conditions", business=shop)

    def test_owners_are_reminded_a_week_before_and_on_the_day_the_officer_a_day_after(self, partner, lead):
        (condition,) = partner.conditions.all()
        owner = partner.applicant.email
        days = after(condition.due_on, -8, -7, 0, 1, 2)
        assert [due(each) for each in days] == [
            [],
            [("condition-week-before", owner)],
            [("condition-due", owner)],
            [("condition-overdue", lead.email)],
            [],
        ]
        on = f"{condition.due_on:%B} {condition.due_on.day}, {condition.due_on.year}"
        theirs, ours = (
            mail_to(owner, "vetting/condition_due"),
            mail_to(lead.email, "vetting/condition_overdue"),
        )
        for mail in (theirs, ours):
            for words in ("Renew the license", "Lakeside Bakery", on):
                assert words in mail.text
                assert words in mail.html
        assert "Officer Dana Reyes, phone (312) 555-0142" in theirs.text
        assert "The lead officer is" not in ours.text

    def test_a_condition_that_is_met_reminds_nobody(self, partner, lead):
        (condition,) = partner.conditions.all()
        services.meet_condition(condition=condition, actor=lead)
        assert [due(each) for each in after(condition.due_on, -7, 0, 1)] == [[], [], []]

    def test_a_condition_agreed_on_within_the_week_is_not_reminded_of_at_once(self, shop):
        application = begun(vetting.reviewed, business=shop)
        with clock.at(day(1, 15)):
            services.decide_application(
                application=application,
                outcome="approved_with_conditions",
                letter=vetting.LETTER,
                conditions=[("Post the closing list", MONDAY + timedelta(days=7))],
                actor=SupervisorFactory(),
            )
        assert due(day(1, 16)) == []
        assert due(day(7)) == [("condition-due", application.applicant.email)]

    def test_a_day_that_was_moved_is_the_one_that_counts(self, partner):
        (condition,) = partner.conditions.all()
        old = condition.due_on
        condition.due_on = old + timedelta(days=30)
        condition.save()
        assert due(after(old, -7)[0]) == []
        assert due(after(condition.due_on, -7)[0]) == [("condition-week-before", partner.applicant.email)]
