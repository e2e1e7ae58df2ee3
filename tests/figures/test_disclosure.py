"""Published tables are attacked: given what is shown and the rule, can a hidden count be worked out?"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from redway.core.errors import NotEnoughData, ValuesError
from redway.core.missing import Missing
from redway.figures.disclosure import (
    CannotProtect,
    Protected,
    Rule,
    Share,
    Totals,
    protect_counts,
    protect_shares,
    protect_small_cohorts,
    rule_on,
    small_cohort_on,
)
from redway.figures.secondary_suppression import ALL_HIDDEN, ALSO_HIDDEN
from redway.figures.table import Column, Hidden, Kind, Table

RULE = Rule(small=5)


def referrals(*rows: Sequence[int], total_row: bool = True) -> Table:
    """Counts by school (rows) and outcome (columns), with their totals."""
    keys = [f"outcome-{n}" for n in range(len(rows[0]))]
    lines = [[*row, sum(row)] for row in rows]
    if total_row:
        lines.append([sum(column) for column in zip(*lines, strict=True)])
    return Table(
        "Referrals by outcome",
        [Column(key, key, Kind.NUMBER) for key in [*keys, "total"]],
        [dict(zip([*keys, "total"], line, strict=True)) for line in lines],
    )


def protected(*rows: Sequence[int], rule: Rule = RULE) -> Protected:
    keys = [f"outcome-{n}" for n in range(len(rows[0]))]
    return protect_counts(referrals(*rows), keys, rule, Totals("total", row=True))


def possible_range(safe: Protected, rule: Rule, row: int, column: str) -> tuple[float, float]:
    """Least and greatest value of a hidden count for someone who knows the rule and why each was hidden."""
    rows = list(safe.table.rows)
    keys = [c.key for c in safe.table.columns]
    why = {(one.row, one.column): one.why for one in safe.withheld}
    lower, upper = [], []
    for place, line in enumerate(rows):
        for key in keys:
            cell = line[key]
            if isinstance(cell, Hidden):
                least, most = {
                    rule.small_label: (1, rule.small),
                    ALSO_HIDDEN: (rule.small + 1, 10**6),
                    ALL_HIDDEN: (0, 10**6),
                }[why[place, key]]
                lower.append(least)
                upper.append(most)
            else:
                lower.append(cell)
                upper.append(cell)
    width, height = len(keys), len(rows)
    sums = []
    for place in range(height):
        equation = np.zeros((height, width))
        equation[place, :-1], equation[place, -1] = 1, -1
        sums.append(equation.ravel())
    for at in range(width):
        equation = np.zeros((height, width))
        equation[:-1, at], equation[-1, at] = 1, -1
        sums.append(equation.ravel())
    target = np.zeros(height * width)
    target[row * width + keys.index(column)] = 1
    found = [
        milp(
            sign * target,
            constraints=LinearConstraint(np.array(sums), 0, 0),
            bounds=Bounds(np.array(lower, dtype=float), np.array(upper, dtype=float)),
            integrality=np.ones_like(target),
        )
        for sign in (1, -1)
    ]
    assert all(one.success for one in found)
    return round(found[0].fun), round(-found[1].fun)


def test_a_cell_of_three_takes_a_second_cell_with_it_so_that_it_cannot_be_worked_out() -> None:
    safe = protected([3, 20, 30], [40, 50, 60])
    first = next(iter(safe.table.rows))
    assert first["outcome-0"] == Hidden("Hidden: 1 to 5")
    assert sum(isinstance(cell, Hidden) for cell in first.values()) >= 2
    assert {one.why for one in safe.withheld} == {"Hidden: 1 to 5", ALSO_HIDDEN}


def test_two_ones_next_to_each_other_are_still_pinned_by_their_sum_and_need_a_third() -> None:
    # Hidden together they add up to 2, and each is at least 1.
    safe = protected([1, 1, 20], [30, 40, 50])
    low, high = possible_range(safe, RULE, 0, "outcome-0")
    assert low < high


def test_five_ones_under_a_total_of_five_hide_the_whole_table() -> None:
    # All are known to be 1 to 5, and so is their total: each could only be 1.
    safe = protected([1, 1, 1, 1, 1])
    assert {one.why for one in safe.withheld} == {ALL_HIDDEN}
    assert len(safe.withheld) == 12


def test_without_totals_only_the_small_count_is_hidden() -> None:
    table = referrals([3, 20], [0, 40], total_row=False)
    safe = protect_counts(table, ["outcome-0", "outcome-1"], RULE)
    assert [(one.row, one.column) for one in safe.withheld] == [(0, "outcome-0")]


def test_nought_counts_nobody_and_is_shown() -> None:
    safe = protected([0, 20], [30, 40])
    assert safe.withheld == ()
    assert next(iter(safe.table.rows))["outcome-0"] == 0


@settings(deadline=None, max_examples=120)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 3) | st.integers(0, 40), min_size=width, max_size=width),
            min_size=1,
            max_size=4,
        )
    ),
    st.integers(2, 10),
)
def test_no_hidden_count_can_be_pinned_by_solving_the_sums(rows: list[list[int]], small: int) -> None:
    rule = Rule(small)
    safe = protected(*rows, rule=rule)
    for one in safe.withheld:
        low, high = possible_range(safe, rule, one.row, one.column)
        assert low < high


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_one_row_with_its_total_is_safe_too(row: list[int]) -> None:
    table = referrals(row, total_row=False)
    keys = [f"outcome-{n}" for n in range(len(row))]
    safe = protect_counts(table, keys, RULE, Totals("total"))
    shown = next(iter(safe.table.rows))
    hidden = [key for key in keys if isinstance(shown[key], Hidden)]
    assert all(
        isinstance(shown[key], Hidden) for key, count in zip(keys, row, strict=True) if 1 <= count <= 5
    )
    if len(hidden) == 1:
        assert isinstance(shown["total"], Hidden)


@given(st.lists(st.lists(st.integers(6, 60), min_size=2, max_size=4), min_size=1, max_size=4))
def test_a_table_without_small_counts_leaves_as_it_is(rows: list[list[int]]) -> None:
    assume(len({len(row) for row in rows}) == 1)
    safe = protected(*rows)
    assert safe.withheld == ()
    assert list(safe.table.rows) == list(referrals(*rows).rows)


def test_a_percentage_goes_with_its_count() -> None:
    table = Table(
        "Absent pupils",
        [Column("count", "Pupils", Kind.NUMBER), Column("percent", "Share", Kind.PERCENT)],
        [{"count": 4, "percent": 1.6}, {"count": 60, "percent": 12.0}],
    )
    safe = protect_counts(table, ["count"], RULE, derived={"count": ["percent"]})
    assert next(iter(safe.table.rows))["percent"] == Hidden("Hidden: 1 to 5")
    assert "2 figures are hidden" in list(safe.table.notes)[-1]


@pytest.mark.parametrize(
    ("numerator", "denominator", "hidden"),
    [
        (3, 9, True),  # year 6 cohort of 9 of whom 3 reached the standard
        (97, 100, True),  # three who did not
        (0, 4, True),  # four children in all
        (0, 30, False),
        (30, 30, False),
        (13, 30, False),
    ],
)
def test_a_share_is_hidden_when_any_of_its_parts_is_small(
    numerator: int, denominator: int, hidden: bool
) -> None:
    columns = [Column("share", "Share", Kind.PERCENT), Column("passed", "n"), Column("cohort", "of")]
    row = {"share": 100 * numerator / denominator, "passed": numerator, "cohort": denominator}
    safe = protect_shares(Table("KS2", columns, [row]), [Share("share", "passed", "cohort")], RULE)
    shown = next(iter(safe.table.rows))
    assert isinstance(shown["share"], Hidden) is hidden
    assert isinstance(shown["passed"], Hidden) is hidden
    assert str(numerator) not in safe.table.shown()[0] or not hidden


def test_a_share_the_publisher_suppressed_keeps_the_publishers_reason() -> None:
    table = Table("KS2", [Column("share", "Share", Kind.PERCENT)], [{"share": Missing.SUPPRESSED}])
    safe = protect_shares(table, [Share("share", "passed", "cohort")], RULE)
    assert next(iter(safe.table.rows))["share"] is Missing.SUPPRESSED


def test_shown_counts_can_be_rounded_and_the_note_says_so() -> None:
    safe = protected([13, 22], [37, 48], rule=Rule(small=5, round_to=5))
    assert next(iter(safe.table.rows)) == {"outcome-0": 15, "outcome-1": 20, "total": 35}
    assert "nearest 5" in list(safe.table.notes)[-1]


@given(st.integers(0, 10**6), st.integers(1, 100))
def test_rounding_moves_a_count_by_half_a_step_at_most(count: int, step: int) -> None:
    assert abs(Rule(5, step).rounded(count) - count) * 2 <= step
    assert Rule(5, step).rounded(count) % step == 0


def test_totals_that_do_not_add_up_are_refused() -> None:
    table = Table("t", [Column("a", "a"), Column("total", "Total")], [{"a": 7, "total": 8}])
    with pytest.raises(CannotProtect, match="add up to 7"):
        protect_counts(table, ["a"], RULE, Totals("total"))


def test_a_missing_count_under_a_total_is_refused() -> None:
    table = Table("t", [Column("a", "a"), Column("total", "Total")], [{"a": Missing.SUPPRESSED, "total": 8}])
    with pytest.raises(NotEnoughData):
        protect_counts(table, ["a"], RULE, Totals("total"))


@pytest.mark.parametrize("cell", [-1, 2.5, "three"])
def test_what_is_no_count_is_refused(cell: object) -> None:
    with pytest.raises(CannotProtect):
        protect_counts(Table("t", [Column("a", "a")], [{"a": cell}]), ["a"], RULE)  # type: ignore[dict-item]


def test_the_rule_is_a_dated_value() -> None:
    assert rule_on(date(2026, 4, 2)).small == 5
    with pytest.raises(ValuesError):
        rule_on(date(1999, 12, 31))


def test_a_rule_that_protects_nobody_is_refused() -> None:
    with pytest.raises(CannotProtect):
        Rule(small=1)


def test_a_published_share_of_nine_children_does_not_leave() -> None:
    """Acceptance case 4: a cohort of 9 of whom 3 reach the standard; no export reveals the 3."""
    columns = [Column("school", "School"), Column("value", "Reached the standard", Kind.PERCENT)]
    rows = [
        {"school": "Small", "value": 100 / 3, "counted": 3, "of": 9},
        {"school": "Eleven", "value": 100 * 3 / 11, "counted": 3, "of": 11},
        {"school": "Not known", "value": 50.0, "counted": None, "of": None},
    ]
    share = Share("value", "counted", "of")
    left = protect_small_cohorts(
        Table("Results", columns, rows), [share], small_cohort_on(date(2026, 11, 24))
    )
    shown = [row[1] for row in left.table.shown()]
    assert shown == ["Hidden: 10 children or fewer", "27.3%", "50.0%"]
    assert left.table.notes == ["1 figure is hidden: of 10 children or fewer."]
