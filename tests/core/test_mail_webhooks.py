"""What the mail provider posts: the documented events of Postmark, with the right secret and without."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, RequestFactory

from core import clock
from core.mail import suppressions, webhooks
from core.mail.models import Consent, OutgoingMail, Suppression
from core.mail.outbox.sending import drain
from core.models import AuditEntry
from tests.factories.accounts import SupervisorFactory
from tests.factories.core import mail

pytestmark = pytest.mark.django_db
WHERE = "/hooks/mail/"
# Shapes of https://postmarkapp.com/developer/webhooks
BOUNCE = {
    "RecordType": "Bounce",
    "MessageStream": "outbound",
    "ID": 4323372036854775807,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Name": "Hard bounce",
    "Tag": "Test",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Metadata": {},
    "ServerID": 23,
    "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    "Email": "john@example.com",
    "From": "sender@example.com",
    "BouncedAt": "2026-11-05T16:33:54.9070259Z",
    "DumpAvailable": True,
    "Inactive": True,
    "CanActivate": True,
    "Subject": "Test subject",
    "Content": "<Full dump of bounce>",
}
COMPLAINT = {
    **BOUNCE,
    "RecordType": "SpamComplaint",
    "Type": "SpamComplaint",
    "TypeCode": 100001,
    "Name": "Spam complaint",
    "Description": "The subscriber explicitly marked this message as spam.",
    "Details": "Test spam complaint details",
}
DELIVERY = {
    "RecordType": "Delivery",
    "MessageStream": "outbound",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "Recipient": "john@example.com",
    "DeliveredAt": "2026-11-05T16:33:54.9070259Z",
    "Details": "smtp;250 2.0.0 OK",
    "Tag": "welcome-email",
    "ServerID": 23,
    "Metadata": {},
}
UNSUBSCRIBED = {
    "RecordType": "SubscriptionChange",
    "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
    "ServerID": 23,
    "MessageStream": "outbound",
    "ChangedAt": "2026-11-05T10:53:34.416071Z",
    "Recipient": "john@example.com",
    "Origin": "Recipient",
    "SuppressSending": True,
    "SuppressionReason": "ManualSuppression",
    "Tag": "my-tag",
    "Metadata": {},
}


@pytest.fixture
def basic(settings):
    """The header that the provider sends."""
    return "Basic " + base64.b64encode(settings.MAIL_WEBHOOK_SECRET.encode()).decode()


@pytest.fixture
def post(basic):
    """Post an event as the provider does: no cookie, no form token."""
    browser = Client(enforce_csrf_checks=True)

    def send(event, authorization=basic):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = {"Authorization": authorization} if authorization else {}
        return browser.post(WHERE, body, content_type="application/json", headers=headers)

    return send


def about(row, event):
    """The event with the recipient and the number that Postmark gives back from our header."""
    key = "Recipient" if "Recipient" in event else "Email"
    return {**event, key: row.to, "Metadata": {"mail": str(row.pk)}}


def happened(row):
    row.refresh_from_db()
    return [line["what"] for line in row.life]


def written():
    """Everything an event may write."""
    return (
        Suppression.objects.count(),
        Consent.objects.count(),
        AuditEntry.objects.count(),
        list(OutgoingMail.objects.values_list("life", flat=True)),
    )


def test_a_bounce_holds_the_address_back_and_stands_in_the_mails_life(post, sink):
    row = mail()
    drain()
    assert sink.received[0]["X-PM-Metadata-mail"] == str(row.pk)
    assert post(about(row, BOUNCE)).status_code == 200
    found = Suppression.objects.get()
    assert (found.address, found.reason, found.mail) == (row.to, "bounce", row)
    assert "550 5.1.1" in found.detail
    assert happened(row)[-1] == "bounced"
    assert row.life[-1]["at"].startswith("2026-11-05T16:33:54")


def test_a_complaint_is_kept_on_the_address_and_as_the_persons_choice(post):
    row = mail()
    assert post(about(row, COMPLAINT)).status_code == 200
    assert Suppression.objects.get().reason == "complaint"
    assert {each.purpose for each in Consent.objects.of(row.to) if not each.given} == {
        "reminders",
        "newsletters",
    }
    assert happened(row)[-1] == "complained"


def test_a_delivery_stands_in_the_mails_life_and_holds_nothing_back(post):
    row = mail()
    assert post(about(row, DELIVERY)).status_code == 200
    assert happened(row)[-1] == "delivered"
    assert not Suppression.objects.exists()


def test_who_unsubscribes_at_the_provider_gets_neither_reminders_nor_newsletters(post):
    row = mail()
    assert post(about(row, UNSUBSCRIBED)).status_code == 200
    choices = Consent.objects.of(row.to)
    assert {(each.purpose, each.given, each.how) for each in choices} == {
        ("reminders", False, "one_click"),
        ("newsletters", False, "one_click"),
    }
    assert {each.wording for each in choices} == {
        "The recipient unsubscribed from our mail, as the mail provider tells us."
    }
    assert AuditEntry.objects.filter(verb="mail.choice_changed").count() == 2
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"Type": "SoftBounce", "Details": "smtp;452 4.2.2 Mailbox full"},
        {"Type": "SoftBounce", "Details": ""},
        {"Type": "Transient"},
        {"Type": "DnsError"},
        {"Type": "Blocked", "Details": "smtp;550 5.7.1 Blocked"},
        {"Type": "VirusNotification"},
        {"Type": "HardBounce", "Details": "smtp;550 5.7.1 Refused by policy"},
        {"Type": "AutoResponder"},
        {"RecordType": "Open"},
    ],
)
def test_what_says_nothing_of_the_mailbox_holds_nothing_back(post, changes):
    row = mail()
    assert post({**about(row, BOUNCE), **changes}).status_code == 200
    assert not Suppression.objects.exists()


def test_an_address_the_provider_calls_bad_is_held_back_without_any_mail_of_ours(post):
    assert post({**BOUNCE, "Type": "BadEmailAddress", "Details": ""}).status_code == 200
    found = Suppression.objects.get()
    assert (found.address, found.mail) == ("john@example.com", None)


def test_an_event_about_another_recipient_touches_no_mail(post):
    row = mail()
    assert post({**about(row, BOUNCE), "Email": "other@people.example"}).status_code == 200
    assert happened(row) == ["planned"]
    assert Suppression.objects.get().address == "other@people.example"


@pytest.mark.parametrize("event", [BOUNCE, COMPLAINT, DELIVERY, UNSUBSCRIBED])
def test_an_event_that_comes_again_changes_nothing(post, event):
    row = mail()
    post(about(row, event))
    before = written()
    for _ in range(5):
        assert post(about(row, event)).status_code == 200
    assert written() == before


def test_an_old_bounce_that_comes_again_does_not_undo_what_a_person_lifted(post):
    row = mail()
    post(about(row, BOUNCE))
    suppressions.lift(address=row.to, actor=SupervisorFactory())
    post(about(row, BOUNCE))
    assert not Suppression.objects.filter(lifted_at=None).exists()


def test_a_time_in_the_future_counts_as_now(post):
    row = mail()
    ahead = {"BouncedAt": "2999-01-01T00:00:00Z"}
    post({**about(row, BOUNCE), **ahead})
    row.refresh_from_db()
    assert Suppression.objects.get().at <= clock.now()
    assert not row.life[-1]["at"].startswith("2999")
    suppressions.lift(address=row.to, actor=SupervisorFactory())
    assert not suppressions.held_back([row.to], row.category, row.purpose)


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic cHJvdmlkZXI6d3Jvbmc=", "Bearer x", "Basic " + "A" * 9000],
)
def test_without_the_secret_nothing_is_written(post, authorization):
    row = mail()
    before = written()
    assert post(about(row, BOUNCE), authorization).status_code == 400
    assert written() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"RecordType": "Inbound"}',
        b'{"RecordType": "Bounce", "BouncedAt": "2026-13-99T99:99:99Z", "Email": "a@b.example"}',
        b'{"RecordType": ["Bounce"]}',
        b'{"RecordType": "Bounce", "Type": {}, "Metadata": 7}',
    ],
)
def test_what_can_not_be_read_is_the_senders_fault_and_writes_nothing(post, body):
    before = written()
    assert 400 <= post(body).status_code < 500
    assert written() == before


@pytest.mark.parametrize("body", [b"{", b'{"RecordType": "Bounce", "BouncedAt": "2026-13-99T99:99:99Z"}'])
@pytest.mark.parametrize("known", [True, False])
def test_what_can_not_be_read_is_one_line_in_the_log(post, basic, caplog, body, known):
    post(body, basic if known else "Basic eDp5")
    (line,) = caplog.records
    assert line.levelname == "WARNING"
    assert line.exc_info is None
    assert line.getMessage().endswith(": /hooks/mail/")
    assert ("can't be read" if known else "basic auth") in line.getMessage()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Email": None},
        {"Email": 7},
        {"Email": ["a@people.example"]},
        {"Email": "x" * 500 + "@people.example"},
        {"Email": "nul\u0000@people.example"},
        {"Details": "line\r\nBcc: x@y.example\u0000" * 200},
        {"Details": {"a": 1}},
        {"Details": None, "Description": None},
        {"Metadata": {"mail": "9" * 40}},
        {"Metadata": {"mail": {"$ne": 1}}},
        {"Metadata": []},
        {"MessageID": 7},
        {"MessageID": "a\u0000b"},
        {"BouncedAt": "yesterday"},
        {"BouncedAt": None},
        {"BouncedAt": "2026-11-05T16:33:54"},
    ],
)
def test_an_odd_event_is_no_server_error(post, changes):
    assert post({"RecordType": "Bounce", **BOUNCE, **changes}).status_code < 500
    assert post({**COMPLAINT, **changes}).status_code < 500


def test_the_address_is_there_for_posts_alone(client):
    assert client.get(WHERE).status_code == 405


def test_a_provider_that_keeps_our_message_id_is_understood_by_it(settings, basic):
    """Mailgun's event of a permanent failure, signed as its documentation says."""
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key"}
    row = mail()
    signature = hmac.new(b"signing-key", b"1793900000" + b"token", hashlib.sha256).hexdigest()
    event = {
        "signature": {"token": "token", "timestamp": "1793900000", "signature": signature},
        "event-data": {
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "recipient": row.to,
            "timestamp": 1793900000.1,
            "delivery-status": {"code": 550, "message": "5.1.1 The email account does not exist"},
            "message": {"headers": {"message-id": row.message_id.strip("<>")}},
        },
    }
    request = RequestFactory().post(
        WHERE, json.dumps(event), content_type="application/json", headers={"Authorization": basic}
    )
    assert webhooks.hook("mailgun")(request).status_code == 200
    assert Suppression.objects.get().mail == row
    assert happened(row)[-1] == "bounced"


@pytest.mark.django_db(transaction=True)
def test_over_http_the_provider_is_let_in_and_a_stranger_is_not(live_server, basic):
    row = mail()

    def send(authorization):
        request = urllib.request.Request(  # noqa: S310  (our own server)
            live_server.url + WHERE,
            json.dumps(about(row, BOUNCE)).encode(),
            {"Content-Type": "application/json", "Authorization": authorization},
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310  (our own server)
                return answer.status
        except urllib.error.HTTPError as refused:
            return refused.code

    assert send("Basic d3Jvbmc6d3Jvbmc=") == 400
    assert not Suppression.objects.exists()
    assert send(basic) == 200
    assert Suppression.objects.get().address == row.to


@pytest.mark.parametrize(
    ("provider", "secret", "fault"),
    [
        ("", "", ""),
        ("mailgun", "user:a-long-random-password", ""),
        ("postmark", "", "mail.E009"),
        ("postmark", "password-without-a-user", "mail.E009"),
        ("postmark", "user:short", "mail.E009"),
        ("pigeon", "user:a-long-random-password", "mail.E008"),
    ],
)
def test_a_provider_without_a_secret_does_not_start(settings, provider, secret, fault):
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = provider, secret
    if fault:
        with pytest.raises(SystemCheckError, match=fault):
            call_command("check")
        assert webhooks.is_on() is (fault == "mail.E009" and secret != "")
    else:
        call_command("check")


def test_without_a_provider_nobody_may_post(settings):
    settings.MAIL_PROVIDER = ""
    assert not webhooks.is_on()
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "postmark", ""
    assert not webhooks.is_on()
