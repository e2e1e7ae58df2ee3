"""A crowd of points made light enough for a page: points that would lie on one another become one."""

from __future__ import annotations

from collections.abc import Sequence

_LARGE = 400
"""Up to so many points are drawn as they are."""
_CELLS = 48
"""Beyond that, one point for each cell of a grid this many cells wide and high."""
_NAMED = 3


def gathered(
    points: Sequence[tuple[float, float, str]], width: float, height: float
) -> list[tuple[float, float, str]]:
    """(x, y, words) of each point to draw. The first point of a cell stands for all, and names them.

    ``width`` and ``height`` are the spans of the axes. The table behind a chart always has every point.

    >>> gathered([(1, 2, "Oak Hill")], 10, 10)
    [(1, 2, 'Oak Hill')]
    """
    if len(points) <= _LARGE:
        return list(points)
    cells: dict[tuple[int, int], list[tuple[float, float, str]]] = {}
    for x, y, words in points:
        cells.setdefault((int(x / width * _CELLS), int(y / height * _CELLS)), []).append((x, y, words))
    return [(held[0][0], held[0][1], _together([words for _, _, words in held])) for held in cells.values()]


def _together(words: Sequence[str]) -> str:
    more = len(words) - _NAMED
    return "; ".join(words[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
