"""The demo's money beside the formula, all made up: a forum that voted on it, services, funds, other blocks.

Every step is taken by the services that people's changes go through.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.core.money import Money
from redway.funding.forum_powers import Body, Category, Matter
from redway.funding.forum_votes import Choice
from redway.funding.growth import Claim
from redway.funding.schools import Schools
from redway.funding.schools_block import SchoolsBlock
from redway.web.funding.block import Decided, set_down_block
from redway.web.funding.blocks.block_shown import growth_of
from redway.web.funding.blocks.changes import save_service, set_down, take_in_claims
from redway.web.funding.blocks.models import (
    Criteria,
    EarlyYearsPlan,
    Fund,
    HighNeedsPlan,
    Income,
    ServiceKind,
    SharedService,
)
from redway.web.funding.blocks.records import Formula, formula_of
from redway.web.funding.demo import YEAR
from redway.web.funding.forum import meeting_services as meetings
from redway.web.funding.forum.meeting_views import frozen_minutes
from redway.web.funding.forum.models import Item, Meeting, Member
from redway.web.funding.ground import block_of
from redway.web.people.demo import AUTHORITY
from redway.web.people.models import Person

SOURCE = "Made up for the demo"
_AGO = 300
"""Days since the forum met on the year's funds and services."""
_FALLING_ROLLS = Money.of(150_000)
_TRANSFER_OF_1000 = 3
_JUDGED = 8
"""Schools judged for each fund: those that move most."""
_HELP, _FACILITIES, _DUTIES = (
    "Help to schools in difficulty",
    "Trade union facility time",
    "Statutory duties for maintained schools",
)
_EARLY_YEARS = {
    "hours_under_two": 690_000,
    "hours_two": 1_060_000,
    "hours_three_and_four": 4_180_000,
    "rate_under_two_pence": 1154,
    "rate_two_pence": 853,
    "rate_three_and_four_pence": 612,
    "base_under_two_pence": 1105,
    "base_two_pence": 815,
    "base_three_and_four_pence": 568,
    "deprivation_pence": 68_000_000,
    "other_supplements_pence": 25_000_000,
}
_HIGH_NEEDS = {
    "income_pence": 7_240_000_000,
    "special_places": 1_480,
    "unit_places_occupied": 236,
    "unit_places_unoccupied": 31,
    "top_ups_pence": 3_410_000_000,
    "other_pence": 2_265_000_000,
}


@transaction.atomic
def create_demo_blocks(today: date) -> None:
    """Make it once, all or none; a second run finds it. Needs the demo's formula and its forum."""
    formula = formula_of(AUTHORITY, YEAR)
    officer = Person.objects.filter(email="finance.officer@demo.example").first()
    seats = list(Member.objects.filter(authority=AUTHORITY).order_by("pk"))
    if formula is None or officer is None or not seats or SharedService.objects.exists():
        return
    day = today - timedelta(days=_AGO)
    now = _noon(day)
    block = _block(now)
    items = _met(officer, seats, block, day)
    _income(formula, block, now)
    _services(items, now)
    _funds(formula.budgets.schools, items["growth"], now)
    _put(EarlyYearsPlan, _EARLY_YEARS, now)
    _put(HighNeedsPlan, _HIGH_NEEDS, now)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _put(model: Any, values: Mapping[str, Any], now: datetime, **which: str) -> None:
    set_down(
        model,
        actor=None,
        authority=AUTHORITY,
        year=YEAR,
        revision=0,
        values={"source": SOURCE, **values},
        now=now,
        **which,
    )


def _block(now: datetime) -> SchoolsBlock:
    """A falling-rolls fund and a transfer come on top of the block, so that as much is left for schools."""
    held = block_of(AUTHORITY, YEAR)
    assert held is not None
    before = held.as_block
    with_falling = before.amount + _FALLING_ROLLS
    transfer = Money(with_falling.pence * _TRANSFER_OF_1000 // 1000)
    block = SchoolsBlock(with_falling + transfer, before.growth_fund, _FALLING_ROLLS, transfer)
    set_down_block(
        actor=None,
        authority=AUTHORITY,
        year=YEAR,
        revision=held.revision,
        block=block,
        now=now,
        decided=Decided(True, True),
    )
    return block


def _income(formula: Formula, block: SchoolsBlock, now: datetime) -> None:
    """Units in whole pence that come to the block; what they leave over is the money for premises."""
    schools = formula.budgets.schools
    primary, secondary = int(schools.pupils_primary.sum()), int(schools.pupils_secondary.sum())
    values = {"extra_primary": 214, "extra_secondary": 388, "new_schools": 2}
    growth = growth_of(Income(authority=AUTHORITY, year=YEAR, **values)).amount
    units = (block.amount - growth).pence * 985 // 1000
    unit = units // (primary * 100 + secondary * 131)
    values |= {"primary_unit_pence": unit * 100, "secondary_unit_pence": unit * 131}
    left = (block.amount - growth).pence - unit * (primary * 100 + secondary * 131)
    _put(Income, {**values, "premises_pence": left}, now)


def _services(items: Mapping[str, Item], now: datetime) -> None:
    shared = ServiceKind.DE_DELEGATION.value
    for values in (
        {"title": _HELP, "kind": shared, "primary_pence": 900, "secondary_pence": 900, "item": items["help"]},
        {
            "title": _FACILITIES,
            "kind": shared,
            "primary_pence": 245,
            "secondary_pence": 245,
            "item": items["facilities"],
        },
        {
            "title": "Checking who may have free school meals",
            "kind": shared,
            "primary_pence": 120,
            "secondary_pence": None,
            "is_agreed": True,
            "decided_in": "Written vote of primary members, minuted at the next meeting",
        },
        {
            "title": _DUTIES,
            "kind": ServiceKind.EDUCATION_FUNCTIONS.value,
            "primary_pence": 2_750,
            "secondary_pence": 2_750,
            "item": items["duties"],
        },
    ):
        save_service(
            actor=None,
            authority=AUTHORITY,
            year=YEAR,
            service=None,
            revision=0,
            values={"source": SOURCE, **values},
            now=now,
        )


def _funds(schools: Schools, item: Item, now: datetime) -> None:
    rates = {"primary_pence": 308_000, "secondary_pence": 443_000, "item": item}
    _put(Criteria, {**rates, "least": 10}, now, fund=Fund.GROWTH.value)
    _put(Criteria, {**rates, "least": 5}, now, fund=Fund.FALLING_ROLLS.value)
    assert schools.baseline is not None
    moved = schools.pupils - schools.baseline.pupils
    known = [row for row in range(len(schools)) if schools.baseline.is_used[row]]
    by_change = sorted(known, key=lambda row: int(moved[row]))
    for fund, rows in (
        (Fund.GROWTH, by_change[: -_JUDGED - 1 : -1]),
        (Fund.FALLING_ROLLS, by_change[:_JUDGED]),
    ):
        take_in_claims(
            actor=None,
            authority=AUTHORITY,
            year=YEAR,
            fund=fund,
            claims=[_claim(schools, row, fund, met=place % 3 != 2) for place, row in enumerate(rows)],
            file=f"made-up-{fund.value}-{YEAR}.csv",
            now=now,
        )


def _claim(schools: Schools, row: int, fund: Fund, *, met: bool) -> Claim:
    assert schools.baseline is not None
    return Claim(
        schools.urn[row],
        int(schools.baseline.pupils[row]),
        int(schools.pupils[row]),
        asked_for=met and fund is Fund.GROWTH,
        needed_again=met and fund is Fund.FALLING_ROLLS,
    )


# --- the forum's meeting ------------------------------------------------------------------------------------


def _met(officer: Person, seats: list[Member], block: SchoolsBlock, day: date) -> dict[str, Item]:
    """The forum votes on transfer, services and funds; primary and secondary part on the help to schools."""
    held = meetings.plan_meeting(
        actor=officer, authority=AUTHORITY, held_on=day, place="Civic Offices, room 1.07"
    )
    points = {
        "transfer": meetings.Point(
            "Transfer to the high needs block",
            Matter.BLOCK_TRANSFER,
            None,
            f"That {block.transfer} go from the schools block of {YEAR} to the high needs block",
            block.transfer,
            block.amount,
        ),
        "help": meetings.Point(_HELP, Matter.DE_DELEGATION, None, f"£9 a pupil in {YEAR}"),
        "facilities": meetings.Point(_FACILITIES, Matter.DE_DELEGATION, None, f"£2.45 a pupil in {YEAR}"),
        "duties": meetings.Point(_DUTIES, Matter.EDUCATION_FUNCTIONS, None, f"£27.50 a pupil in {YEAR}"),
        "growth": meetings.Point(
            "Growth and falling-rolls funds",
            Matter.GROWTH_FUND,
            None,
            f"That the funds of {YEAR} be {block.growth_fund} and {block.falling_rolls}, by their criteria",
        ),
    }
    for point in points.values():
        held.refresh_from_db()
        meetings.add_item(actor=officer, meeting=held, revision=held.revision, point=point)
    held.refresh_from_db()
    present = {one.pk: True for one in seats}
    meetings.record_attendance(
        actor=officer, meeting=held, revision=held.revision, present=present, today=day
    )
    items = dict(zip(points, held.items.select_related("meeting").order_by("number"), strict=True))
    for name, item in items.items():
        _decide(officer, held, item, seats, day, refused_by_secondary=name == "help")
    held.refresh_from_db()
    text = "Secondary members said that their schools would rather buy help in difficulty themselves."
    meetings.publish_minutes(
        actor=officer,
        meeting=held,
        revision=held.revision,
        minutes=text,
        frozen=frozen_minutes(held, text),
        now=_noon(day + timedelta(days=7)),
    )
    return items


def _decide(
    officer: Person,
    held: Meeting,
    item: Item,
    seats: list[Member],
    day: date,
    *,
    refused_by_secondary: bool,
) -> None:
    power = meetings.power_of(item)
    for place, one in enumerate(seats):
        category = Category(one.category)
        if power is None or power.refusal(category):
            continue
        against = refused_by_secondary and category is Category.MAINTAINED_SECONDARY
        choice = Choice.AGAINST if against or place == 2 else Choice.FOR
        meetings.cast_vote(actor=officer, item=item, member=one, choice=choice, now=_noon(day))
    held.refresh_from_db()
    meetings.record_decision(
        actor=officer,
        item=item,
        revision=held.revision,
        ruling=meetings.Ruling(Body.FORUM, True, f"Agreed: {item.proposal}."),
        now=_noon(day),
    )
