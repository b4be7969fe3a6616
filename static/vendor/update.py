"""Fetch the vendored front-end files with `npm pack` and keep only what the product refers to.

A development-time tool (`make vendor`); no Node is needed at run time. It rewrites the folders `uswds`,
`source-sans`, `htmx` and `leaflet` beside it from the published packages, and is safe to run again.

Usage: python static/vendor/update.py
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
USWDS = "@uswds/uswds@3.14.0"
HTMX = "htmx.org@2.0.11"
LEAFLET = "leaflet@1.9.4"
FONT = "source-sans-pro"
# USWDS brings only western letters of its font. These add the letters of other Latin alphabets, as in Nguyễn.
LETTERS = "@fontsource/source-sans-pro@5.3.0"
LETTER_SETS = ("latin-ext", "vietnamese")
LETTER_STYLES = ("400-normal", "400-italic", "700-normal")

# The icons that templates may name in `{% icon "…" %}`. Add one here, then run this file again.
ICONS = (
    "accessibility_new",
    "add",
    "arrow_back",
    "arrow_downward",
    "arrow_forward",
    "arrow_upward",
    "attach_file",
    "calendar_today",
    "check",
    "check_circle",
    "close",
    "delete",
    "directions",
    "edit",
    "error",
    "event",
    "expand_less",
    "expand_more",
    "file_download",
    "file_present",
    "filter_list",
    "groups",
    "help",
    "history",
    "info",
    "language",
    "launch",
    "location_on",
    "lock",
    "mail",
    "map",
    "menu",
    "navigate_before",
    "navigate_next",
    "people",
    "person",
    "phone",
    "print",
    "schedule",
    "search",
    "security",
    "settings",
    "star",
    "store",
    "support",
    "thumb_up_alt",
    "unfold_more",
    "verified",
    "visibility",
    "warning",
)


def fetch(package: str, folder: Path) -> Path:
    """Download and unpack one npm package; returns its folder. Raises CalledProcessError when npm fails."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed. It is needed only here, to fetch the vendored files.")
    answer = subprocess.run(  # noqa: S603 - fixed arguments
        [npm, "pack", "--json", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / json.loads(answer.stdout)[0]["filename"].replace("@", "").replace("/", "-")
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def trim_css(css: str) -> str:
    """The style sheet without fonts other than Source Sans in woff2, and without its source map."""

    def keep(face: re.Match[str]) -> str:
        return face.group(0) if FONT in face.group(0) else ""

    css = re.sub(r"@font-face\{[^}]*\}", keep, css)
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


def trim_map(script: str) -> str:
    """A script without its source map; Leaflet's pictures of pins and layers are not used, nor kept."""
    return re.sub(r"//# sourceMappingURL=.*", "", script)


def trim_sprite(sprite: str) -> str:
    """The icon sprite with only `ICONS`; exits when a name does not exist."""
    symbols = {
        re.search(r'id="([^"]+)"', tag).group(1): tag  # type: ignore[union-attr]
        for tag in re.findall(r"<symbol.*?</symbol>", sprite, flags=re.S)
    }
    missing = [name for name in ICONS if name not in symbols]
    if missing:
        sys.exit(f"The icon sprite has no {', '.join(missing)}. Known: {', '.join(sorted(symbols))}")
    body = "\n".join(symbols[name] for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def main() -> None:
    """Rebuild the vendored folders."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        package = fetch(USWDS, work)
        dist = package / "dist"
        target = HERE / "uswds"
        shutil.rmtree(target, ignore_errors=True)
        css = trim_css((dist / "css/uswds.min.css").read_text(encoding="utf-8"))
        # The hero photograph belongs to a component that the product does not use.
        css = css.replace("url(../img/hero.jpg)", "none")
        (target / "css").mkdir(parents=True)
        (target / "css/uswds.min.css").write_text(css, encoding="utf-8")
        for name in sorted(set(re.findall(r"url\(\.\./([^)?#]+)\)", css))):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(dist / name, target / name)
        sprite = (dist / "img/sprite.svg").read_text(encoding="utf-8")
        (target / "img/sprite.svg").write_text(trim_sprite(sprite), encoding="utf-8")
        shutil.copyfile(package / "LICENSE.md", target / "LICENSE.md")
        (target / "VERSION").write_text(USWDS + "\n", encoding="utf-8")

        package = fetch(LETTERS, work)
        target = HERE / "source-sans"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for letters in LETTER_SETS:
            for style in LETTER_STYLES:
                name = f"{FONT}-{letters}-{style}.woff2"
                shutil.copyfile(package / "files" / name, target / name)
        shutil.copyfile(package / "LICENSE", target / "LICENSE")
        (target / "VERSION").write_text(LETTERS + "\n", encoding="utf-8")

        package = fetch(HTMX, work)
        target = HERE / "htmx"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        shutil.copyfile(package / "dist/htmx.min.js", target / "htmx.min.js")
        shutil.copyfile(package / "LICENSE", target / "LICENSE")
        (target / "VERSION").write_text(HTMX + "\n", encoding="utf-8")

        package = fetch(LEAFLET, work)
        target = HERE / "leaflet"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        script = (package / "dist/leaflet.js").read_text(encoding="utf-8")
        (target / "leaflet.js").write_text(trim_map(script), encoding="utf-8")
        css = (package / "dist/leaflet.css").read_text(encoding="utf-8")
        (target / "leaflet.css").write_text(re.sub(r"url\([^)]*\)", "none", css), encoding="utf-8")
        shutil.copyfile(package / "LICENSE", target / "LICENSE")
        (target / "VERSION").write_text(LEAFLET + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in HERE.rglob("*") if file.is_file())
    print(f"Vendored {USWDS}, {LETTERS}, {HTMX} and {LEAFLET}: {size / 1024 / 1024:.2f} MiB")


if __name__ == "__main__":
    main()
