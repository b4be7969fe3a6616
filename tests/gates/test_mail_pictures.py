"""Every mail fits a phone and a window; what it looks like is kept as a picture, what it says as text."""

import os
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from core.mail.models import MailWording
from core.mail.outbox import catalog
from core.mail.outbox.compose import render
from core.models import Department
from tests.gates.seen import Seen
from tests.gates.tab import TOO_WIDE, faults_of_axe

pytestmark = pytest.mark.xdist_group("hostile-mail")

WIDTHS = (360, 640)
FOLDER = Path(os.environ.get("MAIL_PICTURES", "var/artifacts/screenshots/mails"))
KINDS = catalog()
SEEN = Seen("mails", Path(__file__))
DEPARTMENT = Department(
    pk=1,
    name="Riverton Police Department",
    short_name="Riverton Police",
    product_name="Riverton Partners",
    postal_address="Community Partnerships Unit\n100 Main Street\nRiverton, IL 60601",
    phone="(312) 555-0100",
    email="partners@riverton.example",
)
TEN = (
    *("accounts/code", "businesses/invitation", "mail/digest", "vetting/receipt", "vetting/action_needed"),
    *("vetting/welcome", "vetting/declined", "events/registered", "events/moved", "events/event_cancelled"),
)


def written(kind, payload=None, department=DEPARTMENT, **more):
    return render(
        template=kind.template,
        subject=kind.subject,
        why=kind.why,
        payload=payload or kind.sample(),
        category=kind.category,
        duty=kind.duty,
        department=department,
        preferences_url="http://localhost:8000/mail/choices/",
        **more,
    )


@pytest.fixture(scope="module")
def pages(browser):
    """`pages("light")` and `pages("dark")`: a tab on a screen of that kind."""
    tabs = {}

    def tab(scheme):
        if scheme not in tabs:
            tabs[scheme] = browser.new_page(color_scheme=scheme)
        return tabs[scheme]

    yield tab
    for one in tabs.values():
        one.close()


def shown(page, mail, width):
    """Show a mail; what sticks out of a window of this width."""
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(mail.html)
    widest = page.evaluate("document.documentElement.scrollWidth")
    return f"{widest} px: {page.evaluate(TOO_WIDE, width)}" if widest > width else ""


def keep(page, name):
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name.replace('/', '-')}.png", full_page=True)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_mail_fits_its_window_on_light_and_dark_screens(kind, pages):
    mail = written(kind)
    key = SEEN.key(mail.html, "looks")
    if SEEN.passes_over(key, kind.template):
        return
    for width in WIDTHS:
        assert shown(pages("light"), mail, width) == ""
        keep(pages("light"), f"{kind.template}-{width}")
    assert faults_of_axe(pages("light")) == []
    assert shown(pages("dark"), mail, 360) == ""
    keep(pages("dark"), f"{kind.template}-dark")
    assert faults_of_axe(pages("dark")) == []
    (FOLDER / f"{kind.template.replace('/', '-')}.txt").write_text(mail.text)
    SEEN.note(key)


def test_ten_mails_are_kept_at_both_widths():
    assert set(TEN) <= set(KINDS)


def longest(value, field=""):
    """A payload in which every text is one word that never ends."""
    if isinstance(value, str):
        return value if field == "url" or field.endswith("_url") else "Wandererswanderlust" * 12
    if isinstance(value, list | tuple):
        return [longest(each, field) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: longest(getattr(value, each.name), each.name) for each in fields(value)}
        )
    return value


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_longest_word_leaves_a_phone_without_sideways_scroll(kind, pages):
    words = MailWording(before="W" * 400, after="W" * 400)
    mail = written(kind, longest(kind.sample()), words=words)
    key = SEEN.key(mail.html, "longest")
    if SEEN.passes_over(key, f"{kind.template} longest"):
        return
    assert shown(pages("light"), mail, 360) == ""
    SEEN.note(key)


def test_a_mail_that_is_too_wide_would_be_found(pages):
    mail = written(KINDS["mail/test"])
    wide = replace(mail, html=mail.html.replace("<p style=", '<p style="width:900px" data-x=', 1))
    assert "900" in shown(pages("light"), wide, 360) or "px: p" in shown(pages("light"), wide, 360)


def test_a_mail_reads_from_right_to_left_in_such_a_language(pages, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    mail = written(KINDS["events/registered"], language="ar")
    for width in WIDTHS:
        assert shown(pages("light"), mail, width) == ""
    keep(pages("light"), "events/registered-rtl")
    direction = "getComputedStyle(document.querySelector('.body p')).direction"
    assert pages("light").evaluate(direction) == "rtl"
