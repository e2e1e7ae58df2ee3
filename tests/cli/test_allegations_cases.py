"""``redway allegations import``, ``statistics`` and ``retention``: cases of a data folder, at the shell."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import fastexcel
import pytest
import xlsxwriter

from redway.cli.main import main
from redway.core.home import Home
from redway.web.allegations.models import Case, Engagement, Subject
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
HEADINGS = (
    "name,sector,category,source,incident,known on,referred on,met threshold,evaluated on,"
    "meeting on,strands,suspended on,referred on to,outcome,outcome on,closed on"
)
GOOD = (
    "Jo Made-Up,education,physical,police,summer 1998,2 April 2024,3 April 2024,yes,3 April 2024,"
    "10 April 2024,social care; criminal,,DBS,unfounded,1 May 2024,2 May 2024"
)
PUBLISHED = {
    2020: (11, 1, 1),
    2021: (10, 0, 0),
    2022: (12, 2, 2),
    2023: (18, 8, 5),
    2024: (11, 5, 1),
    2025: (10, 3, 0),
}
"""Herefordshire, FOI2026/00628, nursery settings: referrals, met criteria, substantiated, by year."""


def spreadsheet(folder: Path, *rows: str, headings: str = HEADINGS) -> str:
    file = folder / "past.csv"
    file.write_text("\n".join([headings, *rows]), encoding="utf-8")
    return str(file)


def take_in(file: str) -> int:
    return main(["allegations", "import", file, "--authority", "826"])


def statistics(capsys: pytest.CaptureFixture[str], start: str, end: str, *more: str) -> dict:
    capsys.readouterr()
    words = ["allegations", "statistics", "--from", start, "--to", end, "--authority", "826", "--json", *more]
    assert main(words) == 0
    found: dict = json.loads(capsys.readouterr().out)
    return found


def test_a_past_case_comes_in_with_its_dates_and_is_open_to_the_officer(
    home: Home, tmp_path: Path, make_person: Callable[..., Person], capsys: pytest.CaptureFixture[str]
) -> None:
    leah = make_person("lado")
    assert take_in(spreadsheet(tmp_path, GOOD)) == 0
    case = Case.objects.get()
    assert (case.state, case.edition, case.sector) == ("closed", "national-2020", "education")
    assert case.named.get().person == leah
    assert case.allegations.get().first_day.year == 1998
    assert case.subject.identity["names"] == ["Jo Made-Up"]
    found = statistics(capsys, "2024-04-01", "2024-04-30")
    assert found["cases"] == 1
    rows = {row["word"]: row["cases"] for row in found["tables"]["incident"]["rows"]}
    assert rows == {"Non-recent": 1, "Total": 1}
    assert [row["word"] for row in found["tables"]["onward"]["rows"]] == ["Disclosure and Barring Service"]
    assert "Made-Up" not in json.dumps(found)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("sector", "circus", "Row 2, sector: 'circus' is no sector"),
        ("sector", "", "Row 2, sector: is empty"),
        ("referred on", "31 February 2024", "Row 2, referred on: '31 February 2024' is no day"),
        ("referred on", "", "Row 2, referred on: is empty"),
        ("referred on", "April 2024", "is no single day"),
        ("referred on", "3 April 2030", "has not come yet"),
        ("referred on", "3 April 1999", "is before"),
        ("outcome on", "1 January 2024", "1 January 2024 is before the allegation was known on 2 April 2024"),
        ("closed on", "1 April 2024", "1 April 2024 is before the referral on 3 April 2024"),
        ("outcome", "guilty", "'guilty' is no outcome"),
        ("category", "shouting", "'shouting' is no category"),
        ("met threshold", "perhaps", "neither yes nor no"),
        ("met threshold", "no", "the threshold was not met"),
        ("evaluated on", "", "Row 2, evaluated on: is empty"),
        ("strands", "fire brigade", "'fire brigade' is no strand"),
        ("incident", "some time", "cannot be read"),
        ("meeting on", "1 April 2024", "is before the referral"),
        ("source", "x" * 31, "longer than 30 characters"),
    ],
)
def test_every_bad_row_is_named_and_nothing_is_kept(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, value: str, said: str
) -> None:
    cells = dict(zip(HEADINGS.split(","), GOOD.split(","), strict=True)) | {column: value}
    assert take_in(spreadsheet(tmp_path, ",".join(cells.values()), GOOD)) == 1
    assert said in capsys.readouterr().err
    assert not Case.objects.exists()
    assert not Subject.objects.exists()
    assert not AuditEntry.objects.filter(verb="allegation.import").exists()


def test_every_fault_is_told_at_once(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = ",circus,,,,,31 February 2024,,,,,,,,,"
    assert take_in(spreadsheet(tmp_path, bad, bad)) == 1
    told = capsys.readouterr().err
    assert "4 things are wrong" in told
    assert "Row 3, sector" in told


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("name,referred on", "The column 'sector' is missing."),
        ("sector,referred on,colour", "There is no column 'colour'"),
        ("sector,sector,referred on", "The column 'sector' is there twice."),
    ],
)
def test_headings_are_checked_first(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str], headings: str, said: str
) -> None:
    assert take_in(spreadsheet(tmp_path, "a,b,c"[: 2 * headings.count(",") + 1], headings=headings)) == 1
    assert said in capsys.readouterr().err


def test_the_same_file_comes_in_once(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = spreadsheet(tmp_path, GOOD)
    assert take_in(file) == 0
    assert take_in(file) == 1
    assert "imported before" in capsys.readouterr().err
    assert Case.objects.count() == 1


def test_somebody_who_signs_in_here_is_not_imported(
    home: Home, tmp_path: Path, make_person: Callable[..., Person], capsys: pytest.CaptureFixture[str]
) -> None:
    make_person("lado", full_name="Jo  Made-up")
    assert take_in(spreadsheet(tmp_path, GOOD)) == 1
    told = capsys.readouterr().err
    assert "Row 2, name" in told
    assert "Made-Up" not in told


def test_a_workbook_comes_in_and_a_formula_stays_text(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "past.xlsx"
    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for at, (heading, cell) in enumerate(
            {
                "Name": '=HYPERLINK("http://example.org")',
                "Sector": "sport",
                "Referred on": "2024-04-03",
            }.items()
        ):
            sheet.write_string(0, at, heading)
            sheet.write_string(1, at, cell)
    assert take_in(str(file)) == 0
    assert Subject.objects.get().identity["names"] == ['=HYPERLINK("http://example.org")']
    assert Engagement.objects.get().sector == "sport"


def test_a_published_table_is_reproduced_from_an_imported_file(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"early years,{year}-02-03,{'yes' if at < met else 'no'},{year}-02-03,"
        f"{'substantiated' if at < proved else 'unfounded' if at < met else ''},{year}-03-01"
        for year, (referred, met, proved) in PUBLISHED.items()
        for at in range(referred)
    ]
    headings = "sector,referred on,met threshold,evaluated on,outcome,closed on"
    assert take_in(spreadsheet(tmp_path, *rows, headings=headings)) == 0
    for year, published in PUBLISHED.items():
        found = statistics(capsys, f"{year}-01-01", f"{year}-12-31")
        assert _told(found) == published
        for table in ("sector", "category", "source", "outcome", "threshold", "incident"):
            *parts, total = (row["cases"] for row in found["tables"][table]["rows"])
            assert sum(parts) == total == published[0]
    every = statistics(capsys, "2020-01-01", "2025-12-31")
    assert _told(every) == (72, 19, 9)
    met = next(row for row in every["tables"]["threshold"]["rows"] if row["word"] == "Met")
    assert round(met["percent"], 1) == 26.4


def _told(found: dict) -> tuple[int, int, int]:
    rows = {
        name: {row["word"]: row["cases"] for row in found["tables"][name]["rows"]}
        for name in ("threshold", "outcome")
    }
    return found["cases"], rows["threshold"].get("Met", 0), rows["outcome"].get("Substantiated", 0)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf", "pptx"])
def test_the_report_as_a_file_opens_and_holds_the_figures(home: Home, tmp_path: Path, kind: str) -> None:
    take_in(spreadsheet(tmp_path, *[GOOD.replace("Jo", f"Jo {number}") for number in range(12)]))
    file = tmp_path / f"report.{kind}"
    words = ["allegations", "statistics", "--from", "2024-01-01", "--to", "2024-06-30", "--authority", "826"]
    assert main([*words, "--format", kind, "-o", str(file)]) == 0
    content = file.read_bytes()
    match kind:
        case "csv":
            assert "Education,12,100.0" in content.decode("utf-8-sig")
        case "xlsx":
            sheet = fastexcel.read_excel(content).load_sheet("Sector", header_row=None, dtypes="string")
            assert ("Education", "12") in [row[:2] for row in sheet.to_polars().iter_rows()]
        case "pdf":
            assert content.startswith(b"%PDF-")
            assert len(content) > 10_000
        case "pptx":
            from pptx import Presentation

            deck = Presentation(io.BytesIO(content))
            cells = [
                [cell.text for cell in row.cells]
                for slide in deck.slides
                for shape in slide.shapes
                if shape.has_table
                for row in shape.table.rows
            ]
            assert ["Education", "12", "100.0%"] in cells


def test_for_publication_small_numbers_are_not_in_it(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [GOOD.replace("Jo", f"Jo {number}") for number in range(20)]
    few = [row.replace("education", "sport") for row in many[:3]]
    take_in(spreadsheet(tmp_path, *many, *few))
    found = statistics(capsys, "2024-01-01", "2024-06-30", "--publish")
    rows = {row["word"]: row["cases"] for row in found["tables"]["sector"]["rows"]}
    assert rows["Total"] == 23
    assert {rows["Sport"]["missing"], rows["Education"]["missing"]} == {"hidden"}


def test_records_due_on_a_day_are_listed_with_their_rule(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from redway.web.allegations.models import LocalProfile

    LocalProfile.objects.create(authority="826", profile="north-west")
    take_in(spreadsheet(tmp_path, GOOD))
    capsys.readouterr()
    words = ["allegations", "retention", "--authority", "826", "--json", "--on"]
    assert main([*words, "2034-05-01"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main([*words, "2034-05-02"]) == 0
    (due,) = json.loads(capsys.readouterr().out)
    assert (due["action"], due["due"], due["outcome"]) == ("review", "2034-05-02", "unfounded")
    assert due["source"]


def test_whose_cases_must_be_clear(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allegations", "retention", "--on", "2026-11-24"]) == 2
    assert "--authority" in capsys.readouterr().err
