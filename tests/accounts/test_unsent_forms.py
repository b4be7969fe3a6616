"""A form that is sent by who was signed out meanwhile waits for them, and for nobody else."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import unsent
from core import clock
from partnerships.vetting import services
from tests.accounts.mailbox import newest_code
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in, totp_code
from tests.factories.businesses import BusinessFactory
from tests.markup import untouched

pytestmark = pytest.mark.django_db
UNSENT = reverse("account_unsent")


def with_a_code(browser: Client, user, then: str = "") -> str:
    """Sign in by a mailed code, as people do; the address that the sign-in leads to."""
    browser.post(reverse("account_login"), {"login": user.email, "next": then})
    answer = browser.post(reverse("account_confirm_login_code"), {"code": newest_code(), "next": then})
    if user.is_department:
        answer = browser.post(answer.url, {"code": totp_code(), "next": then})
        answer = browser.post(answer.url, {"action": "none", "next": then})  # not remembered for a shift
    return answer.url


@pytest.fixture
def owner(client):
    user = UserFactory()
    with_a_code(client, user)
    client.user = user
    return client


@pytest.fixture
def path(owner):
    application = services.start_application(business=BusinessFactory(), actor=owner.user)
    owner.application = application
    return reverse("portal:application_step", args=[application.pk, "values"])


def filled_in(browser: Client, path: str, **typed) -> dict:
    return {**dict(untouched(browser.get(path).content.decode())), "action": "next", **typed}


def test_who_was_signed_out_in_another_window_finds_their_words_after_signing_in_and_sends_them(owner, path):
    sent = filled_in(owner, path, text="Words of an hour\r\nin two lines.")
    owner.post(reverse("account_logout"))
    refused = owner.post(path, sent)
    assert refused.url == f"{reverse('account_login')}?next={UNSENT}"
    told = owner.get(refused.url).content.decode()
    assert "You are signed out. What you wrote is not sent yet" in told
    assert "Words of an hour" not in told, "the page to sign in shows it to nobody"
    assert with_a_code(owner, owner.user, UNSENT) == UNSENT
    page = owner.get(UNSENT)
    assert "no-store" in page.headers["Cache-Control"]
    assert f'action="{path}"' in page.content.decode()
    again = dict(untouched(page.content.decode()))
    assert owner.post(path, again).status_code == 302
    assert owner.application.answers.get().text == "Words of an hour\nin two lines.".replace("\n", "\r\n")
    assert owner.get(UNSENT).url == reverse("account_home"), "it was sent, and waits no more"


def test_what_changed_meanwhile_is_not_overwritten_by_it(owner, path):
    sent = filled_in(owner, path, text="From the window left behind")
    services.save_step(application=owner.application, actor=owner.user, answers={"values": "Newer"})
    owner.post(reverse("account_logout"))
    owner.post(path, sent)
    with_a_code(owner, owner.user)
    answer = owner.post(path, dict(untouched(owner.get(UNSENT).content.decode())))
    assert answer.status_code == 409
    assert owner.application.answers.get().text == "Newer"


def test_another_person_at_the_same_screen_sees_nothing_of_it(owner, path):
    sent = filled_in(owner, path, text="Only mine to read")
    owner.post(reverse("account_logout"))
    owner.post(path, sent)
    with_a_code(owner, UserFactory())
    assert owner.get(UNSENT).url == reverse("account_home")
    assert unsent.HELD not in owner.session


def test_it_waits_two_hours(owner, path):
    sent = filled_in(owner, path, text="Words of an hour")
    owner.post(reverse("account_logout"))
    owner.post(path, sent)
    with_a_code(owner, owner.user)
    with time_machine.travel(clock.now().timestamp() + unsent.HOLD_FOR + 1, tick=False):
        assert owner.get(UNSENT).url == reverse("account_home")


def test_a_file_does_not_wait_and_the_page_says_so(owner, path):
    sent = filled_in(owner, path, text="See the letter", file=SimpleUploadedFile("letter.pdf", b"%PDF-"))
    owner.post(reverse("account_logout"))
    owner.post(path, sent)
    with_a_code(owner, owner.user)
    assert "The file that you chose is not kept" in owner.get(UNSENT).content.decode()


def test_a_button_alone_is_asked_for_again_and_pressed_by_nobody(owner):
    application = vetting.submitted(owner=owner.user)
    withdraw = reverse("portal:application_withdraw", args=[application.pk])
    owner.post(reverse("account_logout"))
    assert owner.post(withdraw).url == f"{reverse('account_login')}?next={withdraw}"
    assert unsent.HELD not in owner.session


def test_a_device_where_nobody_signed_in_holds_nothing(path):
    stranger = Client()
    assert stranger.post(path, {"text": "Any words"}).url == f"{reverse('account_login')}?next={path}"
    assert unsent.HELD not in stranger.session


def test_an_officer_who_was_idle_finds_the_text_after_the_second_factor(client):
    officer = OfficerFactory(totp=True)
    with_a_code(client, officer)
    application = vetting.in_review()
    path = reverse("desk:application_ask", args=[application.pk])
    typed = {"reason": "missing", "fields_": ["offers"], "message": "How many chairs are there?"}
    session = client.session
    session["staff_seen_at"] = clock.now().timestamp() - 3600
    session.save()
    refused = client.post(path, typed, headers={"Origin": "http://testserver"})
    assert refused.url == f"{reverse('account_login')}?next={UNSENT}"
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(UNSENT).url.startswith(reverse("mfa_reauthenticate"))
    sign_in(client, officer)
    assert "How many chairs are there?" in client.get(UNSENT).content.decode()


def test_what_is_sent_after_a_shift_waits_for_the_second_factor(client):
    officer = OfficerFactory(totp=True)
    sign_in(client, officer, second_factor=False)
    path = reverse("desk:application_ask", args=[vetting.in_review().pk])
    refused = client.post(path, {"reason": "missing", "message": "How many chairs are there?"})
    assert refused.url == f"{reverse('mfa_reauthenticate')}?next={UNSENT}"
    sign_in(client, officer)
    assert "How many chairs are there?" in client.get(UNSENT).content.decode()


class TestASafetyTokenOfBefore:
    """Signing in makes a new token, so a page from before is refused; what was typed into it is not lost."""

    @pytest.fixture
    def owner(self):
        browser = Client(enforce_csrf_checks=True)
        browser.user = UserFactory()
        return browser

    def token_of(self, page: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def enter(self, browser: Client, user) -> None:
        login, confirm = reverse("account_login"), reverse("account_confirm_login_code")
        token = self.token_of(browser.get(login).content.decode())
        browser.post(login, {"login": user.email, "csrfmiddlewaretoken": token})
        token = self.token_of(browser.get(confirm).content.decode())
        assert browser.post(confirm, {"code": newest_code(), "csrfmiddlewaretoken": token}).status_code == 302

    def left_behind(self, browser: Client, path: str) -> dict:
        page = browser.get(path).content.decode()
        sent = {**dict(untouched(page)), "text": "Words of an hour", "action": "next"}
        token = self.token_of(browser.get(reverse("account_logout")).content.decode())
        browser.post(reverse("account_logout"), {"csrfmiddlewaretoken": token})
        return sent

    def test_it_is_sent_with_the_new_one(self, owner, path):
        self.enter(owner, owner.user)
        sent = self.left_behind(owner, path)
        self.enter(owner, owner.user)
        refused = owner.post(path, sent, headers={"Origin": "http://testserver"})
        assert refused.url == UNSENT
        again = dict(untouched(owner.get(UNSENT).content.decode()))
        assert owner.post(path, again, headers={"Origin": "http://testserver"}).status_code == 302
        assert owner.application.answers.get().text == "Words of an hour"

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
    def test_not_what_another_site_sends(self, owner, path, origin):
        self.enter(owner, owner.user)
        sent = self.left_behind(owner, path)
        self.enter(owner, owner.user)
        refused = owner.post(path, sent, headers={"Origin": origin} if origin else {})
        assert refused.status_code == 403
        assert unsent.HELD not in owner.session

    def test_not_where_someone_else_signed_in_on_the_device(self, owner, path):
        self.enter(owner, owner.user)
        sent = self.left_behind(owner, path)
        self.enter(owner, UserFactory())
        assert owner.post(path, sent, headers={"Origin": "http://testserver"}).status_code == 403
        assert unsent.HELD not in owner.session
