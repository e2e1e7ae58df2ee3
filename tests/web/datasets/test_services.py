"""Bringing files in through the web face: who may, what is noted, what is brought up to date."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.http import Http404
from django.utils import timezone

from datasets.made_up import HEADER, schools, write
from redway.core.home import Home
from redway.datasets.import_report import Outcome
from redway.indicators.catalogue import load_catalogue
from redway.indicators.paths import current_build
from redway.web.datasets import queries, services
from redway.web.datasets.jobs import accept_version, renew_figures
from redway.web.datasets.ledger import VersionRefused
from redway.web.datasets.models import FileOutcome, ImportRun
from redway.web.jobs.models import Job, State
from redway.web.people.models import Person

pytestmark = pytest.mark.django_db

ABSENCE = "URN,LA,ESTAB,PERCTOT,PPERSABS10\n"


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes, in order, when the register and the figures are brought up to date."""
    calls: list[str] = []
    monkeypatch.setattr("redway.web.register.services.rebuild", lambda **_: calls.append("register"))
    monkeypatch.setattr("redway.datasets.register_files.read_register", lambda *_: None)
    monkeypatch.setattr("redway.indicators.store.refresh", lambda *_: calls.append("figures"))
    return calls


def absence(tmp_path: Path, name: str = "abs_2017.csv", rate: str = "4.5") -> Path:
    rows = "".join(f"{100000 + at},{201 + at % 9},{4000 + at},{rate},11.0\n" for at in range(60))
    return write(tmp_path, name, ABSENCE + rows)


def test_an_import_is_noted_and_figures_follow_once(tmp_path: Path, home: Home, refreshed: list[str]) -> None:
    paths = [absence(tmp_path), absence(tmp_path, "abs_2018.csv"), write(tmp_path, "x.csv", "a,b\n1,2\n")]
    done = services.import_files(paths, actor=None, who="command line")
    assert [report.outcome for report in done.reports] == [
        Outcome.COMMITTED,
        Outcome.COMMITTED,
        Outcome.NOT_RECOGNISED,
    ]
    assert refreshed == ["register", "figures"]
    run = ImportRun.objects.get()
    assert run.ended_at is not None
    assert [outcome.outcome for outcome in run.files.all()] == ["committed", "committed", "not recognised"]
    assert run.files.last().reasons  # type: ignore[union-attr]


def test_nothing_follows_when_nothing_changed(tmp_path: Path, home: Home, refreshed: list[str]) -> None:
    services.import_files([absence(tmp_path)], actor=None, who="")
    refreshed.clear()
    services.import_files([absence(tmp_path)], actor=None, who="")
    services.import_files([absence(tmp_path, rate="5.0")], actor=None, who="", check_only=True)
    assert refreshed == []


def test_figures_follow_an_upgrade_that_changes_what_they_are_made_of(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.import_files([absence(tmp_path)], actor=None, who="")
    first = current_build(home)
    renew_figures(timezone.now())
    assert current_build(home) == first
    upgraded = replace(load_catalogue(), fingerprint="the next edition")
    monkeypatch.setattr("redway.indicators.building.load_catalogue", lambda: upgraded)
    renew_figures(timezone.now())
    assert current_build(home) != first


@pytest.mark.parametrize("role", ["director", "headteacher", "administrator"])
def test_who_may_not_upload_meets_a_closed_door(
    tmp_path: Path, home: Home, make_person: Callable[..., Person], role: str
) -> None:
    person = make_person(role, school="100000" if role == "headteacher" else "")
    with pytest.raises(Http404):
        services.import_files([absence(tmp_path)], actor=person, who="upload")
    with pytest.raises(Http404):
        services.import_uploaded(actor=person, upload=io.BytesIO(b"x"), name="x.csv")
    assert not ImportRun.objects.exists()


def test_an_upload_becomes_a_job_that_says_what_it_did(
    tmp_path: Path, home: Home, refreshed: list[str], make_person: Callable[..., Person]
) -> None:
    from redway.web.datasets.jobs import import_upload

    person = make_person("data_officer")
    content = absence(tmp_path).read_bytes()
    job = services.import_uploaded(actor=person, upload=io.BytesIO(content), name="C:\\x\\abs_2017.csv")
    assert (job.kind, job.state, job.arguments["name"]) == ("dataset.import", State.WAITING, "abs_2017.csv")
    outcome = import_upload(Quiet(), **Job.objects.get().arguments)
    assert outcome.message.startswith("60 rows loaded: version 1 of")
    assert outcome.facts["files"][0]["rows_loaded"] == 60
    assert refreshed == ["register", "figures"]
    assert not list((home.root / "uploads").iterdir())
    assert ImportRun.objects.get().asked_by == person


class Quiet:
    """Progress nobody follows."""

    def say(self, message: str, done: int | None = None, total: int | None = None) -> None:
        assert message

    def check(self) -> None: ...


def test_a_held_version_is_accepted_by_a_person(
    tmp_path: Path, home: Home, refreshed: list[str], make_person: Callable[..., Person]
) -> None:
    services.import_files([absence(tmp_path)], actor=None, who="")
    fewer = "".join(f"{100000 + at},{201 + at},4000,4.5,11.0\n" for at in range(50))
    few = write(tmp_path, "b/abs_2017.csv", ABSENCE + fewer)
    (report,) = services.import_files([few], actor=None, who="").reports
    assert report.held
    (held,) = queries.versions_held()
    refreshed.clear()
    officer = make_person("data_officer")
    accepted = services.accept_held(actor=officer, version=held.id)
    assert accepted.state == "current"
    assert refreshed == ["register", "figures"]
    with pytest.raises(Http404):
        services.withdraw(actor=make_person("director"), version=held.id, reason="No.")
    services.withdraw(actor=officer, version=held.id, reason="It was half of the file.")
    assert [version.number for version in queries.versions_in_force()] == [1]
    assert [version.number for version in queries.versions_of_dataset("absence")] == [2, 1]


def test_accepting_what_was_withdrawn_meanwhile_does_not_say_that_it_is_in_force(
    tmp_path: Path, home: Home, refreshed: list[str], make_person: Callable[..., Person]
) -> None:
    """Two officers decide about one version at once; the first has withdrawn it."""
    services.import_files([absence(tmp_path)], actor=None, who="")
    fewer = "".join(f"{100000 + at},{201 + at},4000,4.5,11.0\n" for at in range(50))
    services.import_files([write(tmp_path, "b/abs_2017.csv", ABSENCE + fewer)], actor=None, who="")
    (held,) = queries.versions_held()
    officer = make_person("data_officer")
    services.withdraw(actor=officer, version=held.id, reason="It was half of the file.")
    with pytest.raises(VersionRefused, match="not held: it is withdrawn"):
        accept_version(Quiet(), version=held.id, actor=officer.pk, reason="It looks right.")


def test_a_figure_leads_to_its_cell(tmp_path: Path, home: Home, refreshed: list[str]) -> None:
    (report,) = services.import_files([absence(tmp_path)], actor=None, who="").reports
    assert report.version_id is not None
    cell = queries.cell(report.version_id, 3, "overall_absence")
    assert (cell.header, cell.text, cell.row) == ("PERCTOT", "4.5", 3)


def test_what_a_crash_left_is_swept(tmp_path: Path, home: Home, refreshed: list[str]) -> None:
    services.import_files([absence(tmp_path)], actor=None, who="")
    (home.staging / "half").mkdir()
    assert services.sweep() == 1
    assert services.sweep() == 0


def test_errors_are_in_the_check_report(tmp_path: Path, home: Home, refreshed: list[str]) -> None:
    path = write(tmp_path, "abs_2017.csv", ABSENCE + "100000,201,4000,lots,11.0\n100001,202,4001,4.5,11.0\n")
    services.import_files([path], actor=None, who="")
    outcome = FileOutcome.objects.get()
    assert outcome.errors[0]["row"] == 2
    assert outcome.errors_total == 1
    assert outcome.version is not None


def test_schools_of_the_made_up_kind_are_not_recognised(tmp_path: Path, home: Home) -> None:
    path = write(tmp_path, "abs_2017.csv", HEADER.replace("PERCTOT", "PERC") + schools(3))
    (report,) = services.import_files([path], actor=None, who="").reports
    assert report.outcome is Outcome.NOT_RECOGNISED
