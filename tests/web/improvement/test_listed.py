"""Improvement offers the schools the state pays for, and says which establishments it leaves out."""

from __future__ import annotations

import pytest
from django.urls import reverse

from redway.improvement.schools import is_state_funded
from redway.web.improvement.listed import schools_listed
from redway.web.people.models import Person
from redway.web.register.models import Rank, School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import AUTHORITY
from web.pages import text_of, visitor

# Types as Get information about schools writes them.
PAID_FOR = (
    *("Community school", "Voluntary aided school", "Academy converter", "Free schools"),
    *("Community special school", "Academy special converter", "Pupil referral unit"),
    *("Academy alternative provision converter", "Local authority nursery school", ""),
)
OTHERS = (
    *("Other independent school", "Other independent special school", "Further education"),
    *("Higher education institutions", "Secure units", "Online provider", "Children's centre"),
)


def establishment(urn: str, name: str, kind: str) -> School:
    return School.objects.create(
        key=urn,
        current_urn=urn,
        name=name,
        sort_name=name.lower(),
        authority=AUTHORITY,
        kind=kind,
        rank=Rank.OPEN,
    )


def test_state_funded_schools_of_every_kind_are_and_the_rest_are_not() -> None:
    assert [kind for kind in PAID_FOR if not is_state_funded(kind)] == []
    assert [kind for kind in OTHERS if is_state_funded(kind)] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("home", "clock")
def test_every_list_of_improvement_leaves_out_the_same_and_says_so(bob: Person, dana: Person) -> None:
    register()
    establishment("110001", "Walnut Tree Nursery", "Local authority nursery school")
    establishment("110002", "Private Hall", "Other independent school")
    establishment("110003", "Private House", "Other independent school")
    establishment("110004", "The College", "Further education")
    found = schools_listed(AUTHORITY)
    assert [one.name for one in found.schools] == [
        *("Grand Union School", "Ouse Valley School", "Walnut Tree Nursery")
    ]
    assert found.left_out == (
        "3 other establishments are left out, because improvement is about schools the state pays for: 1 of "
        "type 'Further education' and 2 of type 'Other independent school'."
    )
    for person, name in (
        (bob, "support:authority"),
        (bob, "support:alert_new"),
        (bob, "reviews:authority"),
        (dana, "reviews:begin"),
    ):
        said = text_of(visitor(person).get(reverse(name, args=[AUTHORITY])))
        assert "Walnut Tree Nursery" in said, name
        assert "Private Hall" not in said, name
        assert "3 other establishments are left out" in said, name
