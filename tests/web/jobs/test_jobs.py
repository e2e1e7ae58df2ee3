"""Long work: asked for, done, followed, cancelled, and recovered when its worker dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from redway.core.errors import NotFound, RedwayError
from redway.web.audit.models import AuditEntry
from redway.web.jobs import registry, services
from redway.web.jobs.models import Job, State
from redway.web.jobs.registry import JobCancelled, Outcome, Progress, job_kind
from redway.web.jobs.worker import JobProgress, Worker, WorkerThread
from redway.web.people import permission
from redway.web.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> Iterator[Callable[[Callable[..., Outcome]], str]]:
    """Registers a function as a kind of work for this test only."""
    names: list[str] = []

    def register(work: Callable[..., Outcome]) -> str:
        name = f"test.{work.__name__}"
        job_kind(name)(work)
        names.append(name)
        return name

    yield register
    for name in names:
        del registry._KINDS[name]


def ask(owner: Person | None, kind: str, **arguments: Any) -> Job:
    return services.start_job(owner=owner, kind=kind, title="Count schools", arguments=arguments)


def counting(progress: Progress, up_to: int) -> Outcome:
    for number in range(1, up_to + 1):
        progress.say(f"School {number}", number, up_to)
    return Outcome(f"{up_to} schools counted.", {"schools": up_to})


def test_work_is_asked_for_done_and_says_what_it_did(alice: Person, kind: Any) -> None:
    job = ask(alice, kind(counting), up_to=3)
    assert job.state == State.WAITING
    assert Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.message, job.result) == (State.DONE, "3 schools counted.", {"schools": 3})
    assert job.percent == 100
    assert AuditEntry.objects.get(verb="job.ask").subject_id == str(job.pk)
    assert not Worker().run_one()


def test_work_that_does_not_exist_cannot_be_asked_for(alice: Person) -> None:
    with pytest.raises(NotFound):
        ask(alice, "test.unknown")


def test_a_problem_is_shown_with_what_to_do(alice: Person, kind: Any) -> None:
    def failing(progress: Progress) -> Outcome:
        raise RedwayError("The file has no rows.", "Ask the publisher for it again.")

    job = ask(alice, kind(failing))
    Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.message, job.next_step) == (
        State.FAILED,
        "The file has no rows.",
        "Ask the publisher for it again.",
    )


def test_a_role_that_ended_before_the_work_began_is_no_fault_of_the_program(
    alice: Person, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def upload(progress: Progress, asker: int) -> Outcome:
        permission.require(Person.objects.get(pk=asker), "dataset.upload")
        return Outcome("Done.", {})

    job = ask(alice, kind(upload), asker=alice.pk)
    alice.grants.update(ended_at=timezone.now())
    Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.message) == (State.FAILED, "Whoever asked for this may not do it any more.")
    assert "Ask somebody" in job.next_step
    assert not [record for record in caplog.records if record.exc_info]


def test_a_fault_of_the_program_shows_no_stack_trace(alice: Person, kind: Any) -> None:
    def crashing(progress: Progress) -> Outcome:
        raise ZeroDivisionError("secret detail")

    job = ask(alice, kind(crashing))
    Worker().run_one()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "secret" not in job.message + job.next_step
    assert str(job.pk) in job.next_step


def test_waiting_work_is_cancelled_at_once(alice: Person, kind: Any) -> None:
    job = services.cancel_job(actor=alice, job=ask(alice, kind(counting), up_to=3))
    assert job.state == State.CANCELLED
    assert not Worker().run_one()


def test_running_work_stops_at_its_next_step(alice: Person, kind: Any) -> None:
    steps: list[int] = []

    def stoppable(progress: JobProgress) -> Outcome:
        for number in range(1000):
            steps.append(number)
            if number == 3:
                services.cancel_job(actor=alice, job=Job.objects.get())
            progress._last_look = 0.0  # as if half a second had passed
            progress.check()
        return Outcome("Done.", {})

    job = ask(alice, kind(stoppable))
    Worker().run_one()
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert steps == [0, 1, 2, 3]


def test_ended_work_cannot_be_cancelled_any_more(alice: Person, kind: Any) -> None:
    job = ask(alice, kind(counting), up_to=1)
    Worker().run_one()
    assert services.cancel_job(actor=alice, job=job).state == State.DONE


def test_the_job_of_a_dead_worker_is_done_by_the_next(alice: Person, kind: Any) -> None:
    job = ask(alice, kind(counting), up_to=2)
    now = timezone.now()
    services.claim_job(worker="dead", now=now)
    assert services.recover_jobs(now=now + services.LEASE) == 0
    assert services.recover_jobs(now=now + services.LEASE + timedelta(seconds=1)) == 1
    assert Worker().run_one()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)


def test_a_lease_that_is_renewed_is_not_taken_away(alice: Person, kind: Any) -> None:
    ask(alice, kind(counting), up_to=2)
    now = timezone.now()
    job = services.claim_job(worker="slow", now=now)
    assert job is not None
    assert services.renew_lease(job=job, now=now + services.LEASE)
    assert services.recover_jobs(now=now + services.LEASE + timedelta(seconds=1)) == 0


def test_a_worker_that_was_taken_for_dead_cannot_end_the_job_another_has(alice: Person, kind: Any) -> None:
    ask(alice, kind(counting), up_to=2)
    now = timezone.now()
    late = services.claim_job(worker="late", now=now)
    assert late is not None
    services.recover_jobs(now=now + services.LEASE * 2)
    other = services.claim_job(worker="other", now=now + services.LEASE * 2)
    assert other is not None
    assert services.must_stop(job=late)
    assert not services.finish_job(job=late, outcome=Outcome("Late.", {}), now=now)
    assert not services.renew_lease(job=late, now=now)
    assert services.finish_job(job=other, outcome=Outcome("Done.", {}), now=now)


def test_work_that_kills_its_workers_is_given_up(alice: Person, kind: Any) -> None:
    job = ask(alice, kind(counting), up_to=2)
    now = timezone.now()
    for _ in range(services.MOST_ATTEMPTS):
        assert services.claim_job(worker="killed", now=now) is not None
        now += services.LEASE * 2
        services.recover_jobs(now=now)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "begun 3 times" in job.message


def test_cancelled_work_whose_worker_died_is_not_begun_again(alice: Person, kind: Any) -> None:
    job = ask(alice, kind(counting), up_to=2)
    now = timezone.now()
    services.claim_job(worker="dead", now=now)
    services.cancel_job(actor=alice, job=job)
    services.recover_jobs(now=now + services.LEASE * 2)
    job.refresh_from_db()
    assert job.state == State.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_worker_thread_does_what_waits_and_stops_when_told(make_person: Any, kind: Any) -> None:
    done = threading.Event()

    def ringing(progress: Progress) -> Outcome:
        done.set()
        return Outcome("Rung.", {})

    job = ask(make_person("data_officer"), kind(ringing))
    worker = WorkerThread().start()
    assert done.wait(10)
    worker.stop()
    job.refresh_from_db()
    assert job.state == State.DONE


def test_those_who_may_follow_a_job_see_it_and_others_do_not(
    alice: Person, dana: Person, signed_in: Any, kind: Any
) -> None:
    job = ask(alice, kind(counting), up_to=2)
    page = signed_in(alice).get(f"/jobs/{job.pk}/")
    assert "Count schools" in page.content.decode()
    assert page.headers["Refresh"] == "10"
    assert signed_in(dana).get(f"/jobs/{job.pk}/").status_code == 404
    assert signed_in(dana).post(f"/jobs/{job.pk}/cancel/").status_code == 404


def test_the_changing_part_of_the_page_says_when_the_work_has_ended(
    alice: Person, signed_in: Any, kind: Any
) -> None:
    job = ask(alice, kind(counting), up_to=2)
    client = signed_in(alice)
    assert client.get(f"/jobs/{job.pk}/progress/").headers["X-Work"] == "going on"
    client.post(f"/jobs/{job.pk}/cancel/")
    ended = client.get(f"/jobs/{job.pk}/progress/")
    assert ended.headers["X-Work"] == "ended"
    assert "Cancelled before it began." in ended.content.decode()


def test_being_cancelled_is_not_a_fault() -> None:
    assert issubclass(JobCancelled, RedwayError)
