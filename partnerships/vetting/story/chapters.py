"""What vetting writes into a business's story."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import visible
from core.pages.components import TimelineEntry
from core.pages.story import Chapter
from partnerships.businesses.models import Business
from partnerships.vetting import sentences
from partnerships.vetting.models import Application

EARLIER_TOLD = 3


def _chapter(place: Business, user: Any) -> Iterator[TimelineEntry]:
    rows = (
        visible(Application, user)
        .filter(organization=place.organization_id)
        .select_related("applicant", "assisted_by", "submitted_by", "visited_by")
        .order_by("-pk")[:EARLIER_TOLD]
    )
    for number, application in enumerate(rows):
        if number == 0:
            yield from sentences.desk_timeline(application)
        elif application.decided_at or application.withdrawn_at:
            yield TimelineEntry(
                _("Earlier application: %(outcome)s") % {"outcome": application.get_status_display()},
                when=application.decided_at or application.withdrawn_at,
                url=reverse("desk:application", args=[application.pk]),
            )


CHAPTERS = (Chapter("vetting", gettext_lazy("Vetting"), _chapter, order=10),)
