"""The pages that come only after a POST: refused forms, questions about many rows, previews.

Every form on every page is sent in three ways: empty, as it stands, and with nonsense in all its fields. What
comes back as a page is kept; what was written is taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.gates.pages import Tour, Visit
from tests.markup import PostedForm, posted_forms

NONSENSE = "-"
WAYS = ("empty", "as it stands", "nonsense")


@dataclass(frozen=True)
class Answer:
    """A page that answered a POST.

    Args:
        name: that of the page whose form was sent, and how it was sent.
        path: where it answered.
        html: of the page.
    """

    name: str
    path: str
    html: str


def answers(tour: Tour, visits: list[Visit]) -> Iterator[Answer]:
    """Send every form of these pages; yield each page that answered. Call it inside `stack.database()`."""
    sent: set[tuple[object, ...]] = set()
    for visit in visits:
        for form in posted_forms(_get(tour, visit)):
            path = urldefrag(urljoin(visit.path, form.action)).url
            same = (visit.who, path, tuple(form.offered), tuple(form.buttons))
            if same in sent:  # as signing out, on every page
                continue
            sent.add(same)
            for way, button in product(WAYS, dict.fromkeys(form.buttons or [("", "")])):
                fields = [*filled(form, way), *([button] if button[0] else [])]
                html = _post(tour, visit.who, path, fields)
                if html:
                    yield Answer(" ".join(filter(None, [visit.name, "sent", way, *button])), path, html)


def filled(form: PostedForm, way: str) -> list[tuple[str, str]]:
    """What a browser sends of a form.

    Args:
        way: one of `WAYS`. With nonsense every box is ticked and the last of each list is chosen.
    """
    if way == "as it stands":
        return form.sent
    if way == "empty":
        return form.hidden
    return [*form.hidden, *((name, value or NONSENSE) for name, value in form.offered.items())]


def _browser(tour: Tour, who: str) -> Client:
    browser = Client(headers={"host": urlsplit(settings.SITE_URL).netloc})
    if key := tour.session(who):
        browser.cookies[settings.SESSION_COOKIE_NAME] = key
    return browser


def _get(tour: Tour, visit: Visit) -> str:
    return _page(_browser(tour, visit.who).get(visit.path))


def _post(tour: Tour, who: str, path: str, fields: list[tuple[str, str]]) -> str:
    """The page that a POST answers, empty if it sends on; nothing that it wrote is kept."""
    cache.clear()  # no limit is reached here
    kind = "application/x-www-form-urlencoded"
    with transaction.atomic():
        answer = _browser(tour, who).post(path, urlencode(fields), content_type=kind)
        transaction.set_rollback(True)
    return _page(answer)


def _page(answer: Any) -> str:
    is_one = not answer.streaming and answer.headers.get("content-type", "").startswith("text/html")
    return answer.content.decode() if is_one else ""
