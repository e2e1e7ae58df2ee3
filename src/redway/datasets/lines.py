"""Schools through time: which establishment goes on in which other, found from the register's links.

The register says of two establishments that one is the predecessor or successor of the other, in
one row or two, sometimes in only one direction and rarely in contradiction. The rules here:

1. Links of sixth-form centres, 'Other', 'Expansion' and 'Closure' do not continue a school.
2. A link without direction ('Result of Amalgamation', 'Merged - ...') points from the one that
   closed to the one that stayed; if that does not tell, from the lower URN to the higher. The
   same settles two rows that contradict each other.
3. *Many to one.* Every predecessor belongs to the line of its successor. One of them is its
   *stem*: the one whose LAESTAB it keeps, else the one of its phase, else the lowest URN. A
   school absorbed by one that already existed ('merged', or a successor with a lower URN than its
   own) is never the stem: the absorbing school has its own history.
4. *One to many.* A line goes on in one successor only: the one that keeps the LAESTAB, else by
   kind of link (succession, amalgamation, split, merger), else the earliest, else the lowest URN.
   The others start lines of their own and their event says what they split from. A school that
   is still open after a split goes on in itself, and in nothing else.
5. A line is named by the URN at the root of its stem, which no later conversion changes.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

_FORWARD = {
    "successor": "continued",
    "successor - merged": "merged",
    "successor - amalgamated": "amalgamated",
    "successor - split school": "split",
}
_BACKWARD = {name.replace("successor", "predecessor"): kind for name, kind in _FORWARD.items()}
_UNDIRECTED = {
    "result of amalgamation": "amalgamated",
    "merged - expansion in school capacity and changer in age range": "merged",
    "merged - expansion of school capacity": "merged",
    "merged - change in age range": "merged",
}
_KIND_RANK = {"continued": 0, "amalgamated": 1, "split": 2, "merged": 3}


def passages(links: pl.DataFrame, establishments: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of linked establishments: ``old, new, kind, date, old_closed``.

    ``links`` has ``urn, link_urn, link_type, link_date``; ``establishments`` has ``urn, close_date,
    status``. ``kind`` is continued, amalgamated, split or merged; ``date`` the latest day stated
    (the old school's row often gives its last day, the new school's row its first).
    """
    named = pl.col("link_type").str.strip_chars().str.to_lowercase()
    directed = links.select(
        "urn",
        "link_urn",
        pl.col("link_date")
        if "link_date" in links.columns
        else pl.lit(None, dtype=pl.Date).alias("link_date"),
        named.replace_strict({**_FORWARD, **_BACKWARD, **_UNDIRECTED}, default=None).alias("kind"),
        pl.when(named.is_in(list(_FORWARD)))
        .then(1)
        .when(named.is_in(list(_BACKWARD)))
        .then(-1)
        .otherwise(0)
        .alias("way"),
    ).filter(pl.col("kind").is_not_null() & (pl.col("urn") != pl.col("link_urn")))
    low = pl.min_horizontal("urn", "link_urn")
    # +1 where the row says that the lower URN goes on in the higher one.
    upward = pl.when(pl.col("urn") == low).then(pl.col("way")).otherwise(-pl.col("way"))
    pairs = (
        directed.with_columns(
            low.alias("low"), pl.max_horizontal("urn", "link_urn").alias("high"), upward.alias("upward")
        )
        .group_by("low", "high")
        .agg(
            pl.col("upward").sum().sign(),
            pl.col("kind").sort_by(pl.col("kind").replace_strict(_KIND_RANK, return_dtype=pl.Int8)).last(),
            pl.col("link_date").max().alias("date"),
        )
    )
    closed = establishments.select(
        "urn", closed=pl.col("close_date").is_not_null() | (pl.col("status") == "Closed")
    )
    known = (
        pairs.join(closed, left_on="low", right_on="urn", how="left")
        .join(closed, left_on="high", right_on="urn", how="left", suffix="_high")
        .with_columns(pl.col("closed").fill_null(False), pl.col("closed_high").fill_null(False))
    )
    goes_up = (
        pl.when(pl.col("upward") != 0)
        .then(pl.col("upward") > 0)
        .otherwise(pl.col("closed") | ~pl.col("closed_high"))
    )
    return known.select(
        pl.when(goes_up).then("low").otherwise("high").alias("old"),
        pl.when(goes_up).then("high").otherwise("low").alias("new"),
        "kind",
        "date",
        pl.when(goes_up).then("closed").otherwise("closed_high").alias("old_closed"),
    ).sort("old", "new")


def lines(establishments: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    """The line of every establishment.

    ``establishments`` has ``urn, la_code, establishment_number, phase``; ``passed`` is ``passages``.
    Returns ``urn, school, current_urn, next_urn, stem_before, on_stem``: the line's key, the
    establishment it has come to, the one this goes on in, the predecessor on the stem, and whether
    this establishment is on the line's stem (its figures are the line's figures).
    """
    urns = establishments.get_column("urn").sort().to_list()
    position = {urn: at for at, urn in enumerate(urns)}
    facts = establishments.select(
        "urn", (pl.col("la_code") + pl.col("establishment_number")).alias("laestab"), "phase"
    )
    candidates = (
        passed.filter(pl.col("old").is_in(list(position)) & pl.col("new").is_in(list(position)))
        .filter((pl.col("kind") != "split") | pl.col("old_closed"))
        .join(facts, left_on="old", right_on="urn", how="left")
        .join(facts, left_on="new", right_on="urn", how="left", suffix="_new")
        .with_columns(
            (pl.col("laestab") == pl.col("laestab_new")).fill_null(False).alias("keeps_laestab"),
            (pl.col("phase") == pl.col("phase_new")).fill_null(False).alias("keeps_phase"),
            pl.col("kind").replace_strict(_KIND_RANK, return_dtype=pl.Int8).alias("rank"),
        )
    )
    followed = _uncut(
        candidates.sort(
            "old",
            "keeps_laestab",
            "rank",
            "date",
            "new",
            descending=[False, True, False, False, False],
            nulls_last=True,
        ).unique("old", keep="first", maintain_order=True),
        position,
    )
    stems = (
        followed.filter((pl.col("kind") != "merged") & (pl.col("new") > pl.col("old")))
        .sort("new", "keeps_laestab", "keeps_phase", "old", descending=[False, True, True, False])
        .unique("new", keep="first", maintain_order=True)
    )
    after = _pointers(followed, "old", "new", position)
    before = _pointers(stems, "new", "old", position)
    root, _ = _ends(after)
    first, _ = _ends(before)
    step = before[after] == np.arange(len(urns))
    step |= after == np.arange(len(urns))
    on_stem = _all_along(after, step)
    text = np.array(urns, dtype=object)
    return pl.DataFrame(
        {
            "urn": urns,
            "school": text[first[root]].tolist(),
            "current_urn": text[root].tolist(),
            "next_urn": _named(text, after),
            "stem_before": _named(text, before),
            "on_stem": on_stem.tolist(),
        },
        schema={
            "urn": pl.String,
            "school": pl.String,
            "current_urn": pl.String,
            "next_urn": pl.String,
            "stem_before": pl.String,
            "on_stem": pl.Boolean,
        },
    )


def _pointers(rows: pl.DataFrame, source: str, target: str, position: dict[str, int]) -> NDArray[np.int64]:
    pointers = np.arange(len(position))
    for old, new in rows.select(source, target).iter_rows():
        pointers[position[old]] = position[new]
    return pointers


def _named(urns: NDArray[np.object_], pointers: NDArray[np.int64]) -> list[str | None]:
    """The URN pointed at, or None where a pointer stays where it is."""
    return [None if to == at else urns[to] for at, to in enumerate(pointers.tolist())]


def _ends(pointers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each chain ends (by doubling the step), and which positions never reach an end."""
    reached = pointers.copy()
    for _ in range(max(1, len(pointers)).bit_length()):
        reached = reached[reached]
    return reached, pointers[reached] != reached


def _all_along(pointers: NDArray[np.int64], holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether ``holds`` is true at every position from here to the end of the chain."""
    reached, along = pointers.copy(), holds.copy()
    for _ in range(max(1, len(pointers)).bit_length()):
        along = along & along[reached]
        reached = reached[reached]
    return along


def _uncut(followed: pl.DataFrame, position: dict[str, int]) -> pl.DataFrame:
    """Links that go round in a circle are opened at one place: after the latest number on it."""
    after = _pointers(followed, "old", "new", position)
    reached, circling = _ends(after)
    if not circling.any():
        return followed
    urns = list(position)
    # What only leads into a circle is not on it: after enough steps all that is reached lies on circles.
    latest = {urns[max(_circle(start, after))] for start in set(reached[circling].tolist())}
    return followed.filter(~pl.col("old").is_in(sorted(latest)))


def _circle(start: int, pointers: NDArray[np.int64]) -> list[int]:
    """The positions of the circle on which ``start`` lies. Positions are in the order of URNs."""
    along, at = [start], int(pointers[start])
    while at != start:
        along.append(at)
        at = int(pointers[at])
    return along
