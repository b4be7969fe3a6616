"""This room's part of the worlds that tests walk through."""

import io
from datetime import timedelta
from typing import Any

from core import clock
from partnerships.vetting import services
from tests.access.refusals import Call
from tests.factories import vetting as applications
from tests.factories.accounts import OfficerFactory
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
    "services.deciding.close_condition": Call(
        by="officer", given=lambda side: {"condition": side.condition, "met": True}
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
            "upload": io.BytesIO(png()),
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
    "services.reviewing.settle_claims": Call(
        by="officer",
        given=lambda side: {"application": applications.submitted(**_place(side)), "verify": True},
    ),
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
