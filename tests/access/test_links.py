"""Every link that a page offers leads somewhere: walked as every role, from the pages that people begin at.

A few pages of each address are opened, with what follows from them; forms that only ask (GET) and frames
count as links. What lies behind a button that changes something is walked by the journeys.
"""

from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.access.world import ROLES
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db
BEGINNINGS = ("/", "/accounts/home/", "/accounts/")
EACH = 2  # pages of one address that are opened as one role; of Django's admin and of filtered lists one
NOT_PAGES = ("/static/", "/media/")
WALKS = {"visitor": 20, "owner": 30, "staff": 25, "officer": 50, "supervisor": 50, "viewer": 25, "admin": 120}


class Links(HTMLParser):
    """The addresses that a page leads to, each with its words: links, frames, and forms that ask."""

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
    site = urlsplit(settings.SITE_URL)
    for each in reader.found:
        whole = urlsplit(urldefrag(urljoin(f"{settings.SITE_URL.rstrip('/')}{path}", each)).url)
        if whole.scheme not in ("http", "https") or whole.netloc != site.netloc:
            continue
        if not whole.path.startswith(NOT_PAGES):
            yield whole._replace(scheme="", netloc="").geturl()


def kind_of(link: str) -> tuple[str, ...]:
    """What counts as one address: its view, and which questions it asks of it."""
    parts = urlsplit(link)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    return (name, *sorted({key for key, _value in parse_qsl(parts.query)} - {"next", "page", "p"}))


def many(kind: tuple[str, ...]) -> int:
    """How many pages of one address are opened."""
    return 1 if kind[0].startswith("admin:") or len(kind) > 1 else EACH


def walk(browser: Client) -> tuple[set[str], list[str]]:
    """Follow links from the beginnings.

    Returns:
        The views that were opened, and in words what led nowhere: from which page, to what, with what answer.
    """
    waiting = deque((link, "") for link in BEGINNINGS)
    opened: Counter[tuple[str, ...]] = Counter()
    seen, nowhere = set(BEGINNINGS), []
    while waiting:
        link, source = waiting.popleft()
        kind = kind_of(link)
        if opened[kind] >= many(kind):
            continue
        opened[kind] += 1
        with transaction.atomic():  # a page that is read may go on record
            answer = browser.get(link, follow=True)
            page = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        if answer.status_code != 200:
            nowhere.append(f"{source or 'to begin with'} leads to {link}, which answers {answer.status_code}")
        elif answer["Content-Type"].startswith("text/html"):
            path = answer.request["PATH_INFO"]
            fresh = [each for each in links_of(page.decode(), path) if each not in seen]
            seen.update(fresh)
            waiting += [(each, path) for each in fresh]
    return {kind[0] for kind in opened}, nowhere


@pytest.mark.parametrize("role", [*ROLES, "staff"])
def test_no_link_that_the_product_offers_leads_nowhere(world, role):
    if role == "staff":
        browser = sign_in(Client(raise_request_exception=False), world.home.colleague.user)
    else:
        browser = world.client(role)
    views, nowhere = walk(browser)
    assert nowhere == []
    assert len(views) >= WALKS[role], sorted(views)  # else the walk ends before it begins


def test_a_link_that_leads_nowhere_is_found():
    """The walk's own control: what it reads as links, and what it says of them."""
    page = (
        '<a href="/gone/#top">x</a> <a href="#here">y</a> <a href="https://example.org/">z</a> <a name="n">'
    )
    asks = (
        '<form method="post" action="/post/"></form><form action="?q="></form><iframe src="frame/"></iframe>'
    )
    assert list(links_of(page + asks, "/desk/")) == ["/gone/", "/desk/", "/desk/?q=", "/desk/frame/"]

    class Broken(Client):
        def get(self, path, *args, **kwargs):
            answer = super().get(path, *args, **kwargs)
            if path == "/":
                answer.content = b'<a href="/no-such-page/">lost</a>'
            return answer

    _views, nowhere = walk(Broken(raise_request_exception=False))
    assert nowhere == ["/ leads to /no-such-page/, which answers 404"]
