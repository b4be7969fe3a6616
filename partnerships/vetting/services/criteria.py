"""New versions of the selection criteria: copy, edit in the admin, publish."""

from django.db import transaction
from django.db.models import Max
from django.forms.models import model_to_dict

from core import audit, clock
from core.access import Actor, check
from partnerships.vetting.models import CriteriaVersion, SelectionCriterion
from partnerships.vetting.workflow import CRITERIA

COPIED = (
    "title", "threshold", "validity_months", "promise_working_days", "full_track_above_sites",
    "reviewers_basic", "reviewers_full",
)  # fmt: skip


@transaction.atomic
def copy_criteria(*, version: CriteriaVersion, actor: Actor) -> CriteriaVersion:
    """Make a draft with the next number from an existing version.

    Raises:
        Refused: not an admin.
    """
    check(actor, "vetting.edit_criteria", version)
    highest = CriteriaVersion.objects.select_for_update().order_by("-number")[:1].get().number
    highest = CriteriaVersion.objects.aggregate(top=Max("number"))["top"] or highest
    draft = CriteriaVersion(number=highest + 1, **{name: getattr(version, name) for name in COPIED})
    draft.stamp(actor)
    draft.save()
    for each in version.criteria.all():
        words = model_to_dict(each, exclude=["id", "version"])
        SelectionCriterion.objects.create(version=draft, **words)
    audit.record("vetting.criteria_copied", draft, actor=actor, detail=f"from {version.number}")
    return draft


@transaction.atomic
def publish_criteria(*, version: CriteriaVersion, actor: Actor) -> CriteriaVersion:
    """Publish a draft; the version published before retires. Open applications stay under theirs.

    Raises:
        StaleMove: it is no draft.
        Refused: not an admin, the weights do not make 100 percent, or an anchor is missing.
    """
    check(actor, "vetting.edit_criteria", version)
    for before in (
        CriteriaVersion.objects.select_for_update().filter(status="published").exclude(pk=version.pk)
    ):
        CRITERIA.move(before, "retire", actor=actor)
    row = CRITERIA.move(version, "publish", actor=actor)
    row.published_at = clock.now()
    row.save(update_fields=["published_at"])
    return row
