"""Adding one small file to national figures, against building them all. Needs the national files."""

# ruff: noqa: E402 - the ledger of the tests is found once the path is set

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import absence
from redway.core.home import Home
from redway.datasets.importing import import_path
from redway.indicators.store import SeriesStore, refresh

DATA = ROOT.parent / "shared" / "data"
FOLDERS = ("absence", "school_census", "workforce", "performance", "social_care")
AT_MOST = 0.35


def main() -> int:
    if not DATA.is_dir():
        print("The national files are not beside the checkout: nothing was measured.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home, ledger = Home(Path(folder) / "home"), MemoryLedger()
        for name in FOLDERS:
            import_path(DATA / name, ledger, home, accept=True)
        whole = refresh(home, ledger.versions())
        import_path(absence(Path(folder), 2019, {"136844": "8.25"}), ledger, home, accept=True)
        added = refresh(home, ledger.versions())
        held = SeriesStore(home).figures("school", ["136844"], ["overall-absence"])
        right = 8.25 in held["value"].to_list() and added.kind == "added" and len(added.computed) == 1
        print(f"{whole.figures:,} figures of {whole.versions} files: {whole.seconds:.1f} s")
        print(f"one more file: {added.seconds:.1f} s")
        ratio = added.seconds / whole.seconds
        print(f"RATIO one small file to all: {ratio:.3f} (at most {AT_MOST})")
        if not right:
            print("WRONG the added figure is not there, or more than it was computed")
        return 0 if right and ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
