"""Services that change a row which people edit refuse an older version, and unknown fields, all alike."""

import pytest

from accounts import services as accounts
from core import edits
from core.access import Refused
from core.mail import wording
from core.mail.models import MailWording, ReminderRule
from core.mail.reminders import change_rule
from core.words import moment
from events import services as events
from partnerships.businesses import services as businesses
from partnerships.vetting import services as vetting
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.businesses import BusinessFactory, ContactFactory
from tests.factories.events import EventFactory
from tests.factories.vetting import draft

pytestmark = pytest.mark.django_db


def _changes():
    """Every service that changes a stamped row, with something new to say."""
    admin = AdminFactory(full_name="Kim Park")
    business, user, contact = BusinessFactory(), UserFactory(), ContactFactory()
    wording.make_rows()
    return admin, [
        (business, businesses.update_business, "business", {"name": "Theirs"}),
        (business.organization, businesses.update_organization, "organization", {"name": "Theirs"}),
        (contact, businesses.update_contact, "contact", {"name": "Theirs"}),
        (EventFactory(), events.update_event, "event", {"title": "Theirs"}),
        (MailWording.objects.first(), wording.change_wording, "wording", {"before": "Hi.", "after": ""}),
        (user, accounts.update_user, "user", {"changes": {"full_name": "Theirs"}}),
    ]


def test_every_service_tells_who_changed_it_and_when_in_the_same_words():
    kim, changes = _changes()
    for row, service, name, values in changes:
        seen = row.updated_at
        now = service(actor=kim, **{name: row}, **values)
        with pytest.raises(Refused) as refused:
            service(actor=kim, seen=seen, **{name: row}, **values)
        when = moment(now.updated_at).rstrip(".")
        assert refused.value.refusal.code == edits.STALE
        assert str(refused.value).startswith(f"Changed by Kim Park at {when}. Your text is kept below.")


def test_every_service_refuses_an_unknown_field_in_the_same_way():
    admin, changes = _changes()
    for row, service, name, _values in changes:
        if service is wording.change_wording:
            continue  # it names its two fields
        unknown = {"changes": {"pk": 1}} if service is accounts.update_user else {"pk": 1}
        with pytest.raises(TypeError, match="Not to be written here: pk"):
            service(actor=admin, **{name: row}, **unknown)
    with pytest.raises(TypeError, match="Not to be written here: key"):
        change_rule(rule=ReminderRule.objects.first(), actor=admin, changes={"key": "x"})


def test_a_step_of_the_wizard_writes_no_other_field():
    application = draft()
    with pytest.raises(TypeError, match="declared_true"):
        vetting.save_step(
            application=application, actor=application.applicant, values={"declared_true": True}
        )
