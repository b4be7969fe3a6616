"""The department's own words stand around a mail, are tried before they are saved, and can be taken back."""

import re
from html import unescape

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from core.access import Refused
from core.mail import wording
from core.mail.models import MailWording, OutgoingMail
from core.mail.outbox import catalog, enqueue_many
from core.mail.outbox.relay import build
from core.mail.purposes import Category
from core.models import AuditEntry, Department
from tests.factories.accounts import AdminFactory, OfficerFactory, sign_in
from tests.factories.core import draft, mail

pytestmark = pytest.mark.django_db
WORDS = "Bring your ID.\r\n\r\nRing <b>twice</b> & wait: https://riverton.example/door"


@pytest.fixture
def admin():
    return AdminFactory()


@pytest.fixture
def row():
    return MailWording.objects.get(template="mail/test")


def save(row, admin, **words):
    return wording.change_wording(wording=row, actor=admin, **{"before": "", "after": "", **words})


def test_every_mail_but_those_of_signing_in_has_a_row():
    offered = {name for name, kind in catalog().items() if kind.category != Category.SECURITY}
    assert set(MailWording.objects.values_list("template", flat=True)) == offered
    assert wording.make_rows() == 0
    assert offered < set(catalog())


def test_the_words_stand_before_and_after_the_fixed_part(row, admin):
    save(row, admin, before=WORDS, after="See you.")
    sent = mail()
    for body in (sent.text, sent.html):
        assert body.index("Bring your ID.") < body.index("A line.") < body.index("See you.")
    assert "Bring your ID.\n\nRing <b>twice</b> & wait" in sent.text
    assert "Ring &lt;b&gt;twice&lt;/b&gt; &amp; wait" in sent.html
    assert "<b>" not in sent.html
    assert 'href="https://riverton.example/door"' not in sent.html, "no link is made of words"
    assert ">Bring your ID.</p>" in sent.html, "an empty line starts a paragraph"


def test_the_greeting_stays_first(admin):
    kind = catalog()["jobs/finished"]
    shown = wording.preview(template=kind.template, before="Our desk moved.", after="")
    greeting = f"Hello {kind.sample().name},\n\n"
    assert shown.mail.text.startswith(f"{greeting}Our desk moved.\n\nThe work you asked for")


def test_a_mail_about_signing_in_takes_no_words(row):
    MailWording.objects.create(template="accounts/code", before="Call 555-0100 and tell us your code.")
    kind = catalog()["accounts/code"]
    sent = mail(template=kind.template, payload=kind.sample(), category=kind.category)
    assert "555-0100" not in sent.text + sent.html
    assert "555-0100" not in wording.preview(template=kind.template, before="555-0100", after="").mail.text


def test_what_waits_already_keeps_what_it_says(row, admin):
    sent = mail()
    save(row, admin, before="New words.")
    assert "New words." not in OutgoingMail.objects.get(pk=sent.pk).text


def test_many_mails_read_the_words_once(row, admin, django_assert_num_queries):
    from django.db import connection

    save(row, admin, before="New words.")
    enqueue_many([draft()])
    with CaptureQueriesContext(connection) as one:
        enqueue_many([draft()])
    with CaptureQueriesContext(connection) as many:
        enqueue_many([draft() for _ in range(30)])
    assert len(one) == len(many)


def test_a_change_is_audited_without_its_text_and_saving_the_same_is_none(row, admin):
    save(row, admin, before="Hello.")
    save(row, admin, before="Hello.")
    entry = AuditEntry.objects.get(verb="mail.wording_changed")
    assert (entry.changed, entry.target_id) == (["before"], str(row.pk))
    assert "Hello" not in entry.detail


def test_a_stale_change_and_a_stale_reset_are_refused(row, admin):
    seen = row.updated_at
    save(row, admin, before="Theirs.")
    with pytest.raises(Refused, match="Changed by"):
        save(row, admin, before="Mine.", seen=seen)
    with pytest.raises(Refused, match="Changed by"):
        wording.reset_wording(wording=row, actor=admin, seen=seen)
    assert MailWording.objects.get(pk=row.pk).before == "Theirs."


def test_only_an_admin_changes_the_words(row):
    with pytest.raises(Refused):
        save(row, OfficerFactory(), before="Mine.")


@pytest.fixture
def page(client, admin, row):
    """A browser of an admin, and the form as the page shows it."""
    sign_in(client, admin)
    url = reverse("admin:mail_mailwording_change", args=[row.pk])
    shown = client.get(url)
    version = shown.context["adminform"].form["version"].value()
    return client, url, {"before": "", "after": "", "version": version}


def test_the_list_names_every_mail_with_what_causes_it(page):
    client, _url, _form = page
    shown = client.get(reverse("admin:mail_mailwording_changelist")).content.decode()
    for kind in wording.offered():
        assert escape(str(kind.trigger)) in shown


def test_the_page_and_its_history_are_headed_by_the_name_of_the_mail_not_by_its_file(page, row):
    client, url, _form = page
    name = escape(str(catalog()[row.template].name))
    for address in (url, reverse("admin:mail_mailwording_history", args=[row.pk])):
        shown = client.get(address).content.decode()
        assert name in shown
        assert row.template not in shown, address


def test_the_page_saves_and_resets_through_the_service(page, row):
    client, url, form = page
    assert client.post(url, {**form, "before": "Bring your ID.", "_save": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.before == "Bring your ID."
    version = client.get(url).context["adminform"].form["version"].value()
    answer = client.post(url, {"before": "x" * 2000, "after": "typed", "version": version, "_reset": "1"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.before, row.after) == ("", "")
    rows = AuditEntry.objects.filter(target_type="mail.mailwording").order_by("pk")
    verbs = list(rows.values_list("verb", flat=True))
    assert verbs == ["mail.wording_changed", "mail.wording_reset"]


def test_a_stale_page_is_refused_and_keeps_what_was_typed(page, row, admin):
    client, url, form = page
    save(row, admin, before="Theirs.")
    answer = client.post(url, {**form, "before": "Mine.", "_save": "1"})
    assert answer.status_code == 409
    assert "Changed by" in answer.content.decode()
    assert "Where the two versions differ" in answer.content.decode()
    assert "Theirs." in answer.content.decode()
    assert "Mine." in answer.content.decode()


def test_the_preview_shows_sender_subject_html_and_text_with_unsaved_words_in_a_sandbox(page, row):
    client, _url, form = page
    Department.objects.create(pk=1, short_name="Lake & Sons Police")
    url = reverse("admin:mail_mailwording_preview", args=[row.pk])
    answer = client.post(url, {**form, "before": WORDS, "_preview": "1"})
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    shown = answer.content.decode()
    sent = mail(template=row.template)
    letter = build(sent, Department.current())
    assert f"<dd>{escape(letter.from_email)}</dd>" in shown
    assert "Lake &amp; Sons Police" in shown
    assert f"<dd>{catalog()[row.template].subject}</dd>" in shown
    html = unescape(re.search(r'srcdoc="([^"]*)" sandbox=""', shown)[1])
    assert ">Bring your ID.</p>" in html
    assert "Ring &lt;b&gt;twice&lt;/b&gt; &amp; wait" in html
    assert "If you can read it" in html
    text = unescape(re.search(r"<pre[^>]*>(.*)</pre>", shown, re.DOTALL)[1])
    assert "Bring your ID.\n\nRing <b>twice</b> & wait" in text
    row.refresh_from_db()
    assert row.before == ""
    assert "Bring your ID." not in client.get(url).content.decode()


def test_the_links_of_the_previewed_mail_lead_nowhere_as_its_names_are_invented(page, row):
    client, _url, _form = page
    shown = client.get(reverse("admin:mail_mailwording_preview", args=[row.pk])).context["html"]
    assert "</a>" in shown
    assert not re.search(r"<a\b[^>]*\shref", shown)


def test_words_that_are_too_long_are_not_previewed(page, row):
    client, _url, form = page
    url = reverse("admin:mail_mailwording_preview", args=[row.pk])
    shown = client.post(url, {**form, "before": "x" * 1001}).content.decode()
    assert "1000 characters" in shown
    assert "srcdoc" not in shown


def test_the_buttons_of_the_page_lead_to_the_frame_and_reset_shows_where_there_are_words(page, row, admin):
    client, url, _form = page
    shown = client.get(url).content.decode()
    preview = reverse("admin:mail_mailwording_preview", args=[row.pk])
    assert shown.count(f'formaction="{preview}" formtarget="mail-preview"') == 1
    assert f'name="mail-preview" src="{preview}" sandbox=""' in shown
    assert "_reset" not in shown
    save(row, admin, after="See you.")
    assert "_reset" in client.get(url).content.decode()
    assert ">after<" in client.get(reverse("admin:mail_mailwording_changelist")).content.decode()


def test_the_preview_names_an_accented_sender_as_people_read_it():
    department = Department.current()
    department.short_name = "Policía de Río"
    department.save()
    shown = wording.preview(template="mail/test", before="", after="")
    assert shown.sender.startswith("Policía de Río <")
