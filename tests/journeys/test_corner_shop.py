"""The corner shop: an owner with a phone, without email, who prefers Vietnamese. As far as its rooms exist:
filled in by an officer in the shop, confirmed on the officer's phone, decided on the ninth of ten days.
"""

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from core.mail.models import OutgoingMail
from core.workdays import WorkingDays
from partnerships.businesses.models import Business
from partnerships.vetting.first_criteria import CRITERIA
from partnerships.vetting.models import Application
from tests.factories.accounts import OfficerFactory, SupervisorFactory
from tests.factories.businesses import BusinessFactory
from tests.factories.vetting import first_version

ZONE = ZoneInfo("America/Chicago")
NAME = "Cúc Corner Market"


@pytest.fixture
def people(stack):
    with stack.database():
        first_version()
        BusinessFactory(name=NAME)
        return OfficerFactory(totp=True, full_name="Dana Reyes"), SupervisorFactory(
            totp=True, full_name="Pat Lindholm"
        )


def mails_to_others():
    """Mail to anyone but the desk, which is reminded of the promise."""
    return OutgoingMail.objects.exclude(template="vetting/promise").exclude(template="mail/digest")


def test_a_corner_shop_without_email_is_decided_within_the_promise(stack, people, window, shot, travel):
    officer_user, supervisor_user = people
    with stack.database():
        mails_before = mails_to_others().count()

    # In the shop, on the officer's phone: search without the accents, fill in, hand the phone over.
    officer = window(user=officer_user, phone=True)
    officer.goto("/desk/businesses/?q=cuc corner")
    officer.get_by_role("link", name=NAME).click()
    shot(officer, "business")
    officer.get_by_role("link", name=re.compile("Fill|Start")).click()
    officer.get_by_role("button", name="Start").click()
    officer.get_by_label("Your name").fill("Cúc Trần")
    officer.get_by_label("Your role").fill("Owner")
    officer.get_by_label("Phone").fill("312 555 0177")
    officer.get_by_label("Languages spoken").fill("Vietnamese, some English")
    officer.get_by_label("What do you hope for?").fill("A visit now and then.")
    officer.get_by_label("What can you offer to the community?").fill("A wall for a poster.")
    shot(officer, "profile")
    officer.get_by_role("button", name="Save and continue").click()
    for number in range(1, len(CRITERIA) + 1):
        officer.get_by_text(f"Question {number} of {len(CRITERIA)}").wait_for()
        officer.locator("textarea[name=text]").fill(f"Told in the shop, part {number}.")
        officer.get_by_role("button", name="Save and continue").last.click()
    officer.get_by_text("Hand the phone to the owner").wait_for()
    for name in ("declared_true", "declared_response", "declared_records"):
        officer.locator(f"label[for=id_{name}]").click()
    officer.locator("#id_confirmed_name").fill("Cúc Trần")
    shot(officer, "declaration")
    officer.get_by_role("button", name="Send the application").click()
    officer.get_by_text("Tell the owner by phone").wait_for()
    shot(officer, "sent")
    page = officer.url

    # The basic track: the visit was just now, one reviewer, who may be the officer that wrote it down.
    officer.locator("#id_visited_on").fill(datetime.now(ZONE).date().isoformat())
    officer.get_by_role("button", name="Note the visit").click()
    officer.get_by_role("button", name="I take it").click()
    officer.get_by_text("I have no conflict of interest").click()
    officer.get_by_role("button", name="Declare").click()
    officer.locator("#note-capacity").wait_for()
    officer.wait_for_load_state()
    for code in (each["code"] for each in CRITERIA):
        officer.locator(f"label[for=score-{code}_3]").click()
        officer.locator(f"#note-{code}").fill("Seen in the shop.")
    officer.get_by_role("button", name="Submit review").click()
    officer.get_by_text("Your review is in.").wait_for()

    # The ninth working day of the ten that were promised.
    with stack.database():
        place = Business.objects.get(name=NAME)
        application = Application.objects.get(organization=place.organization_id)
    sent_on = application.first_submitted_at.astimezone(ZONE).date()
    assert application.promised_on == WorkingDays().after(sent_on, 10)
    travel(datetime.combine(WorkingDays().after(sent_on, 9), time(10), tzinfo=ZONE))
    supervisor = window(user=supervisor_user)
    supervisor.goto("/desk/")
    supervisor.get_by_role("table").get_by_role("link", name=NAME).wait_for()
    assert "9 of 10" in supervisor.get_by_role("row").filter(has_text=NAME).inner_text()
    shot(supervisor, "today")
    supervisor.get_by_role("table").get_by_role("link", name=NAME).click()
    supervisor.get_by_role("link", name="Decide").click()
    supervisor.get_by_role("link", name="Approve", exact=True).click()
    supervisor.get_by_role("button", name="Preview the letter").click()
    supervisor.get_by_role("button", name="Approve", exact=True).click()
    supervisor.get_by_text("The owner has no email").wait_for()

    # The owner gets a letter to hold in the hand, and no mail anywhere.
    officer.goto(page)
    officer.get_by_role("link", name="Letter", exact=True).click()
    officer.get_by_text("Being a partner never changes how police respond").wait_for()
    shot(officer, "letter")
    with stack.database():
        place.refresh_from_db()
        assert place.standing == "partner"
        assert not mails_to_others().filter(organization_id=place.organization_id).exists()
        assert mails_to_others().count() == mails_before
    officer.goto(f"/desk/businesses/{place.pk}/")
    shot(officer, "whole-story")
