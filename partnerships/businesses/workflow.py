"""The permitted moves of a standing and of a claim, as tables. See docs/decisions/0020-standing.md."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Move, Workflow

from . import guards
from .models import Claim, DuplicatePair, Organization

STANDING = Workflow(
    Organization,
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
    told={
        "prospect": _("Not a partner yet. You can apply at any time."),
        "applicant": _("Your application is with us."),
        "partner": _("You are a partner of the department."),
        "suspended": _("Your partnership is paused. Call us if you have questions."),
        "lapsed": _("Your partnership has run out. You can apply again."),
        "ended": _("Your partnership has ended. Call us if you have questions."),
    },
)

CLAIM = Workflow(
    Claim,
    start=("claimed",),
    moves=(
        Move("verify", sources=("claimed",), target="verified", guard=guards.may_settle_claim),
        Move("refuse", sources=("claimed",), target="refused", guard=guards.may_settle_claim),
        Move(
            "reopen",
            sources=("refused",),
            target="claimed",
            guard=guards.may_reopen_claim,
            label=_("Take the refusal back"),
        ),
        Move("withdraw", sources=("claimed",), target="withdrawn", guard=guards.may_withdraw_claim),
    ),
    told={
        "claimed": _("We still have to confirm that this is your business."),
        "verified": _("You act for this business."),
        "refused": _(
            "We could not confirm that you act for this business. You can claim it again, or call us."
        ),
        "withdrawn": _("You took your claim back."),
    },
)

PAIR = Workflow(
    DuplicatePair,
    start=("open",),
    moves=(
        Move("dismiss", sources=("open",), target="dismissed", label=_("Not a duplicate")),
        Move("reopen", sources=("dismissed",), target="open", label=_("Look at it again")),
        Move("merge", sources=("open", "dismissed"), target="merged"),
        Move("unmerge", sources=("merged",), target="dismissed"),
    ),
)
