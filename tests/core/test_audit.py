"""The audit: one row for a change, none for a change that failed, and nobody rewrites it."""

import pytest
from django.db import transaction

from core import audit, context
from core.models import AuditEntry, Department
from tests.factories.accounts import AdminFactory, OfficerFactory

pytestmark = pytest.mark.django_db


def test_a_row_says_who_what_where_and_which_fields_but_no_values():
    officer = OfficerFactory(full_name="Dana Reyes")
    department = Department.objects.create(pk=1, name="Secret name")
    with context.acting(address="192.0.2.7", request_id="abc"):
        audit.record("core.department_changed", department, actor=officer, changed=["name", "email"])
    entry = AuditEntry.objects.get()
    assert entry.actor_label == "Officer Dana Reyes"
    assert entry.actor_id == officer.pk
    assert (entry.target_type, entry.target_id) == ("core.department", "1")
    assert entry.changed == ["email", "name"]
    assert (entry.address, entry.request_id) == ("192.0.2.7", "abc")
    assert "Secret name" not in str(vars(entry))


def test_without_an_actor_it_was_whoever_asked_else_the_system():
    with context.acting(actor_id=5, actor_label="Ann"):
        assert audit.record("core.test").actor_label == "Ann"
    assert audit.record("core.test").actor_label == "system"


def test_a_failed_write_leaves_no_row():
    def change_that_fails() -> None:
        with transaction.atomic():
            audit.record("core.test")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(verb="core.other"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["verb"]),
        lambda entry: entry.save(),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(tamper):
    entry = audit.record("core.test")
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        tamper(entry)
    assert AuditEntry.objects.get().verb == "core.test"


def test_only_admins_see_it():
    audit.record("core.test")
    assert AuditEntry.objects.visible_to(AdminFactory()).exists()
    assert not AuditEntry.objects.visible_to(OfficerFactory()).exists()
