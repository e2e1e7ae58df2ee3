"""Bringing files in, accepting what was held, withdrawing what was wrong."""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from redway.core.errors import NotEnoughData, NotFound
from redway.core.home import Home
from redway.datasets.confidential import confidential_formats, is_confidential
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import Progress, import_path
from redway.datasets.lake import Known, Lake, room_to_write
from redway.datasets.ledger import Version
from redway.web.datasets.jobs import JOB
from redway.web.datasets.ledger import DjangoLedger
from redway.web.datasets.models import DatasetVersion, FileOutcome, ImportRun
from redway.web.datasets.pupil_files import require_pupils
from redway.web.datasets.queries import version as read_version
from redway.web.jobs.models import Job
from redway.web.jobs.services import start_job
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

log = logging.getLogger(__name__)

UPLOADS = "uploads"
FORGOTTEN_AFTER = 7 * 24 * 3600
"""Seconds after which an upload that no job took is removed."""


@dataclass(frozen=True)
class Done:
    """What an import did."""

    run: ImportRun
    reports: list[FileReport]


def import_files(
    paths: Sequence[Path],
    *,
    actor: Person | None,
    who: str,
    period: str | None = None,
    mapping: Mapping[str, str] | None = None,
    accept: bool = False,
    check_only: bool = False,
    name: str | None = None,
    progress: Progress | None = None,
) -> Done:
    """Import files, ZIPs and folders, note what became of each, then bring register and figures up to date.

    ``actor`` None is the system (the command line); ``who`` is written beside each version and names no
    person. A person needs 'dataset.upload', and 'dataset.accept' to accept what would be held.
    """
    _allow(actor, "dataset.upload")
    if accept:
        _allow(actor, "dataset.accept")
    home = _home()
    sweep()
    ledger = DjangoLedger(actor)
    run = ImportRun.objects.create(
        asked_by=actor, name=(name or ", ".join(path.name for path in paths))[:300]
    )
    reports: list[FileReport] = []
    try:
        for path in paths:
            reports += import_path(
                path,
                ledger,
                home,
                period=period,
                mapping=mapping,
                accept=accept,
                check_only=check_only,
                who=who,
                name=name,
                progress=progress,
            )
    finally:
        _note(run, reports)
        changed = [
            report.version_id
            for report in reports
            if report.outcome is Outcome.COMMITTED and report.version_id is not None
        ]
        bring_up_to_date(changed, ledger)
    return Done(run, reports)


def import_uploaded(
    *,
    actor: Person,
    upload: IO[bytes],
    name: str,
    period: str | None = None,
    mapping: Mapping[str, str] | None = None,
    accept: bool = False,
    check_only: bool = False,
) -> Job:
    """Take an uploaded file in and ask for it to be imported; follow the job returned.

    Raises DiskFull, and Http404 for a person who may not upload.
    """
    _allow(actor, "dataset.upload")
    if accept:
        _allow(actor, "dataset.accept")
    folder = _home().root / UPLOADS
    _forget_old_uploads(folder)
    kept = folder / uuid.uuid4().hex
    with room_to_write():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("wb") as target:
                shutil.copyfileobj(upload, target, 1 << 20)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
    arguments: dict[str, Any] = {
        "upload": kept.name,
        "name": PurePath(name.replace("\\", "/")).name[:200],
        "actor": actor.pk,
        "period": period,
        "mapping": dict(mapping or {}),
        "accept": accept,
        "check_only": check_only,
    }
    return start_job(
        owner=actor, kind=JOB, title="Import a file", arguments=arguments, subject_kind="dataset"
    )


def forget_name(upload: str, name: str) -> None:
    """Call an upload in its job's record what the import is called: its file may bear a child's name."""
    for job in Job.objects.filter(kind=JOB, arguments__upload=upload).exclude(arguments__name=name):
        job.arguments = {**job.arguments, "name": name}
        job.save(update_fields=["arguments"])


def uploaded_path(name: str) -> Path:
    """Where an upload lies until its job is done. Raises NotFound."""
    path = _home().root / UPLOADS / uuid.UUID(hex=name).hex
    if not path.exists():
        raise NotFound("The uploaded file is no longer there.", "Upload it again.")
    return path


def accept_held(*, actor: Person | None, version: int) -> Version:
    """Make a held version current and bring register and figures up to date."""
    _allow(actor, "dataset.accept", version)
    ledger = DjangoLedger(actor)
    accepted = ledger.accept(version, who="")
    bring_up_to_date([version], ledger)
    return accepted


def withdraw(*, actor: Person | None, version: int, reason: str) -> Version:
    """Take a version out of force, with a reason; the one before it comes back."""
    _allow(actor, "dataset.withdraw", version)
    ledger = DjangoLedger(actor)
    withdrawn = ledger.withdraw(version, reason=reason)
    bring_up_to_date([version], ledger)
    return withdrawn


def erase(*, actor: Person | None, version: int, reason: str) -> Version:
    """Delete the rows, the errors and the source of a withdrawn file of pupils, for ever. The record stays.

    Copies in backups stay until those are thrown away.
    """
    _allow(actor, "dataset.withdraw", version)
    erased = DjangoLedger(actor).erase(version, reason=reason)
    others = DatasetVersion.objects.filter(sha256=erased.sha256, erased_at__isnull=True)
    Lake(_home()).erase(erased.format, version, erased.sha256, others.exists)
    return erased


def bring_up_to_date(changed: Iterable[int], ledger: DjangoLedger) -> None:
    """The register first (it finds schools), then the figures: after versions changed, or Redway itself."""
    # Imported late: the figures' libraries are heavy, and most commands do without them.
    from redway.datasets.register_files import read_register
    from redway.indicators.store import made_by_another_catalogue, refresh
    from redway.web.register.services import rebuild

    home = _home()
    if not _of_published(changed) and not made_by_another_catalogue(home):
        return
    try:
        rebuild(home=home, ledger=ledger, actor=ledger.actor)
        register = read_register(home, ledger)
    except NotEnoughData:
        # No establishments yet: figures of files that name schools by URN can be had all the same.
        register = None
    refresh(home, ledger.versions(), register)


def _of_published(changed: Iterable[int]) -> bool:
    """Is any of them of a kind that the register or published figures are made of?"""
    formats = DatasetVersion.objects.filter(pk__in=list(changed)).values_list("format", flat=True)
    return not confidential_formats().issuperset(formats)


def sweep() -> int:
    """Remove what a crash left in the data folder; give how many files. Done before every import."""
    return Lake(_home()).sweep(_known)


def _known() -> Known:
    kept = DatasetVersion.objects.filter(erased_at__isnull=True)
    rows = list(kept.values_list("format", "pk", "sha256"))
    return Known(
        frozenset((format_code, number) for format_code, number, _ in rows),
        frozenset(sha256 for _, _, sha256 in rows),
    )


def _note(run: ImportRun, reports: Sequence[FileReport]) -> None:
    """Write down what became of each file; of files of pupils by what they are, not under their own names."""
    if any(report.kind and is_confidential(report.kind) for report in reports):
        run.name = ", ".join(PurePath(report.noted_path).name for report in reports)[:300]
    FileOutcome.objects.bulk_create(
        FileOutcome(
            run=run,
            path=report.noted_path[-500:],
            outcome=report.outcome.value,
            format=report.kind or "",
            title=report.title[:200],
            period=report.period or "",
            version_id=report.version_id,
            rows_read=report.rows_read,
            rows_loaded=report.rows_loaded,
            rows_rejected=report.rows_rejected,
            rows_left_out=report.rows_left_out,
            reasons=report.reasons,
            errors=[problem.to_json() for problem in report.errors],
            errors_total=report.errors_total,
        )
        for report in reports
    )
    run.ended_at = timezone.now()
    run.save(update_fields=["name", "ended_at"])


def _allow(actor: Person | None, action: str, version: int | None = None) -> None:
    if actor is None:
        return
    permission.require(actor, action, Record("dataset_version", str(version)) if version else None)
    if version:
        require_pupils(actor, read_version(version))


def _home() -> Home:
    home: Home = settings.REDWAY_HOME
    return home


def _forget_old_uploads(folder: Path) -> None:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER:
            path.unlink(missing_ok=True)
