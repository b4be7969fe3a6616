"""A browser on the component gallery."""

import pytest
from playwright.sync_api import Page


@pytest.fixture
def open_gallery(browser, live_server, settings):
    """Open a page of the gallery at a width: `open_gallery("desk", 320)`."""
    settings.ROOT_URLCONF = "tests.components.urls"
    pages: list[Page] = []

    def open_page(
        name: str, width: int = 1280, *, scripts: bool = True, query: str = "", reduced: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            reduced_motion="reduce" if reduced else "no-preference",
        )
        page = context.new_page()
        pages.append(page)
        page.goto(f"{live_server.url}/gallery/{name}/{query}")
        return page

    yield open_page
    for page in pages:
        page.context.close()
