"""Pupils of an authority in force: a cohort's results, those on roll, their assessments. Kept by version.

Frames are read from the committed Parquet versions and remembered under the numbers of those versions and of
the register, so a new file or a new link between schools is seen at once. They hold rows of pupils: whoever
shows one pupil asks for ``pupil.view`` and writes it to the audit trail; whoever shows a school's figures
shows no rows.

Every frame has the canonical columns of its dataset and, beside them:

- ``year``: academic year of the row, such as ``2024-25``;
- ``school``: continuing key of the school, so that a school keeps its line when it converts. A school merged
  into another has its own URN here, as only figures on a line's stem are the school's own; so has one that
  the register does not know.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock

import polars as pl
from django.conf import settings

from redway.core.home import Home
from redway.datasets.engine import Engine
from redway.datasets.ledger import Version, as_at
from redway.web.datasets.ledger import DjangoLedger
from redway.web.register.models import Establishment
from redway.web.register.queries import build_number

RESULTS = {"ks2": "pupil-results-ks2", "ks4": "pupil-results-ks4"}
"""Key stage -> dataset of its pupils' results."""
ENTRIES = "pupil-entries-ks4"
ON_ROLL = "pupils"
ASSESSMENTS = "pupil-assessments"


@dataclass(frozen=True)
class Source:
    """The versions of one dataset that answer for an authority, and the register they are read with."""

    home: Home
    dataset: str
    authority: str
    versions: tuple[Version, ...]
    register: int

    @property
    def mark(self) -> tuple[object, ...]:
        """What a page made from it is kept under: changes with every new version and every new register."""
        return (str(self.home.root), self.dataset, self.authority, self.numbers, self.register)

    @property
    def build(self) -> str:
        """A short name of the mark, for addresses and for folders of pictures."""
        kind = f"{self.dataset.replace('-', '_')}_{self.authority}"
        return f"{kind}-{sha256(repr(self.mark[1:]).encode()).hexdigest()[:16]}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the versions."""
        return tuple(version.id for version in self.versions)

    def numbers_of(self, years: Collection[str]) -> tuple[int, ...]:
        """Numbers of the versions with rows of these academic years."""
        return tuple(one.id for one in self.versions if set(one.periods or (one.period,)) & set(years))

    def __hash__(self) -> int:
        return hash(self.mark)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.mark == other.mark


def source_of(authority: str, dataset: str) -> Source:
    """What is in force of a dataset for an authority now: files of the authority and of the whole country."""
    versions = as_at(DjangoLedger().versions(dataset=dataset))
    chosen = tuple(one for one in versions if not one.scope or authority in one.scope.split("+"))
    return Source(settings.REDWAY_HOME, dataset, authority, chosen, build_number())


def results_of(authority: str, key_stage: str) -> Source:
    """What is in force of the results of one key stage (``ks2``, ``ks4``). Asks the ledger: once a page."""
    return source_of(authority, RESULTS[key_stage])


def authorities_held() -> frozenset[str]:
    """Numbers of the authorities of which results of pupils are in force. One query."""
    versions = as_at(one for one in DjangoLedger().versions() if one.dataset in RESULTS.values())
    return frozenset(number for one in versions for number in one.scope.split("+") if number)


def years_of(authority: str, key_stage: str) -> list[str]:
    """Academic years of which results of this key stage are in force, earliest first."""
    return list(years_in(results_of(authority, key_stage)))


def cohort(authority: str, key_stage: str, year: str) -> pl.DataFrame | None:
    """Results of one key stage (``ks2``, ``ks4``) and year, one row a pupil; None when there are none."""
    return rows_in(results_of(authority, key_stage), (year,))


def entries(authority: str, year: str) -> pl.DataFrame | None:
    """Entries at key stage 4 in one year, one row an entry; None when there are none."""
    return rows_in(source_of(authority, ENTRIES), (year,))


def pupils_on_roll(authority: str) -> pl.DataFrame | None:
    """The pupils on roll in the newest year in force, one row a pupil, with names; None if none."""
    frame = _read(source_of(authority, ON_ROLL))
    return None if frame is None else frame.filter(pl.col("year") == pl.col("year").max())


def assessments(authority: str) -> pl.DataFrame | None:
    """Teachers' assessments in force, one row a pupil, term and subject; None when there are none."""
    return _read(source_of(authority, ASSESSMENTS))


@lru_cache(maxsize=16)
def years_in(source: Source) -> tuple[str, ...]:
    """Academic years of which a source has rows, earliest first."""
    frame = _read(source)
    return () if frame is None else tuple(sorted(frame["year"].unique().to_list()))


@lru_cache(maxsize=64)
def rows_in(source: Source, years: tuple[str, ...]) -> pl.DataFrame | None:
    """The rows of these years; None when there are none."""
    frame = _read(source)
    found = None if frame is None else frame.filter(pl.col("year").is_in(years))
    return None if found is None or found.is_empty() else found


_MOST_HELD = 24
"""So many sources are remembered, the least recently asked for dropped first."""
_held: OrderedDict[tuple[Home, str, str], tuple[Source, pl.DataFrame | None]] = OrderedDict()
_lock = Lock()


def _read(source: Source) -> pl.DataFrame | None:
    """All rows of the pupils themselves in the versions, at schools of the authority.

    Rows of versions that are no longer in force are forgotten as soon as those in force are read.
    """
    place = (source.home, source.dataset, source.authority)
    with _lock:
        remembered = _held.get(place)
        if remembered is not None and remembered[0] == source:
            _held.move_to_end(place)
            return remembered[1]
    # Read outside the lock: nobody waits for the pupils of another authority.
    frame = _in_the_lake(source) if source.versions else None
    with _lock:
        _held[place] = (source, frame)
        _held.move_to_end(place)
        while len(_held) > _MOST_HELD:
            _held.popitem(last=False)
        rows_in.cache_clear()
    return frame


def _in_the_lake(source: Source) -> pl.DataFrame | None:
    engine = Engine(source.home, _Held(source.versions))
    try:
        frame = engine.query(
            f"SELECT * FROM dataset('{source.dataset}') "  # noqa: S608 - the name is our own
            "WHERE _level = 'pupil' ORDER BY _period, _version, _row"
        )
    finally:
        engine.close()
    kept = [name for name in frame.columns if not name.endswith("__missing")]
    frame = frame.select(kept).rename({"_period": "year"})
    named = frame.filter(pl.col("urn").is_not_null())
    placed = named.join(
        _schools(named["urn"].unique().to_list()), on="urn", how="left", maintain_order="left"
    )
    # A school that the register does not know is taken at the word of a file about this authority alone.
    own = [version.id for version in source.versions if version.scope == source.authority]
    unknown = pl.col("at").is_null() & pl.col("_version").is_in(own)
    here = placed.filter(unknown | (pl.col("at") == source.authority).fill_null(value=False))
    found = here.with_columns(pl.coalesce("school", "urn").alias("school")).drop("at", "_level", "_format")
    return None if found.is_empty() else found


def _schools(urns: list[str]) -> pl.DataFrame:
    """(urn, school, at): the continuing key of each establishment and the number of its authority."""
    known = Establishment.objects.filter(urn__in=urns).values_list("urn", "school_id", "on_stem", "authority")
    rows = [(urn, school if on_stem else urn, at or None) for urn, school, on_stem, at in known]
    schema = {"urn": pl.String, "school": pl.String, "at": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


@dataclass(frozen=True)
class _Held:
    """Exactly the versions that a frame is remembered under, for the engine to read."""

    held: tuple[Version, ...]

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        return list(self.held)
