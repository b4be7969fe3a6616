"""An action of the administration that ends something or sends mail asks first."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from core import clock
from core.adminsite import asking
from core.mail.models import OutgoingMail
from events import services
from events.models import Registration
from tests.access.refusals import fingerprint
from tests.factories.accounts import AdminFactory, OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import DistrictAssignmentFactory
from tests.factories.core import mail
from tests.factories.events import EventFactory, place
from tests.factories.vetting import first_version
from tests.markup import untouched

pytestmark = pytest.mark.django_db
# What can be taken back with one more click, and tells nobody.
HARMLESS = {"copy", "drop", "lift", "reactivate", "set_aside"}
ASKED_BY_DJANGO = {"delete_selected"}
LIST = reverse("admin:events_registration_changelist")


@pytest.fixture
def browser(client):
    return sign_in(client, AdminFactory())


def test_each_action_asks_first_unless_it_is_harmless():
    request = RequestFactory().get("/")
    request.user = AdminFactory()
    found = {
        name: hasattr(function, "__wrapped__")
        for page in admin.site._registry.values()
        for function, name, _words in page.get_actions(request).values()
    }
    assert {name for name, asks in found.items() if not asks} == HARMLESS | ASKED_BY_DJANGO
    assert {"cancel", "end_today", "deactivate", "publish", "send_again"} <= set(found) - HARMLESS


def test_the_question_names_the_rows_and_what_follows_and_only_its_answer_does_it(browser):
    event = EventFactory()
    row, other = place(event, name="Ana <Ortiz>"), place(event)
    page = browser.post(LIST, {"action": "cancel", "_selected_action": [row.pk]}).content.decode()
    assert f"Ana &lt;Ortiz&gt; (1), {event.title}, " in page
    assert "Who holds a place loses it and gets a mail that says so." in page
    assert set(Registration.objects.values_list("status", flat=True)) == {"registered"}
    assert not OutgoingMail.objects.exists()
    typed = untouched(page, "_selected_action")
    browser.post(LIST, {**dict(typed), "sure": "yes"})
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.status, other.status) == ("cancelled", "registered")
    assert OutgoingMail.objects.count() == 1


def test_a_list_too_long_to_read_is_not_asked_about(browser, monkeypatch):
    monkeypatch.setattr(asking, "MOST", 2)
    event = EventFactory()
    rows = [place(event) for _number in range(3)]
    sent = {"action": "cancel", "_selected_action": [row.pk for row in rows]}
    answer = browser.post(LIST, sent, follow=True).content.decode()
    assert "Choose at most 2 rows at a time. Nothing was done." in answer
    assert re.search(r"<h1>Select registration", answer)


def asked(browser, model, action, rows):
    """The question about some rows: the page, the rows it sends on, and what it says of those it leaves."""
    page = browser.post(
        reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}
    ).content.decode()
    sent = [int(pk) for name, pk in untouched(page, "_selected_action") if name == "_selected_action"]
    left = unescape(re.sub(r"<[^>]+>|\s+", " ", page.partition("<h2>Left as it is</h2>")[2]))
    return page, sent, left


def test_the_question_tells_apart_what_is_left_and_why(browser):
    event = EventFactory()
    row, gone = place(event, name="Ana"), place(event, name="Bo")
    services.cancel_place(registration=gone, actor=None)
    before = fingerprint(but=("django_session",))
    page, sent, left = asked(browser, "events_registration", "cancel", [row, gone])
    assert sent == [row.pk]
    assert "Bo (1)" in left
    assert "It holds no place any more." in left
    assert "Ana" not in left
    assert fingerprint(but=("django_session",)) == before  # asking does nothing, though it tries each of them
    assert "Change nothing" in page


def test_where_nothing_can_be_done_there_is_no_button(browser):
    past = EventFactory(starts_at=clock.now() - timedelta(days=2), ends_at=clock.now() - timedelta(days=1))
    services.archive_event(event=past, actor=None)
    page, sent, left = asked(browser, "events_event", "archive", [past])
    assert sent == []
    assert 'name="sure"' not in page
    assert "These events leave the public site." not in page
    assert "There is nothing to do here." in page
    assert "already “Archived”" in left
    assert "Back to the list" in page


def ended():
    return DistrictAssignmentFactory(user=OfficerFactory(), ends_on=clock.today())


# A row of each list for which the action has nothing to do, and what is said of it.
LEFT = [
    (
        "accounts_user",
        "deactivate",
        lambda: OfficerFactory(is_active=False),
        "This account is closed already.",
    ),
    ("accounts_user", "deactivate", lambda: User.objects.get(role="admin"), "your own"),
    ("accounts_user", "reset_second_factor", UserFactory, "There is no second factor to take off."),
    ("businesses_districtassignment", "end_today", ended, "It has an end already."),
    ("vetting_criteriaversion", "publish", first_version, "already “Published”"),
    ("mail_outgoingmail", "release", mail, "The fate of this mail is not uncertain any more."),
    ("mail_outgoingmail", "send_again", mail, "Only a mail that was sent or failed can be sent again."),
]


@pytest.mark.parametrize(("model", "action", "row", "why"), LEFT, ids=[" ".join(each[:2]) for each in LEFT])
def test_each_action_says_beforehand_what_it_leaves(browser, model, action, row, why):
    page, sent, left = asked(browser, model, action, [row()])
    assert sent == []
    assert why in left
    assert 'name="sure"' not in page
