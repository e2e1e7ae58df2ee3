"""Whoever proposes a category is not the one who decides it; where there is only one, the record says so."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from redway.web.improvement import second_officer
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.concerns import decide, propose
from redway.web.improvement.models import Concern, EntryKind
from redway.web.improvement.second_officer import ALONE
from redway.web.people.models import Person
from redway.web.register.models import School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import decided
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]


@pytest.fixture
def school() -> School:
    return register()


def proposed(actor: Person, school: School, category: str = "concern") -> Concern:
    found = Concern.objects.filter(school=school.key).first()
    return propose(
        actor=actor,
        school=school,
        revision=found.revision if found else 0,
        category=category,
        reasons="The roll falls.",
    )


def agree(actor: Person, made: Concern, school: School, category: str = "concern") -> Concern:
    return decide(
        actor=actor,
        concern=made,
        school=school,
        revision=made.revision,
        category=category,
        reasons="The roll falls and leaders have left.",
        review_on=None,
    )


def test_an_adviser_does_not_decide_on_what_they_proposed(school: School, bob: Person, dana: Person) -> None:
    made = proposed(bob, school)
    with pytest.raises(ConcernRefused, match="You proposed this category yourself") as refused:
        agree(bob, made, school)
    assert refused.value.next_step == "1 other officer of the authority can decide on it."
    with pytest.raises(ConcernRefused):
        agree(bob, made, school, "watch")
    assert "alone" not in agree(dana, made, school).entries.get(kind=EntryKind.DECIDED).stands_on


def test_the_only_officer_decides_and_the_record_says_so_to_the_school_too(
    school: School, bob: Person, harriet: Person
) -> None:
    made = agree(bob, proposed(bob, school), school)
    assert made.entries.get(kind=EntryKind.DECIDED).stands_on["alone"] == ALONE
    for person, name in ((bob, "concern"), (harriet, "own_school")):
        address = reverse(f"improvement:{name}", args=[school.current_urn])
        assert ALONE in text_of(visitor(person).get(address))


def test_an_officer_who_has_left_or_whose_role_has_ended_cannot_be_the_second(
    school: School, bob: Person, dana: Person
) -> None:
    dana.is_active, dana.left_at = False, timezone.now()
    dana.save()
    assert agree(bob, proposed(bob, school), school).entries.last().stands_on["alone"] == ALONE  # type: ignore[union-attr]


def test_a_category_that_nobody_proposed_is_only_confirmed(school: School, bob: Person, dana: Person) -> None:
    made = decided(bob, dana)
    assert agree(bob, made, school).label == "School causing concern", "looked at again and confirmed"
    made.refresh_from_db()
    with pytest.raises(ConcernRefused, match="Nobody has proposed that category"):
        agree(bob, made, school, "serious-concern")


def test_an_authority_may_do_without(
    school: School, bob: Person, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []
    monkeypatch.setattr(second_officer, "two_officers", lambda day: bool(asked.append(day)))
    assert "alone" not in agree(bob, proposed(bob, school), school).entries.last().stands_on  # type: ignore[union-attr]
    assert asked == [date(2026, 11, 24)]
