"""Each status column moves along a table that the database holds too; a check names one that does not."""

import pgtrigger
import pytest
from django.core import checks as system_checks
from django.db import transaction

from config import checks
from partnerships.businesses.models import Business
from partnerships.vetting.models import Condition
from tests.factories import vetting


def named():
    return [(each.id, each.msg.split()[0]) for each in checks.statuses_are_held(None)]


def test_every_status_of_the_house_is_held_and_the_check_runs_with_the_others():
    assert named() == []
    assert checks.statuses_are_held in system_checks.registry.registry.get_checks()


def test_a_table_that_nobody_held_is_named(monkeypatch):
    left = [pair for pair in pgtrigger.registered() if pair[0] is not Condition]
    monkeypatch.setattr(pgtrigger, "registered", lambda: left)
    assert named() == [("config.E001", "vetting.Condition.status")]


def test_an_exception_for_a_column_that_is_gone_is_named(monkeypatch):
    monkeypatch.setitem(checks.HELD_OTHERWISE, "vetting.Review.status", "gone")
    assert named() == [("config.E002", "vetting.Review.status")]


@pytest.mark.django_db
class TestInTheDatabase:
    """What the check takes for granted of the tables it passes."""

    def test_a_closed_condition_is_not_opened_again(self):
        condition = vetting.decided("approved_with_conditions").conditions.get()
        Condition.objects.filter(pk=condition.pk).update(status="met")
        with pytest.raises(Exception, match="transition"), transaction.atomic():
            Condition.objects.filter(pk=condition.pk).update(status="open")

    def test_a_condition_begins_open(self):
        application = vetting.decided("approved_with_conditions")
        with pytest.raises(Exception, match="begin"), transaction.atomic():
            application.conditions.create(text="Late", due_on="2027-01-01", status="waived")

    def test_the_copy_of_a_standing_is_overwritten_by_its_trigger(self):
        business = vetting.decided("approved").sites.get()
        Business.objects.filter(pk=business.pk).update(standing="ended")
        business.refresh_from_db()
        assert business.standing == business.organization.standing == "partner"
