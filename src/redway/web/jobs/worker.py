"""The worker: takes jobs up one after another, keeps their lease alive, and says what became of them."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid

from django.db import DatabaseError, close_old_connections, connections
from django.http import Http404
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.web.jobs import services
from redway.web.jobs.models import Job
from redway.web.jobs.registry import CHORES, JobCancelled, work_of

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between looks for waiting work."""

_BETWEEN_WRITES = 0.5
_BETWEEN_CHORES = 3600.0


class JobProgress:
    """What a piece of work says how far it is with. Writes at most twice a second."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last_write = 0.0
        self._last_look = 0.0

    def say(self, message: str, done: int | None = None, total: int | None = None) -> None:
        now = time.monotonic()
        if now - self._last_write >= _BETWEEN_WRITES or (done is not None and done == total):
            self._last_write = now
            services.note_progress(job=self._job, message=message, done=done, total=total)
        self.check()

    def check(self) -> None:
        now = time.monotonic()
        if now - self._last_look < _BETWEEN_WRITES:
            return
        self._last_look = now
        if services.must_stop(job=self._job):
            raise JobCancelled("Cancelled.", "Nothing was changed. It can be asked for again.")


class Worker:
    """Runs jobs until told to stop. One at a time: the machine is shared with the people using it."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._stop = threading.Event()
        self._next_chores = 0.0

    def stop(self) -> None:
        """Finish the job in hand, then end."""
        self._stop.set()

    def run(self) -> None:
        """Work until :meth:`stop` is called."""
        while not self._stop.is_set():
            close_old_connections()
            try:
                self._do_chores()
                worked = self.run_one()
            except DatabaseError:
                log.exception("worker %s could not reach the database; trying again", self.name)
                worked = False
            if not worked:
                self._stop.wait(PAUSE)
        connections.close_all()

    def _do_chores(self) -> None:
        if time.monotonic() >= self._next_chores:
            self._next_chores = time.monotonic() + _BETWEEN_CHORES
            for chore in CHORES:
                chore(timezone.now())

    def run_all(self) -> int:
        """Do everything that waits, then return how many jobs were done."""
        done = 0
        while self.run_one():
            done += 1
        return done

    def run_one(self) -> bool:
        """Recover lost jobs, take one up and do it. False when nothing waits."""
        services.recover_jobs(now=timezone.now())
        job = services.claim_job(worker=self.name, now=timezone.now())
        if job is None:
            return False
        ended = threading.Event()
        heart = threading.Thread(target=_keep_lease, args=(job, ended), daemon=True, name=f"lease {job.pk}")
        heart.start()
        try:
            _do(job)
        finally:
            ended.set()
            heart.join()
        return True


def _do(job: Job) -> None:
    try:
        outcome = work_of(job.kind)(JobProgress(job), **job.arguments)
    except JobCancelled as stop:
        services.fail_job(
            job=job, message=stop.message, next_step=stop.next_step, now=timezone.now(), cancelled=True
        )
    except RedwayError as problem:
        services.fail_job(job=job, message=problem.message, next_step=problem.next_step, now=timezone.now())
    except Http404:
        # Permission is asked again when the work is done; it may have ended since it was asked for.
        services.fail_job(
            job=job,
            message="Whoever asked for this may not do it any more.",
            next_step="Nothing was changed. Ask somebody whose role lets them do it.",
            now=timezone.now(),
        )
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        services.fail_job(
            job=job,
            message="Something went wrong that should not have.",
            next_step=f"Nothing was half done. Tell your administrator the number {job.pk}.",
            now=timezone.now(),
        )
    else:
        services.finish_job(job=job, outcome=outcome, now=timezone.now())


def _keep_lease(job: Job, ended: threading.Event) -> None:
    """Renew the lease from a thread of its own, so that long steps are not taken for death."""
    try:
        while not ended.wait(services.LEASE.total_seconds() / 3):
            try:
                services.renew_lease(job=job, now=timezone.now())
            except DatabaseError:
                log.warning("the lease of job %s could not be renewed; trying again", job.pk)
    finally:
        connections.close_all()


class WorkerThread:
    """A worker inside a server process."""

    def __init__(self) -> None:
        self._worker = Worker()
        self._thread = threading.Thread(target=self._worker.run, daemon=True, name="redway worker")

    def start(self) -> WorkerThread:
        self._thread.start()
        return self

    def stop(self, wait: float = 10.0) -> None:
        """Ask it to end and wait for the job in hand; a job cut short is recovered by the next worker."""
        self._worker.stop()
        self._thread.join(wait)


def start_worker_thread() -> WorkerThread:
    """Start a worker in this process; keep the answer and call ``stop`` on it when the server ends."""
    return WorkerThread().start()
