"""The one door for questions to the facts: DuckDB, in process, over the committed Parquet versions.

    engine = Engine(home, ledger)
    engine.query("SELECT count(*) FROM dataset('absence') WHERE _level = 'school'")

``dataset('absence')`` is every version of that dataset in force, columns matched by name, with ``_format``
and ``_version`` beside the columns of the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import polars as pl

from redway.core.errors import NotFound, RedwayError
from redway.core.home import Home
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, VersionReader, as_at, periods_in_force


class QueryError(RedwayError):
    """A query that the engine cannot answer as it is written."""


class Engine:
    """Answers SQL over the versions in force now, or at the end of a day. Reads the ledger once."""

    def __init__(self, home: Home, ledger: VersionReader, day: date | None = None) -> None:
        self._lake = Lake(home)
        self._versions = as_at(ledger.versions(), day)
        self._opened: set[str] = set()
        self._connection = duckdb.connect(
            config={
                # Nothing may be fetched: an authority's network is closed, and the data stays inside.
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
            }
        )
        self._connection.execute("CREATE MACRO dataset(name) AS TABLE SELECT * FROM query_table(name)")

    @property
    def datasets(self) -> list[str]:
        """Names that ``dataset(...)`` may be asked for."""
        return sorted({version.dataset for version in self._versions})

    @property
    def versions(self) -> list[Version]:
        """The versions in force."""
        return list(self._versions)

    def query(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Answer a query as a Polars frame. ``params`` fill ``?`` or ``$name``.

        Raises QueryError when the SQL is wrong, or names a dataset of which nothing is in force.
        """
        for name in self.datasets:
            if name in sql and name not in self._opened:
                self.open(name)
        try:
            found = self._connection.cursor().sql(sql, params=params)
            table = None if found is None else found.to_arrow_table()
        except duckdb.Error as error:
            raise QueryError(
                f"The query cannot be answered: {str(error).splitlines()[0]}",
                f"Datasets in force: {', '.join(self.datasets) or 'none'}.",
            ) from None
        return pl.DataFrame() if table is None else pl.DataFrame(pl.from_arrow(table))

    def open(self, dataset: str) -> None:
        """Make a dataset known to SQL under its name. Raises NotFound when nothing of it is in force."""
        chosen = [version for version in self._versions if version.dataset == dataset]
        if not chosen:
            raise NotFound(f"Nothing of the dataset '{dataset}' is loaded.", "Import a file of it first.")
        self._connection.execute(view_sql(dataset, chosen, self._lake))
        self._opened.add(dataset)

    def close(self) -> None:
        self._connection.close()


def view_sql(name: str, versions: Sequence[Version], lake: Lake) -> str:
    """SQL of the view that joins versions, leaving out periods for which another version answers."""
    paths = ", ".join(_quoted(str(lake.version_path(version.format, version.id))) for version in versions)
    conditions = []
    for version, labels in periods_in_force(versions).items():
        listed = ", ".join(_quoted(label) for label in sorted(labels)) or "NULL"
        conditions.append(f"(_version <> {version} OR _period IN ({listed}))")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        f'CREATE OR REPLACE VIEW "{name}" AS SELECT * EXCLUDE (filename), '  # noqa: S608 - names are our own
        "parse_path(filename)[-2] AS _format, "
        "CAST(parse_filename(filename, true) AS BIGINT) AS _version "
        f"FROM read_parquet([{paths}], union_by_name = true, filename = true){where}"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
