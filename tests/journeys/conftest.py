"""A browser on the demo authority: the real server, the real data, the two widths people use.

The browser is Chromium, found on this machine; the journeys are skipped with a message where there is none.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = 1280, 360
SOURCE = Path(__file__).parents[2] / "src"
REDWAY = (sys.executable, "-c", "from redway.cli.main import run; run()")
"""The ``redway`` command."""
START_WITHIN = 240
"""Seconds the demo may take to load and answer on a slow machine."""


def find_chromium() -> str | None:
    """Chromium named by BROWSER_PATH, else one on the PATH."""
    named = os.environ.get("BROWSER_PATH")
    if named and Path(named).is_file():
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install it or set BROWSER_PATH")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Site:
    """The demo as it is served."""

    address: str
    home: Path

    def password(self, email: str) -> str:
        """The password that the demo printed for one of its people."""
        for line in (self.home / "server.log").read_text(errors="replace").splitlines():
            words = line.split()
            if email in words:
                return words[-1]
        raise LookupError(f"the demo printed no password for {email}")


def environment_of(home: Path) -> dict[str, str]:
    """What the ``redway`` command needs to work on this data folder, whether or not it is installed."""
    environment = {**os.environ, "REDWAY_HOME": str(home), "PYTHONPATH": str(SOURCE)}
    environment.pop("DATABASE_URL", None)
    return environment


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo authority, loaded into a folder of its own and served as ``redway demo`` serves it."""
    home = tmp_path_factory.mktemp("demo")
    port = _free_port()
    environment = environment_of(home) | {"HOST": "127.0.0.1", "PORT": str(port)}
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*REDWAY, "demo"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = Site(f"http://127.0.0.1:{port}", home)
    try:
        _wait_for(served, server, log)
        yield served
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait_for(site: Site, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail(f"the demo stopped before it answered:\n{log.read_text(errors='replace')[-3000:]}")
        try:
            urllib.request.urlopen(site.address, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"the demo did not answer within {START_WITHIN} seconds")


@dataclass
class Visitor:
    """Somebody at a browser. ``problems`` collects what the browser itself complains of."""

    page: Page
    site: Site
    problems: list[str]

    def go(self, path: str) -> None:
        response = self.page.goto(self.site.address + path)
        assert response is not None
        assert response.status == 200, f"{path} answered {response.status}"

    def sign_in(self, email: str) -> None:
        """Come in as one of the demo people."""
        self.go("/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(self.site.password(email))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_load_state()

    def fits(self) -> bool:
        """Nothing sticks out sideways: the page can be read without scrolling to the right."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        )

    def barriers(self) -> list[str]:
        """What axe finds that would keep somebody from using the page (WCAG 2.2 A and AA)."""
        found = Axe().run(self.page)
        return [
            f"{one['id']}: {one['help']} ({', '.join(str(node['target']) for node in one['nodes'][:3])})"
            for one in found.response["violations"]
        ]


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Open a window of a width, with or without scripts."""
    contexts: list[BrowserContext] = []

    def open_(width: int = WIDE, scripts: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="en-GB"
        )
        contexts.append(context)
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return Visitor(page, site, problems)

    yield open_
    for context in contexts:
        context.close()
