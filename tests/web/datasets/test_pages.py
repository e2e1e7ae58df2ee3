"""The dataset pages: what is due and held, bringing a file in, and deciding about one that was held."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from redway.core.home import Home
from redway.web.datasets.models import DatasetVersion, ImportRun
from redway.web.jobs.models import Job, State
from redway.web.jobs.worker import Worker
from redway.web.people.models import Person
from web.pages import SECONDARY, import_country, text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")


def absence_file(*rows: str) -> SimpleUploadedFile:
    head = "LA,ESTAB,URN,PERCTOT,PPERSABS10"
    return SimpleUploadedFile("abs_2019.csv", "\n".join([head, *rows]).encode())


def test_the_timetable_says_red_amber_and_green_in_words(country: None, alice: Person) -> None:
    rows = json.loads(visitor(alice).get("/datasets/timetable.json").content)["rows"]
    assert {row["rating"] for row in rows} <= {"Red", "Amber", "Green"}
    assert all(row["words"] for row in rows)


def test_a_file_is_uploaded_checked_and_reported(country: None, alice: Person) -> None:
    client = visitor(alice)
    rows = [f"826,{4000 + at},{urn},6.{at},12" for at, urn in enumerate(SECONDARY[1:], 1)]
    response = client.post("/datasets/upload/", {"file": absence_file(*rows)})
    waiting = client.get(response["Location"])
    assert "It waits for its turn." in text_of(waiting)
    assert waiting["Refresh"] == "5", "without scripts the page asks again by itself"
    Worker().run_all()
    report = client.get(response["Location"], follow=True)
    assert "Check report" in text_of(report)
    assert "Loaded</strong>" in text_of(report)
    assert DatasetVersion.objects.get(file_name__endswith="abs_2019.csv").state == "current"


def test_checking_alone_changes_nothing(country: None, alice: Person) -> None:
    client = visitor(alice)
    before = DatasetVersion.objects.count()
    response = client.post(
        "/datasets/upload/", {"file": absence_file("826,4001,100001,6.1,12"), "check_only": "on"}
    )
    Worker().run_all()
    assert "Checked</strong>" in text_of(client.get(response["Location"], follow=True))
    assert DatasetVersion.objects.count() == before


def held_version(client: object, *rows: str) -> DatasetVersion:
    client.post("/datasets/upload/", {"file": absence_file(*rows)})  # type: ignore[attr-defined]
    Worker().run_all()
    version = DatasetVersion.objects.get(file_name__endswith="abs_2019.csv")
    assert version.state == "held"
    return version


def test_a_held_file_shows_its_errors_and_is_accepted_with_a_reason(country: None, alice: Person) -> None:
    client = visitor(alice)
    version = held_version(client, "826,4001,100001,6.1,12", "826,4002,10000X,6.2,12")
    run = ImportRun.objects.latest("started_at")
    page = text_of(client.get(f"/datasets/imports/{run.pk}/"))
    assert "10000X" in page
    outcome = run.files.get()
    errors = b"".join(client.get(f"/datasets/imports/{run.pk}/errors/{outcome.pk}.csv"))  # type: ignore[call-overload]
    assert b"10000X" in errors

    address = f"/datasets/versions/{version.pk}/accept/"
    assert "Enter a reason" in text_of(client.post(address, {"reason": " "}))
    response = client.post(address, {"reason": "One school is new and has no number yet."})
    assert Job.objects.get(kind="dataset.accept").state == State.WAITING
    Worker().run_all()
    page = text_of(client.get(response["Location"], follow=True))
    assert "In force</strong>" in page
    assert "One school is new and has no number yet." in page


def test_a_version_is_withdrawn_with_a_reason_and_stays_to_be_seen(country: None, alice: Person) -> None:
    client = visitor(alice)
    version = DatasetVersion.objects.get(file_name__endswith="abs_2018.csv")
    response = client.post(f"/datasets/versions/{version.pk}/withdraw/", {"reason": "Sent by mistake."})
    Worker().run_all()
    page = text_of(client.get(response["Location"], follow=True))
    assert "Withdrawn</strong>" in page
    assert "Sent by mistake." in page
    versions = text_of(client.get("/datasets/absence/"))
    assert "Withdrawn" in versions


def test_what_was_in_force_on_an_earlier_day(country: None, alice: Person) -> None:
    client = visitor(alice)
    page = text_of(client.get("/datasets/absence/?day_day=1&day_month=1&day_year=2020"))
    assert "in force at the end of 1 January 2020" in page
    assert "No version of this dataset was held then." in page
    impossible = client.get("/datasets/absence/?day_day=31&day_month=2&day_year=2020")
    assert "must be a real date" in text_of(impossible)


def test_the_file_comes_back_as_it_was_received(country: None, alice: Person, tmp_path: Path) -> None:
    version = DatasetVersion.objects.get(file_name__endswith="abs_2018.csv")
    response = visitor(alice).get(f"/datasets/versions/{version.pk}/file/")
    assert b"".join(response) == (tmp_path / "files" / "abs_2018.csv").read_bytes()  # type: ignore[call-overload]


@pytest.mark.parametrize("period", ["yesterday", "2022-24", "99"])
def test_a_period_that_is_none_is_refused(country: None, alice: Person, period: str) -> None:
    page = text_of(
        visitor(alice).post(
            "/datasets/upload/", {"file": absence_file("826,4001,100001,6,1"), "period": period}
        )
    )
    assert "Enter a year such as 2022-23" in page


def test_others_see_versions_but_decide_nothing(country: None, dana: Person) -> None:
    client = visitor(dana)
    version = DatasetVersion.objects.get(file_name__endswith="abs_2018.csv")
    page = text_of(client.get(f"/datasets/versions/{version.pk}/"))
    assert "Withdraw" not in page
    assert client.get(f"/datasets/versions/{version.pk}/withdraw/").status_code == 404
    assert "Upload a file" not in text_of(client.get("/datasets/"))
