"""A mail is queued with the change that causes it, once per key, complete or not at all."""

import os
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.local.places import BASE_DIR
from core import clock
from core.mail.emails import TEST
from core.mail.models import OutgoingMail
from core.mail.outbox import MissingVariableError, Reader, enqueue, enqueue_many
from core.mail.outbox.compose import _engine, _StrictContext, one_line, tidy
from core.mail.purposes import Category
from core.models import Department
from tests.factories.core import Note, draft, mail, mails

pytestmark = pytest.mark.django_db


def test_a_mail_vanishes_with_the_change_that_caused_it():
    def change_that_fails() -> None:
        with transaction.atomic():
            mail(key="gone")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert not OutgoingMail.objects.filter(dedupe_key="gone").exists()


def test_a_key_that_exists_queues_nothing():
    first = mail(key="once")
    assert enqueue(draft(key="once")) is None
    assert OutgoingMail.objects.get(dedupe_key="once").message_id == first.message_id


def test_an_empty_address_queues_nothing():
    assert enqueue(draft(to=" ")) is None


def test_many_are_inserted_with_one_statement_a_batch_and_the_same_key_once(django_assert_max_num_queries):
    drafts = [draft(key=f"bulk-{n % 50}") for n in range(100)]
    with django_assert_max_num_queries(8):
        assert enqueue_many(drafts) == 50
    assert enqueue_many(drafts) == 0


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_with_one_key_make_one_row():
    start = threading.Barrier(10)
    made: list[object] = []

    def queue() -> None:
        start.wait()
        made.append(enqueue(draft(key="race")))
        connection.close()

    threads = [threading.Thread(target=queue) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 10
    assert sum(one is not None for one in made) == 1
    assert OutgoingMail.objects.filter(dedupe_key="race").count() == 1


def test_a_missing_variable_is_an_error_and_queues_nothing():
    with pytest.raises(MissingVariableError, match="note"):
        mail(key="hole", payload=None)
    assert not OutgoingMail.objects.filter(dedupe_key="hole").exists()


@pytest.mark.parametrize(
    "source",
    [
        "{{ lost }}",
        "{{ lost|upper }}",
        "{{ note.lost }}",
        "{% if lost %}x{% endif %}",
        "{% if lost or note %}x{% endif %}",
        "{% for one in lost %}x{% endfor %}",
        "{% with a=lost %}{{ a }}{% endwith %}",
        "{% load i18n %}{% blocktranslate %}Dear {{ lost }}{% endblocktranslate %}",
        "{% include 'emails/button.html' with url=lost label='x' only %}",
    ],
)
def test_a_missing_variable_is_noticed_wherever_it_stands(source):
    template = _engine(autoescape=True).engine.from_string(source)
    context = _StrictContext({"note": "A"}, True)

    def render() -> None:
        template.render(context)
        context.check()

    with pytest.raises(MissingVariableError):
        render()


def test_html_is_escaped_and_text_is_not():
    row = mail(payload=Note("<b>R&D</b>"))
    assert "<b>R&D</b>" in row.text
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in row.html
    assert "<b>R" not in row.html


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ufdd0", "\ufdef", "\U0001fffe", "\U0010ffff"])
def test_what_unicode_keeps_from_being_a_character_is_left_out(sign):
    assert one_line(f"Cedar {sign}Hall") == "Cedar Hall"
    assert tidy(f"Cedar {sign}Hall\n") == "Cedar Hall\n"
    assert one_line("Ünïcode 商店 🙂 \ufffd") == "Ünïcode 商店 🙂 \ufffd", "characters stay"


def test_a_subject_is_one_short_line():
    row = mail(subject="Hello\r\nBcc: everyone@city.example\x00\u2028" + "long " * 40)
    assert row.subject.startswith("Hello Bcc: everyone@city.example long")
    assert len(row.subject) < 60
    assert row.subject.endswith("…")
    assert one_line("x" * 200, 20) == "x" * 19 + "…"


def test_the_mail_names_the_department_its_address_and_the_reason():
    Department.objects.create(pk=1, name="Springfield Police Department", postal_address="1 Elm Street")
    row = mail(why="You get this because you asked.")
    for body in (row.text, row.html):
        assert "Springfield Police Department" in body
        assert "1 Elm Street" in body
        assert "You get this because you asked." in body


def test_the_recipients_language_decides(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    assert 'lang="es"' in mail(language="es").html
    assert 'lang="en"' in mail(language="xx").html
    assert mail(language="es", subject=_("Monday")).subject == "lunes"


def test_the_mail_has_no_rule_that_needs_a_style_sheet():
    html = mail().html
    assert "<link" not in html
    assert "<script" not in html


def test_a_mail_that_stands_in_no_list_of_the_rooms_cant_be_written():
    stray = replace(TEST, name="A mail nobody finds in the table")
    with pytest.raises(ImproperlyConfigured, match="mail/test"):
        stray.send(to=Reader("user-1", "a@people.example"), payload=Note)
    assert not OutgoingMail.objects.exists()


def test_a_declared_mail_says_what_its_declaration_says():
    reader = Reader("user-1", "a@people.example", "Ana", user_id=1)
    row = TEST.send(to=reader, payload=Note, about=Department(pk=7), occurrence="twice")
    assert row.dedupe_key == "core.test:department-7:user-1:twice"
    assert (row.template, row.room, row.category) == ("mail/test", "mail", "service")
    assert (row.subject, row.why) == (str(TEST.subject), str(TEST.why))
    assert (row.to, row.recipient_id, row.recipient_name, row.subject_id) == (reader.to, 1, "Ana", 7)


def test_what_a_mail_says_is_put_together_in_its_readers_language_and_the_departments_zone(settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    Department.objects.create(pk=1, time_zone="Pacific/Honolulu")
    reader = Reader("user-1", "a@people.example", language="es")

    def note():
        return Note(f"{gettext('Monday')} {timezone.get_current_timezone_name()}")

    row = TEST.send(to=reader, payload=note, subject=lambda: gettext("Monday"))
    assert (row.subject, row.language) == ("lunes", "es")
    assert "lunes Pacific/Honolulu" in row.text
    assert gettext("Monday") == "Monday"


def test_a_message_id_is_of_the_senders_domain_and_never_the_same(settings):
    settings.DEFAULT_FROM_EMAIL = "Partners <desk@riverton.example>"
    ids = {row.message_id for row in mails(20)}
    assert len(ids) == 20
    assert all(each.endswith("@riverton.example>") for each in ids)


def test_a_mail_begins_waiting_and_moves_only_as_the_table_says():
    row = mail()
    for status in ("sent", "failed", "unknown", "attempting"):
        with pytest.raises(Exception, match="transition"), transaction.atomic():
            OutgoingMail.objects.filter(pk=row.pk).update(status=status)
    with pytest.raises(Exception, match="begin"), transaction.atomic():
        OutgoingMail.objects.create(dedupe_key="x", message_id="<x@y>", to="a@b.example", status="sent")


def test_a_sent_mail_has_a_time():
    row = mail()
    OutgoingMail.objects.filter(pk=row.pk).update(status="sending")
    OutgoingMail.objects.filter(pk=row.pk).update(status="attempting")
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=row.pk).update(status="sent")


def test_a_dead_broker_costs_little_and_only_once():
    script = (
        "import django, time; django.setup()\n"
        "from core.mail.outbox import kick\n"
        "a = time.monotonic(); kick(); b = time.monotonic(); kick(); c = time.monotonic()\n"
        "print(b - a, c - b)"
    )
    environment = {**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0"}
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (float(each) for each in result.stdout.split()[-2:])
    assert first < 2
    assert second < 0.1


def test_sign_in_codes_go_before_everything_else():
    newsletter = mail(category=Category.NEWSLETTER)
    service = mail()
    code = mail(category=Category.SECURITY)
    assert list(OutgoingMail.objects.due(clock.now())) == [code, service, newsletter]
