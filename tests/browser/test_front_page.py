"""The running stack serves a whole page to a real browser."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page

from tests.stack import Stack


def test_the_front_page_opens_without_a_complaint(page: Page, screenshot: Callable[..., Path]) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(request.url))
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    for width in (320, 768, 1280):
        screenshot("front", width)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    assert not complaints


def test_the_stack_can_be_moved_in_time(stack: Stack) -> None:
    stack.move_clock(timedelta(days=2))
    code = (
        "from core.clock import now; from django.utils import timezone; print((now() - timezone.now()).days)"
    )
    shown = stack.manage("shell", "-v0", "-c", code)
    stack.move_clock(timedelta(days=-2))
    assert shown.strip().splitlines()[-1] in {"1", "2"}
