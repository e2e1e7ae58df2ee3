"""What the demo shows of early warning is what the command computed, bundled with where it comes from."""

from __future__ import annotations

import pytest

from redway.web.improvement.demo import keep_bundled_scores
from redway.web.improvement.score_sets import scores_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_the_bundled_scores_say_what_they_stand_on() -> None:
    made = keep_bundled_scores()
    found = scores_of(made)
    assert "national open data" in made.note
    assert (str(found.decision), found.model_version) == ("2017-09-01", "A-2017-09-01")
    assert len(found.sources) > 30
    assert {one.of for one in found.schools} == {16_973}, "ranks are among all of England"
    assert not found.killed_because


def test_the_bundled_evaluation_is_the_one_of_the_model_card() -> None:
    """docs/explanation/early-warning.md, table of 1 September 2017."""
    of_2017 = next(
        one for one in scores_of(keep_bundled_scores()).evaluations if str(one.decision) == "2017-09-01"
    )
    assert round(of_2017.line("model")["auc"]["value"], 3) == 0.847
    assert round(of_2017.line("intake")["recall"]["0.2"]["value"], 2) == 0.36
    assert (of_2017.schools, of_2017.events) == (17_052, 720)
