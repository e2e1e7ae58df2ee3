"""Bring files in: recognise, read, check and commit each of them, and say of each what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from redway.core.errors import RedwayError
from redway.core.home import Home
from redway.core.periods import Period, PeriodKind
from redway.datasets import archive
from redway.datasets.check import Checker
from redway.datasets.confidential import plain_name
from redway.datasets.dating import period_from_name, read_label
from redway.datasets.errors import NotRecognised, UnreadableFile
from redway.datasets.format import Format
from redway.datasets.found import Found, find_table
from redway.datasets.holding import counted_twice, fewer_schools, lacking
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.lake import Lake, Received, VersionWriter, room_to_write
from redway.datasets.ledger import Candidate, Ledger, State, Version
from redway.datasets.overlap import one_ahead
from redway.datasets.plan import make_plan, measures_among, undecided
from redway.datasets.problems import ProblemLog, read_problems
from redway.datasets.read import FileKind, detect_kind, open_tables
from redway.datasets.recognise import Recogniser, bundled_recogniser
from redway.datasets.register_files import authorities_of_schools
from redway.datasets.repeats import leave_out_repeats
from redway.datasets.table_name import table_name

READER = 1
"""Raised when the way files are read changes, so that importing a file again reads it anew."""

Progress = Callable[[str, float], None]
"""Told the name of a file and how much of it is done, from 0 to 1. May raise to stop the import."""


@dataclass(frozen=True)
class _Task:
    """What was asked for, the same for every file of an import."""

    ledger: Ledger
    lake: Lake
    recogniser: Recogniser
    period: str | None
    mapping: Mapping[str, str]
    accept: bool
    check_only: bool
    who: str
    progress: Progress


def import_path(
    path: Path,
    ledger: Ledger,
    home: Home,
    *,
    period: str | None = None,
    mapping: Mapping[str, str] | None = None,
    accept: bool = False,
    check_only: bool = False,
    who: str = "",
    name: str | None = None,
    progress: Progress | None = None,
    formats: Sequence[Format] | None = None,
) -> list[FileReport]:
    """Import a file, a ZIP of files, or every file of a folder; one report for each.

    ``period`` answers for files that do not say their own; ``mapping`` names columns (canonical -> header);
    ``accept`` takes a file in spite of doubts; ``check_only`` commits nothing. ``who`` and ``name`` (of an
    uploaded file) are written beside the version. What is wrong with a file is said in its report and never
    raised; only what ``progress`` raises comes through, and then nothing of that file is kept.
    """
    task = _Task(
        ledger=ledger,
        lake=Lake(home),
        recogniser=bundled_recogniser() if formats is None else Recogniser(formats),
        period=period,
        mapping=mapping or {},
        accept=accept,
        check_only=check_only,
        who=who,
        progress=progress or (lambda _name, _share: None),
    )
    if not path.exists():
        return [
            _failed(name or str(path), UnreadableFile("There is no such file or folder.", "Check the path."))
        ]
    reports: list[FileReport] = []
    for file in _files(path):
        reports += _import_file(file, name or str(file), task)
    return reports


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for found in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
        if found.is_file() and not hidden:
            yield found


def _import_file(path: Path, shown: str, task: _Task) -> list[FileReport]:
    task.progress(shown, 0.0)
    try:
        with task.lake.working() as folder:
            received = _receive(path, folder, task.lake)
            if detect_kind(received.path) is FileKind.ARCHIVE:
                return _import_archive(received, shown, folder, task)
            return [_import_one(received, shown, folder, task)]
    except RedwayError as error:
        return [_failed(shown, error)]
    finally:
        task.progress(shown, 1.0)


def _receive(path: Path, folder: Path, lake: Lake) -> Received:
    try:
        return lake.receive(path, folder)
    except PermissionError:
        raise UnreadableFile("You may not read the file.", "Ask its owner for access.") from None


def _import_archive(received: Received, shown: str, folder: Path, task: _Task) -> list[FileReport]:
    inside = archive.members(received.path)
    reports = []
    for number, (member, name) in enumerate(zip(inside, archive.member_names(inside), strict=True)):
        full_name = f"{shown}/{name}"
        own = folder / f"member-{number}"
        own.mkdir()
        try:
            archive.unpack(received.path, member, own / "file")
            reports.append(_import_one(task.lake.receive(own / "file", own), full_name, own, task))
        except RedwayError as error:
            reports.append(_failed(full_name, error))
        finally:
            _empty(own)
    return reports


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


def _failed(shown: str, error: RedwayError) -> FileReport:
    outcome = Outcome.NOT_RECOGNISED if isinstance(error, NotRecognised) else Outcome.FAILED
    return FileReport(shown, outcome, reasons=[str(error)])


def _import_one(received: Received, shown: str, folder: Path, task: _Task) -> FileReport:
    """One file that is not an archive: from recognising to the ledger. Raises RedwayError."""
    found = find_table(open_tables(received.path, folder / "sheets"), task.recogniser, task.mapping)
    known = found.recognised.format
    report = FileReport(shown, Outcome.CHECKED, kind=known.code, title=known.title)
    recipe = _recipe(known, task.mapping)
    in_rows = known.period.column in found.recognised.positions
    try:
        period = None if in_rows else _settle_period(shown, known, task.period)
    except RedwayError as error:
        report.outcome, report.reasons = Outcome.HELD, [str(error)]
        return report
    if not task.check_only and (
        earlier := _imported_before(received.sha256, known, recipe, period, task.ledger)
    ):
        return _report_earlier(report, earlier, task)
    log = ProblemLog(folder / "problems.csv", quotes=not known.confidential)
    staged = folder / "version.parquet"
    checker = _check(found, period, staged, log, shown, task)
    _describe(report, checker, log)
    _one_year_only(known, checker)
    doubts = _doubts(found, checker)
    if checker.period is None or not checker.tally.loaded:
        report.outcome, report.reasons = Outcome.FAILED, _nothing_left(checker)
        return report
    if task.check_only:
        report.outcome = Outcome.HELD if doubts and not task.accept else Outcome.CHECKED
        report.reasons = doubts
        return report
    candidate = _candidate(found, checker, checker.period, received, shown, recipe, log, doubts, task.who)
    _commit(report, candidate, known, received, staged, log, task)
    return report


def _recipe(known: Format, mapping: Mapping[str, str]) -> str:
    """A mark of how the file is read: the same file read by another description is a new version."""
    return hashlib.sha256(repr((READER, known, sorted(mapping.items()))).encode()).hexdigest()[:16]


def _settle_period(shown: str, known: Format, given: str | None) -> Period:
    """The period of a file whose rows do not say it: fixed by its format, given, or in its name."""
    rule = known.period
    if rule.fixed:
        return read_label(rule.fixed, rule)
    if given:
        return read_label(given, rule)
    if rule.from_name and (named := period_from_name(shown, rule)):
        return named
    kind = "a day such as 2018-08-31" if rule.kind.value == "day" else "a year such as 2016-17"
    raise UnreadableFile(
        "Neither the file nor its name says which period it is about (or its name says two).",
        f"Import it again with --period, followed by {kind}.",
    )


def _imported_before(
    sha256: str, known: Format, recipe: str, period: Period | None, ledger: Ledger
) -> Version | None:
    same = [
        version
        for version in ledger.by_source(sha256)
        if version.format == known.code
        and version.recipe == recipe
        and (period is None or version.period == period.label)
    ]
    return same[-1] if same else None


def _report_earlier(report: FileReport, earlier: Version, task: _Task) -> FileReport:
    if earlier.state is State.HELD and task.accept:
        earlier = task.ledger.accept(earlier.id, who=task.who)
        report.outcome = Outcome.COMMITTED
    elif earlier.state is State.HELD:
        report.outcome, report.reasons = Outcome.HELD, earlier.held_reason.splitlines()
    else:
        report.outcome = Outcome.UNCHANGED
        if earlier.state is State.SUPERSEDED:
            replaced = f"It is version {earlier.number}, which a later version has replaced."
            report.reasons = [f"{replaced} If this file is the right one, withdraw the later version."]
    report.period, report.version, report.version_id = earlier.period, earlier.number, earlier.id
    report.rows_read, report.rows_loaded = earlier.rows_read, earlier.rows_loaded
    report.rows_rejected = earlier.rows_rejected
    kept = task.lake.problems_path(earlier.sha256, earlier.format)
    report.errors, report.errors_total = read_problems(kept), earlier.problems
    report.problems_file = kept if earlier.problems else None
    return report


def _check(
    found: Found, period: Period | None, staged: Path, log: ProblemLog, shown: str, task: _Task
) -> Checker:
    """Read every block once, check it and write it; then look for repeated keys."""
    positions = undecided(found.recognised)
    measures = (
        measures_among(found.table.blocks(found.header), positions, found.recognised.format)
        if positions
        else set()
    )
    checker = Checker(make_plan(found.recognised, measures), period, _places(found.recognised.format, task))
    writer = VersionWriter(staged)
    try:
        for block in one_ahead(found.table.blocks(found.header)):
            checked = checker.check(block)
            log.add(checked.problems)
            writer.write(checked.frame)
            task.progress(shown, block.share)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    log.add(leave_out_repeats(staged, checker))
    return checker


def _places(known: Format, task: _Task) -> Mapping[str, str] | None:
    """Files of pupils are placed by their schools, as the register knows them."""
    return authorities_of_schools(task.lake.home, task.ledger) if known.confidential else None


def _one_year_only(known: Format, checker: Checker) -> None:
    """Pupils of many years in one file would count twice beside the file of one of those years."""
    period = checker.period
    if known.confidential and period is not None and period.kind is PeriodKind.POOLED:
        raise UnreadableFile(
            f"It holds pupils of {len(checker.periods)} years, {period.label.replace('..', ' to ')}.",
            "Bring one file for each academic year.",
        )


def _describe(report: FileReport, checker: Checker, log: ProblemLog) -> None:
    tally = checker.tally
    report.period = checker.period.label if checker.period else None
    report.rows_read, report.rows_loaded, report.rows_rejected = tally.read, tally.loaded, tally.rejected
    report.rows_blank, report.rows_left_out = tally.blank, dict(tally.left_out)
    report.errors, report.errors_total = log.first, log.total


def _doubts(found: Found, checker: Checker) -> list[str]:
    doubts = [*found.recognised.doubts, *checker.doubts()]
    if rejected := checker.tally.rejected:
        rows = "1 row was" if rejected == 1 else f"{rejected:,} rows were"
        doubts.append(f"{rows} rejected: see the errors. Mend the file, or accept it without them.")
    return doubts


def _nothing_left(checker: Checker) -> list[str]:
    if not checker.tally.read:
        return ["The file has a header but no rows. Ask the sender for it again."]
    return [f"None of its {checker.tally.read:,} rows can be loaded: see the errors."]


def _candidate(
    found: Found,
    checker: Checker,
    period: Period,
    received: Received,
    shown: str,
    recipe: str,
    log: ProblemLog,
    doubts: list[str],
    who: str,
) -> Candidate:
    known = found.recognised.format
    return Candidate(
        format=known.code,
        dataset=known.dataset,
        period=period.label,
        period_start=period.start,
        period_end=period.end,
        scope=table_name(shown) if known.table_from_name else checker.scope,
        edition=known.edition.value,
        file_name=plain_name(known.code, period.label, shown) if known.confidential else _last_parts(shown),
        sha256=received.sha256,
        recipe=recipe,
        sheet=found.table.name,
        header_row=found.header + 1,
        headers=checker.plan.headers,
        periods=tuple(checker.periods),
        rows_read=checker.tally.read,
        rows_loaded=checker.tally.loaded,
        rows_rejected=checker.tally.rejected,
        entities=checker.entities,
        problems=log.total,
        received_by=who,
        doubts=tuple(doubts),
    )


def _last_parts(shown: str) -> str:
    """The file's name with its folder: enough to know it by, and no path of somebody's machine."""
    return "/".join(PurePath(shown).parts[-2:])[-300:]


def _commit(
    report: FileReport,
    candidate: Candidate,
    known: Format,
    received: Received,
    staged: Path,
    log: ProblemLog,
    task: _Task,
) -> None:
    with room_to_write():
        task.lake.keep_source(received)
        task.lake.keep_problems(log.path, candidate.sha256, candidate.format)
        done = task.ledger.commit(
            candidate,
            lambda number: task.lake.keep_version(staged, candidate.format, number),
            lambda last: [
                *fewer_schools(candidate, last),
                *lacking(known, staged, last, task.lake),
                *counted_twice(candidate, task.ledger),
            ],
            accept=task.accept,
        )
    version = done.version
    report.version, report.version_id = version.number, version.id
    report.problems_file = task.lake.problems_path(candidate.sha256, candidate.format) if log.total else None
    if not done.created:
        report.outcome = Outcome.UNCHANGED
    elif version.state is State.HELD:
        report.outcome, report.reasons = Outcome.HELD, version.held_reason.splitlines()
    else:
        report.outcome = Outcome.COMMITTED
