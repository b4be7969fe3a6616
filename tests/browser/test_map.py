"""The map of businesses in a browser, under the product's own content security policy."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

STATIC = Path(__file__).parents[2] / "static"
HTML = """<!doctype html><html lang="en" class="js"><head>
<link rel="stylesheet" href="/static/css/app.css">
<link rel="stylesheet" href="/static/vendor/leaflet/leaflet.css">
<link rel="stylesheet" href="/static/css/map.css"></head><body>
<div id="map" class="map" role="region" aria-label="Map of the businesses" data-places="/places?q=bean"
  data-borders="/borders" data-closest="18" data-zoom-in="Closer" data-zoom-out="Farther" data-close="Close"
  data-some="%n businesses. Look closer." data-sight="Businesses in sight:" data-away="Away." TILES></div>
<p role="status" id="map-said"></p>
<table><tr data-area="7" data-count="120">
<th><a href="/list?q=bean&amp;district=19">District 19</a></th></tr></table>
<script src="/static/vendor/leaflet/leaflet.js"></script><script src="/static/js/map.js"></script>
</body></html>"""
RING = [[-87.7, 41.9], [-87.6, 41.9], [-87.6, 42.0], [-87.7, 42.0], [-87.7, 41.9]]
BORDERS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": 7, "kind": "district", "name": "<b>District 19</b>"},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}
FOUND = {
    "count": 121,
    "clusters": [[41.97, -87.66, 120]],
    "places": [
        {
            "at": [41.93, -87.63],
            "of": [{"name": "<i>Corner</i> Bean", "street": "12 Elm St", "url": "/desk/businesses/5/"}],
        }
    ],
    "box": [41.93, -87.66, 41.97, -87.63],
}
TYPES = {".js": "text/javascript", ".css": "text/css"}


@pytest.fixture
def opened(page: Page):
    """Opens the map; an error of a script or of the policy stops the test."""
    asked: list[str] = []

    def open_map(*, borders: dict | None = BORDERS, tiles: str = "", images: str = "'self' data:") -> Page:
        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            asked.append(route.request.url)
            if path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                route.fulfill(content_type=TYPES[file.suffix], body=file.read_text())
            elif path == "/borders":
                route.fulfill(json=borders) if borders else route.fulfill(status=500)
            elif path == "/places":
                route.fulfill(content_type="application/json", body=json.dumps(FOUND))
            elif path.endswith(".png"):
                route.fulfill(status=204)
            elif path == "/":
                policy = f"default-src 'self'; script-src 'self'; style-src 'self'; img-src {images}"
                html = HTML.replace(
                    "TILES", f'data-tiles="{tiles}" data-attribution="Example"' if tiles else ""
                )
                route.fulfill(
                    content_type="text/html", body=html, headers={"Content-Security-Policy": policy}
                )
            else:
                route.fulfill(content_type="text/html", body="there")

        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("console", lambda line: pytest.fail(line.text) if "Content Security" in line.text else None)
        page.route("**/*", answer)
        page.goto("http://map.example/")
        return page

    open_map.asked = asked
    return open_map


def test_clusters_and_places_are_drawn_and_told(opened) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_have_text("Businesses in sight: 121")
    expect(page.get_by_role("button", name="120 businesses. Look closer.")).to_be_visible()
    page.get_by_role("button", name="<i>Corner</i> Bean").click()
    link = page.get_by_role("link", name="<i>Corner</i> Bean")
    expect(link).to_be_focused()
    expect(page.get_by_text("12 Elm St")).to_be_visible()
    link.click()
    page.wait_for_url("**/desk/businesses/5/")


def test_a_cluster_leads_closer_by_keyboard_and_the_filters_go_along(opened) -> None:
    page = opened()
    cluster = page.get_by_role("button", name="120 businesses. Look closer.")
    expect(cluster).to_be_visible()
    before = max(float(url.split("zoom=")[1]) for url in opened.asked if "zoom=" in url)
    cluster.focus()
    with page.expect_request(f"**/places?q=bean*zoom={before + 2:g}"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Map of the businesses")).to_be_focused()
    assert all("q=bean" in url for url in opened.asked if "/places" in url)


def test_a_click_on_an_area_opens_its_list(opened) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_have_text("Businesses in sight: 121")
    box = page.locator("path.leaflet-interactive").bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] - 30)
    expect(page.get_by_role("tooltip")).to_have_text("<b>District 19</b>: 120")
    page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 30)
    page.wait_for_url("**/list?q=bean&district=19")


def test_without_borders_the_map_shows_where_the_places_are(opened) -> None:
    page = opened(borders={"type": "FeatureCollection", "features": []})
    expect(page.get_by_role("button", name="120 businesses. Look closer.")).to_be_visible()
    assert "box" not in next(url for url in opened.asked if "/places" in url)


def test_no_picture_is_asked_for_unless_a_server_is_named(opened) -> None:
    page = opened()
    expect(page.get_by_role("status")).to_have_text("Businesses in sight: 121")
    hosts = {urlsplit(url).hostname for url in opened.asked}
    assert hosts == {"map.example"}


def test_tiles_of_a_named_server_are_asked_for_and_named(opened) -> None:
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    page = opened(tiles=tiles, images="'self' data: https://tiles.example")
    expect(page.locator(".leaflet-control-attribution")).to_have_text("Example")
    expect(page.get_by_role("status")).to_have_text("Businesses in sight: 121")
    assert any(url.startswith("https://tiles.example/") for url in opened.asked)


def test_a_phone_is_not_scrolled_sideways_and_shows_what_is_below(opened, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    opened()
    expect(page.get_by_role("button", name="120 businesses. Look closer.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator("#map").bounding_box()
    assert box
    assert box["height"] <= 640 * 0.66
