"""Finding long work again."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from redway.web.jobs.models import OPEN, Job
from redway.web.people import permission
from redway.web.people.rules import Record


def record_of(job: Job) -> Record:
    """The job as permission sees it."""
    return Record("job", str(job.pk))


def access_job(request: HttpRequest, job_id: UUID, action: str) -> Job:
    """The job, for those who may take the action on it; 404 for everyone else."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Http404("no such job")
    permission.require(request, action, record_of(job))
    return job


def jobs_visible(request: HttpRequest) -> QuerySet[Job]:
    """The jobs this person may follow, newest first."""
    return Job.objects.all() if permission.visible(request, "job.view").everywhere else Job.objects.none()


def open_jobs(subject_kind: str, subject_id: str) -> QuerySet[Job]:
    """Work that waits or runs about one record."""
    return Job.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state__in=OPEN)
