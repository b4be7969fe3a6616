"""Gate 9: one-click unsubscribe as RFC 8058 has it; a GET changes nothing; replay is a no-op."""

import email
import email.policy
import re

import pytest
from django.core import signing
from django.test import Client

from core.mail import consents
from core.mail import links as mail_links
from core.mail.models import Consent, OutgoingMail
from core.mail.outbox import relay
from core.mail.outbox.sending import drain
from core.mail.purposes import Purpose, Status
from core.models import AuditEntry, Department
from tests.factories.core import mail

pytestmark = [pytest.mark.gate(9), pytest.mark.django_db]
ADDRESS = "rosa@shop.example"
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def reminder(db):
    return mail(category="reminder", to=ADDRESS)


def headers_of(row):
    """The headers as a mail program reads them from what goes over the wire."""
    sent = relay.build(row, Department.current()).message().as_bytes()
    return email.message_from_bytes(sent, policy=email.policy.default)


def path_in(row):
    """The path of the HTTPS address in the header, as RFC 8058 has it."""
    found = re.fullmatch(r"<https?://[^/>]+(/[^>]+)>", headers_of(row)["List-Unsubscribe"].strip())
    assert found, headers_of(row)["List-Unsubscribe"]
    return found[1]


def stranger():
    """A mail provider's program: no cookies, and no token of ours."""
    return Client(enforce_csrf_checks=True)


def stopped(address=ADDRESS):
    return address in consents.refused([address], Purpose.REMINDERS)


@pytest.mark.parametrize("category", ["reminder", "newsletter"])
def test_mail_that_can_be_stopped_says_how(category):
    found = headers_of(mail(category=category, to=ADDRESS))
    assert found["List-Unsubscribe-Post"] == ONE_CLICK
    assert found["List-Unsubscribe"].count("<") == 1
    assert "shop.example" not in found["List-Unsubscribe"]


@pytest.mark.parametrize("category", ["service", "decision", "security"])
def test_mail_of_service_offers_no_unsubscribing(category):
    found = headers_of(mail(category=category, to=ADDRESS))
    assert "List-Unsubscribe" not in found
    assert "List-Unsubscribe-Post" not in found


def test_the_header_is_the_same_at_every_try(reminder):
    first = headers_of(reminder)["List-Unsubscribe"]
    OutgoingMail.objects.filter(pk=reminder.pk).update(attempts=3)
    assert headers_of(OutgoingMail.objects.get(pk=reminder.pk))["List-Unsubscribe"] == first


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_one_post_without_cookies_stops_reminders_and_answers_200(reminder, kind):
    body = (
        ONE_CLICK
        if kind == FORM
        else '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    )
    answer = stranger().post(path_in(reminder), body, content_type=kind)
    assert answer.status_code == 200
    assert stopped()
    row = Consent.objects.get()
    assert (row.address, row.purpose, row.given, row.how) == (ADDRESS, "reminders", False, "one_click")
    assert row.source == f"mail-{reminder.pk}"
    assert reminder.subject in row.wording


def test_a_replay_is_a_no_op(reminder):
    for _time in range(3):
        assert stranger().post(path_in(reminder), ONE_CLICK, content_type=FORM).status_code == 200
    assert Consent.objects.count() == 1
    assert AuditEntry.objects.filter(verb="mail.choice_changed").count() == 1


def test_a_get_changes_nothing_and_shows_one_button(reminder):
    answer = stranger().get(path_in(reminder))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Consent.objects.exists()
    assert not stopped()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("<button") == 1
    assert "r•••@shop.example" in main
    assert ADDRESS not in page


def test_a_head_changes_nothing(reminder):
    assert stranger().head(path_in(reminder)).status_code in {200, 405}
    assert not Consent.objects.exists()


def test_our_own_button_does_it_and_leads_to_the_choices(reminder):
    answer = stranger().post(path_in(reminder))
    assert answer.status_code == 200
    assert stopped()
    assert Consent.objects.get().how == "preferences"
    assert mail_links.page_path(reminder) in answer.content.decode()


def test_an_undone_unsubscribing_holds_until_the_button_is_used_again(reminder):
    stranger().post(path_in(reminder), ONE_CLICK, content_type=FORM)
    Client().post(mail_links.page_path(reminder), {"reminders": "on"})
    assert not stopped()
    stranger().post(path_in(reminder), ONE_CLICK, content_type=FORM)
    assert stopped()


def test_one_purpose_is_stopped_and_nothing_else(reminder):
    consents.record(address=ADDRESS, purpose=Purpose.NEWSLETTERS, given=True, how="form", wording="News")
    stranger().post(path_in(reminder), ONE_CLICK, content_type=FORM)
    assert stopped()
    assert not consents.refused([ADDRESS], Purpose.NEWSLETTERS)


def test_the_rest_of_the_readers_waiting_reminders_is_not_sent(sink, reminder):
    other, service = mail(category="reminder", to="Rosa@Shop.example"), mail(to=ADDRESS)
    stranger().post(path_in(reminder), ONE_CLICK, content_type=FORM)
    drain()
    states = {row.pk: row.status for row in OutgoingMail.objects.all()}
    assert states == {
        reminder.pk: Status.CANCELLED,
        other.pk: Status.CANCELLED,
        service.pk: Status.SENT,
    }


def test_hundreds_at_once_from_one_provider_are_all_taken():
    rows = [mail(category="reminder", to=f"reader{n}@shop.example") for n in range(150)]
    gateway = stranger()
    assert {gateway.post(path_in(row), ONE_CLICK, content_type=FORM).status_code for row in rows} == {200}
    assert Consent.objects.filter(given=False).count() == 150


# --- Tokens


def altered(path):
    head, _slash, rest = path.removeprefix("/preferences/").partition("/")
    number, _dot, signature = head.partition(".")
    swapped = "0" if number[0] != "0" else "1"
    flipped = "A" if signature[-2] != "A" else "B"
    for token in (
        f"{swapped}{number[1:]}.{signature}",
        f"{number}.{signature[:-2]}{flipped}{signature[-1]}",
        f"{number}.",
        number,
        f".{signature}",
        f"{number}.{signature}.{signature}",
    ):
        yield f"/preferences/{token}/{rest}"


def test_an_altered_or_invented_token_is_a_missing_page(reminder):
    missing = stranger().get("/no-such-page/")
    strip = re.compile(rb"\b[0-9a-f]{12}\b")
    for path in (path_in(reminder), mail_links.page_path(reminder)):
        for wrong in altered(path):
            for ask in (stranger().get, Client().post):
                answer = ask(wrong)
                assert answer.status_code == 404, wrong
            assert strip.sub(b"", stranger().get(wrong).content) == strip.sub(b"", missing.content)
    assert not Consent.objects.exists()


def test_the_link_of_the_page_does_not_unsubscribe_and_the_other_way_round(reminder):
    page, click = mail_links.page_token(reminder.message_id), mail_links.one_click_token(reminder)
    assert (
        stranger().post(f"/preferences/{page}/unsubscribe/", ONE_CLICK, content_type=FORM).status_code == 404
    )
    assert stranger().get(f"/preferences/{click}/").status_code == 404
    assert not stopped()


def test_a_token_of_another_purpose_stops_nothing(reminder):
    number = reminder.message_id[1:33]
    for purpose in (Purpose.NEWSLETTERS, Purpose.SERVICE):
        token = signing.Signer(salt=f"core.preferences:{purpose}", sep=".").sign(number)
        path = f"/preferences/{token}/unsubscribe/"
        assert stranger().post(path, ONE_CLICK, content_type=FORM).status_code == 404
    assert not stopped()


def test_a_token_that_names_no_mail_is_a_missing_page():
    token = mail_links.page_token(f"<{'0' * 32}@riverton.example>")
    assert stranger().get(f"/preferences/{token}/").status_code == 404
