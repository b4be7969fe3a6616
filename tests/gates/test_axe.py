"""Gate 41: axe, one heading, no sideways scroll and a silent console on every page, on a phone and a desk."""

import csv
import os
from pathlib import Path
from zlib import crc32

import pytest

from tests.gates import FULL, pages
from tests.gates.answers import WAYS, answers
from tests.gates.tab import Tab, faults_of_axe
from tests.stack import Stack

pytestmark = [pytest.mark.gate(41), pytest.mark.xdist_group("axe")]

WIDTHS = (320, 1280)
HIDDEN_AT_THE_RIGHT = """() => {
  const list = document.querySelector("#changelist .results");
  return list.scrollWidth - list.clientWidth;
}"""
LINES_OF_ADDRESSES = """() => Object.fromEntries(
  [...document.querySelectorAll("#result_list .field-email a")].map((link) => {
    const range = document.createRange();
    range.selectNodeContents(link);
    return [link.textContent, new Set([...range.getClientRects()].map((each) => each.top)).size];
  })
)"""
COMMON = 30  # signs of an address
BASELINE = Path(__file__).with_name("admin_axe.csv")


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


@pytest.fixture(autouse=True)
def _shown_a_moment_ago(demonstration):
    with demonstration.database():
        demonstration.tour.freshen()


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

    open_and_check.page = lambda visit: tabs[visit.who].page
    yield open_and_check
    for tab in tabs.values():
        tab.page.context.close()


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


@pytest.mark.parametrize(
    "model",
    [
        "accounts_user",
        "businesses_business",
        "businesses_organization",
        "mail_reminder",
        "vetting_application",
    ],
)
def test_no_column_of_the_admins_lists_is_cut_off_at_a_desk(looks, demonstration, model):
    [visit] = [each for each in demonstration.visits if each.name == f"admin:{model}_changelist"]
    looks(visit, 1280, axe=False)
    assert looks.page(visit).evaluate(HIDDEN_AT_THE_RIGHT) == 0


def test_a_common_address_stands_in_one_line_in_the_admins_list_of_people(looks, demonstration):
    [visit] = [each for each in demonstration.visits if each.name == "admin:accounts_user_changelist"]
    looks(visit, 1280, axe=False)
    lines = looks.page(visit).evaluate(LINES_OF_ADDRESSES)
    assert {address: n for address, n in lines.items() if n > 1 and len(address) <= COMMON} == {}
    assert len(lines) > 5


def test_every_page_that_answers_a_form_is_without_a_fault(browser, demonstration):
    """Refused forms, questions about many rows, previews. The admin's are Django's own."""
    visits = [
        visit
        for visit in chosen(demonstration.visits)
        if visit.audience != "admin" and (FULL or crc32(visit.name.encode()) % 3 == 0)
    ]
    with demonstration.database():
        found = list(answers(demonstration.tour, visits))
    assert {"empty", "nonsense"} <= {way for each in found for way in WAYS if f"sent {way}" in each.name}
    tab = Tab(browser.new_context(base_url=demonstration.base_url, locale="en-US").new_page())
    faults = [
        f"{each.name} at {width} px, {rule}: {text}"
        for each in found
        for width in widths_for(each.name)
        for rule, text in tab.show(each.name, each.path, each.html, width)
    ]
    tab.page.context.close()
    assert not faults, "\n".join(faults)


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


FAINT = '<!doctype html><html lang="en"><title>A mail</title><p style="color:#ddd">Faint</p></html>'
FRAMED = (
    f'<!doctype html><html lang="en"><title>Page</title><h1>Page</h1><iframe sandbox title="Mail" '
    f"srcdoc='{FAINT}'></iframe></html>"
)


def test_a_mail_is_looked_at_in_its_sandbox_alone_and_in_a_frame(browser, demonstration):
    tab = Tab(browser.new_context(base_url=demonstration.base_url).new_page())
    sandbox = {"content-security-policy": "sandbox; style-src 'unsafe-inline'"}
    for name, html, headers in (("mail", FAINT, sandbox), ("page", FRAMED, None)):
        tab.show(name, f"/{name}/", html, 320, headers=headers)
        assert [rule for rule, _text in faults_of_axe(tab.page)] == ["color-contrast"], name
    tab.page.context.close()
