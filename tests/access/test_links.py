"""Every link that a page offers leads somewhere: walked as every role, from the pages that people begin at.

Of each address a few pages are opened, from both ends of what is offered, with what follows from them; forms
that only ask (GET) and frames count as links. What lies behind a button that changes something is walked by
the journeys.
"""

from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.access.world import ROLES
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db
BEGINNINGS = ("/", "/accounts/home/", "/accounts/")
EACH = 3  # pages of one address; of Django's admin and of filtered lists one
NOT_PAGES = ("/static/", "/media/")
PAGED = {"next", "page", "p"}  # questions that make no other kind of page

# What a walk comes to among others, else it has ended before it began.
SITE = {
    "public:home", "public:join", "public:events", "public:events_past", "public:event", "public:event_ics",
    "public:partners", "public:partner", "public:contact", "public:privacy", "public:accessibility",
}  # fmt: skip
ACCOUNT = {"account_home", "account_settings", "account_details", "account_data", "account_mail"}
PORTAL = {
    "portal:home", "portal:businesses", "portal:business", "portal:business_edit", "portal:people",
    "portal:events", "portal:event_register", "portal:event_cancel", "portal:application_start",
}  # fmt: skip
DESK = {"desk:home", "desk:businesses", "desk:business", "desk:events", "desk:events_past", "desk:event"}
DESK_WORK = DESK | {
    "desk:business_add", "desk:business_edit", "desk:contact_add", "desk:contact_edit", "desk:claims",
    "desk:claim", "desk:applications", "desk:application", "desk:event_add", "desk:event_edit",
    "desk:event_attendance", "desk:registration_add", "desk:mail", "desk:mail_message", "desk:mail_preview",
    "desk:mail_held_back",
}  # fmt: skip
ADMIN = {
    f"admin:{model}_{page}"
    for model in (
        "accounts_user", "businesses_area", "businesses_business", "businesses_organization",
        "core_department", "events_event", "events_registration", "mail_mailwording", "mail_outgoingmail",
        "mail_reminderrule", "vetting_application", "vetting_criteriaversion",
    )
    for page in ("changelist", "change", "history")
}  # fmt: skip
REACHES = {
    "visitor": SITE | {"account_login", "account_signup", "account_reset_password"},
    "owner": SITE | ACCOUNT | PORTAL | {"portal:person_invite", "portal:application_status"},
    "staff": SITE | ACCOUNT | PORTAL,
    "officer": SITE | ACCOUNT | DESK_WORK | {"desk:review"},
    "supervisor": SITE | ACCOUNT | DESK_WORK | {"desk:import", "desk:jobs"},
    "viewer": SITE | ACCOUNT | DESK,
    "admin": SITE | ACCOUNT | ADMIN | {"admin:index", "admin:mail_mailwording_preview"},
}


class Links(HTMLParser):
    """The addresses that a page leads to: links, frames, and forms that ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and values.get("href"):
            self.found.append(values["href"])
        elif tag == "iframe" and values.get("src"):
            self.found.append(values["src"])
        elif tag == "form" and values.get("method", "get").lower() == "get":
            self.found.append(values.get("action", ""))


def links_of(page: str, path: str) -> Iterator[str]:
    """The addresses of ours that a page leads to, without what leads into the page itself."""
    reader = Links()
    reader.feed(page)
    return ours(reader.found, path)


def ours(found: list[str], path: str) -> Iterator[str]:
    """Those addresses that lead to pages of ours, as paths from the top."""
    site = urlsplit(settings.SITE_URL)
    for each in found:
        whole = urlsplit(urldefrag(urljoin(f"{settings.SITE_URL.rstrip('/')}{path}", each)).url)
        if whole.scheme not in ("http", "https") or whole.netloc != site.netloc:
            continue
        if not whole.path.startswith(NOT_PAGES):
            yield whole._replace(scheme="", netloc="").geturl()


def kind_of(link: str) -> tuple[str, str]:
    """What counts as one address: its view, and what is asked of it; all that is asked at once is one."""
    parts = urlsplit(link)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    asked = {key for key, _value in parse_qsl(parts.query)} - PAGED
    if name.startswith("admin:") and asked:  # Django's own filters
        return name, "filtered"
    return name, asked.pop() if len(asked) == 1 else "filtered" if asked else ""


class Walk:
    """From page to page as one role.

    Args:
        browser: in which the role is signed in.
        beginnings: the pages to begin at.
    """

    def __init__(self, browser: Client, beginnings: tuple[str, ...] = BEGINNINGS) -> None:
        self.browser = browser
        self.offered: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)  # by kind: link → its page
        self.opened: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.nowhere: list[str] = []  # in words: from which page, to what, with what answer
        self._offer(iter(beginnings), "")
        while (link := self._next()) is not None:
            self._open(link)

    @property
    def views(self) -> set[str]:
        """The views that were opened."""
        return {name for name, _asked in self.opened}

    def _offer(self, links: Iterator[str], page: str) -> None:
        for link in links:
            self.offered[kind_of(link)].setdefault(link, page)

    def _next(self) -> str | None:
        """A page of a kind that was not opened yet; after these the last of each kind, and one more."""
        for kind, links in self.offered.items():
            if kind not in self.opened:
                return next(iter(links))
        for kind, links in self.offered.items():
            name, asked = kind
            opened = self.opened[kind]
            if asked or name.startswith("admin:") or len(opened) == EACH or len(opened) == len(links):
                continue
            ends = reversed(links) if len(opened) == 1 else iter(links)
            return next(each for each in ends if each not in opened)
        return None

    def _open(self, link: str) -> None:
        kind = kind_of(link)
        self.opened[kind].add(link)
        with transaction.atomic():  # a page that is read may go on record
            answer = self.browser.get(link)
            page = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        path = urlsplit(link).path
        if answer.has_header("Location"):
            self._offer(ours([answer["Location"]], path), self.offered[kind][link])
        elif answer.status_code != 200:
            source = self.offered[kind][link] or "The beginning"
            self.nowhere.append(f"{source} leads to {link}, which answers {answer.status_code}")
        elif answer["Content-Type"].startswith("text/html"):
            self._offer(links_of(page.decode(), path), path)


@pytest.mark.parametrize("role", ["admin", "staff", *(each for each in ROLES if each != "admin")])
def test_no_link_that_the_product_offers_leads_nowhere(world, role):
    if role == "staff":
        browser = sign_in(Client(raise_request_exception=False), world.home.colleague.user)
    else:
        browser = world.client(role)
    walk = Walk(browser)
    assert walk.nowhere == []
    assert REACHES[role] - walk.views == set()


def test_links_forms_that_ask_and_frames_are_read_from_a_page():
    page = (
        '<a href="/gone/#top">x</a> <a href="#here">y</a> <a href="https://example.org/">z</a> <a name="n">'
    )
    asks = (
        '<form method="post" action="/post/"></form><form action="?q="></form><iframe src="frame/"></iframe>'
    )
    assert list(links_of(page + asks, "/desk/")) == ["/gone/", "/desk/", "/desk/?q=", "/desk/frame/"]


def test_links_that_lead_nowhere_are_found(world):
    """The walk's own control: a page that is missing, one the role may not open, one that is not theirs."""
    elsewhere = reverse("desk:event", args=[world.away.event.pk])
    planted = {"/no-such-page/": 404, reverse("admin:index"): 403, elsewhere: 404, "/contact/": 200}
    officer = world.client("officer")

    class Planted(Client):
        def get(self, path, *args, **more):
            links = "".join(f'<a href="{each}">there</a>' for each in planted)
            return HttpResponse(links if path == "/" else "", status=officer.get(path).status_code)

    walk = Walk(Planted(), ("/",))
    lost = {link: status for link, status in planted.items() if status != 200}
    assert walk.nowhere == [f"/ leads to {link}, which answers {status}" for link, status in lost.items()]
