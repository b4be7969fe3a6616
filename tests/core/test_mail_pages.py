"""The desk's pages on outgoing mail: who sees what, how it is shown, and sending again."""

import pytest
from django.urls import reverse

from core.models import AuditEntry, Category, OutgoingMail, Status
from core.outbox import retry
from core.outbox.sending import drain
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import AreaFactory, BusinessFactory, DistrictAssignmentFactory
from tests.factories.core import mail, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    """Signed in as a supervisor of the whole city."""
    user = SupervisorFactory()
    sign_in(client, user)
    return user


def page(client, name="mail", *args, **query):
    return client.get(reverse(f"desk:{name}", args=args), query)


def fail(row, status=Status.FAILED):
    """Bring a mail into trouble the way the worker does."""
    for each in (Status.SENDING, Status.ATTEMPTING, status):
        OutgoingMail.objects.filter(pk=row.pk).update(status=each)
    row.refresh_from_db()
    return row


def test_the_list_shows_recipient_subject_state_room_and_times(client, supervisor, sink):
    mail(recipient_name="Ann Lee", subject="Your application arrived")
    drain()
    body = page(client).content.decode()
    for words in ("Ann Lee", "Your application arrived", "Sent", "Mail, audit and department"):
        assert words in body


@pytest.mark.parametrize("query", ["ann", "LEE", "receipt ann", "ann.lee@"])
def test_search_finds_by_recipient_and_subject(client, supervisor, query):
    mail(recipient_name="Ann Lee", to="ann.lee@people.example", subject="A receipt")
    mail(recipient_name="Bo Kim", subject="Another thing")
    body = page(client, q=query).content.decode()
    assert "Ann Lee" in body
    assert "Bo Kim" not in body


def test_the_list_narrows_to_what_is_in_trouble_and_the_page_says_so(client, supervisor):
    fail(mail(subject="Refused one"))
    fail(mail(subject="Odd one"), Status.UNKNOWN)
    mail(subject="Fine one")
    body = page(client, status="trouble").content.decode()
    assert "Refused one" in body
    assert "Odd one" in body
    assert "Fine one" not in body
    assert "2 mails failed, or their fate is uncertain." in body


def test_the_health_of_what_carries_mail_stands_on_the_page(client, supervisor):
    body = page(client).content.decode()
    assert "The database answers." in body
    assert "No mail is waiting." in body


def test_one_mail_shows_its_life_with_the_relays_answers(client, supervisor, sink):
    row = mail()
    sink.at_recipient = "450 4.2.0 Try later"
    drain()
    body = page(client, "mail_message", row.pk).content.decode()
    for words in ("Planned", "Taken by a worker", "Put off", "450 4.2.0 Try later", "Next try", row.why):
        assert words in body


def test_the_preview_is_a_sandbox_and_framed_as_one(client, supervisor):
    row = mail()
    body = page(client, "mail_message", row.pk).content.decode()
    assert 'sandbox=""' in body
    answer = page(client, "mail_preview", row.pk)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    )
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.content.decode() == row.html


@pytest.mark.parametrize("demo", [False, True])
def test_sign_in_mail_is_shown_to_nobody_but_in_a_demonstration(client, supervisor, settings, demo):
    settings.DEMO = demo
    row = mail(category=Category.SECURITY)
    body = page(client, "mail_message", row.pk).content.decode()
    assert ("This is a test from" in body) is demo
    assert page(client, "mail_preview", row.pk).status_code == (200 if demo else 404)


def test_an_officer_sees_the_mail_of_the_organizations_of_their_districts_only(client):
    officer = OfficerFactory()
    mine, other = AreaFactory(), AreaFactory()
    DistrictAssignmentFactory(user=officer, area=mine)
    here, there = BusinessFactory(area=mine), BusinessFactory(area=other)
    seen = mail(organization_id=here.organization_id, subject="Seen")
    hidden = mail(organization_id=there.organization_id, subject="Hidden")
    nobodys = mail(subject="Nobodys")
    sign_in(client, officer)
    body = page(client).content.decode()
    assert "Seen" in body
    assert "Hidden" not in body
    assert "Nobodys" not in body
    assert page(client, "mail_message", seen.pk).status_code == 200
    missing = page(client, "mail_message", 10**9)
    for row in (hidden, nobodys):
        for name in ("mail_message", "mail_preview"):
            assert page(client, name, row.pk).status_code == missing.status_code == 404
        assert client.post(reverse("desk:mail_retry", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(("factory", "code"), [(ViewerFactory, 403), (UserFactory, 403), (AdminFactory, 403)])
def test_others_do_not_read_mail_at_the_desk(client, factory, code):
    row = mail()
    sign_in(client, factory())
    assert page(client).status_code == code
    assert page(client, "mail_message", row.pk).status_code == code
    assert page(client, "mail_preview", row.pk).status_code == code


def test_visitors_are_sent_to_sign_in(client):
    assert page(client).status_code == 302


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_a_mail_in_trouble_is_sent_again_under_the_same_message_id(client, supervisor, sink, status):
    row = fail(mail(), status)
    answer = client.post(reverse("desk:mail_retry", args=[row.pk]), follow=True)
    assert "goes out to" in answer.content.decode()
    assert drain().sent == 1
    assert sink.ids() == [row.message_id]
    entry = AuditEntry.objects.get(verb="core.mail_retried")
    assert entry.actor_id == supervisor.pk
    assert entry.detail == f"{status} → waiting"
    body = page(client, "mail_message", row.pk).content.decode()
    assert "Sent again by hand" in body


def test_a_mail_that_is_not_in_trouble_is_not_sent_again(client, supervisor, sink):
    row = mail()
    drain()
    answer = client.post(reverse("desk:mail_retry", args=[row.pk]))
    assert answer.status_code == 409
    assert not AuditEntry.objects.filter(verb="core.mail_retried").exists()
    assert "Send again" not in page(client, "mail_message", row.pk).content.decode()
    assert drain().sent == 0


def test_a_sign_in_mail_that_failed_can_not_be_sent_again(client, supervisor, sink):
    row = mail(category=Category.SECURITY)
    sink.at_recipient = "550 5.1.1 No"
    drain()
    assert "Ask the person to request a new one" in page(client, "mail_message", row.pk).content.decode()
    assert client.post(reverse("desk:mail_retry", args=[row.pk])).status_code == 403


def test_retry_wants_a_post(client, supervisor):
    assert page(client, "mail_retry", fail(mail()).pk).status_code == 405


def test_an_admin_may_send_again_through_the_same_service(sink):
    row = fail(mail())
    admin = AdminFactory()
    retry(mail=row, actor=admin)
    assert drain().sent == 1


def test_the_admin_lists_mail_with_its_text_unless_it_is_about_signing_in(client):
    plain, secret = mail(), mail(category=Category.SECURITY)
    sign_in(client, AdminFactory())
    listed = client.get(reverse("admin:core_outgoingmail_changelist")).content.decode()
    assert plain.to in listed
    shown = client.get(reverse("admin:core_outgoingmail_change", args=[plain.pk])).content.decode()
    assert "This is a test from" in shown
    hidden = client.get(reverse("admin:core_outgoingmail_change", args=[secret.pk])).content.decode()
    assert "This is a test from" not in hidden


def test_the_admins_action_sends_again_and_names_what_it_can_not(client, sink):
    row, fine = fail(mail(subject="Refused")), mail(subject="Fine")
    sign_in(client, AdminFactory())
    answer = client.post(
        reverse("admin:core_outgoingmail_changelist"),
        {"action": "send_again", "_selected_action": [row.pk, fine.pk]},
        follow=True,
    ).content.decode()
    assert "1 mail goes out again." in answer
    assert "Only a mail that failed" in answer


def test_the_list_takes_the_same_queries_for_ten_rows_and_for_many(
    client, supervisor, django_assert_max_num_queries
):
    mails(10)
    page(client)
    with django_assert_max_num_queries(25) as few:
        page(client)
    mails(200)
    with django_assert_max_num_queries(len(few)):
        page(client)


def test_a_hostile_subject_is_text_on_the_page(client, supervisor):
    row = mail(subject="<script>alert(1)</script>", recipient_name="<img src=x onerror=alert(1)>")
    for body in (page(client).content.decode(), page(client, "mail_message", row.pk).content.decode()):
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_the_list_of_mail_in_trouble_has_no_link_to_itself(client, supervisor):
    fail(mail())
    assert "Look at them" in page(client).content.decode()
    assert "Look at them" not in page(client, status="trouble").content.decode()
