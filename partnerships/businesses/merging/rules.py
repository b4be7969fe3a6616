"""Whether two records can be merged now, and which of them stays."""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import rooms
from core.access import Refusal
from partnerships.businesses.models import Business, MemberRole, Membership, Organization, Standing

# What must not be lost by a merge: whoever has more of it stays.
WEIGHT = {
    Standing.PROSPECT: 0,
    Standing.LAPSED: 1,
    Standing.ENDED: 2,
    Standing.APPLICANT: 3,
    Standing.PARTNER: 4,
    Standing.SUSPENDED: 5,
}
SAME = Refusal("same", _("This is one and the same record."))
GONE = Refusal("merged", _("One of the two was merged already. See its page."))
SEVERAL = Refusal(
    "several_places",
    _(
        "Both organizations have several places of business. Gather them under one organization first, "
        "then merge the two places."
    ),
)
OTHER_WAY = Refusal(
    "other_way", _("The other organization has several places of business. Keep the record there.")
)
TWO_OWNERS = Refusal(
    "two_owners",
    _(
        "Each of the two has owners of its own. Call them; once one of them speaks for both, "
        "by a claim or an invitation, merge then."
    ),
)


def weaker(kept: Organization, gone: Organization) -> Refusal | None:
    """Whether what would be given up stands higher with the department than what would stay."""
    if WEIGHT[Standing(kept.standing)] >= WEIGHT[Standing(gone.standing)]:
        return None
    return Refusal(
        "weaker",
        _t("%(name)s is “%(standing)s”. Keep that record, so that its standing is not lost.")
        % {"name": gone.name, "standing": gone.get_standing_display()},
    )


def may_gather(kept: Organization, gone: Organization) -> Refusal | None:
    """Why the places of one organization can't go under another now; `None` when they can."""
    if kept.pk == gone.pk:
        return SAME
    if kept.merged_into_id or gone.merged_into_id:
        return GONE
    return next(_in_the_way(kept, gone), None)


def may_merge(kept: Business, gone: Business) -> Refusal | None:
    """Why one place can't be merged into another now; `None` when it can.

    Args:
        kept, gone: with their organizations at hand.
    """
    if kept.pk == gone.pk:
        return SAME
    if kept.merged_into_id or gone.merged_into_id:
        return GONE
    if kept.organization_id == gone.organization_id:
        return None
    if gone.organization.sites.exclude(pk=gone.pk).exists():
        return SEVERAL if kept.organization.sites.exclude(pk=kept.pk).exists() else OTHER_WAY
    return may_gather(kept.organization, gone.organization)


def _in_the_way(kept: Organization, gone: Organization) -> Iterator[Refusal]:
    if (found := weaker(kept, gone)) is not None:
        yield found
    owners = Membership.objects.filter(role=MemberRole.OWNER)
    theirs, others = (
        set(owners.filter(organization=each).values_list("user", flat=True)) for each in (kept, gone)
    )
    if theirs and others and not theirs & others:
        yield TWO_OWNERS
    for _room, ask in rooms.offered("movers", "in_the_way"):
        yield from ask(kept.pk, gone.pk)


def better_first(one: Business, other: Business) -> tuple[Business, Business]:
    """Which of two places is rather kept: by standing, by the places beside it, by what is known, by age."""

    def weight(place: Business) -> tuple[int, int, int, int]:
        known = sum(
            bool(value) for value in (place.phone, place.website, place.email_on_record, place.street)
        )
        beside = place.organization.sites.count() > 1
        return WEIGHT[Standing(place.organization.standing)], int(beside), known, -place.pk

    return (one, other) if weight(one) >= weight(other) else (other, one)
