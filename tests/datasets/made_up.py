"""Made-up formats and files for the tests of the pipeline. No school in them exists."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from redway.datasets.format import Format, parse_format

ABSENCE = parse_format(
    """
code = "made-up-absence"
title = "Made-up absence of schools"
dataset = "absence"
level = "school"
publisher = "Nobody"
key = ["urn"]
signature = ["urn", "overall_absence"]
absent = ["OLDABS"]

[period]
kind = "academic"
from_name = true

[missing]
DNS = "not_supplied"

[[rows]]
column = "urn"
values = ["NAT"]
level = "england"
sets = { phase = "Primary" }

[[rows]]
column = "urn"
values = ["Total"]
level = "excluded"
reason = "It is a total."

[[refuse]]
column = "name"
values = ["Test School"]
reason = "It holds made-up rows."

[columns.urn]
names = ["URN", "School URN"]
kind = "urn"
required = true

[columns.name]
names = ["School name", "SCHNAME"]
kind = "text"

[columns.la_code]
names = ["LA"]
kind = "la_code"

[columns.overall_absence]
names = ["PERCTOT", "Overall absence (%)"]
kind = "percent"
range = [0, 100]
required = true

[columns.pupils]
names = ["NOR"]
kind = "integer"
range = [0, 10000]

[columns.budget]
names = ["Budget"]
kind = "money"

[columns.opened]
names = ["Open date"]
kind = "date"

[columns.phase]
names = ["Phase"]
kind = "category"
values = { "P" = "Primary", "S" = "Secondary" }
""",
    "made-up-absence",
)

OLD_ABSENCE = parse_format(
    """
code = "made-up-absence-old"
title = "Made-up absence of schools, old definition"
dataset = "absence"
level = "school"
publisher = "Nobody"
key = ["urn"]

[period]
kind = "academic"
fixed = "2009-10"

[columns.urn]
names = ["URN"]
kind = "urn"
required = true

[columns.overall_absence]
names = ["OLDABS"]
kind = "percent"
required = true
""",
    "made-up-absence-old",
)

YEARS = parse_format(
    """
code = "made-up-years"
title = "Made-up figures of authorities, many years"
dataset = "years"
level = "authority"
publisher = "Nobody"
key = ["la_code", "year"]
other_columns = "measure"
table_from_name = true

[period]
kind = "academic"
column = "year"
per_row = true

[[rows]]
column = "place"
values = ["National"]
level = "england"

[columns.la_code]
names = ["old_la_code"]
kind = "la_code"
required = true

[columns.year]
names = ["time_period"]
kind = "period"
required = true

[columns.place]
names = ["geographic_level"]
kind = "category"
required = true
""",
    "made-up-years",
)

INSPECTIONS = parse_format(
    """
code = "made-up-inspections"
title = "Made-up inspections"
dataset = "inspections"
level = "school"
publisher = "Nobody"
key = ["urn", "inspected"]

[period]
kind = "day"
column = "inspected"
per_row = true

[columns.urn]
names = ["URN"]
kind = "urn"
required = true

[columns.inspected]
names = ["Inspection date"]
kind = "date"
required = true

[columns.grade]
names = ["Grade"]
kind = "integer"
range = [1, 4]
required = true
""",
    "made-up-inspections",
)

FORMATS: tuple[Format, ...] = (ABSENCE, OLD_ABSENCE, YEARS, INSPECTIONS)

HEADER = "URN,School name,LA,PERCTOT\n"


def schools(count: int, first: int = 100000, absence: str = "4.5") -> str:
    """A CSV of made-up schools, numbered from ``first``, over many authorities."""
    rows = (f"{first + at},School {at},{201 + at % 40},{absence}\n" for at in range(count))
    return HEADER + "".join(rows)


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A text file in a folder made when needed; line ends stay as they are given."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook with these sheets, cell by cell; None leaves a cell blank."""
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path
