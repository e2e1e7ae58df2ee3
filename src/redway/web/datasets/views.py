"""Pages about datasets: what is due and held, bringing a file in, and deciding about one that was held."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.datasets.confidential import is_confidential, is_made_up
from redway.datasets.format import load_formats
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, as_at
from redway.datasets.retention import due_for_erasing, erase_by
from redway.web.datasets import decisions, services, tables
from redway.web.datasets.access import access_run, access_version
from redway.web.datasets.agreements import timetable_lines
from redway.web.datasets.forms import DayForm, ReasonForm, UploadForm
from redway.web.datasets.ledger import DjangoLedger
from redway.web.datasets.models import DatasetVersion, FileOutcome
from redway.web.datasets.pupil_files import may_decide, note_download
from redway.web.datasets.queries import outcomes_of_run, recent_runs, versions_of_dataset
from redway.web.design.exports import export
from redway.web.design.tables import TableView
from redway.web.jobs.queries import access_job
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.rules import Record
from redway.web.people.signed_in import person_of
from redway.web.security import takes_files

TRAIL = ("Datasets", "/datasets/")


@require_safe
@needs("timetable.view")
def index(request: HttpRequest) -> HttpResponse:
    """What is due and what has come, what waits for a decision, and what is held."""
    versions = DjangoLedger().versions()
    sees_versions = _sees_versions(request)
    context = {
        "timetable": _timetable(
            request, versions, to_change=bool(permission.decide(request, "timetable.edit"))
        ),
        "may_upload": permission.may_open(request, "datasets:upload"),
        "waiting": [one for one in versions if one.state == "held"] if sees_versions else [],
        "to_erase": due_for_erasing(versions, permission.today()) if sees_versions else [],
        "datasets": tables.datasets_view(versions, request.GET) if sees_versions else None,
        "runs": recent_runs(5) if sees_versions else [],
    }
    return render(request, "datasets/index.html", context)


@require_safe
@needs("timetable.view")
def timetable_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The timetable as a file."""
    return export(_timetable(request, DjangoLedger().versions()), extension)


@require_safe
@needs("dataset.view")
def held_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """What is held as a file."""
    return export(tables.datasets_view(DjangoLedger().versions(), request.GET), extension)


def _timetable(request: HttpRequest, versions: list[Version], *, to_change: bool = False) -> TableView:
    lines = timetable_lines(versions, permission.today())
    view = tables.timetable_view(lines, request.GET, to_change=to_change)
    return view if _sees_versions(request) else view.without_links()


def _sees_versions(request: HttpRequest) -> bool:
    return bool(permission.decide(request, "dataset.view"))


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@needs("dataset.upload")
def upload(request: HttpRequest) -> HttpResponse:
    """Bring a file in. It is checked as long work; nothing is changed until all of it is good."""
    form = UploadForm(*_sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            job = services.import_uploaded(
                actor=person_of(request),
                upload=given["file"],
                name=given["file"].name,
                period=given["period"] or None,
                check_only=given["check_only"],
            )
        except RedwayError as error:
            form.add_error("file", f"{error.message} {error.next_step}".strip())
        else:
            return redirect("datasets:uploaded", job.pk)
    return render(request, "datasets/upload.html", {"form": form, "breadcrumbs": [TRAIL]})


@require_safe
@needs("job.view", of="job")
def uploaded(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far an upload is; when it has ended, its check report."""
    job = access_job(request, job_id, "job.view")
    if run := job.result.get("run"):
        return redirect("datasets:report", run)
    response = render(request, "datasets/uploaded.html", {"job": job, "breadcrumbs": [TRAIL]})
    if job.is_open:
        # Without scripts the page asks again by itself.
        response["Refresh"] = "5"
    return response


@require_safe
@needs("dataset.view", of="import")
def report(request: HttpRequest, run: UUID) -> HttpResponse:
    """What became of each file of an import, and what is wrong with it."""
    found = access_run(request, run, "dataset.view")
    files = [
        {
            "outcome": outcome,
            "problems": tables.problems_view(outcome, request.GET) if outcome.errors else None,
            "left_out": outcome.rows_left_out.items(),
        }
        for outcome in outcomes_of_run(found.pk)
    ]
    return render(request, "datasets/report.html", {"run": found, "files": files, "breadcrumbs": [TRAIL]})


@require_safe
@needs("dataset.download", of="import")
def errors(request: HttpRequest, run: UUID, outcome: int) -> HttpResponseBase:
    """Every error of one file, as CSV."""
    found = access_run(request, run, "dataset.download")
    file = get_object_or_404(FileOutcome, pk=outcome, run=found)
    if file.version_id is None:
        raise Http404("No list of errors is kept for this file.")
    version = access_version(request, file.version_id, "dataset.download")
    path = _lake().problems_path(version.sha256, version.format)
    if not path.exists():
        raise Http404("No list of errors is kept for this file.")
    note_download(request, version, "errors")
    name = f"errors-{PurePath(file.path).stem}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv")


@require_safe
@needs("dataset.view")
def dataset(request: HttpRequest, dataset: str) -> HttpResponse:
    """The versions of one dataset, now or as at a day."""
    versions, day = _as_asked(request, dataset)
    title = tables.titles_of_datasets()[dataset]
    formats = [known for known in load_formats() if known.dataset == dataset]
    context = {
        "title": title,
        "formats": formats,
        "view": tables.versions_view(dataset, versions, request.GET, _heading(title, day)),
        "form": DayForm(request.GET if "day_day" in request.GET else None),
        "dataset": dataset,
        "day": day,
        "breadcrumbs": [TRAIL],
    }
    return render(request, "datasets/dataset.html", context)


@require_safe
@needs("dataset.view")
def versions_table(request: HttpRequest, dataset: str, extension: str) -> HttpResponseBase:
    """The versions of one dataset as a file."""
    versions, day = _as_asked(request, dataset)
    title = _heading(tables.titles_of_datasets()[dataset], day)
    return export(tables.versions_view(dataset, versions, request.GET, title), extension)


def _as_asked(request: HttpRequest, dataset: str) -> tuple[list[Version], Any]:
    if dataset not in tables.titles_of_datasets():
        raise Http404(f"There is no dataset called {dataset}.")
    versions = versions_of_dataset(dataset)
    form = DayForm(request.GET)
    day = form.cleaned_data.get("day") if form.is_valid() else None
    return (as_at(versions, day) if day else versions), day


def _heading(title: str, day: Any) -> str:
    return f"{title}: in force at the end of {day_in_words(day)}" if day else f"{title}: every version"


@require_safe
@needs("dataset.view", of="dataset_version")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: where it came from, what is in it, and what was decided about it."""
    found = access_version(request, number, "dataset.view")
    outcome = FileOutcome.objects.filter(version_id=number).select_related("run").order_by("-pk").first()
    withdrawn_reason = DatasetVersion.objects.values_list("withdrawn_reason", flat=True).get(pk=number)
    record = Record("dataset_version", str(number))
    here = may_decide(request, found.format, found.scope)
    context = {
        "version": found,
        "state": tables.STATES[found.state.value],
        "format": next((known for known in load_formats() if known.code == found.format), None),
        "reasons": found.held_reason.splitlines(),
        "withdrawn_reason": withdrawn_reason,
        "outcome": outcome,
        "decisions": decisions.decisions_on(number),
        "may_accept": found.state == "held"
        and here
        and bool(permission.decide(request, "dataset.accept", record)),
        "may_withdraw": found.state != "withdrawn"
        and here
        and bool(permission.decide(request, "dataset.withdraw", record)),
        "may_download": found.erased_at is None
        and here
        and bool(permission.decide(request, "dataset.download", record)),
        "made_up": is_made_up(found),
        "erase_by": erase_by(found),
        "breadcrumbs": _trail_of(found),
    }
    return render(request, "datasets/version.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("dataset.accept", of="dataset_version")
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a held version into force, with a reason."""
    found = access_version(request, number, "dataset.accept")
    form = ReasonForm(*_sent(request)[:1])
    if found.state != "held":
        messages.info(request, f"Version {number} is not held: there is nothing to decide.")
        return redirect("datasets:version", number)
    if request.method == "POST" and form.is_valid():
        job = decisions.ask_to_accept(
            actor=person_of(request), version=found, reason=form.cleaned_data["reason"]
        )
        return redirect("datasets:decided", job.pk)
    context = {
        "version": found,
        "reasons": found.held_reason.splitlines(),
        "form": form,
        "breadcrumbs": _trail_of(found),
    }
    return render(request, "datasets/accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("dataset.withdraw", of="dataset_version")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a version out of force, with a reason."""
    found = access_version(request, number, "dataset.withdraw")
    form = ReasonForm(*_sent(request)[:1])
    if request.method == "POST" and form.is_valid():
        job = decisions.ask_to_withdraw(
            actor=person_of(request), version=found, reason=form.cleaned_data["reason"]
        )
        return redirect("datasets:decided", job.pk)
    context = {
        "version": found,
        "confidential": is_confidential(found.format),
        "form": form,
        "breadcrumbs": _trail_of(found),
    }
    return render(request, "datasets/withdraw.html", context)


@require_safe
@needs("job.view", of="job")
def decided(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far a decision is carried out; when it has been, the version."""
    job = access_job(request, job_id, "job.view")
    if number := job.result.get("version"):
        messages.success(request, job.message)
        return redirect("datasets:version", number)
    response = render(request, "datasets/uploaded.html", {"job": job, "breadcrumbs": [TRAIL]})
    if job.is_open:
        response["Refresh"] = "5"
    return response


@require_safe
@needs("dataset.download", of="dataset_version")
def received_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file as it was received."""
    found = access_version(request, number, "dataset.download")
    path = _lake().source_path(found.sha256)
    if found.erased_at is not None or not path.exists():
        raise Http404("The file is no longer kept.")
    note_download(request, found, "file")
    name = PurePath(found.file_name).name
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


def _trail_of(found: Version) -> list[tuple[str, str]]:
    titles = tables.titles_of_datasets()
    address = reverse("datasets:dataset", args=[found.dataset])
    return [TRAIL, (titles.get(found.dataset, found.dataset), address)]


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """What was sent with a form, or nothing when the form is only to be shown."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _lake() -> Lake:
    return Lake(settings.REDWAY_HOME)
