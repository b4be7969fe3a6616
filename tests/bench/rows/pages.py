"""Pages of the desk, the portal and the public site, against a page of the same frame without a query.

The WSGI application is called in this process, as gunicorn calls it: every middleware, the session and the
person are read, the connection to the database stays open between requests as in production. What is left out
is the socket, which would add the same to both sides and so flatter the ratio.
"""

import io
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from tests.bench.measure import ROUNDS, Row, in_turn, row, timed
from tests.bench.servers import Bench
from tests.bench.world import COMMON, MISTYPED, RARE, World, fill

AT = 100_000  # the budgets bind up to this size
PAGE, LIST, SEARCH, GROWTH = 4, 3, 4, 1.3
QUICK, MANY = 0.06, 15  # seconds; quicker pages are asked more often


@dataclass(frozen=True)
class Page:
    """One page that is measured.

    Args:
        what: its name in the table.
        who: whose session: an attribute of `World`, or "" for a visitor.
        url: its address; {place} and {district} are filled in.
        budget: the ratio to the floor that is fine.
    """

    what: str
    who: str
    url: str
    budget: float = PAGE


# What is in sight of the map of Chicago: all of it, a neighborhood, a few blocks.
SIGHTS = (
    ("the city in sight", "zoom=11&box=-87.95,41.62,-87.50,42.03"),
    ("a neighborhood in sight", "zoom=14&box=-87.68,41.92,-87.62,41.96"),
    ("some blocks in sight", "zoom=17&box=-87.655,41.935,-87.648,41.939"),
)


def _sorted(key: str) -> Iterator[Page]:
    for sign, words in (("", "ascending"), ("-", "descending")):
        yield Page(f"businesses, by {key} {words}", "supervisor", f"/desk/businesses/?sort={sign}{key}", LIST)


def _of_desk(who: str) -> Iterator[Page]:
    name = who.replace("_", " ")
    businesses = "/desk/businesses/"
    yield Page(f"home, {name}", who, "/desk/")
    yield Page(f"queue, {name}", who, "/desk/applications/", LIST)
    yield Page(f"businesses, first page, {name}", who, businesses, LIST)
    yield Page(f"businesses, last page, {name}", who, f"{businesses}?page=last", LIST)
    yield Page(f"businesses, rare search, {name}", who, f"{businesses}?q={RARE}", SEARCH)
    yield Page(f"businesses, common search, {name}", who, f"{businesses}?q={COMMON}", SEARCH)
    yield Page(f"businesses, mistyped search, {name}", who, f"{businesses}?q={quote(MISTYPED)}", SEARCH)
    yield Page(f"businesses, one district's partners, {name}", who,
               f"{businesses}?district={{district}}&standing=partner", LIST)  # fmt: skip
    yield Page(f"map, {name}", who, f"{businesses}map/")
    for words, query in SIGHTS:
        yield Page(f"map, {words}, {name}", who, f"{businesses}map/places.json?{query}")
    yield Page(f"business page, {name}", who, f"{businesses}{{place}}/")
    yield Page(f"events, {name}", who, "/desk/events/", LIST)
    yield Page(f"mail, {name}", who, "/desk/mail/", LIST)
    yield Page(f"mail, last page, {name}", who, "/desk/mail/?page=last", LIST)
    yield Page(f"addresses held back, {name}", who, "/desk/mail/held-back/", LIST)
    yield Page(f"claims, {name}", who, "/desk/businesses/claims/", LIST)


PAGES = (
    *_of_desk("officer"),
    *_of_desk("supervisor"),
    Page("home, supervisor of a district", "district_supervisor", "/desk/"),
    Page("businesses, supervisor of a district", "district_supervisor", "/desk/businesses/", LIST),
    *(each for key in ("name", "standing", "area", "updated") for each in _sorted(key)),
    Page("mail, by state", "supervisor", "/desk/mail/?sort=status", LIST),
    Page("mail, by sent", "supervisor", "/desk/mail/?sort=-sent", LIST),
    Page("portal home", "owner", "/portal/"),
    Page("public home", "", "/"),
    Page("public directory", "", "/partners/", LIST),
    Page("public directory, last page", "", "/partners/?page=last", LIST),
    Page("public directory, search", "", f"/partners/?q={COMMON}", SEARCH),
    Page("public events", "", "/events/", LIST),
)  # fmt: skip
FLOORS = {"desk": "/bench/desk/", "portal": "/bench/portal/", "public": "/bench/public/"}


def pages(bench: Bench) -> Iterator[Row]:
    """Rows for every page at every size."""
    from django.test import override_settings

    before: dict[str, float] = {}
    with override_settings(ROOT_URLCONF="tests.bench.urls", ALLOWED_HOSTS=["*"]):
        for size in bench.sizes:
            yield from _at_size(fill(size), before)


def _at_size(world: World, before: dict[str, float]) -> Iterator[Row]:
    visitors = {who: Visitor(world, who) for who in {each.who for each in PAGES}}
    for each in PAGES:
        visitor = visitors[each.who]
        url = each.url.format(place=world.place, district=world.district)
        floor = FLOORS[audience] if (audience := url.split("/")[1]) in FLOORS else FLOORS["public"]
        work, floors = _rounds(partial(visitor.seconds, url), partial(visitor.seconds, floor))
        ratio = statistics.median(work) / statistics.median(floors)
        smaller = before.setdefault(each.what, ratio)  # at the smallest size, which comes first
        yield row(
            each.what,
            world.size,
            work,
            floors,
            floor_name="page",
            budget=each.budget if world.size <= AT else 0,
            grown=ratio / smaller if smaller is not ratio else 0,
            most_grown=GROWTH if world.size <= AT else 0,
            note=f"{visitor.queries(url)} queries"
            + (f", {len(visitor.get(url)):,} bytes" if ".json" in url else ""),
        )


def _rounds(work: Callable[[], float], floor: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Five rounds of slow pages, more of quick ones, which other work on the machine disturbs more."""
    floor()
    return in_turn(work, floor, MANY if work() < QUICK else ROUNDS)


class Visitor:
    """Someone with a session, whose requests go straight to the application."""

    def __init__(self, world: World, who: str) -> None:
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application
        from django.test import Client

        from tests.factories.accounts import sign_in

        self.application = get_wsgi_application()
        self.cookie = ""
        if who:
            key = sign_in(Client(), getattr(world, who)).cookies[settings.SESSION_COOKIE_NAME].value
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
        self._asked = 0

    def get(self, url: str) -> bytes:
        """The page, whole.

        Raises:
            RuntimeError: any other answer than 200.
        """
        parts = urlsplit(url)
        self._asked += 1
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie,
            # A visitor asks from many addresses: the limit of searches is not what is measured.
            "REMOTE_ADDR": f"10.{self._asked >> 16 & 255}.{self._asked >> 8 & 255}.{self._asked & 255}",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        found: list[str] = []
        answer = self.application(environ, lambda status, headers, error=None: found.append(status))
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        if not found[0].startswith("200"):
            raise RuntimeError(f"{url} answers {found[0]}.")
        return body

    def seconds(self, url: str) -> float:
        """How long the page takes."""
        return timed(lambda: self.get(url))

    def queries(self, url: str) -> int:
        """How many statements the page asks of the database, session and person included."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.get(url)
        return len(asked)
