"""The register is rebuilt whole, keeps what is local, and says in the audit trail what it did."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from redway.core.errors import NotEnoughData
from redway.core.home import Home
from redway.web.audit.models import AuditEntry
from redway.web.datasets.ledger import DjangoLedger
from redway.web.people.models import Person
from redway.web.register import queries
from redway.web.register.localities import assign_schools, define_locality
from redway.web.register.models import (
    Authority,
    Establishment,
    Membership,
    RegisterBuild,
    RegisterEvent,
    School,
    SearchWord,
)
from redway.web.register.search import search
from redway.web.register.services import (
    Rebuilt,
    name_locally,
    rebuild,
)
from web.register.conftest import ROWS, RebuildRegister


def test_schools_and_their_establishments_are_stored(register: Rebuilt) -> None:
    assert (register.schools, register.establishments) == (4, 5)
    school = School.objects.get(key="100001")
    assert (school.current_urn, school.name, school.laestab) == ("138001", "Meadow Lane Academy", "8262001")
    assert (school.authority, school.authority_name, school.easting) == ("826", "Milton Keynes", 485000)
    assert [each.urn for each in queries.line_of("138001")] == ["100001", "138001"]


def test_it_is_written_in_the_audit_trail_with_the_versions_it_was_built_from(register: Rebuilt) -> None:
    entry = AuditEntry.objects.get(verb="register.rebuild")
    assert f'"schools":{register.schools}' in entry.details.replace(" ", "")
    assert RegisterBuild.objects.get().versions == list(register.versions)


def test_the_same_versions_are_not_built_twice(register: Rebuilt, home: Home) -> None:
    again = rebuild(home=home, ledger=DjangoLedger(None), actor=None)
    assert not again.changed
    assert RegisterBuild.objects.count() == 1


def test_a_newer_edition_changes_only_what_differs(
    register: Rebuilt, put_in_register: RebuildRegister
) -> None:
    words = dict(SearchWord.objects.values_list("pk", "word"))
    renamed = [row.replace("Brook End School", "Brook End Academy") for row in ROWS]
    put_in_register(*renamed, day="20260601")
    assert School.objects.get(key="100004").name == "Brook End Academy"
    event = RegisterEvent.objects.get(kind="renamed")
    assert (event.before, event.after, str(event.on), str(event.not_before)) == (
        "Brook End School",
        "Brook End Academy",
        "2026-06-01",
        "2026-04-01",
    )
    kept = dict(SearchWord.objects.values_list("pk", "word"))
    assert set(kept.items()) - set(words.items()) == {
        (pk, word) for pk, word in kept.items() if pk not in words
    }


def test_what_is_local_is_never_overwritten(
    register: Rebuilt, put_in_register: RebuildRegister, alice: Person
) -> None:
    cluster = define_locality(authority="826", name=" North  cluster ", actor=alice)
    assert assign_schools(locality=cluster, keys=["100001", "100002"], actor=alice) == 2
    name_locally(school=School.objects.get(key="100001"), name="The Meadow", actor=alice)
    put_in_register(*[row.replace("Meadow Lane", "Meadow Road") for row in ROWS], day="20260601")
    school = School.objects.get(key="100001")
    assert (school.name, school.local_name, school.shown_name) == (
        "Meadow Road Academy",
        "The Meadow",
        "The Meadow",
    )
    assert school.locality == cluster
    assert [each.key for each in search("the meadow")] == ["100001"]


def test_a_line_that_corrected_links_gave_to_another_leads_there(
    put_in_register: RebuildRegister,
) -> None:
    put_in_register(
        links="URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100004,999999,x,Other,01-09-2012\n"
    )
    assert School.objects.filter(gone_to="").count() == 5
    put_in_register(day="20260601")
    assert School.objects.get(key="138001").gone_to == "100001"
    assert queries.find_school("138001").key == "100001"
    assert "138001" not in {each.key for each in queries.schools()}
    assert [each.key for each in search("meadow")] == ["100001"]


def test_a_failed_rebuild_leaves_the_register_as_it_was(
    register: Rebuilt, put_in_register: RebuildRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("redway.web.register.services._search_words", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        put_in_register(*[row.replace("Brook", "Stream") for row in ROWS], day="20260601")
    assert School.objects.get(key="100004").name == "Brook End School"
    assert RegisterBuild.objects.count() == 1


@pytest.mark.django_db
def test_without_establishments_it_says_what_to_import(home: Home) -> None:
    with pytest.raises(NotEnoughData, match="Import the establishments"):
        rebuild(home=home, ledger=DjangoLedger(None), actor=None)


def test_memberships_of_unknown_urns_are_left_out(put_in_register: RebuildRegister) -> None:
    put_in_register()
    assert Membership.objects.count() == 0
    assert Authority.objects.get(number="822").name == "Bedford"


def test_a_rebuild_takes_a_fixed_number_of_statements(
    register: Rebuilt, put_in_register: RebuildRegister
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        put_in_register(*[row.replace("Brook", "Stream") for row in ROWS], day="20260601")
    assert len([query for query in seen if "register_" in query["sql"]]) < 45
    assert Establishment.objects.count() == 5
