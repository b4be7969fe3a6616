"""What this room tells of a business."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from core.access import visible
from core.pages.components import TimelineEntry
from core.pages.story import LONGEST, Chapter
from partnerships.businesses.models import Business

from .models import Loan


def _chapter(place: Business, user: Any) -> Iterator[TimelineEntry]:
    for each in visible(Loan, user).filter(business=place)[:LONGEST]:
        day = timezone.make_aware(datetime.combine(each.due_on, time()))
        yield TimelineEntry(f"Has our {each.title}", when=day, tone=each.tone, url=each.get_absolute_url())


CHAPTERS = (Chapter("tools", "Tools", _chapter),)
