"""Choosing which mail comes: behind the link of a mail, and signed in."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.mail import consents
from core.mail.models import Consent, Suppression
from core.mail.outbox import catalog
from core.mail.purposes import How, Purpose
from core.mail.reader import preferences
from core.models import AuditEntry
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.core import mail

pytestmark = pytest.mark.django_db
ADDRESS = "rosa@shop.example"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def path_of(row):
    return "/" + preferences.page_url(row).partition("://")[2].partition("/")[2]


def holds(address=ADDRESS):
    return not consents.refused([address], Purpose.REMINDERS)


def test_every_other_mail_links_to_the_choices_of_its_reader():
    for category in ("service", "reminder", "newsletter", "decision"):
        row = mail(category=category, to=ADDRESS)
        url = preferences.page_url(row)
        assert url in row.text
        assert url in row.html
        assert "rosa" not in url


@pytest.mark.parametrize(
    "kind",
    [kind for kind in catalog().values() if kind.category == "security"],
    ids=lambda kind: kind.template,
)
def test_mail_about_signing_in_offers_no_choices(kind):
    row = mail(template=kind.template, payload=kind.sample(), category=kind.category, to=ADDRESS)
    for body in (row.text, row.html):
        assert "/preferences/" not in body
        assert "Choose which mail" not in body


def test_the_mail_with_a_sign_in_code_has_no_link_but_the_departments_address():
    kind = catalog()["accounts/code"]
    row = mail(template=kind.template, payload=kind.sample(), category=kind.category)
    assert re.findall(r"https?://\S+", row.text) == []
    assert all(link.startswith("mailto:") for link in re.findall(r'href="([^"]*)"', row.html))


def test_the_page_says_what_comes_and_masks_the_address(client):
    page = client.get(path_of(mail(to=ADDRESS))).content.decode()
    assert "r•••@shop.example" in page
    assert ADDRESS not in page
    assert "Reminders" in page
    assert "On until you stop them." in page
    assert str(preferences.EXPLAINED[Purpose.SERVICE])[:40] in page


def test_opening_the_page_changes_nothing(client):
    client.get(path_of(mail(to=ADDRESS)))
    assert not Consent.objects.exists()


def test_what_is_saved_is_kept_with_the_words_of_the_page(client):
    row = mail(to=ADDRESS)
    answer = client.post(path_of(row), {}, follow=True)
    assert not holds()
    kept = Consent.objects.get()
    assert (kept.how, kept.given, kept.source) == ("preferences", False, f"mail-{row.pk}")
    assert kept.wording == preferences.wording_of(Purpose.REMINDERS)
    assert kept.wording.partition(": ")[2] in client.get(path_of(row)).content.decode()
    assert "From now on you do not get: reminders." in answer.content.decode()
    assert "Off since" in answer.content.decode()
    assert AuditEntry.objects.filter(verb="mail.choice_changed", changed=["reminders"]).count() == 1


def test_saving_what_holds_already_leaves_no_row(client):
    row = mail(to=ADDRESS)
    answer = client.post(path_of(row), {"reminders": "on"}, follow=True)
    assert not Consent.objects.exists()
    assert "Nothing was changed." in answer.content.decode()


def test_reminders_can_be_had_again(client):
    row = mail(to=ADDRESS)
    client.post(path_of(row), {})
    client.post(path_of(row), {"reminders": "on"})
    assert holds()
    assert [each.given for each in Consent.objects.order_by("pk")] == [False, True]


def test_the_page_is_for_the_address_of_the_mail_whoever_is_signed_in(client):
    row = mail(to=ADDRESS)
    reader = UserFactory()
    sign_in(client, reader)
    client.post(path_of(row), {})
    assert not holds()
    assert holds(reader.email)


def test_the_choice_outlives_the_text_of_the_mail(client):
    row = mail(to=ADDRESS)
    type(row).objects.filter(pk=row.pk).update(text="", html="")
    assert client.get(path_of(row)).status_code == 200


def test_a_form_of_another_site_saves_nothing():
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(path_of(mail(to=ADDRESS)), {}).status_code == 403
    assert holds()


def test_only_what_is_sent_or_was_chosen_is_offered(monkeypatch):
    sent = {Purpose.SERVICE, Purpose.REMINDERS}
    monkeypatch.setattr(preferences, "sent_purposes", lambda: sent)
    assert [each.purpose for each in preferences.offered(ADDRESS)] == [Purpose.REMINDERS]
    sent.add(Purpose.NEWSLETTERS)
    found = preferences.offered(ADDRESS)
    assert [(each.purpose, each.given) for each in found] == [
        (Purpose.REMINDERS, True),
        (Purpose.NEWSLETTERS, False),  # waits for a yes
    ]
    consents.record(address=ADDRESS, purpose=Purpose.SURVEYS, given=True, how=How.FORM, wording="Surveys")
    assert Purpose.SURVEYS in [each.purpose for each in preferences.offered(ADDRESS)]


def test_what_is_offered_follows_the_catalog_of_mail():
    assert Purpose.REMINDERS in preferences.sent_purposes()
    assert Purpose.SURVEYS not in preferences.sent_purposes()


def test_saving_over_and_over_is_limited(client):
    row = mail(to=ADDRESS)
    for _time in range(preferences.CHANGES_AN_HOUR):
        assert client.post(path_of(row), {}).status_code == 302
    answer = client.post(path_of(row), {"reminders": "on"})
    assert answer.status_code == 429
    assert "Save it again in an hour" in answer.content.decode()
    assert re.search(r'name="reminders"[^>]* checked', answer.content.decode())
    assert not holds()


def test_the_page_says_when_mail_is_held_back(client):
    Suppression.objects.create(address=ADDRESS, reason="bounce")
    assert "came back" in client.get(path_of(mail(to=ADDRESS))).content.decode()


def test_the_page_is_kept_out_of_caches_and_search_engines(client):
    answer = client.get(path_of(mail(to=ADDRESS)))
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("make", [UserFactory, OfficerFactory])
def test_who_is_signed_in_chooses_for_their_own_address(client, make):
    user = make()
    sign_in(client, user)
    answer = client.post(reverse("account_mail"), {}, follow=True)
    assert "From now on you do not get: reminders." in answer.content.decode()
    assert not holds(user.email)
    row = Consent.objects.get()
    assert (row.how, row.source, row.actor_label) == ("preferences", f"user-{user.pk}", user.display_name)


def test_the_portal_and_the_desk_lead_to_the_page(client):
    for user, page in ((UserFactory(), "/portal/"), (OfficerFactory(), "/desk/")):
        sign_in(client, user)
        assert reverse("account_mail") in client.get(page).content.decode()
        assert reverse("account_mail") in client.get(reverse("account_settings")).content.decode()


def test_what_reminders_are_is_said_for_any_room():
    words = str(preferences.EXPLAINED[Purpose.REMINDERS]).lower()
    assert "a date that concerns you" in words
    assert not [room for room in ("event", "application", "invitation", "claim") if room in words]


def test_who_reported_our_mail_and_says_yes_gets_it_again_but_a_bounce_stays(client):
    for reason in ("bounce", "complaint"):
        Suppression.objects.create(address=ADDRESS, reason=reason)
    consents.record(address=ADDRESS, purpose="reminders", given=False, how="complaint", wording="x")
    assert client.post(path_of(mail(to=ADDRESS)), {"reminders": "on"}).status_code == 302
    held = Suppression.objects.filter(lifted_at=None)
    assert [row.reason for row in held] == ["bounce"]
    assert Suppression.objects.get(reason="complaint").lifted_by == "the recipient"
