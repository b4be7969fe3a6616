"""A day and a time typed in a night when the clocks change: said in words, and never guessed."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.urls import get_resolver
from django.utils import timezone

from core.pages.moments import MomentField, MomentInput, both, gap
from tests.factories.accounts import AdminFactory

SPRING, AUTUMN = "2027-03-14T02:30", "2027-11-07T01:30"


class MeetingForm(forms.Form):
    at = MomentField(label="When")


def form(at, fold=""):
    data = QueryDict(mutable=True)
    data.update({"at": at, **({"at_fold": fold} if fold else {})})
    return MeetingForm(data)


@pytest.fixture(autouse=True)
def _in_chicago():
    with timezone.override("America/Chicago"):
        yield


def test_the_hour_that_is_left_out_is_named():
    found = form(SPRING)
    assert found.errors["at"] == [
        "On March 14, 2027 the clocks go forward from 2:00 a.m. to 3:00 a.m., so 2:30 a.m. does not exist. "
        "Write a time before or after."
    ]
    assert f'value="{SPRING}"' in str(found["at"])
    assert "radio" not in str(found["at"])


def test_an_hour_that_comes_twice_is_offered_as_the_first_and_the_second():
    found = form(AUTUMN)
    assert found.errors["at"] == [
        "On November 7, 2027 the clocks go back, so 1:30 a.m. comes twice. Choose which one is meant."
    ]
    page = str(found["at"])
    assert f'value="{AUTUMN}"' in page
    assert re.findall(r'name="at_fold"\s+value="(\d)"', page) == ["0", "1"]
    assert "The first, 1:30 a.m. CDT" in page
    assert "The second, 1:30 a.m. CST" in page
    assert "checked" not in page


@pytest.mark.parametrize(("fold", "hour"), [("0", 6), ("1", 7)])
def test_the_one_that_was_chosen_is_taken_and_drawn_again(fold, hour):
    found = form(AUTUMN, fold)
    assert found.is_valid()
    moment = found.cleaned_data["at"]
    assert moment.astimezone(UTC) == datetime(2027, 11, 7, hour, 30, tzinfo=UTC)
    again = MeetingForm(initial={"at": moment})
    assert re.search(rf'value="{fold}"\s+checked', str(again["at"]))
    assert not MeetingForm(found.data, initial={"at": moment}).has_changed()


@pytest.mark.parametrize(
    "at", ["2027-11-07T00:59", "2027-11-07T02:00", "2027-03-14T03:00", "2027-06-01T01:30"]
)
def test_on_every_other_time_nothing_is_asked(at):
    found = form(at, "1")  # a choice left over from another time
    assert found.is_valid()
    assert timezone.localtime(found.cleaned_data["at"]).strftime("%Y-%m-%dT%H:%M") == at
    assert "radio" not in str(found["at"])


@pytest.mark.parametrize(
    ("zone", "naive", "bounds"),
    [
        ("America/New_York", (2027, 3, 14, 2, 1), ((2, 0), (3, 0))),
        ("Europe/Berlin", (2027, 3, 28, 2, 59), ((2, 0), (3, 0))),
        ("Australia/Lord_Howe", (2027, 10, 3, 2, 10), ((2, 0), (2, 30))),  # half an hour
        ("America/Santiago", (2027, 9, 5, 0, 30), ((0, 0), (1, 0))),  # at midnight, in the south
        ("America/Phoenix", (2027, 3, 14, 2, 30), None),
    ],
)
def test_what_is_left_out_is_right_in_other_zones(zone, naive, bounds):
    found = gap(datetime(*naive), ZoneInfo(zone))  # noqa: DTZ001  (a time on the clock)
    assert (found and tuple((each.hour, each.minute) for each in found)) == bounds


def test_what_comes_twice_is_right_in_other_zones():
    twice = datetime(2027, 4, 4, 1, 45)  # noqa: DTZ001  (a time on the clock)
    first, second = both(twice, ZoneInfo("Australia/Lord_Howe"))
    assert (second.astimezone(UTC) - first.astimezone(UTC)).total_seconds() == 1800
    assert both(twice, ZoneInfo("America/Phoenix")) is None


@pytest.mark.parametrize("typed", ["nonsense", "2027-13-01T10:00", "1", " 1", "2027-11-07T01:30 1 1"])
def test_what_is_no_time_is_answered_in_words(typed):
    with pytest.raises(ValidationError, match="Write a day and a time, such as"):
        MomentField().clean(typed)


def every_form(start=forms.BaseForm):
    for each in start.__subclasses__():
        yield each
        yield from every_form(each)


def fields_for_moments(classes):
    return {
        f"{each.__module__}.{each.__qualname__}.{name}": field
        for each in classes
        for name, field in getattr(each, "base_fields", {}).items()
        if isinstance(field, forms.DateTimeField | forms.SplitDateTimeField)
    }


@pytest.mark.django_db
def test_every_form_of_the_product_asks_for_a_moment_this_way_the_admins_too(rf):
    assert get_resolver().url_patterns  # every room's forms are loaded
    request = rf.get("/admin/")
    request.user = AdminFactory()
    ours = [
        each
        for each in every_form()
        if each.__module__.startswith(("core.", "accounts.", "events.", "partnerships."))
    ]
    found = fields_for_moments(ours)
    assert "events.forms.EventForm.starts_at" in found
    strange = [
        name
        for name, field in found.items()
        if not isinstance(field, MomentField) or not isinstance(field.widget, MomentInput)
    ]
    assert strange == []
    columns = [
        (each, column)
        for model, each in admin.site._registry.items()
        for column in model._meta.fields
        if isinstance(column, models.DateTimeField) and column.editable
    ]
    assert columns  # none is open for changes today; one that is opened asks this way
    for each, column in columns:
        assert isinstance(each.formfield_for_dbfield(column, request), MomentField), column
