"""Names in Latin letters of any language are set in the product's own font."""

from playwright.sync_api import Page

DRAW = """
async (text) => {
  await document.fonts.load("400 16px 'Source Sans Pro Web'", text);
  const loaded = [...document.fonts].filter(face => face.status === "loaded").map(face => face.unicodeRange);
  return loaded;
}
"""


def test_vietnamese_and_eastern_european_letters_are_in_the_font(page: Page) -> None:
    page.goto("/")
    for text, code in (("Nguyễn", "U+1EA0"), ("Dvořák", "U+100")):
        ranges = page.evaluate(DRAW, text)
        assert any(code in each for each in ranges), (text, ranges)
