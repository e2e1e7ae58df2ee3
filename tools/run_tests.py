"""Run the tests, and say at the end what had to be left out and why.

Arguments are passed on to pytest. A browser is looked for and installed if that can be done; PostgreSQL's
server programs are looked for only. With REDWAY_REQUIRE_BROWSER=1 or REDWAY_REQUIRE_POSTGRES=1 leaving tests
out is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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


def main(arguments: list[str]) -> int:
    """Exit code of pytest, or 1 when something that is required had to be left out."""
    environ = dict(os.environ)
    left_out = {}
    if browser := find_or_install_browser():
        environ["BROWSER_PATH"] = str(browser)
    else:
        left_out["journey"] = (
            "browser tests",
            "REDWAY_REQUIRE_BROWSER",
            "no Chromium or Chrome was found or could be installed; install one or set BROWSER_PATH",
        )
    if postgres := find_postgres():
        environ["PATH"] = f"{postgres}{os.pathsep}{environ['PATH']}"
    else:
        left_out["postgres"] = (
            "PostgreSQL tests",
            "REDWAY_REQUIRE_POSTGRES",
            "no PostgreSQL server programs were found; on Debian: apt-get install postgresql",
        )
    command = [sys.executable, "-m", "pytest"]
    if not any(argument.startswith("-n") for argument in arguments):
        command += ["-n", "2", "--dist", "loadfile"]
    if left_out:
        command += ["-m", " and ".join(f"not {marker}" for marker in left_out)]
    failed = subprocess.run([*command, *arguments], cwd=ROOT, env=environ).returncode
    for what, required, why in left_out.values():
        print(f"LEFT OUT: the {what} did not run, because {why}.")
        failed = failed or int(environ.get(required) == "1")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
