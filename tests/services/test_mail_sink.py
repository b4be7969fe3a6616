"""The mail sink keeps every message it has promised to keep."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.local.addresses import free_port
from config.local.places import BASE_DIR


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "config.local.sink", str(port), str(tmp_path / "mail")],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "listening" in process.stdout.readline()
    yield port, tmp_path / "mail"
    process.terminate()
    process.wait()


def test_a_message_is_stored_whole_with_its_envelope(sink: tuple[int, Path]) -> None:
    port, folder = sink
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x.example", "b@x.example", "Grüße"
    message["Message-ID"] = "<1@x.example>"
    message.set_content("¡Hola!\n.\nThe line above is a single dot.\n")
    with smtplib.SMTP("127.0.0.1", port) as line:
        line.send_message(message, to_addrs=["b@x.example", "c@x.example"])
    stored = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in folder.glob("*.eml")]
    assert len(stored) == 1
    assert stored[0]["X-Envelope-To"] == "b@x.example, c@x.example"
    assert stored[0]["Message-ID"] == "<1@x.example>"
    assert stored[0]["Subject"] == "Grüße"
    assert stored[0].get_content().splitlines()[:2] == ["¡Hola!", "."]


def test_a_message_that_cannot_be_stored_is_refused_for_now(sink: tuple[int, Path]) -> None:
    port, folder = sink
    assert not folder.exists()
    folder.write_text("a file in the way")
    with smtplib.SMTP("127.0.0.1", port) as line, pytest.raises(smtplib.SMTPDataError) as refused:
        line.sendmail("a@x.example", ["b@x.example"], "Subject: x\r\n\r\nx")
    assert refused.value.smtp_code == 452
