"""Remake the pictures in README and documentation from the running demo, in a wide and a narrow window.

The demo is loaded into a folder of its own (or REDWAY_HOME) and served as people see it; the director
signs in.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from playwright.sync_api import Page, sync_playwright

from find_browser import find_or_install_browser

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "docs" / "assets"
WIDE = {"width": 1280, "height": 900}
TALL = {"width": 1280, "height": 1280}
NARROW = {"width": 390, "height": 844}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
START_WITHIN = 240

PICTURES = {
    "authority.png": ("/authorities/826/", WIDE),
    "authority-phone.png": ("/authorities/826/", NARROW),
    "school.png": ("/schools/136730/", TALL),
    "datasets.png": ("/datasets/", WIDE),
}


@contextmanager
def served_demo() -> Iterator[tuple[str, str, str]]:
    """The demo as it is served: address, and the director's e-mail address and password."""
    with tempfile.TemporaryDirectory() as temporary, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        home = os.environ.get("REDWAY_HOME") or temporary
        environ = os.environ | {"REDWAY_HOME": home, "PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
        log = Path(temporary) / "demo.log"
        script = "from redway.cli.main import run; run()"
        with log.open("w") as target:
            server = subprocess.Popen([sys.executable, "-c", script, "demo"], env=environ, stdout=target)
        try:
            yield (f"http://127.0.0.1:{port}", *_director(server, log))
        finally:
            server.terminate()
            server.wait(timeout=30)


def _director(server: subprocess.Popen[bytes], log: Path) -> tuple[str, str]:
    """Wait until the demo prints its sign-ins."""
    for _ in range(START_WITHIN * 2):
        said = log.read_text(encoding="utf-8")
        found = re.search(r"(director@\S+) +(\S+)", said)
        if found and "Redway is at" in said:
            return found[1], found[2]
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise SystemExit(f"The demo did not start:\n{log.read_text(encoding='utf-8')}")


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    page.goto(address)
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def main() -> int:
    """Exit code 1 when there is no browser."""
    browser_path = find_or_install_browser()
    if browser_path is None:
        print("No Chromium was found or could be installed: set BROWSER_PATH.", file=sys.stderr)
        return 1
    ASSETS.mkdir(parents=True, exist_ok=True)
    with served_demo() as (address, email, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(browser_path), args=FLAGS)
        page = browser.new_page(locale="en-GB")
        sign_in(page, address, email, password)
        for name, (place, size) in PICTURES.items():
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(address + place)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=ASSETS / name)
            print(f"docs/assets/{name}")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
