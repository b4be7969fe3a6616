"""A mail relay that is away or refuses us is told before a mail has to wait for it."""

import pytest

from config.local import prepare
from core import health
from core.mail.outbox import watching
from core.mail.outbox.sending import drain
from tests.factories.core import mail

pytestmark = pytest.mark.django_db


def said(client):
    """What the health answer says, and the sentence for staff."""
    answer = client.get("/health/ready")
    [check] = [each for each in health.checks() if each.key == "relay"]
    return answer.status_code, answer.json()["relay"]["state"], check.sentence


def test_a_relay_that_takes_us_is_fine_and_gets_no_mail(client, sink):
    assert watching.look() == ""
    assert said(client)[:2] == (200, "ok")
    assert sink.received == []


def test_a_dead_port_is_told_beside_readiness_and_logged_once(client, sink, settings, caplog):
    settings.EMAIL_PORT = 1
    for _ in range(2):
        assert "refused" in watching.look()
    code, state, sentence = said(client)
    assert (code, state) == (200, "down")
    assert "Connection refused" in sentence
    assert caplog.text.count("The mail relay can't be used") == 1


def test_a_relay_that_refuses_our_sender_is_told_with_its_words(client, sink):
    sink.at_sender = "550 5.7.1 We do not know you"
    watching.look()
    code, state, sentence = said(client)
    assert (code, state) == (200, "down")
    assert "We do not know you" in sentence


def test_what_sending_finds_out_counts_at_once(client, sink, settings):
    port = settings.EMAIL_PORT
    mail()
    settings.EMAIL_PORT = 1
    drain()
    assert said(client)[1] == "down"
    settings.EMAIL_PORT = port
    drain()
    assert said(client)[1] == "ok"


def test_a_start_says_it_in_one_line_and_goes_on(sink, settings, capsys):
    settings.EMAIL_PORT = 1
    prepare._ask_the_relay()
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"Warning: the mail relay {settings.EMAIL_HOST}:1 can't be used: ")
