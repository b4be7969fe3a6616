"""Signing in with a code from a mail, with a password, and up as someone new."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from core.mail.purposes import Category
from core.models import AuditEntry
from tests.accounts.mailbox import newest_code
from tests.factories.accounts import OfficerFactory, UserFactory, totp_code

pytestmark = pytest.mark.django_db
WEAK = [
    "short",
    "fourteen-chars",
    "passwordpassword",
    "password1234567890",
    "rosa@shop.example",
    "111111111111111111",
    "12345678901234567890",
    "qwertyuiopasdfghj",
]
PASSWORD = "a long sentence nobody else uses"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def ask_code(client, email, **extra):
    return client.post(reverse("account_login"), {"login": email, **extra})


def test_a_known_person_signs_in_with_the_code_from_the_mail(client):
    user = UserFactory(email="rosa@shop.example")
    asked = ask_code(client, "Rosa@Shop.example ")
    assert asked.url == reverse("account_confirm_login_code")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.category, mail.recipient_id) == ("rosa@shop.example", Category.SECURITY, user.pk)
    done = client.post(asked.url, {"code": newest_code()})
    assert done.url == reverse("account_home")
    assert client.get(done.url).url == "/portal/"
    assert AuditEntry.objects.filter(verb="accounts.signed_in", actor_id=user.pk).count() == 1


@pytest.mark.parametrize(
    "pasted",
    [
        "{0} {1}",
        "{0}{1}",
        "{0}\xa0{1}\xa0",
        "{0}\u2013{1}",
        "{0}\u2011{1}",
        "Your code is {0}-{1}. It works once.",
    ],
)
def test_the_code_may_be_typed_without_its_dash_or_pasted_with_its_sentence(client, pasted):
    UserFactory(email="rosa@shop.example")
    asked = ask_code(client, "rosa@shop.example")
    assert client.post(asked.url, {"code": pasted.format(*newest_code().split("-"))}).status_code == 302


@pytest.mark.parametrize("pasted", ["Your code is {0}\u2011{1}", "{0}\u2013{1}"])
def test_the_code_that_proves_a_new_address_may_be_pasted_too(client, pasted):
    client.post(reverse("account_signup"), {"full_name": "Rosa Ortiz ", "email": "rosa@shop.example"})
    typed = pasted.format(*newest_code().split("-"))
    assert client.post(reverse("account_email_verification_sent"), {"code": typed}).status_code == 302
    assert EmailAddress.objects.get(email="rosa@shop.example").verified


def test_the_code_of_another_session_is_worthless(client, client_factory):
    UserFactory(email="rosa@shop.example")
    ask_code(client, "rosa@shop.example")
    stolen = newest_code()
    other = client_factory()
    asked = ask_code(other, "rosa@shop.example")
    assert other.post(asked.url, {"code": stolen}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_a_person_made_by_an_admin_signs_in_with_one_code(client):
    user = User.objects.create_user("new@police.example", full_name="Ana Cruz")
    asked = ask_code(client, user.email)
    client.post(asked.url, {"code": newest_code()})
    assert client.session["_auth_user_id"] == str(user.pk)


def test_known_and_unknown_addresses_get_the_same_answer_and_one_mail_each(client, client_factory):
    UserFactory(email="rosa@shop.example")
    pages = []
    for email in ("rosa@shop.example", "nobody@shop.example"):
        browser = client_factory()
        asked = ask_code(browser, email)
        page = browser.get(asked.url)
        pages.append((asked.status_code, asked.url, _plain(page, email)))
    assert pages[0] == pages[1]
    assert list(OutgoingMail.objects.order_by("pk").values_list("to", flat=True)) == [
        "rosa@shop.example",
        "nobody@shop.example",
    ]


def test_sign_up_answers_the_same_for_known_and_unknown_addresses(client_factory):
    UserFactory(email="rosa@shop.example")
    pages = []
    for email in ("rosa@shop.example", "nobody@shop.example"):
        browser = client_factory()
        asked = browser.post(reverse("account_signup"), {"email": email, "full_name": "Rosa Diaz"})
        page = browser.get(asked.url)
        pages.append((asked.status_code, asked.url, _plain(page, email)))
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.count() == 2
    assert User.objects.filter(email="rosa@shop.example").count() == 1


def test_a_password_reset_answers_the_same_for_known_and_unknown_addresses(client_factory):
    UserFactory(email="rosa@shop.example", password=PASSWORD)
    pages = []
    for email in ("rosa@shop.example", "nobody@shop.example"):
        browser = client_factory()
        asked = browser.post(reverse("account_reset_password"), {"email": email})
        pages.append((asked.status_code, asked.url, _plain(browser.get(asked.url), email)))
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.count() == 2


def test_a_new_owner_signs_up_with_name_and_code_and_comes_back_to_where_they_were(client):
    asked = client.post(
        reverse("account_signup"), {"email": "New@Shop.example", "full_name": "Rosa Diaz", "next": "/join/"}
    )
    assert "_auth_user_id" not in client.session
    done = client.post(asked.url, {"code": newest_code()})
    user = User.objects.get(email="new@shop.example")
    assert (user.full_name, user.role, user.has_usable_password()) == ("Rosa Diaz", "member", False)
    assert done.url == "/join/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_signing_up_gives_no_role_of_the_department(client):
    asked = client.post(
        reverse("account_signup"),
        {"email": "new@shop.example", "full_name": "Eve", "role": "admin", "is_demo": "1", "title": "Chief"},
    )
    client.post(asked.url, {"code": newest_code()})
    user = User.objects.get(email="new@shop.example")
    assert (user.role, user.is_demo, user.title) == ("member", False, "")


def test_a_password_works_for_who_set_one(client):
    user = UserFactory(email="rosa@shop.example", password=PASSWORD)
    done = ask_code(client, user.email, password=PASSWORD)
    assert done.url == reverse("account_home")
    assert not OutgoingMail.objects.exists()


def test_a_password_alone_does_not_bring_an_officer_in(client):
    user = OfficerFactory(totp=True, password=PASSWORD)
    step = ask_code(client, user.email, password=PASSWORD)
    assert step.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    step = client.post(step.url, {"code": totp_code()})
    assert step.url == reverse("mfa_trust")
    done = client.post(step.url, {"action": "none"})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(done.url).url == "/desk/"


@pytest.mark.parametrize("password", WEAK)
def test_weak_passwords_are_refused(client, password):
    user = UserFactory(email="rosa@shop.example")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(reverse("account_set_password"), {"password1": password, "password2": password})
    assert page.status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_closed_account_gets_no_session(client):
    UserFactory(email="rosa@shop.example", is_active=False, password=PASSWORD)
    ask_code(client, "rosa@shop.example", password=PASSWORD)
    assert "_auth_user_id" not in client.session


def test_failed_tries_are_on_record_without_what_was_typed(client):
    user = UserFactory(email="rosa@shop.example", password=PASSWORD)
    ask_code(client, user.email, password="wrong but long enough")
    ask_code(client, "secret typed into the wrong box@x.example", password="wrong but long enough")
    ask_code(client, "who@nowhere.example", password="wrong but long enough")
    rows = AuditEntry.objects.filter(verb="accounts.sign_in_failed")
    assert [row.target_id for row in rows.order_by("pk")] == [str(user.pk), ""]
    assert all("wrong" not in f"{row.detail}{row.changed}{row.actor_label}" for row in rows)


def test_signing_out_is_on_record(client):
    user = UserFactory()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse("account_logout")).url == "/"
    assert AuditEntry.objects.filter(verb="accounts.signed_out", actor_id=user.pk).exists()


def _plain(page, email: str) -> str:
    """A page without what differs anyway: the address, tokens, the request's id."""
    text = page.content.decode().replace(email, "ADDRESS")
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{12}', "", text)
