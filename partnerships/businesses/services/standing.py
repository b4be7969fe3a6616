"""The one way to change how an organization stands."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.access import Actor, Refusal, Refused, check
from partnerships.businesses.models import Organization, Standing
from partnerships.businesses.workflow import STANDING

from .turns import take_turn


@transaction.atomic
def set_standing(
    *, organization: Organization, standing: str, actor: Actor, since: date | None = None
) -> Organization:
    """Move an organization to a standing; its places of business follow in the same transaction.

    Args:
        organization: the one that moves. Its row is read again under a lock.
        standing: a value of `Standing`. The present one is no change and no error.
        actor: who does it; `None` for the system.
        since: for a partner, the first day of the partnership; today by default, kept when renewed.

    Returns:
        The row as it is now.

    Raises:
        Refused: the actor may not, or no move leads from the present standing to the one asked for.
    """
    check(actor, "businesses.set_standing", organization)
    return move_standing(organization=organization, standing=standing, by=actor, since=since)


@transaction.atomic
def move_standing(
    *, organization: Organization, standing: str, by: Actor, since: date | None = None
) -> Organization:
    """What follows for the standing from a step that was permitted, such as a decision. Else `set_standing`.

    Args:
        organization, standing, since: as for `set_standing`.
        by: who took the step, for the record.

    Raises:
        Refused: no move leads from the present standing to the one asked for.
    """
    row = take_turn(organization.pk)
    if row.standing != standing:
        step = next(
            (each for each in STANDING.moves if each.target == standing and row.standing in each.sources),
            None,
        )
        if step is None:
            raise Refused(
                Refusal(
                    "no_such_move",
                    _("An organization can't go from “%(old)s” to “%(new)s”.")
                    % {"old": row.get_standing_display(), "new": Standing(standing).label},
                )
            )
        row = STANDING.move(row, step.name, actor=by)
    if standing == Standing.PARTNER and (since or row.partner_since is None):
        row.partner_since = since or clock.today()
        row.save(update_fields=["partner_since"])
    return row


def stand_back(*, organization: Organization, by: Actor) -> Organization:
    """After a withdrawn or declined application: an applicant is again what it was before.

    That is lapsed for a former partner, else prospect. Any other standing stays. `by` is for the record.
    """
    row = Organization.objects.get(pk=organization.pk)
    if row.standing != Standing.APPLICANT:
        return row
    before = Standing.LAPSED if row.partner_since else Standing.PROSPECT
    return move_standing(organization=row, standing=before, by=by)
