"""The long work of this room: importing an uploaded file, accepting and withdrawing versions."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from redway.core.errors import RedwayError
from redway.web.jobs.registry import Outcome, Progress, hourly, job_kind

if TYPE_CHECKING:
    from redway.datasets.import_report import FileReport

log = logging.getLogger(__name__)

JOB = "dataset.import"
ACCEPT, WITHDRAW = "dataset.accept", "dataset.withdraw"


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
) -> Outcome:
    """Import an upload. Safe to begin again: the same file twice changes nothing."""
    # Imported here: this module is read at every start, and the readers are heavy.
    from redway.web.datasets.services import forget_name, import_files, uploaded_path
    from redway.web.people.models import Person

    path = uploaded_path(upload)

    def tell(_file: str, share: float) -> None:
        # Without its name, which may be a child's: what kind of file it is, is known only once it is read.
        progress.say("Reading the file", int(share * 100), 100)

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
    forget_name(upload, done.run.name)
    facts: dict[str, Any] = {"run": str(done.run.pk), "files": [report.to_json() for report in done.reports]}
    # The errors are in the check report; a job's record stays small.
    for file, report in zip(facts["files"], done.reports, strict=True):
        file["path"], file["errors"] = report.noted_path, file["errors"][:5]
    return Outcome(summarise(done.reports), facts)


def summarise(reports: list[FileReport]) -> str:
    """One line: what became of the files."""
    if len(reports) == 1:
        return _one(reports[0])
    counts: dict[str, int] = {}
    for report in reports:
        counts[report.outcome.value] = counts.get(report.outcome.value, 0) + 1
    parts = [f"{count:,} {outcome}" for outcome, count in counts.items()]
    return f"{len(reports):,} files: {', '.join(parts)}."


def _one(report: FileReport) -> str:
    named = f"version {report.version} of {report.title}, {report.period}"
    match report.outcome.value:
        case "committed":
            return f"{report.rows_loaded:,} rows loaded: {named}."
        case "unchanged":
            return f"Nothing changed: it is {named} already."
        case "held":
            return f"Held until somebody has looked: {' '.join(report.reasons)}"
        case "checked":
            return f"Checked: {report.rows_loaded:,} rows can be loaded. Nothing was changed."
    return " ".join(report.reasons)


@job_kind(ACCEPT)
def accept_version(progress: Progress, *, version: int, actor: int, reason: str) -> Outcome:
    """Bring a held version into force. Begun again after a stop, it finds it in force and goes on.

    Raises VersionRefused when it was withdrawn, or a later one came into force, since it was asked for.
    """
    from redway.web.datasets import services
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.datasets.queries import version as read_version
    from redway.web.people.models import Person

    progress.say("Bringing the register and the figures up to date")
    person = Person.objects.get(pk=actor)
    if read_version(version).state == "current":
        services.bring_up_to_date([version], DjangoLedger(person))
    else:
        services.accept_held(actor=person, version=version)
    return Outcome(f"Version {version} is in force.", {"version": version})


@job_kind(WITHDRAW)
def withdraw_version(progress: Progress, *, version: int, actor: int, reason: str) -> Outcome:
    """Take a version out of force. Begun again after a stop, it finds it withdrawn and goes on."""
    from redway.web.datasets import services
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.datasets.queries import version as read_version
    from redway.web.people.models import Person

    progress.say("Bringing the register and the figures up to date")
    person = Person.objects.get(pk=actor)
    if read_version(version).state == "withdrawn":
        services.bring_up_to_date([version], DjangoLedger(person))
    else:
        services.withdraw(actor=person, version=version, reason=reason)
    return Outcome(f"Version {version} was withdrawn.", {"version": version})


@hourly
def renew_figures(now: datetime) -> None:
    """After an upgrade that changed what measures are made of, make the figures anew."""
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.datasets.services import bring_up_to_date

    try:
        bring_up_to_date([], DjangoLedger())
    except (RedwayError, OSError):
        # The figures there are stay in use; the next hour tries again.
        log.exception("the figures could not be made anew after the upgrade")
