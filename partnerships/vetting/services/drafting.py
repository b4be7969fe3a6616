"""An application while its owner still writes it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actors import own_account
from accounts.models import User
from core import audit, edits, files
from core.access import Actor, Refusal, Refused, check
from core.workflow import StaleMove
from partnerships.businesses.models import Business, Membership, Organization
from partnerships.businesses.phones import in_one_form
from partnerships.businesses.services import claim_business, take_turn
from partnerships.vetting import guards
from partnerships.vetting.choices import EvidenceKind, Offer, Status
from partnerships.vetting.fields import ANSWER, EVIDENCE, PROFILE_KEYS
from partnerships.vetting.models import Answer, Application, CriteriaVersion, Evidence, SelectionCriterion
from partnerships.vetting.steps import note_step
from partnerships.vetting.workflow import APPLICATION

# What `save_step` may write beside the profile; everything else comes from moves and rules.
STEP_FIELDS = frozenset({*PROFILE_KEYS, "contact_email", "offer_kinds", "involves_youth", "involves_money"})
MOST_EVIDENCE = 10
MOST_UNVERIFIED = 5  # drafts that one person may hold for businesses they are not verified for

NO_CRITERIA = Refusal("no_criteria", _("No selection criteria are published yet. Please try again later."))
ALREADY_PARTNER = Refusal("already_partner", _("This business is already a partner."))
BEGUN_BY_OWNER = Refusal(
    "begun_by_owner",
    _("The owner has begun an application and can go on with it. They can also withdraw it first."),
)
TOO_MANY_DRAFTS = Refusal(
    "too_many_drafts",
    _("You have begun five applications and no officer knows you yet. Send or withdraw one of them first."),
)
NOT_TO_WITHDRAW = Refusal(
    "not_to_withdraw", _("Only a draft of someone whose claim is not verified can be withdrawn here.")
)
TOO_MUCH = Refusal("too_much_evidence", _("Ten files and links for one question are enough."))


def _first_version() -> CriteriaVersion:
    version = CriteriaVersion.objects.published().first()
    if version is None:
        raise Refused(NO_CRITERIA)
    return version


def _make(organization: Organization, actor: Actor, **fields: Any) -> Application:
    if organization.standing in ("partner", "suspended"):
        raise Refused(ALREADY_PARTNER)
    application = Application(
        organization=organization, criteria_version=_first_version(), status=Status.DRAFT, **fields
    )
    application.stamp(actor)
    application.save()
    note_step(application)
    audit.record("vetting.application_started", application, actor=actor)
    return application


def _locked_organization(business: Business) -> tuple[Organization, list[Application]]:
    """The organization under a lock, with its open applications, those that were sent first."""
    organization = take_turn(business.organization_id)
    rows = list(Application.objects.open().filter(organization=organization))
    return organization, sorted(rows, key=lambda each: each.status == Status.DRAFT)


def leave_drafts(*, drafts: QuerySet[Application], by: Actor) -> None:
    """Withdraw drafts of people whose claim is not verified, before others go on with the organization.

    Args:
        drafts: some of `Application.objects.unverified_drafts()`.
        by: who takes over.
    """
    for each in drafts.order_by("pk"):
        # Sent or withdrawn a moment ago: then it is no draft any more, and the caller sees it as it is.
        with suppress(StaleMove):
            APPLICATION.move(each, "withdraw", actor=by)


def _may_hold_another(actor: User) -> None:
    """Raise `Refused` when `actor` holds as many drafts as a person without a verified claim may."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if Application.objects.unverified_drafts().filter(applicant=actor).count() >= MOST_UNVERIFIED:
        raise Refused(TOO_MANY_DRAFTS)


@transaction.atomic
def start_application(*, business: Business, actor: Actor, note: str = "") -> Application:
    """A business member claims a business and starts to apply; their own open application is given back.

    What someone else began whose claim is not verified is not in the way, nor what they sent once it was
    refused. Whoever has an open application and whose claim was refused claims anew with what they say now,
    and goes on with the application as it is.

    Args:
        business: the place of business they claim, from the registry or added a moment ago.
        actor: the member.
        note: how they are connected to it, for the officer who verifies the claim.

    Raises:
        Refused: not a member, someone else speaks for the business or applies, it is a partner already,
            they hold too many drafts, or no criteria are published.
    """
    check(actor, "vetting.apply", business)
    member = own_account(actor)
    organization, open_ones = _locked_organization(business)
    for each in open_ones:
        if guards.speaks_for(member, each):
            if each.applicant_id == member.pk and guards.claim_state(each) in {"refused", "withdrawn"}:
                claim_business(business=business, user=member, note=note)
            return each
    if not all(guards.blocks_nobody(each) for each in open_ones):
        raise Refused(guards.OPEN_ALREADY)
    if not Membership.objects.owns(member, organization):
        _may_hold_another(member)
        claim_business(business=business, user=member, note=note)
    application = _make(
        organization,
        member,
        applicant=member,
        contact_name=member.full_name,
        contact_phone=member.phone,
        industry=business.industry,
    )
    application.sites.set([business])
    return application


@transaction.atomic
def assist_application(*, business: Business, actor: Actor, contact_email: str = "") -> Application:
    """An officer starts to fill one in during a visit; an open assisted one of theirs is given back.

    Drafts of people whose claim is not verified are withdrawn: the officer speaks with the owner. What was
    sent under a claim that was refused or taken back is not in the way: it is set aside when this is sent.

    Args:
        business: the place of business visited.
        actor: the officer or supervisor.
        contact_email: the owner's address; empty when they are told by phone and letter.

    Raises:
        Refused: not at the desk, another application is open, or it is a partner already.
    """
    check(actor, "vetting.assist_application", business)
    officer = own_account(actor)
    take_turn(business.organization_id)
    begun = Application.objects.unverified_drafts().filter(organization=business.organization_id)
    leave_drafts(drafts=begun, by=officer)
    organization, open_ones = _locked_organization(business)
    for each in open_ones:
        if each.assisted_by_id == officer.pk:
            return each
        if each.status == Status.DRAFT and not each.is_assisted:
            raise Refused(BEGUN_BY_OWNER)
        if not guards.blocks_nobody(each):
            raise Refused(guards.OPEN_ALREADY)
    application = _make(
        organization,
        officer,
        assisted_by=officer,
        contact_email=contact_email,
        contact_phone=business.phone,
        industry=business.industry,
    )
    application.sites.set([business])
    return application


@transaction.atomic
def withdraw_draft(*, application: Application, actor: Actor) -> Application:
    """The desk takes back a draft that nobody sent and whose claimant is not verified.

    Raises:
        Refused: not at the desk, or it is another kind of application.
    """
    # Nobody at the desk sees what an owner still writes, so the place in the registry decides.
    check(actor, "businesses.edit_organization", application.organization)
    take_turn(application.organization_id)
    row = Application.objects.select_for_update().get(pk=application.pk)
    if not guards.is_unverified_draft(row):
        raise Refused(NOT_TO_WITHDRAW)
    withdrawn: Application = APPLICATION.move(row, "withdraw", actor=actor)
    return withdrawn


def editable(application: Application, who: Actor, keys: Iterable[str]) -> Application:
    """The application under a lock, when `who` may change the parts `keys` now.

    Raises:
        Refused: it is someone else's, was sent, or the parts were not asked for.
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    if (found := guards.may_edit(who, row)) is not None:
        raise Refused(found)
    if row.status == Status.ACTION_NEEDED:
        request = row.action_requests.waiting().first()
        asked = set(request.fields if request else [])
        if "offers" in asked:
            asked.add("offer_kinds")
        for key in list(asked):
            if key.startswith(ANSWER):
                asked.add(key.replace(ANSWER, EVIDENCE, 1))
        if set(keys) - asked:
            raise Refused(Refusal("not_asked", _t("Only what we asked for can be changed now.")))
    return row


@transaction.atomic
def save_step(
    *,
    application: Application,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    answers: Mapping[str, str] | None = None,
    sites: Iterable[Business] | None = None,
    seen: datetime | None = None,
) -> Application:
    """Save what one step of the wizard holds, complete or not.

    Args:
        application: a draft, or one that waits for the owner.
        actor: the owner, or the officer who fills it in.
        values: profile fields, see `STEP_FIELDS`.
        answers: text by criterion code.
        sites: the places of business it is for; others than the organization's own are refused.
        seen: `updated_at` of the version the editor saw, to refuse a stale edit; `None` to skip the check.

    Raises:
        Refused: see `editable`; a site of someone else; or someone changed it meanwhile.
        TypeError: a field that no step may write.
    """
    values, answers = dict(values or {}), dict(answers or {})
    keys = [*values, *(f"{ANSWER}{code}" for code in answers), *(["sites"] if sites is not None else [])]
    row = editable(application, actor, keys)
    if "contact_phone" in values:
        values["contact_phone"] = in_one_form(values["contact_phone"])
    if "offer_kinds" in values:
        values["offer_kinds"] = [kind for kind in values["offer_kinds"] if kind in Offer.values]

    def beside(row: Application, changed: set[str]) -> list[str]:
        return [*_write_answers(row, answers, actor), *_choose_sites(row, sites)]

    edits.change(
        row,
        values,
        allowed=STEP_FIELDS,
        verb="vetting.application_saved",
        by=actor,
        seen=seen,
        settle=beside,
    )
    return row


def _write_answers(row: Application, answers: Mapping[str, str], by: Actor) -> list[str]:
    """Keep the texts of answers; the parts that changed."""
    criteria = {each.code: each for each in row.criteria_version.criteria.all()}
    changed = []
    for code, text in answers.items():
        answer, _made = Answer.objects.get_or_create(application=row, criterion=criteria[code])
        if answer.text != text:
            answer.text = text
            answer.stamp(by)
            answer.save()
            changed.append(f"{ANSWER}{code}")
    return changed


def _choose_sites(row: Application, sites: Iterable[Business] | None) -> list[str]:
    """Set the places it is for, all of the organization's own."""
    if sites is None:
        return []
    chosen = list(sites)
    if any(each.organization_id != row.organization_id for each in chosen):
        raise Refused(Refusal("foreign_site", _t("One of these places belongs to someone else.")))
    row.sites.set(chosen)
    return ["sites"]


def _room_for_more(row: Application, criterion: SelectionCriterion) -> None:
    if row.evidence.filter(criterion=criterion).count() >= MOST_EVIDENCE:
        raise Refused(TOO_MUCH)


@transaction.atomic
def add_evidence_file(
    *, application: Application, criterion: SelectionCriterion, name: str, upload: BinaryIO, actor: Actor
) -> Evidence:
    """Keep a checked file: an image is drawn anew, a PDF looked through; the type follows from the content.

    The same file sent once more for the same question is kept once.

    Args:
        application: a draft, or one that waits for the owner.
        criterion: the question it belongs to.
        name: the owner's name for the file.
        upload: the file, open for reading in binary.
        actor: the owner, or the officer who fills it in.

    Raises:
        Refused: see `editable`; or there are ten already.
        files.FileRefusedError: the file is too large, of another type, or not safe to keep.
    """
    row = editable(application, actor, [f"{EVIDENCE}{criterion.code}"])
    checked = files.check(upload, name)
    if (known := row.evidence.filter(criterion=criterion, sha256=checked.sha256).first()) is not None:
        return known
    _room_for_more(row, criterion)
    made = Evidence(
        application=row,
        criterion=criterion,
        kind=EvidenceKind.FILE,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=checked.sha256,
        added_by=own_account(actor),
    )
    made.file.save(checked.stored_as, ContentFile(checked.content), save=False)
    made.save()
    row.stamp(actor)
    row.save(update_fields=["updated_at", "updated_by_name"])
    audit.record("vetting.evidence_added", made, actor=actor, detail=checked.content_type)
    return made


@transaction.atomic
def add_evidence_link(
    *, application: Application, criterion: SelectionCriterion, url: str, actor: Actor, name: str = ""
) -> Evidence:
    """Keep a link, once for each question. Nothing is fetched from it.

    Raises:
        Refused: see `editable`; there are ten already; or it is no web address.
    """
    row = editable(application, actor, [f"{EVIDENCE}{criterion.code}"])
    if (known := row.evidence.filter(criterion=criterion, url=url).first()) is not None:
        return known
    _room_for_more(row, criterion)
    url = edits.typed(Evidence, {"url": url})["url"]
    made = Evidence.objects.create(
        application=row,
        criterion=criterion,
        kind=EvidenceKind.LINK,
        name=(name or url.split("//", 1)[-1])[:200],
        url=url,
        added_by=own_account(actor),
    )
    row.stamp(actor)
    row.save(update_fields=["updated_at", "updated_by_name"])
    audit.record("vetting.evidence_added", made, actor=actor, detail="link")
    return made


@transaction.atomic
def remove_evidence(*, item: Evidence, actor: Actor) -> None:
    """Take a file or link away while the application can still be changed; the file goes with the commit."""
    row = editable(item.application, actor, [f"{EVIDENCE}{item.criterion.code}"])
    audit.record("vetting.evidence_removed", item, actor=actor)
    # A request for changes keeps only the name, so the file itself may go.
    files.remove_after_commit(item.file)
    item.delete()
    row.stamp(actor)
    row.save(update_fields=["updated_at", "updated_by_name"])
