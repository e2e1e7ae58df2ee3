"""Programs read every table by its described address, and are refused in their own language."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from urllib.error import HTTPError

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from journeys.conftest import REDWAY, Site, environment_of

pytestmark = pytest.mark.journey


@pytest.fixture(scope="session")
def token(site: Site) -> str:
    """A personal token of the demo's data officer, made from the shell."""
    made = subprocess.run(
        [*REDWAY, "token", "data.officer@demo.example", "--reach", "datasets"],
        env=environment_of(site.home),
        capture_output=True,
        text=True,
        check=True,
    )
    return next(word for word in made.stdout.split() if word.startswith("redway_"))


def read(site: Site, path: str, token: str = "") -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(site.address + path, headers=headers)) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        return refusal.code, json.load(refusal)


def test_an_authority_beside_its_neighbours(site: Site, token: str) -> None:
    status, table = read(site, "/authorities/826/tables/every-measure.json?model=2025", token)
    assert status == 200
    row = next(row for row in table["rows"] if row["code"] == "secondary-absence")  # type: ignore[attr-defined,index]
    assert (row["value"], row["england"]) == (8.59, 8.44)
    assert round(row["2025-gap"], 2) == 0.86


def test_a_stranger_is_asked_for_a_token(site: Site) -> None:
    status, problem = read(site, "/measures/list.json")
    assert status == 401
    assert "token" in str(problem["error"])


def test_a_wrong_token_is_refused(site: Site) -> None:
    status, _ = read(site, "/measures/list.json", "redway_made-up")
    assert status == 401


def test_a_table_that_is_not_there_says_so_in_json(site: Site, token: str) -> None:
    status, problem = read(site, "/schools/999999/tables/benchmarks.json", token)
    assert status == 404
    assert set(problem) == {"error", "next_step"}


def test_the_description_holds_for_whatever_is_asked(site: Site, token: str) -> None:
    """Schemathesis makes up requests from the description; every answer must be one it promises."""
    schema = schemathesis.openapi.from_url(f"{site.address}/api/openapi.json", config=SchemathesisConfig())
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=25,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"})

        operation.as_strategy  # noqa: B018 - the strategy is made below; this names a broken description early
        from hypothesis import given

        given(case=operation.as_strategy())(ask)()
    assert tried >= 100
