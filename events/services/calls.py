"""The calls that the desk makes to those who have no address."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import account_of
from core import audit, clock, edits
from core.access import Actor, Refusal, Refused, check
from events.models import PhoneCall


@transaction.atomic
def mark_called(*, call: PhoneCall, actor: Actor) -> PhoneCall:
    """Note that someone told a party by phone. Once more changes nothing: the first who called stands.

    Args:
        call: as the page showed it.
        actor: who called.

    Raises:
        Refused: the actor may not, or there is other news by now, so that the call stands for too little.
    """
    check(actor, "events.run_event", call.registration.event)
    # One statement: what replaces the call meanwhile waits for it, or leaves it nothing to mark.
    open_still = PhoneCall.objects.filter(pk=call.pk, done_at=None)
    marked = open_still.update(done_at=clock.now(), done_by=account_of(actor))
    row = PhoneCall.objects.select_related("registration").filter(pk=call.pk).first()
    if row is None:
        sentence = _("There is newer news for %(name)s. Call again.")
        raise Refused(Refusal(edits.STALE, sentence % {"name": call.registration.name}))
    if marked:
        audit.record("events.called", row.registration, actor=actor, changed=["calls"], detail=row.news)
    return row
