"""What of this room follows when a business or an organization is merged, and what stands in the way."""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import Refusal
from core.moving import Follows

from .choices import Status
from .models import Application

FOLLOWS = (
    Follows("vetting.Application.sites", _("place of an application"), _("places of applications")),
    # One that went on since belongs to whoever's standing it moved.
    Follows("vetting.Application.organization", _("application"), _("applications"), stays_changed=True),
)
TWO_RUN = Refusal(
    "two_applications",
    _("Both have an application under way. Decide one of them, or have it withdrawn, and merge then."),
)


def in_the_way(kept: int, gone: int) -> Iterator[Refusal]:
    """Why two organizations can't be merged now.

    Args:
        kept, gone: their numbers.
    """
    rows = Application.objects.open().filter(organization__in=(kept, gone)).select_related("applicant")
    found = list(rows.order_by("pk"))
    sent = {each.organization_id for each in found if each.status != Status.DRAFT}
    if len(sent) == 2:
        yield TWO_RUN
    drafts: dict[int | None, set[int]] = {}
    for each in found:
        if each.status == Status.DRAFT:
            drafts.setdefault(each.applicant_id, set()).add(each.organization_id)
            if len(drafts[each.applicant_id]) == 2:
                who = each.applicant.display_name if each.applicant else _t("an officer")
                yield Refusal(
                    "two_drafts",
                    _t("Both have a draft by %(name)s. Have one of the two withdrawn, and merge then.")
                    % {"name": who},
                )
