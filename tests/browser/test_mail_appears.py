"""Mail caused by a click is on the staff's page within seconds, as the recipient sees it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from core import clock
from core.mail.models import OutgoingMail
from tests.conftest import ARTIFACTS
from tests.factories.accounts import SupervisorFactory, UserFactory, sign_in
from tests.factories.core import mail
from tests.stack import Stack

SECONDS = 10_000  # milliseconds: a tick of the stack, a turn of the page, and a slow machine


@pytest.fixture
def desk(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Open a window in which a supervisor is signed in: `desk()`, `desk(scripts=False)`."""
    contexts = []

    def open_one(*, scripts: bool = True, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=stack.base_url, java_script_enabled=scripts, viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        with stack.database():
            cookie = sign_in(Client(), SupervisorFactory()).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": stack.base_url}])
        return context.new_page()

    yield open_one
    for each in contexts:
        each.close()


def test_a_mail_caused_by_a_click_is_readable_within_seconds(
    stack: Stack, page: Page, desk: Callable[..., Page]
) -> None:
    with stack.database():
        person: Any = UserFactory(email="clicks@people.example")
    page.goto(reverse("account_request_login_code"))
    page.get_by_label("Email").first.fill(person.email)
    page.get_by_role("main").get_by_role("button").first.click()
    staff = desk()
    staff.goto(f"/desk/mail/?q={person.email}")
    row = staff.locator("#list tbody tr").first
    expect(row).to_contain_text("Sent", timeout=SECONDS)
    row.get_by_role("link").first.click()
    expect(staff.locator(".mail-text")).to_contain_text("code")
    expect(staff.frame_locator(".mail-frame").locator("body")).to_contain_text("code")
    left, right = staff.locator(".mail-frame").bounding_box(), staff.locator(".mail-text").bounding_box()
    assert left is not None
    assert right is not None
    assert abs(left["y"] - right["y"]) < 2, "beside each other"
    assert left["x"] + left["width"] < right["x"]
    (ARTIFACTS / "screenshots").mkdir(parents=True, exist_ok=True)
    staff.screenshot(path=ARTIFACTS / "screenshots" / "mail-appears.png", full_page=True)


@pytest.mark.parametrize("name", ["mail", "mail_message"])
def test_a_page_renews_itself_and_leaves_focus_and_place_alone(
    stack: Stack, desk: Callable[..., Page], name: str
) -> None:
    with stack.database():
        row = mail(to=f"renews-{name}@people.example", due_at=clock.now() + timedelta(seconds=5))
    staff = desk()
    where = (
        reverse("desk:mail_message", args=[row.pk]) if name == "mail_message" else f"/desk/mail/?q={row.to}"
    )
    staff.goto(where)
    body = staff.locator("#page-body")
    expect(body.get_by_text("Waiting", exact=True).first).to_be_visible()
    staff.evaluate("window.sameWindow = true")
    link = body.locator("a.strong-link" if name == "mail" else ".crumbs a").first
    link.focus()
    staff.evaluate("window.scrollTo(0, 150)")
    staff.wait_for_timeout(500)
    place = staff.evaluate("window.scrollY")
    assert place > 0
    expect(staff.locator("[data-renews]")).to_have_count(0, timeout=2 * SECONDS)
    expect(body.locator(".tag", has_text="Sent").first).to_be_visible()
    assert staff.evaluate("window.sameWindow")
    address = staff.evaluate("document.activeElement.getAttribute('href')")
    assert address == link.get_attribute("href")
    assert staff.evaluate("window.scrollY") == place


def test_a_page_that_renews_itself_waits_while_someone_types(stack: Stack, desk: Callable[..., Page]) -> None:
    with stack.database():
        row = mail(to="types@people.example", due_at=clock.now() + timedelta(seconds=3))
    staff = desk()
    staff.goto(f"/desk/mail/?q={row.to}")
    search = staff.get_by_label("Search").first
    search.fill("half a wo")
    with stack.database():
        stack.wait_until(
            lambda: OutgoingMail.objects.filter(pk=row.pk, status="sent").exists(), "the mail to go out"
        )
    staff.wait_for_timeout(3000)
    expect(search).to_have_value("half a wo")
    expect(search).to_be_focused()


def test_without_scripts_a_reload_shows_the_same(stack: Stack, desk: Callable[..., Page]) -> None:
    with stack.database():
        row = mail(to="reloads@people.example")
        stack.wait_until(
            lambda: OutgoingMail.objects.filter(pk=row.pk, status="sent").exists(), "the mail to go out"
        )
    staff = desk(scripts=False, width=320)
    staff.goto(reverse("desk:mail_message", args=[row.pk]))
    expect(staff.locator("#page-body .tag", has_text="Sent").first).to_be_visible()
    expect(staff.locator(".mail-text")).to_be_visible()
    staff.screenshot(path=ARTIFACTS / "screenshots" / "mail-appears-320.png", full_page=True)
