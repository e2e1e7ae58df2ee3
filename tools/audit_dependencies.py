"""Look the locked libraries up among published weaknesses (pip-audit).

Exit code 0: all were looked up and none is known to be weak. 1: some are. 0 with a loud warning: some or all
could not be looked up, which is never reported as a pass; with REDWAY_REQUIRE_AUDIT=1 that is 3.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--requirement", "requirements.lock", "--disable-pip", "--require-hashes", "--format", "json"]
LINE = "!" * 100


@dataclass(frozen=True)
class Audit:
    """What pip-audit found: libraries looked up, those it could not look up, and weaknesses in words."""

    looked_up: int
    not_looked_up: tuple[str, ...]
    weaknesses: tuple[str, ...]
    failure: str = ""
    """Why nothing was looked up at all; empty when something was."""


def read_answer(output: str, errors: str) -> Audit:
    """Make sense of pip-audit's JSON. It ends with success even where it could look nothing up."""
    try:
        entries = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = errors.strip().splitlines()[-1:] or ["it gave no reason"]
        return Audit(0, (), (), said[0][:300])
    skipped = tuple(entry["name"] for entry in entries if "skip_reason" in entry)
    weak = tuple(
        f"{entry['name']} {entry['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness.get('fix_versions', ())) or 'no version yet'}"
        for entry in entries
        for weakness in entry.get("vulns", ())
    )
    return Audit(len(entries) - len(skipped), skipped, weak)


def report(audit: Audit) -> int:
    """Say what was found; the exit code."""
    for weakness in audit.weaknesses:
        print(f"WEAKNESS {weakness}")
    unsure = bool(audit.failure or audit.not_looked_up or not audit.looked_up)
    if unsure:
        print(LINE)
        if audit.looked_up:
            print(
                f"DEPENDENCY AUDIT NOT COMPLETE: {len(audit.not_looked_up)} libraries could not be looked up."
            )
            print(", ".join(audit.not_looked_up))
        else:
            print("DEPENDENCY AUDIT NOT DONE: no library could be looked up among known weaknesses.")
        if audit.failure:
            print(f"Reason: {audit.failure}")
        print("Run 'make audit' on a machine that can reach the list of weaknesses before releasing.")
        print(LINE)
    else:
        print(f"{audit.looked_up} libraries were looked up; {len(audit.weaknesses)} weaknesses are known.")
    if audit.weaknesses:
        return 1
    return 3 if unsure and os.environ.get("REDWAY_REQUIRE_AUDIT") == "1" else 0


def main() -> int:
    """Run pip-audit on the lock file and report."""
    program = str(Path(sys.executable).parent / "pip-audit")
    done = subprocess.run(
        [program, *OPTIONS, "--progress-spinner", "off"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return report(read_answer(done.stdout, done.stderr))


if __name__ == "__main__":
    sys.exit(main())
