"""From the search to the welcome mail in a real browser: owner without scripts, officer by keyboard."""

import re

import pytest

from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory
from tests.factories.businesses import BusinessFactory
from tests.stack import text_of

NAME = "Vetting Journey Hardware"


@pytest.fixture
def people(stack):
    """An owner, an officer and a supervisor, and a business nobody speaks for."""
    with stack.database():
        vetting.first_version()
        BusinessFactory(name=NAME)
        return {
            "owner": UserFactory(full_name="Alex Moreno"),
            "officer": OfficerFactory(totp=True, full_name="Dana Reyes"),
            "supervisor": SupervisorFactory(totp=True, full_name="Pat Lindholm"),
        }


def kept(code):
    """Whether a response is that to a note of this criterion, saved whole."""

    def found(response):
        sent = response.request.post_data or ""
        return response.url.endswith(f"/score/{code}/") and f"note-{code}=Seen%20on%20the%20visit." in sent

    return found


def test_a_business_applies_is_reviewed_and_welcomed(stack, people, window, shot):
    owner = window(user=people["owner"], scripts=False)
    owner.goto("/join/")
    shot(owner, "join")
    owner.get_by_role("link", name="Start your application").click()
    owner.get_by_label("Name and street").fill("vetting journy hardware")
    owner.get_by_role("button", name="Search").click()
    owner.get_by_role("link", name=NAME).click()
    owner.get_by_label("How are you connected").fill("I own it.")
    owner.get_by_role("button", name="This is my business").click()

    owner.get_by_label("Your role").fill("Owner")
    owner.get_by_label("Phone").fill("312 555 0134")
    owner.get_by_label("What do you hope for?").fill("Advice on lighting.")
    owner.get_by_label("What can you offer to the community?").fill("A room for 30 people.")
    shot(owner, "profile")
    owner.get_by_role("button", name="Save and continue").click()
    for n in range(1, 5):
        owner.get_by_text(f"Question {n} of 4").wait_for()
        owner.locator("textarea[name=text]").fill(f"What we do, part {n}.")
        owner.get_by_role("button", name="Save and continue").last.click()
    for name in ("declared_true", "declared_response", "declared_records"):
        owner.locator(f"label[for=id_{name}]").click()
    shot(owner, "declaration")
    owner.get_by_role("button", name="Send the application").click()
    owner.get_by_text("You applied").wait_for()
    shot(owner, "status")
    status_url = owner.url
    receipt = stack.wait_for_mail(people["owner"].email, "Your application arrived")
    assert "What happens next" in text_of(receipt)

    officer = window(user=people["officer"])
    officer.goto("/desk/applications/")
    officer.get_by_role("link", name=NAME).click()
    officer.get_by_role("link", name="Verify or refuse").click()
    officer.get_by_text("I met them at the business").click()
    officer.get_by_role("button", name="Verify the claim").click()
    officer.get_by_role("button", name="I take it").click()
    officer.get_by_text("I have no conflict of interest").click()
    officer.get_by_role("button", name="Declare").click()
    officer.locator("#note-capacity").wait_for()
    officer.wait_for_load_state()  # the keys 0 to 4 are a script's
    for code in vetting.CODES:
        officer.locator(f"#score-{code}_2").focus()
        officer.keyboard.press("3")
        officer.keyboard.press("Tab")
        # The note is kept while its field still has the focus.
        with officer.expect_response(kept(code), timeout=5_000):
            officer.keyboard.type("Seen on the visit.")
    officer.get_by_text("4 of 4").wait_for()
    shot(officer, "review")
    officer.get_by_role("button", name="Submit review").click()
    officer.get_by_text("Your review is in.").wait_for()

    supervisor = window(user=people["supervisor"])
    supervisor.goto("/desk/applications/?waiting=decision")
    supervisor.get_by_role("link", name=NAME).click()
    supervisor.get_by_role("link", name="Decide").click()
    shot(supervisor, "decide")
    supervisor.get_by_role("link", name="Approve", exact=True).click()
    supervisor.get_by_role("button", name="Preview the letter").click()
    supervisor.get_by_role("heading", name=f"Approve {NAME}?").wait_for()
    shot(supervisor, "preview")
    supervisor.get_by_role("button", name="Approve and send the letter").click()
    supervisor.get_by_text("Decided.").wait_for()

    welcome = stack.wait_for_mail(people["owner"].email, "Welcome as a partner")
    assert "look forward to working" in text_of(welcome)
    assert not re.search(r"\b3\.00\b|Dana Reyes|Pat Lindholm|Seen on the visit", text_of(welcome))
    owner.goto(status_url)
    owner.get_by_text("Approved").first.wait_for()
    for secret in ("Dana Reyes", "Pat Lindholm", "Seen on the visit", "3.00"):
        assert secret not in owner.content()
    shot(owner, "approved")
