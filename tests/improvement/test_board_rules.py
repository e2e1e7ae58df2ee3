"""Travel, watermelon, escalation and moved dates: cases 46, 48 and 51 of the research."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.dates_moved import Moved
from redway.improvement.escalation import Rung, escalation
from redway.improvement.rating import Colour, rating_rules
from redway.improvement.travel import Travel, travel
from redway.improvement.watermelon import watermelon

TODAY = date(2026, 11, 24)
RULES = rating_rules(TODAY)
BLUE, GREEN, AMBER, RED = Colour.BLUE, Colour.GREEN, Colour.AMBER, Colour.RED


def boards(*colours: Colour | None) -> list[tuple[date, Colour | None]]:
    """One board a month, on the tenth; the last on 10 November."""
    return [(date(2026, 11 - len(colours) + at, 10), one) for at, one in enumerate(colours, 1)]


class TestTravel:
    def test_it_is_told_by_the_last_two_boards_alone(self) -> None:
        assert travel(boards(RED, GREEN, AMBER)) is Travel.WORSE
        assert travel(boards(GREEN, RED, AMBER)) is Travel.BETTER
        assert travel(boards(RED, AMBER, AMBER)) is Travel.SAME

    def test_one_board_or_a_board_without_a_colour_says_nothing(self) -> None:
        assert travel(boards(RED)) is Travel.UNKNOWN
        assert travel(boards(RED, None)) is Travel.UNKNOWN
        assert travel([]) is Travel.UNKNOWN

    def test_the_order_of_the_list_does_not_matter(self) -> None:
        assert travel(list(reversed(boards(RED, AMBER)))) is Travel.BETTER


class TestWatermelon:
    def test_all_green_and_the_measure_off_track_two_periods(self) -> None:
        assert watermelon([GREEN, BLUE], {"Absence": 2}, RULES) == (
            "Watermelon: Both actions are Green or Blue, but Absence has been off track for 2 periods "
            "running. Ask whether these are the right actions."
        )

    def test_one_period_is_not_enough(self) -> None:
        assert watermelon([GREEN], {"Absence": 1}, RULES) == ""

    def test_an_action_that_is_not_green_is_no_watermelon(self) -> None:
        assert watermelon([GREEN, AMBER], {"Absence": 5}, RULES) == ""
        assert watermelon([GREEN, None], {"Absence": 5}, RULES) == ""
        assert watermelon([], {"Absence": 5}, RULES) == ""


class TestEscalation:
    def test_amber_three_boards_running_goes_to_the_sponsor_with_its_age(self) -> None:
        found = escalation(boards(AMBER, AMBER, AMBER), RULES, TODAY)
        assert found is not None
        assert found.rung is Rung.SPONSOR
        # 10 September to 24 November: 20 + 31 + 24 days.
        assert found.words == (
            "Amber at 3 boards running, since 10 September 2026 (75 days): for its sponsor."
        )

    def test_amber_a_fourth_time_goes_to_the_board(self) -> None:
        found = escalation(boards(AMBER, AMBER, AMBER, AMBER), RULES, TODAY)
        assert found is not None
        assert found.rung is Rung.BOARD

    def test_red_twice_goes_to_the_sponsor_and_three_times_to_the_board(self) -> None:
        twice, thrice = (escalation(boards(GREEN, *[RED] * n), RULES, TODAY) for n in (2, 3))
        assert twice is not None
        assert twice.rung is Rung.SPONSOR
        assert thrice is not None
        assert thrice.rung is Rung.BOARD

    def test_red_between_two_ambers_is_not_a_way_out(self) -> None:
        found = escalation(boards(AMBER, RED, AMBER), RULES, TODAY)
        assert found is not None
        assert found.why == "Amber or Red at 3 boards running"

    def test_a_green_board_begins_anew(self) -> None:
        assert escalation(boards(AMBER, AMBER, GREEN, AMBER), RULES, TODAY) is None
        assert escalation(boards(RED), RULES, TODAY) is None
        assert escalation([], RULES, TODAY) is None


class TestDatesMoved:
    def test_moved_three_times_ninety_four_days(self) -> None:
        # 31 March to 3 July: 30 + 31 + 30 + 3 days.
        held = Moved(date(2026, 3, 31), [date(2026, 4, 30), date(2026, 5, 31), date(2026, 7, 3)])
        assert held.words == "moved 3 times, +94 days"
        assert held.sentence == "3 July 2026 (first due 31 March 2026; moved 3 times, +94 days)"
        assert held.due_on == date(2026, 7, 3)

    def test_there_and_back_is_still_two_moves(self) -> None:
        assert (
            Moved(date(2026, 3, 31), [date(2026, 5, 1), date(2026, 3, 31)]).words == "moved 2 times, 0 days"
        )

    def test_brought_forward(self) -> None:
        assert Moved(date(2026, 3, 31), [date(2026, 3, 30)]).words == "moved once, -1 day"

    def test_never_moved(self) -> None:
        assert Moved(date(2026, 3, 31)).sentence == "31 March 2026"


@given(st.lists(st.integers(-300, 300), max_size=6))
def test_the_first_day_is_never_lost(shifts: list[int]) -> None:
    first = date(2026, 3, 31)
    held = Moved(first, [first + timedelta(one) for one in shifts])
    assert held.baseline == first
    assert held.days == (shifts[-1] if shifts else 0)
