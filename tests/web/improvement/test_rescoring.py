"""Scoring asked for on a page: who may, one at a time, kept in one step or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse

from redway.datasets.ledger import State as FileState
from redway.datasets.ledger import Version
from redway.improvement.rescoring import Rescored
from redway.web.audit.models import AuditEntry
from redway.web.datasets.ledger import DjangoLedger
from redway.web.improvement import rescoring
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.models import ScoreSet
from redway.web.improvement.rescoring import ask_to_score, latest_job, newer_files
from redway.web.improvement.score_sets import keep_scores, scores_of
from redway.web.improvement.scoring_process import ScoringEnded, Task, score_apart
from redway.web.jobs.models import Job, State
from redway.web.jobs.registry import JobCancelled
from redway.web.jobs.worker import Worker
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import AUTHORITY, evaluation, kept, scores
from web.pages import visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]

DAY = date(2017, 9, 1)


@pytest.fixture(autouse=True)
def _register() -> None:
    register()


def version(dataset: str, came: datetime, mark: str, format_code: str = "") -> Version:
    """A file in force, its SHA-256 made of one word."""
    return Version(
        id=1,
        format=format_code or dataset,
        dataset=dataset,
        period="2016-17",
        period_start=date(2016, 9, 1),
        period_end=date(2018, 7, 19),
        scope="",
        edition="",
        number=1,
        state=FileState.CURRENT,
        file_name=f"{dataset}.csv",
        sha256=mark.ljust(64, "0"),
        recipe="",
        sheet="",
        header_row=1,
        headers={},
        periods=(),
        rows_read=1,
        rows_loaded=1,
        rows_rejected=0,
        entities=1,
        problems=0,
        held_reason="",
        received_at=came,
        received_by="",
        committed_at=came,
    )


LONG_AGO = datetime(2020, 5, 3, 9, tzinfo=UTC)
INSPECTIONS = version("inspections", LONG_AGO, "aaa", "inspection-history")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[Version]:
    """The files held: an inspection history to 19 July 2018."""
    files = [INSPECTIONS]
    monkeypatch.setattr(DjangoLedger, "versions", lambda self, **_: list(files))
    return files


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """What would take minutes is done at once; what was asked for is noted."""
    asked: list[Task] = []

    def at_once(task: Task, tell: Any, check: Any) -> Rescored:
        asked.append(task)
        tell("Building the panel")
        made = {name: value for name, value in scores().items() if name != "sources"}
        return Rescored(made, task.evaluated or evaluation())

    monkeypatch.setattr(rescoring, "score_apart", at_once)
    return asked


def ask(actor: Person, day: date = DAY) -> Job:
    return ask_to_score(actor=actor, authority=Authority.objects.get(number=AUTHORITY), day=day)


def done(job: Job) -> Job:
    Worker().run_all()
    job.refresh_from_db()
    return job


@pytest.mark.usefixtures("held")
def test_an_officer_asks_and_a_worker_keeps_scores_with_model_files_and_day(
    bob: Person, computed: list[Task]
) -> None:
    job = done(ask(bob))
    assert (job.state, job.title) == (State.DONE, "Score schools as at 1 September 2017")
    assert job.message == "2 schools have a score, 1 has insufficient data. The scores are kept."
    made = ScoreSet.objects.get()
    assert (made.by, made.decision, made.model) == (bob, DAY, "A-2017-09-01")
    found = scores_of(made)
    assert found.sources == (("inspections.csv", "aaa000000000"),)
    assert found.evaluation is not None
    entry = AuditEntry.objects.get(verb="early_warning.keep")
    assert (entry.actor, entry.subject_id) == (bob, str(made.pk))


@pytest.mark.usefixtures("held")
def test_the_same_files_are_not_evaluated_twice_and_the_same_answer_is_kept_once(
    bob: Person, computed: list[Task]
) -> None:
    done(ask(bob))
    job = done(ask(bob))
    assert [task.evaluated is not None for task in computed] == [False, True]
    assert "the same scores are held already" in job.message
    assert ScoreSet.objects.count() == 1


def test_what_one_authority_says_of_the_score_is_not_taken_for_another(held: list[Version]) -> None:
    files = rescoring.files_of(held)
    keep_scores(
        actor=None, authority=AUTHORITY, scores=scores() | {"sources": files}, evaluation=evaluation()
    )
    assert rescoring.evaluation_held(AUTHORITY, DAY, files) is not None
    assert rescoring.evaluation_held("213", DAY, files) is None


@pytest.mark.usefixtures("held")
def test_where_the_model_is_no_better_than_intake_the_job_says_that_no_score_is_shown(
    bob: Person, computed: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {name: value for name, value in scores().items() if name != "sources"}
    monkeypatch.setattr(rescoring, "score_apart", lambda *_: Rescored(made, evaluation(beats=False)))
    assert "No score is shown for now: the page says why" in done(ask(bob)).message


@pytest.mark.usefixtures("held", "computed")
def test_one_scoring_at_a_time(bob: Person) -> None:
    ask(bob)
    with pytest.raises(ConcernRefused, match="being scored already"):
        ask(bob)


@pytest.mark.usefixtures("held", "computed")
def test_a_director_who_may_not_score_and_a_stranger_are_refused(dana: Person, bob: Person) -> None:
    with pytest.raises(Http404):
        ask(dana)
    job = ask(bob)
    bob.grants.update(last_day=date(2020, 12, 31))
    assert done(job).state == State.FAILED
    assert not ScoreSet.objects.exists(), "permission is asked again when the work is done"


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("error", [ScoringEnded("It ended.", "Ask again."), JobCancelled("Cancelled.")])
def test_a_scoring_that_is_refused_or_stopped_leaves_what_is_kept_as_it_is(
    bob: Person, monkeypatch: pytest.MonkeyPatch, error: Exception, home: Any
) -> None:
    before = kept()
    files = sorted(path.name for path in (home.lake / "early-warning").glob("*.json"))

    def ends(*_: Any) -> Rescored:
        raise error

    monkeypatch.setattr(rescoring, "score_apart", ends)
    job = done(ask(bob))
    assert job.state in (State.FAILED, State.CANCELLED)
    assert list(ScoreSet.objects.all()) == [before]
    assert sorted(path.name for path in (home.lake / "early-warning").glob("*.json")) == files


def test_files_that_come_while_it_runs_are_read_too(
    bob: Person, held: list[Version], computed: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = rescoring.score_apart

    def and_a_file_comes(task: Task, tell: Any, check: Any) -> Rescored:
        if len(held) == 1:
            held.append(version("absence", LONG_AGO, "bbb"))
        return at_once(task, tell, check)

    monkeypatch.setattr(rescoring, "score_apart", and_a_file_comes)
    done(ask(bob))
    assert [len(task.versions) for task in computed] == [1, 2]
    assert [file for file, _ in scores_of(ScoreSet.objects.get()).sources] == [
        "inspections.csv",
        "absence.csv",
    ]


def test_newer_files_are_told_with_the_day_since_when_they_are_held(held: list[Version]) -> None:
    made = kept()
    assert newer_files(made, scores_of(made)) == "", "they were held before the scores were kept"
    held.append(version("absence", made.at + timedelta(days=2), "ccc"))
    held.append(version("pupils", made.at + timedelta(days=1), "ddd"))
    words = newer_files(made, scores_of(made))
    assert words.startswith("Newer files are held since ")
    assert words.endswith(": absence figures."), "files that no score is read from do not count"
    without = {name: value for name, value in scores().items() if name != "sources"}
    bare, _ = keep_scores(actor=None, authority=AUTHORITY, scores=without, evaluation=None)
    assert newer_files(bare, scores_of(bare)) == "", "these do not say what they were read from"


@pytest.mark.usefixtures("held", "computed")
def test_the_page_proposes_the_latest_day_and_says_why_a_later_one_is_refused(
    bob: Person,
) -> None:
    client = visitor(bob)
    address = reverse("improvement:score_again", args=[AUTHORITY])
    shown = client.get(address).content.decode()
    assert "The latest day the files held can answer is 1 September 2018" in shown
    refused = client.post(address, {"day_day": "24", "day_month": "11", "day_year": "2026"}).content.decode()
    assert "Choose 1 September 2018, the latest day the files held can answer" in refused
    assert latest_job(AUTHORITY) is None
    client.post(address, {"day_day": "1", "day_month": "9", "day_year": "2018"})
    waiting = client.get(address)
    assert waiting["Refresh"] == "10"
    assert "Score schools as at 1 September 2018" in waiting.content.decode()


def test_a_process_of_its_own_hands_back_what_it_refuses_in_its_own_words(home: Any) -> None:
    said: list[str] = []
    task = Task(home.root, [], DAY, AUTHORITY, None, None)
    with pytest.raises(ScoringEnded) as refused:
        score_apart(task, said.append, lambda: None)
    assert refused.value.message
    assert said == ["Reading the files held"]


def test_a_process_that_is_no_longer_wanted_is_ended(home: Any) -> None:
    def stop() -> None:
        raise JobCancelled("Cancelled.")

    with pytest.raises(JobCancelled):
        score_apart(Task(home.root, [], DAY, AUTHORITY, None, None), lambda _: None, stop)
