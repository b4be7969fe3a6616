"""What every journey needs: windows for several people, their screenshots, and the moved clock."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from tests.conftest import ARTIFACTS
from tests.factories.accounts import sign_in
from tests.stack import Stack

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture
def window(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own: `window()`, `window(phone=True)`, `window(scripts=False)`, or
    `window(user=officer)` with somebody signed in, second factor included.
    """
    contexts = []

    def open_one(*, user: Any = None, phone: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=stack.base_url,
            java_script_enabled=scripts,
            viewport=PHONE if phone else DESKTOP,
            timezone_id="America/Chicago",
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user is not None:
            with stack.database():
                cookie = sign_in(Client(), user).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": stack.base_url}])
        return context.new_page()

    yield open_one
    for number, each in enumerate(contexts):
        for page in each.pages:  # where everyone stands, for who reads a failure
            page.screenshot(path=ARTIFACTS / f"last-{number}.png", full_page=True)
        each.close()


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keep what a page shows as an artifact, numbered in the order of the journey; a page that would scroll
    sideways fails.
    """
    folder = ARTIFACTS / "screenshots" / Path(request.node.path).stem.removeprefix("test_")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    taken = 0

    def take(page: Page, name: str) -> Path:
        nonlocal taken
        taken += 1
        path = folder / f"{taken:02d}-{name}.png"
        page.screenshot(path=path, full_page=True)
        # Playwright's own way in works without scripts too.
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
        return path

    return take


@pytest.fixture
def travel(stack: Stack) -> Iterator[Callable[[datetime], None]]:
    """Move the product's clock to a moment; the real time is set again at the end."""

    def to(moment: datetime) -> None:
        now = datetime.now(tz=moment.tzinfo) + timedelta(seconds=float(stack.clock.read_text() or 0))
        stack.move_clock(moment - now)

    yield to
    stack.clock.write_text("0")
