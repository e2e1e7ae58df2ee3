"""``redway funding`` for 2008-09: cases 24 and 25 from the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from redway.cli.main import main

# Case 24: a primary school falls from 200 to 190 pupils, a secondary one grows from 1,000 to 1,020. Case 25:
# York's nursery unit of 13 part-time places at £10.41.
SCHOOLS = """\
urn,name,kind,pupils_reception,pupils_ks1,pupils_ks2,pupils_ks3,pupils_ks4,part_time_places,eal,\
last_budget,last_pupils,guarantee_pupils
110500,Oak Primary,primary,30,60,100,0,0,13,12,"£500,000.00",200,190
110501,=Elm School,secondary,0,0,0,612,408,0,5,4000000,1000,1020
"""
RATES = """\
from = 2008-04-01
to = 2009-03-31
source = "Council of 21 February 2008"
status = "published"

[[value]]
name = "eal"
value = 400.00
unit = "pounds a pupil"
"""


@pytest.fixture
def schools(tmp_path: Path) -> str:
    file = tmp_path / "schools.csv"
    file.write_text(SCHOOLS, encoding="utf-8")
    return str(file)


@pytest.fixture
def rates(tmp_path: Path) -> str:
    file = tmp_path / "local.toml"
    file.write_text(RATES, encoding="utf-8")
    return str(file)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["funding", *words]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["funding", *words]) != 0
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return printed.err


def calculated(capsys: pytest.CaptureFixture[str], schools: str, *more: str) -> dict[str, Any]:
    return answer(capsys, "calculate", "--year", "2008-09", "--schools", schools, "--json", *more)


def test_case_24_the_guarantee_of_2008(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = calculated(capsys, schools)
    totals = {school["urn"]: school["total"] for school in result["schools"]}
    assert totals == {"110500": "490080.00", "110501": "4155470.00"}
    assert {"guarantee-rise", "marginal-primary", "marginal-secondary"} <= set(result["unconfirmed"])


def test_case_25_a_nursery_unit_of_york(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    oak = calculated(capsys, schools)["schools"][0]
    lines = {line["name"]: line for line in oak["lines"]}
    assert lines["part-time-nursery"] == {
        "name": "part-time-nursery",
        "label": "Part-time nursery places",
        "rate": "10.41",
        "units": "6.5",
        "amount": "67.67",
    }


def test_the_result_has_the_shape_of_todays(
    schools: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = tmp_path / "today.csv"
    today.write_text(
        "urn,name,phase,status,locality,pupils_primary,pupils_ks3,pupils_ks4\n110500,Oak,primary,maintained,,210,0,0\n",
        encoding="utf-8",
    )
    now = answer(capsys, "calculate", "--year", "2025-26", "--schools", str(today), "--json")
    then = calculated(capsys, schools)
    assert set(then) == set(now)
    assert set(then["totals"]) == set(now["totals"])
    assert set(then["schools"][0]) == set(now["schools"][0])
    assert set(then["rates"][0]) == set(now["rates"][0])
    assert then["year"] == "2008-09"
    assert then["totals"]["total"] == "4645550.00"
    assert then["totals"]["minimum_per_pupil"] == then["totals"]["gains_cap"] == "0.00"
    assert then["not_used"] == [
        *("early-years", "deprivation", "new-school", "new-school-places", "residential")
    ]


def test_local_rates_lie_over_those_made_up(
    schools: str, rates: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = calculated(capsys, schools)
    assert "eal" in before["unconfirmed"]
    after = calculated(capsys, schools, "--rates", rates)
    assert "eal" not in after["unconfirmed"]
    stated = next(rate for rate in after["rates"] if rate["name"] == "eal")
    assert stated == {
        "name": "eal",
        "value": "400.00",
        "source": "Council of 21 February 2008",
        "status": "published",
    }
    lines = {line["name"]: line["amount"] for line in after["schools"][0]["lines"]}
    assert lines["eal"] == "4800.00"
    assert after["made_from"]["rates"] == "local.toml"


def test_one_rate_is_typed_over(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    typed = calculated(capsys, schools, "--set", "guarantee-rise=0", "--set", "eal=1")
    # 500,000 x (1 - 0.8 x 10/200), without a rise.
    assert typed["schools"][0]["total"] == "480000.00"
    assert "guarantee-rise" not in typed["unconfirmed"]


def test_whole_pounds_as_it_was_printed(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    oak = calculated(capsys, schools, "--rounding", "whole-pounds")["schools"][0]
    assert next(line["amount"] for line in oak["lines"] if line["name"] == "part-time-nursery") == "68.00"


@pytest.mark.parametrize(
    ("line", "amount", "step"),
    [
        ("part-time-nursery", "67.67", "Part-time places, each half of one"),
        ("small-school", "0.00", "Threshold of a small school"),
        # Lines: 64,500 + 123,000 + 195,000 + 67.67 + 4,200 + 75,000, below 490,080.
        ("guarantee", "28312.33", "What a pupil more or less is worth"),
        ("total", "490080.00", "Lump sum"),
    ],
)
def test_a_figure_is_explained(
    schools: str, capsys: pytest.CaptureFixture[str], line: str, amount: str, step: str
) -> None:
    words = ("explain", "110500", line, "--year", "2008-09", "--schools", schools, "--json")
    told = answer(capsys, *words)
    assert told["amount"] == amount
    assert step in [one["what"] for one in told["steps"]]


def test_two_results_are_compared(
    schools: str, rates: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, then = str(tmp_path / "now.json"), str(tmp_path / "then.json")
    words = ("funding", "calculate", "--year", "2008-09", "--schools", schools)
    assert main([*words, "--json", now]) == 0
    assert main([*words, "--set", "lump-sum-secondary=1500000.00", "--json", then]) == 0
    capsys.readouterr()
    compared = answer(capsys, "compare", now, then, "--json")
    # Elm School is £953,920 below its guarantee: of £1,350,000 more, £396,080 reach it.
    assert compared["difference"] == "396080.00"
    assert (compared["gaining"], compared["losing"]) == (1, 0)
    words = ("compare", rates, rates, "--year", "2008-09", "--schools", schools, "--json")
    assert answer(capsys, *words)["difference"] == "0.00"


def test_a_table_and_a_screen(schools: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    words = ["funding", "calculate", "--year", "2008-09", "--schools", schools]
    assert main([*words, "--csv", str(out)]) == 0
    text = out.read_text(encoding="utf-8-sig")
    assert "'=Elm School" in text
    assert "490080.00" in text
    capsys.readouterr()
    assert main(words) == 0
    printed = capsys.readouterr()
    assert "£490,080.00" in printed.out
    assert "Not confirmed by anybody" in printed.err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("110501,=Elm", "110500,=Elm"), "'110500' is there twice"),
        (("secondary,0,", "academy,0,"), "'academy' is none of nursery, primary, secondary or special"),
        (("30,60,100", "30,-60,100"), "Row 2, pupils ks1: '-60' is no whole number from 0 on"),
        (("30,60,100", "30,60.5,100"), "'60.5' is no whole number"),
        (("30,60,100", "30,,100"), "Row 2, pupils ks1: is empty"),
        ((",last_pupils", ",last_heads"), "There is no column 'last heads'"),
        (("4000000", "c"), "Row 3, last budget: 'c' is no amount of money"),
        (("30,60,100", "30,60,99999"), "is more than any school has"),
    ],
)
def test_a_wrong_file_is_refused_whole(
    schools: str, capsys: pytest.CaptureFixture[str], changed: tuple[str, str], said: str
) -> None:
    Path(schools).write_text(SCHOOLS.replace(*changed), encoding="utf-8")
    assert said in refusal(capsys, "calculate", "--year", "2008-09", "--schools", schools)


def test_the_guarantee_needs_all_three_columns(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.rsplit(",", 1)[0] for line in SCHOOLS.splitlines()]
    Path(schools).write_text("\n".join(rows), encoding="utf-8")
    said = refusal(capsys, "calculate", "--year", "2008-09", "--schools", schools)
    assert "'guarantee pupils' is missing beside 'last budget'" in said


def test_what_those_years_did_not_have_is_refused(
    schools: str, rates: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("calculate", "--year", "2008-09", "--schools", schools)
    assert "gains were not capped" in refusal(capsys, *words, "--cap", "3")
    assert "No rates are held for 2010-11" in refusal(
        capsys, "calculate", "--year", "2010-11", "--schools", schools
    )
    assert "'fsm' is no rate of 2008" in refusal(capsys, *words, "--set", "fsm=1")
    assert "nothing else" in refusal(
        capsys, "solve", "--lever", "cap", "--total", "1", "--year", "2008-09", "--schools", schools
    )
    Path(rates).write_text(RATES.replace('"eal"', '"fsm_primary"'), encoding="utf-8")
    assert "local.toml holds fsm_primary, which no factor of 2008 uses" in refusal(
        capsys, *words, "--rates", rates
    )
    Path(rates).write_text(RATES.replace("2008-04-01", "2007-04-01").replace("2009-03-31", "2008-03-31"))
    assert "but not for 2008-09" in refusal(capsys, *words, "--rates", rates)
