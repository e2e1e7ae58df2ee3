"""The figures in force, read in milliseconds: one school or area, one measure, or their distributions.

A store may be kept for as long as the process runs: it looks at each reading which build is in force.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from redway.core.errors import NotEnoughData
from redway.core.home import Home
from redway.datasets.ledger import Version, VersionReader, as_at
from redway.indicators.bands import Band
from redway.indicators.building import BuildReport, made_by_another_catalogue, refresh
from redway.indicators.catalogue import Catalogue, load_catalogue
from redway.indicators.figures import best_edition
from redway.indicators.groups import ALL, BAND_SCHEMA
from redway.indicators.parts import limits_of, read_parts
from redway.indicators.paths import (
    BANDS,
    BASE_BY_ENTITY,
    BASE_BY_INDICATOR,
    RECENT_BY_ENTITY,
    RECENT_BY_INDICATOR,
    current_build,
    part_path,
    read_manifest,
    scan,
)
from redway.indicators.series import FIGURE_SCHEMA

__all__ = ["BuildReport", "SeriesStore", "Summary", "made_by_another_catalogue", "refresh"]


_COUNTED = ("school", "authority")


@dataclass(frozen=True)
class Summary:
    """How much is held, for a first look."""

    figures: int
    schools: int
    authorities: int
    indicators: int
    latest: str
    """The latest period held at authority level; empty when nothing is."""


class SeriesStore:
    """Reads the figures of one data folder. ``ledger`` is needed only for figures as at an earlier day."""

    def __init__(self, home: Home, ledger: VersionReader | None = None) -> None:
        self._home = home
        self._ledger = ledger

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    @property
    def build(self) -> str:
        """Name of the build in force, empty before the first: a mark that changes whenever figures do."""
        present = current_build(self._home)
        return present.name if present is not None else ""

    def figures(
        self,
        level: str,
        entities: Collection[str],
        indicators: Collection[str] | None = None,
        as_at: date | None = None,
        every_edition: bool = False,
    ) -> pl.DataFrame:
        """Figures of some schools or areas, all their periods, by entity, measure and period.

        ``level`` is school, authority, region or england; ``entities`` are URNs, authority numbers or ONS
        codes; ``indicators`` leaves out other measures. One row per figure of the highest edition (all
        editions with ``every_edition``), in the columns of ``FIGURE_SCHEMA``. Missing figures are rows with
        a reason. ``as_at`` shows the figures in force at the end of that day.
        """
        wanted: dict[str, Collection[str]] = {"level": [level], "entity": entities}
        if indicators is not None:
            wanted["indicator"] = indicators
        if as_at is not None:
            found = self._as_at(as_at, wanted)
        elif indicators is not None and len(indicators) < len(entities):
            found = self._read(wanted, BASE_BY_INDICATOR, RECENT_BY_INDICATOR)
        else:
            found = self._read(wanted, BASE_BY_ENTITY, RECENT_BY_ENTITY)
        if every_edition:
            return found.sort("entity", "indicator", "period_end", "edition_rank", "version")
        return best_edition(found).sort("entity", "indicator", "period_end")

    def across(
        self, level: str, indicator: str, period: str | None = None, as_at: date | None = None
    ) -> pl.DataFrame:
        """Every school's or area's figure of one measure, in one period or all; missing ones included."""
        periods = None if period is None else [period]
        return self.across_many(level, [indicator], periods, as_at).sort("period_end", "entity")

    def across_many(
        self,
        level: str,
        indicators: Collection[str],
        periods: Collection[str] | None = None,
        as_at: date | None = None,
    ) -> pl.DataFrame:
        """Every school's or area's figures of several measures; no order is promised."""
        wanted: dict[str, Collection[str]] = {"level": [level], "indicator": indicators}
        if periods is not None:
            wanted["period"] = periods
        if as_at is not None:
            found = self._as_at(as_at, wanted)
        else:
            found = self._read(wanted, BASE_BY_INDICATOR, RECENT_BY_INDICATOR)
        return best_edition(found)

    def distribution(
        self, indicator: str, period: str, group: str = ALL, level: str = "school"
    ) -> Band | None:
        """How the values of one measure and period spread over a group, or None where too few are held.

        ``group`` is a phase as the register writes it, or 'all'.
        """
        rows = self.bands(level, group, [indicator]).filter(pl.col("period") == period)
        if rows.is_empty():
            return None
        row = rows.row(0, named=True)
        return Band(**{name: row[name] for name in Band.__dataclass_fields__})

    def bands(
        self, level: str, groups: str | Collection[str] = ALL, indicators: Collection[str] | None = None
    ) -> pl.DataFrame:
        """Distributions over one group or several, all periods; columns as in ``bands.parquet``."""
        build = current_build(self._home)
        if build is None:
            return pl.DataFrame(schema=BAND_SCHEMA)
        named = [groups] if isinstance(groups, str) else list(groups)
        wanted = (pl.col("level") == level) & pl.col("group").is_in(named)
        if indicators is not None:
            wanted &= pl.col("indicator").is_in(list(indicators))
        return scan(build / BANDS).filter(wanted).collect()

    def periods(self, level: str, indicator: str) -> list[str]:
        """Periods for which at least one value is held, oldest first."""
        held = self.across(level, indicator).filter(pl.col("value").is_not_null())
        return held.select("period", "period_end").unique().sort("period_end")["period"].to_list()

    def lineage(self, level: str, entity: str, indicator: str, period: str) -> pl.DataFrame:
        """The cells a figure came from, the one shown first: format, version, row and column of each.

        All editions are there, so that a provisional figure can be seen beside the final one.
        """
        wanted: dict[str, Collection[str]] = {
            "level": [level],
            "entity": [entity],
            "indicator": [indicator],
            "period": [period],
        }
        found = self._read(wanted, BASE_BY_ENTITY, RECENT_BY_ENTITY)
        shown = best_edition(found)
        rest = found.join(shown, on=["version", "row", "column"], how="anti")
        rest = rest.sort("edition_rank", "version", descending=True)
        names = ["value", "missing", "edition", "format", "version", "row", "column"]
        return pl.concat([shown, rest]).select(names)

    def summary(self) -> Summary:
        """How much is held."""
        build = current_build(self._home)
        if build is None:
            return Summary(0, 0, 0, 0, "")
        held = self._scan(build, BASE_BY_ENTITY, RECENT_BY_ENTITY).filter(pl.col("value").is_not_null())
        schools, authorities = (pl.col("entity").filter(pl.col("level") == level) for level in _COUNTED)
        counts = held.select(
            pl.len().alias("figures"),
            schools.n_unique().alias("schools"),
            authorities.n_unique().alias("authorities"),
            pl.col("indicator").n_unique().alias("indicators"),
        )
        newest = held.filter(pl.col("level") == "authority").select(
            pl.col("period").get(pl.col("period_end").arg_max()).alias("latest")
        )
        row = counts.collect().row(0, named=True)
        return Summary(**row, latest=newest.collect()["latest"][0] or "")

    def _read(self, wanted: Mapping[str, Collection[str]], base: str, recent: str) -> pl.DataFrame:
        build = current_build(self._home)
        if build is None:
            return pl.DataFrame(schema=FIGURE_SCHEMA)
        chosen = [_among(name, texts) for name, texts in wanted.items()]
        return self._scan(build, base, recent, *chosen).collect()

    @staticmethod
    def _scan(build: Path, base: str, recent: str, *chosen: pl.Expr) -> pl.LazyFrame:
        """Base figures still in force, and the recent ones; filtered at the file, where it is cheap."""
        manifest = read_manifest(build)
        figures = scan(build / base).filter(*chosen) if chosen else scan(build / base)
        gone = [version for version in manifest.base if version not in manifest.live]
        if gone:
            figures = figures.filter(~pl.col("version").is_in(gone))
        if any(version not in manifest.base for version in manifest.live):
            later = scan(build / recent)
            figures = pl.concat([figures, later.filter(*chosen) if chosen else later])
        return figures

    def _as_at(self, day: date, wanted: Mapping[str, Collection[str]]) -> pl.DataFrame:
        if self._ledger is None:
            raise NotEnoughData(
                "Figures of an earlier day need the ledger.", "Open the store with its ledger."
            )
        in_force: Sequence[Version] = as_at(self._ledger.versions(), day)
        useful = [version for version in in_force if self.catalogue.from_format(version.format)]
        for version in useful:
            if not part_path(self._home, version.id).exists():
                raise NotEnoughData(
                    f"The figures of {version.file_name} have not been computed yet.",
                    "Import any file again, or wait until the import that is running has finished.",
                )
        texts = {name: list(values) for name, values in wanted.items()}
        return read_parts(self._home, [version.id for version in useful], limits_of(useful), texts)


def _among(name: str, texts: Collection[str]) -> pl.Expr:
    # One text is compared and not looked up in a set: the statistics of row groups then decide at once.
    if len(texts) == 1:
        return pl.col(name) == next(iter(texts))
    return pl.col(name).is_in(list(texts))
