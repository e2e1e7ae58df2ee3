"""The long work of this room: importing an uploaded file."""

from __future__ import annotations

from typing import Any

from redway.datasets.importing import FileReport, Outcome
from redway.web.datasets.services import JOB, import_files, uploaded_path
from redway.web.jobs.registry import Outcome as JobOutcome
from redway.web.jobs.registry import Progress, job_kind
from redway.web.people.models import Person


@job_kind(JOB)
def import_upload(
    progress: Progress,
    *,
    upload: str,
    name: str,
    actor: int,
    period: str | None,
    mapping: dict[str, str],
    accept: bool,
    check_only: bool,
) -> JobOutcome:
    """Import an upload. Safe to begin again: the same file twice changes nothing."""
    path = uploaded_path(upload)

    def tell(file: str, share: float) -> None:
        progress.say(f"Reading {file}", int(share * 100), 100)

    done = import_files(
        [path],
        actor=Person.objects.get(pk=actor),
        who="upload",
        period=period,
        mapping=mapping,
        accept=accept,
        check_only=check_only,
        name=name,
        progress=tell,
    )
    path.unlink(missing_ok=True)
    facts: dict[str, Any] = {"run": str(done.run.pk), "files": [report.to_json() for report in done.reports]}
    # The errors are in the check report; a job's record stays small.
    for file in facts["files"]:
        file["errors"] = file["errors"][:5]
    return JobOutcome(summarise(done.reports), facts)


def summarise(reports: list[FileReport]) -> str:
    """One line: what became of the files."""
    if len(reports) == 1:
        return _one(reports[0])
    counts = {outcome: sum(1 for report in reports if report.outcome is outcome) for outcome in Outcome}
    parts = [f"{count:,} {outcome.value}" for outcome, count in counts.items() if count]
    return f"{len(reports):,} files: {', '.join(parts)}."


def _one(report: FileReport) -> str:
    match report.outcome:
        case Outcome.COMMITTED:
            return f"{report.rows_loaded:,} rows loaded: {_named(report)}."
        case Outcome.UNCHANGED:
            return f"Nothing changed: it is {_named(report)} already."
        case Outcome.HELD:
            return f"Held until somebody has looked: {' '.join(report.reasons)}"
        case Outcome.CHECKED:
            return f"Checked: {report.rows_loaded:,} rows can be loaded. Nothing was changed."
    return " ".join(report.reasons)


def _named(report: FileReport) -> str:
    return f"version {report.version} of {report.title}, {report.period}"
