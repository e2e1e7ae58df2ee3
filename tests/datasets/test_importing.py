"""Committing: once, whole, in versions, and only what nobody need look at first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from datasets.made_up import FORMATS, HEADER, schools, write
from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake
from redway.datasets.ledger import State, as_at

Import = Callable[..., FileReport]
Rows = Callable[[FileReport], pl.DataFrame]


def tree(home: Home) -> dict[str, int]:
    return {
        str(path.relative_to(home.root)): path.stat().st_mtime_ns
        for path in home.root.rglob("*")
        if path.is_file()
    }


def test_the_same_file_again_changes_nothing(tmp_path: Path, bring_in: Import, home: Home) -> None:
    path = write(tmp_path, "abs_2017.csv", schools(40))
    first = bring_in(path)
    before = tree(home)
    again = bring_in(path)
    renamed = bring_in(write(tmp_path, "2016-17/other.csv", schools(40)))
    assert (first.outcome, first.version) == (Outcome.COMMITTED, 1)
    for report in (again, renamed):
        assert (report.outcome, report.version, report.version_id) == (Outcome.UNCHANGED, 1, first.version_id)
        assert (report.rows_read, report.rows_loaded) == (40, 40)
    assert tree(home) == before


def test_a_corrected_file_is_a_new_version_and_the_old_one_can_still_be_seen(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger
) -> None:
    first = bring_in(write(tmp_path, "abs_2017.csv", schools(40)))
    second = bring_in(write(tmp_path, "abs_2017.csv", schools(40, absence="5.0")))
    assert (first.version, second.version) == (1, 2)
    assert [version.id for version in as_at(ledger.versions())] == [second.version_id]
    assert [version.id for version in as_at(ledger.versions(), date(2026, 9, 1))] == [first.version_id]
    assert as_at(ledger.versions(), date(2026, 8, 31)) == []
    old_again = bring_in(write(tmp_path, "abs_2017.csv", schools(40)))
    assert (old_again.outcome, old_again.version) == (Outcome.UNCHANGED, 1)
    assert "a later version has replaced" in " ".join(old_again.reasons)


def test_each_period_is_a_chain_of_its_own(tmp_path: Path, bring_in: Import) -> None:
    assert bring_in(write(tmp_path, "abs_2017.csv", schools(40))).version == 1
    assert bring_in(write(tmp_path, "abs_2018.csv", schools(38))).version == 1


@pytest.mark.parametrize(("count", "outcome"), [(950, Outcome.COMMITTED), (949, Outcome.HELD)])
def test_fewer_than_95_percent_of_the_last_versions_schools_is_held(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, count: int, outcome: Outcome
) -> None:
    bring_in(write(tmp_path, "abs_2017.csv", schools(1000)))
    path = write(tmp_path, "abs_2017.csv", schools(count, absence="5.0"))
    report = bring_in(path)
    assert report.outcome is outcome
    if outcome is Outcome.HELD:
        assert "949" in report.reasons[0]
        assert [version.number for version in as_at(ledger.versions())] == [1]
        assert bring_in(path).outcome is Outcome.HELD
        accepted = bring_in(path, accept=True)
        assert (accepted.outcome, accepted.version) == (Outcome.COMMITTED, 2)
        assert [version.number for version in as_at(ledger.versions())] == [2]


def test_a_file_of_a_few_authorities_is_a_chain_of_its_own(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger
) -> None:
    national = bring_in(write(tmp_path, "abs_2017.csv", schools(200)))
    part = bring_in(write(tmp_path, "abs_2017.csv", HEADER + "100001,A,826,4.5\n"))
    assert part.outcome is Outcome.COMMITTED
    scopes = {version.scope: version.number for version in ledger.versions()}
    assert scopes == {"": 1, "826": 1}
    # While the national file is in force its rows count, so that no school counts twice.
    assert [version.id for version in as_at(ledger.versions())] == [national.version_id]


def test_a_file_that_does_not_say_its_period_is_held_and_told_what_to_do(
    tmp_path: Path, bring_in: Import
) -> None:
    path = write(tmp_path, "absence.csv", schools(40))
    report = bring_in(path)
    assert (report.outcome, report.version) == (Outcome.HELD, None)
    assert "--period" in report.reasons[0]
    assert bring_in(path, period="2016/17").period == "2016-17"


def test_a_fixed_period_is_not_overruled(tmp_path: Path, bring_in: Import) -> None:
    path = write(tmp_path, "old_2017.csv", "URN,OLDABS\n100001,4.5\n")
    assert bring_in(path, period="2016-17").period == "2009-10"


def test_a_column_mapped_against_its_header_is_held_until_accepted(tmp_path: Path, bring_in: Import) -> None:
    path = write(tmp_path, "abs_2017.csv", "URN,LA,TAVENT_G_PTQ_EE\n100001,201,7.7\n")
    mapping = {"overall_absence": "TAVENT_G_PTQ_EE"}
    report = bring_in(path, mapping=mapping)
    assert report.outcome is Outcome.HELD
    assert "GCSE entries" in report.reasons[0]
    assert bring_in(path, mapping=mapping, accept=True).outcome is Outcome.COMMITTED


def test_checking_commits_nothing(tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home) -> None:
    report = bring_in(write(tmp_path, "abs_2017.csv", schools(40)), check_only=True)
    assert (report.outcome, report.rows_loaded, report.version) == (Outcome.CHECKED, 40, None)
    assert ledger.versions() == []
    assert not home.lake.exists()
    assert not home.sources.exists()


def test_what_the_json_says(tmp_path: Path, bring_in: Import) -> None:
    report = bring_in(write(tmp_path, "abs_2017.csv", HEADER + "100001,A,201,4.5\n100002,B,201,lots\n"))
    assert report.to_json() == {
        "path": str(tmp_path / "abs_2017.csv"),
        "kind": "made-up-absence",
        "period": "2016-17",
        "rows_read": 2,
        "rows_loaded": 2,
        "rows_rejected": 0,
        "held": False,
        "version": 1,
        "errors": [
            {
                "row": 3,
                "column": "PERCTOT",
                "value": "lots",
                "message": "It is not a percentage. Write it as 51.2 or 51.2%.",
            }
        ],
    }


def test_every_file_of_a_folder_is_spoken_of(tmp_path: Path, home: Home, ledger: MemoryLedger) -> None:
    folder = tmp_path / "files"
    write(folder, "2015-2016/abs.csv", schools(40))
    write(folder, "2016-2017/abs.csv", schools(40))
    write(folder, "notes.csv", "apples,pears\n1,2\n")
    write(folder, ".hidden.csv", schools(3))
    seen: list[tuple[str, float]] = []
    reports = import_path(
        folder, ledger, home, formats=FORMATS, progress=lambda name, share: seen.append((name, share))
    )
    assert [report.outcome for report in reports] == [
        Outcome.COMMITTED,
        Outcome.COMMITTED,
        Outcome.NOT_RECOGNISED,
    ]
    assert all(report.reasons for report in reports if report.outcome is Outcome.NOT_RECOGNISED)
    assert seen[0][1] == 0.0
    assert seen[-1][1] == 1.0


def test_the_file_is_kept_as_it_came_under_its_fingerprint(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home
) -> None:
    path = write(tmp_path, "abs_2017.csv", schools(40))
    bring_in(path)
    (version,) = ledger.versions()
    assert Lake(home).source_path(version.sha256).read_bytes() == path.read_bytes()
    assert not [left for left in home.staging.iterdir() if left.name != ".lock"]


def test_stopping_half_way_keeps_nothing(tmp_path: Path, home: Home, ledger: MemoryLedger) -> None:
    def stop(_name: str, share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_path(
            write(tmp_path, "abs_2017.csv", schools(40)), ledger, home, formats=FORMATS, progress=stop
        )
    assert ledger.versions() == []
    assert not [left for left in home.staging.iterdir() if left.name != ".lock"]


def test_a_better_description_reads_the_same_file_again(tmp_path: Path, bring_in: Import) -> None:
    import dataclasses

    path = write(tmp_path, "abs_2017.csv", schools(40))
    assert bring_in(path).version == 1
    better = dataclasses.replace(FORMATS[0], note="Read better.")
    assert bring_in(path, formats=(better, *FORMATS[1:])).version == 2


def test_longer_series_answer_for_the_periods_of_shorter_ones(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger
) -> None:
    def table(first: int, last: int) -> str:
        rows = "".join(f"{year}{(year + 1) % 100},LA,826,{year}\n" for year in range(first, last + 1))
        return "time_period,geographic_level,old_la_code,plans\n" + rows

    newer: Any = bring_in(write(tmp_path, "plans_2020_2024.csv", table(2018, 2023)))
    older: Any = bring_in(write(tmp_path, "plans_2016_2020.csv", table(2019, 2022)))
    assert (newer.outcome, older.outcome) == (Outcome.COMMITTED, Outcome.COMMITTED)
    assert [version.id for version in as_at(ledger.versions())] == [newer.version_id]
    assert all(version.state is State.CURRENT for version in ledger.versions())
