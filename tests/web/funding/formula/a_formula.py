"""A small formula to test with: three schools, two years, one formula in force and two scenarios.

Rates are those of 2025-26. Grand Union School and Canal School are below their minimum per-pupil level;
Ouse Valley School is above it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from redway.core.money import Money
from redway.datasets.text_rows import TextRow
from redway.funding.rules import Rules
from redway.funding.schools import Schools
from redway.funding.schools_block import SchoolsBlock
from redway.funding.schools_rows import schools_from_rows
from redway.web.funding.block import set_down_block
from redway.web.funding.models import Scenario
from redway.web.funding.scenarios import Content, make_scenario, publish_scenario, put_in_force
from redway.web.funding.schools_tables import keep_schools
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, Rank, School

AUTHORITY, NEIGHBOUR = "826", "822"
SCHOOL, OTHER_SCHOOL, CANAL = "110532", "110517", "110001"
YEAR, LAST_YEAR = "2025-26", "2024-25"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEADINGS = [
    *("urn", "name", "phase", "status", "locality", "pupils primary", "pupils ks3", "pupils ks4"),
    *("fsm secondary", "fsm6 secondary", "rates", "baseline budget", "baseline pupils", "baseline rates"),
]
NAMES = {SCHOOL: "Grand Union School", OTHER_SCHOOL: "Ouse Valley School", CANAL: "Canal School"}
_ROWS = {
    urn: cells.split()
    for urn, cells in {
        SCHOOL: "secondary maintained North 0 540 360 100 100 30000 6400000 900 30000",
        OTHER_SCHOOL: "secondary academy South 0 300 200 50 250 6000 3100000 500 6000",
        CANAL: "primary maintained North 210 0 0 0 0 8000 900000 210 8000",
    }.items()
}
"""2025-26 by URN. Grand Union School is on its guarantee, for its budget a pupil of last year was high."""


def register() -> None:
    """The authority and its three schools."""
    for number, name in ((AUTHORITY, "Milton Keynes"), (NEIGHBOUR, "Bedford")):
        Authority.objects.get_or_create(number=number, defaults={"name": name})
    for urn, name in NAMES.items():
        school, made = School.objects.get_or_create(
            key=urn,
            defaults={
                "current_urn": urn,
                "name": name,
                "sort_name": name.lower(),
                "authority": AUTHORITY,
                "authority_name": "Milton Keynes",
                "rank": Rank.OPEN,
                "easting": 485000,
                "northing": 237000,
            },
        )
        if made:
            Establishment.objects.create(urn=urn, school=school, name=name, authority=AUTHORITY)


def rows(changed: dict[str, dict[str, str]] | None = None) -> list[TextRow]:
    """The rows of the file, with cells changed by URN and heading."""
    found = []
    for number, (urn, cells) in enumerate(_ROWS.items(), 2):
        row = dict(zip(HEADINGS, (urn, NAMES[urn], *cells), strict=True))
        found.append(TextRow(number, {**row, **(changed or {}).get(urn, {})}))
    return found


def schools(changed: dict[str, dict[str, str]] | None = None) -> Schools:
    return schools_from_rows(HEADINGS, rows(changed), "schools.csv")


def table(year: str = YEAR, authority: str = AUTHORITY, changed: Any = None) -> None:
    """The newest table of schools of a year."""
    keep_schools(
        actor=None, authority=authority, year=year, schools=schools(changed), file="schools.csv", now=NOW
    )


def scenario(
    name: str,
    changes: dict[str, str] | None = None,
    rules: Rules | None = None,
    *,
    year: str = YEAR,
    authority: str = AUTHORITY,
    actor: Person | None = None,
) -> Scenario:
    typed = {rate: Decimal(value) for rate, value in (changes or {}).items()}
    return make_scenario(
        actor=actor,
        authority=authority,
        year=year,
        name=name,
        content=Content(typed, rules or Rules(guarantee=Decimal(0))),
        now=NOW,
    )


def in_force(made: Scenario) -> Scenario:
    return put_in_force(actor=None, scenario=made, revision=made.revision, now=NOW)


def published(made: Scenario) -> Scenario:
    return publish_scenario(actor=None, scenario=made, revision=made.revision, now=NOW)


def money(pounds: int = 12_000_000) -> None:
    set_down_block(
        actor=None,
        authority=AUTHORITY,
        year=YEAR,
        revision=0,
        block=SchoolsBlock(Money.of(pounds)),
        now=NOW,
    )


def formula() -> tuple[Scenario, Scenario]:
    """The formula in force, and a draft that pays £50 more for each primary pupil."""
    register()
    table()
    money()
    current = in_force(scenario("Formula 2025-26"))
    return current, scenario("More for primary", {"basic_entitlement_primary": "3897.00"})


def formula_of_everything() -> dict[str, str]:
    """What addresses lead to, here and at a neighbour's."""
    current, draft = formula()
    table(authority=NEIGHBOUR)
    return {
        "formula": str(current.pk),
        "scenario": str(draft.pk),
        "scenario_elsewhere": str(scenario("Elsewhere", authority=NEIGHBOUR).pk),
    }
