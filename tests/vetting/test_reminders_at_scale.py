"""Each source asks the database as often for fifty rows as for one, and its mail reads well in a digest."""

from datetime import timedelta

import pgtrigger
import pytest

from core import clock
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.reminders import sources
from core.models import Department
from partnerships.businesses.models import Organization
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BeatFactory, BusinessFactory
from tests.factories.reminders import due, found_by, local, rules_hold

pytestmark = pytest.mark.django_db
MOST = 9  # queries of one look, the department's row among them


def copies(application, count):
    """The same application again for other organizations of one place each, with its reviews and the rest."""
    children = [*application.reviews.all(), *application.action_requests.all(), *application.conditions.all()]
    decisions = list(application.decisions.all())
    standing, lead = application.organization.standing, application.organization.lead_officer
    places = [BusinessFactory(standing=standing, area=BeatFactory()) for _ in range(count)]
    Organization.objects.filter(sites__in=places).update(lead_officer=lead)
    with pgtrigger.ignore():
        for place in places:
            again = Application.objects.get(pk=application.pk)
            again.pk, again.organization = None, place.organization
            again.save(force_insert=True)
            for child in [*children, *decisions]:
                child.pk, child.application = None, again
                child.save(force_insert=True)


def without_address(**given):
    """Approved with a condition, and of an owner without email: the longest of the ways."""
    application = vetting.decided("approved_with_conditions", **given)
    Application.objects.filter(pk=application.pk).update(applicant=None, assisted_by=OfficerFactory())
    application.applicant.memberships.all().delete()
    application.refresh_from_db()
    return application


@pytest.mark.parametrize(
    ("key", "made"),
    [
        ("vetting.draft", vetting.draft),
        ("vetting.action", vetting.action_needed),
        ("vetting.promise", vetting.in_review),
        ("vetting.promise", vetting.reviewed),
        ("vetting.promise", vetting.submitted),
        ("vetting.approval", vetting.decided),
        ("vetting.approval", without_address),
        ("vetting.condition", without_address),
        ("vetting.condition_desk", without_address),
    ],
)
def test_fifty_rows_take_as_many_queries_as_one(key, made):
    lead = OfficerFactory()
    SupervisorFactory()
    application = made(business=BusinessFactory(area=BeatFactory()))
    Organization.objects.filter(pk=application.organization_id).update(lead_officer=lead)
    application = Application.objects.get(pk=application.pk)
    one, queries = found_by(key)
    copies(application, 49)
    many, again = found_by(key)
    assert (len(many), again) == (50 * len(one), queries)
    assert one
    assert queries <= MOST
    source = sources()[key]
    rule = ReminderRule.objects.filter(source=key)[0]
    assert all(source.notice(rule, each, Department.current().zone).text for each in many)


def test_an_officers_applications_come_in_one_mail_with_a_line_each():
    rules_hold("promise-near")
    officer = OfficerFactory()
    with clock.at(local(clock.today(), 10)):
        first, second = (vetting.in_review(reviewers=[officer]) for _ in range(2))
    assert len(due(local(first.promised_on - timedelta(days=2)))) == 2
    mail = OutgoingMail.objects.get(template="mail/digest")
    assert mail.to == officer.email
    for each in (first, second):
        assert f"Application of {each.organization.name}" in mail.text
        assert f"/desk/applications/{each.pk}/" in mail.text
    assert mail.text.count("Your review is not in yet.") == 2
    assert set(Reminder.objects.values_list("mail", flat=True)) == {mail.pk}
