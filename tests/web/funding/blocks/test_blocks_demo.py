"""The demo's money beside the formula stands on its formula and its forum, on any day of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import RequestFactory

from redway.core.home import Home
from redway.core.money import Money
from redway.web.funding.blocks.block_shown import income_in
from redway.web.funding.blocks.demo import create_demo_blocks
from redway.web.funding.blocks.models import ClaimTable, SharedService
from redway.web.funding.blocks.pages import PAGES, page_of
from redway.web.funding.blocks.records import answer_to, formula_of, income_of, item_on_transfer
from redway.web.funding.blocks.shown import Asked
from redway.web.funding.demo import YEAR, create_demo_funding
from redway.web.funding.forum.demo import create_demo_forum
from redway.web.funding.ground import block_of
from redway.web.people.demo import AUTHORITY, SCHOOL, create_demo_people
from redway.web.register.models import Authority, Establishment, Rank, School

pytestmark = pytest.mark.django_db


def many_schools() -> None:
    """The demo's own school and eighteen primaries, every third an academy."""
    Authority.objects.get_or_create(number=AUTHORITY, defaults={"name": "Milton Keynes"})
    for place in range(19):
        key = SCHOOL if place == 0 else str(110_300 + place)
        name = f"Canal School {place}"
        school = School.objects.create(
            key=key,
            current_urn=key,
            name=name,
            sort_name=f"{name.lower()} {place:02}",
            authority=AUTHORITY,
            authority_name="Milton Keynes",
            phase="Primary" if place else "Secondary",
            kind="Academy converter" if place % 3 == 2 else "Community school",
            rank=Rank.OPEN,
            pupils=150 + 12 * place if place else 900,
        )
        Establishment.objects.create(urn=key, school=school, name=name, authority=AUTHORITY)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 11, 24)])
def test_it_adds_up_and_a_second_run_finds_it(day: date, home: Home, clock: Any) -> None:
    clock.set(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    many_schools()
    create_demo_people(home, school=SCHOOL)
    create_demo_funding(day)
    create_demo_forum(day)
    before = block_of(AUTHORITY, YEAR)
    assert before is not None
    create_demo_blocks(day)
    create_demo_blocks(day)
    held, formula, income = block_of(AUTHORITY, YEAR), formula_of(AUTHORITY, YEAR), income_of(AUTHORITY, YEAR)
    assert held is not None
    assert formula is not None
    assert income is not None
    # As much is left for schools as before, and what comes in is the block to the penny.
    assert held.as_block.for_schools == before.as_block.for_schools
    assert income_in(income, formula)[0].total == Money(held.block_pence)
    assert item_on_transfer(held) is not None
    assert SharedService.objects.count() == 4
    assert ClaimTable.objects.count() == 2
    parted = answer_to(SharedService.objects.get(title="Help to schools in difficulty"))
    assert (parted.agreed["primary"], parted.agreed["secondary"]) == (True, False)
    authority = Authority.objects.get(number=AUTHORITY)
    asked = Asked(authority, YEAR, RequestFactory().get("/").GET, may_edit=True, formula=formula)
    for page in PAGES:
        assert page_of(asked, page).sections, page
