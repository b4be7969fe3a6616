"""Claims: someone says that a business is theirs, and the desk settles it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import account_of, own_account
from accounts.models import User
from core import audit, clock
from core.access import Actor, Person, Refusal, Refused, check
from core.folding import in_order
from partnerships.businesses import emails, guards
from partnerships.businesses.guards import rival_owners
from partnerships.businesses.models import Business, Claim, MemberRole, Membership
from partnerships.businesses.workflow import CLAIM

from .people import join
from .turns import MERGED, take_turn


@transaction.atomic
def claim_business(*, business: Business, user: Person, note: str = "") -> Claim:
    """Say "this is my business". The same open or verified claim given twice is one.

    Raises:
        Refused: not a member, someone else is already verified for it, or they spoke for it and do no longer.
    """
    check(user, "businesses.claim_business")
    claimant = own_account(user)
    take_turn(business.organization_id)
    if Business.everything.filter(pk=business.pk, merged_into__isnull=False).exists():
        raise Refused(MERGED)
    mine = Claim.objects.filter(business=business, user=claimant, status__in=["claimed", "verified"]).first()
    members = Membership.objects.filter(organization=business.organization_id)
    if (
        mine is not None
        and mine.status == Claim.Status.VERIFIED
        and not members.filter(user=claimant).exists()
    ):
        raise Refused(guards.NO_LONGER)
    if mine is not None:
        return mine
    if members.exclude(user=claimant).exists():
        raise Refused(
            Refusal(
                "taken",
                _("Someone already speaks for this business. Ask them to invite you, or call your officer."),
            )
        )
    claim = Claim(business=business, user=claimant, note=note)
    claim.stamp(claimant)
    claim.save()
    audit.record("businesses.claim_made", claim, actor=claimant)
    return claim


def owners_beside(claim: Claim, places: Iterable[Business] | None = None) -> QuerySet[User]:
    """Other people who own the same places: two strangers can't both be the owner of one business.

    Args:
        claim: of one of the places.
        places: the places that the claimant would speak for; `None` for all of the organization.
    """
    owners = Membership.objects.filter(
        organization=claim.business.organization_id, role=MemberRole.OWNER
    ).exclude(user=claim.user_id)
    if places is not None:
        owners = owners.filter(Q(all_sites=True) | Q(sites__in=[each.pk for each in places]))
    return User.objects.filter(pk__in=owners.values("user")).order_by(in_order("full_name"), "pk")


@transaction.atomic
def verify_claim(
    *,
    claim: Claim,
    actor: Actor,
    sites: Iterable[Business] | None = (),
    beside: Iterable[User] = (),
    method: str = "officer",
) -> Claim:
    """The claimant does speak for the business: they become an owner.

    The organization is locked, so that of two officers who verify two strangers the second is asked.

    Args:
        claim: an open claim.
        actor: the officer; `None` for the system.
        sites: the places of the organization that they speak for beside the claimed one; `None` for all, also
            those added later, as where there is but one.
        beside: owners of these places of whom the officer says that they own them together.
        method: how it was verified, a short code.

    Raises:
        Refused: not open any more (`StaleMove`), the actor may not settle it, or someone else is an owner
            already and not among `beside` (`rival_owner`).
    """
    check(actor, "businesses.settle_claim", claim)
    organization = take_turn(claim.business.organization_id)
    chosen: list[Business] | None = None
    if sites is not None and organization.sites.count() > 1:
        chosen = list({each.pk: each for each in (claim.business, *sites)}.values())
    known = {each.pk for each in beside}
    rivals = [each for each in owners_beside(claim, chosen) if each.pk not in known]
    row = CLAIM.move(claim, "verify", actor=actor)
    if rivals:
        raise Refused(rival_owners(rivals))
    _settle(row, actor, method=method)
    join(organization=organization, user=row.user, role=MemberRole.OWNER, sites=chosen, by=actor)
    emails.claim_verified(row)
    return row


@transaction.atomic
def refuse_claim(*, claim: Claim, actor: Actor, reason: str) -> Claim:
    """The claimant does not speak for the business; `reason` is told to them.

    Raises:
        Refused: not open any more (`StaleMove`), or the actor may not settle it.
    """
    check(actor, "businesses.settle_claim", claim)
    row = CLAIM.move(claim, "refuse", actor=actor)
    _settle(row, actor, reason=reason)
    emails.claim_refused(row)
    return row


@transaction.atomic
def reopen_claim(*, claim: Claim, actor: Actor) -> Claim:
    """Take a refusal back: the claim waits to be verified again, and the claimant is told.

    Raises:
        Refused: not refused, the actor may not settle it, or the claimant has claimed again meanwhile
            (`claimed_again`).
    """
    check(actor, "businesses.settle_claim", claim)
    take_turn(claim.business.organization_id)
    row = CLAIM.move(claim, "reopen", actor=actor)
    row.settled_at = row.settled_by = None
    row.reason = ""
    row.save(update_fields=["settled_at", "settled_by", "reason"])
    emails.claim_reopened(row)
    return row


@transaction.atomic
def withdraw_claim(*, claim: Claim, actor: Actor) -> Claim:
    """The claimant takes the claim back, or an officer does for them.

    Raises:
        Refused: not open any more (`StaleMove`), or neither the claimant nor the desk.
    """
    check(actor, "businesses.withdraw_claim", claim)
    row = CLAIM.move(claim, "withdraw", actor=actor)
    _settle(row, actor)
    return row


def _settle(claim: Claim, by: Actor, **fields: str) -> None:
    claim.settled_at = clock.now()
    claim.settled_by = account_of(by)
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save(update_fields=["settled_at", "settled_by", *fields])
