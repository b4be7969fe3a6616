"""The step that an application waits for, held against its definition over random histories."""

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from core.access import Refused, visible
from partnerships.businesses.cover import Desk, grounds
from partnerships.vetting import filters, guards, readers, sentences, services
from partnerships.vetting.choices import Step
from partnerships.vetting.judgement import hands_in
from partnerships.vetting.models import Application, Review
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BusinessFactory
from tests.gates import FULL
from tests.vetting import as_defined

pytestmark = pytest.mark.django_db


class History:
    """One application and what people do with it, each thing an hour after the last."""

    def __init__(self, begun="owner", *, full=True):
        self.officers = [OfficerFactory() for _ in range(3)]
        self.supervisors = [SupervisorFactory() for _ in range(3)]
        self.desk = self.officers + self.supervisors
        self.now = clock.now()
        self.steps = []
        if begun == "owner":
            self.application = vetting.draft(involves_youth=full)
            vetting.verified(self.application)
        else:
            officer = self.desk[0 if begun == "officer" else 3]
            self.application = vetting.assisted_draft(
                business=BusinessFactory(), officer=officer, involves_youth=full
            )
        self.owner = self.application.applicant or self.application.assisted_by
        self.look()

    def does(self, what, n=0):
        """One thing is tried; what the rules refuse changes nothing."""
        self.now += timedelta(hours=1)
        before = self.application.step
        try:
            with clock.at(self.now), transaction.atomic():
                getattr(self, what)(n)
        except Refused:
            return
        self.application = Application.objects.get(pk=self.application.pk)
        if self.application.step != before:
            assert self.application.step_since == self.now
        self.look()

    # --- What people do

    def onward(self, n):
        """Whatever comes next, as it usually goes."""
        verb = {
            Step.SEND: "submit",
            Step.ANSWER: "submit",
            Step.TAKE: "name",
            Step.SECOND: "name",
            Step.DECLARE: "declare",
            Step.REVIEW: "score",
            Step.AGREE: "agree",
            Step.DECIDE: "decide",
            Step.CLOSED: "appeal",
        }[Step(self.application.step)]
        getattr(self, verb)(n)

    def submit(self, n):
        services.submit_application(application=self.application, actor=self.owner)

    def name(self, n):
        services.assign_reviewer(
            application=self.application, reviewer=self.desk[n % len(self.desk)], actor=self.officers[0]
        )

    def _reviews(self, **given):
        return list(self.application.reviews.filter(round=self.application.round, **given))

    def declare(self, n):
        for review in self._reviews(conflict="")[:1]:
            services.declare_conflict(review=review, proceed=n != 3, actor=review.reviewer)

    def score(self, n):
        for review in self._reviews(conflict="proceed", submitted_at=None)[:1]:
            vetting.score(review, {**dict.fromkeys(vetting.CODES, 3), vetting.CODES[n % 2]: n % 4})

    def agree(self, n):
        for criterion in self.application.criteria_version.criteria.all():
            for review in self._reviews(conflict="proceed")[:1]:
                with suppress(Refused):
                    services.reconcile(
                        application=self.application, criterion=criterion, value=2, note="We talked.",
                        actor=review.reviewer,
                    )  # fmt: skip
                    return

    def ask(self, n):
        services.request_action(
            application=self.application, reason="missing", fields=["hopes", "offers"][: 1 + n % 2],
            message="Say more.", actor=self.officers[0],
        )  # fmt: skip

    def decide(self, n):
        services.decide_application(
            application=self.application,
            outcome="approved" if n == 3 else "declined",
            letter=vetting.LETTER,
            actor=self.supervisors[n % 3],
            reason_codes=[] if n == 3 else ["criteria"],
            override_reason="We know them well." if n == 3 else "",
        )

    def appeal(self, n):
        services.appeal_decision(application=self.application, actor=self.owner, text="Look again.")

    def withdraw(self, n):
        services.withdraw_application(application=self.application, actor=self.owner)

    def track(self, n):
        services.choose_track(
            application=self.application, track=("basic", "full")[n % 2], actor=self.supervisors[0]
        )

    # --- What has to hold

    def look(self):
        """Every reader of the column says what the definition says."""
        application = Application.objects.get(pk=self.application.pk)
        self.steps.append(Step(application.step))
        assert application.took_part == sorted(hands_in(application))
        for value, steps in filters.STEPS.items():
            narrowed = Application.objects.filter(step__in=steps)
            assert set(narrowed) == set(as_defined.by_waiting(value)), value
        now = Review.objects.filter(application=application, round=application.round)
        defined = now.exclude(conflict="refer").filter(pk__in=as_defined.all_in().values("pk"))
        assert application.all_in is defined.exists()
        for user in [*self.desk, self.owner]:
            assert sentences.waiting_for(application, user) == as_defined.words(application, user)
            assert set(Application.objects.waiting_for(user)) == set(as_defined.waiting_for(user))
        for user in (self.officers[1], self.supervisors[2]):
            assert set(visible(Review, user)) == set(as_defined.reviews_seen_by(user))
        for user in self.supervisors:
            may = application.status == "in_review" and guards.may_decide(user, application) is None
            defined_so = application.status == "in_review" and as_defined.may_decide(user, application)
            assert may is defined_so
            assert may is (application.step == Step.DECIDE and user.pk not in application.took_part)
        ground = grounds({application.organization_id})[application.organization_id]
        found = readers.tasks(application, Desk.today(), ground)
        people = {each.pk for each in self.desk}
        theirs = {each.person.pk: each.step for each in found if each.person.pk in people}
        named = {person: step for person, step in theirs.items() if step != Step.TAKE}
        assert named == as_defined.tasks(application, self.supervisors)
        wanting = any(each.step == Step.TAKE for each in found)
        assert wanting <= (application.step in (Step.TAKE, Step.SECOND))


STEPS_OF_A_LONG_WAY = [
    ("submit", 0), ("name", 0), ("track", 0), ("track", 1), ("declare", 3), ("name", 1), ("name", 3),
    ("declare", 0), ("declare", 0), ("score", 3), ("score", 0), ("agree", 0), ("ask", 1), ("submit", 0),
    ("score", 3), ("score", 3), ("decide", 0), ("decide", 1), ("appeal", 0), ("name", 2), ("name", 0),
    ("declare", 0), ("declare", 0), ("score", 2), ("score", 3), ("decide", 1), ("decide", 2),
]  # fmt: skip


def test_the_long_way_passes_every_step():
    history = History()
    for what, n in STEPS_OF_A_LONG_WAY:
        history.does(what, n)
    assert set(history.steps) == set(Step)
    turns = [after for before, after in pairwise([None, *history.steps]) if after != before]
    assert turns == [
        Step.SEND, Step.TAKE, Step.SECOND, Step.DECLARE, Step.SECOND, Step.TAKE, Step.SECOND, Step.DECLARE,
        Step.REVIEW, Step.AGREE, Step.DECIDE, Step.ANSWER, Step.REVIEW, Step.DECIDE, Step.CLOSED, Step.TAKE,
        Step.SECOND, Step.DECLARE, Step.REVIEW, Step.DECIDE, Step.CLOSED,
    ]  # fmt: skip


USUAL = st.tuples(st.just("onward"), st.integers(0, 5))
ANYTHING = st.tuples(
    st.sampled_from(["submit", "name", "declare", "score", "agree", "ask", "decide", "appeal", "track"]),
    st.integers(0, 5),
)


@settings(
    max_examples=60 if FULL else 6,
    phases=[Phase.generate],  # a shorter history takes minutes to find and says no more
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    begun=st.sampled_from(["owner", "officer", "supervisor"]),
    full=st.booleans(),
    doings=st.lists(st.one_of(USUAL, USUAL, USUAL, ANYTHING), min_size=6, max_size=14),
    leaves=st.booleans(),
)
def test_over_any_history_the_step_is_what_it_is_defined_to_be(begun, full, doings, leaves):
    with transaction.atomic():
        history = History(begun, full=full)
        for what, n in doings + ([("withdraw", 0)] if leaves else []):
            history.does(what, n)
        transaction.set_rollback(True)
