"""Make the list of what published headers mean, from the metadata files of the performance tables.

    python tools/make_code_list.py ../shared/data/data_dictionaries

Standard library only. Later years win; a meaning is cut at 160 characters.
"""

from __future__ import annotations

import csv
import re
import sys
from itertools import pairwise
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "redway" / "datasets" / "values" / "code_list.csv"
HEADER = re.compile(r"^[A-Z][A-Z0-9]*_?[A-Z0-9_/%-]{2,}$")
SUBJECTS = re.compile(r"_(abs|census|cfr|ks2|ks4|ks5|swf|ofsted)_meta\.csv$")


def read_meanings(folder: Path) -> dict[str, str]:
    """Header -> meaning, over every metadata file, oldest first."""
    meanings: dict[str, str] = {}
    for path in sorted(folder.glob("*_meta.csv")):
        if not SUBJECTS.search(path.name):
            continue
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.reader(file):
                for header, meaning in pairwise(row[:3]):
                    told = len(meaning.split()) > 1 and "historical variable" not in meaning
                    if HEADER.match(header.strip()) and told:
                        meanings[header.strip()] = " ".join(meaning.split())[:160]
                        break
    return meanings


def main(folder: str) -> None:
    meanings = read_meanings(Path(folder))
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["header", "meaning"])
        writer.writerows(sorted(meanings.items()))
    print(f"{len(meanings):,} headers written to {TARGET.relative_to(TARGET.parents[4])}")


if __name__ == "__main__":
    main(sys.argv[1])
