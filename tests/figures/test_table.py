from datetime import date
from decimal import Decimal

import pytest

from redway.core.errors import RedwayError
from redway.core.missing import Missing
from redway.core.money import Money
from redway.figures.table import Cell, Column, Hidden, Kind, Table, figure, rows_of

PASSED = Column("passed", "Reached the standard", Kind.PERCENT)


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        (PASSED, 43.25, "43.3%"),
        (PASSED, 0, "0.0%"),
        (PASSED, Missing.SUPPRESSED, "Suppressed by the publisher because few children are counted"),
        (PASSED, Hidden("Hidden: 1 to 5"), "Hidden: 1 to 5"),
        (PASSED, None, "No figure held"),
        (Column("name", "School"), None, ""),
        (Column("pupils", "Pupils", Kind.NUMBER), 1250, "1,250"),
        (Column("cost", "Spent", Kind.MONEY), Money.parse("£1,234.56"), "£1,234.56"),
        (Column("cost", "Spent", Kind.MONEY), Decimal("-1234.565"), "-£1,234.57"),
        (Column("cost", "Spent", Kind.MONEY, 0), 45421, "£45,421"),
        (Column("day", "Inspected", Kind.DATE), date(2026, 4, 2), "2 April 2026"),
        (Column("plans", "Per 10,000 children", Kind.RATE), 31.25, "31.3"),
        (Column("gap", "Gap", Kind.NUMBER, 2), -0.004, "0.00"),
    ],
)
def test_a_cell_is_shown_one_way_everywhere(column: Column, cell: Cell, shown: str) -> None:
    assert column.show(cell) == shown


def test_not_a_number_is_no_way_to_say_missing() -> None:
    with pytest.raises(RedwayError, match="Reached the standard"):
        PASSED.show(float("nan"))


def test_an_exported_number_is_rounded_as_shown_and_stays_a_number() -> None:
    assert PASSED.exported(-43.25) == -43.3
    assert Column("pupils", "Pupils", Kind.NUMBER).exported(12.0) == 12
    assert PASSED.exported(Missing.NO_ENTRIES) == "No pupils were entered"


def test_numbers_are_right_aligned_and_words_left() -> None:
    assert (PASSED.align, Column("name", "School").align) == ("right", "left")


def test_a_null_from_a_frame_meets_its_reason() -> None:
    records = [
        {"value": None, "why": "no_entries"},
        {"value": 0.0, "why": None},
        {"value": None, "why": None},
    ]
    assert [row["value"] for row in rows_of(records, {"value": "why"})] == [
        Missing.NO_ENTRIES,
        0.0,
        Missing.BLANK,
    ]
    assert figure(0.0, "suppressed") == 0.0


def test_a_table_is_shown_row_by_row_and_an_absent_key_is_no_figure() -> None:
    table = Table("KS2", [Column("name", "School"), PASSED], [{"name": "Oak Hill School", "passed": 62}, {}])
    assert table.shown() == [["Oak Hill School", "62.0%"], ["", "No figure held"]]
