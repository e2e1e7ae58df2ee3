"""Scoring asked for by an officer: which day, one at a time, and kept with model, files and day.

Nothing is kept before everything is computed, and then in one transaction: a scoring that is stopped, killed
or refused leaves the scores there are as they are, and one that is begun again finds the same answer.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.core.words import day_in_words, listed
from redway.improvement.answers import READ_FROM, files_of, mark_of
from redway.improvement.early_warning import bundled_model
from redway.improvement.kept_scores import KeptScores
from redway.improvement.rescoring import Rescored, latest_day, refuse_day
from redway.web.authorities.access import record_of
from redway.web.datasets.ledger import DjangoLedger
from redway.web.datasets.queries import versions_in_force
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.models import ScoreSet
from redway.web.improvement.score_sets import FOLDER, evaluations_in, keep_scores, scores_of
from redway.web.improvement.scoring_process import Task, score_apart
from redway.web.jobs.models import Job
from redway.web.jobs.queries import open_jobs
from redway.web.jobs.registry import Progress
from redway.web.jobs.services import start_job
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority

JOB = "early_warning.score"
ACTION = "early_warning.score"
SUBJECT = "early_warning"
STEPS = 7
"""Reading, building, learning, two dates evaluated, scoring, keeping."""
_MOST_ROUNDS = 3
_INSPECTIONS = ("inspection-history", "inspections-latest")
_FIGURES = {
    "inspections": "inspections",
    "absence": "absence figures",
    "school-census": "the school census",
    "workforce": "workforce figures",
    "school-finance": "income and spending",
    "ks2": "results at key stage 2",
    "ks4": "results at key stage 4",
    "deprivation": "deprivation",
    "establishments": "the register",
    "establishment-links": "links between schools",
}


@dataclass(frozen=True)
class Days:
    """To when inspections are held, and the latest day that can be answered; None where none can."""

    inspections_to: date | None
    latest: date | None
    today: date

    @property
    def first_choice(self) -> date:
        """Today where the files held can answer it, else the latest day they can."""
        return self.latest or self.today


def days_now() -> Days:
    """Which days the files held can answer."""
    today = permission.today()
    ends = [one.period_end for one in versions_in_force() if one.format in _INSPECTIONS]
    inspections_to = max(ends, default=None)
    return Days(inspections_to, latest_day(inspections_to, today) if inspections_to else None, today)


def newer_files(held: ScoreSet, scores: KeptScores) -> str:
    """'Newer files are held since 3 May 2026: absence figures.'; empty where the scores stand on all held.

    Scores that do not say what they were read from are left alone.
    """
    read = {version for _, version in scores.sources}
    came = [
        (one.committed_at, _FIGURES[one.dataset])
        for one in DjangoLedger().versions()
        if one.state == "current" and one.dataset in READ_FROM and mark_of(one) not in read
    ]
    newer = [(day, words) for day, words in came if day is not None and day > held.at]
    if not read or not newer:
        return ""
    first = timezone.localdate(min(day for day, _ in newer))
    return (
        f"Newer files are held since {day_in_words(first)}: {listed(sorted({words for _, words in newer}))}."
    )


@transaction.atomic
def ask_to_score(*, actor: Person, authority: Authority, day: date) -> Job:
    """Ask for the schools of an authority to be scored as at a day.

    Raises ConcernRefused while a scoring of the authority is under way, NotEnoughData and GradesNotComparable
    for a day that the files held cannot answer.
    """
    permission.require(actor, ACTION, record_of(authority))
    Authority.objects.select_for_update().get(number=authority.number)
    if open_jobs(SUBJECT, authority.number).exists():
        raise ConcernRefused("The schools are being scored already.", "Wait until that is done.")
    refuse_day(day, days_now().inspections_to, permission.today())
    return start_job(
        owner=actor,
        kind=JOB,
        title=f"Score schools as at {day_in_words(day)}",
        arguments={"authority": authority.number, "day": day.isoformat(), "actor": actor.pk},
        subject_kind=SUBJECT,
        subject_id=authority.number,
    )


def latest_job(authority: str) -> Job | None:
    """The scoring asked for last."""
    return Job.objects.filter(subject_kind=SUBJECT, subject_id=authority).order_by("-asked_at").first()


def score_and_keep(*, actor: Person, authority: str, day: date, progress: Progress) -> tuple[ScoreSet, bool]:
    """Score, evaluate and keep. Returns the set and whether it is new: the same answer is kept once.

    Raises whatever refuses the day or the files, Http404 for a person who may not, JobCancelled.
    """
    place = record_of(Authority(number=authority))
    permission.require(actor, ACTION, place)
    refuse_day(day, days_now().inspections_to, permission.today())
    with _alone(progress):
        found, files = _computed(authority, day, progress)
    progress.say("Keeping the scores", STEPS, STEPS)
    with transaction.atomic():
        permission.require(actor, ACTION, place)
        return keep_scores(
            actor=actor,
            authority=authority,
            scores=found.scores | {"sources": files},
            evaluation=found.evaluation,
        )


def _computed(authority: str, day: date, progress: Progress) -> tuple[Rescored, list[dict[str, str]]]:
    """The answer and the files it stands on. Files that come meanwhile are read too, by beginning anew."""
    for _ in range(_MOST_ROUNDS):
        versions = DjangoLedger().versions()
        files = files_of(versions)
        task = Task(
            settings.REDWAY_HOME.root,
            versions,
            day,
            authority,
            evaluation_held(authority, day, files),
            evaluation_of(bundled_model().version),
        )
        found = score_apart(task, _steps(progress), progress.check)
        if files_of(DjangoLedger().versions()) == files:
            return found, files
    raise ConcernRefused(
        "Files are being imported, and the scores would not stand on all of them.",
        "Wait until the import is done, then ask again.",
    )


def evaluation_held(authority: str, day: date, files: list[dict[str, str]]) -> dict[str, Any] | None:
    """An evaluation made for the same day from the same files.

    Of this authority only: one of another says nothing of what this one alone says of the score.
    """
    marks = sorted((one["file"], one["version"]) for one in files)
    for held in ScoreSet.objects.filter(authority=authority, decision=day):
        try:
            scores = scores_of(held)
        except RedwayError:
            continue
        if scores.evaluations and sorted(scores.sources) == marks:
            return evaluations_in(held)
    return None


def evaluation_of(model: str) -> dict[str, Any] | None:
    """An evaluation held of a model by its version, the one kept last."""
    for held in ScoreSet.objects.filter(model=model).order_by("-at"):
        try:
            if scores_of(held).evaluations:
                return evaluations_in(held)
        except RedwayError:
            continue
    return None


def _steps(progress: Progress) -> Callable[[str], None]:
    done = iter(range(1, STEPS))
    return lambda words: progress.say(words, next(done, STEPS - 1), STEPS)


@contextmanager
def _alone(progress: Progress) -> Iterator[None]:
    """One scoring at a time on this machine, so that two never want the memory of one."""
    folder = settings.REDWAY_HOME.lake / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "scoring.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress.say("Another scoring is under way; this one waits")
                time.sleep(0.5)
            else:
                break
        yield
