"""Statistical neighbours: the ten authorities most like one, under a model that is always named.

The 2021 model (National Foundation for Educational Research, updated April 2021) and the 2025 model
(Department for Education) disagree: for Milton Keynes only six of ten are the same. So there is no
comparison with 'the neighbours', only with the neighbours of a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from redway.core.errors import NotFound, RedwayError
from redway.core.home import Home
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, as_at

FORMAT = "statistical-neighbours"
SIZE = 10
LATEST_MODEL = "2025"


class NeighbourError(RedwayError):
    """A list of neighbours that holds the authority itself, or one twice."""


@dataclass(frozen=True)
class Neighbour:
    """One neighbour: 1 is the nearest. ``closeness`` is the publisher's word for how alike it is."""

    rank: int
    authority: str
    closeness: str


@dataclass(frozen=True)
class NeighbourSet:
    """The neighbours of one authority under one model."""

    model: str
    authority: str
    neighbours: tuple[Neighbour, ...]

    @property
    def authorities(self) -> tuple[str, ...]:
        """Their numbers, nearest first."""
        return tuple(one.authority for one in self.neighbours)

    @property
    def name(self) -> str:
        """How a table or sentence names the set."""
        return f"{len(self.neighbours)} statistical neighbours ({self.model} model)"


@dataclass(frozen=True)
class Neighbours:
    """Every model held."""

    sets: Mapping[str, Mapping[str, NeighbourSet]]
    """Model -> authority number -> set."""

    @property
    def models(self) -> tuple[str, ...]:
        """Models held, the latest first."""
        return tuple(sorted(self.sets, reverse=True))

    def of(self, authority: str, model: str = LATEST_MODEL) -> NeighbourSet:
        """The neighbours of an authority under a model. Raises NotFound when the model has none for it."""
        if model not in self.sets:
            held = ", ".join(self.models) or "none"
            raise NotFound(f"There is no neighbour model '{model}'.", f"Models held: {held}.")
        found = self.sets[model].get(authority)
        if found is None:
            raise NotFound(
                f"The {model} model names no neighbours for authority {authority}.",
                "Authorities made or closed since the model was published have none: try another model.",
            )
        return found

    def models_for(self, authority: str) -> tuple[str, ...]:
        """Models that name neighbours for an authority, the latest first."""
        return tuple(model for model in self.models if authority in self.sets[model])


def load_neighbours(home: Home, versions: Sequence[Version]) -> Neighbours:
    """Every model among the versions in force; the period of a version names its model."""
    lake = Lake(home)
    sets = {}
    for version in as_at([one for one in versions if one.format == FORMAT]):
        frame = pl.read_parquet(lake.version_path(version.format, version.id))
        sets[version.period] = sets_of(frame.filter(pl.col("_level") == "authority"), version.period)
    return Neighbours(sets)


def sets_of(frame: pl.DataFrame, model: str) -> Mapping[str, NeighbourSet]:
    """Sets from rows of ``la_code, neighbour_1..10, closeness_1..10``. Raises NeighbourError.

    Authorities for which the model leaves every place empty get no set.
    """
    sets = {}
    for row in frame.rows(named=True):
        found = [
            Neighbour(rank, row[f"neighbour_{rank}"], (row.get(f"closeness_{rank}") or "").strip())
            for rank in range(1, SIZE + 1)
            if row.get(f"neighbour_{rank}")
        ]
        if found:
            sets[row["la_code"]] = check(NeighbourSet(model, row["la_code"], tuple(found)))
    return sets


def check(one: NeighbourSet) -> NeighbourSet:
    """The set, when it is sound. Raises NeighbourError naming what is wrong."""
    if one.authority in one.authorities:
        raise NeighbourError(
            f"The {one.model} model names authority {one.authority} as its own neighbour.",
            "Check the file of neighbours.",
        )
    if doubled := sorted({each for each in one.authorities if one.authorities.count(each) > 1}):
        raise NeighbourError(
            f"The {one.model} model names {', '.join(doubled)} twice for authority {one.authority}.",
            "Check the file of neighbours.",
        )
    return one
