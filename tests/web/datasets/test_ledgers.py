"""One contract for every ledger: the one in the store and the one the tests of the pipeline use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.ledger import Candidate, Ledger, SqlLedger, State, Version
from redway.web.audit.models import AuditEntry
from redway.web.datasets.ledger import DjangoLedger, VersionRefused

CANDIDATE = Candidate(
    format="made-up-absence",
    dataset="absence",
    period="2016-17",
    period_start=date(2016, 9, 1),
    period_end=date(2017, 8, 31),
    scope="",
    edition="final",
    file_name="2016-17/abs.csv",
    sha256="a" * 64,
    recipe="recipe",
    sheet="",
    header_row=1,
    headers={"urn": "URN"},
    periods=("2016-17",),
    rows_read=10,
    rows_loaded=10,
    rows_rejected=0,
    entities=10,
    problems=0,
    received_by="test",
)


@pytest.fixture(params=["memory", "store"])
def ledger(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryLedger()
    request.getfixturevalue("db")
    return DjangoLedger()


def commit(ledger: Ledger, sha: str = "a", accept: bool = False, **changed: Any) -> Version:
    candidate = dataclasses.replace(CANDIDATE, sha256=sha * 64, **changed)
    return ledger.commit(candidate, lambda _: None, lambda _: [], accept=accept).version


def states(ledger: Ledger) -> list[tuple[int, str]]:
    return [(version.number, str(version.state)) for version in ledger.versions()]


def test_a_version_comes_back_as_it_was_given(ledger: Ledger) -> None:
    version = commit(ledger)
    assert ledger.versions() == [version]
    for name in Candidate.__dataclass_fields__:
        if name != "doubts":
            assert getattr(version, name) == getattr(CANDIDATE, name)
    assert (version.number, version.state) == (1, State.CURRENT)


def test_a_correction_supersedes(ledger: Ledger) -> None:
    commit(ledger)
    commit(ledger, "b")
    assert states(ledger) == [(1, "superseded"), (2, "current")]


def test_other_periods_scopes_and_formats_are_other_chains(ledger: Ledger) -> None:
    commit(ledger)
    commit(ledger, "b", period="2017-18")
    commit(ledger, "c", scope="826")
    commit(ledger, "d", format="other")
    assert states(ledger) == [(1, "current")] * 4


def test_the_same_file_is_committed_once(ledger: Ledger) -> None:
    first = commit(ledger)
    again = ledger.commit(CANDIDATE, lambda _: pytest.fail("placed twice"), lambda _: [], accept=False)
    assert (again.created, again.version) == (False, first)


def test_doubts_hold_a_version_until_it_is_accepted(ledger: Ledger) -> None:
    commit(ledger)
    held = commit(ledger, "b", doubts=("One.", "Two."))
    assert (held.state, held.held_reason, held.committed_at) == (State.HELD, "One.\nTwo.", None)
    assert states(ledger) == [(1, "current"), (2, "held")]
    ledger.accept(held.id, who="")
    assert states(ledger) == [(1, "superseded"), (2, "current")]


def test_doubts_are_overruled_at_once_by_who_accepts(ledger: Ledger) -> None:
    assert commit(ledger, accept=True, doubts=("One.",)).state is State.CURRENT


def test_the_last_version_is_shown_to_who_compares(ledger: Ledger) -> None:
    seen: list[Version | None] = []

    def compare(last: Version | None) -> list[str]:
        seen.append(last)
        return []

    first = ledger.commit(CANDIDATE, lambda _: None, compare, accept=False).version
    ledger.commit(dataclasses.replace(CANDIDATE, sha256="b" * 64), lambda _: None, compare, accept=False)
    assert seen == [None, first]


def test_a_version_is_found_by_its_file(ledger: Ledger) -> None:
    version = commit(ledger)
    assert ledger.by_source("a" * 64) == [version]
    assert ledger.by_source("b" * 64) == []


@pytest.mark.django_db
def test_a_version_and_its_audit_entry_are_one(make_person: Callable[..., Any]) -> None:
    person = make_person("data_officer")
    version = commit(DjangoLedger(person))
    entry = AuditEntry.objects.get(verb="dataset.commit")
    assert (entry.actor, entry.subject_kind, entry.subject_id) == (person, "dataset_version", str(version.id))


@pytest.mark.django_db
def test_nothing_is_true_when_the_file_cannot_be_put_in_place() -> None:
    def fail(_number: int) -> None:
        raise OSError("no")

    ledger = DjangoLedger()
    with pytest.raises(OSError, match="no"):
        ledger.commit(CANDIDATE, fail, lambda _: [], accept=False)
    assert ledger.versions() == []
    assert not AuditEntry.objects.filter(verb="dataset.commit").exists()


@pytest.mark.django_db
def test_a_withdrawn_version_gives_way_to_the_one_before() -> None:
    ledger = DjangoLedger()
    first, second = commit(ledger), commit(ledger, "b")
    withdrawn = ledger.withdraw(second.id, reason="Wrong file.")
    assert withdrawn.withdrawn_at is not None
    assert states(ledger) == [(1, "current"), (2, "withdrawn")]
    assert commit(ledger, "b").number == 3
    assert [version.id for version in ledger.by_source("a" * 64)] == [first.id]


@pytest.mark.django_db
def test_what_cannot_be_done_is_said() -> None:
    ledger = DjangoLedger()
    version = commit(ledger)
    with pytest.raises(VersionRefused, match="not held"):
        ledger.accept(version.id, who="")
    with pytest.raises(VersionRefused, match="with a reason"):
        ledger.withdraw(version.id, reason=" ")
    with pytest.raises(NotFound, match="no version 99"):
        ledger.withdraw(99, reason="x")


@pytest.mark.django_db(transaction=True)
def test_analysts_read_the_same_ledger_without_django(
    home: Home, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    from pathlib import Path

    from django.db import connection

    version = commit(DjangoLedger())
    held = commit(DjangoLedger(), "b", doubts=("One.",))
    store = Path(str(connection.settings_dict["NAME"]))
    monkeypatch.setattr(Home, "database", property(lambda _: store))
    assert SqlLedger(home, database_url).versions() == [version, held]
    assert SqlLedger(home, database_url).versions(dataset="other") == []
