"""Run the tests, and say at the end what had to be left out and why.

Arguments are passed on to pytest. A browser is looked for and installed if that can be done; PostgreSQL's
server programs, Spark and Java are looked for only. With REDWAY_REQUIRE_BROWSER=1, REDWAY_REQUIRE_POSTGRES=1
or REDWAY_REQUIRE_SPARK=1 leaving tests out is a failure.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from find_browser import find_or_install_browser

ROOT = Path(__file__).resolve().parent.parent


def find_postgres() -> Path | None:
    """Folder of PostgreSQL's server programs (initdb, pg_ctl), or None."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    found = [place for place in places if (place / "initdb").is_file()]
    return max(found, key=lambda place: [int(part) for part in place.parts if part.isdigit()], default=None)


@dataclass(frozen=True)
class LeftOut:
    """A kind of test that cannot run here. ``required`` is the variable that makes this a failure."""

    marker: str
    what: str
    required: str
    why: str


NO_BROWSER = LeftOut(
    "journey",
    "browser tests",
    "REDWAY_REQUIRE_BROWSER",
    "no Chromium or Chrome was found or could be installed; install one or set BROWSER_PATH",
)
NO_POSTGRES = LeftOut(
    "postgres",
    "PostgreSQL tests",
    "REDWAY_REQUIRE_POSTGRES",
    "no PostgreSQL server programs were found; on Debian: apt-get install postgresql",
)


NO_SPARK = LeftOut(
    "spark",
    "Spark tests",
    "REDWAY_REQUIRE_SPARK",
    "Spark or Java is not there; make spark adds the one, on Debian apt-get install openjdk-17-jre-headless "
    "the other",
)


def spark_is_there() -> bool:
    """Is there a Spark to start, and what it needs: pandas to hand rows to Python, and Java?"""
    libraries = all(importlib.util.find_spec(name) for name in ("pyspark", "pandas"))
    return libraries and shutil.which("java") is not None


def runs(arguments: list[str], left_out: list[LeftOut]) -> list[list[str]]:
    """The options of each run of pytest.

    Browser tests have a run of their own: Playwright keeps an event loop going in the process, in which
    Django refuses to touch the database for every test that comes after.
    """
    if arguments:
        return [arguments]
    markers = [f"not {one.marker}" for one in left_out if one is not NO_BROWSER]
    first = ["-n", "2", "--dist", "loadfile", "-m", " and ".join(["not journey", *markers])]
    return [first] if NO_BROWSER in left_out else [first, ["-m", "journey"]]


def main(arguments: list[str]) -> int:
    """0 when every run of pytest passed and nothing that is required was left out."""
    environ = dict(os.environ)
    left_out = []
    if browser := find_or_install_browser():
        environ["BROWSER_PATH"] = str(browser)
    else:
        left_out.append(NO_BROWSER)
    if postgres := find_postgres():
        environ["PATH"] = f"{postgres}{os.pathsep}{environ['PATH']}"
    else:
        left_out.append(NO_POSTGRES)
    if not spark_is_there():
        left_out.append(NO_SPARK)
    failed = 0
    for options in runs(arguments, left_out):
        ended = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=ROOT, env=environ).returncode
        failed = failed or ended
    for one in left_out:
        print(f"LEFT OUT: the {one.what} did not run, because {one.why}.")
        failed = failed or int(environ.get(one.required) == "1")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
