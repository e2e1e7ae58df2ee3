"""What of a period may be shown: inside the authority everything, for publication nothing that tells a case.

Every count from 1 to the rule's limit is hidden, and with it whatever would give it away: another count of
its table, the same number in another table, or a figure of another period that was reported and overlaps
this one. The number of all cases is always shown; where it is itself small, the report shows nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from redway.allegations.statistics import ADVICE, NOT_MET, STILL_OPEN, TABLES, Resolved, Statistics
from redway.figures.disclosure import Rule, Totals, protect_counts
from redway.figures.secondary_suppression import ALSO_HIDDEN
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table

Counts = Mapping[str, Cell]
"""Word -> count, or hidden."""
_ALSO = Hidden(ALSO_HIDDEN)


@dataclass(frozen=True)
class Shown:
    """The figures of a period as they may be shown."""

    counts: Mapping[str, Counts]
    """Table (see TABLES) -> its counts."""
    several: Mapping[str, Counts]
    """Things of which a case may have several -> their counts."""
    work: Counts
    """'meetings', 'suspended' and 'closed over'."""
    timescales: tuple[bool, ...]
    """Whether each of the timescales is shown."""
    old_enough: tuple[bool, ...]
    """Whether its share of all old enough is shown besides."""


def shown_of(statistics: Statistics, publish: Rule | None, beside: Sequence[Statistics] = ()) -> Shown:
    """The figures of a period, hidden where publication asks it.

    ``beside`` are periods that tell together with this one: one that was reported and lies within it or
    around it, and what lies between the two. What is hidden in one of them is hidden here, so that
    subtracting one report from another gives sums of hidden figures and nothing else.
    """
    if publish is None:
        return _everything(statistics)
    shown = _on_its_own(statistics, publish)
    for other in beside:
        shown = _without(shown, _linked(_on_its_own(other, publish)))
    return _linked(shown)


def _everything(statistics: Statistics) -> Shown:
    every = tuple(True for _ in statistics.resolved)
    return Shown(statistics.tables, statistics.several, _work(statistics), every, every)


def _work(statistics: Statistics) -> Mapping[str, int]:
    return {
        "meetings": statistics.meetings,
        "suspended": statistics.suspended,
        "closed over": statistics.closed_over,
    }


def _on_its_own(statistics: Statistics, publish: Rule) -> Shown:
    cases = statistics.cases
    counts = {name: _protected(statistics.tables[name], cases, publish) for name in TABLES}
    within = [0, *(one.closed_within for one in statistics.resolved)]
    return Shown(
        counts,
        {
            name: {word: _alone(count, cases, publish) for word, count in held.items()}
            for name, held in statistics.several.items()
        },
        {word: _alone(count, cases, publish) for word, count in _work(statistics).items()},
        tuple(
            not publish.is_small(cases) and _tells_nothing(within[: at + 2], one, publish)
            for at, one in enumerate(statistics.resolved)
        ),
        # Beside the share of all closed only where both are of the same cases: else the two tell the rest.
        tuple(
            (one.old_enough, one.old_enough_within) == (one.closed, one.closed_within)
            for one in statistics.resolved
        ),
    )


def _protected(counts: Mapping[str, int], cases: int, publish: Rule) -> Counts:
    rows: list[Row] = [{"word": word, "cases": count} for word, count in counts.items()]
    rows.append({"word": "Total", "cases": cases})
    table = Table("", (Column("word", ""), Column("cases", "", Kind.NUMBER)), rows)
    *safe, total = protect_counts(table, ["cases"], publish, Totals(row=True)).table.rows
    if isinstance(total["cases"], Hidden):
        # All tables share the total, so it stays: this table is hidden instead.
        return _all_hidden(counts)
    return {str(row["word"]): row["cases"] for row in safe}


def _alone(count: int, cases: int, publish: Rule) -> Cell:
    """A count beside the number of all cases: hidden when it, or what is left, is small."""
    if publish.is_disclosive_share(count, cases):
        return Hidden(publish.small_label) if publish.is_small(count) else _ALSO
    return count


def _tells_nothing(within: Sequence[int], one: Resolved, publish: Rule) -> bool:
    """Whether a timescale tells no small number: no band of time up to it is small, nor the rest."""
    bands = [later - earlier for earlier, later in pairwise(within)]
    return not any(map(publish.is_small, (*bands, one.closed - one.closed_within)))


def _without(shown: Shown, other: Shown) -> Shown:
    """The same without what another period hides."""
    return Shown(
        {name: _table_without(held, other.counts[name]) for name, held in shown.counts.items()},
        {name: _less(held, other.several.get(name, {})) for name, held in shown.several.items()},
        _less(shown.work, other.work),
        tuple(mine and theirs for mine, theirs in zip(shown.timescales, other.timescales, strict=True)),
        shown.old_enough,
    )


def _table_without(counts: Counts, other: Counts) -> Counts:
    less = _less(counts, other)
    # One alone would be told by the total.
    return _all_hidden(less) if sum(isinstance(cell, Hidden) for cell in less.values()) == 1 else less


def _less(counts: Counts, other: Counts) -> Counts:
    return {
        word: _ALSO if isinstance(other.get(word), Hidden) and not isinstance(cell, Hidden) else cell
        for word, cell in counts.items()
    }


def _linked(shown: Shown) -> Shown:
    """What two tables both tell, hidden in both. Advice is what did not meet the threshold: one number."""
    outcome, threshold = shown.counts["outcome"], shown.counts["threshold"]
    timescales = shown.timescales
    if isinstance(outcome.get(ADVICE), Hidden) or isinstance(threshold.get(NOT_MET), Hidden):
        # What met the threshold is the rest of the outcomes, so that is hidden with it.
        threshold = _all_hidden(threshold)
        if not any(isinstance(cell, Hidden) for cell in outcome.values()):
            outcome = _all_hidden(outcome)
        elif not isinstance(outcome[ADVICE], Hidden):
            outcome = {**outcome, ADVICE: _ALSO}
    if any(isinstance(outcome.get(word), Hidden) for word in (STILL_OPEN, ADVICE)):
        # How long they took says how many were closed, and so how many were not.
        timescales = tuple(False for _ in timescales)
    counts = {**shown.counts, "outcome": outcome, "threshold": threshold}
    return replace(shown, counts=counts, timescales=timescales)


def _all_hidden(counts: Mapping[str, object]) -> Counts:
    return dict.fromkeys(counts, _ALSO)
