"""Every component on its page, as a browser and as axe see it."""

from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PAGES = [
    "desk",
    "business",
    "review",
    "home",
    "status",
    "form",
    "form-errors",
    "list",
    "sampler",
    "confirm",
    "403",
    "404",
    "409",
    "429",
    "500",
    "503",
    "pause",
]
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}
}


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_has_one_h1_a_language_no_wcag_violation_and_no_sideways_scroll(open_gallery, width):
    page = open_gallery(PAGES[0], width)
    faults = []
    for name in PAGES:
        page.goto(urljoin(page.url, f"../{name}/"))
        if page.locator("h1").count() != 1 or page.locator("html").get_attribute("lang") != "en":
            faults.append(f"{name}: not one h1, or no language")
        if (widest := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{name}: {widest} px wide")
        found = Axe().run(page, options=WCAG)
        if found.violations_count:
            faults.append(f"{name}: {found.generate_report()}")
    assert not faults, "\n".join(faults)


def test_targets_are_high_enough_for_a_finger(open_gallery):
    page = open_gallery("list", 320)
    low = page.evaluate(
        """() => [...document.querySelectorAll(
             "main .usa-button, main .chip, .filters__toggle, summary, .filters .usa-input")]
             .filter((e) => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5)
             .map((e) => e.outerHTML)"""
    )
    assert low == []


def test_skip_link_is_the_first_stop_and_leads_to_the_content(open_gallery):
    page = open_gallery("desk")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "usa-skipnav"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_menu_opens_on_a_phone_without_scripts(open_gallery):
    page = open_gallery("desk", 320, scripts=False)
    link = page.locator(".menu--phone a", has_text="Businesses")
    assert not link.is_visible()
    page.locator(".menu--phone summary").click()
    assert link.is_visible()
    assert page.locator(".menu--phone button", has_text="Sign out").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("width", "bar"), [(320, ".menu--phone"), (1280, ".bar__nav")])
def test_a_group_of_the_navigation_opens_by_keyboard_with_or_without_scripts(
    open_gallery, width, bar, scripts
):
    page = open_gallery("list", width, scripts=scripts)
    if bar == ".menu--phone":
        page.locator(".menu--phone > summary").press("Enter")
    link = page.locator(f"{bar} a", has_text="Programs")
    assert not link.is_visible()
    page.locator(f"{bar} summary", has_text="Our work").press("Enter")
    assert link.is_visible()
    assert page.locator(f"{bar} a", has_text="Events").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Programs"
    assert link.bounding_box()["height"] >= 43.5
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not Axe().run(page, options=WCAG).violations_count


def test_filters_stand_open_without_scripts_and_behind_a_button_with_them(open_gallery):
    bare = open_gallery("list", 320, scripts=False)
    assert bare.locator("select[name=content_type]").is_visible()
    page = open_gallery("list", 320)
    assert not page.locator("select[name=content_type]").is_visible()
    page.locator(".filters__toggle").click()
    assert page.locator("select[name=content_type]").is_visible()


def test_score_is_chosen_by_keyboard(open_gallery):
    page = open_gallery("review")
    page.locator("input[name=c1-score]").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=c1-score]:checked").get_attribute("value") == "1"
    page.keyboard.press("4")
    assert page.locator("input[name=c1-score]:checked").get_attribute("value") == "4"
    assert page.locator("input[name=c0-score]:checked").get_attribute("value") == "3"


def test_error_summary_gets_the_focus_and_leads_to_the_field(open_gallery):
    page = open_gallery("form-errors")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator(".error-summary a", has_text="How shall we meet").click()
    assert page.evaluate("document.activeElement.id") == "id_track_0"


def test_text_area_says_how_many_characters_are_left(open_gallery):
    page = open_gallery("form")
    page.fill("#id_about", "twelve chars")
    assert page.locator("#id_about_count").inner_text() == "Characters left: 488"


def test_page_runs_under_the_content_policy_without_a_complaint(open_gallery):
    page = open_gallery("desk")
    complaints = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.reload()
    page.locator(".menu--person summary").click()
    assert complaints == []
