"""While officers write their own list for a triage meeting, the system's list is shown to nobody.

Whoever has seen a ranking cannot unsee it: a list of one's own that was written beside it says nothing of
what officers know. Sealing the own list ends it, and any officer who may decide can seal.
"""

from __future__ import annotations

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.improvement.kept_scores import KeptScores
from redway.web.improvement.models import ScoreSet, TriageMeeting
from redway.web.improvement.score_sets import scores_of


class HeldBack(RedwayError):  # noqa: N818 - says what is so, in the words of the domain
    """Scores that are not shown before the officers' own list is sealed."""


def scores_to_show(held: ScoreSet) -> KeptScores:
    """The scores of a set, for a page. Raises HeldBack, and what ``scores_of`` raises."""
    open_ones = TriageMeeting.objects.filter(authority=held.authority, sealed_at=None, closed_at=None)
    meeting = open_ones.first()
    if meeting is not None:
        raise HeldBack(
            f"The officers' own list for the triage meeting of {day_in_words(meeting.on)} is being written. "
            "The scores are shown once it is sealed.",
            "Seal the own list of the meeting.",
        )
    return scores_of(held)
