"""Health: 200 or 503, in words that tell no secrets."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
import time_machine

from config.local.places import BASE_DIR
from core import clock
from core.mail import suppressions
from core.mail.desk.steps import set_aside
from core.mail.models import OutgoingMail
from core.models import Heartbeat
from core.tasks import heartbeat
from tests.factories.accounts import SupervisorFactory
from tests.factories.core import mail

pytestmark = pytest.mark.django_db


def ready(client):
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()


def test_live_says_that_the_process_is_up(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_all_is_well(client):
    heartbeat()
    code, found = ready(client)
    assert code == 200
    assert found == {
        "ready": True,
        "status": "ok",
        "paused": False,
        "database": {"state": "ok"},
        "broker": {"state": "ok"},
        "beat": {"state": "ok", "seconds": 0},
        "planner": {"state": "ok"},
        "relay": {"state": "ok"},
        "oldest_due_mail": {"state": "ok", "seconds": 0},
        "uncertain_mail": {"state": "ok", "count": 0},
        "failed_mail": {"state": "ok", "count": 0},
        "faulty_mail": {"state": "ok", "count": 0},
        "held_back_addresses": {"state": "ok", "count": 0},
        "oldest_waiting_job": {"state": "ok", "seconds": 0},
        "abandoned_jobs": {"state": "ok", "count": 0},
        "disk": {"state": "ok", "bytes": found["disk"]["bytes"]},
    }
    assert found["disk"]["bytes"] > 0


def test_no_health_answer_is_kept_in_a_cache(client):
    assert "no-store" in client.get("/health/ready").headers["Cache-Control"]


def test_a_timer_that_has_not_reported_yet_is_no_reason_to_be_down(client):
    assert ready(client)[0] == 200


@pytest.mark.parametrize(("age", "state"), [(60, "ok"), (300, "late"), (900, "down")])
def test_a_silent_timer_is_late_and_then_down_and_pages_are_served_on(client, age, state):
    heartbeat()
    Heartbeat.objects.update(at=clock.now() - timedelta(seconds=age))
    code, found = ready(client)
    assert (code, found["ready"]) == (200, True)
    assert found["beat"]["state"] == found["status"] == state


@pytest.mark.parametrize(("age", "state"), [(60, "ok"), (1800, "late"), (3 * 3600, "down")])
def test_mail_that_waits_is_late_and_then_down_and_pages_are_served_on(client, age, state):
    heartbeat()
    mail(due_at=clock.now() - timedelta(seconds=age))
    code, found = ready(client)
    assert (code, found["ready"]) == (200, True)
    assert found["oldest_due_mail"]["state"] == found["status"] == state


def test_mail_held_on_purpose_is_never_down(client, settings):
    settings.MAIL_PAUSED = True
    heartbeat()
    mail(due_at=clock.now() - timedelta(days=1))
    code, found = ready(client)
    assert (code, found["paused"], found["oldest_due_mail"]["state"]) == (200, True, "late")


def test_mail_of_uncertain_fate_is_counted(client):
    row = mail()
    for status in ("sending", "attempting", "unknown"):
        OutgoingMail.objects.filter(pk=row.pk).update(status=status)
    assert ready(client)[1]["uncertain_mail"] == {"state": "late", "count": 1}


def test_mail_that_failed_is_counted_until_someone_has_seen_to_it(client):
    row = mail()
    for status in ("sending", "attempting", "failed"):
        OutgoingMail.objects.filter(pk=row.pk).update(status=status)
    assert ready(client)[1]["failed_mail"] == {"state": "late", "count": 1}
    set_aside(mail=row, actor=SupervisorFactory())
    assert ready(client)[1]["failed_mail"] == {"state": "ok", "count": 0}


def test_addresses_held_back_are_counted_once_and_alarm_nobody(client):
    suppressions.bounced(address="gone@people.example", detail="550 5.1.1 No such user")
    suppressions.complained(address="gone@people.example", detail="")
    assert ready(client)[1]["held_back_addresses"] == {"state": "ok", "count": 1}


def test_a_full_disk_is_late_and_then_down(client, settings):
    for late, down, state in ((0, 0, "ok"), (1 << 60, 0, "late"), (1 << 60, 1 << 60, "down")):
        settings.HEALTH_DISK_LATE, settings.HEALTH_DISK_DOWN = late, down
        code, found = ready(client)
        assert (found["disk"]["state"], code) == (state, 200)


def test_a_place_for_files_that_is_not_made_yet_is_asked_about_its_disk(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "not" / "yet"
    assert ready(client)[1]["disk"]["bytes"] > 0


def test_a_mail_not_yet_due_is_not_waiting(client):
    mail(due_at=clock.now() + timedelta(days=3))
    assert ready(client)[1]["oldest_due_mail"]["seconds"] == 0


def asked(**environment: str) -> tuple[int, str, int, str]:
    """Status and body of both addresses from a process of its own."""
    script = (
        "import django, json; django.setup()\n"
        "from django.test import Client\n"
        "c = Client(); a = c.get('/health/ready'); b = c.get('/health/live')\n"
        "print(json.dumps([a.status_code, a.content.decode(), b.status_code, b.content.decode()]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", **environment},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(json.loads(result.stdout.splitlines()[-1]))


def test_a_dead_database_is_503_without_a_detail():
    code, body, live, _ = asked(DATABASE_URL="postgresql://someone:secret-word@127.0.0.1:1/nothing")
    assert (code, live) == (503, 200)
    assert json.loads(body)["database"] == {"state": "down"}
    for word in ("secret", "someone", "127.0.0.1", "refused", "Error"):
        assert word not in body


def test_a_dead_broker_is_told_without_a_detail_and_takes_no_working_site_off():
    code, body, live, _ = asked(REDIS_URL="redis://:secret-word@127.0.0.1:1/0")
    assert (code, live) == (200, 200)
    found = json.loads(body)
    assert (found["ready"], found["status"], found["broker"]) == (True, "down", {"state": "down"})
    assert "secret" not in body


@pytest.mark.django_db(transaction=True)
def test_a_locked_table_keeps_nobody_waiting_and_makes_no_page_unready(client, settings):
    settings.DATABASE_PATIENCE = 1.0
    database = settings.DATABASES["default"]
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE mail_outgoingmail")
        began = time.monotonic()
        code, found = ready(client)
    assert time.monotonic() - began < 4
    assert (code, found["database"], found["beat"]) == (200, {"state": "ok"}, {"state": "late"})


def test_durations_are_said_in_words():
    from core.words import duration

    assert [duration(n) for n in (1, 100, 600, 8000, 200_000)] == [
        "1 second",
        "100 seconds",
        "10 minutes",
        "2 hours",
        "2 days",
    ]


def test_a_clock_that_was_moved_back_does_not_confuse(client):
    heartbeat()
    with time_machine.travel(clock.now() - timedelta(hours=1)):
        assert ready(client)[0] == 200
