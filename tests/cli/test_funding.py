"""``redway funding``: a formula over a file of schools, from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redway.cli.funding_solve import LEVERS
from redway.cli.main import main
from redway.funding.levers import Lever

SCHOOLS = """\
urn,name,phase,status,locality,pupils_primary,pupils_ks3,pupils_ks4,fsm_primary,fsm6_primary,idaci_a_primary,\
idaci_e_primary,low_prior_attainment_primary,eal_primary,baseline_budget,baseline_pupils,rates
110500,Oak School,primary,maintained,North,210,0,0,20,25,5,10,60,12,1200000,205,0
110501,=Elm School,secondary,academy,South,0,540,360,0,0,0,0,0,0,5800000,880,52000
"""


@pytest.fixture
def schools(tmp_path: Path) -> str:
    file = tmp_path / "schools.csv"
    file.write_text(SCHOOLS, encoding="utf-8")
    return str(file)


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, object]:
    assert main(["funding", *words]) == code
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["funding", *words]) != 0
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return printed.err


def test_every_line_and_total(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = answer(capsys, "calculate", "--year", "2025-26", "--schools", schools, "--json")
    oak = result["schools"][0]  # type: ignore[index]
    assert oak["total"] == "1073285.00"
    assert oak["minimum_per_pupil"] == oak["guarantee"] == oak["gains_cap"] == "0.00"
    lines = {line["name"]: line for line in oak["lines"]}
    assert lines["fsm6_primary"] == {
        "name": "fsm6_primary",
        "label": "Free school meals in the last six years, primary",
        "rate": "1060.00",
        "units": "25",
        "amount": "26500.00",
    }
    assert "low_prior_attainment_primary" in result["unconfirmed"]  # type: ignore[operator]
    assert "guarantee" in result["not_used"]  # type: ignore[operator]


def test_totals_are_the_sums_of_schools(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "calculate",
        "--year",
        "2025-26",
        "--schools",
        schools,
        "--guarantee",
        "0",
        "--cap",
        "3",
        "--json",
    )
    result = answer(capsys, *words)
    totals, rows = result["totals"], result["schools"]
    for name in ("minimum_per_pupil", "guarantee", "gains_cap", "total"):
        pence = sum(int(row[name].replace(".", "")) for row in rows)  # type: ignore[attr-defined]
        assert int(totals[name].replace(".", "")) == pence  # type: ignore[index]


def test_a_table_for_a_spreadsheet_is_safe_to_open(schools: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert main(["funding", "calculate", "--year", "2025-26", "--schools", schools, "--csv", str(out)]) == 0
    text = out.read_text(encoding="utf-8-sig")
    assert "1073285.00" in text or "1073285" in text
    assert ",=Elm" not in text


def test_local_rates_lie_over_national_ones(
    schools: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rates = tmp_path / "local.toml"
    rates.write_text(
        """
        from = 2025-04-01
        to = 2026-03-31
        source = "Cabinet, 14 January 2025"
        status = "published"
        [[value]]
        name = "basic_entitlement_primary"
        value = 3900
        unit = "pounds a pupil"
        """,
        encoding="utf-8",
    )
    words = ("calculate", "--year", "2025-26", "--schools", schools, "--rates", str(rates), "--json")
    result = answer(capsys, *words)
    assert result["schools"][0]["lines"][0]["amount"] == "819000.00"  # type: ignore[index]
    rates.write_text(rates.read_text().replace("basic_entitlement_primary", "basic_entitlement"))
    assert "no factor uses" in refusal(capsys, *words)


def test_two_results_side_by_side(schools: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(tmp_path / name) for name in ("now.json", "then.json")]
    for file, changes in zip(files, ([], ["--set", "fsm_primary=500"]), strict=True):
        words = ["calculate", "--year", "2025-26", "--schools", schools, "--json", file, *changes]
        assert main(["funding", *words]) == 0
    capsys.readouterr()
    result = answer(capsys, "compare", *files, "--json")
    assert (result["difference"], result["gaining"], result["losing"]) == ("100.00", 1, 0)


def test_solving_for_the_money(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--lever", "basic-entitlement", "--total", "7100000", "--year", "2025-26", "--schools", schools)
    result = answer(capsys, "solve", *words, "--json")
    assert result["outcome"] == "reached"
    assert 0 <= float(result["headroom"]) < float(result["step"])  # type: ignore[arg-type]
    assert answer(capsys, "solve", "--lever", "basic_entitlement", *words[2:], "--json") == result
    assert refusal(capsys, "solve", "--lever", "scale", *words[2:])


def test_levers_are_those_of_the_solver() -> None:
    assert set(LEVERS) == {lever.value for lever in Lever}


def test_a_submission_that_would_be_rejected(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("check", "--year", "2025-26", "--schools", schools, "--block", "7000000", "--json")
    found = answer(capsys, *words, code=1)
    assert {"error", "query"} >= {finding["severity"] for finding in found}  # type: ignore[index, union-attr]


def test_why_a_figure(schools: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--year", "2025-26", "--schools", schools, "--json")
    trail = answer(capsys, "explain", "110500", "eal_primary", *words)
    assert (trail["rate"], trail["units"], trail["amount"]) == ("595.00", "12", "7140.00")
    assert trail["unconfirmed"] == ["eal_primary"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2026-27"), "Load the published table of 2026-27"),
        (("--year", "next year"), "Write it as 2025-26"),
        (("--year", "2025-26", "--guarantee", "0.5"), "range is -0.5% to 0.0%"),
        (("--year", "2025-26", "--guarantee", "0", "--cap", "-0.1"), "below the guarantee"),
        (("--year", "2025-26", "--scale", "50"), "Give --cap with it"),
        (("--year", "2025-26", "--set", "fsm_prmary=1"), "did you mean fsm_primary"),
        (("--year", "2025-26", "--cap", "lots"), "is not a percentage"),
    ],
)
def test_what_cannot_be(
    schools: str, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(capsys, "calculate", "--schools", schools, *words)


def test_a_bad_file_names_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schools.csv"
    file.write_text(SCHOOLS.replace("210", "-210"), encoding="utf-8")
    said = refusal(capsys, "calculate", "--year", "2025-26", "--schools", str(file))
    assert "schools.csv: " in said
    assert "Row 2, pupils_primary: '-210' is below nothing" in said
