"""Colours by written rules: cases 44, 45, 47 and 53 of the research, and what must always hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import ValuesError
from redway.improvement.board_errors import RatingRefused
from redway.improvement.rating import (
    Colour,
    Proposed,
    Standing,
    floor_of,
    prior_words,
    rating_rules,
    recorded_words,
    require_allowed,
    shown,
    worst,
)

TODAY = date(2026, 11, 24)
RULES = rating_rules(TODAY)
OWNER, OTHER = 1, 2


def test_an_overdue_action_its_owner_calls_green_is_kept_so_and_shown_red() -> None:
    one = Standing(OWNER, due_on=date(2026, 11, 12))
    require_allowed(Proposed(Colour.GREEN, "Nearly there."), one, [])
    found = shown(Colour.GREEN, floor_of(one, TODAY, RULES))
    assert (found.owners_view, found.colour) == (Colour.GREEN, Colour.RED)
    assert found.words == "Red: overdue 12 days. The owner says Green."


def test_on_the_due_day_itself_nothing_is_overdue() -> None:
    assert floor_of(Standing(OWNER, due_on=TODAY), TODAY, RULES).reasons == ()


def test_an_overdue_milestone_keeps_the_action_from_green() -> None:
    one = Standing(OWNER, date(2027, 3, 31), overdue_milestones=[("Advisers trained", date(2026, 11, 23))])
    found = shown(Colour.GREEN, floor_of(one, TODAY, RULES))
    assert found.words == "Amber: milestone 'Advisers trained' overdue 1 day. The owner says Green."


def test_an_overdue_action_that_nobody_rated_is_shown_red_all_the_same() -> None:
    found = shown(None, floor_of(Standing(OWNER, date(2026, 11, 23)), TODAY, RULES))
    assert found.words == "Red: overdue 1 day. The owner has not rated it."


def test_something_on_time_that_nobody_rated_has_no_colour() -> None:
    assert shown(None, floor_of(Standing(OWNER, date(2027, 1, 1)), TODAY, RULES)).words == "Not rated yet."


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (Standing(OWNER, TODAY), "It is not complete"),
        (Standing(OWNER, TODAY, completed_on=TODAY), "Blue needs evidence that somebody has accepted"),
        (
            Standing(OWNER, TODAY, completed_on=TODAY, accepted_by=frozenset({OWNER})),
            "accepted by its owner alone",
        ),
    ],
)
def test_blue_is_refused(one: Standing, why: str) -> None:
    with pytest.raises(RatingRefused, match=why):
        require_allowed(Proposed(Colour.BLUE, "Done."), one, [])


def test_blue_with_evidence_that_somebody_else_accepted() -> None:
    one = Standing(OWNER, date(2026, 11, 1), completed_on=TODAY, accepted_by=frozenset({OTHER}))
    require_allowed(Proposed(Colour.BLUE, "Done."), one, [])
    assert shown(Colour.BLUE, floor_of(one, TODAY, RULES)).colour is Colour.BLUE


def test_a_colour_without_a_reason_is_refused() -> None:
    with pytest.raises(RatingRefused, match="without a reason"):
        require_allowed(Proposed(Colour.GREEN, "  "), Standing(OWNER, TODAY), [])


def test_from_red_to_green_in_one_month_needs_a_rationale_and_prints_the_two_colours_before() -> None:
    prior = [
        (date(2026, 8, 10), Colour.GREEN),
        (date(2026, 9, 10), Colour.AMBER),
        (date(2026, 10, 10), Colour.RED),
    ]
    one = Standing(OWNER, date(2027, 1, 1))
    with pytest.raises(RatingRefused) as refused:
        require_allowed(Proposed(Colour.GREEN, "Going well."), one, prior)
    assert refused.value.message == (
        "From Red to Green at one meeting needs a rationale. "
        "Before: Amber on 10 September 2026, Red on 10 October 2026."
    )
    require_allowed(Proposed(Colour.GREEN, "Going well.", "The post was filled on 2 November."), one, prior)
    require_allowed(Proposed(Colour.AMBER, "A way round is found."), one, prior)


def test_colours_before_when_there_were_none() -> None:
    assert prior_words([]) == "It had no colour before."


def test_one_action_unrated_is_partly_recorded() -> None:
    assert recorded_words(3, 4) == "Partly recorded: 3 of 4 actions are rated"
    assert recorded_words(0, 0) == "Not recorded: no action is rated"


def test_there_are_no_rules_before_the_board() -> None:
    with pytest.raises(ValuesError):
        rating_rules(date(2008, 1, 1))


@given(
    view=st.sampled_from([None, *Colour]),
    due=st.integers(-400, 400),
    milestone=st.integers(-400, 400),
    done=st.booleans(),
    accepted=st.frozensets(st.sampled_from([OWNER, OTHER])),
)
def test_no_opinion_lifts_the_floor(
    view: Colour | None, due: int, milestone: int, done: bool, accepted: frozenset[int]
) -> None:
    step = TODAY + timedelta(milestone)
    one = Standing(
        OWNER,
        TODAY + timedelta(due),
        TODAY if done else None,
        [("Step", step)] if step < TODAY else [],
        accepted,
    )
    floor = floor_of(one, TODAY, RULES)
    found = shown(view, floor)
    assert found.owners_view is view
    if found.colour is not None and floor.colour is not None and view is not None:
        assert found.colour is worst([view, floor.colour])
    if due < 0 and not done:
        assert found.colour is Colour.RED
    if found.colour is Colour.BLUE:
        assert done
        assert OTHER in accepted
