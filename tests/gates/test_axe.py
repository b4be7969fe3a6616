"""Gate 41: axe, one heading, no sideways scroll and a silent console on every page, on a phone and a desk."""

import csv
import os
import re
from pathlib import Path
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.gates import FULL, pages
from tests.gates.seen import Seen
from tests.stack import Stack

pytestmark = [pytest.mark.gate(41), pytest.mark.xdist_group("axe")]

WIDTHS = (320, 1280)
SCREENSHOTS = Path("var/artifacts/screenshots/pages")
BASELINE = Path(__file__).with_name("admin_axe.csv")
AXE = Axe()
SEEN = Seen("pages", Path(__file__))
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
    "iframes": False,  # the one frame shows a mail, which is a page of its own here
}


STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 0.5).slice(0, 5)
  .map((e) => e.tagName.toLowerCase() + "." + e.className).join(", ")"""


class WebAlone(Stack):
    """The web server without worker, beat and mail, which would only take time from the browser."""

    STARTS = ("web",)
    DEMONSTRATION = True


@pytest.fixture(scope="module")
def demonstration(request):
    """The web server over a database of its own that holds the demonstration, and all pages to open."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    one = WebAlone(f"axe_{worker}", Path(os.environ["DATA_DIR"]) / f"stack-axe-{worker}")
    one._config = request.config
    try:
        one.start()
        with one.database():
            tour = pages.prepare()
            every = pages.visits(tour)
            for visit in every:
                tour.session(visit.who)
        one.tour, one.visits = tour, every
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="module")
def looks(browser, demonstration):
    """Open a page as someone: `looks(visit, 320)` returns what is wrong with it."""
    tabs = {}

    def open_and_check(visit, width, *, axe=True):
        if visit.who not in tabs:
            context = browser.new_context(base_url=demonstration.base_url, locale="en-US")
            if key := demonstration.tour.sessions.get(visit.who):
                context.add_cookies([{"name": "sessionid", "value": key, "url": demonstration.base_url}])
            tabs[visit.who] = Tab(context.new_page())
        return tabs[visit.who].visit(visit, width, axe=axe)

    yield open_and_check
    for tab in tabs.values():
        tab.page.context.close()


class Tab:
    """A browser tab that notes what its pages complain about."""

    def __init__(self, page):
        self.page = page
        self.noise = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.noise.append(str(error)))

    def visit(self, visit, width, *, axe=True):
        """Open a page, keep a picture of it, and list what is wrong as pairs of a rule and its detail."""
        self.noise.clear()
        self.page.set_viewport_size({"width": width, "height": 900})
        answer = self.page.goto(visit.path)
        if answer.status != visit.status or answer.request.redirected_from is not None:
            return [("status", f"{answer.status} at {self.page.url}")]
        if answer.headers["content-security-policy"].startswith("sandbox"):
            # A mail: where scripts are off, axe never ends. A blank page shows it just so.
            # It has no origin, so that a style sheet has to stand in it.
            mail = STYLE_SHEET.sub(
                lambda link: f"<style>{self.page.request.get(link[1]).text()}</style>", answer.text()
            )
            self.page.goto("about:blank")
            self.page.set_content(mail)
        key = SEEN.key(self.page.content(), visit.name, width, axe)
        if SEEN.passes_over(key, visit.name) and visit.audience != "admin":
            return self.faults(width, axe=False)
        faults = self.faults(width, axe=axe)
        take_picture(self.page, f"{visit.name}-{width}")
        if not faults:
            SEEN.note(key)
        return faults

    def faults(self, width, *, axe=True):
        """What is wrong with the open page, as pairs of a rule and its detail."""
        found = faults_of_layout(self.page, width)
        # Before axe, which reads the style sheets once more and makes noise of its own.
        found += [("console", line) for line in self.noise]
        return found + (faults_of_axe(self.page) if axe else [])

    def _hear(self, said):
        url = said.location["url"]
        on_purpose = url == self.page.url and "status of 40" in said.text  # a page refused or missing
        if said.type == "error" and not on_purpose:
            self.noise.append(f"{said.text} ({url}:{said.location['lineNumber']})")


def faults_of_layout(page, width):
    """Its heading and its width."""
    found = []
    headings = page.locator("h1").count()
    if headings != 1 and page.url != "about:blank":  # a mail has its subject for a heading
        found.append(("one-h1", f"{headings} of them"))
    widest = page.evaluate("document.documentElement.scrollWidth")
    if widest > width:
        found.append(("sideways-scroll", f"{widest} px wide: {page.evaluate(TOO_WIDE, width)}"))
    return found


def faults_of_axe(page):
    """What axe says."""
    found = []
    page.evaluate(AXE.axe_script)
    for violation in page.evaluate("o => axe.run(o).then(found => found.violations)", OPTIONS):
        places = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
        found.append((violation["id"], f"{violation['help']}: {places}"))
    return found


def take_picture(page, name):
    """Keep what the page shows."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True)


def widths_for(name):
    """Both in full; else one for each page, always the same one."""
    return WIDTHS if FULL else (WIDTHS[crc32(name.encode()) % 2],)


def checked(looks, visits):
    """Visit pages; what is wrong, as rows of page, width, rule and detail."""
    return [
        (visit.name, width, rule, detail)
        for visit in visits
        for width in widths_for(visit.name)
        for rule, detail in looks(visit, width)
    ]


def chosen(visits):
    """All in full; else each page once, and a fifth of the admin's, whose pages are Django's."""
    if FULL:
        return visits
    once = {visit.name.partition(" ")[0]: visit for visit in reversed(visits)}
    return [
        visit
        for visit in visits
        if visit in once.values() and (visit.audience != "admin" or crc32(visit.name.encode()) % 5 == 0)
    ]


def test_every_url_is_a_page_or_known_not_to_be_one():
    """A new URL that only ever redirects here must say as whom it opens, or that it is none."""
    names = set(pages.matrix.names())
    assert sorted((pages.NO_PAGES | set(pages.OPENS_FOR) | set(pages.RICHER)) - names) == []
    assert sorted(pages.unsettled()) == [], "say in tests/gates/pages.py what these answer"


@pytest.mark.parametrize("audience", [each for each in pages.AUDIENCES if each != "admin"])
def test_every_page_is_without_a_fault(looks, demonstration, audience):
    visits = [each for each in chosen(demonstration.visits) if each.audience == audience]
    assert visits
    found = checked(looks, visits)
    assert not found, "\n".join(f"{name} at {width} px, {rule}: {text}" for name, width, rule, text in found)


def test_the_admin_has_no_fault_that_django_has_not_and_none_of_these_is_gone(looks, demonstration):
    visits = [each for each in chosen(demonstration.visits) if each.audience == "admin"]
    asked = {(visit.name, width) for visit in visits for width in widths_for(visit.name)}
    found = {(name, width, rule): text for name, width, rule, text in checked(looks, visits)}
    with BASELINE.open(newline="") as lines:
        rows = {(row["page"], int(row["width"]), row["rule"]) for row in csv.DictReader(lines)}
    known = {row for row in rows if row[:2] in asked}
    new, gone = set(found) - known, known - set(found)
    told = [f"new:  {','.join(map(str, row))}  ({found[row]})" for row in sorted(new)]
    told += [f"gone: {','.join(map(str, row))}" for row in sorted(gone)]
    assert not told, f"Mend the page, or change {BASELINE.name}:\n" + "\n".join(told)
    assert {row[0] for row in rows} <= {visit.name for visit in demonstration.visits}


@pytest.fixture
def long_names(demonstration):
    """Everything that people name bears the longest name there may be, in one word."""
    with demonstration.database():
        yield pages.give_long_names(demonstration.tour)


def test_the_longest_names_leave_a_phone_without_sideways_scroll(looks, demonstration, long_names):
    found = [
        f"{visit.name}, {rule}: {text}" for visit in long_names for rule, text in looks(visit, 320, axe=False)
    ]
    assert not found, "\n".join(found)


def test_a_page_broken_on_purpose_is_found(browser, demonstration):
    tab = Tab(browser.new_context(base_url=demonstration.base_url).new_page())
    assert tab.visit(pages.Visit("public:contact sound", "/contact/", "visitor"), 320) == []
    with tab.page.expect_console_message():
        tab.page.evaluate(
            """() => {
              const main = document.querySelector("main");
              main.append(Object.assign(document.createElement("img"), {src: "/static/none.png"}));
              main.append(Object.assign(document.createElement("h1"), {textContent: "Another"}));
              main.append("W".repeat(40));
              main.style.whiteSpace = "nowrap";
            }"""
        )
    assert {rule for rule, _text in tab.faults(320)} == {"one-h1", "sideways-scroll", "image-alt", "console"}
    tab.page.context.close()
