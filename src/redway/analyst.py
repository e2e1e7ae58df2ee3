"""Redway for analysts: the committed data, the figures and the register as Polars frames. No Django.

    import redway
    workspace = redway.open("path/to/data")         # or REDWAY_HOME
    workspace.series("secondary-absence", authority="826")
    workspace.benchmark("826", "secondary-absence", model="2021")
    workspace.value_added("pupil-results-ks4", "attainment8 ~ prior_attainment + gender + (1 | school)")

Everything is read only, and reads the same figures as the pages. Errors say what was wrong and what to do.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from redway.core.errors import NotFound, RedwayError
from redway.core.home import Home, find_home
from redway.core.identifiers import ENGLAND, la_code, urn
from redway.datasets.engine import Engine
from redway.datasets.ledger import SqlLedger, Version, VersionReader
from redway.datasets.register import Register
from redway.datasets.register_files import read_register
from redway.indicators.catalogue import Catalogue, load_catalogue
from redway.indicators.comparison import compare
from redway.indicators.findings import findings
from redway.indicators.neighbours import LATEST_MODEL, Neighbours, load_neighbours
from redway.indicators.store import SeriesStore

if TYPE_CHECKING:
    from redway.attainment.model import Model


class AmbiguousQuestionError(RedwayError):
    """A question that names too little or too much."""


def open_workspace(
    home: str | os.PathLike[str] | None = None, ledger: VersionReader | None = None
) -> Workspace:
    """Open a data folder (the one given, else REDWAY_HOME) for reading.

    ``ledger`` stands in for the transaction store in tests. Raises NotFound when the folder is not there.
    """
    found = find_home(home)
    if not found.root.is_dir():
        raise NotFound(
            f"There is no data folder at {found.root}.",
            "Give its path, set REDWAY_HOME, or make one with: redway import PATH",
        )
    return Workspace(found, ledger or SqlLedger(found))


class Workspace:
    """A data folder opened for reading. Make one with :func:`redway.open`."""

    def __init__(self, home: Home, ledger: VersionReader) -> None:
        self._home = home
        self._ledger = ledger
        self._store = SeriesStore(home, ledger)

    @property
    def catalogue(self) -> Catalogue:
        """Every measure: what it means, its unit, its breaks, what it is made from."""
        return load_catalogue()

    def indicators(self, level: str | None = None) -> pl.DataFrame:
        """Measures, one row each: code, title, topic, unit, polarity, levels, definition."""
        found = self.catalogue.indicators if level is None else self.catalogue.at_level(level)
        names = ("code", "title", "topic", "unit", "polarity", "definition", "how_to_read", "publisher")
        rows = [
            {name: str(getattr(one, name)) for name in names} | {"levels": ", ".join(one.levels)}
            for one in found
        ]
        return pl.DataFrame(rows, schema=[*names, "levels"])

    def datasets(self) -> pl.DataFrame:
        """Datasets with something in force: versions, rows, days covered, when last committed."""
        versions = self.versions().filter(pl.col("state") == "current")
        return (
            versions.group_by("dataset")
            .agg(
                pl.len().alias("versions"),
                pl.col("rows").sum(),
                pl.col("period_start").min(),
                pl.col("period_end").max(),
                pl.col("committed_at").max().alias("last_committed"),
            )
            .sort("dataset")
        )

    def versions(self, dataset: str | None = None) -> pl.DataFrame:
        """Every committed or held file, in order of arrival: what, which period, state, file, rows, when."""
        found = self._ledger.versions(dataset=dataset or "")
        if dataset is not None and not found:
            raise self._no_dataset(dataset)
        return pl.DataFrame([_version_row(one) for one in found], schema=_VERSION_SCHEMA)

    def table(self, dataset: str, as_at: date | None = None) -> pl.DataFrame:
        """All rows of a dataset in force now, or at the end of a day.

        ``_row``, ``_level``, ``_period``, ``_format`` and ``_version`` say where each row came from.
        Raises NotFound when nothing of it is in force.
        """
        engine = Engine(self._home, self._ledger, as_at)
        try:
            if dataset not in engine.datasets:
                raise self._no_dataset(dataset)
            engine.open(dataset)
            return engine.query(f'SELECT * FROM "{dataset}" ORDER BY _version, _row')  # noqa: S608 - checked
        finally:
            engine.close()

    def sql(self, query: str, as_at: date | None = None) -> pl.DataFrame:
        """Answer SQL (DuckDB's dialect) over ``dataset('name')`` tables in force. Raises QueryError.

        >>> workspace.sql("SELECT count(*) FROM dataset('absence')")  # doctest: +SKIP
        """
        engine = Engine(self._home, self._ledger, as_at)
        try:
            return engine.query(query)
        finally:
            engine.close()

    def series(
        self,
        indicator: str,
        *,
        school: str | None = None,
        authority: str | None = None,
        level: str | None = None,
        as_at: date | None = None,
    ) -> pl.DataFrame:
        """Figures of one measure through time. Name exactly one of ``school``, ``authority`` and ``level``.

        ``school`` is any URN the school has had: the figures of its whole line come, each under the
        establishment (``entity``) it belonged to. ``level`` gives everyone at that level ('school',
        'authority', 'region', 'england'). Missing figures are rows with a reason.
        """
        code = self.catalogue.get(indicator).code
        match (school, authority, level):
            case (str(), None, None):
                return self._store.figures("school", self._line(school), [code], as_at).sort(
                    "period_end", "entity"
                )
            case (None, str(), None):
                return self._store.figures("authority", [la_code(authority)], [code], as_at)
            case (None, None, "england"):
                return self._store.figures("england", [ENGLAND], [code], as_at)
            case (None, None, str()):
                return self._store.across(level, code, as_at=as_at)
            case _:
                raise AmbiguousQuestionError(
                    "A series is of one school, one authority or one level.",
                    "Name exactly one of school, authority and level.",
                )

    def benchmark(
        self, authority: str, indicator: str, model: str = LATEST_MODEL, period: str | None = None
    ) -> pl.DataFrame:
        """One measure of an authority beside England and the neighbours of a model, one row a comparator.

        The first row is the authority itself; then England; then the mean of the neighbours (the model is
        in its name); then each neighbour. ``gap`` is the authority's value less the comparator's.
        """
        number = la_code(authority)
        found = compare(self._store, self.neighbours, number, indicator, period, [model])
        value = found.figure.value
        assert value is not None  # compare() gives only figures with a value
        rows: list[dict[str, Any]] = [{"comparator": self._authority_name(number), "value": value}]
        rows += [
            {"comparator": gap.name, "value": gap.value, "gap": gap.gap, "verdict": gap.verdict}
            for gap in found.gaps
        ]
        members = self.neighbours.of(number, model).authorities
        held = self._store.figures("authority", members, [found.indicator.code])
        values = dict(
            held.filter(pl.col("period") == found.figure.period).select("entity", "value").iter_rows()
        )
        for member in members:
            other = values.get(member)
            gap = None if other is None else value - other
            rows.append({"comparator": self._authority_name(member), "value": other, "gap": gap})
        frame = pl.DataFrame(rows, schema=_BENCHMARK_SCHEMA)
        return frame.with_columns(
            pl.lit(found.indicator.code).alias("indicator"),
            pl.lit(found.figure.period).alias("period"),
            pl.lit(model).alias("model"),
        )

    def findings(self, authority: str, model: str = LATEST_MODEL) -> pl.DataFrame:
        """Three things worth knowing about an authority, each with its uncertainty and its sentence."""
        number = la_code(authority)
        who = self._authority_name(number)
        found = findings(self._store, self.neighbours, number, who, model)
        rows = [
            {
                "indicator": one.indicator.code,
                "period": one.comparison.figure.period,
                "value": one.comparison.figure.value,
                "comparator": one.gap.name,
                "gap": one.gap.gap,
                "lower": one.lower,
                "upper": one.upper,
                "stands_out": one.stands_out,
                "title": one.title,
                "text": one.text,
            }
            for one in found
        ]
        return pl.DataFrame(rows, schema=_FINDING_SCHEMA)

    def lineage(
        self,
        indicator: str,
        period: str,
        *,
        school: str | None = None,
        authority: str | None = None,
    ) -> pl.DataFrame:
        """The cells behind one figure: file, row and column of each edition, the one shown first."""
        level, entity = ("school", urn(school)) if school else ("authority", la_code(authority or ""))
        cells = self._store.lineage(level, entity, self.catalogue.get(indicator).code, period)
        known = {one.id: one for one in self._ledger.versions()}
        headers = [
            known[version].headers.get(column, column) if version in known else column
            for version, column in cells.select("version", "column").iter_rows()
        ]
        files = [known[version].file_name if version in known else "" for version in cells["version"]]
        return cells.with_columns(pl.Series("header", headers), pl.Series("file", files))

    def pupils(self, dataset: str, year: str | None = None) -> pl.DataFrame:
        """Rows of pupils of a dataset such as ``pupil-results-ks4``, of one academic year or all.

        Beside the columns of the file: ``year``, and ``school``, the continuing key of the school's line, so
        that a school stays one group when it converts. These are facts about children: they stay where you
        are allowed to keep them. Raises NotFound when nothing of it is in force.
        """
        rows = self.table(dataset).filter(pl.col("_level") == "pupil").rename({"_period": "year"})
        lines = self._register.establishments.filter(pl.col("on_stem")).select("urn", "school")
        placed = rows.join(lines, on="urn", how="left", maintain_order="left").with_columns(
            pl.coalesce("school", "urn").alias("school")
        )
        found = placed if year is None else placed.filter(pl.col("year") == year)
        if found.is_empty():
            held = ", ".join(placed["year"].unique().sort().to_list()) or "none"
            raise NotFound(f"'{dataset}' holds no pupils of {year or 'any year'}.", f"Years held: {held}.")
        return found

    def value_added(
        self, dataset: str, formula: str, *, year: str | None = None, method: Literal["reml", "ml"] = "reml"
    ) -> Model:
        """Fit a two-level model to the pupils of a dataset: R's notation, ``school`` as the group.

        ``model.effects.frame()`` is what each school adds, with its intervals; ``model.explain()`` says what
        the model is of. Raises what the formula, the columns or the fit are refused for.
        """
        # Only who fits a model waits for the libraries of statistics.
        from redway.attainment.model import fit_frame

        return fit_frame(self.pupils(dataset, year), formula, method)

    @cached_property
    def neighbours(self) -> Neighbours:
        """Statistical neighbours under every model held."""
        return load_neighbours(self._home, self._ledger.versions())

    def register(self, as_at: date | None = None) -> Register:
        """Schools, establishments, events, authorities, trusts and memberships, each a frame."""
        return self._register if as_at is None else read_register(self._home, self._ledger, as_at)

    def school(self, number: str) -> pl.DataFrame:
        """One school by any URN it has had: one row of the register. Raises NotFound."""
        line = self._line(number)
        return self._register.schools.filter(pl.col("current_urn").is_in(line))

    def schools(self, authority: str | None = None) -> pl.DataFrame:
        """Schools as they are now, of one authority or all; one row a school through time."""
        found = self._register.schools
        return found if authority is None else found.filter(pl.col("la_code") == la_code(authority))

    @cached_property
    def _register(self) -> Register:
        return read_register(self._home, self._ledger)

    def _line(self, number: str) -> list[str]:
        """Every URN of the school's line, oldest first. Raises NotFound."""
        held = self._register.establishments
        mine = held.filter(pl.col("urn") == urn(number))
        if mine.is_empty():
            raise NotFound(f"There is no school with URN {number}.", "Look it up with: redway school URN")
        return held.filter(pl.col("school") == mine["school"][0])["urn"].sort().to_list()

    def _authority_name(self, number: str) -> str:
        # The whole register takes seconds to make for the nation: it is asked only about former authorities.
        listed = self._listed_authorities.get(number)
        return listed if listed else self._registered_authorities.get(number, number)

    @cached_property
    def _listed_authorities(self) -> dict[str, str]:
        try:
            return dict(self.table("authorities").select("la_code", "la_name").iter_rows())
        except NotFound:
            return {}

    @cached_property
    def _registered_authorities(self) -> dict[str, str]:
        return dict(self._register.authorities.select("la_code", "name").iter_rows())

    def _no_dataset(self, dataset: str) -> NotFound:
        held = sorted({one.dataset for one in self._ledger.versions()})
        return NotFound(
            f"Nothing of the dataset '{dataset}' is held.", f"Datasets held: {', '.join(held) or 'none'}."
        )


_VERSION_SCHEMA: dict[str, Any] = {
    "id": pl.Int64,
    "dataset": pl.String,
    "format": pl.String,
    "period": pl.String,
    "scope": pl.String,
    "edition": pl.String,
    "number": pl.Int64,
    "state": pl.String,
    "file_name": pl.String,
    "rows": pl.Int64,
    "rows_rejected": pl.Int64,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "committed_at": pl.Datetime("us", "UTC"),
    "sha256": pl.String,
}
_BENCHMARK_SCHEMA: dict[str, Any] = {
    "comparator": pl.String,
    "value": pl.Float64,
    "gap": pl.Float64,
    "verdict": pl.String,
}
_FINDING_SCHEMA: dict[str, Any] = {
    "indicator": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "comparator": pl.String,
    "gap": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "stands_out": pl.Boolean,
    "title": pl.String,
    "text": pl.String,
}


def _version_row(one: Version) -> dict[str, Any]:
    special = {"rows": one.rows_loaded, "state": one.state.value}
    return {name: special.get(name, getattr(one, name, None)) for name in _VERSION_SCHEMA}
