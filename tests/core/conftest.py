"""A relay that tests command."""

from collections.abc import Iterator

import pytest

from tests.mail_sink import MailSink


@pytest.fixture
def sink(settings) -> Iterator[MailSink]:
    """A real SMTP server; the outbox sends there."""
    one = MailSink().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", one.port
    settings.EMAIL_TIMEOUT = 1
    yield one
    one.stop()
