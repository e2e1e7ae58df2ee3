"""Labels beside marks instead of legends: spread so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], apart: float, lowest: float, highest: float) -> list[float]:
    """Positions as near as can be to those wanted, at least ``apart`` from each other, within bounds.

    Order is kept. When they cannot all fit they share the room evenly.

    >>> spread([10, 11, 40], apart=14, lowest=0, highest=100)
    [3.5, 17.5, 40.0]
    """
    if len(wanted) < 2:
        return [min(max(place, lowest), highest) for place in wanted]
    apart = min(apart, (highest - lowest) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    groups: list[tuple[list[int], float]] = []
    for at in order:
        groups.append(([at], wanted[at]))
        # Groups that touch become one, centred on the mean of what its members wanted.
        while True:
            members, first = _placed(groups[-1][0], wanted, apart, lowest, highest)
            groups[-1] = (members, first)
            if len(groups) == 1:
                break
            before, start = groups[-2]
            if start + len(before) * apart <= first:
                break
            groups[-2:] = [([*before, *members], 0.0)]
    placed = [0.0] * len(wanted)
    for members, first in groups:
        for step, at in enumerate(members):
            placed[at] = first + step * apart
    return placed


def _placed(
    members: list[int], wanted: Sequence[float], apart: float, lowest: float, highest: float
) -> tuple[list[int], float]:
    length = (len(members) - 1) * apart
    centre = sum(wanted[at] for at in members) / len(members)
    return members, min(max(centre - length / 2, lowest), highest - length)
