"""Every way a file comes: separators, encodings, workbooks, Parquet, archives; and every way it is broken."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from datasets.made_up import HEADER, schools, write, write_workbook
from redway.datasets.import_report import FileReport, Outcome

Import = Callable[..., FileReport]
Rows = Callable[[FileReport], pl.DataFrame]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separator_is_found_in_the_content_whatever_the_extension(
    tmp_path: Path, bring_in: Import, rows_of: Rows, separator: str
) -> None:
    """The 2010 key stage 4 file was tab-separated under a .csv name."""
    path = write(tmp_path, "abs_2017.csv", schools(50).replace(",", separator))
    assert rows_of(bring_in(path))["urn"].len() == 50


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_accents_and_pounds_survive_every_encoding(
    tmp_path: Path, bring_in: Import, rows_of: Rows, encoding: str
) -> None:
    text = 'URN,School name,PERCTOT,Budget\n100001,École Zoë,4.5,"£45,421"\n'
    rows = rows_of(bring_in(write(tmp_path, "abs_2017.csv", text, encoding)))
    assert rows["name"].to_list() == ["École Zoë"]
    assert rows["budget"].to_list() == [45421.0]


def test_a_pound_sign_far_into_the_file_still_decides_the_encoding(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    text = "URN,School name,PERCTOT,Budget\n" + "".join(
        f"{100000 + at},School,4.5,100\n" for at in range(60_000)
    )
    path = write(tmp_path, "abs_2017.csv", text + "199999,Last,4.5,£7\n", "windows-1252")
    assert rows_of(bring_in(path))["budget"][-1] == 7.0


def test_rows_are_numbered_as_a_spreadsheet_shows_them(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    text = HEADER + '100001,"Two\nlines",201,4.5\n\n100002,B,201,4.5\n,,,\n100003,C,201,4.5\n'
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert rows_of(report)["_row"].to_list() == [2, 4, 6]
    assert report.rows_blank == 2


def test_the_header_need_not_be_the_first_row(tmp_path: Path, bring_in: Import, rows_of: Rows) -> None:
    text = "Absence in schools,,,\nPublished by nobody,,,\n,,,\n" + HEADER + "100001,A,201,4.5\n"
    rows = rows_of(bring_in(write(tmp_path, "abs_2017.csv", text)))
    assert rows.select("_row", "urn").rows() == [(5, "100001")]


def test_blank_cells_beyond_the_header_are_ignored(tmp_path: Path, bring_in: Import, rows_of: Rows) -> None:
    text = "URN,PERCTOT\n100001,4.5,,\n100002,4.6,,\n"
    assert rows_of(bring_in(write(tmp_path, "abs_2017.csv", text))).height == 2


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, bring_in: Import, rows_of: Rows, line_end: str) -> None:
    path = write(tmp_path, "abs_2017.csv", schools(5).replace("\n", line_end))
    assert rows_of(bring_in(path))["urn"].to_list() == [f"10000{at}" for at in range(5)]


def test_workbook_sheet_is_chosen_by_its_columns_and_header_found_below_a_title(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    path = write_workbook(
        tmp_path / "abs_2017.xlsx",
        {
            "Notes": [["Read me"], ["about"]],
            "Data": [
                ["Absence", None, None, None],
                [],
                ["URN", "School name", "PERCTOT", "NOR"],
                [100001, "A", 4.5, 210],
                ["100002.0", "B", "SUPP", None],
            ],
        },
    )
    rows = rows_of(bring_in(path))
    assert rows.select("_row", "urn", "overall_absence", "pupils").rows() == [
        (4, "100001", 4.5, 210.0),
        (5, "100002", None, None),
    ]
    assert rows["overall_absence__missing"].to_list() == [None, "suppressed"]
    assert rows["pupils__missing"].to_list() == [None, "blank"]


def test_parquet_is_read_typed_or_as_text(tmp_path: Path, bring_in: Import, rows_of: Rows) -> None:
    frame = pl.DataFrame(
        {
            "URN": [100001.0, 100002.0],
            "PERCTOT": [4.5, float("nan")],
            "NOR": [210, None],
            "Open date": [date(2001, 9, 1), None],
            "Extra": [True, False],
        }
    )
    frame.write_parquet(tmp_path / "abs_2017.data")
    rows = rows_of(bring_in(tmp_path / "abs_2017.data"))
    assert rows["urn"].to_list() == ["100001", "100002"]
    assert rows["overall_absence__missing"].to_list() == [None, "blank"]
    assert rows["opened"].to_list() == [date(2001, 9, 1), None]
    assert rows["Extra"].to_list() == ["true", "false"]


def test_every_file_of_an_archive_has_its_own_report(tmp_path: Path, home: object, ledger: object) -> None:
    from datasets.made_up import FORMATS
    from redway.datasets.importing import import_path

    path = tmp_path / "tables.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2015-2016/absence.csv", schools(30))
        archive.writestr("2016-2017/absence.csv", schools(31))
        archive.writestr("readme.txt", "Nothing here\n")
        archive.writestr("__MACOSX/._absence.csv", "x")
        archive.writestr("inner.zip", b"PK\x05\x06" + bytes(18))
        archive.writestr("../../escape_2018.csv", schools(32))
    reports = import_path(path, ledger, home, formats=FORMATS)  # type: ignore[arg-type]
    assert [(report.path.removeprefix(str(path)), report.outcome, report.period) for report in reports] == [
        ("/2015-2016/absence.csv", Outcome.COMMITTED, "2015-16"),
        ("/2016-2017/absence.csv", Outcome.COMMITTED, "2016-17"),
        ("/readme.txt", Outcome.NOT_RECOGNISED, None),
        ("/inner.zip", Outcome.FAILED, None),
        ("/escape_2018.csv", Outcome.COMMITTED, "2017-18"),
    ]
    assert not list(tmp_path.rglob("escape*"))


def test_bank_holidays_are_the_one_json_that_is_read(tmp_path: Path, home: object, ledger: object) -> None:
    from redway.datasets.importing import import_path

    event = {"title": "Early May", "date": "2026-05-04", "notes": "", "bunting": True}
    listed = {"england-and-wales": {"division": "england-and-wales", "events": [event]}}
    (report,) = import_path(
        write(tmp_path, "bank-holidays.json", json.dumps(listed)),
        ledger,  # type: ignore[arg-type]
        home,  # type: ignore[arg-type]
    )
    assert (report.outcome, report.kind, report.rows_loaded) == (Outcome.COMMITTED, "bank-holidays", 1)


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "only blank space": (b"\n \n\n", "blank space"),
    "cut short in the middle of a row": (schools(40).encode()[:-9] + b"\n100040,Sch", "Row 41 has 2 cells"),
    "a row too wide": (HEADER.encode() + b"100001,A,201,4.5,6,7\n", "Row 2 has 6 cells"),
    "a quotation mark never closed": (
        HEADER.encode() + b'100001,"A,201,4.5\n100002,B,201,4.5\n',
        "Row 2 has",
    ),
    "zero bytes": (HEADER.encode() + b"100001,\0A,201,4.5\n", "zero byte"),
    "UTF-16": (schools(3).encode("utf-16"), "UTF-16"),
    "some other encoding": (HEADER.encode() + b"100001,\x81\xff,201,4.5\n", "neither UTF-8 nor Windows-1252"),
    "absurdly wide": (b",".join(b"c%d" % at for at in range(6000)) + b"\nURN\n", "fit none"),
    "header without rows": (HEADER.encode(), "no rows"),
    "a web page": (b"<!DOCTYPE html><html>not found</html>", "web page"),
    "PDF": (b"%PDF-1.7 ...", "PDF"),
    "an old or locked workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked with a password"),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), "gzip"),
    "damaged Parquet": (b"PAR1" + bytes(100) + b"PAR1", "damaged"),
    "damaged archive": (b"PK\x03\x04" + bytes(100), "damaged"),
    "some other JSON": (b'{"type": "FeatureCollection", "features": []}', "bank holidays"),
    "deep JSON": (b"[" * 100_000, "bank holidays"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_in_plain_words(tmp_path: Path, bring_in: Import, what: str) -> None:
    content, words = BROKEN[what]
    path = tmp_path / "abs_2017.csv"
    path.write_bytes(content)
    report = bring_in(path)
    assert report.outcome in (Outcome.FAILED, Outcome.NOT_RECOGNISED)
    assert words in " ".join(report.reasons)
    assert "Traceback" not in " ".join(report.reasons)
    assert report.version is None


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_opened(
    tmp_path: Path, bring_in: Import
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(450):
                sheet.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert "would unpack to 450 MB" in bring_in(path).reasons[0]


def test_a_damaged_workbook_is_refused(tmp_path: Path, bring_in: Import) -> None:
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not-a-workbook")
    assert "damaged" in bring_in(path).reasons[0]


def test_an_archive_locked_with_a_password_says_so(tmp_path: Path, bring_in: Import) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("abs_2017.csv", schools(3))
    content = bytearray(path.read_bytes())
    # The bit that says 'encrypted', in the local header and in the directory.
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password" in bring_in(path).reasons[0]


def test_a_missing_path_is_said_so(tmp_path: Path, bring_in: Import) -> None:
    assert "no such file" in bring_in(tmp_path / "nowhere.csv").reasons[0]
