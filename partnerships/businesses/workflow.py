"""The permitted moves of a standing and of a claim, as tables. See docs/decisions/0020-standing.md."""

from core.workflow import Move, Workflow

from . import permissions

STANDING = Workflow(
    model="businesses.Organization",
    field="standing",
    start=("prospect",),
    moves=(
        Move("apply", sources=("prospect", "lapsed"), target="applicant"),
        # A withdrawn or declined application leaves the organization where it stood before.
        Move("stand_back", sources=("applicant",), target="prospect"),
        Move("fall_back", sources=("applicant",), target="lapsed"),
        Move("become_partner", sources=("applicant",), target="partner"),
        Move("renew", sources=("lapsed",), target="partner"),
        Move("suspend", sources=("partner",), target="suspended"),
        Move("reinstate", sources=("suspended",), target="partner"),
        Move("lapse", sources=("partner", "suspended"), target="lapsed"),
        Move("end", sources=("partner", "suspended", "lapsed"), target="ended"),
    ),
)

CLAIM = Workflow(
    model="businesses.Claim",
    field="status",
    start=("claimed",),
    moves=(
        Move("verify", sources=("claimed",), target="verified", guard=permissions.may_settle_claim),
        Move("refuse", sources=("claimed",), target="refused", guard=permissions.may_settle_claim),
        Move("withdraw", sources=("claimed",), target="withdrawn", guard=permissions.may_withdraw_claim),
    ),
)
