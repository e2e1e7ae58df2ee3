"""Which versions are true: the record of every committed file, and the rules of chains and of 'as at'.

A chain is all versions of one format, period and scope. The face (``redway.web.datasets``) keeps the ledger
in the transaction store; ``SqlLedger`` reads the same table without Django, for analysts.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from redway.core.errors import RedwayError
from redway.core.home import Home

LONDON = ZoneInfo("Europe/London")
TABLE = "datasets_datasetversion"
"""The table of the transaction store that holds the versions."""


class State(StrEnum):
    """What a version is now."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    HELD = "held"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Version:
    """One committed or held file. ``number`` counts within its chain, from 1.

    ``sheet`` and ``header_row`` (1 is the first row) say where in the source the table stands; ``headers``
    maps each committed column to the header it came under. ``periods`` are the labels met; empty where rows
    are dated by the day. Times are in UTC. ``committed_at`` is None while held. Of a version erased nothing
    but this record is left.
    """

    id: int
    format: str
    dataset: str
    period: str
    period_start: date
    period_end: date
    scope: str
    edition: str
    number: int
    state: State
    file_name: str
    sha256: str
    recipe: str
    sheet: str
    header_row: int
    headers: Mapping[str, str]
    periods: tuple[str, ...]
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    entities: int
    problems: int
    held_reason: str
    received_at: datetime
    received_by: str
    committed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def chain(self) -> tuple[str, str, str]:
        """Versions of the same chain supersede one another."""
        return (self.format, self.period, self.scope)

    @property
    def is_span(self) -> bool:
        """True when the file holds many periods."""
        return ".." in self.period


@dataclass(frozen=True)
class Candidate:
    """A checked file on its way into the ledger; ``doubts`` are reasons to hold it."""

    format: str
    dataset: str
    period: str
    period_start: date
    period_end: date
    scope: str
    edition: str
    file_name: str
    sha256: str
    recipe: str
    sheet: str
    header_row: int
    headers: Mapping[str, str]
    periods: tuple[str, ...]
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    entities: int
    problems: int
    received_by: str
    doubts: tuple[str, ...] = field(default=())

    @property
    def chain(self) -> tuple[str, str, str]:
        return (self.format, self.period, self.scope)


@dataclass(frozen=True)
class Committed:
    """What the ledger did: ``created`` is False when the same file was there already."""

    version: Version
    created: bool


class VersionReader(Protocol):
    """Whoever can list versions."""

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        """All versions, in order of arrival; of one format or dataset when named."""
        ...


class Ledger(VersionReader, Protocol):
    """Whoever can also write them. Each call is one transaction, with its audit entry."""

    def by_source(self, sha256: str) -> list[Version]:
        """Versions made from a file, withdrawn ones left out."""
        ...

    def commit(
        self,
        candidate: Candidate,
        place: Callable[[int], None],
        more_doubts: Callable[[Version | None], Sequence[str]],
        *,
        accept: bool,
    ) -> Committed:
        """Add a version to its chain: current, or held when there are doubts and ``accept`` is False.

        ``more_doubts`` compares with the version in force (None when there is none), read under lock.
        ``place`` puts the file of the given id in place, inside the transaction. Returns the version already
        there when the same file was committed meanwhile.
        """
        ...

    def accept(self, version: int, *, who: str) -> Version:
        """Make a held version current."""
        ...


def as_at(versions: Iterable[Version], day: date | None = None) -> list[Version]:
    """The versions in force: now, or at the end of a day in London.

    In each chain it is the newest one committed by then and not withdrawn by then. A file about part of the
    country is left out while one about the whole country is in force for the same format and period; and of
    files that hold many periods, one that another reaches beyond at both ends is left out.
    """
    newest: dict[tuple[str, str, str], Version] = {}
    for version in versions:
        if not _in_force(version, day):
            continue
        rival = newest.get(version.chain)
        if rival is None or _order(version) > _order(rival):
            newest[version.chain] = version
    found = sorted(newest.values(), key=lambda version: version.id)
    whole = {(version.format, version.period) for version in found if not version.scope}
    found = [
        version
        for version in found
        if not _is_part(version.scope) or (version.format, version.period) not in whole
    ]
    return [version for version in found if not any(_covers(other, version) for other in found)]


def periods_in_force(versions: Sequence[Version]) -> dict[int, frozenset[str]]:
    """For files that hold many periods: which period labels each answers for (id -> labels).

    Where two files of one format and scope hold the same period, the one that reaches furthest in time
    answers for it, and the later one of two that reach equally far. Versions of a single period are left out
    of the result: they answer for all their rows. So are files dated by the day.
    """
    chosen: dict[tuple[str, str, str], Version] = {}
    spans = [version for version in versions if version.is_span and version.periods]
    for version in spans:
        for label in version.periods:
            key = (version.format, version.scope, label)
            rival = chosen.get(key)
            if rival is None or (version.period_end, version.id) > (rival.period_end, rival.id):
                chosen[key] = version
    answers: dict[int, set[str]] = {version.id: set() for version in spans}
    for (_, _, label), version in chosen.items():
        answers[version.id].add(label)
    return {version: frozenset(labels) for version, labels in answers.items()}


def _in_force(version: Version, day: date | None) -> bool:
    if version.committed_at is None or version.erased_at is not None:
        return False
    if day is None:
        return version.state is State.CURRENT
    committed = version.committed_at.astimezone(LONDON).date()
    withdrawn = version.withdrawn_at.astimezone(LONDON).date() if version.withdrawn_at else None
    return committed <= day and (withdrawn is None or withdrawn > day)


def _order(version: Version) -> tuple[datetime, int]:
    if version.committed_at is None:
        raise ValueError(version)
    return (version.committed_at, version.number)


def _is_part(scope: str) -> bool:
    """True for a scope of authority numbers: '826' or '826+936'. Other scopes name a table."""
    return bool(scope) and all(part.isdigit() for part in scope.split("+"))


def _covers(other: Version, version: Version) -> bool:
    """Does ``other`` make ``version``, a file of many periods, superfluous?"""
    if other is version or other.format != version.format or other.scope != version.scope:
        return False
    if not (other.is_span and version.is_span):
        return False
    if other.periods:
        inside = bool(version.periods) and set(version.periods) <= set(other.periods)
    else:
        inside = other.period_start <= version.period_start and version.period_end <= other.period_end
    reach = (other.period_end - other.period_start, other.id)
    return inside and reach > (version.period_end - version.period_start, version.id)


class LedgerError(RedwayError):
    """The ledger cannot be read where it was looked for."""


class SqlLedger:
    """Reads the versions straight from the transaction store (SQLite or PostgreSQL); never writes."""

    def __init__(self, home: Home, database_url: str | None = None) -> None:
        self._home = home
        self._url = os.environ.get("DATABASE_URL", "") if database_url is None else database_url

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        """All versions, in order of arrival. Raises LedgerError when there is no store yet."""
        names = [name for name in Version.__dataclass_fields__ if name not in ("format", "dataset")]
        # Column names are this module's own; nothing of the caller's is in the text of the query.
        query = f"SELECT format, dataset, {', '.join(names)} FROM {TABLE} ORDER BY id"  # noqa: S608
        rows = self._postgres(query) if self._url else self._sqlite(query)
        found = [version_from_row(dict(zip(["format", "dataset", *names], row, strict=True))) for row in rows]
        return [
            version
            for version in found
            if format_code in ("", version.format) and dataset in ("", version.dataset)
        ]

    def _sqlite(self, query: str) -> list[tuple[Any, ...]]:
        path: Path = self._home.database
        if not path.exists():
            raise LedgerError(
                f"There is no data at {self._home.root}.", "Import some files first: redway import PATH."
            )
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            raise LedgerError(
                f"The ledger at {path} cannot be read ({error}).", "Run 'redway serve' once."
            ) from None
        finally:
            connection.close()

    def _postgres(self, query: str) -> list[tuple[Any, ...]]:
        import psycopg

        try:
            with psycopg.connect(self._url) as connection:
                connection.read_only = True
                return connection.execute(query.encode()).fetchall()
        except psycopg.Error as error:
            raise LedgerError(f"The ledger cannot be read: {error}.", "Check DATABASE_URL.") from None


def version_from_row(row: Mapping[str, Any]) -> Version:
    """A version from a row of the table, where dates, times and JSON may be text."""
    return Version(
        **{
            **row,
            "state": State(row["state"]),
            "period_start": _date(row["period_start"]),
            "period_end": _date(row["period_end"]),
            "headers": _json(row["headers"]),
            "periods": tuple(_json(row["periods"])),
            "received_at": _time(row["received_at"]),
            "committed_at": _time(row["committed_at"]) if row["committed_at"] else None,
            "withdrawn_at": _time(row["withdrawn_at"]) if row["withdrawn_at"] else None,
            "erased_at": _time(row["erased_at"]) if row["erased_at"] else None,
        }
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _time(value: Any) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=ZoneInfo("UTC"))
