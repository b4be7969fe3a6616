"""What we override of libraries is not promised by them. A person has to look at each change of theirs.

The digest is of the source that stands behind our own method. When it differs after an update, read what the
sentence names, mend ours where it has to follow, then take over the digest that the test prints.
"""

import hashlib
import inspect
from importlib.metadata import version

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail.backends.smtp import EmailBackend
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from kombu.transport import redis, virtual
from psycopg import Connection, generators, waiting

from accounts.adapter import AccountAdapter
from config.celery import Channel
from core.mail.outbox.relay import WatchedBackend
from core.postgres import base as postgres

ACKNOWLEDGING = (
    "A task that ends after the broker went away must not end its worker, and nothing may be put back over "
    "a lost connection: config/celery.py, tests/gates/test_mail_outages.py."
)
WAITING = (
    "Waiting for the database ends with our patience, also while connecting: core/postgres/base.py, "
    "tests/services/test_frozen_servers.py."
)
SENDING = "A mail goes out in the bytes and to the address that were made before: core/mail/outbox/relay.py."
COUNTING = (
    "Wrong passwords are counted by account and device: accounts/devices.py, tests/accounts/test_limits.py."
)

# Package, what is read, our method that stands before it (`None` where ours only relies on it), what to look
# at, digest.
OVERRIDDEN = [
    ("kombu", virtual.Channel.basic_ack, Channel.basic_ack, ACKNOWLEDGING, "3b4278c757b44675"),
    ("kombu", virtual.Channel.basic_reject, Channel.basic_reject, ACKNOWLEDGING, "d49bbd211da77d0d"),
    ("kombu", redis.QoS.ack, None, ACKNOWLEDGING, "1bc15a4ddf541af6"),
    ("kombu", redis.QoS.reject, None, ACKNOWLEDGING, "747a02434344d1a6"),
    ("kombu", virtual.QoS.restore_unacked_once, None, ACKNOWLEDGING, "c81f3d0fb29b9599"),
    ("psycopg", Connection.connect, None, WAITING, "5d29b44e534db6b1"),
    ("psycopg", Connection._connect_gen, postgres.Connection._connect_gen, WAITING, "e1a252ae464e361b"),
    ("psycopg", Connection.wait, postgres.Connection.wait, WAITING, "602ce5e47fca2ec9"),
    ("psycopg", generators._connect, None, WAITING, "8e7c825127aa5926"),
    ("psycopg", waiting.wait_conn, None, WAITING, "1bd2941355fa18a2"),
    (
        "django",
        DatabaseWrapper.get_new_connection,
        postgres.DatabaseWrapper.get_new_connection,
        WAITING,
        "acc4e253c2e311a4",
    ),
    ("django", DatabaseWrapper.is_usable, postgres.DatabaseWrapper.is_usable, WAITING, "c6d0cbdb5ef55c86"),
    (
        "django",
        BaseDatabaseWrapper.close_if_health_check_failed,
        postgres.DatabaseWrapper.close_if_health_check_failed,
        WAITING,
        "f72eb45356f4a910",
    ),
    ("django", EmailBackend._send, WatchedBackend._send, SENDING, "0a3f2774a3b9669a"),
    (
        "django-allauth",
        DefaultAccountAdapter._get_login_attempts_cache_key,
        AccountAdapter._get_login_attempts_cache_key,
        COUNTING,
        "58a617b4345558fb",
    ),
]


def digest(theirs) -> str:
    return hashlib.sha256(inspect.getsource(theirs).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("package", "theirs", "ours", "look_at", "known"),
    OVERRIDDEN,
    ids=[f"{each[0]}: {each[1].__qualname__}" for each in OVERRIDDEN],
)
def test_what_we_override_is_as_it_was_when_somebody_looked(package, theirs, ours, look_at, known):
    found = digest(theirs)
    assert found == known, (
        f"{package} {version(package)} has another {theirs.__qualname__} than the one that was looked at "
        f"(now {found}). {look_at}"
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(theirs, ours) for _package, theirs, ours, _look_at, _known in OVERRIDDEN if ours],
    ids=[each[1].__qualname__ for each in OVERRIDDEN if each[2]],
)
def test_our_method_takes_what_theirs_takes(theirs, ours):
    assert [kinds_of(each) for each in (ours, theirs)] == [kinds_of(theirs)] * 2


def kinds_of(method) -> list[tuple[object, bool]]:
    """Of each parameter how it is given, and whether it may be left out."""
    given = inspect.signature(method).parameters.values()
    return [(each.kind, each.default is not each.empty) for each in given]
