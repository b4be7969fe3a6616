"""Where replies go: to the lead officer of the business, else to the department."""

import pytest

from core.mail.desk.steps import resend
from core.mail.models import OutgoingMail
from core.mail.outbox import queueing
from core.mail.outbox.sending import drain
from core.mail.purposes import Category
from core.models import Department
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BusinessFactory
from tests.factories.core import draft, mail

pytestmark = pytest.mark.django_db


def led_by(name, email="dana@city.example"):
    """An organization whose lead officer has this name."""
    organization = BusinessFactory().organization
    organization.lead_officer = OfficerFactory(full_name=name, email=email)
    organization.save()
    return organization


def test_a_reply_goes_to_the_lead_officer_of_the_business(sink):
    mail(organization_id=led_by("Dana Reyes").pk)
    drain()
    (message,) = sink.received
    assert message["Reply-To"].addresses[0].addr_spec == "dana@city.example"
    assert message["Reply-To"].addresses[0].display_name == "Officer Dana Reyes"


@pytest.mark.parametrize("case", ["no organization", "no officer", "officer left", "sign-in mail"])
def test_else_a_reply_goes_to_the_department(sink, case):
    organization = led_by("Dana Reyes")
    changes = {"organization_id": organization.pk}
    if case == "no organization":
        changes = {}
    elif case == "no officer":
        changes = {"organization_id": BusinessFactory().organization_id}
    elif case == "officer left":
        organization.lead_officer.is_active = False
        organization.lead_officer.save()
    else:
        changes["category"] = Category.SECURITY
    mail(**changes)
    drain()
    (message,) = sink.received
    assert [each.addr_spec for each in message["Reply-To"].addresses] == [Department.current().email]


@pytest.mark.parametrize(
    "name",
    [
        "Dana\r\nBcc: victim@people.example",
        'Dana" <victim@people.example>, "x',
        "Dana, victim@people.example",
        "Dana <victim@people.example>",
        "Дана 👮 Рейес " * 10,
        "\u2028Dana\x1f\x85",
        "D" * 140,
    ],
)
def test_an_officers_odd_name_adds_no_header_and_no_second_address(sink, name):
    row = mail(organization_id=led_by(name).pk)
    assert len(row.reply_to) <= 320
    assert drain().sent == 1
    (message,) = sink.received
    assert message["Bcc"] is None
    assert len(message.get_all("Reply-To")) == 1
    assert [each.addr_spec for each in message["Reply-To"].addresses] == ["dana@city.example"]


def test_a_batch_asks_once_for_all_its_organizations(django_assert_max_num_queries):
    organizations = [led_by("Dana Reyes", f"dana{n}@city.example") for n in range(20)]
    with django_assert_max_num_queries(12) as one:
        queueing.insert([draft(organization_id=organizations[0].pk)])
    with django_assert_max_num_queries(len(one)):
        queueing.insert([draft(organization_id=each.pk) for each in organizations])
    assert OutgoingMail.objects.exclude(reply_to="").count() == 21


def test_a_mail_that_is_sent_again_goes_back_to_who_is_in_charge_now(sink):
    organization = led_by("Dana Reyes")
    row = mail(organization_id=organization.pk)
    drain()
    row.refresh_from_db()
    organization.lead_officer = OfficerFactory(full_name="Sam Stone", email="sam@city.example")
    organization.save()
    copy = resend(mail=row, actor=SupervisorFactory())
    assert copy.reply_to == "Officer Sam Stone <sam@city.example>"
    assert row.reply_to == "Officer Dana Reyes <dana@city.example>"


def test_an_officer_does_not_answer_themselves():
    organization = led_by("Dana Reyes")
    row = mail(organization_id=organization.pk, to=organization.lead_officer.email.upper())
    assert row.reply_to == ""
