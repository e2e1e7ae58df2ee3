"""An alert as other rooms know it: by school, decision date and model, with a frozen copy of what was
shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.improvement.kept_scores import KeptScores
from redway.web.improvement.held_back import scores_to_show
from redway.web.improvement.score_sets import latest_set


@dataclass(frozen=True)
class Alert:
    """What the latest set of scores says of one school."""

    school: str
    decision: date
    model: str
    words: str
    """As the pages say it; without a chance where none may be shown."""
    place: int | None
    band: str

    @property
    def frozen(self) -> dict[str, Any]:
        """The copy that is kept by whoever acts on it."""
        return {
            "school": self.school,
            "decision": self.decision.isoformat(),
            "model": self.model,
            "words": self.words,
            "place": self.place,
            "band": self.band,
        }


def alert_of(authority: str, school: str) -> tuple[Alert | None, str]:
    """The alert of a school in its authority's latest set, or none, and in words why no score is shown."""
    held = latest_set(authority)
    if held is None:
        return None, "No scores are kept."
    try:
        scores = scores_to_show(held)
    except RedwayError as error:
        return None, error.message
    found = alert_in(scores, school)
    return (found, "") if found else (None, _why_none(scores, school))


def _why_none(scores: KeptScores, school: str) -> str:
    """Why a set shows no score of a school; never as if it were a low one."""
    if scores.killed_because:
        return scores.killed_because
    without = scores.without_score(school)
    if without is None:
        day = day_in_words(scores.decision)
        return f"The set of scores does not name this school: it was not open on {day}."
    return f"This school has none: {without.reason}. That does not mean a low one."


def alert_in(scores: KeptScores, school: str) -> Alert | None:
    """The same from scores that are read already."""
    found = scores.of_school(school)
    if found is None or scores.killed_because:
        return None
    words = (
        f"On {day_in_words(scores.decision)} number {found.place} of {len(scores.schools)} in the authority "
        f"and {found.rank:,} of {found.of:,} {scores.among}: {found.band}"
    )
    evaluation = scores.evaluation
    if evaluation is not None and not evaluation.probabilities_hidden:
        words += f"; {found.chance:.0%} ({found.lower:.0%} to {found.upper:.0%})"
    return Alert(school, scores.decision, scores.model_version, f"{words}.", found.place, found.band)
