from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import ValuesError
from redway.core.values import DatedValues, Status, load_values, read_values

YEAR_2024 = """
from = 2024-04-01
to = 2025-03-31
source = "National funding formula 2024 to 2025"
status = "published"

[[value]]
name = "lump-sum"
value = 134400
unit = "pounds"

[[value]]
name = "split-sites-share"
value = 0.6
unit = "proportion"
"""

YEAR_2025 = """
from = 2025-04-01
to = 2026-03-31
previous = "2024-25"
source = "National funding formula 2025 to 2026"
status = "published"

[[value]]
name = "lump-sum"
value = 145100
unit = "pounds"
"""


def two_years() -> DatedValues:
    return read_values("funding/values", {"2024-25.toml": YEAR_2024, "2025-26.toml": YEAR_2025})


def one_value(**changes: str) -> str:
    lines = {
        "name": '"threshold"',
        "value": "5",
        "unit": '"children"',
        "from": "2020-01-01",
        "to": "2020-12-31",
        "source": '"Guidance, page 3"',
        "status": '"published"',
        **changes,
    }
    return "[[value]]\n" + "\n".join(f"{key} = {text}" for key, text in lines.items() if text) + "\n"


def test_the_value_is_the_one_in_force_on_the_day_asked() -> None:
    values = two_years()
    assert values.number_on("lump-sum", date(2025, 3, 31)) == 134400
    assert values.number_on("lump-sum", date(2025, 4, 1)) == 145100


def test_a_year_is_the_previous_year_plus_its_changes() -> None:
    carried = two_years().value_on("split-sites-share", date(2025, 9, 1))
    assert carried.value == Decimal("0.6")
    assert (carried.file, carried.source) == ("2024-25.toml", "National funding formula 2024 to 2025")
    assert (carried.start, carried.end) == (date(2025, 4, 1), date(2026, 3, 31))


def test_a_value_may_end_with_a_year() -> None:
    later = YEAR_2025.replace('previous = "2024-25"', 'previous = "2024-25"\nended = ["split-sites-share"]')
    values = read_values("funding/values", {"2024-25.toml": YEAR_2024, "2025-26.toml": later})
    with pytest.raises(ValuesError, match="holds it from 1 April 2024 to 31 March 2025"):
        values.value_on("split-sites-share", date(2025, 9, 1))


def test_a_year_not_held_is_refused_and_named() -> None:
    with pytest.raises(ValuesError) as refusal:
        two_years().value_on("lump-sum", date(2026, 4, 1))
    assert refusal.value.next_step == "Load a file for 2026-27 into funding/values."


def test_decimals_are_exact() -> None:
    values = read_values("rates", {"a.toml": one_value(value="0.1", unit='"pounds"')})
    assert values.number_on("threshold", date(2020, 6, 1)) * 3 == Decimal("0.3")


def test_it_knows_what_is_unconfirmed() -> None:
    text = one_value() + one_value(name='"clock"', status='"unconfirmed"')
    values = read_values("clocks", {"a.toml": text})
    assert [value.name for value in values.unconfirmed_on(date(2020, 6, 1))] == ["clock"]
    assert values.value_on("threshold", date(2020, 6, 1)).status is Status.PUBLISHED


def test_a_declared_gap_is_accepted_and_explained() -> None:
    text = (
        one_value()
        + one_value(**{"from": "2022-01-01", "to": ""})
        + '[[gap]]\nname = "threshold"\nfrom = 2021-01-01\nto = 2021-12-31\n'
        + 'reason = "The return was suspended"\n'
    )
    values = read_values("returns", {"a.toml": text})
    assert values.whole_number_on("threshold", date(2030, 1, 1)) == 5
    with pytest.raises(ValuesError, match="The return was suspended"):
        values.value_on("threshold", date(2021, 6, 1))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (one_value(source=""), "no source"),
        (one_value(status=""), "no status"),
        (one_value(status='"probably"'), "no status"),
        (one_value(unit=""), "without a unit"),
        (one_value(**{"from": ""}), "from which day"),
        (one_value(**{"from": '"2020-01-01"'}), "where a day belongs"),
        (one_value(to="2019-12-31"), "ends before it starts"),
        (one_value(value=""), "lacks a name or a value"),
        (one_value(source='"x"', surce='"y"'), "surce"),
        (one_value() + one_value(), "two values on 1 January 2020"),
        (one_value() + one_value(**{"from": "2020-12-31", "to": ""}), "two values on 31 December 2020"),
        (one_value(to="") + one_value(**{"from": "2021-01-01", "to": ""}), "two values on 1 January 2021"),
        (one_value() + one_value(**{"from": "2021-01-02", "to": ""}), "no value from 1 January 2021"),
        (one_value() + one_value(**{"from": "2021-01-01", "to": "", "unit": '"percent"'}), "changes from"),
        (one_value() + one_value(**{"from": "2021-01-01", "to": "", "value": '"five"'}), "changes from"),
        (one_value(value="{a = 1}"), "neither a number"),
        ("[[value]\n", "not readable TOML"),
        ('[[gap]]\nname = "x"\nfrom = 2020-01-01\nto = 2020-12-31\nreason = "y"\n', "no value at all"),
        (one_value() + '[[gap]]\nname = "threshold"\n', "lacks from, reason and to"),
        (
            one_value() + '[[gap]]\nname = "threshold"\nfrom = 2020-06-01\nto = 2021-01-01\nreason = "y"\n',
            "inside the gap",
        ),
    ],
)
def test_loading_refuses_what_could_mislead(text: str, complaint: str) -> None:
    with pytest.raises(ValuesError, match=complaint):
        read_values("values", {"national.toml": text})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('previous = "2024-25"', 'previous = "2023-24"'), "Load 2023-24.toml there"),
        (('previous = "2024-25"', 'previous = "2025-26"'), "follows itself"),
        (("from = 2025-04-01", "from = 2025-04-02"), "not on the day after"),
        (("to = 2026-03-31", ""), "which days it covers"),
        (('previous = "2024-25"', 'previous = "2024-25"\nended = ["sparsity"]'), "ends sparsity"),
    ],
)
def test_a_year_must_follow_the_one_it_names(change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(ValuesError, match=complaint):
        read_values("f", {"2024-25.toml": YEAR_2024, "2025-26.toml": YEAR_2025.replace(*change)})


def test_unknown_names_and_wrong_types_are_told() -> None:
    values = two_years()
    with pytest.raises(ValuesError, match="It holds lump-sum and split-sites-share"):
        values.value_on("lump", date(2025, 4, 1))
    with pytest.raises(ValuesError, match="not a whole number"):
        values.whole_number_on("split-sites-share", date(2025, 4, 1))
    with pytest.raises(ValuesError, match="not text"):
        values.text_on("lump-sum", date(2025, 4, 1))


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "2024-25.toml").write_text(YEAR_2024)
    (tmp_path / "2025-26.toml").write_text(YEAR_2025)
    assert load_values(tmp_path).names() == ("lump-sum", "split-sites-share")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValuesError, match="holds no values"):
        load_values(tmp_path)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(0, 3000))
def test_every_day_held_has_exactly_one_value(lengths: list[int], offset: int) -> None:
    starts = [date(2010, 1, 1)]
    for length in lengths:
        starts.append(date.fromordinal(starts[-1].toordinal() + length))
    text = "".join(
        one_value(value=str(n), **{"from": str(start), "to": str(date.fromordinal(after.toordinal() - 1))})
        for n, (start, after) in enumerate(pairwise(starts))
    )
    values = read_values("steps", {"a.toml": text})
    day = date.fromordinal(starts[0].toordinal() + offset % (starts[-1] - starts[0]).days)
    holding = [entry for entry in values.entries["threshold"] if entry.holds_on(day)]
    assert holding == [values.value_on("threshold", day)]
