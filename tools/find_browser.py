"""Find a Chromium for the browser tests and the screenshots; with --install, get one if need be.

Looked for in this order: $BROWSER_PATH; Chromium or Chrome on this machine; Playwright's cache; one that this
script unpacked before. With --install, next: ``apt-get install chromium`` as root, ``playwright install
chromium``, and the Chromium inside the npm package @sparticuz/chromium. Prints the path; exits 1 when there
is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

UNPACKED = Path(__file__).resolve().parent.parent / ".tools" / "chromium"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
UNPACK_SCRIPT = """
import("@sparticuz/chromium").then(async (chromium) => {
  console.log(await chromium.default.executablePath());
});
"""


def candidates() -> Iterator[Path]:
    """Places where a browser may lie, best first."""
    if named := os.environ.get("BROWSER_PATH"):
        yield Path(named)
    for command in COMMANDS:
        if found := shutil.which(command):
            yield Path(found)
    yield from map(Path, MAC_PLACES)
    for cache in (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"):
        for inside in (
            "chrome-linux*/chrome",
            "chrome-mac*/*.app/Contents/MacOS/*",
            "chrome-*/headless_shell",
        ):
            yield from sorted(cache.glob(f"chromium*/{inside}"), reverse=True)
    yield UNPACKED / "chromium"


def find_browser() -> Path | None:
    """Path of a browser that can be run, or None."""
    return next((path for path in candidates() if path.is_file() and os.access(path, os.X_OK)), None)


def _attempt(*command: str, cwd: Path | None = None, timeout: int = 600) -> str | None:
    """Output of a command, or None when it failed; an attempt that fails only means trying the next way."""
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=timeout)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def install_from_apt() -> None:
    """Debian's and Ubuntu's own package, where we are root."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _attempt("apt-get", "update")
        _attempt("apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core")


def install_from_playwright() -> None:
    """Playwright's own download, where its servers can be reached."""
    _attempt(sys.executable, "-m", "playwright", "install", "chromium", timeout=300)


def install_from_npm() -> None:
    """A Chromium that travels inside an npm package, for networks that reach registries only."""
    if not (shutil.which("npm") and shutil.which("node")):
        return
    UNPACKED.mkdir(parents=True, exist_ok=True)
    package = UNPACKED / "package"
    package.mkdir(exist_ok=True)
    if (
        _attempt("npm", "install", "--no-audit", "--no-fund", "--prefix", str(package), "@sparticuz/chromium")
        is None
    ):
        return
    where = _attempt("node", "--input-type=module", "-e", UNPACK_SCRIPT, cwd=package)
    if where and Path(where.strip()).is_file():
        shutil.copy2(where.strip(), UNPACKED / "chromium")


WAYS: tuple[Callable[[], None], ...] = (install_from_apt, install_from_playwright, install_from_npm)


def find_or_install_browser() -> Path | None:
    """A browser that is here, or that one of the three ways could bring."""
    for way in WAYS:
        if found := find_browser():
            return found
        print(f"No browser found; trying: {(way.__doc__ or '').splitlines()[0]}", file=sys.stderr)
        way()
    return find_browser()


if __name__ == "__main__":
    browser = find_or_install_browser() if "--install" in sys.argv[1:] else find_browser()
    if browser is None:
        print("No Chromium or Chrome was found. Install one, or set BROWSER_PATH to it.", file=sys.stderr)
        sys.exit(1)
    print(browser)
