"""Going back to a form that was refused shows the form with its errors, not the browser's own error page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.mail.models import OutgoingMail
from tests.factories.events import EventFactory
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def visitor(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.base_url)
    yield context.new_page()
    context.close()


def refused(page: Page) -> None:
    expect(page.locator(".error-summary, .usa-error-message, [aria-invalid=true]").first).to_be_visible()


def newest_code(stack: Stack, address: str) -> str:
    with stack.database():
        mail = OutgoingMail.objects.filter(to=address).latest("pk")
        return re.search(r"\b\d{6}\b", mail.text)[0]


def test_back_from_the_code_to_a_sign_up_that_was_refused(visitor: Page) -> None:
    visitor.goto("/accounts/signup/")
    visitor.get_by_label("Email").fill("back@people.example")
    visitor.get_by_role("button", name="Mail me the code").click()
    refused(visitor)
    visitor.get_by_label("Your name").fill("Ana Ortiz")
    visitor.get_by_role("button", name="Mail me the code").click()
    expect(visitor.get_by_role("heading", name="Enter the code")).to_be_visible()
    visitor.go_back()
    refused(visitor)
    expect(visitor.get_by_label("Email")).to_have_value("back@people.example")
    visitor.reload()
    refused(visitor)
    visitor.go_forward()
    expect(visitor.get_by_role("heading", name="Enter the code")).to_be_visible()


def test_back_from_a_registration_to_a_code_that_was_wrong(visitor: Page, stack: Stack) -> None:
    with stack.database():
        slug = EventFactory(in_days=300).slug  # no other test of this stack travels as far, to its reminders
    visitor.goto(f"/events/{slug}/")
    visitor.get_by_label("Your name").fill("Ana Ortiz")
    visitor.get_by_label("Email").fill("back@people.example")
    visitor.get_by_role("main").locator("form button[type=submit]").first.click()
    visitor.get_by_label("Code").fill("12345")
    visitor.get_by_role("main").locator("form button[type=submit]").first.click()
    refused(visitor)
    visitor.get_by_label("Code").fill(newest_code(stack, "back@people.example"))
    visitor.get_by_role("main").locator("form button[type=submit]").first.click()
    expect(visitor).to_have_url(re.compile(r"/registrations?/"))
    visitor.go_back()
    refused(visitor)
