"""Sets of scores: kept once, read as they were kept, and not shown where they may not be."""

from __future__ import annotations

from typing import Any

import pytest

from redway.core.errors import NotFound
from redway.improvement.kept_scores import ScoresUnreadable
from redway.web.audit.models import AuditEntry
from redway.web.improvement.alerts import alert_of
from redway.web.improvement.models import ScoreSet
from redway.web.improvement.score_sets import FOLDER, keep_scores, latest_set, scores_of
from web.improvement.an_early_warning import (
    AUTHORITY,
    OTHER_SCHOOL,
    SCHOOL,
    evaluation,
    kept,
    school_row,
    scores,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_a_set_is_kept_once_and_reads_as_the_command_said() -> None:
    made = kept()
    again, is_new = keep_scores(actor=None, authority=AUTHORITY, scores=scores(), evaluation=evaluation())
    assert (again, is_new) == (made, False)
    assert AuditEntry.objects.get(verb="early_warning.keep").subject_id == str(made.pk)
    found = scores_of(made)
    assert (found.model_version, made.number) == ("A-2017-09-01", 1)
    assert found.sources == (("absence/abs_2017.parquet", "89876aace113"),)
    first = found.schools[0]
    assert (first.school, first.place, first.rank, first.chance) == (SCHOOL, 1, 25, 0.57)
    assert [(one.words, one.way) for one in first.contributions[:2]] == [
        ("absence", "raises"),
        ("number of pupils", "lowers"),
    ]


def test_a_score_that_is_not_the_sum_of_what_is_said_of_it_is_refused() -> None:
    row = school_row(SCHOOL, 25, 0.57) | {"chance": 0.6}
    with pytest.raises(ScoresUnreadable, match=r"adds up to 57\.0% and not to 60\.0%"):
        keep_scores(actor=None, authority=AUTHORITY, scores=scores([row]), evaluation=None)


def test_places_are_given_with_the_places_the_interval_reaches() -> None:
    rows = [school_row(str(110000 + at), at + 1, chance) for at, chance in enumerate((0.6, 0.2, 0.18, 0.17))]
    made, _ = keep_scores(actor=None, authority=AUTHORITY, scores=scores(rows), evaluation=None)
    found = [(one.place, one.rank_lower, one.rank_upper) for one in scores_of(made).schools]
    # 0.2 reaches from 0.14 to 0.26, so any of the last three may be second, third or fourth.
    assert found == [(1, 1, 1), (2, 2, 4), (3, 2, 4), (4, 2, 4)]


def test_other_data_make_another_set_of_the_same_day() -> None:
    kept()
    changed = scores([school_row(SCHOOL, 30, 0.5)])
    made, is_new = keep_scores(actor=None, authority=AUTHORITY, scores=changed, evaluation=evaluation())
    assert (is_new, made.number) == (True, 2)
    assert latest_set(AUTHORITY) == made


def test_the_kill_rule_holds_without_an_evaluation_or_one_no_better_than_intake() -> None:
    assert "36%" in scores_of(kept(beats=False)).killed_because
    assert alert_of(AUTHORITY, SCHOOL) == (None, scores_of(kept(beats=False)).killed_because)
    made, _ = keep_scores(actor=None, authority=AUTHORITY, scores=scores(), evaluation=None)
    assert "No evaluation of this score is on record" in scores_of(made).killed_because
    of_b = evaluation(question="B")
    other, _ = keep_scores(actor=None, authority=AUTHORITY, scores=scores(), evaluation=of_b)
    assert other == made, "an evaluation of another question says nothing of this one"


@pytest.mark.parametrize(("slope", "hidden"), [(0.69, True), (0.71, False), (1.29, False), (1.31, True)])
def test_case_38_chances_are_hidden_and_ranks_kept_outside_0_7_to_1_3(slope: float, hidden: bool) -> None:
    made = kept(slope=slope)
    found = scores_of(made)
    assert found.evaluation is not None
    assert found.evaluation.probabilities_hidden is hidden
    alert, _ = alert_of(AUTHORITY, SCHOOL)
    assert alert is not None
    assert alert.place == 1
    assert ("57%" in alert.words) is not hidden


def test_an_alert_is_known_by_school_day_and_model() -> None:
    kept()
    found, why_none = alert_of(AUTHORITY, OTHER_SCHOOL)
    assert found is not None
    assert why_none == ""
    assert found.frozen["decision"] == "2017-09-01"
    assert found.frozen["model"] == "A-2017-09-01"
    assert found.words.startswith("On 1 September 2017 number 2 of 2 in the authority and 9,000 of 16,973")
    assert alert_of(AUTHORITY, "110998") == (
        None,
        "This school has none: special school. That does not mean a low one.",
    )


def test_schools_of_another_authority_and_other_texts_are_refused() -> None:
    foreign = scores([school_row(SCHOOL, 1, 0.5, authority="822")])
    with pytest.raises(ScoresUnreadable, match="not schools of authority 826"):
        keep_scores(actor=None, authority=AUTHORITY, scores=foreign, evaluation=None)
    with pytest.raises(ScoresUnreadable, match="no set of scores"):
        keep_scores(actor=None, authority=AUTHORITY, scores={"schools": []}, evaluation=None)
    assert not ScoreSet.objects.exists()


def test_a_file_that_was_changed_or_is_gone_is_not_shown(home: Any) -> None:
    made = kept()
    file = home.lake / FOLDER / f"{made.sha256}.json"
    whole = file.read_text()
    file.write_text(whole.replace("0.57", "0.11"))
    with pytest.raises(ScoresUnreadable, match="was changed after it was kept"):
        scores_of(made)
    file.unlink()
    with pytest.raises(NotFound, match="is gone"):
        scores_of(made)
