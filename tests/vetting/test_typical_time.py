"""The figure of the public home: how long an answer typically takes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from partnerships.vetting.models import Application
from partnerships.vetting.story.figures import figures
from tests.factories import vetting

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("America/Chicago"))


def decided(days: int, ago: int = 0) -> None:
    """An application that waited so many days, and was answered so many weeks before the Monday."""
    one = vetting.submitted()
    at = MONDAY - timedelta(weeks=ago)
    Application.objects.filter(pk=one.pk).update(first_submitted_at=at - timedelta(days=days), decided_at=at)


@time_machine.travel(MONDAY, tick=False)
def test_the_typical_time_is_the_median_of_the_latest_decisions_and_older_ones_do_not_count(monkeypatch):
    monkeypatch.setitem(figures.__globals__, "LATEST", 5)
    for _ in range(5):
        decided(7)
    for _ in range(6):
        decided(42, ago=4)
    assert [str(each.figure) for each in figures()] == ["5 working days"]


@time_machine.travel(MONDAY, tick=False)
def test_four_decisions_say_nothing_about_what_is_typical():
    for _ in range(4):
        decided(7)
    assert not list(figures())
