"""The national panel: one row per continuing school and decision date, with what was public on that date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from redway.improvement.as_at import known_on
from redway.improvement.below_rule import below_rule
from redway.improvement.errors import SameSchoolTwice
from redway.improvement.facts import OLDEST_YEARS, fact_tables
from redway.improvement.inspections import SAME_INSPECTION, collected_on, merged, refuse_strays
from redway.improvement.like_intake import BESIDE, beside_like_intake
from redway.improvement.national_sources import NationalSources
from redway.improvement.publication import PUBLIC_FROM, refuse_hindsight, with_public_day
from redway.improvement.record import authority_record, record_on
from redway.improvement.schools import KINDS, PHASES, open_on

RECORD = ("last_grade", "previous_grade", "was_below_good", "weaker_parts", "stronger_parts", "years_since")


STALE_RECORD = 366
"""Days by which the record of a school's inspections may end before the date and still be taken as whole."""


@dataclass(frozen=True)
class Panel:
    """Rows and what they stand on.

    - ``rows``: ``school, decision, urn, name, la_code, phase, kind, not_scored``, the record, the features
      and, for every source, ``public:<source>`` and ``period:<source>``.
    - ``inspections``: every inspection known, under its continuing school, for outcomes.
    - ``public_day``: feature -> the column with the day it became public.
    - ``record_ends``: the day of the last inspection held; no window may look beyond it.
    - ``observed``: ``urn, until``: how long the record of an establishment is held to be whole.
    - ``below_rule``: which results were below the coasting rule (``decline.below_rule``).
    - ``schools_on``: how many schools stood on each date when it was built.
    """

    rows: pl.DataFrame
    inspections: pl.DataFrame
    public_day: dict[str, str]
    record_ends: date
    observed: pl.DataFrame
    below_rule: pl.DataFrame
    schools_on: Mapping[date, int]


def build_panel(sources: NationalSources, decisions: Sequence[date]) -> Panel:
    """Build the panel for decision dates.

    Raises Hindsight, naming the column, if anything not public on a row's date came in, and StrayInspections
    where a few inspections are dated far beyond the rest.
    """
    refuse_strays(sources.history["inspection_date"])
    lines = _lines(sources.establishments)
    inspections = _of_schools(merged(sources.history, sources.listings), lines)
    tables = fact_tables(sources, lines)
    seen = _first_seen(sources)
    rows = open_on(sources.establishments, decisions, seen)
    rows = authority_record(record_on(rows, inspections))
    public_day = dict.fromkeys(RECORD, "public:record")
    for source, facts in tables.items():
        rows = known_on(rows, facts, source, OLDEST_YEARS)
        for name in facts.columns:
            if name not in ("school", PUBLIC_FROM, "period_end"):
                public_day[name] = f"public:{source}"
    rows = _with_area(rows, sources.deprivation)
    public_day["area_deprivation"] = "public:deprivation"
    rows = beside_like_intake(rows)
    for name in BESIDE:
        public_day[f"{name}_like"] = f"{public_day[name]}_like"
    refuse_hindsight(rows, public_day)
    refuse_twice(rows)
    observed = _observed(sources)
    rows = _with_record_known(rows, observed)
    return Panel(
        rows.sort("decision", "school"),
        inspections,
        public_day,
        inspections.get_column("started").max(),  # type: ignore[arg-type]
        observed,
        below_rule(sources, lines),
        dict(rows.group_by("decision").len().iter_rows()),
    )


def refuse_twice(rows: pl.DataFrame) -> None:
    """Raise SameSchoolTwice when a continuing school stands twice on one decision date."""
    twice = rows.filter(pl.struct("school", "decision").is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise SameSchoolTwice(
            f"School {first['school']} stands twice on {first['decision']}, under URN "
            f"{' and '.join(twice.filter(pl.col('school') == first['school'])['urn'].unique().sort())}.",
            "Keep the establishment that was open on that day.",
        )


def _lines(establishments: pl.DataFrame) -> pl.DataFrame:
    """Each URN's continuing school and phase; only establishments on a line's stem carry its figures."""
    return establishments.filter("on_stem").select(
        "urn", "school", phase=pl.col("phase").replace_strict(PHASES, default=None, return_dtype=pl.String)
    )


def _of_schools(inspections: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The inspections under continuing schools. A listing repeats a predecessor's under the academy."""
    since = (pl.col("started") - pl.col("started").shift(1).over("school")).dt.total_days()
    return (
        inspections.join(lines.select("urn", "school"), on="urn", how="inner")
        .sort("school", "started", "from_listing")
        .filter(since.is_null() | (since > SAME_INSPECTION))
    )


def _first_seen(sources: NationalSources) -> pl.DataFrame:
    """The first day anything of an establishment was public: census, workforce or inspection."""
    seen = [
        with_public_day(sources.census, "school-census").select("urn", seen=PUBLIC_FROM),
        with_public_day(sources.workforce, "workforce").select("urn", seen=PUBLIC_FROM),
        sources.history.select("urn", seen="inspection_date"),
        sources.listings.select("urn", seen="inspection_end_date"),
        sources.listings.select("urn", seen="previous_inspection_end_date"),
    ]
    return pl.concat(seen).drop_nulls().group_by("urn").agg(pl.col("seen").min())


def _observed(sources: NationalSources) -> pl.DataFrame:
    """Until when each establishment's inspections are known: the end of the history, or of a listing.

    Not by whether the history names it: an academy is named once it has been inspected, so that those named
    and not inspected before a day would be the ones inspected after it.
    """
    end = sources.history.get_column("inspection_date").max()
    collected = collected_on()
    whole = sources.establishments.filter(
        pl.col("type").is_in(list(KINDS))
        & (
            (pl.col("close_date") >= collected)
            | (pl.col("close_date").is_null() & (pl.col("status") != "Closed"))
        )
    ).select("urn", until=pl.lit(end, dtype=pl.Date))
    listed = with_public_day(
        sources.listings.select("urn", "listed_on").drop_nulls().unique(), "inspection-report", "listed_on"
    )
    # A listing holds what was published when it was made: inspections of the last weeks are not in it.
    lag = pl.col(PUBLIC_FROM) - pl.col("listed_on")
    return (
        pl.concat([whole, listed.select("urn", until=pl.col("listed_on") - lag)])
        .group_by("urn")
        .agg(pl.col("until").max())
    )


def _with_record_known(rows: pl.DataFrame, observed: pl.DataFrame) -> pl.DataFrame:
    """Add ``record_known``: whether the inspections of the establishment are held up to about the date.

    A listing of two years ago may miss the inspection that mattered, so its grade is no last grade.
    """
    until = rows.join(observed, on="urn", how="left", maintain_order="left")["until"]
    behind = (rows["decision"] - until).dt.total_days()
    return rows.with_columns((behind <= STALE_RECORD).fill_null(False).alias("record_known"))


def _with_area(rows: pl.DataFrame, deprivation: pl.DataFrame) -> pl.DataFrame:
    """Deprivation of children around the school, from 0 (least) to 1, once the index was public."""
    day = with_public_day(pl.DataFrame({"period_end": [date(2015, 12, 31)]}), "deprivation")[PUBLIC_FROM][0]
    most = deprivation.get_column("idaci_rank").max()
    area = deprivation.select("lsoa11_code", area_deprivation=1 - pl.col("idaci_rank") / most)
    known = pl.col("decision") >= day
    return (
        rows.join(area, on="lsoa11_code", how="left", maintain_order="left")
        .with_columns(pl.when(known).then("area_deprivation").alias("area_deprivation"))
        .with_columns(
            pl.when(pl.col("area_deprivation").is_not_null())
            .then(pl.lit(day, dtype=pl.Date))
            .alias("public:deprivation")
        )
    )
