"""Gate 30: poisoned hosts and `next` values lead nowhere foreign."""

import io
import logging
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.logs import RefusalsInOneLine
from core.mail.models import OutgoingMail
from tests.factories.accounts import UserFactory, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.gate(30)]
PASSWORD = "a long sentence nobody else uses"
OURS = {"testserver", "localhost"}

HOSTS = [
    "evil.example",
    "evil.example:80",
    "testserver.evil.example",
    "localhost.evil.example",
    "evil.example#testserver",
    "testserver@evil.example",
    "evil.example/testserver",
    "evil.example?testserver",
    "evil.example\\testserver",
    "127.0.0.1.evil.example",
    "[::ffff:evil]",
    "[::1]evil.example",
    "0x7f000001",
    "0",
    "2130706433",
    "127.1",
    "169.254.169.254",
    "::1",
    "xn--tstserver-x4a.example",
    "testserver。evil.example",
    "testserver%2eevil.example",
    "TESTSERVER.EVIL.EXAMPLE",
    "evil..example",
    ".testserver",
    "testserver..",
    "-testserver",
    "testserver,evil.example",
    "testserver evil.example",
    "testserver\tevil.example",
    "testserver;evil.example",
    "*",
    "*.testserver",
    "a" * 300,
    "testserver:80:80",
    "testserver:evil",
    "testserver:-1",
    "http://evil.example",
    "//evil.example",
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    '"><img src=x>',
    "'",
    "%00",
    "evil.example%00testserver",
    "localhost:8000@evil.example",
    "user:pass@testserver",
    "evil.example:testserver",
    "$(host)",
    "{{host}}",
    "${jndi:ldap://evil.example}",
]
NEXTS = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " https://evil.example",
    "\x00//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "HtTpS://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://evil.example",
    "mailto:eve@evil.example",
    "tel:911",
    "blob:https://evil.example/1",
    "https://testserver@evil.example/",
    "https://testserver:pass@evil.example/",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "https://evil.example\\@testserver",
    "https://testserver.evil.example/",
    "https://evil.example/testserver",
    "//testserver@evil.example",
    "//evil.example\\@testserver",
    "http://[::1]@evil.example",
    "http://[evil.example",
    "http:///evil.example",
    "http:evil.example/path",
    "//%65vil.example",
    "https://%65vil.example",
    "//evil%E3%80%82example",
    "//evil。example",
    "https://xn--vil-hoa.example",
    "//0x7f.1",
    "//2130706433",
    "/%09/evil.example/../..//evil.example",
    "?next=//evil.example",
    "https://evil.example/%2e%2e",
]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def foreign(text: str) -> list[str]:
    """Links and redirects in a page or mail that leave the site."""
    found = re.findall(r"""(?:href|action|src)=["']([^"']*)["']""", text) + re.findall(r"https?://\S+", text)
    return [
        url
        for url in found
        if re.match(r"^\s*(https?:)?[/\\]{2}", url) and re.split(r"[/:?#]", url.split("//")[1])[0] not in OURS
    ]


def test_there_are_fifty_of_each():
    assert len(HOSTS) >= 50
    assert len(NEXTS) >= 50


@pytest.mark.parametrize("host", HOSTS)
def test_a_poisoned_host_gets_no_page_and_no_mail(client, host):
    UserFactory(email="rosa@shop.example", password=PASSWORD)
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"):
        answer = client.post(
            path, {"login": "rosa@shop.example", "email": "rosa@shop.example"}, headers={"host": host}
        )
        assert answer.status_code == 400
        assert "evil" not in answer.get("Location", "")
    assert not OutgoingMail.objects.exists()


def test_mail_never_takes_its_links_from_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    UserFactory(email="rosa@shop.example", password=PASSWORD)
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    client.post("/accounts/password/reset/", {"email": "rosa@shop.example"}, headers=evil)
    client.post("/accounts/login/", {"login": "nobody@shop.example"}, headers=evil)
    client.post("/accounts/signup/", {"email": "rosa@shop.example", "full_name": "Eve"}, headers=evil)
    mails = list(OutgoingMail.objects.all())
    assert len(mails) == 3
    for mail in mails:
        assert not foreign(mail.text + mail.html), mail.template
        assert "evil" not in mail.text + mail.html


@pytest.mark.parametrize("target", NEXTS)
def test_a_poisoned_next_is_never_followed(client, target):
    user = UserFactory(email="rosa@shop.example", password=PASSWORD)
    for name in ("account_login", "account_signup", "account_request_login_code", "account_reset_password"):
        page = client.get(reverse(name), {"next": target})
        assert not foreign(page.content.decode()), name
    done = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": target})
    assert _is_ours(done.url), done.url
    out = client.post(reverse("account_logout"), {"next": target})
    assert _is_ours(out.url), out.url


@pytest.mark.parametrize("target", NEXTS)
def test_a_poisoned_next_is_not_followed_after_asking_again(client, target):
    user = UserFactory(password=PASSWORD)
    sign_in(client, user)
    done = client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": target})
    assert _is_ours(done.get("Location", "/")), done["Location"]


def test_a_page_of_ours_is_followed(client):
    user = UserFactory(password=PASSWORD)
    done = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": "/join/?from=card"}
    )
    assert done.url == "/join/?from=card"


def _is_ours(url: str) -> bool:
    return bool(re.match(r"^/(?![/\\\s])", url)) and not re.search(r"[\t\n\x00]", url)


def test_a_wrong_host_leaves_one_line_in_the_log(client):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(RefusalsInOneLine())
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    finally:
        logging.getLogger().removeHandler(handler)
    (line,) = written.getvalue().splitlines()
    assert line.startswith("WARNING Invalid HTTP_HOST header: 'evil.example'.")
