"""Files of pupils through the pipeline: the headers of exports, where pupils are, and what is not said."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.confidential import confidential_formats, is_made_up
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake

HERE, ELSEWHERE, UNKNOWN = "100001", "100009", "199999"
"""A school of Milton Keynes, one of Bedford, and a number that no school has."""

REGISTER = (
    "urn,la_code,la_name,establishment_number,name,establishment_status_name,establishment_type_name,"
    "phase_name,close_date,postcode,easting,northing\n"
    f"{HERE},826,Milton Keynes,4001,Canal School,Open,Community school,Secondary,nan,MK1 1AA,485000,238000\n"
    f"{ELSEWHERE},822,Bedford,4009,Ouse School,Open,Community school,Secondary,nan,MK40 1AA,505000,249000\n"
)


class Desk:
    """A data folder with a register, and a ledger."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder, self.ledger = home, folder, MemoryLedger()

    def register(self) -> Desk:
        path = self.folder / "establishments_2023-11-30.csv"
        path.write_text(REGISTER)
        (report,) = import_path(path, self.ledger, self.home)
        assert report.outcome is Outcome.COMMITTED
        return self

    def bring(self, name: str, *lines: str, accept: bool = False) -> FileReport:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n")
        (report,) = import_path(path, self.ledger, self.home, accept=accept)
        return report

    def rows(self, report: FileReport) -> pl.DataFrame:
        return pl.read_parquet(Lake(self.home).version_path(str(report.kind), report.version_id or 0))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "files"
    folder.mkdir()
    return Desk(Home(tmp_path / "home"), folder)


EXPORT = (
    "UPN,Surname,URN,Sex,EthnicityCode,FSMeligible,SENprovision,FirstLanguage,IDACI,KS2ASS,ATT8,Postcode",
    f"A1,Kettle,{HERE},F,APKN,1,K,PORA,0.12,101.5,45.5,MK1 1AA",
    f"A2,Ladder,{HERE},M,WBRI,0,N,ENG,0.30,,61,MK1 1AB",
    f"A3,Anchor,{HERE},M,REFU,N,E,REF,0.02,96,12,MK1 1AC",
)


def test_an_export_is_read_under_its_own_headers(desk: Desk) -> None:
    report = desk.register().bring("KS4 2023-24.csv", *EXPORT)
    assert (report.kind, report.period, report.rows_loaded) == ("pupil-results-ks4", "2023-24", 3)
    rows = desk.rows(report)
    assert rows["gender"].to_list() == ["F", "M", "M"]
    # Pakistani and white British are in the major groups Asian and white; refused is not known.
    assert rows["ethnicity"].to_list() == ["asian", "white", "unknown"]
    assert rows["free_school_meals"].to_list() == [True, False, False]
    assert rows["special_needs"].to_list() == ["support", "none", "plan"]
    # Portuguese (PORA) is another language, ENG is not, and who refused to say is not known.
    assert rows["english_additional_language"].to_list() == [True, False, None]
    assert rows["prior_attainment"].to_list() == [101.5, None, 96.0]
    assert rows["prior_attainment__missing"].to_list() == [None, "blank", None]


def test_what_no_figure_needs_is_not_kept(desk: Desk) -> None:
    rows = desk.rows(desk.register().bring("KS4 2023-24.csv", *EXPORT))
    assert {"Postcode", "Surname", "surname"}.isdisjoint(rows.columns)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("WROM", "white"),
        ("MWBC", "mixed"),
        ("ABAN", "asian"),
        ("BSOM", "black"),
        ("CHNE", "chinese"),
        ("OARA", "other"),
        ("MOTH", "mixed"),
        ("NOBT", "unknown"),
        ("Black", "black"),
        ("Any other ethnic group", "other"),
    ],
)
def test_ethnicity_codes_of_the_school_census_are_put_in_their_major_group(
    desk: Desk, code: str, group: str
) -> None:
    header = "UPN,URN,Ethnicity,KS2ASS,ATT8"
    report = desk.register().bring("2023-24.csv", header, f"A1,{HERE},{code},100,40")
    assert desk.rows(report)["ethnicity"].to_list() == [group]
    assert not report.errors


def test_values_out_of_range_are_missing_and_listed_without_the_cell(desk: Desk) -> None:
    report = desk.register().bring(
        "2023-24.csv",
        "UPN,URN,IDACI,Month of birth from September,KS2ASS,ATT8",
        f"A1,{HERE},1.5,13,100,95",
        f"A2,{HERE},0.5,12,100,90",
    )
    assert [(each.row, each.column, each.value) for each in report.errors] == [
        (2, "Month of birth from September", None),
        (2, "IDACI", None),
        (2, "ATT8", None),
    ]
    assert "between 0 and 90" in report.errors[2].message
    rows = desk.rows(report)
    assert rows["attainment8"].to_list() == [None, 90.0]
    assert rows["attainment8__missing"].to_list() == ["rejected", None]


def test_scaled_scores_run_from_80_to_120_with_nominal_scores_below(desk: Desk) -> None:
    """Pupils below the standard of the test have nominal scores from 59 (progress measures, 2016 on)."""
    report = desk.register().bring(
        "2023-24.csv",
        "UPN,URN,reading,maths",
        f"A1,{HERE},80,120",
        f"A2,{HERE},59,121",
        f"A3,{HERE},A,N",
    )
    assert report.kind == "pupil-results-ks2"
    rows = desk.rows(report)
    assert rows["reading"].to_list() == [80.0, 59.0, None]
    assert rows["reading__missing"].to_list() == [None, None, "not_available"]
    assert rows["maths__missing"].to_list() == [None, "rejected", "not_available"]


def test_the_calendar_month_of_birth_is_not_taken_for_the_month_from_september(desk: Desk) -> None:
    report = desk.register().bring("2023-24.csv", "UPN,URN,MonthOfBirth,KS2ASS,ATT8", f"A1,{HERE},9,100,40")
    assert "month_of_birth" not in desk.rows(report).columns


def test_the_scope_is_the_authorities_of_the_schools(desk: Desk) -> None:
    desk.register().bring("2023-24.csv", *EXPORT)
    both = desk.bring("2022-23.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,40", f"A2,{ELSEWHERE},99,40")
    assert [version.scope for version in desk.ledger.versions()[1:]] == ["826", "822+826"]
    assert desk.rows(both)["la_code"].to_list() == ["826", "822"]


def test_a_pupil_whose_school_nobody_knows_is_left_out_and_holds_the_file(desk: Desk) -> None:
    lines = ("UPN,URN,KS2ASS,ATT8", f"A1,{UNKNOWN},99,40", f"A2,{HERE},99,40", "A3,,99,40", ",,,")
    report = desk.register().bring("2023-24.csv", *lines)
    assert (report.outcome, report.rows_loaded, report.rows_rejected) == (Outcome.HELD, 1, 2)
    assert report.rows_blank == 1
    assert [each.row for each in report.errors] == [2, 4]
    assert "names no school that the register knows" in report.errors[0].message
    assert desk.bring("2023-24.csv", *lines, accept=True).outcome is Outcome.COMMITTED


def test_a_file_that_names_its_authority_needs_no_register(desk: Desk) -> None:
    report = desk.bring("2023-24.csv", "UPN,URN,LA,KS2ASS,ATT8", f"A1,{HERE},826,99,40")
    assert report.outcome is Outcome.COMMITTED
    assert desk.ledger.versions()[-1].scope == "826"


def test_the_register_knows_better_than_the_file_and_a_school_it_lacks_is_listed(desk: Desk) -> None:
    report = desk.register().bring(
        "2023-24.csv", "UPN,URN,LA,KS2ASS,ATT8", f"A1,{ELSEWHERE},826,99,40", f"A2,{UNKNOWN},826,99,40"
    )
    assert desk.rows(report)["la_code"].to_list() == ["822", "826"]
    assert [(each.row, each.message[:24]) for each in report.errors] == [(3, "No school in the registe")]


def test_a_file_of_several_years_is_refused(desk: Desk) -> None:
    report = desk.register().bring(
        "all.csv",
        "UPN,URN,AcademicYear,KS2ASS,ATT8",
        f"A1,{HERE},2022/23,99,40",
        f"A2,{HERE},2023/24,99,40",
    )
    assert report.outcome is Outcome.FAILED
    assert "Bring one file for each academic year" in report.reasons[0]


def test_a_pupil_twice_is_listed_and_a_row_twice_is_counted(desk: Desk) -> None:
    report = desk.register().bring(
        "2023-24.csv",
        "UPN,URN,KS2ASS,ATT8",
        f"A1,{HERE},99,40",
        f"A1,{HERE},99,41",
        f"A2,{HERE},99,40",
        f"A2,{HERE},99,40",
    )
    assert (report.rows_loaded, report.rows_rejected) == (2, 1)
    assert report.rows_left_out == {"It repeats an earlier row in every cell.": 1}
    (error,) = report.errors
    assert (error.row, error.column, error.value) == (3, "UPN", None)


def test_a_later_file_of_the_same_year_and_authority_replaces_the_earlier(desk: Desk) -> None:
    desk.register().bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,40")
    desk.bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,44")
    assert [str(version.state) for version in desk.ledger.versions()[1:]] == ["superseded", "current"]


def test_a_smaller_file_is_held_as_perhaps_not_the_whole(desk: Desk) -> None:
    lines = [f"A{number},{HERE},99,40" for number in range(40)]
    desk.register().bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", *lines)
    report = desk.bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", *lines[:20])
    assert report.outcome is Outcome.HELD
    assert report.reasons[0].startswith("It is about 20 pupils where version 1 is about 40 (50%;")


TERMLY = "UPN,URN,Year group,Term,Subject,Teacher assessment"


def test_a_file_of_one_term_does_not_take_away_the_term_before(desk: Desk) -> None:
    desk.register().bring("2025-26.csv", TERMLY, f"A1,{HERE},6,Autumn,maths,95")
    report = desk.bring("2025-26.csv", TERMLY, f"A1,{HERE},6,Spring,maths,97")
    assert report.outcome is Outcome.HELD
    (reason,) = report.reasons
    assert reason.startswith("It holds nothing for the term autumn, which version 1 does")
    whole = (TERMLY, f"A1,{HERE},6,Autumn,maths,95", f"A1,{HERE},6,Spring,maths,97")
    assert desk.bring("2025-26.csv", *whole).outcome is Outcome.COMMITTED


def test_pupils_in_two_files_of_one_year_would_count_twice(desk: Desk) -> None:
    desk.register().bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,40")
    report = desk.bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,40", f"A2,{ELSEWHERE},99,40")
    assert report.outcome is Outcome.HELD
    assert "is about pupils of 826 too: they would count twice" in report.reasons[0]


def test_the_version_is_called_by_what_it_is_and_not_by_its_files_name(desk: Desk) -> None:
    report = desk.register().bring("Ada Lantern 2023-24.csv", *EXPORT)
    assert desk.ledger.versions()[-1].file_name == "pupil-results-ks4-2023-24.csv"
    assert report.noted_path == "pupil-results-ks4-2023-24.csv"


def test_the_list_of_errors_quotes_no_cell(desk: Desk) -> None:
    report = desk.register().bring(
        "2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,Ada Lantern", f"A1,{HERE},98,7"
    )
    assert report.problems_file is not None
    listed = report.problems_file.read_text()
    assert "Lantern" not in listed
    assert "A1" not in listed
    again = desk.bring("2023-24.csv", "UPN,URN,KS2ASS,ATT8", f"A1,{HERE},99,Ada Lantern", f"A1,{HERE},98,7")
    assert {each.value for each in again.errors} == {None}


def test_only_the_owner_can_read_what_is_kept(desk: Desk) -> None:
    before = os.umask(0o022)
    try:
        desk.register().bring("2023-24.csv", *EXPORT, f"A4,Kettle,{HERE},F,APKN,1,K,PORA,5,101.5,45.5,x")
    finally:
        os.umask(before)
    kept = [path for path in desk.home.root.rglob("*") if path.is_file() and path.name != ".lock"]
    assert {path.parent.name for path in kept} >= {"sources", "problems", "pupil-results-ks4"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}


def test_made_up_pupils_are_told_by_a_column_of_their_file(desk: Desk) -> None:
    desk.register().bring("2023-24.csv", *EXPORT)
    desk.bring("2022-23.csv", "UPN,URN,KS2ASS,ATT8,Made up for demonstration", f"A1,{HERE},99,40,yes")
    assert [is_made_up(version) for version in desk.ledger.versions()] == [False, False, True]


def test_every_format_of_pupils_is_confidential() -> None:
    assert confidential_formats() == {
        "pupils",
        "pupil-results-ks2",
        "pupil-results-ks4",
        "pupil-entries-ks4",
        "pupil-assessments",
    }
