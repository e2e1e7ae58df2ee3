"""Write which national files Redway reads, and why it does not read the others.

Usage: python tools/list_national_files.py [FOLDER]     (the folder lies beside the checkout unless named)

Every file of the folder is recognised by its columns, as an import would, and the result is written to
``docs/reference/national-files.md``. Column dictionaries, boundaries and made-up rows are left out: they
are no data.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from redway.core.errors import RedwayError
from redway.core.periods import Period
from redway.datasets.dating import period_from_name
from redway.datasets.format import Format, load_formats
from redway.datasets.read import open_tables
from redway.datasets.recognise import recognise

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference" / "national-files.md"
LEFT_OUT = ("data_dictionaries", "schema_fixtures", "boundaries", "README.md", "MANIFEST.csv")

OPENING = """# National files

Which files of national open data Redway reads, as which kind, and why it does not read the others. Made by
`tools/list_national_files.py`; the kinds themselves are on the page [Files it knows](datasets.md).

Boundaries are not datasets: a map's outlines hold no figures, have no period and are never corrected row
by row. Those that maps need are bundled with the program.
"""


def rows(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """(file, code of the description, period, why not) of every file, by name."""
    with tempfile.TemporaryDirectory() as working:
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_file() and not name.startswith(LEFT_OUT):
                yield (name, *read_as(path, Path(working)))


def read_as(path: Path, working: Path) -> tuple[str, str, str]:
    try:
        table = open_tables(path, working)[0]
        known = recognise(table.head[0], load_formats()).format
    except RedwayError as error:
        return "", "", f"{error.message}"
    return f"`{known.code}`", period_of(path, known), ""


def period_of(path: Path, known: Format) -> str:
    rule = known.period
    if rule.column and not rule.from_name:
        return f"by its column {known.column(rule.column).names[0]}"
    if rule.fixed:
        return rule.fixed
    found: Period | None = period_from_name(str(path), rule)
    return found.label if found else "must be named on import"


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        print(f"There is no folder {folder}. Name the folder of the national files.", file=sys.stderr)
        return 2
    found = list(rows(folder))
    read = [row for row in found if row[1]]
    lines = [OPENING, f"{len(read)} of {len(found)} files are read.", ""]
    lines += ["| File | Read as | Period |", "| --- | --- | --- |"]
    lines += [f"| {name} | {code} | {period} |" for name, code, period, _ in read]
    lines += ["", "## Files that are not read", "", "| File | Why not |", "| --- | --- |"]
    lines += [f"| {name} | {why.replace('|', ' ')} |" for name, code, _, why in found if not code]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(read)} of {len(found)} files are read; see {TARGET.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
