"""Applications at every stage, reached by the same services that people use."""

from collections.abc import Callable
from typing import Any

from partnerships.businesses.services import verify_claim
from partnerships.vetting import services
from partnerships.vetting.first_criteria import CRITERIA, VERSION
from partnerships.vetting.models import Application, CriteriaVersion, Review, SelectionCriterion
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory
from tests.factories.businesses import BusinessFactory

CODES = tuple(each["code"] for each in CRITERIA)
LETTER = "Thank you for applying. We look forward to working with you."


def first_version() -> CriteriaVersion:
    """Criteria version 1; made anew where a test that commits emptied the tables."""
    version = CriteriaVersion.objects.filter(number=1).first()
    if version is None:
        version = CriteriaVersion.objects.create(**VERSION)
        for position, words in enumerate(CRITERIA):
            SelectionCriterion.objects.create(version=version, position=position, **words)
        CriteriaVersion.objects.filter(pk=version.pk).update(status="published")
        version.refresh_from_db()
    return version


def answers() -> dict[str, str]:
    """Something said on every criterion."""
    return {code: f"What we do about {code}." for code in CODES}


def fill(application: Application, actor: Any, **values: Any) -> Application:
    """Fill in every required part, declared and ready to send."""
    profile = {
        "contact_name": "Alex Moreno",
        "contact_role": "Owner",
        "contact_phone": "(312) 555-0134",
        "hopes": "Advice on lighting.",
        "offers": "A room for 30 people.",
        **values,
    }
    services.save_step(application=application, actor=actor, values=profile, answers=answers())
    return services.declare(
        application=application,
        actor=actor,
        true=True,
        no_effect_on_response=True,
        records_may_be_public=True,
        confirmed_name="" if application.applicant_id else "Alex Moreno",
    )


def draft(*, business: Any = None, owner: Any = None, **values: Any) -> Application:
    """A filled-in draft of an owner with a claim that is not verified yet."""
    first_version()
    owner = owner or UserFactory()
    application = services.start_application(business=business or BusinessFactory(), actor=owner)
    return fill(application, owner, **values)


def assisted_draft(*, business: Any = None, officer: Any = None, **values: Any) -> Application:
    """A draft that an officer filled in; the owner has no email and confirmed with their name."""
    first_version()
    officer = officer or OfficerFactory()
    application = services.assist_application(business=business or BusinessFactory(), actor=officer)
    return fill(application, officer, **values)


def submitted(**given: Any) -> Application:
    """Sent by its owner."""
    application = draft(**given)
    return services.submit_application(application=application, actor=application.applicant)


def verified(application: Application) -> Application:
    """With the owner's claim verified."""
    for claim in application.applicant.claims.filter(status="claimed"):
        verify_claim(claim=claim, actor=None)
    return application


def in_review(*, reviewers: Any = None, **given: Any) -> Application:
    """In review, with reviewers who declared no conflict and a verified claim."""
    application = verified(submitted(**given))
    wanted = application.criteria_version.reviewers_for(application.track)
    for reviewer in reviewers or [OfficerFactory() for _ in range(wanted)]:
        review = services.assign_reviewer(application=application, reviewer=reviewer, actor=None)
        services.declare_conflict(review=review, proceed=True, actor=reviewer)
    application.refresh_from_db()
    return application


def score(review: Review, values: Any = 3, note: str = "Seen on the visit.") -> Review:
    """Hand in a review; `values` is one score for all criteria or a mapping by code."""
    for criterion in review.application.criteria_version.criteria.all():
        value = values[criterion.code] if isinstance(values, dict) else values
        services.save_score(review=review, criterion=criterion, actor=review.reviewer, value=value, note=note)
    return services.submit_review(review=review, actor=review.reviewer)


def reviewed(*, values: Any = 3, **given: Any) -> Application:
    """In review with every review in, ready for a decision."""
    application = in_review(**given)
    for review in application.reviews.filter(round=application.round).active():
        score(review, values)
    application.refresh_from_db()
    return application


def decided(
    outcome: str = "approved", *, decider: Any = None, letter: str = LETTER, **given: Any
) -> Application:
    """Decided by a supervisor."""
    from datetime import timedelta

    from core import clock

    application = reviewed(**given)
    details: dict[str, Any] = {}
    if outcome == "declined":
        details["reason_codes"] = ["criteria"]
    if outcome == "approved_with_conditions":
        details["conditions"] = [("Renew the license", clock.today() + timedelta(days=60))]
    return services.decide_application(
        application=application,
        outcome=outcome,
        letter=letter,
        actor=decider or SupervisorFactory(),
        **details,
    )


def action_needed(fields: Any = ("contact_phone", "offers"), **given: Any) -> Application:
    """Sent back to its owner."""
    application = in_review(**given)
    return services.request_action(
        application=application,
        reason="missing",
        fields=list(fields),
        message="Please tell us a little more.",
        actor=application.reviews.order_by("pk")[0].reviewer,
    )


def at(status: str) -> Application:
    """An application in the given status."""
    if status == "withdrawn":
        application = submitted()
        return services.withdraw_application(application=application, actor=application.applicant)
    if status == "appealed":
        application = decided("declined")
        return services.appeal_decision(
            application=application, actor=application.applicant, text="You missed our license."
        )
    made: dict[str, Callable[[], Application]] = {
        "draft": draft,
        "submitted": submitted,
        "in_review": in_review,
        "action_needed": action_needed,
    }
    return made[status]() if status in made else decided(status)
