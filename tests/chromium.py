"""Find a Chromium for the browser tests, or obtain one: `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def works(program: str) -> bool:
    """Whether a program starts (Ubuntu's `chromium` package may be a mere pointer to a snap)."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def find() -> str:
    """The path of a browser that starts, or an empty string.

    `CHROMIUM_PATH` comes first, then the path, then what Playwright downloaded.
    """
    given = os.environ.get("CHROMIUM_PATH", "")
    if given:
        return given if works(given) else ""
    for name in NAMES:
        found = shutil.which(name)
        if found and works(found):
            return found
    own = _of_playwright()
    return own if own and works(own) else ""


def _of_playwright() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def _is_debian() -> bool:
    try:
        text = Path("/etc/os-release").read_text()
    except OSError:
        return False
    return "debian" in text and shutil.which("apt-get") is not None


def obtain() -> None:
    """Install a browser: the system's package as root on Debian and Ubuntu, else Playwright's own
    download.
    """
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if os.geteuid() == 0 and _is_debian():
        print("Installing Chromium with apt-get", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], env=quiet, check=False
        )
        if find():
            return
    print("Downloading Chromium with Playwright", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=False)


def main() -> int:
    """Have a browser; exit code 1 and one line when none is to be had."""
    if given := os.environ.get("CHROMIUM_PATH", ""):
        if works(given):
            return 0
        print(f"CHROMIUM_PATH={given} can't be started. Correct it, or unset it.", file=sys.stderr)
        return 1
    if not find():
        obtain()
    if not find():
        print(
            "The browser tests need Chromium, and it can't be installed here. Install it (on "
            "Debian: apt-get install "
            "chromium) or name one with CHROMIUM_PATH. `make unit` runs the other tests without it.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
