"""What is hidden cannot be worked out: not from the groups, not from the cohort, not from both."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from redway.attainment.safe_standings import SafeCounts, Told, roughly, safe_counts, told_of_groups
from redway.attainment.tracking import Standing
from redway.figures.disclosure import Rule

FIVE, TWO = Rule(5), Rule(2)


def counts(exceeding: int, on_track: int, at_risk: int, not_known: int = 0) -> dict[Standing, int]:
    return dict(zip(Standing, (exceeding, on_track, at_risk, not_known), strict=True))


def pupils(**groups: tuple[int, int]) -> pl.DataFrame:
    """Group -> (on track, at risk)."""
    rows = [
        (level, standing)
        for level, (reaching, at_risk) in groups.items()
        for standing in ["on track"] * reaching + ["at risk"] * at_risk
    ]
    return pl.DataFrame(rows, schema={"ethnicity": pl.String, "standing": pl.String}, orient="row")


def test_a_cohort_without_small_counts_is_told_whole() -> None:
    assert safe_counts(counts(20, 60, 10), FIVE) == SafeCounts(90, 80, 20, 60, 10, "None")


def test_few_at_risk_hide_how_many_are_not() -> None:
    assert safe_counts(counts(20, 60, 3), FIVE) == SafeCounts(83, None, None, None, None, "None")


def test_few_exceeding_are_told_together_with_those_on_track() -> None:
    assert safe_counts(counts(2, 60, 10, 3), FIVE) == SafeCounts(72, 62, None, None, 10, "1 to 5")


def test_of_a_very_small_cohort_nothing_is_told() -> None:
    assert safe_counts(counts(1, 2, 1, 40), FIVE) == SafeCounts(None, None, None, None, None, "More than 5")


def test_noughts_are_told_and_missing_counts_only_in_words() -> None:
    assert safe_counts(counts(0, 30, 0), FIVE).at_risk == 0
    assert [roughly(count, FIVE) for count in (0, 1, 5, 6, 600)] == [
        "None",
        "1 to 5",
        "1 to 5",
        "More than 5",
        "More than 5",
    ]


def test_a_small_group_hides_the_one_it_could_be_worked_out_from() -> None:
    told = told_of_groups(pupils(asian=(40, 12), black=(2, 1), white=(60, 20)), "ethnicity", FIVE)
    assert not told["black"].size
    assert sum(one.size for one in told.values()) == 1


def test_few_at_risk_in_one_group_hide_the_shares_of_another_and_leave_the_sizes() -> None:
    told = told_of_groups(pupils(asian=(40, 12), black=(20, 2), white=(60, 20)), "ethnicity", FIVE)
    assert [one.size for one in told.values()] == [True, True, True]
    assert not told["black"].counts
    assert sum(one.counts for one in told.values()) == 1


def test_of_two_groups_one_of_them_small_nothing_is_told() -> None:
    told = told_of_groups(pupils(yes=(2, 1), no=(60, 20)), "ethnicity", FIVE)
    assert set(told.values()) == {Told(size=False, counts=False, gap=False)}


def test_pupils_of_whom_it_is_not_known_are_a_group_without_a_name() -> None:
    frame = pl.concat(
        [
            pupils(yes=(20, 20), no=(20, 20)),
            pupils(yes=(2, 1)).with_columns(pl.lit(None, dtype=pl.String).alias("ethnicity")),
        ]
    )
    told = told_of_groups(frame, "ethnicity", FIVE)
    assert not told[""].size
    assert sum(one.size for one in told.values()) == 1


Groups = dict[str, tuple[int, int]]
"""Group -> (reaching the path, at risk)."""
some = st.integers(0, 7)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(some, some), min_size=1, max_size=3))
def test_what_is_hidden_has_at_least_two_possible_values(drawn: list[tuple[int, int]]) -> None:
    """Whoever knows the rule, which counts are small, and all that is told, cannot tell a small count.

    Where nothing is told of a characteristic, nothing says which of its counts were small.
    """
    groups = {f"g{at}": group for at, group in enumerate(drawn) if sum(group)}
    told = told_of_groups(pupils(**groups), "ethnicity", TWO)
    shown = any(one.size for one in told.values())
    seen, pattern = seen_of(groups, told), small_in(groups)
    values: dict[tuple[str, int], set[int]] = {cell: set() for cell in pattern}
    for other in cohorts_near(groups):
        if all(len(found) > 1 for found in values.values()):
            return
        if seen_of(other, told) == seen and (not shown or small_in(other) == pattern):
            for level, part in pattern:
                values[level, part].add(cells_of(other[level])[part])
    assert all(len(found) > 1 for found in values.values()), (groups, seen)


def cells_of(group: tuple[int, int]) -> tuple[int, int, int]:
    """Reaching, at risk, together."""
    return (*group, sum(group))


def small_in(groups: Groups) -> set[tuple[str, int]]:
    return {
        (level, part)
        for level, group in groups.items()
        for part, count in enumerate(cells_of(group))
        if TWO.is_small(count)
    }


def seen_of(groups: Groups, told: dict[str, Told]) -> tuple[object, ...]:
    """All that is told of some groups and of their cohort."""
    reaching, at_risk = (sum(group[at] for group in groups.values()) for at in (0, 1))
    cohort = safe_counts(counts(0, reaching, at_risk), TWO)
    cells = [
        (sum(group) if told[level].size else None, group if told[level].counts else None)
        for level, group in groups.items()
    ]
    return (cohort.known, cohort.reaching, cohort.at_risk, *cells)


def cohorts_near(groups: Groups) -> Iterator[Groups]:
    """Cohorts of the same groups with counts that differ by one or two."""
    ranges = [range(max(count - 2, 0), count + 3) for group in groups.values() for count in group]
    for chosen in product(*ranges):
        yield dict(zip(groups, zip(chosen[::2], chosen[1::2], strict=True), strict=True))
