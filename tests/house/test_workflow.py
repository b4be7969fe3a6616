"""Moves: source, guard, change, audit and effect are one; the database holds the same table."""

import pytest
from django.db import transaction

from core.access import Refusal, Refused
from core.models import AuditEntry
from core.workflow import Move, StaleMove, Workflow
from partnerships.vetting.models import Application
from partnerships.vetting.workflow import APPLICATION
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory

pytestmark = pytest.mark.django_db
NO = Refusal("closed", "We are closed today.")


def table(**more):
    """A workflow of one move that the database permits too."""
    move = Move("withdraw", sources=("submitted",), target="withdrawn", **more)
    return Workflow(Application, start=("draft",), moves=(move,))


@pytest.fixture
def application():
    row = vetting.submitted()
    row.refresh_from_db()
    return row


def untouched(application, entries):
    return (
        Application.objects.get(pk=application.pk).status == "submitted"
        and AuditEntry.objects.count() == entries
    )


def test_a_move_changes_the_row_stamps_it_and_leaves_one_audit_row(application):
    actor, before = SupervisorFactory(), AuditEntry.objects.count()
    row = table().move(application, "withdraw", actor=actor)
    assert row.status == "withdrawn"
    assert row.updated_by_name == actor.display_name
    assert AuditEntry.objects.count() == before + 1
    entry = AuditEntry.objects.first()
    assert entry.verb == "vetting.application_withdraw"
    assert entry.changed == ["status"]
    assert entry.detail == "submitted → withdrawn"


def test_a_guard_refuses_with_its_sentence_and_nothing_changes(application):
    entries = AuditEntry.objects.count()
    with pytest.raises(Refused, match="closed today") as caught:
        table(guard=lambda user, row: NO).move(application, "withdraw", actor=None)
    assert caught.value.refusal.code == "closed"
    assert untouched(application, entries)


def test_an_effect_that_fails_takes_everything_back(application):
    entries = AuditEntry.objects.count()

    def effect(row, *, actor):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        table(effect=effect).move(application, "withdraw", actor=None)
    assert untouched(application, entries)


def test_guard_and_effect_get_what_the_move_was_given(application):
    seen = {}

    def guard(user, row, *, reason):
        seen["guard"] = (row.pk, reason)

    def effect(row, *, actor, reason):
        seen["effect"] = (row.status, reason)

    table(guard=guard, effect=effect).move(application, "withdraw", actor=None, reason="moved away")
    assert seen == {"guard": (application.pk, "moved away"), "effect": ("withdrawn", "moved away")}


def test_a_move_on_an_old_copy_is_refused_and_names_who_was_quicker(application):
    first, second = SupervisorFactory(full_name="Ana Quick"), SupervisorFactory()
    table().move(application, "withdraw", actor=first)
    with pytest.raises(StaleMove, match="Ana Quick") as caught:
        table().move(application, "withdraw", actor=second)
    assert caught.value.refusal.code == "stale"


def test_available_moves_come_with_what_blocks_them(application):
    ((move, blocked),) = table(guard=lambda user, row: NO).available(application, None)
    assert (move.name, blocked) == ("withdraw", NO)
    application.status = "approved"
    assert table().available(application, None) == []


def test_the_database_refuses_an_update_that_is_not_in_the_table(application):
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(status="approved")
    application.status = "approved"
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        application.save()


def test_the_database_permits_an_update_of_other_columns(application):
    assert Application.objects.filter(pk=application.pk).update(updated_by_name="Someone") == 1


def test_the_database_refuses_a_row_that_begins_past_the_start(application):
    with pytest.raises(Exception, match="begin"), transaction.atomic():
        Application.objects.bulk_create(
            [Application(organization=application.organization, status="approved")]
        )


def test_the_table_and_the_trigger_hold_the_same_moves():
    fsm = APPLICATION.triggers()[0]
    table = {(source, move.target) for move in APPLICATION.moves for source in move.sources}
    assert set(map(tuple, fsm.transitions)) == table


def test_a_table_tells_the_owner_something_in_every_state_or_in_none():
    with pytest.raises(ValueError, match="withdrawn"):
        table_telling({"draft": "Not sent yet"})
    with pytest.raises(ValueError, match="lost"):
        table_telling({"draft": "Not sent yet", "withdrawn": "Taken back", "lost": "Gone"})
    found = table_telling({"draft": "Not sent yet", "withdrawn": "Taken back"})
    assert found.tells(Application(status="withdrawn")) == "Taken back"


def table_telling(told):
    move = Move("withdraw", sources=("draft",), target="withdrawn")
    return Workflow(Application, start=("draft",), moves=(move,), told=told)
