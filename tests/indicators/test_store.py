"""Figures from committed versions: kept up to date in part, read back, and traced to their cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import absence, key_stage_2, lait, write
from redway.core.errors import NotEnoughData
from redway.core.home import Home
from redway.core.identifiers import ENGLAND
from redway.datasets.ledger import Version
from redway.indicators import paths
from redway.indicators.figures import best_edition
from redway.indicators.intervals import poisson_rate, wilson
from redway.indicators.series import FIGURE_SCHEMA
from redway.indicators.store import BuildReport, SeriesStore, refresh

Bring = Callable[..., Version]
Update = Callable[[], BuildReport]


def values(frame: pl.DataFrame) -> dict[str, float | None]:
    return dict(frame.select("period", "value").iter_rows())


def test_before_the_first_import_there_is_nothing_and_no_error(store: SeriesStore) -> None:
    assert store.figures("school", ["100001"]).is_empty()
    assert store.bands("school").is_empty()
    assert store.distribution("overall-absence", "2022-23") is None
    assert (store.build, store.summary().figures) == ("", 0)


def test_a_school_has_its_figures_with_the_columns_of_the_contract(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    version = bring(absence(tmp_path, 2023, {"100001": "7.7", "100002": "8.1"}))
    report = update()
    assert (report.kind, report.computed) == ("whole", (version.id,))
    found = store.figures("school", ["100001"], ["overall-absence"])
    assert dict(found.schema) == FIGURE_SCHEMA
    row = found.row(0, named=True)
    assert (row["period"], row["period_end"], row["value"]) == ("2022-23", date(2023, 8, 31), 7.7)
    assert (row["version"], row["row"], row["column"]) == (version.id, 2, "overall_absence")


def test_missing_figures_are_rows_with_a_reason_and_never_zero(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2023, {"100001": "SUPP", "100002": "NE", "100003": ""}))
    update()
    found = store.across("school", "overall-absence", "2022-23")
    assert found["value"].null_count() == 3
    assert dict(found.select("entity", "missing").iter_rows()) == {
        "100001": "suppressed",
        "100002": "no_entries",
        "100003": "blank",
    }


def test_aggregates_in_a_school_file_stand_at_their_own_level(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2023, {"100001": "7.7"}))
    update()
    assert store.across("school", "overall-absence")["entity"].to_list() == ["100001"]
    assert values(store.figures("england", [ENGLAND], ["secondary-absence"])) == {"2022-23": 9.0}
    assert values(store.figures("england", [ENGLAND], ["primary-absence"])) == {"2022-23": 5.9}


def test_a_percentage_of_a_known_cohort_gets_a_wilson_interval(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(key_stage_2(tmp_path, 2018, [("100001", "30", "40%"), ("100002", "8", "SUPP")]))
    update()
    row = store.figures("school", ["100001"], ["ks2-reading-writing-maths"]).row(0, named=True)
    expected = wilson(12, 30)
    assert (row["numerator"], row["denominator"], row["interval"]) == (12.0, 30.0, "wilson")
    assert (row["lower"], row["upper"]) == pytest.approx((expected.lower * 100, expected.upper * 100))
    hidden = store.figures("school", ["100002"], ["ks2-reading-writing-maths"]).row(0, named=True)
    assert (hidden["value"], hidden["lower"], hidden["interval"]) == (None, None, "none")


def test_destinations_are_of_those_who_finished_two_years_before_the_tables(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    # The tables of 2017: "Number of pupils completing key stage 4 in 2014/15"; their row for England.
    header = "RECTYPE,LEA,URN,COHORT,OVERALL_DEST,OVERALL_DESTPER"
    rows = ["NAT,,,553910,519985,94%", "1,826,100001,180,171,95%", "2,826,100002,8,SUPP,SUPP"]
    bring(write(tmp_path / "england_ks4-pupdest_2017.csv", [header, *rows]))
    update()
    england = store.figures("england", [ENGLAND], ["ks4-sustained-destination"]).row(0, named=True)
    assert (england["period"], england["value"]) == ("2014-15", 94.0)
    assert england["numerator"] / england["denominator"] == pytest.approx(0.9387, abs=1e-4)
    assert england["lower"] < 93.87 < england["value"] <= england["upper"]
    hidden = store.figures("school", ["100002"], ["ks4-sustained-destination"]).row(0, named=True)
    assert (hidden["period"], hidden["value"], hidden["missing"]) == ("2014-15", None, "suppressed")


def test_the_grade_of_childrens_services_is_read_however_it_is_written(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    # Published by Ofsted: Milton Keynes, inspected to 8 November 2024, good.
    header = "la_code,local_authority,overall_effectiveness_grade,inspection_start_date,inspection_end_date"
    rows = [
        "826,milton keynes,good,28/10/2024,08/11/2024",
        "202,made-up,Requires Improvement to be Good,01/09/2025,12/09/2025",
        "203,made-up,nan,01/09/2025,12/09/2025",
    ]
    bring(
        write(
            tmp_path / "overview.csv",
            [f"{header},help_and_protection_grade", *(f"{row},outstanding" for row in rows)],
        )
    )
    update()
    code = "childrens-services-inspection-grade"
    ours = store.figures("authority", ["826"], [code]).row(0, named=True)
    assert (ours["period"], store.catalogue.get(code).show(ours["value"])) == ("2024-11-08", "Good")
    others = store.figures("authority", ["202", "203"], [code])
    assert others.select("value", "missing").rows() == [(3.0, None), (None, "blank")]


def test_authority_england_and_region_rows_of_the_long_file(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    rows = [
        ("SecTotAbs", "2025", la, value) for la, value in (("826", "8.59"), ("970", "8.44"), ("989", "8.5"))
    ]
    bring(lait(tmp_path, [*rows, ("CPP_rate", "2025", "826", "41.2"), ("SecTotAbs", "2020", "826", "-")]))
    update()
    mine = store.figures("authority", ["826"])
    assert values(mine.filter(pl.col("indicator") == "secondary-absence")) == {
        "2019-20": None,
        "2024-25": 8.59,
    }
    assert values(mine.filter(pl.col("indicator") == "cp-plans-per-10000")) == {"2025": 41.2}
    assert store.figures("england", [ENGLAND])["value"].to_list() == [8.44]
    assert store.figures("region", ["E12000008"])["value"].to_list() == [8.5]


def test_the_interval_of_a_rate_comes_from_the_count_behind_it(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    rows = [("LAC", "2025", "826", "68"), ("LACnum", "2025", "826", "480"), ("LAC", "2024", "826", "56")]
    bring(lait(tmp_path, rows))
    update()
    later, earlier = (
        row for row in store.figures("authority", ["826"], ["looked-after-per-10000"])[::-1].rows(named=True)
    )
    expected = poisson_rate(480, 480 / 68)
    assert (later["numerator"], later["interval"]) == (480.0, "poisson")
    assert (later["lower"], later["upper"]) == pytest.approx((expected.lower, expected.upper))
    assert (earlier["lower"], earlier["interval"]) == (None, "none")


def test_a_label_that_is_no_period_gives_no_figure(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    rows = [("CINPermExclusion", "0", "826", "1"), ("CINPermExclusion", "2017", "826", "0.9")]
    bring(lait(tmp_path, rows))
    update()
    assert store.figures("authority", ["826"])["period"].to_list() == ["2016-17"]


def test_adding_a_file_computes_only_that_file(
    tmp_path: Path, home: Home, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2018, {f"{100000 + n}": "5.0" for n in range(1, 101)}))
    first = update()
    assert update().kind == "unchanged"
    later = bring(absence(tmp_path, 2023, {"100001": "7.7"}))
    second = update()
    assert (second.kind, second.computed) == ("added", (later.id,))
    assert second.build > first.build
    assert values(store.figures("school", ["100001"], ["overall-absence"])) == {
        "2017-18": 5.0,
        "2022-23": 7.7,
    }


def test_base_and_recent_become_one_when_much_is_new(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2018, {"100001": "5.0"}))
    update()
    bring(absence(tmp_path, 2023, {"100001": "7.7", "100002": "6.0"}))
    assert update().kind == "whole"
    assert values(store.figures("school", ["100001"], ["overall-absence"])) == {
        "2017-18": 5.0,
        "2022-23": 7.7,
    }


def test_a_corrected_file_takes_over_and_the_old_day_can_still_be_seen(
    tmp_path: Path, ledger: MemoryLedger, bring: Bring, update: Update, store: SeriesStore
) -> None:
    schools = {f"{100000 + n}": "5.0" for n in range(1, 61)}
    bring(absence(tmp_path, 2018, schools))
    update()
    day_before = ledger.now.date()
    ledger.now = ledger.now.replace(day=day_before.day + 5)
    bring(absence(tmp_path, 2018, schools | {"100001": "6.5"}))
    update()
    assert values(store.figures("school", ["100001"], ["overall-absence"])) == {"2017-18": 6.5}
    then = store.figures("school", ["100001"], ["overall-absence"], as_at=day_before)
    assert values(then) == {"2017-18": 5.0}
    assert store.across("school", "overall-absence", as_at=day_before).height == 60


def test_a_withdrawn_file_leaves_the_figures(
    tmp_path: Path, ledger: MemoryLedger, bring: Bring, update: Update, store: SeriesStore
) -> None:
    kept = bring(absence(tmp_path, 2018, {f"{100000 + n}": "5.0" for n in range(1, 101)}))
    gone = bring(absence(tmp_path, 2023, {"100001": "7.7"}))
    update()
    ledger.withdraw(gone.id)
    assert update().kind == "added"
    assert store.figures("school", ["100001"])["version"].unique().to_list() == [kept.id]


def test_a_final_figure_outranks_a_provisional_one_even_when_it_is_missing() -> None:
    def figure(edition: int, value: float | None, version: int) -> dict[str, object]:
        empty = dict.fromkeys(FIGURE_SCHEMA)
        named = {"level": "school", "entity": "100001", "indicator": "ks4-progress8", "period": "2017-18"}
        return empty | named | {"edition_rank": edition, "value": value, "version": version}

    rows = [figure(0, -0.2, 1), figure(2, None, 2), figure(1, -0.1, 3)]
    chosen = best_edition(pl.DataFrame(rows, schema=FIGURE_SCHEMA))
    assert chosen.select("value", "version").rows() == [(None, 2)]


def test_lineage_leads_to_the_cell(tmp_path: Path, bring: Bring, update: Update, store: SeriesStore) -> None:
    version = bring(absence(tmp_path, 2023, {"100001": "7.7", "100002": "8.1"}))
    update()
    (row,) = store.lineage("school", "100002", "overall-absence", "2022-23").rows(named=True)
    assert (row["format"], row["version"], row["row"]) == ("absence-2015-16-on", version.id, 3)


def test_distributions_are_over_schools_with_a_figure(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2023, {f"{100000 + n}": str(n) for n in range(1, 10)} | {"100099": "SUPP"}))
    update()
    spread = store.distribution("overall-absence", "2022-23")
    assert spread is not None
    assert (spread.n, spread.mean, spread.median, spread.q1) == (9, 5.0, 5.0, 3.0)
    assert store.distribution("overall-absence", "2022-23", "Primary") is None


def test_bands_follow_a_file_that_is_added(
    tmp_path: Path, bring: Bring, update: Update, store: SeriesStore
) -> None:
    bring(absence(tmp_path, 2018, {f"{100000 + n}": "5.0" for n in range(1, 201)}))
    update()
    bring(absence(tmp_path, 2023, {f"{100000 + n}": str(n) for n in range(1, 10)}))
    assert update().kind == "added"
    later = store.distribution("overall-absence", "2022-23")
    earlier = store.distribution("overall-absence", "2017-18")
    assert later is not None
    assert earlier is not None
    assert (later.n, earlier.n) == (9, 200)


def test_a_killed_refresh_leaves_the_old_figures_and_is_swept(
    tmp_path: Path,
    home: Home,
    bring: Bring,
    update: Update,
    store: SeriesStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(absence(tmp_path, 2018, {"100001": "5.0"}))
    update()
    bring(absence(tmp_path, 2023, {"100001": "7.7"}))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("redway.indicators.building.make_current", killed)
        with pytest.raises(KeyboardInterrupt):
            update()
    assert values(store.figures("school", ["100001"], ["overall-absence"])) == {"2017-18": 5.0}
    update()
    assert values(store.figures("school", ["100001"], ["overall-absence"])) == {
        "2017-18": 5.0,
        "2022-23": 7.7,
    }
    assert not list(paths.series_folder(home).glob(".*"))


def test_only_the_present_build_and_the_one_before_are_kept(
    tmp_path: Path, home: Home, bring: Bring, update: Update
) -> None:
    for year in (2017, 2018, 2019, 2022, 2023):
        bring(absence(tmp_path, year, {"100001": "5.0"}))
        update()
    assert len(list(paths.series_folder(home).glob("build-*"))) <= 3


def test_files_without_a_urn_need_the_register(
    tmp_path: Path, home: Home, ledger: MemoryLedger, bring: Bring
) -> None:

    bring(
        write(
            tmp_path / "ks2_cva_2007.csv",
            ["rec,lea,est,totpups,aps,CVAmeas,URN", "1,826,2001,30,27.1,99.8,7"],
        )
    )
    report = refresh(home, ledger.versions())
    assert report.figures == 0
    assert report.left_out == {"The school or area could not be found in the register.": 1}


def test_an_earlier_day_needs_the_ledger(home: Home) -> None:
    with pytest.raises(NotEnoughData, match="ledger"):
        SeriesStore(home).figures("school", ["100001"], as_at=date(2026, 9, 1))
