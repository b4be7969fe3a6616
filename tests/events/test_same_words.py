"""The mail and the pages of an event say the same time in the same words."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from core import clock, words
from core.models import Department
from events import services
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db

CASES = [
    # zone, start in it, hours, what everyone reads
    ("America/Chicago", (2027, 3, 5, 17, 30), 2, "Friday, March 5, 2027, 5:30 p.m. to 7:30 p.m. CST"),
    ("America/Chicago", (2027, 7, 1, 12, 0), 1, "Thursday, July 1, 2027, 12:00 p.m. to 1:00 p.m. CDT"),
    (
        "America/Chicago", (2027, 7, 1, 23, 0), 1,
        "Thursday, July 1, 2027, 11:00 p.m. to midnight CDT",
    ),
    # The clocks change during it: back in November, ahead in March.
    ("America/Chicago", (2027, 11, 7, 0, 0), 3, "Sunday, November 7, 2027, 12:00 a.m. CDT to 2:00 a.m. CST"),
    ("America/Chicago", (2027, 3, 14, 1, 0), 2, "Sunday, March 14, 2027, 1:00 a.m. CST to 4:00 a.m. CDT"),
    ("Pacific/Honolulu", (2027, 3, 5, 17, 30), 2, "Friday, March 5, 2027, 5:30 p.m. to 7:30 p.m. HST"),
]  # fmt: skip


def read(html: str) -> str:
    """What a person reads of a page or a mail."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(?:br|/?p|/?li)\b[^>]*>", " ", html))).split())


@pytest.mark.parametrize(("zone", "start", "hours", "said"), CASES)
def test_page_and_mail_of_a_place_say_the_same_time(desk, client, mails, zone, start, hours, said):
    Department.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    here = ZoneInfo(zone)
    starts = datetime(*start, tzinfo=here).astimezone(UTC)
    event = EventFactory(starts_at=starts, ends_at=starts + timedelta(hours=hours))
    with timezone.override("Asia/Tokyo"):  # where whoever causes a mail happens to be
        registration = place(event, notify=True)
    [mail] = mails("registered")
    for told in (" ".join(mail.text.split()), read(mail.html)):
        assert said in told
    for page in (
        reverse("public:event", args=[event.slug]),
        reverse("public:registration", args=[registration.token]),
        reverse("desk:event", args=[event.pk]),
    ):
        assert said in read(desk.get(page).content.decode()), page
    assert said == words.span(event.starts_at, event.ends_at, zone=here)


def test_a_mail_about_another_time_says_the_old_one_as_the_page_said_it(officer, client, mails):
    event = EventFactory(starts_at=datetime(2027, 11, 7, 5, tzinfo=UTC))  # midnight in Chicago
    place(event, notify=True)
    page = reverse("public:event", args=[event.slug])
    before = words.span(event.starts_at, event.ends_at, zone=ZoneInfo("America/Chicago"))
    assert before in read(client.get(page).content.decode())
    moved = event.starts_at + timedelta(days=1)
    with clock.at(clock.now()):
        services.update_event(event=event, actor=officer, starts_at=moved, ends_at=moved + timedelta(hours=2))
    [mail] = mails("moved")
    after = words.span(moved, moved + timedelta(hours=2), zone=ZoneInfo("America/Chicago"))
    assert before in " ".join(mail.text.split())
    assert after in " ".join(mail.text.split())
    assert after in read(client.get(page).content.decode())
