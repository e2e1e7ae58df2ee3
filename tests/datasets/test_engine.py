"""The one door for questions: the versions in force as tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from datasets.made_up import schools, write
from datasets.memory_ledger import MemoryLedger
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.engine import Engine, QueryError
from redway.datasets.import_report import FileReport

Import = Callable[..., FileReport]
MEAN = (
    "SELECT _period, round(avg(overall_absence), 3) AS mean FROM dataset('absence') GROUP BY ALL ORDER BY ALL"
)


@pytest.fixture
def corrected(tmp_path: Path, bring_in: Import) -> None:
    bring_in(write(tmp_path, "abs_2017.csv", schools(40)))
    bring_in(write(tmp_path, "abs_2018.csv", schools(40, absence="6.0")))
    bring_in(write(tmp_path, "abs_2017.csv", schools(40, absence="5.0")))


@pytest.mark.usefixtures("corrected")
def test_a_dataset_is_every_version_in_force_with_its_lineage(home: Home, ledger: MemoryLedger) -> None:
    engine = Engine(home, ledger)
    assert engine.datasets == ["absence"]
    assert engine.query(MEAN).rows() == [("2016-17", 5.0), ("2017-18", 6.0)]
    found = engine.query("SELECT DISTINCT _format, _version FROM dataset('absence') ORDER BY ALL")
    assert found.rows() == [("made-up-absence", 2), ("made-up-absence", 3)]


@pytest.mark.usefixtures("corrected")
def test_yesterday_is_still_there(home: Home, ledger: MemoryLedger) -> None:
    assert Engine(home, ledger, date(2026, 9, 2)).query(MEAN).rows() == [("2016-17", 4.5), ("2017-18", 6.0)]
    assert Engine(home, ledger, date(2026, 9, 1)).query(MEAN).rows() == [("2016-17", 4.5)]


@pytest.mark.usefixtures("corrected")
def test_parameters_are_never_part_of_the_text(home: Home, ledger: MemoryLedger) -> None:
    query = "SELECT count(*) FROM dataset('absence') WHERE urn = ?"
    assert Engine(home, ledger).query(query, ["100001"]).item() == 2
    assert Engine(home, ledger).query(query, ["' OR 1=1 --"]).item() == 0


@pytest.mark.usefixtures("corrected")
def test_overlapping_series_are_not_counted_twice(
    home: Home, ledger: MemoryLedger, tmp_path: Path, bring_in: Import
) -> None:
    header = "time_period,geographic_level,old_la_code,plans\n"
    rows = {year: f"{year}{(year + 1) % 100},LA,826,{year}\n" for year in range(2015, 2022)}
    bring_in(write(tmp_path, "plans_a.csv", header + rows[2015] + rows[2016] + rows[2017] + rows[2018]))
    later = header + rows[2017] + rows[2018] + rows[2019] + rows[2020]
    bring_in(write(tmp_path, "a/plans_a.csv", later.replace("LA,826,2017", "LA,826,7")))
    found = Engine(home, ledger).query("SELECT _period, plans FROM dataset('years') ORDER BY ALL")
    assert found["_period"].to_list() == ["2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21"]
    assert found["plans"].to_list() == [2015, 2016, 7, 2018, 2019, 2020]


def test_wrong_questions_are_answered_in_words(home: Home, ledger: MemoryLedger) -> None:
    with pytest.raises(QueryError, match="cannot be answered"):
        Engine(home, ledger).query("SELECT * FROM dataset('absence')")
    with pytest.raises(NotFound, match="Nothing of the dataset"):
        Engine(home, ledger).open("absence")
