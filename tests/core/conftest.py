"""A relay that tests command, and a room of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import rooms as wiring
from core.jobs.kinds import kinds
from core.mail.outbox.catalog import catalog, checks
from tests.mail_sink import MailSink

ROOM = "tests.core.sample_room"


@pytest.fixture
def sink(settings) -> Iterator[MailSink]:
    """A real SMTP server; the outbox sends there."""
    one = MailSink().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
    settings.EMAIL_TIMEOUT = 1
    yield one
    one.stop()


@pytest.fixture
def sample_room(monkeypatch, settings) -> Iterator[str]:
    """The house has one room more: `tests/core/sample_room`, on top."""
    monkeypatch.setattr(wiring, "ROOMS", [ROOM, *wiring.ROOMS])
    templates = Path(__file__).parent / "sample_room" / "templates"
    settings.TEMPLATES = [
        {**each, "DIRS": [templates, *each.get("DIRS", ())]} if not number else each
        for number, each in enumerate(settings.TEMPLATES)
    ]
    for cached in (kinds, catalog, checks):
        cached.cache_clear()
    yield ROOM
    for cached in (kinds, catalog, checks):
        cached.cache_clear()
