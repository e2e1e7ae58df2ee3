"""Look the locked libraries up among published weaknesses (pip-audit).

Exit code 0: none known. 1: some found. 0 with a loud warning: the list of weaknesses could not be reached,
which is never reported as a pass; with REDWAY_REQUIRE_AUDIT=1 that is 3.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [
    "pip-audit",
    "--requirement",
    "requirements.lock",
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner=off",
]


def main() -> int:
    """Run pip-audit and tell a weakness apart from a list that could not be read."""
    program = str(Path(sys.executable).parent / COMMAND[0])
    done = subprocess.run([program, *COMMAND[1:]], cwd=ROOT, capture_output=True, text=True, timeout=600)
    print(done.stdout, end="")
    if done.returncode == 0:
        print(done.stderr, end="")
        return 0
    if "vulnerabilit" in done.stderr and "Found" in done.stderr:
        print(done.stderr, end="")
        return 1
    last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
    line = "!" * 100
    print(line)
    print(
        "DEPENDENCY AUDIT NOT DONE: the list of known weaknesses could not be read, so nothing was checked."
    )
    print(f"Reason: {last[0][:300]}")
    print("Run 'make audit' on a machine that can reach it before releasing.")
    print(line)
    return 3 if os.environ.get("REDWAY_REQUIRE_AUDIT") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
