"""On a phone a table becomes a stack: each value stands beside its label, however many lines it has."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

CSS = Path(__file__).parents[2] / "static/css/app.css"
TABLE = """
<table class="table table--stack"><tbody><tr>
  <th scope="row">Corner Bean</th>
  <td data-label="Plain">Beat 1924<small class="quiet">District 19</small></td>
  <td data-label="Age, working days, counted without holidays"><b>7</b> of 10</td>
  <td data-label="Contact"><a href="mailto:a@b.example">a-long-name-of-a-person@somewhere.example</a>
    <small class="quiet">(312) 555-0134</small></td>
  <td data-label="Tag"><span class="tag">Sent</span></td>
</tr></tbody></table>
"""
BESIDE = """
() => [...document.querySelectorAll("td[data-label]")].map(cell => {
  const label = parseFloat(getComputedStyle(cell, "::before").width);
  const row = cell.closest("tr").getBoundingClientRect();
  const range = document.createRange();
  range.selectNodeContents(cell);
  const lefts = [...range.getClientRects()].filter(box => box.width).map(box => box.left);
  const next = cell.nextElementSibling;
  return [Math.min(...lefts) >= row.left + label, Math.max(...lefts) - Math.min(...lefts) < 40,
          !next || next.getBoundingClientRect().top >= cell.getBoundingClientRect().bottom];
})
"""


@pytest.mark.parametrize("width", [320, 360])
def test_every_line_of_a_value_stays_right_of_its_label_on_a_phone(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(f"<style>{CSS.read_text()}</style><body class='page'><main>{TABLE}</main></body>")
    assert page.evaluate(BESIDE) == [[True, True, True]] * 4
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
