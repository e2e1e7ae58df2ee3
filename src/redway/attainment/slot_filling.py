"""Millions of entries into slots: the best of each subject, then the best for each slot.

Pupil, subject and points share one 64-bit number, so that sorting numbers once puts the best entry of
every subject of every pupil first. Everything is whole numbers, points in hundredths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redway.attainment.slot_rule import Element, SlotRule

HUNDREDTHS = 100
Whole = NDArray[np.uint64]
Unsigned = NDArray[np.unsignedinteger[Any]]

PUPIL_BITS, SUBJECT_BITS, POINTS_BITS, KIND_BITS = 32, 16, 11, 4
_HALF_BITS = 1
"""Which half of a double award: 64 bits in all."""
_FULL = np.uint16((1 << POINTS_BITS) - 1)
_NONE = np.zeros(1, np.uint8)


@dataclass(frozen=True)
class Best:
    """The entries that may count: the best of each subject of each pupil."""

    pupil: Whole
    kind: Whole
    points: Whole


def best_of_each_subject(
    pupil: Unsigned, subject: Unsigned, worth: Unsigned, kind: Unsigned, double: NDArray[np.bool_]
) -> Best:
    """One entry for each pupil and subject, the best; a double award makes two, told apart by a bit.

    ``worth`` is in hundredths of a point; pupils, subjects and kinds are numbered from 0.
    """
    # The best first: points are taken from what none can reach.
    ordered = _packed(
        (pupil, PUPIL_BITS),
        (subject, SUBJECT_BITS),
        (_NONE, _HALF_BITS),
        (_FULL - worth, POINTS_BITS),
        (kind, KIND_BITS),
    )
    if double.any():
        second_halves = ordered[double] | np.uint64(1 << (POINTS_BITS + KIND_BITS))
        ordered = np.concatenate([ordered, second_halves])
    ordered.sort()
    first = np.ones(len(ordered), dtype=bool)
    key = ordered >> np.uint64(POINTS_BITS + KIND_BITS)
    first[1:] = key[1:] != key[:-1]
    best = ordered[first]
    return Best(
        best >> np.uint64(64 - PUPIL_BITS),
        best & np.uint64((1 << KIND_BITS) - 1),
        _FULL - ((best >> np.uint64(KIND_BITS)) & np.uint64(_FULL)),
    )


def _packed(*parts: tuple[Unsigned, int]) -> Whole:
    """Whole numbers side by side in one, each in as many bits as are named."""
    packed: Whole = parts[0][0].astype(np.uint64)
    for numbers, bits in parts[1:]:
        packed <<= np.uint64(bits)
        packed |= numbers
    return packed


def fill(best: Best, rule: SlotRule, pupils: int) -> dict[str, NDArray[np.float64]]:
    """The points of every element of every pupil, and their sum as ``attainment8``, first."""
    free = np.ones(len(best.pupil), dtype=bool)
    totals: dict[str, NDArray[np.float64]] = {}
    for element in rule.elements:
        candidates = np.flatnonzero(free & _is_of(best.kind, element.kinds, rule))
        taken = _top(best, candidates, element.slots)
        free[taken] = False
        sums = np.bincount(best.pupil[taken].astype(np.int64), weights=best.points[taken], minlength=pupils)
        totals[element.column] = sums * _weight(best, element, rule, pupils) / HUNDREDTHS
    whole = np.sum(list(totals.values()), axis=0) if pupils else np.zeros(0)
    return {"attainment8": whole, **totals}


def _is_of(kind: Whole, kinds: tuple[str, ...], rule: SlotRule) -> NDArray[np.bool_]:
    wanted = np.array([one in kinds for one in rule.kinds])
    found: NDArray[np.bool_] = wanted[kind.astype(np.int64)]
    return found


def _top(best: Best, candidates: NDArray[np.int64], slots: int) -> NDArray[np.int64]:
    """The best entries of each pupil among the candidates, at most as many as there are slots."""
    key = _packed((best.pupil[candidates], PUPIL_BITS), (_FULL - best.points[candidates], POINTS_BITS))
    order = candidates[np.argsort(key)]
    owner = best.pupil[order]
    starts = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]])) if len(order) else order
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return order[rank < slots]


def _weight(best: Best, element: Element, rule: SlotRule, pupils: int) -> NDArray[np.int64]:
    """How often the element counts for each pupil."""
    has_all = np.ones(pupils, dtype=bool)
    for kind in element.weight_needs:
        has = np.zeros(pupils, dtype=bool)
        has[best.pupil[_is_of(best.kind, (kind,), rule)].astype(np.int64)] = True
        has_all &= has
    return np.where(has_all, element.weight, 1)
