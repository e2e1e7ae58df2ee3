"""Asking for long work, stopping it, and the moves of a job from one state to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from redway.web.audit import services as audit
from redway.web.jobs.models import Job, State
from redway.web.jobs.registry import Outcome, work_of
from redway.web.people.models import Person

LEASE = timedelta(seconds=30)
"""A worker that has not been heard of for this long is taken for dead."""

MOST_ATTEMPTS = 3
"""Work whose worker died this often is given up, as it may be what kills them."""


@transaction.atomic
def start_job(
    *,
    owner: Person | None,
    kind: str,
    title: str,
    arguments: Mapping[str, Any],
    subject_kind: str = "",
    subject_id: str = "",
) -> Job:
    """Ask for a piece of work. It waits until a worker takes it up.

    ``title`` and ``arguments`` (JSON) are shown to whoever may follow the job, so no names in them.
    Raises NotFound when there is no such kind of work.
    """
    work_of(kind)
    job = Job.objects.create(
        owner=owner,
        kind=kind,
        title=title,
        arguments=dict(arguments),
        subject_kind=subject_kind,
        subject_id=subject_id,
    )
    audit.record(owner, "job.ask", "job", job.pk, {"kind": kind})
    return job


@transaction.atomic
def cancel_job(*, actor: Person, job: Job) -> Job:
    """Stop a piece of work: at once while it waits, at its next step once it runs."""
    now = timezone.now()
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state == State.WAITING:
        job.state, job.ended_at, job.message = State.CANCELLED, now, "Cancelled before it began."
    if job.is_open or job.state == State.CANCELLED:
        job.cancel_asked = True
        job.save(update_fields=["state", "ended_at", "message", "cancel_asked"])
        audit.record(actor, "job.cancel", "job", job.pk, {"kind": job.kind})
    return job


@transaction.atomic
def claim_job(*, worker: str, now: datetime) -> Job | None:
    """Take up the job that has waited longest, under a lease; None when nothing waits."""
    # SKIP LOCKED lets several workers claim at once on PostgreSQL; SQLite's transactions already queue.
    skip = connection.features.has_select_for_update_skip_locked
    waiting = Job.objects.select_for_update(skip_locked=skip).filter(state=State.WAITING)
    job = waiting.order_by("asked_at").first()
    if job is None:
        return None
    job.state, job.worker, job.lease_until = State.RUNNING, worker, now + LEASE
    job.attempts += 1
    job.started_at = job.started_at or now
    job.save(update_fields=["state", "worker", "lease_until", "attempts", "started_at"])
    return job


def renew_lease(*, job: Job, now: datetime) -> bool:
    """The worker is alive. False when the job is no longer its own."""
    return bool(_held(job).update(lease_until=now + LEASE))


@transaction.atomic
def recover_jobs(*, now: datetime) -> int:
    """Jobs whose worker is gone wait again, or are given up after three workers. Returns how many."""
    lost = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    given_up = lost.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED,
        ended_at=now,
        lease_until=None,
        message=f"It was begun {MOST_ATTEMPTS} times and the program stopped each time.",
        next_step="Nothing was half done. Look at the server's log, then ask for it again.",
    )
    stopped = lost.filter(cancel_asked=True).update(
        state=State.CANCELLED, ended_at=now, lease_until=None, message="Cancelled."
    )
    again = lost.update(state=State.WAITING, worker="", lease_until=None, message="Begun again after a stop.")
    return given_up + stopped + again


def note_progress(*, job: Job, message: str, done: int | None, total: int | None) -> bool:
    """Write down how far the work is. False when the job is no longer this worker's."""
    fields: dict[str, Any] = {"message": message[:300]}
    if done is not None:
        fields["done_steps"] = done
    if total is not None:
        fields["all_steps"] = total
    return bool(_held(job).update(**fields))


def must_stop(*, job: Job) -> bool:
    """Did somebody ask to stop it, or did this worker lose it?"""
    return not _held(job).filter(cancel_asked=False).exists()


def finish_job(*, job: Job, outcome: Outcome, now: datetime) -> bool:
    """The work is done. False when another worker has taken the job over meanwhile."""
    return bool(
        _held(job).update(
            state=State.DONE,
            ended_at=now,
            lease_until=None,
            message=outcome.message[:300],
            result=outcome.facts,
            next_step="",
            done_steps=F("all_steps"),
        )
    )


def fail_job(*, job: Job, message: str, next_step: str, now: datetime, cancelled: bool = False) -> bool:
    """The work could not be done, or was stopped."""
    return bool(
        _held(job).update(
            state=State.CANCELLED if cancelled else State.FAILED,
            ended_at=now,
            lease_until=None,
            message=message[:300],
            next_step=next_step[:300],
        )
    )


def _held(job: Job) -> QuerySet[Job]:
    # The attempt number fences off a worker that was taken for dead and comes back.
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)
