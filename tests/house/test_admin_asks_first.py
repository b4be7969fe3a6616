"""An action of the administration that ends something or sends mail asks first."""

import re

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from core.adminsite import asking
from core.mail.models import OutgoingMail
from events.models import Registration
from tests.factories.accounts import AdminFactory, sign_in
from tests.factories.events import EventFactory, place
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
