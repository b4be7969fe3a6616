"""A server that is frozen takes connections and says nothing. No page waits for it."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.own_servers import OwnStack, Servers, own_servers

PATIENCE = 1.0  # as in a deployment
ENOUGH = 4 * PATIENCE  # on a busy machine; the server stays frozen until everything was asked
PAGES = ("/", "/accounts/login/", "/events/", "/desk/", "/admin/", "/health/ready")


class Site(OwnStack):
    """The web server alone, each of its processes with one thread."""

    STARTS = ("web",)

    def ask(self, path: str) -> tuple[int, float, dict[str, Any]]:
        """Status, seconds and JSON of an address."""
        began = time.monotonic()
        line = http.client.HTTPConnection("localhost", self.port, timeout=20)
        cookies = {} if path.startswith("/health/") else {"Cookie": "sessionid=somebodys"}
        line.request("GET", path, headers=cookies)
        answer = line.getresponse()
        body = answer.read()
        took = time.monotonic() - began
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.status, took, json.loads(body) if is_json else {}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[tuple[Site, Servers]]:
    with own_servers() as servers:
        one = Site("frozen", tmp_path_factory.mktemp("site"))
        one.use(servers)
        one.environment |= {"DATABASE_PATIENCE": str(PATIENCE), "WEB_WORKERS": "1", "WEB_THREADS": "2"}
        try:
            one.start()
            yield one, servers
        finally:
            one.stop()


def test_no_page_waits_for_a_frozen_database_and_all_come_back_with_it(site):
    one, servers = site
    for path in (*PAGES, *PAGES):  # each thread has its connection
        assert one.ask(path)[0] in {200, 302}, path
    with servers.frozen("postgres"):
        for path in (*PAGES, *PAGES):  # first over a connection that stands, then over none
            status, took, _ = one.ask(path)
            assert (status, took < ENOUGH) == (503, True), (path, took)
        status, took, found = one.ask("/health/ready")
        assert (status, took < ENOUGH) == (503, True), took
        assert (found["ready"], found["database"]) == (False, {"state": "down"})
        assert one.ask("/health/live")[0] == 200
    one.wait_until(lambda: one.ask("/health/ready")[0] == 200, "the site to be ready again")
    for path in PAGES:
        assert one.ask(path)[0] in {200, 302}, path


def test_a_frozen_broker_is_told_beside_and_takes_no_site_off(site):
    one, servers = site
    with servers.frozen("valkey"):
        status, took, found = one.ask("/health/ready")
        assert (status, found["ready"], found["broker"]) == (200, True, {"state": "down"})
        assert took < ENOUGH
        assert one.ask("/")[0] == 200
