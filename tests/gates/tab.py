"""A browser tab that says what is wrong with a page: axe, its heading, a sideways scroll, a noisy console."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.gates.seen import Seen

SCREENSHOTS = Path("var/artifacts/screenshots/pages")
AXE = Axe()
SEEN = Seen("pages", Path(__file__))
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "resultTypes": ["violations"],
    "iframes": False,  # each frame is looked at as a page of its own
}
# Where scripts are off, as in the sandbox of a mail, no timer ever ends: axe waits for none.
AT_ONCE = "window.setTimeout = (act, _after, ...given) => { act(...given); return 0; }; 0"
RUN_AXE = """options => {
  window.axeFound = null;
  axe.run(document, options, (error, found) => {
    window.axeFound = error ? [{id: "axe", help: String(error), nodes: []}] : found.violations;
  });
}"""
TOO_WIDE = """width => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 0.5).slice(0, 5)
  .map((e) => e.tagName.toLowerCase() + "." + e.className).join(", ")"""


class Tab:
    """A browser tab that notes what its pages complain about."""

    def __init__(self, page):
        self.page = page
        self.noise = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.noise.append(str(error)))
        # axe goes on for a moment when it has answered; what it says then is not the next page's.
        page.on("framenavigated", self._forget)

    def visit(self, visit, width, *, axe=True):
        """Open a page, keep a picture of it, and list what is wrong as pairs of a rule and its detail."""
        self.noise.clear()
        self.page.set_viewport_size({"width": width, "height": 900})
        answer = self.page.goto(visit.path)
        if answer.status != visit.status or answer.request.redirected_from is not None:
            return [("status", f"{answer.status} at {self.page.url}")]
        is_a_mail = answer.headers["content-security-policy"].startswith("sandbox")
        return self._look(visit.name, width, audience=visit.audience, axe=axe, heading=not is_a_mail)

    def show(self, name, path, html, width, *, headers=None):
        """Show what was answered at a path, to a POST or to nobody, and list what is wrong with it."""
        self.noise.clear()
        self.page.set_viewport_size({"width": width, "height": 900})
        answered = {"body": html, "content_type": "text/html; charset=utf-8", "headers": headers}
        here = re.compile(rf"^http://[^/]+{re.escape(path)}$")
        self.page.route(here, lambda route: route.fulfill(**answered))
        try:
            self.page.goto(path)
            return self._look(name, width, audience="", axe=True, heading=not headers)
        finally:
            self.page.unroute(here)

    def faults(self, width, *, axe=True, heading=True):
        """What is wrong with the open page, as pairs of a rule and its detail."""
        found = faults_of_layout(self.page, width, heading=heading)
        # Before axe, which reads the style sheets once more and makes noise of its own.
        found += [("console", line) for line in self.noise]
        return found + (faults_of_axe(self.page) if axe else [])

    def _look(self, name, width, *, audience, axe, heading=True):
        key = SEEN.key(self.page.content(), name, width, axe)
        if SEEN.passes_over(key, name) and audience != "admin":
            return self.faults(width, axe=False, heading=heading)
        faults = self.faults(width, axe=axe, heading=heading)
        take_picture(self.page, f"{name}-{width}")
        if not faults:
            SEEN.note(key)
        return faults

    def _forget(self, frame):
        if frame == self.page.main_frame:
            self.noise.clear()

    def _hear(self, said):
        url = said.location["url"]
        on_purpose = url == self.page.url and "status of 40" in said.text  # a page refused or missing
        if said.type == "error" and not on_purpose:
            self.noise.append(f"{said.text} ({url}:{said.location['lineNumber']})")


def faults_of_layout(page, width, *, heading=True):
    """Its heading and its width. A mail has its subject for a heading."""
    found = []
    headings = page.locator("h1").count()
    if headings != 1 and heading:
        found.append(("one-h1", f"{headings} of them"))
    widest = page.evaluate("document.documentElement.scrollWidth")
    if widest > width:
        found.append(("sideways-scroll", f"{widest} px wide: {page.evaluate(TOO_WIDE, width)}"))
    return found


def faults_of_axe(page):
    """What axe says of the page, and of each mail that it shows in a frame, in its sandbox."""
    found = []
    for frame in page.frames:
        frame.evaluate(AT_ONCE)
        frame.evaluate(AXE.axe_script)
        frame.evaluate(RUN_AXE, OPTIONS)
        for violation in frame.evaluate("window.axeFound"):
            places = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            found.append((violation["id"], f"{violation['help']}: {places}"))
    return found


def take_picture(page, name):
    """Keep what the page shows."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True)
