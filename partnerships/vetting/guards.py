"""The guards of the workflow: each answers a sentence that says what is in the way, or nothing."""

from collections.abc import Sequence
from typing import Any

from allauth.account.utils import has_verified_email
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.access import Actor, Refusal
from core.roles import Role, role_of, supervise, write_desk
from core.workflow import NEEDS_ACTOR
from partnerships.businesses.models import Claim, Membership

from . import fields, rules
from .choices import SENT, DeclineReason, Outcomes, Status
from .judgement import Hand, hands_in, outcome_of, progress_of
from .letters import letter_fault
from .models import Application, Condition, CriteriaVersion
from .querysets import CLAIM_ENDED, SENT_BEFORE, SPOKEN_FOR

NOT_YOURS = Refusal(
    "not_yours", _("Only the owner who applies, or the officer who fills it in, can do this.")
)
EMAIL_UNVERIFIED = Refusal("email_unverified", _("Confirm your email address first."))
SENT_ALREADY = Refusal("sent", _("It was sent and can’t be changed now."))
NOT_DECLARED = Refusal("not_declared", _("Read and tick the three statements of the declaration."))
NOT_CONFIRMED = Refusal("not_confirmed", _("The owner has to confirm with their name before it is sent."))
NO_TRACK = Refusal("no_track", _("Choose the track first."))
UNDECLARED = Refusal("undeclared", _("Each reviewer has to declare first that they have no conflict."))
CLAIM_OPEN = Refusal(
    "claim_unverified", _("The owner’s claim of the business is not verified yet. Verify it first.")
)
CLAIM_WAS_REFUSED = Refusal("claim_refused", _("The owner’s claim of the business was refused."))
CLAIM_TAKEN_BACK = Refusal("claim_taken_back", _("The owner took their claim of the business back."))
DECIDER_SUBMITTED = Refusal(
    "decider_submitted", _("You filled in or sent this application, so another supervisor has to decide it.")
)
DECIDER_REVIEWED = Refusal(
    "decider_reviewed", _("You are a reviewer of this application, so another supervisor has to decide it.")
)
DECIDER_DECIDED = Refusal(
    "decider_decided", _("You decided it before the appeal, so another supervisor has to decide it now.")
)
HANDS = {
    Hand.SUBMITTED: DECIDER_SUBMITTED,
    Hand.REVIEWED: DECIDER_REVIEWED,
    Hand.DECIDED: DECIDER_DECIDED,
}
NO_REASON = Refusal("no_reason", _("Choose at least one reason."))
NO_CONDITIONS = Refusal("no_conditions", _("Name at least one condition with a due date."))
NO_REQUEST = Refusal("no_request", _("Choose a reason and at least one field, and write a message."))
ALREADY_APPEALED = Refusal("already_appealed", _("A decision can be appealed once."))
APPEAL_LATE = Refusal(
    "appeal_late", _("The 30 days for an appeal are over. You are welcome to apply again at any time.")
)
NO_WAIVE_REASON = Refusal("no_waive_reason", _("Write why the condition is no longer asked for."))
APPEAL_EMPTY = Refusal("appeal_empty", _("Say in a few words why you think the decision is wrong."))
OTHER_OPEN = Refusal("other_open", _("Another application of this organization is open."))
NOT_TO_SET_ASIDE = Refusal(
    "not_to_set_aside",
    _("Only an application of someone whose claim was refused or taken back is set aside."),
)
OPEN_ALREADY = Refusal(
    "already_open",
    _("An application for this business is already open. If you act for it too, please call our unit."),
)
BEGUN_ALREADY = Refusal(
    "begun_already",
    _("You have begun to apply for this business already, in another window. Go on there."),
)
NOT_CONFIRMED_TO_ACT = Refusal(
    "claim_ended",
    _("We have not confirmed that you act for this business. You can claim it again, or call us."),
)
TAKEN = Refusal(
    "taken",
    _("Someone already speaks for this business. Ask them to invite you, or call your officer."),
)
OBSTACLES = {SENT_BEFORE: OPEN_ALREADY, CLAIM_ENDED: NOT_CONFIRMED_TO_ACT, SPOKEN_FOR: TAKEN}
OWNERS_ONLY = Refusal("owners_only", _("Only an owner of the business can do this, not its staff."))


def speaks_for(user: Actor, application: Application) -> bool:
    """Whether `user` may act as the owner: who applied, an owner by membership, or whom an officer
    named by email when they filled it in."""
    if not isinstance(user, User) or role_of(user) != Role.MEMBER:
        return False
    found = Membership.objects.filter(user=user, organization=application.organization_id).first()
    if found is not None:
        mine = application.applicant_id == user.pk
        return bool(found.role == "owner") and (mine or not is_unverified_draft(application))
    if application.applicant_id is None:
        return bool(application.contact_email) and application.contact_email.lower() == user.email
    return application.applicant_id == user.pk and not applicant_left(application)


def applicant_left(application: Application) -> bool:
    """Whether who applied spoke for the organization once, by a verified claim, and is no member any more."""
    theirs = {"user": application.applicant_id}
    if application.applicant_id is None:
        return False
    if Membership.objects.filter(organization=application.organization_id, **theirs).exists():
        return False
    claims = Claim.objects.filter(business__organization=application.organization_id, **theirs)
    return claims.filter(status=Claim.Status.VERIFIED).exists()


def is_unverified_draft(application: Application) -> bool:
    """Whether it is a draft of someone who is not known to speak for the business. It blocks nobody."""
    if application.status != Status.DRAFT or application.applicant_id is None:
        return False
    rows = type(application).objects.unverified_drafts()
    return bool(rows.filter(pk=application.pk).exists())


def blocks_nobody(application: Application) -> bool:
    """Whether others may apply beside it: an unverified draft, or of someone whose claim has ended."""
    rows = type(application).objects.of_ended_claims()
    return is_unverified_draft(application) or bool(rows.filter(pk=application.pk).exists())


def _other_sent(application: Application) -> bool:
    others = type(application)._base_manager.filter(organization=application.organization_id, status__in=SENT)
    return bool(others.exclude(pk=application.pk).exists())


def _may_send_first(application: Application) -> Refusal | None:
    """A draft goes out when no other application is open, and no owner stands against its applicant."""
    if application.status != Status.DRAFT:
        return None
    rows: Any = Application.objects.with_obstacle().filter(pk=application.pk)
    return OBSTACLES.get(rows.values_list("obstacle", flat=True).get())


def claim_state(application: Application) -> str:
    """Whether the applicant acts for the organization: `verified`, `claimed`, `refused`,
    `withdrawn` or `none`.

    An assisted application was confirmed by the owner in person, before an officer: that is `verified`.
    """
    if application.applicant_id is None:
        return "verified" if application.confirmed_name else "none"
    if Membership.objects.filter(
        user=application.applicant_id, organization=application.organization_id, role="owner"
    ).exists():
        return "verified"
    states = set(
        Claim.objects.filter(
            user=application.applicant_id, business__organization=application.organization_id
        ).values_list("status", flat=True)
    )
    return next(
        (state for state in ("verified", "claimed", "refused", "withdrawn") if state in states), "none"
    )


def may_edit(user: Actor, application: Application) -> Refusal | None:
    """The owner, or the officer who fills it in, while it is a draft or waits for the owner."""
    if user is None:
        return NEEDS_ACTOR
    assisting = application.assisted_by_id == user.pk and write_desk(user) is None
    if not assisting and not speaks_for(user, application):
        return NOT_YOURS
    if application.status not in ("draft", "action_needed"):
        return SENT_ALREADY
    return None


def may_submit(user: Actor, application: Application, **details: Any) -> Refusal | None:
    """Email verified, all required answers, the declaration; an assisted one is confirmed by the owner."""
    if (found := may_edit(user, application)) is not None:
        return found
    if isinstance(user, User) and role_of(user) == Role.MEMBER and not has_verified_email(user, user.email):
        return EMAIL_UNVERIFIED
    if (found := _may_send_first(application)) is not None:
        return found
    if gaps := fields.missing(application):
        names = get_text_list([str(part.label) for part in gaps], _t("and"))
        return Refusal("incomplete", _t("Still missing: %(names)s.") % {"names": names})
    if not (application.declared_true and application.declared_response and application.declared_records):
        return NOT_DECLARED
    if application.applicant_id is None and not application.confirmed_name.strip():
        return NOT_CONFIRMED
    return None


def may_start_review(user: Actor, application: Application, **details: Any) -> Refusal | None:
    """Track chosen, as many reviewers as it asks for, and each declared no conflict. The system may do it."""
    if user is not None and (found := write_desk(user)) is not None:
        return found
    if not application.track:
        return NO_TRACK
    progress = progress_of(application)
    if not progress.enough_named:
        return Refusal(
            "reviewers_missing",
            _t("Name the reviewers first: this track asks for %(wanted)s, %(named)s named.")
            % {"wanted": progress.wanted, "named": progress.named},
        )
    return UNDECLARED if progress.undeclared else None


def may_request_action(
    user: Actor,
    application: Application,
    *,
    reason: str | None = None,
    fields: Sequence[str] | None = None,
    message: str | None = None,
) -> Refusal | None:
    """A desk writer, with a reason, the exact fields and a message."""
    if user is None:
        return NEEDS_ACTOR
    if (found := write_desk(user)) is not None:
        return found
    if reason is None and fields is None and message is None:
        return None
    return None if reason and fields and (message or "").strip() else NO_REQUEST


def may_decide(user: Actor, application: Application) -> Refusal | None:
    """A supervisor who neither submitted, reviewed nor decided it before; all reviews in and agreed."""
    if user is None:
        return NEEDS_ACTOR
    if (found := supervise(user)) is not None:
        return found
    if (hand := hands_in(application).get(user.pk)) is not None:
        return HANDS[hand]
    progress = progress_of(application)
    if not progress.all_in:
        return Refusal(
            "reviews_missing",
            _t("%(done)s of %(wanted)s reviews are in.") % {"done": progress.done, "wanted": progress.wanted},
        )
    if progress.gaps:
        titles = {each.code: each.title for each in fields.criteria_of(application)}
        names = get_text_list([titles[code] for code in progress.gaps], _t("and"))
        return Refusal(
            "unreconciled",
            _t("The reviewers lie two or more points apart on %(names)s. They have to agree first.")
            % {"names": names},
        )
    return None


def may_approve(
    user: Actor,
    application: Application,
    *,
    letter: str | None = None,
    override_reason: str | None = None,
    reason_codes: Sequence[str] = (),
    outcome: str = Outcomes.APPROVED,
) -> Refusal | None:
    """Any decision's guard, a verified claim, every criterion met or an override with its reason."""
    if (found := may_decide(user, application)) is not None:
        return found
    state = claim_state(application)
    if state != "verified":
        return {"refused": CLAIM_WAS_REFUSED, "withdrawn": CLAIM_TAKEN_BACK}.get(state, CLAIM_OPEN)
    if not (override_reason or "").strip() and (found := unmet(application)) is not None:
        return found
    return None if letter is None else letter_fault(application, outcome, letter)


def unmet(application: Application) -> Refusal | None:
    """Which criteria lie below their minimum, or that the total does; an override can get past this one."""
    outcome = outcome_of(application)
    if outcome.unmet:
        titles = {each.code: each.title for each in fields.criteria_of(application)}
        names = get_text_list([titles[code] for code in outcome.unmet], _t("and"))
        return Refusal(
            "unmet_criteria",
            _t("Below the minimum: %(names)s. To approve anyway, write the reason for an override.")
            % {"names": names},
        )
    if not outcome.reaches_threshold:
        return Refusal(
            "below_threshold",
            _t(
                "The weighted total is %(total)s, and %(threshold)s is needed. "
                "To approve anyway, write the reason for an override."
            )
            % {"total": outcome.total, "threshold": outcome.threshold},
        )
    return None


def may_approve_with_conditions(
    user: Actor, application: Application, *, conditions: Sequence[Any] | None = None, **details: Any
) -> Refusal | None:
    """As an approval, with at least one condition that has a due date."""
    found = may_approve(user, application, **details, outcome=Outcomes.APPROVED_WITH_CONDITIONS)
    if found is not None:
        return found
    return NO_CONDITIONS if conditions is not None and not conditions else None


def may_decline(
    user: Actor,
    application: Application,
    *,
    letter: str | None = None,
    reason_codes: Sequence[str] | None = None,
    override_reason: str = "",
) -> Refusal | None:
    """Any decision's guard, a reason code and a letter."""
    if (found := may_decide(user, application)) is not None:
        return found
    if reason_codes is not None and not set(reason_codes) & set(DeclineReason.values):
        return NO_REASON
    return None if letter is None else letter_fault(application, Outcomes.DECLINED, letter)


def may_set_aside(user: Actor, application: Application, **details: Any) -> Refusal | None:
    """The system, when someone else sends one and the applicant's claim was refused or taken back."""
    if user is not None or not type(application).objects.of_ended_claims().filter(pk=application.pk).exists():
        return NOT_TO_SET_ASIDE
    return None


def may_withdraw(user: Actor, application: Application, **details: Any) -> Refusal | None:
    """The owner, or an officer on the owner's request."""
    if user is None:
        return NEEDS_ACTOR
    if role_of(user) == Role.MEMBER:
        return None if speaks_for(user, application) else OWNERS_ONLY
    return write_desk(user)


def may_appeal(user: Actor, application: Application, *, text: str | None = None) -> Refusal | None:
    """The owner, once, within 30 days of the decision. An officer may note it for an owner without email."""
    if user is None:
        return NEEDS_ACTOR
    if role_of(user) == Role.MEMBER:
        if not speaks_for(user, application):
            return OWNERS_ONLY
    elif (found := write_desk(user)) is not None:
        return found
    elif not application.by_phone:
        return NOT_YOURS
    if application.round > 1:
        return ALREADY_APPEALED
    if application.decided_at:
        last = rules.last_appeal_day(timezone.localdate(application.decided_at))
        if clock.today() > last:
            return APPEAL_LATE
    if _other_sent(application):
        return OTHER_OPEN
    return APPEAL_EMPTY if text is not None and not text.strip() else None


def may_close_condition(user: Actor, condition: Condition, **details: Any) -> Refusal | None:
    """A desk writer, or the system."""
    return None if user is None else write_desk(user)


def may_waive_condition(user: Actor, condition: Condition, *, reason: str | None = None) -> Refusal | None:
    """As to close it, with a reason for the record."""
    if (found := may_close_condition(user, condition)) is not None:
        return found
    return NO_WAIVE_REASON if reason is not None and not reason.strip() else None


def may_publish(user: Actor, version: CriteriaVersion, **details: Any) -> Refusal | None:
    """An admin, when the weights make 100 percent and each criterion has its five anchors."""
    if role_of(user) != Role.ADMIN:
        return Refusal("admins_only", _("An admin has to do this."))
    criteria = list(version.criteria.all())
    if sum(each.weight for each in criteria) != 100:
        return Refusal("weights", _("The weights have to add up to 100 percent."))
    for each in criteria:
        whole = len(each.anchors) == 5 and all(a.get("word") and a.get("sentence") for a in each.anchors)
        if not whole:
            return Refusal(
                "anchors",
                _t("“%(title)s” needs a word and a sentence for each score from 0 to 4.")
                % {"title": each.title},
            )
    return None


def may_retire(user: Actor, version: CriteriaVersion, **details: Any) -> Refusal | None:
    """An admin; publishing another version does it by itself."""
    if role_of(user) != Role.ADMIN:
        return Refusal("admins_only", _("An admin has to do this."))
    return None
