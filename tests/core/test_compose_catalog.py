"""Every mail stands in the catalog once and says what it is; the docs have the table that the code makes."""

import calendar
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from config.local.places import BASE_DIR
from core.mail import table as mail_table
from core.mail.outbox import catalog
from core.mail.outbox.compose import ForeignLinkError, payload_values, render, speaking
from core.mail.purposes import Category, Purpose
from core.mail.reminders.sources import sources
from core.models import Department
from tests.factories.core import Note, mail

FOLDER = BASE_DIR / "templates/emails"
KINDS = catalog()
DEPARTMENT = Department(
    pk=1,
    name="Riverton Police Department",
    short_name="Riverton Police",
    postal_address="100 Main Street\nRiverton, IL 60601",
    phone="555-0100",
    email="partners@riverton.example",
)


def written(kind, **more):
    """A mail of the catalog with its sample."""
    return render(
        template=kind.template,
        subject=kind.subject,
        why=kind.why,
        payload=kind.sample(),
        category=kind.category,
        duty=kind.duty,
        department=DEPARTMENT,
        **more,
    )


def templates(suffix):
    """The mails of all rooms by their files; names with an underscore are parts."""
    return {
        str(path.relative_to(FOLDER).with_suffix(""))
        for path in FOLDER.glob(f"*/*{suffix}")
        if not path.name.startswith("_")
    }


def test_every_template_has_one_kind_and_both_faces():
    assert templates(".txt") == templates(".html") == set(KINDS)
    listed = [line[4] for line in mail_table.rows()]
    assert len(listed) == len(set(listed)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_sample_is_a_whole_mail(kind):
    found = written(kind)
    assert found.subject == str(kind.subject), "the sample's subject is too long"
    assert len(found.subject) < 60
    assert found.why in found.text
    for body in (found.text, found.html):
        assert DEPARTMENT.name in body
        assert "100 Main Street" in body


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_mail_reads_well_as_text(kind):
    text = written(kind, preferences_url="http://localhost:8000/mail/choices/").text
    assert not re.search(r"&(#\d+|#x[0-9a-f]+|amp|lt|gt|quot|nbsp);", text)
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert not re.search(r"<[a-z/]", text), "markup"
    links = [line for line in text.splitlines() if "://" in line]
    assert all(re.fullmatch(r"\S+", line) for line in links), "a link shares its line"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_link_of_the_page_is_in_the_text_too(kind):
    found = written(kind)
    pages = set(re.findall(r'href="(http[^"]+)"', found.html))
    assert pages <= {line for line in found.text.splitlines() if "://" in line}


def test_the_mail_of_every_reminder_is_in_the_catalog_as_a_reminder():
    for source in sources().values():
        assert KINDS[source.template].category == Category.REMINDER, source.key


def test_service_mail_says_so_and_other_mail_does_not():
    says = {name for name, kind in KINDS.items() if "can’t be switched off" in written(kind).text}
    shown = {name for name, kind in KINDS.items() if "can’t be switched off" in written(kind).html}
    stays = {name for name, kind in KINDS.items() if kind.purpose == Purpose.SERVICE}
    assert (
        says == shown == stays - {name for name, kind in KINDS.items() if kind.category == Category.SECURITY}
    )


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_sample_writes_times_and_days_as_real_mail_does(kind):
    found = written(kind)
    words = f"{found.subject}\n{found.text}"
    assert re.findall(r"\d:\d\d(?! [ap]\.m\.).*", words) == []
    months = "|".join(calendar.month_name[1:])
    assert re.findall(rf"(?:{months}) \d+(?!\d|, 20\d\d).*", words) == []


def test_the_table_in_the_docs_is_the_one_of_the_code():
    text = (BASE_DIR / mail_table.FILE).read_text()
    assert text == mail_table.written(text), "run manage.py mail_table --write"


def test_the_command_prints_the_table_with_the_rules_of_each_mail():
    out = StringIO()
    call_command("mail_table", stdout=out)
    (line,) = [line for line in out.getvalue().splitlines() if "`events/follow_up`" in line]
    assert "`event-day-after`" in line
    with pytest.raises(ValueError, match="lacks"):
        mail_table.written("no marks")


def test_a_payload_is_a_frozen_dataclass_and_its_links_lead_home():
    with pytest.raises(TypeError):
        payload_values({"note": "A"})
    kind = KINDS["accounts/notice"]
    good = kind.sample()
    for url in (
        "javascript:alert(1)",
        "https://evil.example/",
        "//evil.example",
        "http://localhost:8000.evil.example/",
    ):
        with pytest.raises(ForeignLinkError):
            payload_values(type(good)(what="x", url=url))
    assert payload_values(good)["url"] == good.url


def test_text_marked_as_safe_is_escaped_all_the_same(db):
    from django.utils.safestring import mark_safe

    row = mail(payload=Note(mark_safe("<b>bold</b>")))  # noqa: S308  (what must not pass)
    assert "&lt;b&gt;bold" in row.html


def test_text_loses_what_turns_a_line_around_and_what_no_database_takes(db):
    row = mail(payload=Note("a\x00b\u202ec\u2066d\ud800e\r\nf"), subject="\u202eold")
    assert "abcde\nf" in row.text
    assert row.subject == "old"


def test_the_accent_color_of_the_department_is_the_line_under_its_name():
    kind = KINDS["mail/test"]
    assert "#a10b0b" not in written(kind).html
    DEPARTMENT.accent_color = "#a10b0b"
    try:
        assert "border-bottom-color: #a10b0b" in written(kind).html
    finally:
        DEPARTMENT.accent_color = ""


def test_the_page_suits_dark_screens_phones_and_right_to_left(settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    html = written(KINDS["mail/test"], language="ar").html
    assert 'dir="rtl"' in html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 480px" in html
    assert re.search(r'<p style="[^"]*margin', html), "styles stand at their elements"


@pytest.mark.parametrize(("language", "spoken"), [("es", "es"), ("tlh", "en"), ("", "en")])
def test_words_for_a_reader_are_in_their_language_where_it_is_one_of_ours(settings, language, spoken):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    with translation.override("de"):
        with speaking(language):
            assert translation.get_language() == spoken
        assert translation.get_language() == "de"
