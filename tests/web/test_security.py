"""What every answer carries, what no request may exceed, and what no page says."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from redway.core.errors import RedwayError
from redway.web import environment
from redway.web.people import keys, permission
from redway.web.people.checks import check_declarations
from redway.web.people.declarations import needs, public
from redway.web.people.models import Person
from redway.web.people.rules import Record
from redway.web.security import NamelessFormatter

pytestmark = pytest.mark.django_db


def _plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plain")


def _undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may see this")


@needs("school.view", of="school")
def _forgetful(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown without asking")


@needs("school.view", of="school")
def _careful(request: HttpRequest) -> HttpResponse:
    permission.require(request, "school.view", Record("school", "110532", authority="826", school="110532"))
    return HttpResponse("shown after asking")


@public("for this test")
def _broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret detail of the program")


@public("for this test")
def _absent(request: HttpRequest) -> HttpResponse:
    raise Http404("secret reason")


urlpatterns = [
    path("", include("redway.web.urls")),
    path("undeclared/", _undeclared, name="undeclared"),
    path("forgetful/", _forgetful, name="forgetful"),
    path("careful/", _careful, name="careful"),
    path("broken/", _broken, name="broken"),
    path("absent/", _absent, name="absent"),
    path("nameless/", public("for this test")(_plain)),
]

with_these_pages = override_settings(ROOT_URLCONF=__name__)


@pytest.mark.parametrize(
    "address", ["/account/sign-in/", "/nowhere/", "/account/", "/static/nowhere.css", "/schools/list.json"]
)
def test_every_answer_carries_the_strict_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_a_form_may_lead_to_the_councils_own_sign_in_service_and_nowhere_else(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("REDWAY_OIDC_ISSUER", "https://login.example.gov.uk/tenant/v2.0")
    monkeypatch.setenv("REDWAY_OIDC_CLIENT_ID", "redway")
    monkeypatch.setenv("REDWAY_OIDC_CLIENT_SECRET", "made up")
    settings.SOCIALACCOUNT_PROVIDERS = environment.openid_connect()
    policy = Client().get("/nowhere/").headers["Content-Security-Policy"]
    assert "form-action 'self' https://login.example.gov.uk;" in policy


@with_these_pages
def test_a_view_that_declares_nothing_is_found_by_the_check_and_cannot_be_opened(
    dana: Person, signed_in: Any
) -> None:
    found = {(problem.id, problem.msg.split("'")[1]) for problem in check_declarations(None)}
    assert found == {("redway.E001", "undeclared/"), ("redway.E002", "nameless/")}
    with pytest.raises(ImproperlyConfigured, match="declares no permission"):
        signed_in(dana).get("/undeclared/")


@with_these_pages
def test_an_answer_that_was_not_decided_does_not_leave(dana: Person, signed_in: Any) -> None:
    client = signed_in(dana)
    assert client.get("/careful/").content == b"shown after asking"
    with pytest.raises(ImproperlyConfigured, match="without asking"):
        client.get("/forgetful/")


@with_these_pages
def test_an_error_page_shows_no_detail_of_the_program(client: Client) -> None:
    client.raise_request_exception = False
    broken, absent = client.get("/broken/"), client.get("/absent/")
    assert (broken.status_code, absent.status_code) == (500, 404)
    for answer in (broken, absent):
        assert b"secret" not in answer.content
        assert b"Traceback" not in answer.content
    assert b"Something went wrong" in broken.content


def test_a_body_too_large_is_refused_before_it_is_read(client: Client) -> None:
    answer = client.post("/account/sign-in/", {"login": "x"}, CONTENT_LENGTH=str(6 * 1024 * 1024))
    assert answer.status_code == 400


def test_a_form_without_its_token_is_refused_in_plain_words(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/account/sign-out/")
    assert answer.status_code == 403
    assert b"govuk" in answer.content


def test_e_mail_addresses_do_not_reach_the_log() -> None:
    record = logging.LogRecord(
        "redway", logging.ERROR, "", 1, "Key (email)=(%s) exists", ("a.b@example.org",), None
    )
    assert NamelessFormatter().format(record) == "Key (email)=([address]) exists"


def test_the_log_holds_no_key_of_a_one_time_link(caplog: pytest.LogCaptureFixture) -> None:
    token = keys.new_token()
    Client(enforce_csrf_checks=True).post(f"/welcome/{token}/", {"password": "x", "again": "x"})
    lines = [NamelessFormatter().format(record) for record in caplog.records]
    assert any("/welcome/[key]/" in line for line in lines)
    assert not any(token in line for line in lines)


def test_a_token_reads_and_changes_nothing(alice: Person, signed_in: Any) -> None:
    from django.utils import timezone

    from redway.web.people import services
    from redway.web.people.keys import TokenReach

    _, text = services.make_token(
        person=alice, label="Report", reach=TokenReach.FIGURES, days=30, now=timezone.now()
    )
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/schools/list.json").status_code == 200
    assert program.post("/account/sign-out/").status_code == 401
    # Alice follows long work herself; her token for figures does not.
    assert signed_in(alice).get("/jobs/").status_code == 200
    assert program.get("/jobs/").status_code == 404


@pytest.mark.parametrize("text", ["", "redway_wrong", "x" * 5000])
def test_a_wrong_token_is_answered_with_401_in_json(client: Client, text: str) -> None:
    answer = client.get("/people/roles/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 401
    assert answer.json()["next_step"]


def manage(*command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "redway.web.manage", *command],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), **extra},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_production_settings_pass_djangos_own_deployment_check(tmp_path: Path) -> None:
    ran = manage(
        "check",
        "--deploy",
        "--fail-level=INFO",
        REDWAY_HOME=str(tmp_path),
        REDWAY_ENV="production",
        ALLOWED_HOSTS="redway.example.gov.uk",
    )
    assert ran.returncode == 0, ran.stderr


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "home" / "secret.key"
    key = environment.read_or_make_secret_key(file)
    assert len(key) >= 64
    assert environment.read_or_make_secret_key(file) == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["secret.key"]


def test_the_address_of_a_postgresql_database_is_understood() -> None:
    found = environment.database(
        "postgresql://red%40way:se%2Fcret@db.example:5433/red-way?sslmode=require", Path()
    )
    assert found["USER"] == "red@way"
    assert found["PASSWORD"] == "se/cret"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "red-way")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("address", ["mysql://db/redway", "postgresql://db", "nonsense"])
def test_another_kind_of_database_is_refused_in_words(address: str) -> None:
    with pytest.raises(RedwayError, match="postgresql://name:password@host:5432/database"):
        environment.database(address, Path())


def test_sqlite_waits_for_its_turn_and_writes_through(db: None) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("this run is on PostgreSQL")
    with connection.cursor() as cursor:
        modes = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 2]
