"""What waits for someone at the department can't be stopped, says so, and stays apart from what can be."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from core.mail import consents, suppressions
from core.mail import links as mail_links
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.outbox import catalog
from core.mail.outbox.relay import build
from core.mail.purposes import Purpose
from core.mail.reader import preferences
from core.mail.reminders import plan, sources
from core.mail.reminders.upcoming import upcoming
from core.models import Department
from partnerships.businesses.models import Membership
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import (
    BeatFactory,
    BusinessFactory,
    ClaimFactory,
    DistrictAssignmentFactory,
)
from tests.factories.core import mail
from tests.factories.events import EventFactory, morning, place
from tests.factories.reminders import due, local, mail_to, rules_hold

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 2)
FOOT = "It is part of your work at the department and can’t be switched off."


def day(count, hour=8):
    return local(MONDAY + timedelta(days=count), hour)


def _led():
    """A place of business with a lead officer."""
    return BusinessFactory(area=BeatFactory(), organization__lead_officer=OfficerFactory())


def stop(address):
    consents.record(
        address=address, purpose=Purpose.REMINDERS, given=False, how="preferences", wording="Stop"
    )


def claims(officer, number=1):
    """Claims that wait for an officer, since the Monday."""
    rules_hold("claim-waiting")
    area = BeatFactory()
    DistrictAssignmentFactory(user=officer, area=area.parent)
    with clock.at(day(0, 10)):
        return [ClaimFactory(user=UserFactory(), business=BusinessFactory(area=area)) for _ in range(number)]


def headers(row):
    return build(row, Department.current()).message()


def test_an_officer_who_stopped_reminders_still_gets_what_waits_for_them():
    officer = OfficerFactory()
    claims(officer)
    stop(officer.email)
    assert due(day(3)) == [("claim-waiting", officer.email)]
    row = mail_to(officer.email, "businesses/claim_waiting")
    assert (row.category, row.purpose) == ("reminder", "service")
    for body in (row.text, row.html):
        assert FOOT in body
        assert "This is a service message" not in body


def test_such_a_mail_has_no_header_and_no_link_that_stops_it_and_another_reminder_has_both():
    officer = OfficerFactory()
    claims(officer)
    due(day(3))
    row = mail_to(officer.email, "businesses/claim_waiting")
    assert "List-Unsubscribe" not in headers(row)
    assert "List-Unsubscribe-Post" not in headers(row)
    link = reverse("public:unsubscribe", args=[mail_links.one_click_token(row)])
    assert Client().post(link, {"List-Unsubscribe": "One-Click"}).status_code == 404
    rules_hold("draft-unsent")
    with clock.at(day(0, 10)):
        application = vetting.draft(business=BusinessFactory())
    due(day(3))
    other = mail_to(application.applicant.email, "vetting/draft_reminder")
    assert headers(other)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert FOOT not in other.text


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("vetting.action", vetting.action_needed),
        ("vetting.approval", vetting.decided),
        ("vetting.condition", partial(vetting.decided, "approved_with_conditions")),
    ],
)
def test_the_officer_who_calls_in_an_owners_place_cant_stop_it_and_the_owner_can(source, made):
    lead = OfficerFactory()
    with clock.at(day(0, 10)):
        silent, owned = (
            made(business=BusinessFactory(organization__lead_officer=lead)) for _each in range(2)
        )
    silent.applicant.is_active = False
    silent.applicant.save()
    Membership.objects.filter(organization=silent.organization).delete()
    found = sources()[source].find()
    assert {each.to: each.duty for each in found} == {lead.email: True, owned.applicant.email: False}


def test_one_day_brings_an_officer_two_mails_one_of_which_can_be_stopped():
    officer = OfficerFactory()
    event = EventFactory(starts_at=day(4, 12))
    with clock.at(day(-4)):
        place(event, "Dana", email=officer.email)
    claims(officer, 2)
    rules_hold("claim-waiting", "event-day-before")
    OutgoingMail.objects.all().delete()
    assert morning(event) == day(3)
    with clock.at(day(3)):
        plan()
    duty, own = OutgoingMail.objects.filter(to__iexact=officer.email).order_by("-purpose")
    assert (duty.template, duty.purpose, duty.reminders.count()) == ("mail/digest", "service", 2)
    assert (own.template, own.purpose, own.reminders.count()) == ("events/reminder", "reminders", 1)
    assert duty.why.startswith("You get this because this waits for you at the department.")
    for form in (duty.text, duty.html):
        assert "This waits for you at the department:" in form
        assert "These dates concern you" not in form
    assert "List-Unsubscribe" in headers(own)
    assert "List-Unsubscribe" not in headers(duty)


def test_an_address_that_bounces_gets_none_and_a_complaint_does_not_stop_the_work():
    lost, cross = OfficerFactory(), OfficerFactory()
    claims(lost)
    claims(cross)
    suppressions.bounced(address=lost.email, detail="550 5.1.1 No such user")
    suppressions.complained(address=cross.email, detail="")
    assert due(day(3)) == [("claim-waiting", cross.email)]
    assert Reminder.objects.get(to=lost.email).dropped == Reminder.Dropped.SUPPRESSED


def test_the_admins_preview_counts_who_can_not_stop_it_as_reached():
    officer = OfficerFactory()
    claims(officer)
    stop(officer.email)
    rule = ReminderRule.objects.get(key="claim-waiting")
    found = upcoming(rule, sources()[rule.source], now=day(1))
    assert found.unreached == 0
    assert found.total == len(found.rows) > 0


def test_the_mails_about_duty_are_those_of_the_sources_that_say_so():
    """Every kind that says so in the table is service there; the sources that only the desk reads say so."""
    duty = {name for name, kind in catalog().items() if kind.duty}
    assert duty == {"businesses/claim_waiting", "vetting/promise", "vetting/condition_overdue"}
    assert {catalog()[name].purpose for name in duty} == {Purpose.SERVICE}
    with clock.at(day(0, 10)):
        vetting.submitted(business=_led())
        vetting.decided("approved_with_conditions", business=_led())
    claims(OfficerFactory())
    for source in sources().values():
        found = list(source.find())
        assert found or source.template not in duty, source.key
        assert {each.duty for each in found} <= {source.template in duty}, source.key


def test_the_page_of_choices_tells_of_duty_behind_such_a_mail_and_to_who_works_here_alone(client):
    officer, owner = OfficerFactory(), UserFactory()
    claims(officer)
    due(day(3))
    for row, told in (
        (mail_to(officer.email, "businesses/claim_waiting"), True),
        (mail(to=officer.email), False),
        (mail(to=officer.email, category="reminder"), False),
    ):
        page = client.get(mail_links.page_path(row)).content.decode()
        assert (str(preferences.DUTY) in page) is told
    for user, told in ((officer, True), (owner, False)):
        page = sign_in(Client(), user).get(reverse("account_mail")).content.decode()
        assert (str(preferences.DUTY) in page) is told
