"""Importing a generated CSV of any size (2,000 MB by default) in bounded memory.

    python benchmarks/import_memory.py [MEGABYTES]

The import runs in a process of its own, whose peak memory is asked of the system afterwards.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_MEMORY_MB = 1_000

IMPORTER = """
import json, resource, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
from datasets.made_up import FORMATS
from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.importing import import_path
folder = Path(sys.argv[1])
(report,) = import_path(folder / "big.csv", MemoryLedger(), Home(folder / "home"), formats=FORMATS)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([report.outcome.value, report.rows_loaded, peak // 1024, report.reasons]))
"""


def generate(path: Path, size: int) -> int:
    """Write a table of authorities, one row a year and breakdown, at least ``size`` bytes; give its rows."""
    header = "time_period,geographic_level,old_la_code,breakdown,plans,rate,note\n"
    note = "a note as long as notes in such tables are"
    written = rows = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(header)
        while written < size:
            first = rows
            lines = [
                f"{2000 + at % 20}{(2001 + at % 20) % 100:02d},LA,{201 + at % 700},group {at // 14000},"
                f"{at % 977},{at % 89}.{at % 10},{note} {at}\n"
                for at in range(first, first + 100_000)
            ]
            rows += len(lines)
            text = "".join(lines)
            written += len(text)
            file.write(text)
    return rows


def main(megabytes: int) -> int:
    with tempfile.TemporaryDirectory() as working:
        folder = Path(working)
        rows = generate(folder / "big.csv", megabytes << 20)
        begun = time.monotonic()
        command = [sys.executable, "-c", IMPORTER, str(folder), str(ROOT / "src"), str(ROOT / "tests")]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=dict(os.environ))
        outcome, loaded, peak, reasons = json.loads(done.stdout)
        seconds = time.monotonic() - begun
    print(f"{megabytes:,} MB, {rows:,} rows: {outcome} in {seconds:.0f} s, peak memory {peak:,} MB")
    print(f"RATIO peak memory of an import to {MOST_MEMORY_MB:,} MB: {peak / MOST_MEMORY_MB:.2f} (at most 1)")
    if outcome != "committed" or loaded != rows:
        print(f"WRONG {loaded:,} rows were loaded: {reasons}")
        return 1
    return int(peak > MOST_MEMORY_MB)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
