"""Every write of this room: keyword-only, typed, in one transaction, one verb per function."""

from .criteria import copy_criteria, publish_criteria
from .deciding import (
    decide_application,
    meet_condition,
    rehearse_decision,
    request_action,
    waive_condition,
)
from .drafting import (
    add_evidence_file,
    add_evidence_link,
    assist_application,
    remove_evidence,
    save_step,
    start_application,
    withdraw_draft,
)
from .reviewing import (
    assign_reviewer,
    choose_track,
    declare_conflict,
    reconcile,
    record_visit,
    save_score,
    submit_review,
)
from .sending import appeal_decision, declare, submit_application, withdraw_application

__all__ = [
    "add_evidence_file",
    "add_evidence_link",
    "appeal_decision",
    "assign_reviewer",
    "assist_application",
    "choose_track",
    "copy_criteria",
    "decide_application",
    "declare",
    "declare_conflict",
    "meet_condition",
    "publish_criteria",
    "reconcile",
    "record_visit",
    "rehearse_decision",
    "remove_evidence",
    "request_action",
    "save_score",
    "save_step",
    "start_application",
    "submit_application",
    "submit_review",
    "waive_condition",
    "withdraw_application",
    "withdraw_draft",
]
