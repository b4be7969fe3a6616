"""What goes out is byte for byte what Django would send, but for the boundaries between the parts."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default as modern

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from core.mail.models import OutgoingMail
from core.mail.outbox.relay import build, bytes_of
from core.mail.purposes import Category
from core.models.department import Department

DEPARTMENT = Department(short_name="Riverton Police", email="partners@city.example")
HTML = "<p>Hello</p>\n" * 40


def letter(**more):
    plain = {
        "pk": 7,
        "message_id": "<0123@city.example>",
        "category": Category.REMINDER,
        "purpose": "reminders",
        "to": "ann@people.example",
        "recipient_name": "Ann Lee",
        "subject": "Your application arrived",
        "text": "Hello\n\nFrom here on: a line.\n.\n..\n",
        "html": HTML,
    }
    return build(OutgoingMail(**plain | more), DEPARTMENT)


def boundaries(message):
    return [part.get_boundary() for part in message.walk() if part.is_multipart()]


def same_as_django(one):
    with time_machine.travel(datetime(2026, 11, 24, tzinfo=UTC), tick=False):
        ours, reference = bytes_of(one), one.message()
    for part, boundary in zip(
        (each for each in reference.walk() if each.is_multipart()),
        boundaries(message_from_bytes(ours)),
        strict=True,
    ):
        part.set_boundary(boundary)
    return ours == reference.as_bytes(linesep="\r\n")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"html": ""},
        {"category": Category.SERVICE, "purpose": "service", "recipient_name": ""},
        {
            "recipient_name": 'José "Pepe" Núñez, Jr.',
            "subject": "Grüße 🎉",
            "text": "Año\n",
            "html": "<p>ñ</p>",
        },
        {"subject": "A long subject about many things " * 6, "recipient_name": "Ann of the long name " * 4},
        {"subject": "word" * 40},
        {"text": "A sentence in one long paragraph. " * 60, "html": "<p>" + "ä" * 2000 + "</p>"},
        {"calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar_method": "REQUEST"},
    ],
)
def test_the_bytes_are_djangos(more):
    assert same_as_django(letter(**more))


@given(subject=st.text(max_size=120), name=st.text(max_size=90))
@settings(max_examples=25, deadline=None)
def test_the_bytes_are_djangos_whatever_subject_and_name(subject, name):
    assert same_as_django(letter(subject=subject, recipient_name=name))


def test_no_two_parts_and_no_two_mails_share_a_boundary():
    mails = [letter(calendar="BEGIN:VCALENDAR\r\n", calendar_method="REQUEST") for _ in range(3)]
    found = [each for one in mails for each in boundaries(message_from_bytes(bytes_of(one), policy=modern))]
    assert len(set(found)) == len(found) == 6
