"""On a tablet no tile and no card stands alone beside a gap."""

from pathlib import Path

from playwright.sync_api import Page

CSS = Path(__file__).parents[2] / "static/css/app.css"
TILES = "<ul class='tiles'>" + "<li class='tile'><span class='tile__body'>1 mail</span></li>" * 5 + "</ul>"
CARDS = "<div class='grid grid--3'>" + "<section class='card'>Step</section>" * 3 + "</div>"
REST = """
(name) => {
  const group = document.querySelector(name);
  return group.getBoundingClientRect().right - group.lastElementChild.getBoundingClientRect().right;
}
"""


def test_the_last_tile_and_the_last_card_reach_the_edge_of_their_row(page: Page) -> None:
    page.set_viewport_size({"width": 768, "height": 800})
    page.set_content(f"<style>{CSS.read_text()}</style><body class='page'><main>{TILES}{CARDS}</main></body>")
    for group in (".tiles", ".grid--3"):
        assert page.evaluate(REST, group) < 1, group
