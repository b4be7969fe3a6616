"""Each guard of the table by the sentence it answers."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.utils import timezone

from core.access import Refused
from core.workflow import StaleMove
from partnerships.vetting import guards, services
from partnerships.vetting.letters import draft_letter
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def decide(application, actor, outcome="approved", **details):
    details = {"letter": "Welcome.", **details}
    return services.decide_application(application=application, outcome=outcome, actor=actor, **details)


def refusal(function, *args, **kwargs):
    with pytest.raises(Refused) as raised:
        function(*args, **kwargs)
    assert not isinstance(raised.value, StaleMove)
    return raised.value.refusal


# --- Sending


def test_an_unconfirmed_email_keeps_an_application_from_being_sent():
    application = vetting.draft()
    EmailAddress.objects.filter(user=application.applicant).update(verified=False)
    found = refusal(services.submit_application, application=application, actor=application.applicant)
    assert found.code == "email_unverified"


def test_what_is_missing_is_named_in_the_sentence():
    application = vetting.draft()
    services.save_step(
        application=application, actor=application.applicant, values={"hopes": ""}, answers={"values": " "}
    )
    found = refusal(services.submit_application, application=application, actor=application.applicant)
    assert "What you hope for" in str(found)
    assert "Alignment of values" in str(found)


def test_an_application_is_not_sent_without_the_declaration():
    application = vetting.draft()
    services.declare(
        application=application, actor=application.applicant, true=True, no_effect_on_response=False,
        records_may_be_public=True,
    )  # fmt: skip
    found = refusal(services.submit_application, application=application, actor=application.applicant)
    assert found.code == "not_declared"


def test_a_stranger_and_an_officer_cannot_send_an_owners_application():
    application = vetting.draft()
    for someone in (UserFactory(), OfficerFactory(), SupervisorFactory()):
        found = refusal(services.submit_application, application=application, actor=someone)
        assert found.code == "not_yours"


def test_staff_of_the_business_can_neither_send_nor_withdraw():
    application = vetting.draft()
    member = UserFactory()
    MembershipFactory(user=member, organization=application.organization, role="staff")
    assert refusal(services.submit_application, application=application, actor=member).code == "not_yours"
    assert refusal(services.withdraw_application, application=application, actor=member).code == "owners_only"


def test_an_organization_has_one_open_application():
    application = vetting.submitted()
    other = UserFactory()
    found = refusal(services.start_application, business=application.sites.get(), actor=other)
    assert found.code == "already_open"


def test_the_same_owner_gets_the_open_draft_back():
    application = vetting.draft()
    again = services.start_application(business=application.sites.get(), actor=application.applicant)
    assert again == application


def test_a_partner_does_not_apply_again():
    found = refusal(
        services.start_application, business=BusinessFactory(standing="partner"), actor=UserFactory()
    )
    assert found.code == "already_partner"


# --- The review starts


def test_the_review_starts_with_the_last_declaration_and_not_before():
    application = vetting.submitted(involves_youth=True)
    first, second = OfficerFactory(), OfficerFactory()
    reviews = [
        services.assign_reviewer(application=application, reviewer=each, actor=first)
        for each in (first, second)
    ]
    services.declare_conflict(review=reviews[0], proceed=True, actor=first)
    application.refresh_from_db()
    assert application.status == "submitted"
    services.declare_conflict(review=reviews[1], proceed=True, actor=second)
    application.refresh_from_db()
    assert application.status == "in_review"


def test_a_reviewer_who_refers_is_replaced():
    application = vetting.submitted()
    first, second = OfficerFactory(), OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=first, actor=first)
    services.declare_conflict(review=review, proceed=False, actor=first)
    application.refresh_from_db()
    assert guards.may_start_review(first, application).code == "reviewers_missing"
    again = services.assign_reviewer(application=application, reviewer=second, actor=first)
    services.declare_conflict(review=again, proceed=True, actor=second)
    application.refresh_from_db()
    assert application.status == "in_review"


def test_nobody_declares_for_another():
    application = vetting.submitted()
    officer = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=officer, actor=officer)
    found = refusal(services.declare_conflict, review=review, proceed=True, actor=OfficerFactory())
    assert found.code == "not_reviewer"


def test_a_member_or_viewer_is_never_a_reviewer():
    application = vetting.submitted()
    for someone in (UserFactory(), UserFactory(role="viewer")):
        found = refusal(
            services.assign_reviewer, application=application, reviewer=someone, actor=OfficerFactory()
        )
        assert found.code == "not_a_reviewer_role"


def test_a_track_has_as_many_reviewers_as_it_asks_for():
    application = vetting.in_review()
    found = refusal(
        services.assign_reviewer, application=application, reviewer=OfficerFactory(), actor=OfficerFactory()
    )
    assert found.code == "enough_reviewers"


def test_an_officer_raises_the_track_and_only_a_supervisor_goes_below_the_rule():
    application = vetting.submitted()
    raised = services.choose_track(application=application, track="full", actor=OfficerFactory())
    assert (raised.track, raised.track_reasons) == ("full", ["officer"])
    ruled = vetting.submitted(involves_youth=True)
    found = refusal(services.choose_track, application=ruled, track="basic", actor=OfficerFactory())
    assert found.code == "rule_says_full"
    lowered = services.choose_track(application=ruled, track="basic", actor=SupervisorFactory())
    assert lowered.track == "basic"


def test_the_track_is_fixed_once_the_review_began():
    found = refusal(
        services.choose_track, application=vetting.in_review(), track="full", actor=SupervisorFactory()
    )
    assert found.code == "track_fixed"


# --- Asking for changes


@pytest.mark.parametrize("lacking", ["reason", "fields", "message"])
def test_asking_needs_a_reason_fields_and_a_message(lacking):
    given = {"reason": "missing", "fields": ["hopes"], "message": "Please say more."}
    given[lacking] = [] if lacking == "fields" else ""
    found = refusal(services.request_action, application=vetting.in_review(), actor=OfficerFactory(), **given)
    assert found.code == "no_request"


def test_the_owner_changes_only_what_was_asked_for():
    application = vetting.action_needed(fields=["hopes"])
    owner = application.applicant
    services.save_step(application=application, actor=owner, values={"hopes": "More light."})
    found = refusal(services.save_step, application=application, actor=owner, values={"offers": "Money"})
    assert found.code == "not_asked"
    found = refusal(services.save_step, application=application, actor=owner, answers={"values": "x"})
    assert found.code == "not_asked"


def test_a_resubmission_goes_back_to_its_reviewers_who_look_again():
    application = vetting.in_review()
    review = vetting.score(application.reviews.get())
    services.request_action(
        application=application, reason="unclear", fields=["hopes"], message="How?", actor=review.reviewer
    )
    services.save_step(application=application, actor=application.applicant, values={"hopes": "Lights."})
    again = services.submit_application(application=application, actor=application.applicant)
    assert again.status == "in_review"
    review.refresh_from_db()
    assert review.submitted_at is None
    assert review.scores.count() == 4
    request = application.action_requests.get()
    assert (request.before["hopes"], request.after["hopes"]) == ("Advice on lighting.", "Lights.")


# --- Deciding


def test_officer_cannot_decide():
    assert refusal(decide, vetting.reviewed(), OfficerFactory()).code == "supervisors_only"


def test_nobody_decides_before_the_reviews_are_in():
    assert "0 of 1" in str(refusal(decide, vetting.in_review(), SupervisorFactory()))


def test_a_claim_that_is_not_verified_keeps_it_from_being_approved_but_not_from_being_declined():
    application = vetting.submitted()
    officer = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=officer, actor=officer)
    services.declare_conflict(review=review, proceed=True, actor=officer)
    vetting.score(review)
    assert refusal(decide, application, SupervisorFactory()).code == "claim_unverified"
    declined = decide(application, SupervisorFactory(), "declined", reason_codes=["not_authorized"])
    assert declined.status == "declined"


def test_supervisor_cannot_approve_while_a_criterion_is_unmet():
    application = vetting.reviewed(values={**dict.fromkeys(vetting.CODES, 4), "values": 1})
    found = refusal(decide, application, SupervisorFactory())
    assert found.code == "unmet_criteria"
    assert "Alignment of values" in str(found)


def test_a_total_below_the_threshold_is_not_approved():
    found = refusal(decide, vetting.reviewed(values=2), SupervisorFactory())
    assert found.code == "below_threshold"


def test_an_override_needs_a_written_reason_and_keeps_it():
    application = vetting.reviewed(values=2)
    assert refusal(decide, application, SupervisorFactory(), override_reason="  ").code == "below_threshold"
    decide(application, SupervisorFactory(), override_reason="New owner, seen twice, wants to learn.")
    assert application.decisions.get().override_reason == "New owner, seen twice, wants to learn."


def test_reviewers_two_points_apart_agree_before_a_decision():
    application = vetting.in_review(involves_youth=True)
    first, second = application.reviews.order_by("pk")
    vetting.score(first, 3)
    vetting.score(second, {**dict.fromkeys(vetting.CODES, 3), "community": 1})
    found = refusal(decide, application, SupervisorFactory())
    assert found.code == "unreconciled"
    assert "Commitment to community" in str(found)
    criterion = application.criteria_version.criteria.get(code="community")
    services.reconcile(
        application=application, criterion=criterion, value=2, note="We had missed the block party.",
        actor=first.reviewer,
    )  # fmt: skip
    assert decide(application, SupervisorFactory()).status == "approved"


def test_who_reviewed_does_not_decide():
    supervisor = SupervisorFactory()
    application = vetting.reviewed(reviewers=[supervisor])
    assert refusal(decide, application, supervisor).code == "decider_reviewed"


def test_who_filled_it_in_does_not_decide():
    supervisor = SupervisorFactory()
    application = vetting.assisted_draft(officer=supervisor)
    application = services.submit_application(application=application, actor=supervisor)
    officer = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=officer, actor=officer)
    services.declare_conflict(review=review, proceed=True, actor=officer)
    vetting.score(review)
    assert refusal(decide, application, supervisor).code == "decider_submitted"


def test_a_decline_needs_a_reason_and_a_letter():
    application = vetting.reviewed()
    supervisor = SupervisorFactory()
    assert refusal(decide, application, supervisor, "declined").code == "no_reason"
    found = refusal(decide, application, supervisor, "declined", reason_codes=["criteria"], letter=" ")
    assert found.code == "no_letter"


@pytest.mark.parametrize(
    ("outcome", "letter", "code"),
    [
        ("declined", "approved", "other_letter"),
        ("approved", "declined", "other_letter"),
        ("approved", "approved_with_conditions", "other_letter"),
        ("declined", "declined", "placeholder_left"),
    ],
)
def test_a_letter_is_that_of_its_outcome_and_written_to_the_end(outcome, letter, code):
    application = vetting.reviewed()
    found = refusal(
        decide,
        application,
        SupervisorFactory(),
        outcome,
        reason_codes=["criteria"],
        letter=draft_letter(application, letter).replace("\n", "\r\n"),
    )
    assert found.code == code


def test_conditions_need_words_and_dates():
    found = refusal(decide, vetting.reviewed(), SupervisorFactory(), "approved_with_conditions")
    assert found.code == "no_conditions"


def test_an_approval_makes_a_partner_for_24_months():
    application = vetting.decided("approved")
    application.organization.refresh_from_db()
    assert application.organization.standing == "partner"
    assert application.valid_until.year == timezone.localdate().year + 2


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_who_is_not_approved_is_a_prospect_again(status):
    application = vetting.at(status)
    application.organization.refresh_from_db()
    assert application.organization.standing == "prospect"


# --- Appeal


def test_a_decision_is_appealed_once():
    application = vetting.at("appealed")
    second = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=second, actor=second)
    services.declare_conflict(review=review, proceed=True, actor=second)
    vetting.score(review)
    decide(application, SupervisorFactory(), "declined", reason_codes=["criteria"])
    found = refusal(
        services.appeal_decision, application=application, actor=application.applicant, text="Again."
    )
    assert found.code == "already_appealed"


def test_an_appeal_ends_after_30_days():
    application = vetting.decided("declined")
    last = timezone.localtime(application.decided_at).replace(hour=23, minute=59) + timedelta(days=30)
    with time_machine.travel(last):
        assert guards.may_appeal(application.applicant, application) is None
    with time_machine.travel(last + timedelta(minutes=2)):
        assert guards.may_appeal(application.applicant, application).code == "appeal_late"


def test_an_appeal_goes_to_other_reviewers_and_another_decider():
    decider = SupervisorFactory()
    application = vetting.decided("declined", decider=decider)
    before = application.reviews.get().reviewer
    application = services.appeal_decision(
        application=application, actor=application.applicant, text="You missed our license."
    )
    for someone, code in ((before, "reviewed_before"), (decider, "decided_before")):
        found = refusal(
            services.assign_reviewer, application=application, reviewer=someone, actor=OfficerFactory()
        )
        assert found.code == code
    fresh = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=fresh, actor=fresh)
    services.declare_conflict(review=review, proceed=True, actor=fresh)
    vetting.score(review)
    assert refusal(decide, application, decider).code == "decider_decided"
    assert decide(application, SupervisorFactory()).status == "approved"
