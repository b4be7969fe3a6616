"""One row for every change, login, denial and reading of vetting material: field names, never their text."""

from collections.abc import Iterable

from django.db.models import Model

from core.access import Actor

from . import context
from .models import AuditEntry


def record(
    verb: str,
    target: Model | None = None,
    *,
    actor: Actor = None,
    changed: Iterable[str] = (),
    detail: str = "",
) -> AuditEntry:
    """Write one audit row in the transaction of the change it tells of.

    Args:
        verb: what was done, in the past tense with its room: `vetting.application_submitted`.
        target: the row it was done to, if any.
        actor: the user; without one the request's user, else the system.
        changed: names of the changed fields.
        detail: a short code that explains (a reason code, a state); never free text or a secret.
    """
    here = context.current()
    actor_id = here.actor_id if actor is None else actor.pk
    label = here.actor_label if actor is None else getattr(actor, "display_name", str(actor))
    return AuditEntry.objects.create(
        verb=verb,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        actor_id=actor_id,
        actor_label=label[:200],
        changed=sorted(changed),
        detail=detail[:200],
        address=here.address or None,
        request_id=here.request_id,
    )
