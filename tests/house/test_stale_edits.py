"""A form whose row changed in between is refused, says by whom, and keeps what was typed."""

import pytest

from core.mail.models import ReminderRule
from core.pages.edit import VersionedModelForm
from tests.factories.accounts import AdminFactory

pytestmark = pytest.mark.django_db


class RuleForm(VersionedModelForm):
    class Meta:
        model = ReminderRule
        fields = ("amount", "look_back_days")


@pytest.fixture
def row():
    return ReminderRule.objects.get(key="event-day-before")


def shown(row):
    """The version hidden in the form that a page shows."""
    return RuleForm(instance=row)["version"].value()


def posted(row, **values):
    fresh = ReminderRule.objects.get(pk=row.pk)
    return RuleForm({"amount": "5", "look_back_days": "1", **values}, instance=fresh)


def someone_else(row):
    other = ReminderRule.objects.get(pk=row.pk)
    other.amount = 9
    other.stamp(AdminFactory(full_name="Pat Quick"))
    other.save()


def test_a_fresh_form_is_saved(row):
    form = posted(row, version=shown(row))
    assert form.is_valid()
    assert form.save().amount == 5


def test_a_stale_form_is_refused_names_who_changed_it_and_keeps_the_text(row):
    version = shown(row)
    someone_else(row)
    form = posted(row, version=version)
    assert not form.is_valid()
    assert form.conflict.sentence.startswith("Changed by Pat Quick at ")
    assert form["amount"].value() == "5"
    assert ReminderRule.objects.get(pk=row.pk).amount == 9


def test_saving_once_more_after_the_warning_replaces_the_change(row):
    version = shown(row)
    someone_else(row)
    warned = posted(row, version=version)
    assert not warned.is_valid()
    again = posted(row, version=warned["version"].value())
    assert again.is_valid()


@pytest.mark.parametrize("version", ["", "nonsense", "W10:forged:signature"])
def test_a_version_that_is_missing_or_forged_counts_as_stale(row, version):
    assert not posted(row, version=version).is_valid()


def test_the_version_of_another_row_does_not_pass(row):
    other = ReminderRule.objects.get(key="event-day-after")
    assert not posted(row, version=shown(other)).is_valid()


def test_a_new_row_needs_no_version():
    class NewForm(VersionedModelForm):
        class Meta:
            model = ReminderRule
            fields = ("key", "source", "amount", "unit", "direction", "look_back_days")

    values = {"key": "new", "source": "x", "amount": 1, "unit": "days", "direction": "before"}
    assert NewForm({**values, "look_back_days": 1}).is_valid()
