"""What a queue says waits for someone is what the guards let them do."""

import pytest
from django.urls import reverse

from core.access import Refused
from partnerships.vetting import guards, permissions, sentences, services
from partnerships.vetting.judgement import progress_of, still_to_name
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, sign_in
from tests.factories.businesses import AreaFactory, BeatFactory, BusinessFactory, DistrictAssignmentFactory

pytestmark = pytest.mark.django_db


def _apart(reviewers):
    """On the full track, with both reviews in and one criterion two points apart."""
    application = vetting.in_review(involves_youth=True, reviewers=reviewers)
    first, second = application.reviews.order_by("pk")
    vetting.score(first, 3)
    vetting.score(second, {**dict.fromkeys(vetting.CODES, 3), "values": 1})
    application.refresh_from_db()
    return application


def _agree(application, actor):
    criterion = application.criteria_version.criteria.get(code="values")
    services.reconcile(application=application, criterion=criterion, value=2, note="Talked.", actor=actor)


def _assisted(officer):
    application = vetting.assisted_draft(business=BusinessFactory(), officer=officer)
    application = services.submit_application(application=application, actor=officer)
    reviewer = OfficerFactory()
    review = services.assign_reviewer(application=application, reviewer=reviewer, actor=officer)
    services.declare_conflict(review=review, proceed=True, actor=reviewer)
    vetting.score(review)
    return application


def test_what_waits_for_a_supervisor_is_what_they_may_decide():
    supervisor, reviewers = SupervisorFactory(), [OfficerFactory(), OfficerFactory()]
    agreed = _apart([OfficerFactory(), OfficerFactory()])
    _agree(agreed, agreed.reviews.first().reviewer)
    ready = {vetting.reviewed().pk, agreed.pk, _assisted(OfficerFactory()).pk}
    _apart(reviewers)
    _assisted(supervisor)
    vetting.reviewed(reviewers=[supervisor])
    vetting.in_review()
    vetting.submitted()
    appealed = vetting.decided("declined", decider=supervisor)
    appealed = services.appeal_decision(application=appealed, text="Look again.", actor=appealed.applicant)
    reviewer = OfficerFactory()
    review = services.assign_reviewer(application=appealed, reviewer=reviewer, actor=reviewer)
    services.declare_conflict(review=review, proceed=True, actor=reviewer)
    review.refresh_from_db()
    vetting.score(review)
    waiting = set(Application.objects.waiting_for(supervisor).values_list("pk", flat=True))
    may = {
        each.pk
        for each in Application.objects.filter(status="in_review")
        if guards.may_decide(supervisor, each) is None
    }
    assert waiting == may == ready


def test_reviewers_who_lie_apart_have_to_agree_and_nobody_else():
    reviewers = [OfficerFactory(), OfficerFactory()]
    application = _apart(reviewers)
    for someone, theirs in ((reviewers[0], True), (reviewers[1], True), (SupervisorFactory(), False)):
        assert Application.objects.waiting_for(someone).filter(pk=application.pk).exists() is theirs
    listed = Application.objects.get(pk=application.pk)
    for each in (application, listed):
        assert sentences.waiting_for(each, reviewers[0]) == "The reviewers, who have to agree"
    _agree(application, reviewers[0])
    application.refresh_from_db()
    assert not Application.objects.waiting_for(reviewers[0]).exists()
    assert sentences.waiting_for(application, reviewers[0]) == "Supervisor’s decision"


def test_what_nobody_took_in_an_officers_district_is_theirs():
    beat = BeatFactory(parent=AreaFactory())
    officer, far = OfficerFactory(), OfficerFactory()
    DistrictAssignmentFactory(user=officer, area=beat.parent)
    application = vetting.submitted(business=BusinessFactory(area=beat))
    taken = vetting.in_review(business=BusinessFactory(area=beat))
    assert set(Application.objects.concerning(officer)) == {application}
    assert not Application.objects.concerning(far).exists()
    assert taken not in Application.objects.concerning(officer)


@pytest.mark.parametrize("track", ["", "basic", "full"])
@pytest.mark.parametrize("status", ["draft", "submitted", "action_needed", "in_review", "approved"])
def test_reviewers_are_still_to_be_named_while_the_guards_miss_them(status, track):
    application = vetting.at(status)
    application.track = track
    reviews = list(application.reviews.filter(round=application.round))
    missing = still_to_name(application, reviews)
    wanted = {"": 0, "basic": 1, "full": 2}[track]
    runs = status in ("submitted", "in_review")
    assert missing == (max(wanted - len(reviews), 0) if runs else 0)
    refusal = guards.may_start_review(None, application)
    if runs and track:
        assert (refusal is not None and refusal.code == "reviewers_missing") is bool(missing)
    assert progress_of(application).enough_named is (len(reviews) >= (wanted or 1))


@pytest.mark.parametrize(
    "status", ["draft", "submitted", "action_needed", "in_review", "appealed", "approved"]
)
def test_the_track_is_open_on_the_page_while_the_service_sets_it(client, status):
    application, supervisor = vetting.at(status), SupervisorFactory()
    shown = sign_in(client, supervisor).get(reverse("desk:application", args=[application.pk]))
    is_open = permissions.may_choose_track(application) is None
    assert is_open is (status in ("submitted", "appealed"))
    assert (reverse("desk:application_track", args=[application.pk]) in shown.content.decode()) is is_open
    if is_open:
        services.choose_track(application=application, track="full", actor=supervisor)
    else:
        with pytest.raises(Refused):
            services.choose_track(application=application, track="full", actor=supervisor)
