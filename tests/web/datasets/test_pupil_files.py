"""Files of pupils behind the dataset pages: every door through which a row or a name could leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client

from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.engine import Engine
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version
from redway.indicators.catalogue import Catalogue
from redway.web.audit.models import AuditEntry
from redway.web.datasets import queries, services
from redway.web.datasets.ledger import DjangoLedger, VersionRefused
from redway.web.datasets.models import DatasetVersion, FileOutcome, ImportRun
from redway.web.jobs.models import Job
from redway.web.jobs.worker import Worker
from redway.web.people.models import Person
from web.pages import import_country, text_of, visitor

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "100001", "100009"
"""A school of Milton Keynes and one of Bedford, of the made-up country."""
HEAD = "UPN,URN,KS2ASS,ATT8"
SECRET = "Z9Lantern"
"""A pupil's number: wherever it is met outside the lake and the sources, something leaked."""
FILE_NAME = "Ada Lantern 2023-24.csv"


@pytest.fixture
def country(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")


@pytest.fixture
def officer_of_bedford(make_person: Callable[..., Person]) -> Person:
    return make_person("data_officer", authority="822")


def upload(client: Client, *rows: str, name: str = FILE_NAME) -> None:
    content = "\n".join([HEAD, *rows]).encode()
    client.post("/datasets/upload/", {"file": SimpleUploadedFile(name, content)})
    Worker().run_all()


def brought_in(*rows: str) -> Version:
    """A file with one error, brought in by Alice's office; its version."""
    folder = Path(str(DatasetVersion.objects.count()))
    path = services._home().root / folder / FILE_NAME
    path.parent.mkdir()
    path.write_text("\n".join([HEAD, *(rows or (f"{SECRET},{HERE},100,{SECRET}", f"B2,{HERE},99,40"))]))
    done = services.import_files([path], actor=None, who="command line", accept=True)
    return queries.version(done.reports[0].version_id or 0)


def body(response: Any) -> bytes:
    return b"".join(response)


def test_pages_show_no_cell_and_no_file_name(country: None, alice: Person) -> None:
    client = visitor(alice)
    upload(client, f"{SECRET},{HERE},100,{SECRET}", f"B2,{HERE},99,40")
    version = DatasetVersion.objects.get(format="pupil-results-ks4")
    run = ImportRun.objects.latest("started_at")
    job = Job.objects.get(kind="dataset.import")
    for address in (
        "/datasets/",
        "/datasets/held.json",
        "/datasets/pupil-results-ks4/",
        "/datasets/pupil-results-ks4/versions.csv",
        f"/datasets/versions/{version.pk}/",
        f"/datasets/imports/{run.pk}/",
        f"/jobs/{job.pk}/",
    ):
        page = client.get(address)
        content = body(page) if page.streaming else page.content
        assert page.status_code == 200, address
        assert SECRET.encode() not in content, address
        assert b"Lantern" not in content, address
    report = text_of(client.get(f"/datasets/imports/{run.pk}/"))
    assert "It is not a number." in report
    assert "Value</th>" not in report


def test_the_store_holds_no_cell_and_no_file_name(country: None, alice: Person) -> None:
    upload(visitor(alice), f"{SECRET},{HERE},100,{SECRET}", f"B2,{HERE},99,40")
    held = [
        *DatasetVersion.objects.values_list("file_name", "held_reason", "headers"),
        *FileOutcome.objects.values_list("path", "reasons", "errors"),
        *ImportRun.objects.values_list("name"),
        *Job.objects.values_list("title", "arguments", "result", "message"),
        *AuditEntry.objects.values_list("details"),
    ]
    text = json.dumps([[str(part) for part in row] for row in held])
    assert SECRET not in text
    assert "Lantern" not in text
    assert DatasetVersion.objects.latest("pk").file_name == "pupil-results-ks4-2023-24.csv"


def test_taking_a_file_out_is_for_those_who_see_its_pupils_and_is_written_down(
    country: None, alice: Person, officer_of_bedford: Person, dana: Person
) -> None:
    version = brought_in()
    address = f"/datasets/versions/{version.id}/file/"
    for stranger in (officer_of_bedford, dana):
        assert visitor(stranger).get(address).status_code == 404
    assert not AuditEntry.objects.filter(verb="dataset.download").exists()
    assert SECRET.encode() in body(visitor(alice).get(address))
    entry = AuditEntry.objects.get(verb="dataset.download")
    assert (entry.actor, entry.subject_id, entry.sensitive_read) == (alice, str(version.id), True)
    assert json.loads(entry.details) == {
        "what": "file",
        "format": "pupil-results-ks4",
        "period": "2023-24",
        "scope": "826",
    }


def test_the_list_of_errors_is_kept_as_the_file_is(
    country: None, alice: Person, officer_of_bedford: Person
) -> None:
    version = brought_in()
    outcome = FileOutcome.objects.get(version=version.id)
    address = f"/datasets/imports/{outcome.run_id}/errors/{outcome.pk}.csv"
    assert visitor(officer_of_bedford).get(address).status_code == 404
    assert SECRET.encode() not in body(visitor(alice).get(address))
    entry = AuditEntry.objects.get(verb="dataset.download")
    assert json.loads(entry.details)["what"] == "errors"


def test_published_files_are_taken_out_without_a_note_as_before(
    country: None, officer_of_bedford: Person
) -> None:
    version = DatasetVersion.objects.get(file_name__endswith="abs_2018.csv")
    assert visitor(officer_of_bedford).get(f"/datasets/versions/{version.pk}/file/").status_code == 200
    assert not AuditEntry.objects.filter(verb="dataset.download").exists()


def test_another_authoritys_officer_sees_that_it_is_held_and_can_do_nothing(
    country: None, officer_of_bedford: Person
) -> None:
    version = brought_in()
    client = visitor(officer_of_bedford)
    page = text_of(client.get(f"/datasets/versions/{version.id}/"))
    assert "The file holds facts about single children." in page
    assert "Download as received" not in page
    assert "Withdraw this version" not in page
    assert client.get(f"/datasets/versions/{version.id}/withdraw/").status_code == 404
    assert client.post(f"/datasets/versions/{version.id}/withdraw/", {"reason": "x"}).status_code == 404
    with pytest.raises(Http404):
        services.withdraw(actor=officer_of_bedford, version=version.id, reason="Not ours.")


def test_a_file_of_two_authorities_is_for_those_who_see_pupils_in_both(
    country: None, alice: Person, make_person: Callable[..., Person]
) -> None:
    version = brought_in(f"A1,{HERE},100,40", f"A2,{ELSEWHERE},100,40")
    assert version.scope == "822+826"
    address = f"/datasets/versions/{version.id}/file/"
    assert visitor(alice).get(address).status_code == 404


def test_nobody_brings_in_pupils_of_an_authority_they_do_not_work_for(
    country: None, alice: Person, officer_of_bedford: Person
) -> None:
    upload(visitor(officer_of_bedford), f"A1,{HERE},100,40")
    outcome = FileOutcome.objects.latest("pk")
    assert outcome.outcome == "failed"
    assert "an authority in which you hold no role" in outcome.reasons[0]
    assert not DatasetVersion.objects.filter(format="pupil-results-ks4").exists()
    upload(visitor(alice), f"A1,{HERE},100,40")
    assert DatasetVersion.objects.get(format="pupil-results-ks4").state == "current"


def test_no_figure_leads_back_to_a_pupils_cell(country: None) -> None:
    version = brought_in()
    with pytest.raises(NotFound, match="facts about single children"):
        queries.cell(version.id, 2, "attainment8")


def test_no_published_figure_is_made_of_pupils_even_if_a_catalogue_asks(
    country: None, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redway.indicators.store import refresh

    version = brought_in()
    monkeypatch.setattr(Catalogue, "from_format", lambda *_: True)
    assert version.id not in refresh(home, [version]).computed


def test_neither_register_nor_figures_are_made_again_for_a_file_of_pupils(
    country: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redway.web.register.services.rebuild", lambda **_: pytest.fail("made again"))
    brought_in()


def test_an_analyst_at_the_shell_still_asks_what_they_like(
    country: None, home: Home, database_url: str
) -> None:
    brought_in()
    engine = Engine(home, DjangoLedger())
    try:
        found = engine.query("SELECT count(*) AS pupils FROM dataset('pupil-results-ks4')")
    finally:
        engine.close()
    assert found["pupils"].to_list() == [2]


# --- erasing ------------------------------------------------------------------------------------------------


def test_a_withdrawn_file_of_pupils_is_erased_and_its_record_stays(country: None, home: Home) -> None:
    version = brought_in()
    lake = Lake(home)
    kept = [
        lake.version_path(version.format, version.id),
        lake.source_path(version.sha256),
        lake.problems_path(version.sha256, version.format),
    ]
    assert all(path.exists() for path in kept)
    services.withdraw(actor=None, version=version.id, reason="Sent by mistake.")
    services.erase(actor=None, version=version.id, reason="Asked for by the school.")
    assert not any(path.exists() for path in kept)
    row = DatasetVersion.objects.get(pk=version.id)
    assert row.erased_at is not None
    assert (row.state, row.erased_reason) == ("withdrawn", "Asked for by the school.")
    entry = AuditEntry.objects.get(verb="dataset.erase")
    assert json.loads(entry.details)["rows"] == 2


def test_what_was_erased_is_in_force_on_no_day(country: None, home: Home, clock: Any) -> None:
    version = brought_in()
    assert version.committed_at is not None
    day = version.committed_at.date()
    clock.move(timedelta(days=3))
    services.withdraw(actor=None, version=version.id, reason="Sent by mistake.")
    assert version.id in {one.id for one in queries.versions_in_force(day)}
    services.erase(actor=None, version=version.id, reason="Sent by mistake.")
    assert version.id not in {one.id for one in queries.versions_in_force(day)}
    assert version.id not in {one.id for one in queries.versions_in_force(date(2026, 12, 31))}


def test_the_source_stays_while_another_version_is_of_it(country: None, home: Home) -> None:
    first = brought_in(f"A1,{HERE},100,40")
    services.withdraw(actor=None, version=first.id, reason="Sent too early.")
    second = brought_in(f"A1,{HERE},100,40")
    assert second.sha256 == first.sha256
    services.erase(actor=None, version=first.id, reason="Sent too early.")
    assert Lake(home).source_path(second.sha256).exists()
    assert Lake(home).version_path(second.format, second.id).exists()


def test_erasing_that_was_cut_short_is_finished_by_the_next_import(country: None, home: Home) -> None:
    version = brought_in()
    services.withdraw(actor=None, version=version.id, reason="Sent by mistake.")
    DjangoLedger().erase(version.id, reason="Sent by mistake.")
    assert Lake(home).source_path(version.sha256).exists()
    services.sweep()
    assert not Lake(home).source_path(version.sha256).exists()
    assert not Lake(home).version_path(version.format, version.id).exists()


def test_only_withdrawn_files_of_pupils_are_erased_with_a_reason_and_once(country: None) -> None:
    version = brought_in()
    published = DatasetVersion.objects.get(file_name__endswith="abs_2018.csv")
    with pytest.raises(VersionRefused, match="published file"):
        services.erase(actor=None, version=published.pk, reason="x")
    with pytest.raises(VersionRefused, match="only what was withdrawn"):
        services.erase(actor=None, version=version.id, reason="x")
    services.withdraw(actor=None, version=version.id, reason="x")
    with pytest.raises(VersionRefused, match="with a reason"):
        services.erase(actor=None, version=version.id, reason=" ")
    services.erase(actor=None, version=version.id, reason="x")
    with pytest.raises(VersionRefused, match="erased already"):
        services.erase(actor=None, version=version.id, reason="x")
    with pytest.raises(NotFound):
        services.erase(actor=None, version=999_999, reason="x")


def test_pages_say_what_is_to_be_erased_and_what_was(country: None, alice: Person, clock: Any) -> None:
    version = brought_in()
    services.withdraw(actor=None, version=version.id, reason="Sent by mistake.")
    client = visitor(alice)
    assert f"redway datasets erase {version.id}" in text_of(client.get(f"/datasets/versions/{version.id}/"))
    assert "Files of pupils to be erased" not in text_of(client.get("/datasets/"))
    clock.move(timedelta(days=91))
    assert "Files of pupils to be erased" in text_of(visitor(alice).get("/datasets/"))
    services.erase(actor=None, version=version.id, reason="x")
    client = visitor(alice)
    assert "was erased on" in text_of(client.get(f"/datasets/versions/{version.id}/"))
    assert client.get(f"/datasets/versions/{version.id}/file/").status_code == 404
    assert "Files of pupils to be erased" not in text_of(visitor(alice).get("/datasets/"))


def test_a_made_up_file_says_so_on_its_page(country: None, alice: Person, home: Home) -> None:
    path = home.root / "2023-24.csv"
    path.write_text(f"{HEAD},Made up for demonstration\nA1,{HERE},100,40,yes\n")
    (report,) = services.import_files([path], actor=None, who="demo").reports
    page = text_of(visitor(alice).get(f"/datasets/versions/{report.version_id}/"))
    assert "made up for demonstration; they say nothing about the real school" in page
