"""Accepting and withdrawing versions as long work: register and figures are brought up to date afterwards."""

from __future__ import annotations

from redway.datasets.ledger import Version
from redway.web.datasets.jobs import ACCEPT, WITHDRAW
from redway.web.jobs.models import Job
from redway.web.jobs.services import start_job
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

SUBJECT = "dataset_version"


def ask_to_accept(*, actor: Person, version: Version, reason: str) -> Job:
    """Ask for a held version to be brought into force. The reason stays and is shown with the version."""
    return _ask(actor, version, ACCEPT, f"Accept version {version.id}", reason)


def ask_to_withdraw(*, actor: Person, version: Version, reason: str) -> Job:
    """Ask for a version to be taken out of force."""
    return _ask(actor, version, WITHDRAW, f"Withdraw version {version.id}", reason)


def _ask(actor: Person, version: Version, kind: str, title: str, reason: str) -> Job:
    permission.require(actor, kind, Record(SUBJECT, str(version.id)))
    return start_job(
        owner=actor,
        kind=kind,
        title=title,
        arguments={"version": version.id, "actor": actor.pk, "reason": reason.strip()},
        subject_kind=SUBJECT,
        subject_id=str(version.id),
    )


def decisions_on(version: int) -> list[Job]:
    """What was decided about a version, newest first, with the reason in each job's arguments."""
    return list(
        Job.objects.filter(kind__in=(ACCEPT, WITHDRAW), subject_kind=SUBJECT, subject_id=str(version))
    )
