"""Gate 28 and 36: wrong tries lock for a while, and a stranger locks nobody out."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import devices
from core import clock
from core.mail.models import OutgoingMail
from tests.accounts.mailbox import newest_code
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in, totp_code

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence nobody else uses"
LOCKED = "Too many"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def try_password(browser, email, typed="wrong but long enough"):
    return browser.post(reverse("account_login"), {"login": email, "password": typed})


@pytest.mark.gate(28)
def test_five_wrong_passwords_lock_even_the_right_one():
    user = UserFactory(password=PASSWORD)
    browser = Client()
    for _try in range(5):
        assert LOCKED not in try_password(browser, user.email).content.decode()
    assert LOCKED in try_password(browser, user.email, PASSWORD).content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.gate(28)
def test_a_stranger_can_not_lock_a_known_device_out():
    user = UserFactory(password=PASSWORD)
    known, stranger = Client(), Client()
    assert try_password(known, user.email, PASSWORD).status_code == 302
    known.post(reverse("account_logout"))
    for _try in range(6):
        answer = try_password(stranger, user.email)
    assert LOCKED in answer.content.decode()
    assert try_password(known, user.email, PASSWORD).status_code == 302


@pytest.mark.gate(28)
def test_a_known_device_locks_too():
    user = UserFactory(password=PASSWORD)
    known = Client()
    try_password(known, user.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _try in range(5):
        try_password(known, user.email)
    assert LOCKED in try_password(known, user.email, PASSWORD).content.decode()


def test_a_device_cookie_that_was_written_by_hand_counts_as_unknown(rf):
    request = rf.get("/")
    unknown = devices.count_key(request, "rosa@shop.example")
    request.COOKIES[devices.COOKIE] = "eyJhIjoiYiJ9:1abcde:forged"
    assert devices.count_key(request, "rosa@shop.example") == unknown


def test_a_device_knows_only_the_accounts_that_signed_in_on_it(rf):
    user = UserFactory()
    browser = Client()
    user.set_password(PASSWORD)
    user.save()
    try_password(browser, user.email, PASSWORD)
    request = rf.get("/")
    request.COOKIES[devices.COOKIE] = browser.cookies[devices.COOKIE].value
    assert not devices.count_key(request, user.email).endswith(":unknown")
    assert devices.count_key(request, "other@shop.example").endswith(":unknown")


@pytest.mark.gate(28)
def test_five_wrong_codes_of_the_app_lock_the_second_factor():
    user = OfficerFactory(totp=True, password=PASSWORD)
    browser = Client()
    try_password(browser, user.email, PASSWORD)
    for _try in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = browser.post(reverse("mfa_authenticate"), {"code": totp_code()})
    assert LOCKED in answer.content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.gate(28)
def test_the_admins_address_has_the_same_limits():
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_wrong_codes_from_mails_are_counted_over_several_mails():
    user = UserFactory()
    browser = Client()
    for _mail in range(2):
        browser.post(reverse("account_login"), {"login": user.email})
        for _try in range(3):
            answer = browser.post(reverse("account_confirm_login_code"), {"code": "0000-0000"})
    browser.post(reverse("account_login"), {"login": user.email})
    code = newest_code()
    answer = browser.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in browser.session
    assert answer.status_code == 200


@pytest.mark.gate(36)
def test_nobody_can_be_flooded_with_codes():
    user = UserFactory()
    for _try in range(8):
        Client().post(reverse("account_login"), {"login": user.email})
    assert OutgoingMail.objects.count() == 5


@pytest.mark.gate(36)
def test_a_flood_of_strangers_does_not_keep_the_owner_from_a_code():
    user = UserFactory(password=PASSWORD)
    known = Client()
    try_password(known, user.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _try in range(8):
        Client().post(reverse("account_login"), {"login": user.email})
    OutgoingMail.objects.all().delete()
    assert known.post(reverse("account_login"), {"login": user.email}).status_code == 302
    assert OutgoingMail.objects.count() == 1


ASKED = {
    "account_signup": lambda email: {"email": email, "full_name": "Rosa Vega"},
    "account_login": lambda email: {"login": email},
    "account_reset_password": lambda email: {"email": email},
}


def ask(browser, name, email):
    """Ask for mail to an address; whether a mail was queued."""
    before = OutgoingMail.objects.filter(to=email).count()
    assert browser.post(reverse(name), ASKED[name](email)).status_code in {200, 302}
    return OutgoingMail.objects.filter(to=email).count() == before + 1


@pytest.mark.gate(36)
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("known", [True, False])
def test_a_stranger_keeps_nobody_with_a_new_browser_from_their_mail(name, known):
    email = UserFactory().email if known else "rosa@shop.example"
    asked = [ask(Client(REMOTE_ADDR="203.0.113.9"), name, email) for _try in range(8)]
    assert asked == [True] * 5 + [False] * 3, "of one network, five in a quarter of an hour"
    assert ask(Client(REMOTE_ADDR="198.51.100.7"), name, email)


def test_links_to_a_new_password_are_counted_over_all_networks_but_not_for_a_known_device():
    user, known = UserFactory(password=PASSWORD), Client(REMOTE_ADDR="198.51.100.200")
    try_password(known, user.email, PASSWORD)
    known.post(reverse("account_logout"))
    asked = [
        ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), "account_reset_password", user.email) for n in range(30)
    ]
    assert asked == [True] * 20 + [False] * 10
    assert ask(known, "account_reset_password", user.email)
    assert ask(Client(REMOTE_ADDR="203.0.113.99"), "account_reset_password", UserFactory().email)


def test_signing_up_again_at_once_works_on_the_same_network():
    assert [ask(Client(), "account_signup", "rosa@shop.example") for _try in range(2)] == [True, True]


@pytest.mark.gate(28)
def test_a_strangers_wrong_codes_keep_nobody_with_a_new_browser_out():
    user = UserFactory()
    for _mail in range(2):
        stranger = Client(REMOTE_ADDR="203.0.113.9")
        ask(stranger, "account_login", user.email)
        for _try in range(3):
            stranger.post(reverse("account_confirm_login_code"), {"code": "0000-0000"})
    browser = Client(REMOTE_ADDR="198.51.100.7")
    ask(browser, "account_login", user.email)
    browser.post(reverse("account_confirm_login_code"), {"code": newest_code()})
    assert "_auth_user_id" in browser.session


@pytest.mark.gate(36)
@pytest.mark.parametrize(
    ("name", "field"), [("account_signup", "email"), ("account_reset_password", "email")]
)
def test_signing_up_and_resetting_are_limited_per_address(name, field):
    browser = Client()
    with clock.at(clock.now()):
        answers = [
            browser.post(reverse(name), {field: f"person{n}@flood.example", "full_name": "Flood"}).status_code
            for n in range(25)
        ]
        assert answers[-1] == 429
        page = browser.post(reverse(name), {field: "one@flood.example", "full_name": "Flood"})
    assert b"<h1" in page.content


@pytest.mark.parametrize("forwarded", ["unknown", "203.0.113.9:51234", "[2001:db8::1]:443", ""])
def test_whatever_a_proxy_writes_nobody_is_locked_out_of_sign_in_and_sign_up(forwarded, settings):
    settings.TRUSTED_PROXIES = 1
    browser = Client(REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded} if forwarded else {})
    for name, data in (
        ("account_login", {"login": "someone@shop.example"}),
        ("account_signup", {"email": "new@shop.example", "full_name": "New Person"}),
        ("account_reset_password", {"email": "someone@shop.example"}),
    ):
        assert browser.post(reverse(name), data).status_code in (200, 302), name


def test_people_behind_a_proxy_that_tells_no_address_do_not_use_up_one_share(settings):
    settings.TRUSTED_PROXIES = 1
    told, silent = (Client(headers={"x-forwarded-for": each}) for each in ("203.0.113.9:51234", "unknown"))
    for browser, last in ((told, 429), (silent, 302)):
        with clock.at(clock.now()):
            answers = [
                browser.post(reverse("account_reset_password"), {"email": f"p{n}@flood.example"}).status_code
                for n in range(25)
            ]
        assert answers[-1] == last


def test_a_signed_in_owner_is_not_asked_for_a_second_factor(client):
    sign_in(client, UserFactory())
    assert client.get(reverse("account_settings")).status_code == 200
