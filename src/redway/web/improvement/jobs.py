"""The long work of this room: scoring the schools of an authority."""

from __future__ import annotations

from datetime import date

from redway.core.words import counted
from redway.web.jobs.registry import Outcome, Progress, job_kind


@job_kind("early_warning.score")
def score_schools(progress: Progress, *, authority: str, day: str, actor: int) -> Outcome:
    """Score and keep. Safe to begin again: nothing is kept before the end, and the same answer once."""
    # Imported here: this module is read at every start, and the model is heavy.
    from redway.web.improvement.rescoring import score_and_keep
    from redway.web.improvement.score_sets import scores_of
    from redway.web.people.models import Person

    made, is_new = score_and_keep(
        actor=Person.objects.get(pk=actor),
        authority=authority,
        day=date.fromisoformat(day),
        progress=progress,
    )
    scores = scores_of(made)
    thin = counted(len(scores.insufficient), "has", "have")
    said = [
        f"{counted(made.scored, 'school has', 'schools have')} a score, {thin} insufficient data.",
        "The scores are kept." if is_new else "Nothing has changed: the same scores are held already.",
    ]
    if scores.killed_because:
        said.append("No score is shown for now: the page says why, and shows indicators and charts.")
    return Outcome(" ".join(said), {"set": str(made.pk), "scored": made.scored, "is_new": is_new})
