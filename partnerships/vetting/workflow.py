"""The permitted moves of an application, of a condition of its approval, and of a version of the criteria."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Move, Workflow

from . import effects, guards
from .models import Application, Condition, CriteriaVersion

SENT = ("submitted", "in_review", "action_needed", "appealed")
OWNER_MAY_LEAVE = ("draft", *SENT)

APPLICATION = Workflow(
    Application,
    start=("draft",),
    moves=(
        Move(
            "submit",
            sources=("draft", "action_needed"),
            target="submitted",
            guard=guards.may_submit,
            effect=effects.on_submitted,
            label=_("Send the application"),
        ),
        Move(
            "start_review",
            sources=("submitted", "appealed"),
            target="in_review",
            guard=guards.may_start_review,
            label=_("Start the review"),
        ),
        Move(
            "request_action",
            sources=("in_review",),
            target="action_needed",
            guard=guards.may_request_action,
            effect=effects.on_action_requested,
            label=_("Ask the owner for changes"),
        ),
        Move(
            "approve",
            sources=("in_review",),
            target="approved",
            guard=guards.may_approve,
            effect=effects.on_decided,
            label=_("Approve"),
        ),
        Move(
            "approve_with_conditions",
            sources=("in_review",),
            target="approved_with_conditions",
            guard=guards.may_approve_with_conditions,
            effect=effects.on_decided,
            label=_("Approve with conditions"),
        ),
        Move(
            "decline",
            sources=("in_review",),
            target="declined",
            guard=guards.may_decline,
            effect=effects.on_decided,
            label=_("Decline"),
        ),
        Move(
            "withdraw",
            sources=OWNER_MAY_LEAVE,
            target="withdrawn",
            guard=guards.may_withdraw,
            effect=effects.on_withdrawn,
            label=_("Withdraw"),
        ),
        Move(
            "set_aside",
            sources=SENT,
            target="withdrawn",
            guard=guards.may_set_aside,
            effect=effects.on_set_aside,
            label=_("Set aside"),
        ),
        Move(
            "appeal",
            sources=("declined",),
            target="appealed",
            guard=guards.may_appeal,
            effect=effects.on_appealed,
            label=_("Appeal"),
        ),
    ),
    told={
        "draft": _("Your application is not sent yet."),
        "submitted": _("We have your application. An officer reads it next."),
        "in_review": _("Your application is in review."),
        "action_needed": _("We need something from you. Our clock is stopped until you answer."),
        "approved": _("Your application is approved."),
        "approved_with_conditions": _("Your application is approved, with what we agreed on."),
        "declined": _("Your application is not approved. Our answer says why."),
        "withdrawn": _("Your application is withdrawn. You can apply again at any time."),
        "appealed": _("We have your appeal. Other officers look at your application again."),
    },
)

CONDITION = Workflow(
    Condition,
    start=("open",),
    moves=(
        Move(
            "meet",
            sources=("open",),
            target="met",
            guard=guards.may_close_condition,
            effect=effects.on_condition_met,
            label=_("Met"),
        ),
        Move(
            "waive",
            sources=("open",),
            target="waived",
            guard=guards.may_waive_condition,
            effect=effects.on_condition_waived,
            label=_("Waive"),
        ),
    ),
    told={
        "open": _("Still to do"),
        "met": _("Done, thank you"),
        "waived": _("No longer asked for"),
    },
)

CRITERIA = Workflow(
    CriteriaVersion,
    start=("draft",),
    moves=(
        Move(
            "publish",
            sources=("draft",),
            target="published",
            guard=guards.may_publish,
            label=_("Publish"),
        ),
        Move("retire", sources=("published",), target="retired", guard=guards.may_retire, label=_("Retire")),
    ),
)
