"""Dates, times and numbers in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from core import clock, words

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # noon in Chicago
CHICAGO = ZoneInfo("America/Chicago")
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def noon_in_chicago():
    with clock.at(NOW), timezone.override(CHICAGO):
        yield


def test_a_day_is_told_as_a_sentence_a_list_or_an_invitation_needs_it():
    day = date(2026, 3, 5)
    assert words.day(day) == "March 5, 2026"
    assert words.day(day, "short") == "Mar 5"
    assert words.day(day, "long") == "Thursday, March 5, 2026"
    assert (words.weekday(day), words.weekday(day, "short")) == ("Thursday", "Thu")
    assert (words.month(day), words.month(day, "short"), words.month(day, "bare")) == (
        "March 2026", "Mar 2026", "Mar",
    )  # fmt: skip


def test_a_short_day_has_its_year_when_it_is_another_one():
    assert words.day(date(2025, 12, 31), "short") == "Dec 31, 2025"
    assert words.day(date(2027, 1, 1), "short") == "Jan 1, 2027"
    # The year of the reader: in Chicago it is still 2026.
    with clock.at(datetime(2027, 1, 1, 3, tzinfo=UTC)):
        assert words.day(date(2026, 12, 31), "short") == "Dec 31"


def test_a_style_that_does_not_exist_is_the_callers_mistake():
    for told in (words.day, words.weekday, words.month):
        with pytest.raises(KeyError):
            told(date(2026, 3, 5), "shrot")


def test_a_moment_falls_on_the_day_and_the_hour_of_its_zone():
    late = datetime(2026, 11, 25, 3, 5, tzinfo=UTC)
    assert words.moment(late) == "November 24, 2026, 9:05 p.m."
    assert words.moment(late, named=True) == "November 24, 2026, 9:05 p.m. CST"
    assert words.moment(late, zone=TOKYO, named=True) == "November 25, 2026, 12:05 p.m. JST"
    assert words.day(late, zone=TOKYO) == "November 25, 2026"
    assert words.weekday(late, zone=TOKYO) == "Wednesday"
    assert words.month(datetime(2026, 12, 1, 2, tzinfo=UTC)) == "November 2026"


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "12:00 a.m."), (1, "1:00 a.m."), (12, "12:00 p.m."), (23, "11:00 p.m.")]
)
def test_midnight_and_noon_are_twelve(hour, said):
    assert words.clock(datetime(2026, 3, 5, hour, tzinfo=CHICAGO)) == said
    assert words.clock(time(hour)) == said


def test_a_span_says_the_day_once_and_the_second_one_if_there_is_one():
    start = datetime(2026, 11, 24, 18, tzinfo=CHICAGO)
    assert words.span(start, start + timedelta(hours=2)) == (
        "Tuesday, November 24, 2026, 6:00 p.m. to 8:00 p.m. CST"
    )
    assert words.span(start, start + timedelta(hours=6)) == (
        "Tuesday, November 24, 2026, 6:00 p.m. to midnight CST"
    )
    assert words.span(start, start + timedelta(hours=30)) == (
        "Tuesday, November 24, 2026, 6:00 p.m. to Wednesday, November 25, 2026, midnight CST"
    )
    assert words.span(start, start + timedelta(hours=7)) == (
        "Tuesday, November 24, 2026, 6:00 p.m. to Wednesday, November 25, 2026, 1:00 a.m. CST"
    )
    assert words.span(start) == "Tuesday, November 24, 2026, 6:00 p.m. CST"
    assert words.span(start, start + timedelta(hours=2), zone=TOKYO) == (
        "Wednesday, November 25, 2026, 9:00 a.m. to 11:00 a.m. JST"
    )


def test_a_span_across_a_change_of_the_clocks_names_both_zones():
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 12:30 a.m.; at 2:00 a.m. it is 1:00 a.m. again
    assert words.span(start, start + timedelta(hours=2)) == (
        "Sunday, November 1, 2026, 12:30 a.m. CDT to 1:30 a.m. CST"
    )
    start = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 1:30 a.m.; there is no 2:30 a.m.
    assert words.span(start, start + timedelta(hours=1)) == (
        "Sunday, March 8, 2026, 1:30 a.m. CST to 3:30 a.m. CDT"
    )


def test_the_hour_that_comes_twice_is_told_apart_by_its_zone():
    first = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert words.clock(first, named=True) == "1:30 a.m. CDT"
    assert words.clock(first + timedelta(hours=1), named=True) == "1:30 a.m. CST"


def test_numbers_have_separators_and_other_things_their_text():
    assert [words.number(each) for each in (9506, 12, 1234567, 0, -4200, None, "x", True)] == [
        "9,506", "12", "1,234,567", "0", "-4,200", "", "x", "True",
    ]  # fmt: skip
    noun = ("business", "businesses")
    assert [words.count(each, noun) for each in (0, 1, 2, 1204)] == [
        "0 businesses", "1 business", "2 businesses", "1,204 businesses",
    ]  # fmt: skip
    assert [words.spelled(each) for each in (1, 2, 9, 10, 1000)] == ["1", "two", "nine", "10", "1,000"]


def test_nothing_is_said_of_nothing():
    assert [words.day(None), words.weekday(None), words.month(None)] == ["", "", ""]
    assert [words.clock(None), words.moment(None), words.span(None), words.ago(None)] == ["", "", "", ""]


def test_a_mark_of_a_page_says_what_the_plain_word_says():
    at, later = NOW + timedelta(days=40), NOW + timedelta(days=40, hours=30)
    known = {"at": at, "later": later}

    def draw(source):
        html = Template("{% load ui %}" + source).render(Context(known))
        return html.replace("</time>", "").partition(">")[2] if "<time" in html else html

    for style in ("", "short", "long"):
        assert (
            draw(f"{{% day at '{style}' %}}") == words.day(at, style) == draw(f"{{{{ at|day:'{style}' }}}}")
        )
    assert draw("{% clock at %}") == words.clock(at) == draw("{{ at|clock }}")
    assert draw("{% moment at %}") == words.moment(at) == draw("{{ at|moment }}")
    assert draw("{% moment at zone=True %}") == words.moment(at, named=True)
    assert draw("{% ago at %}") == words.ago(at)
    first, last = words.span(at, later).split(" to ")
    drawn = draw("{% span at later %}").split(" to ")
    assert drawn[0] == first
    assert drawn[1].endswith(f">{last}")
