"""Localities: defined, named, filled, emptied and withdrawn by those who may, and audited."""

from __future__ import annotations

import json
import re

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from redway.core.errors import NotFound
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.localities import (
    RegisterError,
    assign_schools,
    change_schools,
    define_locality,
    release_schools,
    rename_locality,
    withdraw_locality,
)
from redway.web.register.models import Locality, School
from redway.web.register.queries import localities_of, locality_names
from redway.web.register.services import Rebuilt, name_locally
from web.pages import text_of, visitor

HOME = "/register/localities/826/"


@pytest.fixture
def north(register: Rebuilt, alice: Person) -> Locality:
    """A locality of Milton Keynes with St. Paul's in it."""
    locality = define_locality(authority="826", name="North", actor=alice)
    assign_schools(locality=locality, keys=["100002"], actor=alice)
    return locality


def keys_in(locality: Locality) -> set[str]:
    return set(locality.schools.values_list("key", flat=True))


def test_an_area_has_a_name_of_its_own_and_schools_of_its_authority(north: Locality, alice: Person) -> None:
    with pytest.raises(RegisterError, match="already a locality called north"):
        define_locality(authority="826", name="north", actor=alice)
    with pytest.raises(RegisterError, match="needs a name"):
        define_locality(authority="826", name="  ", actor=alice)
    with pytest.raises(NotFound, match="100004 is no school of authority 826"):
        assign_schools(locality=north, keys=["100001", "100004"], actor=alice)
    assert keys_in(north) == {"100002"}


def test_a_school_is_in_one_locality_or_none(north: Locality, alice: Person) -> None:
    south = define_locality(authority="826", name="South", actor=alice)
    assign_schools(locality=south, keys=["100002"], actor=alice)
    assert (keys_in(north), keys_in(south)) == (set(), {"100002"})
    assert release_schools(locality=north, keys=["100002"], actor=alice) == 0, "it is not in that one"
    assert release_schools(locality=south, keys=["100002", "100004"], actor=alice) == 1


def test_a_new_name_keeps_the_schools(north: Locality, alice: Person) -> None:
    define_locality(authority="826", name="South", actor=alice)
    with pytest.raises(RegisterError, match="already a locality called south"):
        rename_locality(locality=Locality.objects.get(pk=north.pk), name="south", actor=alice)
    rename_locality(locality=north, name="NORTH", actor=alice)
    assert keys_in(Locality.objects.get(name="NORTH")) == {"100002"}


def test_a_withdrawn_locality_is_kept_with_its_reason_and_its_name_is_free(
    north: Locality, alice: Person
) -> None:
    with pytest.raises(RegisterError, match="reason is needed"):
        withdraw_locality(locality=north, reason=" ", actor=alice)
    withdraw_locality(locality=north, reason="Clusters were drawn anew", actor=alice)
    assert Locality.objects.get(pk=north.pk).withdrawn_reason == "Clusters were drawn anew"
    assert School.objects.get(key="100002").locality is None
    assert not localities_of("826").exists()
    with pytest.raises(RegisterError, match="withdrawn already"):
        withdraw_locality(locality=north, reason="Again", actor=alice)
    define_locality(authority="826", name="North", actor=alice)


def test_every_change_is_audited(north: Locality, alice: Person) -> None:
    change_schools(locality=north, put_in=["100001"], take_out=["100002"], actor=alice)
    rename_locality(locality=north, name="North east", actor=alice)
    withdraw_locality(locality=north, reason="Clusters were drawn anew", actor=alice)
    trail = AuditEntry.objects.filter(subject_kind="locality", actor=alice).order_by("sequence")
    assert [entry.verb.removeprefix("register.locality_") for entry in trail] == [
        "define",
        "assign",
        "assign",
        "release",
        "rename",
        "withdraw",
    ]
    last = trail.last()
    assert last is not None
    assert json.loads(last.details) == {"schools": ["100001"]}


def test_only_the_data_officer_of_the_authority_may(
    north: Locality, dana: Person, make_person: object
) -> None:
    officer_elsewhere = make_person("data_officer", authority="822")  # type: ignore[operator]
    school = School.objects.get(key="100002")
    for person in (dana, officer_elsewhere):
        for forbidden in (
            lambda who=person: define_locality(authority="826", name="East", actor=who),
            lambda who=person: rename_locality(locality=north, name="East", actor=who),
            lambda who=person: withdraw_locality(locality=north, reason="No", actor=who),
            lambda who=person: assign_schools(locality=north, keys=["100001"], actor=who),
            lambda who=person: release_schools(locality=north, keys=["100002"], actor=who),
            lambda who=person: name_locally(school=school, name="Paul's", actor=who),
        ):
            with pytest.raises(Http404):
                forbidden()
    assert [(one.name, keys_in(one)) for one in Locality.objects.all()] == [("North", {"100002"})]


def test_the_database_refuses_a_name_twice_whatever_its_capitals(north: Locality) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Locality.objects.create(authority="826", name="NORTH")


def test_every_number_a_school_has_had_leads_to_its_locality(north: Locality, alice: Person) -> None:
    assign_schools(locality=north, keys=["100001"], actor=alice)
    assert locality_names() == {"100001": "North", "138001": "North", "100002": "North"}


# --- pages --------------------------------------------------------------------------------------------------


def test_a_locality_is_made_filled_renamed_and_withdrawn_on_pages(register: Rebuilt, alice: Person) -> None:
    client = visitor(alice)
    assert "No locality is defined yet" in text_of(client.get(HOME))
    assert "Enter a name" in text_of(client.post(HOME, {"name": " "}))
    made = client.post(HOME, {"name": "North cluster"}, follow=True)
    assert "North cluster is made. Choose its schools." in text_of(made)
    (locality,) = Locality.objects.all()
    schools = f"{HOME}{locality.pk}/schools/"
    said = text_of(client.post(schools, {"schools": ["100001", "100003"]}, follow=True))
    assert "North cluster: 2 schools put in." in said
    assert "already a locality called North cluster" in text_of(client.post(HOME, {"name": "North cluster"}))
    renamed = client.post(f"{HOME}{locality.pk}/name/", {"name": "North"}, follow=True)
    assert "North cluster is now called North." in text_of(renamed)
    ask = text_of(client.get(f"{HOME}{locality.pk}/withdraw/"))
    assert "2 schools will be in no locality." in ask
    assert "Enter a reason" in text_of(client.post(f"{HOME}{locality.pk}/withdraw/", {"reason": ""}))
    gone = client.post(f"{HOME}{locality.pk}/withdraw/", {"reason": "Clusters were drawn anew"}, follow=True)
    assert "North is withdrawn." in text_of(gone)
    assert client.get(schools).status_code == 404


def test_schools_to_tick_are_those_of_the_authority_and_can_be_sought(north: Locality, alice: Person) -> None:
    client, address = visitor(alice), f"{HOME}{north.pk}/schools/"

    def offered(query: str) -> set[str]:
        page = text_of(client.get(address + query))
        return {
            key for key in ("100001", "100002", "100003", "100004") if f'name="schools" value="{key}"' in page
        }

    assert offered("") == {"100001", "100002", "100003"}
    assert re.findall(r'name="schools" value="(\d+)"[^>]* checked', text_of(client.get(address))) == [
        "100002"
    ]
    assert offered("?q=brook") == {"100003"}
    assert offered("?show=here") == {"100002"}
    assert offered("?show=nowhere") == {"100001", "100003"}
    assert offered("?q=nothing-like-it") == set()
    south = define_locality(authority="826", name="South", actor=alice)
    page = text_of(client.get(f"{HOME}{south.pk}/schools/"))
    assert "St. Paul&#x27;s Catholic School, Secondary, MK6 5EN (now in North)" in page


def test_only_what_was_changed_is_changed_whatever_somebody_else_did(north: Locality, alice: Person) -> None:
    """The page was shown with St. Paul's ticked; meanwhile Brook was put in by somebody else."""
    assign_schools(locality=north, keys=["100003"], actor=alice)
    client = visitor(alice)
    client.post(f"{HOME}{north.pk}/schools/", {"were": ["100002"], "schools": ["100001"]})
    assert keys_in(north) == {"100001", "100003"}


def test_schools_of_another_authority_cannot_be_ticked(north: Locality, alice: Person) -> None:
    page = text_of(visitor(alice).post(f"{HOME}{north.pk}/schools/", {"schools": ["100004"]}))
    assert "There is a problem" in page
    assert keys_in(north) == {"100002"}


def test_schools_are_found_by_their_locality(north: Locality, alice: Person, dana: Person) -> None:
    client = visitor(dana)
    page = text_of(client.get(f"/schools/?authority=826&locality={north.pk}"))
    assert "St. Paul&#x27;s Catholic School" in page
    assert "Locality: North" in page
    assert "Meadow Lane Academy" not in page
    rows = json.loads(client.get(f"/schools/list.json?authority=826&locality={north.pk}").content)["rows"]
    assert [(row["current_urn"], row["locality"]) for row in rows] == [("100002", "North")]


def test_the_filter_is_offered_where_there_are_localities(north: Locality, dana: Person) -> None:
    client = visitor(dana)
    assert '<option value="' + str(north.pk) + '">North</option>' in text_of(client.get("/schools/"))
    elsewhere = text_of(client.get(f"/schools/?authority=822&locality={north.pk}"))
    assert 'name="locality"' not in elsewhere
    assert "Brook End School" in elsewhere, "a locality of the authority chosen before narrows nothing"
    assert client.get("/schools/?locality=x").status_code == 200


def test_the_profile_says_the_locality_at_once(north: Locality, alice: Person, dana: Person) -> None:
    client = visitor(dana)
    assert "North" in text_of(client.get("/schools/100002/"))
    rename_locality(locality=north, name="Canalside", actor=alice)
    assert "Canalside" in text_of(client.get("/schools/100002/"))
    release_schools(locality=north, keys=["100002"], actor=alice)
    assert "Canalside" not in text_of(client.get("/schools/100002/"))


def test_the_authority_page_leads_there_for_those_who_may(
    register: Rebuilt, alice: Person, dana: Person
) -> None:
    assert f'href="{HOME}"' in text_of(visitor(alice).get("/authorities/826/"))
    assert f'href="{HOME}"' not in text_of(visitor(dana).get("/authorities/826/"))
