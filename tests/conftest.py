"""Fixtures that every room's tests share. Keep it small: what one room needs stands beside its tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from config.local.places import BASE_DIR
from tests import databases
from tests.stack import Stack
from tests.worlds import taken_back

ARTIFACTS = BASE_DIR / "var" / "artifacts"
QUIET_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests, and send those that share the running stack to few xdist workers, module by
    module.
    """
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "page" in names or "browser" in names:
            item.add_marker(pytest.mark.browser)
        if "stack" in names:
            item.add_marker(pytest.mark.xdist_group(f"stack-{crc32(item.path.name.encode()) % 2}"))


STACK = pytest.StashKey[Stack]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the stack work only for tests that use it."""
    if one := item.config.stash.get(STACK, None):
        one.wake() if "stack" in getattr(item, "fixturenames", ()) else one.rest()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let the test's database begin as a copy, instead of migrating one for each worker."""
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = databases.template(os.environ["DATABASE_URL"])


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for a whole module: what its fixtures write is taken back at the end.

    What a test writes is taken back after the test, as everywhere. Build a world once for all tests that look
    at it: a module's or a class's fixture that asks for `database`.
    """
    with django_db_blocker.unblock(), taken_back():
        yield


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The running product: web, worker, beat and mail sink over a database of its own (see `tests.stack`)."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "main")
    one = Stack(name, Path(os.environ["DATA_DIR"]) / f"stack-{name}")
    one._config = request.config
    try:
        one.start()
        request.config.stash[STACK] = one
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of this machine (CHROMIUM_PATH, the path, or Playwright's own)."""
    from tests.chromium import find

    program = find()
    if not program:
        pytest.fail("There is no Chromium. Run `make chromium`, or name one with CHROMIUM_PATH.")
    return {**browser_type_launch_args, "executable_path": program, "args": QUIET_CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], stack: Stack) -> dict[str, Any]:
    """Pages open relative to the running stack: `page.goto("/join/")`."""
    return {
        **browser_context_args,
        "base_url": stack.base_url,
        "viewport": {"width": 1280, "height": 900},
        "locale": "en-US",
        "timezone_id": "America/Chicago",
    }


@pytest.fixture
def screenshot(page: Any) -> Callable[..., Path]:
    """Save what the page shows: `screenshot("join-1")`, `screenshot("join-1", width=320)`."""

    def take(name: str, width: int = 0) -> Path:
        folder = ARTIFACTS / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        if width:
            page.set_viewport_size({"width": width, "height": 800})
        path = folder / f"{name}{f'-{width}' if width else ''}.png"
        page.screenshot(path=path, full_page=True)
        if width and before:
            page.set_viewport_size(before)
        return path

    return take
