"""What is told of counts: whole it adds up; hidden it cannot be worked out from what else is told."""

from __future__ import annotations

from itertools import product

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from redway.attainment.target_groups import Layer
from redway.attainment.tracking import Movement, Standing, Tracked
from redway.attainment.tracking_rule import TrackingRule
from redway.figures.disclosure import Rule
from redway.figures.table import Hidden
from redway.web.attainment.tracking.told import Counts, safe, whole

LOCAL = TrackingRule("maths", 1.0, 2.5, 0.6, 0.25, 0.75, 0.25, 0.50, 0.10, "points", True)
RULE = Rule(5)
CHANCES = {"could": 0.05, "should": 0.2, "must": 0.4, "likely": 0.6, "exceeding": 0.9}
few_or_many = st.integers(0, 9)


def tracked(counts: dict[str, int], unknown: int, moved: dict[str, int]) -> Tracked:
    """A cohort with so many pupils at each chance; the first ones moved as said, the others not at all."""
    movements = [movement for movement, count in moved.items() for _ in range(count)]
    rows = []
    for name, count in counts.items():
        for _ in range(count):
            chance = CHANCES[name]
            standing = "at risk" if chance < 0.25 else "exceeding" if chance > 0.75 else "on track"
            rows.append((chance, standing, movements.pop() if movements else None, ""))
    rows += [(None, "not known", None, "not assessed in this term")] * unknown
    schema = {"chance": pl.Float64, "standing": pl.String, "movement": pl.String, "reason": pl.String}
    pupils = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("pupil")
    return Tracked(pupils, pl.DataFrame(), LOCAL, None, ())


cohorts = st.builds(
    tracked,
    st.fixed_dictionaries(dict.fromkeys(CHANCES, few_or_many)),
    few_or_many,
    st.fixed_dictionaries(dict.fromkeys([one.value for one in Movement], few_or_many)),
)


@given(cohorts)
def test_whole_counts_part_the_cohort(cohort: Tracked) -> None:
    counts = whole(cohort)
    every = sum(int(str(cell)) for cell in counts.standings.values())
    assert every == cohort.pupils.height
    known = int(str(counts.known))
    assert sum(int(str(cell)) for cell in counts.movements.values()) == known
    assert known + sum(int(str(cell)) for _, cell in counts.reasons) == every


@given(cohorts)
def test_no_small_count_is_told(cohort: Tracked) -> None:
    told = safe(cohort, RULE)
    cells = [*told.standings.values(), told.known, *told.movements.values(), *told.layers.values()]
    assert not [cell for cell in cells if isinstance(cell, int) and 1 <= cell <= 5]
    assert all(isinstance(cell, str) for _, cell in told.reasons)


@example(tracked({"exceeding": 5, "likely": 5}, 0, {}))
@given(cohorts)
def test_a_hidden_count_has_two_possible_values_by_everything_that_is_told(cohort: Tracked) -> None:
    """Everything a reader can add up: standings, movements and layers, with their known sums."""
    told, truth = safe(cohort, RULE), whole(cohort)
    for names, total in _sums(told):
        cells = [_cell(told, name) for name in names]
        hidden = [name for name, cell in zip(names, cells, strict=True) if isinstance(cell, Hidden)]
        if not hidden or isinstance(total, Hidden):
            continue
        left = int(str(total)) - sum(int(str(cell)) for cell in cells if not isinstance(cell, Hidden))
        possible = [
            values
            for values in product(range(left + 1), repeat=len(hidden))
            if sum(values) == left
            and all(_fits(told, name, value) for name, value in zip(hidden, values, strict=True))
        ]
        real = tuple(int(str(_cell(truth, name))) for name in hidden)
        assert real in possible
        for at, _ in enumerate(hidden):
            assert len({values[at] for values in possible}) > 1, (names, told)


def _sums(told: Counts) -> list[tuple[list[str], object]]:
    """(parts, their sum as it is told) of every sum on the pages."""
    standings = [one.value for one in (Standing.EXCEEDING, Standing.ON_TRACK, Standing.AT_RISK)]
    return [
        (standings, told.known),
        (list(told.movements), told.known),
        ([Layer.SHOULD.value, Layer.COULD.value], told.standings[Standing.AT_RISK]),
    ]


def _cell(counts: Counts, name: str) -> object:
    for held in (counts.layers, counts.movements):
        if name in held:
            return held[name]
    return counts.standings[Standing(name)]


def _fits(told: Counts, name: str, value: int) -> bool:
    """Whether a value fits what stands in the cell's place."""
    cell = _cell(told, name)
    return not (isinstance(cell, Hidden) and cell.label == RULE.small_label) or 1 <= value <= 5
