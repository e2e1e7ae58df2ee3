"""Files of pupils as a stream of columns: every encoding and layout; cells that are no number are named."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.made_up import write, write_workbook
from redway.core.errors import NotFound, RedwayError
from redway.datasets.errors import UnreadableFile
from redway.datasets.pupil_cells import CellReader, ColumnKind, UnfitCells, Wanted
from redway.datasets.pupil_columns import NoPupils, UnknownColumn
from redway.datasets.pupil_files import PupilFiles
from redway.datasets.pupil_repeats import RepeatedPupils, find_repeats, pupil_key

TEXT = "pupil,school,points,gender\nP1,A,40.5,F\nP2,A,38,M\nP3,B,51,F\n"
WANTED = Wanted(("points", "gender", "school"), numbers=frozenset(["points"]), labels=frozenset(["school"]))


def read(*paths: Path | str, wanted: Wanted = WANTED) -> tuple[pl.DataFrame, CellReader]:
    """The columns wanted of some files, and what the reader noticed."""
    with PupilFiles(paths, wanted) as files:
        reader = files.reader()
        table = pl.concat(
            [
                pl.DataFrame(pl.from_arrow(batch)).with_columns(pl.col(pl.Categorical).cast(pl.String))
                for batch in files.batches(reader)
            ]
        )
    return table, reader


def points(*cells: str) -> str:
    """A file of pupils of two schools with these points."""
    rows = "".join(f"P{at},{'AB'[at % 2]},{cell},F\n" for at, cell in enumerate(cells))
    return f"pupil,school,points,gender\n{rows}"


def test_a_file_of_two_encodings_is_refused_with_a_line_of_each(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv"
    lines = [b"school,score", "Caf\u00e9,1".encode(), b"Hill,2", "Caf\u00e9,3".encode("windows-1252"), b""]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(UnreadableFile, match=r"Line 2 is written in UTF-8 and line 4 in Windows-1252"):
        PupilFiles([path], Wanted(("school", "score")))


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_text_is_read_in_any_encoding_with_any_separator(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = TEXT.replace("B", "Zoë's").replace(",", separator)
    frame, _ = read(write(tmp_path, "pupils.csv", text, encoding))
    assert frame["points"].to_list() == [40.5, 38.0, 51.0]
    assert frame["school"].to_list() == ["A", "A", "Zoë's"]


def test_a_packed_file_is_unpacked_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode()))
    assert read(path)[0].height == 3


def test_a_packed_file_that_was_cut_short_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pupils.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode() * 100)[:-20])
    with pytest.raises(UnreadableFile, match="cut short"):
        read(path)


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns(tmp_path: Path) -> None:
    sheets = {
        "Notes": [["About this file"]],
        "Pupils": [["school", "points", "gender"], ["A", 40.5, "F"], ["B", 38, "M"]],
    }
    frame, _ = read(write_workbook(tmp_path / "pupils.xlsx", sheets))
    assert frame["points"].to_list() == [40.5, 38.0]


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    frame, _ = read(write(tmp_path, "pupils.csv", "Results of 2025,,,\n,,,\n" + TEXT))
    assert frame.height == 3


def test_text_and_parquet_of_the_same_pupils_are_the_same(tmp_path: Path) -> None:
    text = write(tmp_path, "pupils.csv", TEXT)
    pl.read_csv(text).write_parquet(tmp_path / "pupils.parquet")
    assert read(text)[0].equals(read(tmp_path / "pupils.parquet")[0])


def test_true_and_false_are_yes_and_no_however_they_are_kept(tmp_path: Path) -> None:
    wanted = Wanted(("fsm", "school"), labels=frozenset(["school"]))
    text = write(tmp_path, "a.csv", "fsm,school\ntrue,A\nFalse,B\n")
    assert read(text, wanted=wanted)[0]["fsm"].to_list() == ["yes", "no"]


def test_words_of_parquet_stay_dictionaries_and_numbers_their_type(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    pl.DataFrame({"school": [1, 2], "points": [1.5, 2.5], "gender": ["F", "M"]}).write_parquet(path)
    with PupilFiles([path], WANTED) as files:
        (batch,) = files.batches(files.reader())
    assert pa.types.is_dictionary(batch.schema.field("gender").type)
    assert batch.schema.field("school").type == pa.int64()


def test_a_folder_stands_for_the_parquet_files_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "pupils"
    folder.mkdir()
    for school in "AB":
        frame = pl.DataFrame({"school": [school], "points": [1.0], "gender": ["F"]})
        frame.write_parquet(folder / f"part-{school}.parquet")
    (folder / "_SUCCESS").touch()
    assert read(folder)[0]["school"].to_list() == ["A", "B"]


def test_many_files_are_one_stream(tmp_path: Path) -> None:
    first = write(tmp_path, "a.csv", TEXT)
    second = write(tmp_path, "b.csv", "gender;points;school\nM;12;C\n")
    assert read(first, second)[0]["school"].to_list() == ["A", "A", "B", "C"]


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{name}.csv", TEXT) for name in "ab"]
    seen: list[float] = []
    with PupilFiles(paths, WANTED) as files:
        list(files.batches(files.reader(), seen.append))
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*gone.csv"):
        read(tmp_path / "gone.csv")


def test_a_file_named_twice_would_count_double(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT)
    with pytest.raises(NotFound, match="named twice"):
        read(path, path)


def test_an_absent_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT.replace("gender", "Gendre"))
    with pytest.raises(UnknownColumn, match=r"'gender'.* Did you mean 'Gendre'?"):
        read(path)


def test_files_with_different_columns_say_which_lacks_what(tmp_path: Path) -> None:
    whole, lacking = write(tmp_path, "a.csv", TEXT), write(tmp_path, "b.csv", "school,points\nA,1\n")
    with pytest.raises(UnknownColumn, match=r"b.csv has no column 'gender', though a.csv has"):
        read(whole, lacking)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_of_nothing_but_a_header_says_so(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"pupils.{suffix}"
    frame = pl.DataFrame(schema={"school": pl.String, "points": pl.Float64, "gender": pl.String})
    frame.write_csv(path) if suffix == "csv" else frame.write_parquet(path)
    with pytest.raises(NoPupils, match="no rows"):
        read(path)


def test_a_row_with_a_cell_too_many_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT + "P4,B,1,F,extra\n")
    with pytest.raises(UnreadableFile, match=r"a.csv: Row 5 has 5 cells"):
        read(path)


def test_a_parquet_file_cut_short_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    pl.DataFrame({"school": ["A"] * 9, "points": [1.0] * 9, "gender": ["F"] * 9}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UnreadableFile, match=r"pupils.parquet: .*damaged"):
        read(path)


def test_a_column_of_dates_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    frame = pl.DataFrame({"school": ["A"], "points": [1.0], "gender": ["2025-01-01"]})
    frame.with_columns(pl.col("gender").str.to_date()).write_parquet(path)
    with pytest.raises(UnreadableFile, match=r"'gender' of pupils.parquet holds date"):
        read(path)


def test_text_in_a_column_of_numbers_is_listed_by_row(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", points("1", "two", "3", "4", "five!"))
    frame, reader = read(path)
    assert frame["points"].to_list() == [1.0, None, 3.0, 4.0, None]
    with pytest.raises(UnfitCells) as refused:
        reader.refuse_unfit()
    assert "'points' holds text in 2 rows: row 3 of a.csv ('two'), row 6 of a.csv ('five!')." in str(
        refused.value
    )


def test_only_the_first_places_are_listed(tmp_path: Path) -> None:
    _, reader = read(write(tmp_path, "a.csv", points(*["1"] * 20, *["bad"] * 9)))
    with pytest.raises(UnfitCells, match=r"9 rows: row 22 .* row 26 .* and 4 more"):
        reader.refuse_unfit()


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "1e999"])
def test_infinity_in_text_is_listed(tmp_path: Path, cell: str) -> None:
    frame, reader = read(write(tmp_path, "a.csv", points("1", cell)))
    assert frame["points"].to_list() == [1.0, None]
    with pytest.raises(UnfitCells, match=r"'points' is infinite in 1 row: row 3 of a.csv"):
        reader.refuse_unfit()


def test_infinity_in_parquet_is_listed_and_nan_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    values = [1.0, float("inf"), float("nan"), None]
    pl.DataFrame({"school": ["A"] * 4, "points": values, "gender": ["F"] * 4}).write_parquet(path)
    frame, reader = read(path)
    assert frame["points"].to_list() == [1.0, None, None, None]
    assert reader.missing["points"] == {"blank": 2}
    with pytest.raises(UnfitCells, match=r"is infinite in 1 row: row 3 of a.parquet"):
        reader.refuse_unfit()


def test_missing_cells_are_counted_as_they_are_written(tmp_path: Path) -> None:
    frame, reader = read(write(tmp_path, "a.csv", points("1", "", "NA", "SUPP", "supp", " ", "2")))
    assert frame["points"].null_count() == 5
    assert reader.missing["points"] == {"blank": 2, "NA": 1, "SUPP": 1, "supp": 1}
    reader.refuse_unfit()


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    text = 'school,points,gender\nA," 1,234.5 ",F\nB,1e3,F\n'
    assert read(write(tmp_path, "a.csv", text))[0]["points"].to_list() == [1234.5, 1000.0]


def test_a_blank_school_is_listed_and_is_no_school(tmp_path: Path) -> None:
    frame, reader = read(write(tmp_path, "a.csv", TEXT + "P4,,3,F\nP5, ,4,M\n"))
    assert frame["school"].to_list() == ["A", "A", "B", None, None]
    assert str(reader.unlabelled["school"]) == "row 5 of a.csv, row 6 of a.csv"


def test_words_none_and_new_are_words(tmp_path: Path) -> None:
    """Special needs of 'none' are a category, not a gap."""
    frame, _ = read(write(tmp_path, "a.csv", "school,points,gender\nA,1,none\nA,2,new\nA,3,NA\n"))
    assert frame["gender"].to_list() == ["none", "new", None]


def kind(tmp_path: Path, cells: list[str]) -> ColumnKind:
    text = "school,extra\n" + "".join(f'A,"{cell}"\n' for cell in cells)
    wanted = Wanted(("extra", "school"), labels=frozenset(["school"]))
    with PupilFiles([write(tmp_path, "a.csv", text)], wanted) as files:
        return files.kinds["extra"]


def test_the_kind_of_a_column_is_that_of_the_whole_file(tmp_path: Path) -> None:
    """The first 100,000 rows look like numbers; what follows decides."""
    few, many = ["1"] * 100_000, ["white"] * 100_001
    assert kind(tmp_path, few + many) is ColumnKind.WORD
    assert kind(tmp_path, many[:10] + few) is ColumnKind.NUMBER
    assert kind(tmp_path, ["NA", "", "SUPP", "3"]) is ColumnKind.NUMBER
    assert kind(tmp_path, ["F", "M"]) is ColumnKind.WORD


def test_a_category_in_numbers_is_words_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "school,year\nA,2024\nA,2025\n")
    wanted = Wanted(("year", "school"), words=frozenset(["year"]), labels=frozenset(["school"]))
    assert read(path, wanted=wanted)[0]["year"].to_list() == ["2024", "2025"]


def test_nothing_is_left_running_when_the_stream_is_abandoned(tmp_path: Path) -> None:
    path = tmp_path / "pupils.parquet"
    rows = 300_000
    frame = pl.DataFrame({"school": ["A"] * rows, "points": [1.0] * rows, "gender": ["F"] * rows})
    frame.write_parquet(path)
    before = threading.active_count()
    with PupilFiles([path], WANTED) as files:
        stream = files.batches(files.reader())
        next(stream)
        stream.close()
    assert threading.active_count() == before


# Pupils entered twice.


def test_a_pupil_in_two_files_is_found_and_listed_by_school_id_and_place(tmp_path: Path) -> None:
    first, second = write(tmp_path, "a.csv", TEXT), write(tmp_path, "b.csv", TEXT.replace("P1", "P9"))
    with PupilFiles([first, second], WANTED) as files:
        found = find_repeats(files, ("pupil",), ["school"])
    assert (found.pupils, found.exact, found.later_rows) == (2, 2, 2)
    assert str(found.first[0]) == (
        "school A, pupil P2, row 3 of a.csv and row 3 of b.csv (the rows are the same)"
    )
    assert {file: rows.tolist() for file, rows in found.later.items()} == {1: [3, 4]}


def test_rows_that_differ_are_told_from_rows_that_are_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT + "P1,A,40.5,F\nP2,A,39,M\n")
    with PupilFiles([path], WANTED) as files:
        found = find_repeats(files, ("pupil",), ["school"])
    assert [one.exact for one in found.first] == [True, False]


def test_an_id_is_a_key_only_together_with_the_school_where_that_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT.replace("P3", "P1"))
    with PupilFiles([path], WANTED) as files:
        assert find_repeats(files, ("pupil",), ["school"]).pupils == 1
        assert find_repeats(files, ("school", "pupil"), ["school"]).pupils == 0


def test_rows_without_an_id_are_counted_and_are_no_repeats(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT.replace("P1", "").replace("P2", " "))
    with PupilFiles([path], WANTED) as files:
        found = find_repeats(files, ("pupil",), ["school"])
    assert (found.pupils, found.without_id) == (0, 2)


def test_a_column_that_does_not_name_pupils_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", TEXT + "P4,B,1,F\nP5,B,2,F\n")
    with (
        pytest.raises(RepeatedPupils, match="'gender' does not name pupils"),
        PupilFiles([path], WANTED) as files,
    ):
        find_repeats(files, ("gender",), ["school"])


def test_the_canonical_column_is_the_key_without_being_asked_for(tmp_path: Path) -> None:
    with PupilFiles([write(tmp_path, "a.csv", TEXT)], WANTED) as files:
        assert pupil_key(files, ()) == ("pupil",)
    with PupilFiles([write(tmp_path, "a.csv", TEXT.replace("pupil", "upn"))], WANTED) as files:
        assert pupil_key(files, ()) == ()
        with pytest.raises(UnknownColumn, match="'pupil'"):
            pupil_key(files, ("pupil",))


def test_rows_left_out_are_those_named(tmp_path: Path) -> None:
    with PupilFiles([write(tmp_path, "a.csv", TEXT)], WANTED) as files:
        (batch,) = files.batches(files.reader(), without={0: np.array([3])})
    assert batch["points"].to_pylist() == [40.5, 51.0]


cells = st.text(st.characters(codec="utf-8", exclude_characters='"\r\n\0'), max_size=8)


@given(st.lists(cells, min_size=1, max_size=30))
def test_every_cell_is_a_number_or_missing_or_named(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """Nothing vanishes: numbers, counted gaps and listed faults add up to the rows."""
    folder = tmp_path_factory.mktemp("cells")
    body = "".join(f'A,"{text}",F\n' for text in texts)
    frame, reader = read(write(folder, "a.csv", "school,points,gender\n" + body))
    named = sum(places.count for (column, _), places in reader.unfit.items() if column == "points")
    gaps = sum(reader.missing.get("points", {}).values())
    assert frame.height == len(texts)
    assert frame["points"].count() + gaps + named == len(texts)
    assert frame["points"].drop_nulls().is_finite().all()


@given(damage=st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=4)), min_size=1, max_size=6))
@pytest.mark.parametrize("made", ["csv", "csv.gz", "parquet"])
def test_a_damaged_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, made: str, damage: list[tuple[int, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"pupils.{made}"
    MAKERS[made](path)
    data = bytearray(path.read_bytes())
    for at, put in damage:
        place = at % (len(data) + 1)
        data[place : place + len(put)] = put
    path.write_bytes(data)
    said = ""
    try:
        _, reader = read(path)
        reader.refuse_unfit()
    except RedwayError as error:
        said = error.message
    assert "Traceback" not in said


MAKERS: dict[str, Callable[[Path], object]] = {
    "csv": lambda path: path.write_text(TEXT * 3),
    "csv.gz": lambda path: path.write_bytes(gzip.compress((TEXT * 3).encode())),
    "parquet": lambda path: pl.DataFrame(
        {"school": ["A", "B"] * 9, "points": [1.0, 2.5] * 9, "gender": ["F", "M"] * 9}
    ).write_parquet(path),
}
