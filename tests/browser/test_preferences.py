"""The way from a mail to fewer of them, in a real browser, which sends what browsers send."""

import pytest
from playwright.sync_api import expect

from core.mail import links as mail_links
from tests.factories.core import mail

ADDRESS = "preferences@people.example"


@pytest.mark.browser
def test_the_choices_of_a_mail_are_saved_without_signing_in(stack, browser):
    with stack.database():
        page_url = f"/preferences/{mail_links.page_token(mail(to=ADDRESS, category='reminder').message_id)}/"
    page = browser.new_page(base_url=stack.base_url)
    page.goto(page_url)
    page.locator("label[for=id_reminders]").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Reminders")).not_to_be_checked()
    expect(page.get_by_role("status").or_(page.locator(".usa-alert")).first).to_be_visible()
    page.reload()
    expect(page.get_by_label("Reminders")).not_to_be_checked()


@pytest.mark.browser
def test_the_button_of_the_unsubscribe_page_stops_them(stack, browser):
    with stack.database():
        row = mail(to=f"one-{ADDRESS}", category="reminder")
        page_url = f"/preferences/{mail_links.one_click_token(row)}/unsubscribe/"
    page = browser.new_page(base_url=stack.base_url)
    page.goto(page_url)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_label("Reminders")).not_to_be_checked()
