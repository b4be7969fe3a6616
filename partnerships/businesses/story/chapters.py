"""What the registry writes into a business's story: claims, and what was changed."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access import refusal, visible
from core.models import AuditEntry
from core.pages.components import TimelineEntry
from core.pages.story import (
    LONGEST,
    Chapter,
)
from partnerships.businesses.models import (
    Business,
    Claim,
    Organization,
)

CHANGES = {
    "businesses.organization_changed": gettext_lazy("Organization changed"),
    "businesses.organization_apply": gettext_lazy("Became an applicant"),
    "businesses.organization_stand_back": gettext_lazy("Is a prospect again"),
    "businesses.organization_fall_back": gettext_lazy("Is lapsed again"),
    "businesses.organization_become_partner": gettext_lazy("Became a partner"),
    "businesses.organization_renew": gettext_lazy("Partnership renewed"),
    "businesses.organization_suspend": gettext_lazy("Partnership suspended"),
    "businesses.organization_reinstate": gettext_lazy("Partner again after a suspension"),
    "businesses.organization_lapse": gettext_lazy("Partnership lapsed"),
    "businesses.organization_end": gettext_lazy("Partnership ended"),
    "businesses.business_added": gettext_lazy("Added to the registry"),
    "businesses.business_changed": gettext_lazy("Profile changed"),
    "businesses.business_merged": gettext_lazy("Another record was merged into it"),
    "businesses.organization_gathered": gettext_lazy("Places of another organization were gathered here"),
    "businesses.merge_undone": gettext_lazy("A merge was undone"),
    "businesses.business_listed": gettext_lazy("Listed in the public directory"),
    "businesses.business_unlisted": gettext_lazy("Taken out of the public directory"),
}
TONES = {"become_partner": "good", "renew": "good", "reinstate": "good", "suspend": "bad", "end": "bad"}


def changes(place: Business, user: Any) -> Iterator[TimelineEntry]:
    """What was changed on a place, on its organization, and how these stand."""
    # The audit itself is for administrators. Who sees a place sees what was changed on it: what, who, which
    # fields.
    if refusal(user, "core.write_desk") is not None:
        return
    labels = {
        f.name: str(getattr(f, "verbose_name", f.name))
        for f in (*Organization._meta.get_fields(), *Business._meta.get_fields())
    }
    of_place = AuditEntry.objects.filter(target_type="businesses.business", target_id=str(place.pk))
    of_whole = AuditEntry.objects.filter(
        target_type="businesses.organization", target_id=str(place.organization_id)
    )
    for entry in (of_place | of_whole).filter(verb__in=CHANGES).order_by("-pk")[:LONGEST]:
        fields = [labels.get(name, name) for name in entry.changed]
        told = entry.verb.endswith("_changed") and fields
        named = get_text_list(fields[:4], _("and")) if len(fields) <= 4 else ngettext(
            "%(n)d field", "%(n)d fields", len(fields)
        ) % {"n": len(fields)}  # fmt: skip
        yield TimelineEntry(
            str(CHANGES[entry.verb]),
            when=entry.at,
            text=f"· {named}" if told else "",
            detail=entry.actor_label if entry.actor_id else "",
            tone=TONES.get(entry.verb.rpartition("organization_")[2], "neutral"),
        )


def _claims(place: Business, user: Any) -> Iterator[TimelineEntry]:
    for claim in visible(Claim, user).filter(business=place).select_related("user", "settled_by")[:LONGEST]:
        yield TimelineEntry(_("Claimed"), when=claim.created_at, detail=claim.user.display_name, tone="info")
        if claim.settled_at is not None:
            yield TimelineEntry(
                _("Claim: %(state)s") % {"state": claim.get_status_display()},
                when=claim.settled_at,
                detail=claim.settled_by.display_name if claim.settled_by else "",
                tone="good" if claim.status == "verified" else "neutral",
            )


CHAPTERS = (
    Chapter("vetting", gettext_lazy("Vetting"), _claims, order=10),
    Chapter("changes", gettext_lazy("Changes"), changes, order=90),
)
