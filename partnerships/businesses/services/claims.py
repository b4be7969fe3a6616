"""Claims: someone says that a business is theirs, and the desk settles it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.access import Refusal, Refused, check
from partnerships.businesses import emails
from partnerships.businesses.models import Business, Claim, MemberRole, Membership
from partnerships.businesses.workflow import CLAIM

from .people import join


@transaction.atomic
def claim_business(*, business: Business, user: Any, note: str = "") -> Claim:
    """Say "this is my business". The same open or verified claim given twice is one.

    Raises:
        Refused: not a member, or someone else is already verified for it.
    """
    check(user, "businesses.claim_business")
    Business.objects.select_for_update().get(pk=business.pk)
    mine = Claim.objects.filter(business=business, user=user, status__in=["claimed", "verified"]).first()
    if mine is not None:
        return mine
    if Membership.objects.filter(organization=business.organization_id).exclude(user=user).exists():
        raise Refused(
            Refusal(
                "taken",
                _("Someone already speaks for this business. Ask them to invite you, or call your officer."),
            )
        )
    claim = Claim(business=business, user=user, note=note)
    claim.stamp(user)
    claim.save()
    audit.record("businesses.claim_made", claim, actor=user)
    return claim


@transaction.atomic
def verify_claim(
    *,
    claim: Claim,
    actor: Any,
    all_sites: bool | None = None,
    sites: Iterable[Business] = (),
    method: str = "officer",
) -> Claim:
    """The claimant does speak for the business: they become an owner.

    Args:
        claim: an open claim.
        actor: the officer; `None` when a code mailed to the address on record was typed.
        all_sites: whether they speak for every place of the organization; by default only where it has one.
        sites: other places of the organization that they speak for as well.
        method: how it was verified, a short code.

    Raises:
        Refused: not open any more (`StaleMove`), or the actor may not settle it.
    """
    check(actor, "businesses.settle_claim", claim)
    return settle_as_verified(claim=claim, by=actor, all_sites=all_sites, sites=sites, method=method)


@transaction.atomic
def settle_as_verified(
    *,
    claim: Claim,
    by: Any,
    all_sites: bool | None = None,
    sites: Iterable[Business] = (),
    method: str = "officer",
) -> Claim:
    """As `verify_claim`, for a step that was permitted on what the claim belongs to: an application.

    The move still asks that `by` settles claims, and not their own.
    """
    row = CLAIM.move(claim, "verify", actor=by)
    _settle(row, by, method=method)
    organization = row.business.organization
    if all_sites is None:
        all_sites = organization.sites.count() == 1
    join(
        organization=organization,
        user=row.user,
        role=MemberRole.OWNER,
        sites=None if all_sites else list({each.pk: each for each in (row.business, *sites)}.values()),
        by=by,
    )
    emails.claim_verified(row)
    return row


@transaction.atomic
def refuse_claim(*, claim: Claim, actor: Any, reason: str) -> Claim:
    """The claimant does not speak for the business; `reason` is told to them.

    Raises:
        Refused: not open any more (`StaleMove`), or the actor may not settle it.
    """
    check(actor, "businesses.settle_claim", claim)
    return settle_as_refused(claim=claim, by=actor, reason=reason)


@transaction.atomic
def settle_as_refused(*, claim: Claim, by: Any, reason: str) -> Claim:
    """As `refuse_claim`, for a step that was permitted on what the claim belongs to: an application."""
    row = CLAIM.move(claim, "refuse", actor=by)
    _settle(row, by, reason=reason)
    emails.claim_refused(row)
    return row


@transaction.atomic
def withdraw_claim(*, claim: Claim, actor: Any) -> Claim:
    """The claimant takes the claim back.

    Raises:
        Refused: not open any more (`StaleMove`), or not theirs.
    """
    check(actor, "businesses.withdraw_claim", claim)
    row = CLAIM.move(claim, "withdraw", actor=actor)
    _settle(row, actor)
    return row


def _settle(claim: Claim, by: Any, **fields: str) -> None:
    claim.settled_at = clock.now()
    claim.settled_by = by
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save(update_fields=["settled_at", "settled_by", *fields])
