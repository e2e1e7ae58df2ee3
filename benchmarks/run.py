"""Run every benchmark of this folder and show the ratios together.

Usage: python benchmarks/run.py [NAME ...]    (a name is the start of a file's name, such as "web")

A benchmark is a script that prints, for each thing it measures, one line
``RATIO name: 2.3 (at most 4)`` and ends with exit code 1 when a ratio is too high or an answer is wrong.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
_NOT_BENCHMARKS = {
    "run.py",
    "trivial_site.py",
    "school_funding_openfisca.py",
    "school_funding_spreadsheet.py",
}
_RATIO = re.compile(
    r"^RATIO (?P<name>[^:]+): (?P<value>[\d.]+)(?: \(at most (?P<limit>[\d.]+)\))?", re.MULTILINE
)


@dataclass(frozen=True)
class Result:
    """What one benchmark said."""

    script: str
    seconds: float
    failed: bool
    ratios: tuple[tuple[str, float, float | None], ...]


def run_one(script: Path) -> Result:
    """Run a script, showing what it prints as it comes."""
    print(f"\n== {script.name}", flush=True)
    started = time.monotonic()
    printed = []
    command = [sys.executable, "-u", str(script)]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            printed.append(line)
    found = tuple(
        (match["name"], float(match["value"]), float(match["limit"]) if match["limit"] else None)
        for match in _RATIO.finditer("".join(printed))
    )
    return Result(script.name, time.monotonic() - started, process.returncode != 0, found)


def main(names: list[str]) -> int:
    """Exit code 1 when any benchmark failed or any ratio is above its limit."""
    scripts = [path for path in sorted(HERE.glob("*.py")) if path.name not in _NOT_BENCHMARKS]
    chosen = [path for path in scripts if not names or path.name.startswith(tuple(names))]
    results = [run_one(path) for path in chosen]
    print("\n== Ratios")
    bad = False
    for result in results:
        for name, value, limit in result.ratios:
            too_high = limit is not None and value > limit
            bad |= too_high
            told = f"  at most {limit:g}" if limit is not None else ""
            print(f"{name:<60} {value:>7.2f}{told}{'  TOO HIGH' if too_high else ''}")
        if result.failed:
            bad = True
            print(f"{result.script} FAILED after {result.seconds:.0f} s")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
