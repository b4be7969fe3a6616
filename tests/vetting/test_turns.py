"""Two people work on two applications of one organization at once: nobody's work is undone by a deadlock.

The order of locks stands in docs/decisions/0093; `tests/access/test_lock_order.py` holds services to it.
"""

import pytest
from django.db import OperationalError, transaction

from core.workflow import StaleMove
from partnerships.businesses.imports import statements
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import AreaShape, Business, Organization
from partnerships.businesses.services import refuse_claim
from partnerships.vetting import services
from partnerships.vetting.models import Application
from tests.businesses.files import PRESET, row, write
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory
from tests.factories.businesses import BeatFactory
from tests.racing import in_line

pytestmark = pytest.mark.django_db(transaction=True)
AROUND = {
    "type": "Polygon",
    "coordinates": [[[-88.0, 41.8], [-87.0, 41.8], [-87.0, 41.9], [-88.0, 41.9], [-88.0, 41.8]]],
}


def two_of_one_organization():
    """One that was sent under a claim that was refused, and a draft that sets it aside when it is sent."""
    sent = vetting.submitted()
    refuse_claim(claim=sent.applicant.claims.get(), actor=None, reason="Bring the lease.")
    draft = vetting.draft(business=sent.sites.get())
    held = Organization.objects.filter(pk=sent.organization_id)
    return sent, draft, held


def send(draft):
    return lambda: services.submit_application(application=draft, actor=draft.applicant)


def withdraw(sent):
    supervisor = SupervisorFactory()
    return lambda: services.withdraw_application(application=sent, actor=supervisor)


def test_one_is_sent_while_another_of_the_organization_is_withdrawn():
    sent, draft, held = two_of_one_organization()
    done, late = in_line(held, send(draft), withdraw(sent))
    assert done.status == "submitted"
    assert isinstance(late, StaleMove)  # it was set aside a moment ago


def test_one_is_withdrawn_while_another_of_the_organization_is_sent():
    sent, draft, held = two_of_one_organization()
    done, after = in_line(held, withdraw(sent), send(draft))
    assert done.status == "withdrawn"
    assert after.status == "submitted"
    assert held.get().standing == "applicant"


def test_who_locks_the_application_first_would_end_in_a_deadlock():
    """The negative control: one of the two loses what they did."""
    sent, draft, held = two_of_one_organization()
    turn = withdraw(sent)

    def careless():
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=sent.pk)
            return turn()

    found = [each for each in in_line(held, send(draft), careless) if isinstance(each, OperationalError)]
    assert len(found) == 1
    assert "deadlock detected" in str(found[0])


def free_while_an_import_waits(tmp_path):
    """Whether a place can be locked while an import that moves it stands before its organization."""
    preset = load_preset(PRESET)
    import_businesses(write(tmp_path / "first.csv", [row()]), preset, actor=None)
    place = Business.objects.get(organization__account_number="100")
    AreaShape.objects.create(area=BeatFactory(), geometry=AROUND)
    moved = write(tmp_path / "second.csv", [row(latitude="41.85")])
    held = Organization.objects.filter(pk=place.organization_id)
    free = []

    def look():
        with transaction.atomic():
            free.extend(Business.objects.select_for_update(skip_locked=True).filter(pk=place.pk))
        with transaction.atomic():
            return held.select_for_update().get()

    report, _looked = in_line(held, lambda: import_businesses(moved, preset, actor=None), look)
    assert report.updated == 1, report
    place.refresh_from_db()
    assert place.area is not None
    return bool(free)


def test_an_import_waits_for_an_organization_before_it_touches_a_place_of_it(tmp_path):
    assert free_while_an_import_waits(tmp_path)


def test_without_its_turn_an_import_would_hold_the_place_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setattr(statements, "TURNS", "SELECT 1")
    assert not free_while_an_import_waits(tmp_path)
