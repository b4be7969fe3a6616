"""Addresses that mail leaves alone: what makes one, what it holds back, and how it is lifted."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from core.access import Refused
from core.mail import consents, suppressions
from core.mail.desk.steps import STEPS, StepForm
from core.mail.models import Consent, OutgoingMail, Suppression
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Purpose, Status
from core.mail.suppressions import nobody_there
from core.models import AuditEntry
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import (
    AreaFactory,
    BusinessFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.core import mail

pytestmark = pytest.mark.django_db


def held(address):
    return list(Suppression.objects.filter(address=address, lifted_at=None).values_list("reason", flat=True))


def agreed(**changes):
    """A mail to someone who agreed to newsletters and reminders."""
    row = mail(**changes)
    for purpose in (Purpose.NEWSLETTERS, Purpose.REMINDERS):
        consents.record(address=row.to, purpose=purpose, given=True, how="form", wording="Yes.")
    return row


@pytest.mark.parametrize(
    ("words", "at_recipient", "expected"),
    [
        ("550 5.1.1 No such user", True, True),
        ("550 5.1.1 No such user", False, True),
        ("550-5.1.1 The email account that you tried to reach does not exist", True, True),
        ("550 5.1.2 Host unknown", True, True),
        ("551 5.1.6 Recipient has moved", True, True),
        ("556 5.1.10 Recipient domain has a null MX", True, True),
        ("550 5.2.1 The mailbox is disabled", True, True),
        ("552 5.2.2 Mailbox full", True, False),
        ("550 5.7.1 Message rejected as spam", True, False),
        ("550 5.7.1 User unknown to our policy", True, False),
        ("550 5.1.8 Sender's domain does not exist", True, False),
        ("554 5.7.1 Blocked, see https://list.example/10.0.0.1", True, False),
        ("550 No such user here", True, True),
        ("550 User unknown", True, True),
        ("553 unknown recipient", True, True),
        ("550 <x@people.example>: Recipient address rejected: User unknown", True, True),
        ("550 The account x@people.example does not exist", True, True),
        ("550 No such user here", False, False),
        ("550 Requested action not taken: mailbox unavailable", True, False),
        ("550 Blocked by policy of 5.1.1.1", True, False),
        ("554 No such user here", True, False),
    ],
)
def test_only_an_answer_that_nobody_is_there_holds_an_address_back(words, at_recipient, expected):
    assert nobody_there(words, at_recipient=at_recipient) is expected


@pytest.mark.parametrize(
    ("where", "answer", "expected"),
    [
        ("at_recipient", "550 5.1.1 No such user", ["bounce"]),
        ("at_data", "550 5.1.1 No such user", ["bounce"]),
        ("at_recipient", "550 No such user here", ["bounce"]),
        ("at_data", "550 No such user here", []),
        ("at_recipient", "550 5.7.1 Policy", []),
        ("at_recipient", "552 5.2.2 Full", []),
        ("at_recipient", "450 5.1.1 Odd", []),
        ("at_sender", "550 5.1.1 Odd", []),
    ],
)
def test_the_relays_answer_about_the_recipient_is_kept_on_the_address(sink, where, answer, expected):
    row = mail(to="Gone@People.example")
    setattr(sink, where, answer)
    drain()
    assert held("gone@people.example") == expected
    if expected:
        found = Suppression.objects.get()
        assert (found.detail, found.mail) == (answer, row)
        assert AuditEntry.objects.filter(verb="mail.address_suppressed").count() == 1


@pytest.mark.parametrize(
    ("category", "status"),
    [
        (Category.SECURITY, Status.SENT),
        (Category.DECISION, Status.FAILED),
        (Category.SERVICE, Status.FAILED),
        (Category.REMINDER, Status.CANCELLED),
        (Category.NEWSLETTER, Status.CANCELLED),
    ],
)
def test_a_bounce_holds_back_all_but_sign_in_mail_and_what_matters_waits_for_a_person(sink, category, status):
    row = agreed(category=category)
    suppressions.bounced(address=row.to.upper(), detail="550 5.1.1 No such user")
    drain()
    row.refresh_from_db()
    assert row.status == status
    assert bool(sink.received) is (status == Status.SENT)
    assert OutgoingMail.objects.in_trouble().exists() is (status == Status.FAILED)


@pytest.mark.parametrize(
    ("category", "status"),
    [
        (Category.SECURITY, Status.SENT),
        (Category.DECISION, Status.SENT),
        (Category.SERVICE, Status.SENT),
        (Category.REMINDER, Status.CANCELLED),
        (Category.NEWSLETTER, Status.CANCELLED),
    ],
)
def test_a_complaint_holds_back_what_is_not_service(sink, category, status):
    row = agreed(category=category)
    suppressions.complained(address=row.to, detail="")
    drain()
    row.refresh_from_db()
    assert row.status == status


def test_a_complaint_alone_holds_back_even_what_the_person_agreed_to_afterwards(sink):
    row = mail(category=Category.REMINDER)
    suppressions.complained(address=row.to, detail="")
    consents.record(address=row.to, purpose="reminders", given=True, how="preferences", wording="Yes.")
    assert drain().cancelled == 1


def test_the_page_of_a_mail_that_was_held_back_says_to_call(client, sink):
    sign_in(client, SupervisorFactory())
    row = mail()
    suppressions.bounced(address=row.to, detail="550 5.1.1 No such user", mail=row)
    drain()
    body = client.get(reverse("desk:mail_message", args=[row.pk])).content.decode()
    assert "comes back" in body
    assert "Call the recipient" in body
    assert "550 5.1.1 No such user. Call them." in body
    assert "Not sent: mail to this address comes back" in body


def test_what_is_said_twice_is_kept_once():
    for _ in range(3):
        suppressions.bounced(address="gone@people.example", detail="550 5.1.1 No")
        suppressions.complained(address="Gone@people.example", detail="spam")
    assert sorted(held("gone@people.example")) == ["bounce", "complaint"]
    assert Suppression.objects.count() == 2
    assert AuditEntry.objects.filter(verb="mail.address_suppressed").count() == 2
    assert Consent.objects.of("gone@people.example").count() == 2


def test_a_complaint_is_kept_as_a_no_to_reminders_and_newsletters():
    row = mail()
    suppressions.complained(address=row.to, detail="", mail=row)
    found = consents.latest([row.to])
    for purpose in (Purpose.REMINDERS, Purpose.NEWSLETTERS):
        choice = found[row.to, purpose, ""]
        assert (choice.given, choice.how, choice.source) == (False, "complaint", f"mail-{row.pk}")
        assert choice.wording == "The recipient reported our mail as spam."
        assert AuditEntry.objects.filter(verb="mail.choice_changed", target_id=str(choice.pk)).exists()


def test_a_lifted_address_gets_mail_again_and_what_was_stopped_stays_stopped(sink):
    actor = SupervisorFactory()
    row = mail()
    suppressions.bounced(address=row.to, detail="550 5.1.1 No")
    suppressions.complained(address=row.to, detail="")
    assert suppressions.lift(address=row.to.upper(), actor=actor) == 2
    assert held(row.to) == []
    assert AuditEntry.objects.filter(verb="mail.suppression_lifted", actor_id=actor.pk).count() == 2
    assert drain().sent == 1
    assert consents.refused([row.to], Purpose.REMINDERS) == {row.to}


def test_an_address_that_bounces_after_it_was_lifted_is_held_back_again():
    actor = SupervisorFactory()
    suppressions.bounced(address="gone@people.example", detail="550 5.1.1 No")
    suppressions.lift(address="gone@people.example", actor=actor)
    suppressions.bounced(address="gone@people.example", detail="550 5.1.1 Still no")
    assert held("gone@people.example") == ["bounce"]
    assert Suppression.objects.count() == 2


def test_lifting_what_is_not_held_back_is_refused():
    with pytest.raises(Refused, match="not held back any more"):
        suppressions.lift(address="fine@people.example", actor=SupervisorFactory())


def test_who_may_not_write_lifts_nothing():
    suppressions.bounced(address="gone@people.example", detail="550 5.1.1 No")
    with pytest.raises(Refused):
        suppressions.lift(address="gone@people.example", actor=ViewerFactory())
    assert held("gone@people.example") == ["bounce"]


def test_an_officer_lifts_it_on_the_page_of_a_mail_they_see_and_on_no_other(client):
    row = mail()
    suppressions.bounced(address=row.to, detail="550 5.1.1 No", mail=row)
    where = reverse("desk:mail_step", args=[row.pk, "lift"])
    sign_in(client, OfficerFactory())
    assert client.post(where).status_code == 404
    assert held(row.to) == ["bounce"]
    sign_in(client, SupervisorFactory())
    assert "Send there again" in client.get(reverse("desk:mail_message", args=[row.pk])).content.decode()
    assert f"Mail goes to {row.to} again." in client.post(where, follow=True).content.decode()
    assert held(row.to) == []


def test_an_officer_reads_on_the_business_and_the_contact_that_mail_comes_back_and_lifts_it(client):
    contact = ContactFactory(business=BusinessFactory(area=AreaFactory()), email="Gone@shop.example")
    owner = MembershipFactory(user=UserFactory(email="owner@shop.example"), business=contact.business).user
    officer = OfficerFactory()
    DistrictAssignmentFactory(user=officer, area=contact.business.area)
    for address in (contact.email, owner.email):
        suppressions.bounced(address=address, detail="550 5.1.1 No such user")
    sign_in(client, officer)
    pages = {
        "desk:business": (contact.business_id, 2),
        "desk:organization_edit": (contact.organization_id, 1),
        "desk:contact_edit": (contact.pk, 1),
    }
    for name, (number, times) in pages.items():
        body = client.get(reverse(name, args=[number])).content.decode()
        assert body.count("550 5.1.1 No such user. Call them.") == times, name
    where = reverse("desk:contact_mail_lift", args=[contact.pk])
    assert "Send mail to" in client.get(where).content.decode()
    stranger = OfficerFactory()
    DistrictAssignmentFactory(user=stranger, area=AreaFactory())
    sign_in(client, stranger)
    assert client.post(where).status_code == 404
    assert held("gone@shop.example") == ["bounce"]
    sign_in(client, officer)
    assert "again." in client.post(where, follow=True).content.decode()
    assert held("gone@shop.example") == []
    assert client.post(where, {"form_key": "another page"}).status_code == 409
    assert AuditEntry.objects.filter(verb="mail.suppression_lifted", actor_id=officer.pk).count() == 1


def test_a_contacts_address_that_is_sent_twice_is_let_go_once_with_the_words_of_the_mails_page(client):
    contact = ContactFactory(email="gone@shop.example")
    suppressions.bounced(address=contact.email, detail="550 5.1.1 No")
    sign_in(client, SupervisorFactory())
    where = reverse("desk:contact_mail_lift", args=[contact.pk])
    page = client.get(where)
    body = page.content.decode()
    step = STEPS["lift"]
    assert escape(step.question % {"to": contact.email}) in body
    assert str(step.explain) in body
    key = {"form_key": re.search(r'name="form_key" value="([^"]+)"', body)[1]}
    assert str(step.done % {"to": contact.email}) in client.post(where, key, follow=True).content.decode()
    suppressions.bounced(address=contact.email, detail="550 5.1.1 Again")
    answer = client.post(where, key, follow=True)
    assert str(StepForm.ALREADY_SAVED) in answer.content.decode()
    assert held(contact.email) == ["bounce"], "the page sent again must not let the new bounce go"


def test_an_admin_lifts_it_in_the_admin(client):
    suppressions.bounced(address="gone@people.example", detail="550 5.1.1 No")
    sign_in(client, AdminFactory())
    row = Suppression.objects.get()
    body = client.post(
        reverse("admin:mail_suppression_changelist"),
        {"action": "lift", "_selected_action": [row.pk]},
        follow=True,
    ).content.decode()
    assert "Mail goes to 1 address again." in body
    assert held("gone@people.example") == []


def test_trouble_is_told_for_many_addresses_in_one_query(django_assert_num_queries):
    suppressions.bounced(address="a@people.example", detail="550 5.1.1 No such user.")
    suppressions.complained(address="b@people.example", detail="")
    suppressions.complained(address="a@people.example", detail="")
    with django_assert_num_queries(1):
        found = suppressions.trouble_of(["A@people.example", "b@people.example", "c@people.example", ""])
    assert set(found) == {"a@people.example", "b@people.example"}
    assert "550 5.1.1 No such user. Call them." in found["a@people.example"].sentence
    assert "reported as spam" in found["b@people.example"].sentence
    with django_assert_num_queries(0):
        assert suppressions.trouble_of(["", ""]) == {}
