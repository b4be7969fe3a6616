"""How the gates open this room's pages in the demonstration; see `tests.access.offered`."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from partnerships.vetting.models import Application
from tests.gates.visits import Rows

# These answer with a file.
NO_PAGES = {
    *("desk:application_letter_pdf", "portal:application_letter_pdf"),
    *("desk:evidence", "portal:evidence"),
}
# These lead to the application they are a step of.
SEND_ON = {"desk:application_reviewers", "desk:application_track", "desk:application_visit"}
# A line for the record, or too short a field for a mark.
SHOWN_NOWHERE = {"Application.confirmed_name", "Evidence.url", "Decision.override_reason"}


def _application(name: str) -> Any:
    return Application.objects.filter(organization__name=name).latest("pk")


def _own_applications() -> Rows:
    for word, name in (
        (" action needed", "Café Espiga on Third"),
        (" conditions", "Halyard Fuel & Mart"),
        (" declined", "The Velvet Lantern Tavern"),
        (" in review", "North Star Members Credit Union"),
        (" approved", "Northbank Grocers"),
    ):
        row = _application(name)
        yield (
            f"portal:application_status{word}",
            reverse("portal:application_status", args=[row.pk]),
            row.applicant.email,
        )


def _sent_applications() -> Rows:
    for word, name in (("action needed", "Café Espiga on Third"), ("declined", "The Velvet Lantern Tavern")):
        row = _application(name)
        path = reverse("portal:application_sent", args=[row.pk])
        yield f"portal:application_sent {word}", path, row.applicant.email


def _steps() -> Rows:
    row = _application("Bluebell & Thistle Florist")
    codes = list(row.criteria_version.criteria.order_by("position").values_list("code", flat=True))
    for step in ("profile", *codes, "declaration"):
        path = reverse("portal:application_step", args=[row.pk, step])
        yield f"portal:application_step {step}", path, row.applicant.email


def _desk_applications() -> Rows:
    for word, name in (
        (" reviewed", "Pilot Light Youth Boxing"),
        (" declined", "The Velvet Lantern Tavern"),
        (" action needed", "Lumen Lane Pharmacy"),
        (" submitted", "Tallgrass Animal Clinic"),
        (" conditions", "Halyard Fuel & Mart"),
    ):
        path = reverse("desk:application", args=[_application(name).pk])
        yield f"desk:application{word}", path, "supervisor"


def _decide() -> Rows:
    path = reverse("desk:decide", args=[_application("Pilot Light Youth Boxing").pk])
    for outcome in ("approved", "approved_with_conditions", "declined"):
        yield f"desk:decide {outcome}", f"{path}?outcome={outcome}", "supervisor"


def _reconcile() -> Rows:
    path = reverse("desk:reconcile", args=[_application("Pilot Light Youth Boxing").pk])
    yield "desk:reconcile", path, "supervisor"


def _review() -> Rows:
    path = reverse("desk:review", args=[_application("Halden & Daughter Hardware").pk])
    yield "desk:review", path, "officer"


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "portal:application_status": _own_applications,
    "portal:application_sent": _sent_applications,
    "portal:application_step": _steps,
    "desk:application": _desk_applications,
    "desk:decide": _decide,
    "desk:reconcile": _reconcile,
    "desk:review": _review,
}


def more() -> Rows:
    """What no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "portal:application_start found", reverse("portal:application_start") + "?q=coffee", "owner"
    yield "desk:applications decided", reverse("desk:applications") + "?waiting=decision", "supervisor"


# What is given the longest name there may be, and the pages that show it.
LONG = (
    ("submitted.organization", "name"),
    ("submitted", "contact_name", "contact_role"),
    ("in_review.organization", "name"),
    ("reviewed.organization", "name"),
    ("action_needed.organization", "name"),
)
LONG_ON = {
    "portal:application_status": "",
    "portal:application_answer": "",
    "desk:review": "",
    "desk:application": "",
    "desk:applications": "",
    "desk:decide": "",
}
