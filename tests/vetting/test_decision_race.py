"""Two supervisors decide at the same moment: one wins, the other learns who."""

import threading

import pytest

from core.access import Refused
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from core.workflow import StaleMove
from partnerships.vetting import services
from partnerships.vetting.models import Application, Decision
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory, UserFactory
from tests.factories.businesses import BusinessFactory
from tests.gates import scale
from tests.racing import race


@pytest.mark.gate(15)
@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_one_wins_and_the_other_learns_who():
    deciders = [SupervisorFactory(full_name="Ann First"), SupervisorFactory(full_name="Bo Second")]
    for _round in range(scale(100)):
        application = vetting.reviewed()

        def decide(actor, outcome, application=application):
            return services.decide_application(
                application=application, outcome=outcome, letter="Our answer.", actor=actor,
                reason_codes=["criteria"] if outcome == "declined" else [],
            )  # fmt: skip

        results = race(
            [
                lambda decide=decide: decide(deciders[0], "approved"),
                lambda decide=decide: decide(deciders[1], "declined"),
            ]
        )
        lost = [each for each in results if isinstance(each, StaleMove)]
        assert len(lost) == 1, results
        decision = Decision.objects.get(application=application)
        assert decision.decided_by.display_name in str(lost[0])
        assert (
            OutgoingMail.objects.filter(
                dedupe_key__contains=f"decision:application-{application.pk}:"
            ).count()
            == 1
        )
        assert (
            AuditEntry.objects.filter(
                verb__in=["vetting.application_approve", "vetting.application_decline"],
                target_id=str(application.pk),
            ).count()
            == 1
        )


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_deciders_would_win():
    """The negative control: reading the state, waiting, then writing lets both through."""
    application = vetting.reviewed()
    read = threading.Barrier(2)
    wrote = []

    def careless(outcome):
        state = Application.objects.get(pk=application.pk).status
        read.wait()
        if state == "in_review":
            wrote.append(outcome)

    race([lambda: careless("approved"), lambda: careless("declined")])
    assert sorted(wrote) == ["approved", "declined"]


@pytest.mark.gate(14)
@pytest.mark.django_db(transaction=True)
def test_the_same_application_sent_by_many_at_once_is_sent_once():
    application = vetting.draft()
    owner = application.applicant
    results = race([lambda: services.submit_application(application=application, actor=owner)] * scale(60))
    assert sum(not isinstance(each, Exception) for each in results) == 1
    assert all(isinstance(each, StaleMove) for each in results if isinstance(each, Exception))
    assert OutgoingMail.objects.filter(dedupe_key__startswith="vetting.receipt:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_and_send_at_once_for_one_business_one_applies():
    vetting.first_version()
    business = BusinessFactory()
    people = UserFactory.create_batch(5)
    results = race(
        [lambda each=each: services.start_application(business=business, actor=each) for each in people]
    )
    assert len({each.pk for each in results}) == 5
    for each in results:
        vetting.fill(each, each.applicant)
    sent = race(
        [
            lambda each=each: services.submit_application(application=each, actor=each.applicant)
            for each in results
        ]
    )
    assert Application.objects.sent().count() == 1
    assert sorted(each.refusal.code for each in sent if isinstance(each, Refused)) == ["already_open"] * 4
