"""Windows of questions and of training."""

from __future__ import annotations

from datetime import date

import pytest

from redway.improvement.errors import Hindsight
from redway.improvement.terms import (
    Window,
    closed_before,
    refuse_open,
    terms_ahead,
    terms_between,
    window_from,
)

END = date(2018, 7, 19)


def test_a_year_from_september_has_three_terms_and_ends_in_july() -> None:
    window = window_from(date(2016, 9, 1), 12, END)
    assert window.end == date(2017, 7, 19)
    assert [term.start for term in terms_ahead(window)] == [
        date(2016, 9, 1),
        date(2017, 1, 1),
        date(2017, 4, 1),
    ]


def test_a_window_ends_where_the_record_ends() -> None:
    assert window_from(date(2017, 9, 1), 24, END).end == END


def test_the_summer_term_is_closed_for_a_decision_in_september_and_the_autumn_term_not_in_january() -> None:
    summer, autumn = terms_between(date(2017, 4, 1), date(2017, 12, 31))
    assert closed_before([summer, autumn], date(2017, 9, 1)) == (summer,)
    assert closed_before([summer, autumn], date(2018, 1, 1)) == (summer,)


def test_training_on_an_open_window_is_refused() -> None:
    with pytest.raises(Hindsight, match="had not closed by 2017-09-01"):
        refuse_open([Window(date(2017, 4, 1), date(2018, 3, 31))], date(2017, 9, 1))
