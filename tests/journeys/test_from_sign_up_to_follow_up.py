"""The main job, end to end: an owner on a phone, an officer and a supervisor at the desk, the real mail.

The registry is filled from the city's license file. Everything happens in browsers; what is mailed was sent
by the worker over SMTP. Only time is moved: for the reminder before the event and the follow-up after it.
"""

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from partnerships.businesses.models import Business
from partnerships.vetting.first_criteria import CRITERIA
from tests.factories.accounts import OfficerFactory, SupervisorFactory, totp_code
from tests.factories.businesses import DistrictAssignmentFactory
from tests.factories.vetting import first_version
from tests.stack import Stack, text_of

DATA = Path("partnerships/businesses/data")
ZONE = ZoneInfo("America/Chicago")
NAME = "Quillwort Lantern Repair"
OWNER = "mina@quillwort.example"
RESIDENT = "resident@people.example"
SINCE = "2012-01-01"


@pytest.fixture
def registry(stack: Stack, tmp_path: Path) -> Path:
    """The license file of a real city, with one invented business more: no real one is ever judged."""
    with (DATA / "chicago_licenses_extract.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    invented = {
        **rows[0],
        "LICENSE ID": "99000001",
        "ACCOUNT NUMBER": "990001",
        "SITE NUMBER": "1",
        "LEGAL NAME": "QUILLWORT LANTERN REPAIR, INC.",
        "DOING BUSINESS AS NAME": NAME.upper(),
        "ADDRESS": "1210 N WELLS ST",
    }
    path = tmp_path / "licenses.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, invented])
    for kind, name, *more in (
        ("district", "DIST_NUM"),
        ("beat", "BEAT_NUM", "--parent-field", "DISTRICT"),
    ):
        borders = str(DATA / f"chicago_police_{kind}s.geojson")
        stack.manage(
            "import_areas", borders, "--kind", kind, "--name-field", name, *more, "--valid-from", SINCE
        )
    told = stack.manage("import_businesses", str(path), "--preset", "chicago-licenses")
    assert "0 rejected" in told
    assert "0 created, 0 updated" in stack.manage(
        "import_businesses", str(path), "--preset", "chicago-licenses"
    )
    return path


@pytest.fixture
def desk(stack: Stack, registry: Path):
    """An officer and a supervisor of the district that the file put the business into."""
    with stack.database():
        first_version()
        place = Business.objects.select_related("area__parent").get(name__iexact=NAME)
        assert str(place.area) == "Beat 1821"
        officer = OfficerFactory(totp=True, full_name="Dana Reyes")
        supervisor = SupervisorFactory(totp=True, full_name="Pat Lindholm")
        for each in (officer, supervisor):
            DistrictAssignmentFactory(user=each, area=place.area.parent)
    return officer, supervisor


def code_in(message) -> str:
    """The code of a mail: the first run of digits in it that stands at the end of a line."""
    return re.search(r"(?:^|\s)(\d[\d-]{4,}\d)\s*$", text_of(message), re.MULTILINE).group(1)


def fill_and_go(page: Page, button: str, **fields: str) -> None:
    """Fill fields by the words of their labels and press a button."""
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def test_from_sign_up_to_the_follow_up(stack, desk, window, shot, travel):
    officer_user, supervisor_user = desk

    # The owner, on a phone: an account by emailed code, without a password.
    owner = window(phone=True)
    owner.goto("/")
    shot(owner, "home")
    owner.get_by_role("link", name="Become a partner").first.click()
    shot(owner, "join")
    owner.get_by_role("link", name="Start your application").click()
    owner.get_by_role("heading", name="Make an account").wait_for()
    shot(owner, "sign-up")
    fill_and_go(owner, "Mail me the code", Your_name="Mina Park", Email=OWNER)
    owner.get_by_role("heading", name="Enter the code").wait_for()
    shot(owner, "code")
    fill_and_go(owner, "Continue", Code_from_the_mail=code_in(stack.wait_for_mail(OWNER)))

    # Find and claim, with a typing mistake; then the profile, the four criteria, the declaration.
    owner.get_by_label("Name and street").fill("quilwort lanterns repair")
    owner.get_by_role("button", name="Search").click()
    shot(owner, "found")
    owner.get_by_role("link", name=re.compile(NAME, re.IGNORECASE)).click()
    owner.get_by_label("How are you connected").fill("I own it and stand behind the counter.")
    shot(owner, "claim")
    owner.get_by_role("button", name="This is my business").click()
    owner.get_by_label("Your role").fill("Owner")
    owner.get_by_label("Phone").fill("312 555 0134")
    owner.get_by_label("What do you hope for?").fill("Advice on lighting the alley.")
    owner.get_by_label("What can you offer to the community?").fill("A room for thirty people.")
    shot(owner, "profile")
    owner.get_by_role("button", name="Save and continue").click()
    for number, criterion in enumerate(CRITERIA, 1):
        owner.get_by_text(f"Question {number} of {len(CRITERIA)}").wait_for()
        owner.locator("textarea[name=text]").fill(f"What we do about it: {criterion['title'].lower()}.")
        if number == 1:
            owner.get_by_label("Or a link").fill("https://quillwort.example/license")
            # Leave in the middle and come back: everything is there.
            owner.get_by_role("button", name="Save and finish later").click()
            owner.goto("/portal/")
            shot(owner, "home-with-draft")
            owner.get_by_role("link", name="Go on", exact=True).click()
            owner.get_by_role("link", name="Go on", exact=True).click()
            owner.get_by_text(f"Question 2 of {len(CRITERIA)}").wait_for()
            owner.get_by_role("button", name="Back").click()
            owner.get_by_text(f"Question 1 of {len(CRITERIA)}").wait_for()
            assert "What we do about it" in owner.locator("textarea[name=text]").input_value()
            expect(owner.locator("main")).to_contain_text("quillwort.example/license")
        shot(owner, f"criterion-{number}")
        owner.get_by_role("button", name="Save and continue").last.click()
    for name in ("declared_true", "declared_response", "declared_records"):
        owner.locator(f"label[for=id_{name}]").click()
    shot(owner, "declaration")
    owner.get_by_role("button", name="Send the application").click()
    owner.get_by_text("You applied").wait_for()
    shot(owner, "status")
    status = owner.url
    assert "What happens next" in text_of(stack.wait_for_mail(OWNER, "Your application arrived"))

    # The officer signs in with an emailed code and the second factor.
    officer = window()
    officer.goto("/desk/")
    fill_and_go(officer, "Continue", Email=officer_user.email)
    officer.get_by_role("heading", name="Enter the code").wait_for()
    fill_and_go(officer, "Continue", Code_from_the_mail=code_in(stack.wait_for_mail(officer_user.email)))
    officer.get_by_role("heading", name="Second step").wait_for()
    shot(officer, "second-step")
    officer.get_by_label("Code from your app").fill(totp_code())
    officer.get_by_role("button", name="Sign in", exact=True).click()
    officer.get_by_role("button", name="Don’t remember").click()
    officer.get_by_role("heading", name="Today").wait_for()
    officer.get_by_role("link", name="All", exact=True).click()
    officer.wait_for_url("**scope=all")
    shot(officer, "today")
    officer.get_by_role("table").get_by_role("link", name=re.compile(NAME, re.IGNORECASE)).click()
    officer.get_by_role("link", name="Verify or refuse").click()
    officer.get_by_text("I met them at the business").click()
    officer.get_by_role("button", name="Verify the claim").click()
    officer.get_by_role("button", name="I take it").click()
    officer.get_by_text("I have no conflict of interest").click()
    shot(officer, "conflict")
    officer.get_by_role("button", name="Declare").click()
    officer.locator("#note-capacity").wait_for()
    officer.wait_for_load_state()
    for code in (each["code"] for each in CRITERIA):
        officer.locator(f"label[for=score-{code}_3]").click()
        officer.locator(f"#note-{code}").fill("Seen on the visit.")
    officer.locator("#note-reputation").focus()
    officer.get_by_text("4 of 4").wait_for()
    shot(officer, "review")
    officer.get_by_role("button", name="Submit review").click()
    officer.get_by_text("Your review is in.").wait_for()
    shot(officer, "application")

    # The supervisor decides; the owner is welcomed and sees it, without a score or a name.
    supervisor = window(user=supervisor_user)
    supervisor.goto("/desk/applications/?waiting=decision")
    shot(supervisor, "queue")
    supervisor.get_by_role("link", name=re.compile(NAME, re.IGNORECASE)).click()
    supervisor.get_by_role("link", name="Decide").click()
    shot(supervisor, "decide")
    supervisor.get_by_role("link", name="Approve", exact=True).click()
    supervisor.get_by_role("button", name="Preview the letter").click()
    supervisor.get_by_role("button", name="Approve and send the letter").click()
    supervisor.get_by_text("Decided.").wait_for()
    welcome = text_of(stack.wait_for_mail(OWNER, "Welcome as a partner"))
    owner.goto(status)
    shot(owner, "approved")
    for secret in ("Dana Reyes", "Pat Lindholm", "Seen on the visit", "3.00"):
        assert secret not in welcome
        assert secret not in owner.content()

    # The mail can be read in the browser.
    supervisor.goto("/desk/mail/?q=Welcome")
    shot(supervisor, "outgoing-mail")
    supervisor.get_by_role("link", name=re.compile("Welcome as a partner")).first.click()
    frame = supervisor.frame_locator("iframe.mail-frame")
    frame.get_by_text(re.compile("look forward to working")).wait_for()
    shot(supervisor, "mail")

    # The owner asks to be listed; the public finds them.
    owner.goto("/portal/")
    shot(owner, "portal-home")
    owner.get_by_role("link", name="Read and choose").click()
    shot(owner, "listing")
    owner.locator("label[for=id_agree]").click()
    owner.get_by_role("button", name="Be listed").click()
    owner.wait_for_url("**/portal/businesses/*/")
    visitor = window(phone=True)
    visitor.goto("/partners/?q=quillwort")
    visitor.get_by_role("link", name=re.compile(NAME, re.IGNORECASE)).click()
    shot(visitor, "partner-page")

    # A joint event: made, published, registered for by the partner and by a resident without an account.
    starts = (datetime.now(ZONE) + timedelta(days=4)).replace(hour=18, minute=0, second=0, microsecond=0)
    title = "Lanterns on Wells Street"
    officer.goto("/desk/events/")
    officer.get_by_role("link", name="Add an event").first.click()
    officer.locator("#id_title").fill(title)
    officer.locator("#id_summary").fill("Light and talk.")
    officer.locator("#id_starts_at").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    officer.locator("#id_ends_at").fill((starts + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    officer.locator("#id_venue_name").fill("Quillwort’s back room")
    officer.locator("#id_street").fill("1210 N Wells St")
    officer.locator("#id_city").fill("Chicago")
    officer.locator("#id_capacity").fill("12")
    shot(officer, "event-form")
    officer.locator("main .form-actions button[type=submit]").click()
    officer.get_by_role("button", name="Publish").click()
    officer.get_by_role("link", name="Attendance").wait_for()
    shot(officer, "event-desk")
    event_page = officer.url

    owner.goto("/portal/events/")
    owner.get_by_role("link", name=title).click()
    owner.locator("#id_party_size").fill("2")
    shot(owner, "register")
    owner.get_by_role("button", name="Register", exact=True).click()
    owner.get_by_text("You're registered").first.wait_for()
    shot(owner, "registered")
    registered = stack.wait_for_mail(OWNER, "You're registered")
    assert title in text_of(registered)

    visitor.goto("/events/")
    shot(visitor, "events")
    visitor.get_by_role("link", name=title).click()
    shot(visitor, "event-page")
    visitor.get_by_label("Your name").fill("Sam Okoye")
    visitor.get_by_label("Email").fill(RESIDENT)
    visitor.locator("#id_party_size").fill("3")
    visitor.locator("#register button[type=submit]").click()
    visitor.locator("#id_code").fill(code_in(stack.wait_for_mail(RESIDENT)))
    shot(visitor, "rsvp-code")
    visitor.get_by_role("button", name="Confirm").click()
    visitor.get_by_role("heading", name="You are registered").wait_for()
    shot(visitor, "rsvp-done")
    stack.wait_for_mail(RESIDENT, "You're registered")

    # A day before: the reminder. On the evening: who came. A day after: the follow-up. Each once.
    assert not any("Reminder" in str(each["Subject"]) for each in stack.mails(OWNER))
    travel(starts - timedelta(days=1) + timedelta(minutes=5))
    for person in (OWNER, RESIDENT):
        assert title in text_of(stack.wait_for_mail(person, "Reminder"))
    travel(starts + timedelta(minutes=30))
    officer.goto(event_page)
    officer.get_by_role("link", name="Attendance").click()
    for name in ("Mina Park", "Sam Okoye"):
        row = officer.get_by_role("row").filter(has_text=name)
        row.get_by_role("button", name=re.compile("^Came")).click()
        expect(row.get_by_role("button", name=re.compile("^Take back"))).to_be_visible()
    expect(officer.get_by_text("5 people").first).to_be_visible()
    shot(officer, "attendance")
    travel(starts + timedelta(hours=2, days=1, minutes=5))
    for person in (OWNER, RESIDENT):
        assert "Thank you" in str(stack.wait_for_mail(person, "Thank you")["Subject"])
    for person in (OWNER, RESIDENT):
        subjects = [str(each["Subject"]) for each in stack.mails(person)]
        assert [sum(word in each for each in subjects) for word in ("Reminder", "Thank you")] == [1, 1]
    officer.goto(event_page)
    shot(officer, "event-over")
    with stack.database():
        place = Business.objects.get(name__iexact=NAME)
    officer.goto(f"/desk/businesses/{place.pk}/")
    shot(officer, "whole-story")
    expect(officer.get_by_text("Came to").first).to_be_visible()
