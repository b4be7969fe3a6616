"""The kind of business as a combobox: by keyboard and mouse, and told to who listens."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

ROOT = Path(__file__).parents[2]
FORM = """
<form method="get" action="/save"><label for="id_industry">Kind of business</label>
<div class="kinds"><input type="text" name="industry_words" id="id_industry" value="" data-kinds="/kinds/"
  class="usa-input"><span class="usa-sr-only" role="status" data-kinds-said></span>
<input type="hidden" name="industry_for" value="" data-kinds-for>%s</div><button>Save</button></form>
"""
KEY = '<input type="hidden" name="industry" value="" data-kinds-key><p class="usa-hint kinds__group"></p>'
ASKED = (
    '<fieldset data-kinds-found data-kinds-name="industry"><legend>Which is it?</legend>'
    '<input type="radio" name="industry" value="7" checked></fieldset>'
)
FOUND = [
    {"value": 11, "label": "Nail Salons", "note": "Personal Care Services"},
    {"value": 12, "label": "Beauty Salons", "note": "Personal Care Services"},
]


@pytest.fixture
def opened(page: Page):
    """Opens the form; a script that fails stops the test."""
    sent: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.path == "/kinds/":
            typed = parse_qs(parts.query).get("q", [""])[0]
            found = [] if typed.startswith("zz") else FOUND
            body = {"kinds": found, "said": f"{len(found)} kinds"}
            route.fulfill(content_type="application/json", body=json.dumps(body))
        elif parts.path == "/save":
            sent.append(parse_qs(parts.query, keep_blank_values=True))
            route.fulfill(content_type="text/html", body="saved")
        elif parts.path == "/kinds.js":
            route.fulfill(content_type="text/javascript", body=(ROOT / "static/js/kinds.js").read_text())
        else:
            style = (ROOT / "static/css/app.css").read_text()
            form = FORM % (ASKED if parts.path == "/asked" else KEY)
            html = f"<!doctype html><style>{style}</style>{form}<script src='/kinds.js' defer></script>"
            route.fulfill(content_type="text/html", body=html)

    def open_page(path: str = "/") -> Page:
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.route("**/*", answer)
        page.goto(f"http://kinds.example{path}")
        return page

    open_page.sent = sent
    return open_page


def test_by_keyboard(opened) -> None:
    page = opened()
    box = page.get_by_role("combobox", name="Kind of business")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("nail")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text("2 kinds")
    options = page.get_by_role("listbox", name="Kind of business").get_by_role("option")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("Nail Salons")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.get_attribute("aria-activedescendant") is None
    expect(page.get_by_role("paragraph")).to_have_text("Personal Care Services")
    page.get_by_role("button").click()
    page.get_by_text("saved").wait_for()
    assert opened.sent == [
        {"industry_words": ["Nail Salons"], "industry_for": ["Nail Salons"], "industry": ["11"]}
    ]


def test_escape_and_leaving_close_the_list_and_keep_the_words(opened) -> None:
    page = opened()
    box = page.get_by_role("combobox")
    for key in ("Escape", "Tab"):
        box.fill("nail")
        expect(page.get_by_role("listbox")).to_be_visible()
        box.press(key)
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(box).to_have_value("nail")


def test_enter_without_a_choice_sends_the_words(opened) -> None:
    page = opened()
    box = page.get_by_role("combobox")
    box.fill("nail")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Enter")
    page.get_by_text("saved").wait_for()
    assert opened.sent == [{"industry_words": ["nail"], "industry_for": [""], "industry": [""]}]


def test_by_mouse_where_the_page_asked_which_is_meant(opened) -> None:
    page = opened("/asked")
    page.get_by_role("combobox").fill("nail")
    page.get_by_role("option", name="Beauty Salons").click()
    expect(page.get_by_role("group")).to_have_count(0)
    page.get_by_role("button").click()
    page.get_by_text("saved").wait_for()
    assert opened.sent[0]["industry"] == ["12"]


def test_what_is_not_found_is_said_and_no_empty_list_opens(opened) -> None:
    page = opened()
    page.get_by_role("combobox").fill("zzz")
    expect(page.get_by_role("status")).to_have_text("0 kinds")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_the_list_fits_a_phone(opened, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    opened()
    page.get_by_role("combobox").fill("nail")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
