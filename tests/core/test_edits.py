"""One way to change a row that people edit: nothing unknown is written, nobody is overwritten unseen."""

import pytest

from core import edits
from core.access import Refused
from core.mail.models import ReminderRule
from core.models import AuditEntry
from tests.factories.accounts import AdminFactory

pytestmark = pytest.mark.django_db
ALLOWED = ("amount", "look_back_days", "active")


@pytest.fixture
def row():
    return ReminderRule.objects.get(key="event-day-before")


def change(row, fields, **options):
    return edits.change(row, fields, allowed=ALLOWED, verb="core.tried", **{"by": None, **options})


def test_what_changed_is_written_stamped_and_on_record(row):
    kim, before = AdminFactory(full_name="Kim Park"), row.updated_at
    assert change(row, {"amount": 9, "active": row.active}, by=kim) == {"amount"}
    now = ReminderRule.objects.get(pk=row.pk)
    assert (now.amount, now.updated_by_name) == (9, "Kim Park")
    assert now.updated_at == row.updated_at > before
    entry = AuditEntry.objects.get(verb="core.tried")
    assert (entry.changed, entry.actor_id, entry.target_id) == (["amount"], kim.pk, str(row.pk))


def test_nothing_is_written_when_nothing_changed(row):
    before = row.updated_at
    assert change(row, {"amount": row.amount}) == set()
    assert ReminderRule.objects.get(pk=row.pk).updated_at == before
    assert not AuditEntry.objects.exists()


def test_columns_that_nobody_changed_are_not_written(row):
    """What another way wrote in between, past the version, stands."""
    ReminderRule.objects.filter(pk=row.pk).update(look_back_days=9)
    change(row, {"amount": 9})
    assert ReminderRule.objects.get(pk=row.pk).look_back_days == 9


def test_a_field_that_is_not_to_be_written_is_the_callers_mistake(row):
    with pytest.raises(TypeError, match="key, source"):
        change(row, {"source": "x", "key": "y", "amount": 1})


def test_an_older_version_is_refused_with_the_name_of_who_was_quicker(row):
    seen = row.updated_at
    change(row, {"amount": 9}, by=AdminFactory(full_name="Pat Quick"))
    with pytest.raises(Refused, match=r"^Changed by Pat Quick at ") as refused:
        change(row, {"amount": 5}, seen=seen)
    assert refused.value.refusal.code == edits.STALE


def test_a_row_that_was_not_locked_gives_way_to_whoever_was_quicker(row):
    slow = ReminderRule.objects.get(pk=row.pk)
    change(row, {"amount": 9}, by=AdminFactory(full_name="Pat Quick"))
    with pytest.raises(Refused, match="Changed by Pat Quick"):
        change(slow, {"amount": 5}, seen=slow.updated_at)
    assert ReminderRule.objects.get(pk=row.pk).amount == 9
    assert AuditEntry.objects.filter(verb="core.tried").count() == 1


def test_what_follows_from_a_change_is_written_with_it_and_recorded_where_it_is_editable(row):
    def settle(row, changed):
        assert changed == {"amount"}
        row.active, row.key = False, "other"
        return ["answers"]

    assert change(row, {"amount": 9}, settle=settle) == {"amount", "active", "answers"}
    now = ReminderRule.objects.get(pk=row.pk)
    assert (now.active, now.key) == (False, "other")


def test_what_changed_beside_the_row_stamps_it_as_well(row):
    before = row.updated_at
    assert change(row, {}, settle=lambda row, changed: ["answers"]) == {"answers"}
    assert ReminderRule.objects.get(pk=row.pk).updated_at > before
