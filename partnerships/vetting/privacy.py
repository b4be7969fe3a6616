"""This room's part of a person's privacy export: their applications, as they see them. No reviews."""

from typing import Any

from django.db.models import Q

from core.privacy import values

from .models import Application

PART = "applications"  # its name in the export
APPLICATION = (
    "reference", "organization", "status", "contact_name", "contact_role", "contact_phone", "contact_email",
    "languages", "industry", "hopes", "offers", "offer_kinds", "involves_youth", "involves_money",
    "declared_true", "declared_response", "declared_records", "declared_at", "confirmed_name", "created_at",
    "first_submitted_at", "submitted_at", "promised_on", "visited_on", "decided_at", "valid_until",
    "withdrawn_at", "appealed_at",
    "appeal_text",
)  # fmt: skip
EVIDENCE = ("criterion", "kind", "name", "content_type", "size", "url", "added_at")
REQUEST = ("asked_at", "reason", "fields", "message", "before", "after", "answered_at", "closed_at")
LETTER = ("decided_at", "outcome", "reasons", "letter")
CONDITION = ("text", "due_on", "status", "closed_at")


def held_on(user: Any) -> dict[str, Any]:
    """What they applied with, what we asked and wrote; also what an officer filled in for their address."""
    theirs = Q(applicant=user) | Q(applicant=None, contact_email__iexact=user.email)
    rows = (
        Application.objects.filter(theirs)
        .select_related("organization", "industry")
        .prefetch_related(
            "sites", "answers__criterion", "evidence__criterion", "action_requests", "decisions", "conditions"
        )
        .order_by("pk")
    )
    return {"applications": [_application(row) for row in rows]}


def _application(row: Application) -> dict[str, Any]:
    return {
        **values(row, APPLICATION),
        "sites": [str(site) for site in row.sites.all()],
        "answers": [{"question": str(each.criterion), "answer": each.text} for each in row.answers.all()],
        "evidence": [values(each, EVIDENCE) for each in row.evidence.all()],
        "questions": [values(each, REQUEST) for each in row.action_requests.all()],
        "letters": [values(each, LETTER) for each in row.decisions.all()],
        "conditions": [values(each, CONDITION) for each in row.conditions.all()],
    }
