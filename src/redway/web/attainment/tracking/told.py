"""Counts of a cohort as a reader may be told them: whole beside the pupils' names, else as the rule allows.

Whoever sees the pupils by name sees their number. Everybody else, and every paper and file of counts, gets
what ``redway.attainment.safe_standings`` lets out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from redway.attainment.safe_standings import roughly, safe_counts
from redway.attainment.target_groups import Layer, target_group
from redway.attainment.tracking import Movement, Standing, Tracked
from redway.core.words import percent
from redway.figures.disclosure import Rule, Totals, protect_counts
from redway.figures.secondary_suppression import ALSO_HIDDEN
from redway.figures.table import Cell, Column, Hidden, Kind, Table

SHOWN = (Standing.EXCEEDING, Standing.ON_TRACK, Standing.AT_RISK)
TOO_FEW = "Hidden: too few pupils"
MOVED = (Movement.UP.value, Movement.SAME.value, Movement.DOWN.value, "")
"""The last stands for pupils without a standing in the term before."""


@dataclass(frozen=True)
class Counts:
    """Pupils by standing, by movement and by layer of a target group; cells as a table shows them."""

    standings: Mapping[Standing, Cell]
    known: Cell
    """Pupils with a known standing."""
    movements: Mapping[str, Cell]
    layers: Mapping[str, Cell]
    reasons: Sequence[tuple[str, Cell]]
    """Why standings are not known, and of how many pupils."""

    def share(self, standing: Standing) -> str:
        """'62% of those known'; empty where it cannot be said or must not be."""
        count, known = self.standings[standing], self.known
        if standing not in SHOWN or not isinstance(count, int) or not isinstance(known, int) or not known:
            return ""
        return f"{percent(100 * count / known, 0)} of those known"


def whole(tracked: Tracked) -> Counts:
    """Every count, for those who see the pupils by name."""
    counts = tracked.counts()
    return Counts(
        dict(counts),
        sum(counts[one] for one in SHOWN),
        dict(_movements(tracked)),
        dict(_layers(tracked)),
        list(_reasons(tracked)),
    )


def safe(tracked: Tracked, rule: Rule) -> Counts:
    """What may be told to everybody who may see the school's counts."""
    counts = tracked.counts()
    told = safe_counts(counts, rule)
    parts = {
        Standing.EXCEEDING: told.exceeding,
        Standing.ON_TRACK: told.on_track,
        Standing.AT_RISK: told.at_risk,
    }
    known = sum(counts[one] for one in SHOWN)
    return Counts(
        {
            **{one: _cell(count) for one, count in parts.items()},
            Standing.NOT_KNOWN: told.not_known,
        },
        _cell(told.known),
        _safe_movements(tracked, known, rule),
        _safe_layers(tracked, counts[Standing.AT_RISK], told.at_risk is not None, rule),
        [(reason, roughly(count, rule)) for reason, count in _reasons(tracked)],
    )


def _cell(told: int | None) -> Cell:
    """A standing's count.

    Which of the hidden ones is small is not said: that both are would give away two fives whose sum is ten.
    """
    return Hidden(TOO_FEW) if told is None else told


def _movements(tracked: Tracked) -> dict[str, int]:
    """Pupils with a known standing by how it has moved; they add up to all of these."""
    known = tracked.pupils.filter(pl.col("standing") != Standing.NOT_KNOWN.value)
    held = dict(known.group_by(pl.col("movement").fill_null("")).len().iter_rows())
    return {movement: held.get(movement, 0) for movement in MOVED}


def _layers(tracked: Tracked) -> dict[str, int]:
    held = dict(target_group(tracked).group_by("layer").len().iter_rows())
    return {layer.value: held.get(layer.value, 0) for layer in Layer}


def _reasons(tracked: Tracked) -> list[tuple[str, int]]:
    return list(tracked.missing().group_by("reason").len().sort("reason").iter_rows())


def _safe_movements(tracked: Tracked, known: int, rule: Rule) -> dict[str, Cell]:
    """Their sum is told elsewhere, so it stays, or nothing is told."""
    held = _movements(tracked)
    cells = _protected([*held.values(), known], rule)
    if isinstance(cells[-1], Hidden):
        return dict.fromkeys(held, Hidden(ALSO_HIDDEN))
    return dict(zip(held, cells, strict=False))


def _safe_layers(tracked: Tracked, at_risk: int, is_told: bool, rule: Rule) -> dict[str, Cell]:
    """Where the two lower layers are those at risk, whose number is told elsewhere, they are parts of it."""
    held = _layers(tracked)
    must, should, could = (held[layer.value] for layer in Layer)
    hidden = Hidden(rule.small_label)
    lower: list[Cell] = [hidden if rule.is_small(count) else count for count in (should, could)]
    if not is_told:
        lower = [Hidden(ALSO_HIDDEN)] * 2
    elif should + could == at_risk:
        *lower, total = _protected([should, could, at_risk], rule)
        lower = [Hidden(ALSO_HIDDEN)] * 2 if isinstance(total, Hidden) else lower
    return {
        Layer.MUST.value: hidden if rule.is_small(must) else must,
        Layer.SHOULD.value: lower[0],
        Layer.COULD.value: lower[1],
    }


def _protected(column: Sequence[int], rule: Rule) -> list[Cell]:
    """Counts whose last is their sum, as they may be told."""
    table = Table("", [Column("count", "", Kind.NUMBER)], [{"count": count} for count in column])
    found = protect_counts(table, ["count"], rule, Totals(row=True)).table
    return [row["count"] for row in found.rows]
