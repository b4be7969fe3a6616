"""The tag library: words, dates and small marks."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # noon in Chicago


@pytest.fixture(autouse=True)
def noon_in_chicago():
    with time_machine.travel(NOW, tick=False), timezone.override("America/Chicago"):
        yield


def draw(source: str, **values) -> str:
    return Template("{% load i18n ui %}" + source).render(Context(values))


def test_clock_is_written_the_us_way():
    assert ">12:00 p.m.<" in draw("{% clock at %}", at=NOW)
    assert ">6:05 a.m. CST<" in draw("{% clock at zone=True %}", at=datetime(2026, 11, 24, 12, 5, tzinfo=UTC))


def test_evening_in_utc_is_still_the_departments_day():
    assert "November 24, 2026" in draw("{% day at %}", at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC))


def test_short_date_names_the_year_only_when_it_is_another_one():
    assert ">Nov 27<" in draw("{% day at 'short' %}", at=date(2026, 11, 27))
    assert ">Nov 27, 2025<" in draw("{% day at 'short' %}", at=date(2025, 11, 27))


def test_span_names_the_zone_once_and_the_second_day_only_if_there_is_one():
    html = draw("{% span a b %}", a=NOW, b=NOW + timedelta(hours=2))
    assert "Tuesday, November 24, 2026, 12:00 p.m." in html
    assert ">2:00 p.m. CST<" in html
    assert html.count("November") == 1
    assert "Wednesday, November 25" in draw("{% span a b %}", a=NOW, b=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(hours=-3), "3 hours ago"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(days=-90), "3 months ago"),
        (timedelta(days=-800), "2 years ago"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(days=2), "in 2 days"),
    ],
)
def test_ago_says_how_long_with_the_full_date_behind_it(delta, words):
    html = draw("{% ago at %}", at=NOW + delta)
    assert f">{words}<" in html
    assert 'title="' in html


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-4, "Nov 20, 4 days late", "bad"),
        (-1, "Nov 23, 1 day late", "bad"),
        (0, "Today", "warn"),
        (1, "Tomorrow", "warn"),
        (3, "Nov 27", "neutral"),
    ],
)
def test_due_date_says_late_in_words_and_in_red(days, words, tone):
    html = draw("{% due at %}", at=date(2026, 11, 24) + timedelta(days=days))
    assert f">{words}<" in html
    assert f"tag--{tone}" in html


def test_nothing_is_drawn_for_a_date_that_is_missing():
    source = "{% day x %}{% clock x %}{% moment x %}{% ago x %}{% due x %}{% date_block x %}{% span x %}"
    assert draw(source, x=None) == ""


def test_unknown_tone_can_not_break_out_of_the_class():
    assert 'class="tag tag--neutral"' in draw("{% tag 'x' tone %}", tone='"><script>')


@pytest.mark.parametrize(
    "source",
    [
        "{% tag evil %}",
        "{% tag evil evil %}",
        "{% card evil %}{{ evil }}{% endcard %}",
        "{% alert 'info' evil %}{{ evil }}{% endalert %}",
        "{% tiles %}{% tile evil evil 'bad' evil %}{% endtiles %}",
        "{% facts %}{% fact evil sub=evil %}{{ evil }}{% endfact %}{% endfacts %}",
        "{% rows %}{% row title=evil url=evil sub=evil %}{{ evil }}{% endrow %}{% endrows %}",
        "{% breadcrumbs evil '/' evil %}",
        "{% refused evil evil %}",
        "{% post_button evil evil name=evil value=evil %}",
        "{% icon 'check' label=evil %}",
        "{{ evil|tail }}",
    ],
)
def test_hostile_text_stays_text(source):
    html = draw(source, evil='"><img src=x onerror=alert(1)>')
    assert "<img" not in html


def test_wrapper_is_left_out_around_nothing():
    assert draw("{% wrap 'div' 'x' %}  \n {% endwrap %}") == ""
    assert draw("{% wrap 'div' 'x' %} a {% endwrap %}") == '<div class="x">a</div>'


def test_breadcrumbs_link_all_but_this_page():
    html = draw("{% breadcrumbs 'Events' '/desk/events/' 'Workshop' %}")
    assert html.count("<a ") == 1
    assert '<li aria-current="page">Workshop</li>' in html


def test_number_has_separators():
    assert draw("{{ n|number }}", n=9506) == "9,506"


def test_post_button_carries_the_token_of_the_page():
    assert 'name="csrfmiddlewaretoken" value="TOKEN"' in draw(
        "{% post_button '/x/' 'Go' %}", csrf_token="TOKEN"
    )


def test_step_indicator_says_where_it_stands():
    steps = [
        {"label": "Account", "state": "done"},
        {"label": "Profile", "state": "current"},
        {"label": "Send", "state": "todo"},
    ]
    html = draw('{% include "components/steps.html" with steps=steps only %}', steps=steps)
    assert "Step 2 of 3" in html
    assert html.count('aria-current="step"') == 1
