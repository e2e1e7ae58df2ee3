"""``redway people`` and ``redway token``: the first administrator of a fresh machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from redway.cli.main import main
from redway.core.home import Home

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_first_administrator_sets_a_password_by_the_link(
    home: Home, capsys: pytest.CaptureFixture[str], client: object
) -> None:
    words = [
        "people",
        "add",
        "alice@example.org",
        "Alice Made-Up",
        "--role",
        "administrator",
        "--authority",
        "826",
    ]
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["email"] == "alice@example.org"
    path = answer["link"].split(":8000")[1]
    assert client.get(path).status_code == 200  # type: ignore[attr-defined]


def test_a_role_needs_a_place(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "add", "bob@example.org", "Bob Made-Up", "--role", "adviser"]) == 2
    assert "--authority" in capsys.readouterr().err


def test_an_unknown_role_is_answered_with_the_known_ones(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", "add", "bob@example.org", "Bob", "--role", "wizard", "--authority", "826"]) == 2
    assert "data_officer" in capsys.readouterr().err


def test_somebody_who_is_not_there_gets_no_link(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "link", "nobody@example.org"]) == 2
    assert "Nobody signs in with nobody@example.org." in capsys.readouterr().err


def test_a_key_belongs_to_its_owner(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    from redway.web.people.tokens import person_of_token

    main(["people", "add", "alice@example.org", "Alice Made-Up", "--authority", "826"])
    capsys.readouterr()
    assert main(["token", "alice@example.org", "--days", "1"]) == 0
    text = capsys.readouterr().out.strip()
    owner = person_of_token(text, datetime.now(UTC))
    assert owner is not None
    assert owner.email == "alice@example.org"


def test_everybody_is_listed_with_their_roles(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    main(["people", "add", "alice@example.org", "Alice Made-Up", "--authority", "826"])
    capsys.readouterr()
    assert main(["people", "list", "--json"]) == 0
    expected = {"email": "alice@example.org", "name": "Alice Made-Up", "roles": "administrator", "state": ""}
    assert json.loads(capsys.readouterr().out) == [expected]
