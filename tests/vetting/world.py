"""This room's part of the worlds that tests walk through."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from core import clock
from partnerships.vetting import services
from partnerships.vetting.models import Application, Review
from tests.access.refusals import Call
from tests.access.samples import Row, Sample, pk
from tests.factories import vetting as applications
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BusinessFactory
from tests.factories.files import png


def _place(side: Any) -> dict[str, Any]:
    """Whose and where an application of this side is."""
    return {"business": BusinessFactory(area=side.area), "owner": side.owner}


def _criterion(application: Any) -> Any:
    return application.criteria_version.criteria.order_by("position").first()


def _undeclared(side: Any) -> Any:
    application = applications.submitted(**_place(side))
    return services.assign_reviewer(application=application, reviewer=side.officer, actor=None)


def _mine(side: Any) -> Any:
    """The officer's own review, declared and not scored yet."""
    return side.in_review.reviews.get(reviewer=side.officer)


def _scored(side: Any) -> Any:
    review = applications.in_review(reviewers=[side.officer], **_place(side)).reviews.get()
    for criterion in review.application.criteria_version.criteria.all():
        services.save_score(review=review, criterion=criterion, actor=side.officer, value=3, note="Seen.")
    return review


def _apart(side: Any) -> Any:
    """A full-track application whose two reviewers do not agree."""
    other = OfficerFactory()
    application = applications.in_review(involves_youth=True, reviewers=[side.officer, other], **_place(side))
    for review in application.reviews.all():
        applications.score(review, 4 if review.reviewer_id == other.pk else 1)
    return application


def _waive_another(side: Any) -> None:
    """A second condition of the approval, which is not asked for any more: its reason is read at the desk."""
    other = side.conditional.conditions.get()
    other.pk, other.text = None, "Show the insurance"
    other.save()
    services.waive_condition(condition=other, actor=side.officer, reason="The city insures the street fair.")


def fill(side: SimpleNamespace) -> None:
    """An application of the owner at every stage, and those that the officer writes for others."""
    side.draft = applications.draft(**_place(side))
    side.evidence = _license(side.draft, side.owner)
    side.assisted = _assisted(side)
    side.assisted_evidence = _license(side.assisted, side.officer)
    side.submitted = applications.submitted(**_place(side))
    side.in_review = applications.in_review(reviewers=[side.officer], **_place(side))
    side.reviewed = applications.reviewed(**_place(side))
    side.action_needed = applications.action_needed(**_place(side))
    side.conditional = applications.decided("approved_with_conditions", **_place(side))
    side.condition = side.conditional.conditions.first()
    _waive_another(side)
    side.assisted_action_needed = services.request_action(
        application=_assisted_in_review(side),
        reason="missing",
        fields=["contact_phone"],
        message="Please tell us a little more.",
        actor=side.officer,
    )
    side.assisted_declined = _assisted_in_review(side)
    for review in side.assisted_declined.reviews.active():
        applications.score(review)
    side.assisted_declined = services.decide_application(
        application=side.assisted_declined,
        outcome="declined",
        letter=applications.LETTER,
        reason_codes=["criteria"],
        actor=SupervisorFactory(),
    )
    side.declined = applications.decided("declined", **_place(side))


def _license(application: Application, actor: Any) -> Any:
    return services.add_evidence_file(
        application=application,
        criterion=_criterion(application),
        name="license.png",
        upload=io.BytesIO(png()),
        actor=actor,
    )


def _assisted(side: SimpleNamespace) -> Application:
    return applications.assisted_draft(business=BusinessFactory(area=side.area), officer=side.officer)


def _assisted_in_review(side: SimpleNamespace) -> Application:
    application = services.submit_application(application=_assisted(side), actor=side.officer)
    for _each in range(application.criteria_version.reviewers_for(application.track)):
        reviewer = OfficerFactory()
        review = services.assign_reviewer(application=application, reviewer=reviewer, actor=side.officer)
        services.declare_conflict(review=review, proceed=True, actor=reviewer)
    application.refresh_from_db()
    return application


MOVING = (Application,)


def grow(side: SimpleNamespace, numbers: range) -> None:
    """An application in review for each of the businesses that came."""
    found = Application.objects.bulk_create(
        Application(
            organization=shop.organization, criteria_version=side.draft.criteria_version, status="in_review",
            track="basic", assisted_by=side.officer, submitted_by=side.officer, applicant=side.owner,
            first_submitted_at=clock.now(), submitted_at=clock.now(), promised_on=clock.today(),
        )
        for shop in side.grown
    )  # fmt: skip
    through = Application.sites.through
    through.objects.bulk_create(
        through(application=each, business=shop) for each, shop in zip(found, side.grown, strict=True)
    )
    Review.objects.bulk_create(
        Review(application=each, reviewer=side.officer, conflict="proceed") for each in found
    )


# Models whose rows have an owner, and what such a row is called on a side.
FOREIGN = {Application: "submitted"}
# Who opens each page with a form over a row.
EDITS = {
    "portal:application_step": "owner",
    "portal:application_answer": "owner",
    "desk:application_fill": "officer",
    "desk:application_answer": "officer",
    "desk:review": "officer",
}
MORE_STEPS = [
    ("portal:application_step", applications.CODES[0]),
    ("desk:application_fill", applications.CODES[0]),
]
# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "portal:application_claim": pk("prospect"),
    "portal:application_status": pk("submitted"),
    "portal:application_sent": pk("submitted"),
    "portal:application_answer": pk("action_needed"),
    "portal:application_withdraw": pk("submitted"),
    "portal:application_appeal": pk("declined"),
    "portal:application_step": pk("draft", step="profile"),
    "portal:application_letter_pdf": pk("declined"),
    "portal:evidence": pk("evidence"),
    "desk:application_assist": pk("prospect"),
    "desk:application": pk("submitted"),
    "desk:application_fill": pk("assisted", step="profile"),
    "desk:application_answer": pk("assisted_action_needed"),
    "desk:application_appeal": pk("assisted_declined"),
    "desk:application_reviewers": pk("submitted"),
    "desk:application_track": pk("submitted"),
    "desk:application_visit": pk("in_review"),
    "desk:application_ask": pk("in_review"),
    "desk:application_withdraw": pk("submitted"),
    "desk:application_letter": pk("declined"),
    "desk:application_letter_pdf": pk("declined"),
    "desk:review": pk("in_review"),
    "desk:review_declare": pk("in_review"),
    "desk:review_score": lambda side: {"pk": side.in_review.pk, "code": applications.CODES[0]},
    "desk:reconcile": pk("reviewed"),
    "desk:decide": pk("reviewed"),
    "desk:condition": pk("condition"),
    "desk:condition_waive": pk("condition"),
    "desk:evidence": pk("assisted_evidence"),
}
# For each model in Django's admin: the row that its pages are tried on.
ADMIN_ROWS: dict[str, Row] = {
    "vetting_criteriaversion": lambda world: world.home.draft.criteria_version,
    "vetting_selectioncriterion": lambda world: world.home.draft.criteria_version.criteria.first(),
    "vetting_application": lambda world: world.home.submitted,
}


# What each service is tried with, by people who may and by people who may not.
SERVICES = {
    "services.criteria.copy_criteria": Call(
        by="admin", given=lambda side: {"version": side.draft.criteria_version}
    ),
    "services.criteria.publish_criteria": Call(
        by="admin",
        given=lambda side: {
            "version": services.copy_criteria(version=side.draft.criteria_version, actor=None)
        },
    ),
    "services.deciding.request_action": Call(
        by="officer",
        given=lambda side: {
            "application": side.in_review,
            "reason": "missing",
            "fields": ["contact_phone"],
            "message": "Please tell us more.",
        },
    ),
    "services.deciding.decide_application": Call(
        by="supervisor",
        given=lambda side: {
            "application": side.reviewed,
            "outcome": "approved",
            "letter": applications.LETTER,
        },
    ),
    "services.deciding.meet_condition": Call(by="officer", given=lambda side: {"condition": side.condition}),
    "services.deciding.waive_condition": Call(
        by="officer", given=lambda side: {"condition": side.condition, "reason": "The shop moved."}
    ),
    "services.drafting.start_application": Call(
        by="owner", given=lambda side: {"business": BusinessFactory(area=side.area)}, anyone=True
    ),
    "services.drafting.assist_application": Call(
        by="officer", given=lambda side: {"business": BusinessFactory(area=side.area)}
    ),
    "services.drafting.withdraw_draft": Call(
        by="officer", given=lambda side: {"application": applications.draft(**_place(side))}
    ),
    "services.drafting.save_step": Call(
        by="owner", given=lambda side: {"application": side.draft, "values": {"hopes": "More light."}}
    ),
    "services.drafting.add_evidence_file": Call(
        by="officer",
        given=lambda side: {
            "application": side.assisted,
            "criterion": _criterion(side.assisted),
            "name": "license.png",
            "upload": io.BytesIO(png("black")),
        },
    ),
    "services.drafting.add_evidence_link": Call(
        by="owner",
        given=lambda side: {
            "application": side.draft,
            "criterion": _criterion(side.draft),
            "url": "https://corner.example/safety",
        },
    ),
    "services.drafting.remove_evidence": Call(by="owner", given=lambda side: {"item": side.evidence}),
    "services.reviewing.choose_track": Call(
        by="officer", given=lambda side: {"application": side.submitted, "track": "full"}
    ),
    "services.reviewing.assign_reviewer": Call(
        by="supervisor", given=lambda side: {"application": side.submitted, "reviewer": side.officer}
    ),
    "services.reviewing.declare_conflict": Call(
        by="officer", given=lambda side: {"review": _undeclared(side), "proceed": True}
    ),
    "services.reviewing.save_score": Call(
        by="officer",
        given=lambda side: {
            "review": _mine(side),
            "criterion": _criterion(side.in_review),
            "value": 3,
            "note": "Seen.",
        },
    ),
    "services.reviewing.submit_review": Call(by="officer", given=lambda side: {"review": _scored(side)}),
    "services.reviewing.reconcile": Call(
        by="officer",
        given=lambda side: {
            "application": (application := _apart(side)),
            "criterion": _criterion(application),
            "value": 3,
            "note": "We saw it together.",
        },
    ),
    "services.reviewing.record_visit": Call(
        by="officer",
        given=lambda side: {
            "application": side.in_review,
            "visited_on": clock.today() - timedelta(days=1),
        },
    ),
    "services.sending.declare": Call(
        by="owner",
        given=lambda side: {
            "application": side.draft,
            "true": True,
            "no_effect_on_response": True,
            "records_may_be_public": False,
        },
    ),
    "services.sending.submit_application": Call(by="owner", given=lambda side: {"application": side.draft}),
    "services.sending.withdraw_application": Call(
        by="owner", given=lambda side: {"application": side.submitted}
    ),
    "services.sending.appeal_decision": Call(
        by="owner", given=lambda side: {"application": side.declined, "text": "You missed our license."}
    ),
}
