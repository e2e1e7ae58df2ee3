"""Made-up cases that are over: the half-year of 2007 that the statistics page shows, and the last years.

The 46 cases of July to December 2007 add up to published half-year tables by sector and by category.
"""

from __future__ import annotations

from datetime import date, timedelta

from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.spreadsheet import PastCase
from redway.allegations.strands import Strand

_SECTORS_OF_2007 = ((Sector.EDUCATION, 13), (Sector.SECURE, 21), (Sector.FOSTER_CARERS, 7), (Sector.OTHER, 5))
_CATEGORIES_OF_2007 = ((Category.PHYSICAL, 33), (Category.SEXUAL, 10), (Category.OTHER, 3))
_SOURCES = ("employer", "social care", "school", "police", "Ofsted", "parent or carer")
_OUTCOMES = (Outcome.UNSUBSTANTIATED, Outcome.SUBSTANTIATED, Outcome.UNFOUNDED)


def half_year_of_2007() -> list[PastCase]:
    """46 cases, spread over the half-year; sector and category do not go hand in hand."""
    sectors = [sector for sector, count in _SECTORS_OF_2007 for _ in range(count)]
    categories = [category for category, count in _CATEGORIES_OF_2007 for _ in range(count)]
    count = len(sectors)
    return [
        _past(
            at, sectors[at], categories[at * 7 % count], date(2007, 7, 2) + timedelta(days=at * 182 // count)
        )
        for at in range(count)
    ]


def _past(at: int, sector: Sector, category: Category, referred: date) -> PastCase:
    closed = referred + timedelta(days=(12, 25, 40, 75, 130, 20, 27)[at % 7])
    return PastCase(
        sector=sector,
        referred_on=referred,
        known_on=referred,
        category=category,
        source=_SOURCES[at % len(_SOURCES)],
        met_threshold=True,
        evaluated_on=referred,
        meeting_on=referred + timedelta(days=2 + at % 6) if at % 3 else None,
        strands=(Strand.SOCIAL_CARE, Strand.CRIMINAL, Strand.EMPLOYER)[at % 2 : 3 - at % 3 // 2],
        suspended_on=referred + timedelta(days=1) if at % 5 == 0 else None,
        outcome=_OUTCOMES[at % len(_OUTCOMES)],
        outcome_on=closed,
        closed_on=closed,
    )


_SECTORS_NOW = (
    Sector.EDUCATION,
    Sector.EARLY_YEARS,
    Sector.EDUCATION,
    Sector.FOSTER_CARERS,
    Sector.SECURE,
    Sector.EDUCATION,
    Sector.SPORT,
    Sector.TRANSPORT,
    Sector.EARLY_YEARS,
    Sector.HEALTH,
    Sector.VOLUNTARY,
)
_CATEGORIES_NOW = (
    Category.PHYSICAL,
    Category.OTHER,
    Category.PHYSICAL,
    Category.SEXUAL,
    Category.EMOTIONAL,
    Category.OTHER,
    Category.NEGLECT,
)
_OUTCOMES_NOW = (*_OUTCOMES, Outcome.UNSUBSTANTIATED, Outcome.FALSE)
_FIRST_NAMES = (
    "Alma",
    "Bruno",
    "Clara",
    "Dorian",
    "Edda",
    "Felix",
    "Greta",
    "Hugo",
    "Ilse",
    "Jonas",
    "Karin",
)
_LAST_NAMES = ("Alder", "Beck", "Cote", "Dale", "Eyre", "Fold", "Gill")
_EVERY = 11
"""Days from one referral to the next."""
_STILL_YOUNG = 100
"""Days back from today within which a case would not be over: those are told as today's caseload."""


def last_years(today: date) -> list[PastCase]:
    """Cases of the last whole financial year and of this one that are over: the older, the first."""
    first = date(today.year - (1 if today.month >= 4 else 2), 4, 3)
    days = range(0, (today - first).days - _STILL_YOUNG, _EVERY)
    return [_of_last_years(at, first + timedelta(days=after), today) for at, after in enumerate(days)]


def _of_last_years(at: int, referred: date, today: date) -> PastCase:
    closed = min(referred + timedelta(days=(18, 27, 44, 61, 95, 140, 24, 30)[at % 8]), today)
    outcome = _OUTCOMES_NOW[at % len(_OUTCOMES_NOW)]
    substantiated = outcome is Outcome.SUBSTANTIATED
    return PastCase(
        name=f"{_FIRST_NAMES[at % len(_FIRST_NAMES)]} {_LAST_NAMES[at % len(_LAST_NAMES)]}",
        born=date(1962 + at * 7 % 38, 1 + at % 12, 1 + at % 28),
        sector=_SECTORS_NOW[at % len(_SECTORS_NOW)],
        category=_CATEGORIES_NOW[at % len(_CATEGORIES_NOW)],
        source=_SOURCES[at % len(_SOURCES)],
        referred_on=referred,
        known_on=referred - timedelta(days=at % 2),
        met_threshold=True,
        evaluated_on=referred + timedelta(days=1),
        meeting_on=referred + timedelta(days=3 + at % 5) if at % 4 else None,
        strands=((Strand.EMPLOYER,), (Strand.SOCIAL_CARE, Strand.EMPLOYER), tuple(Strand))[at % 3],
        suspended_on=referred + timedelta(days=2) if at % 4 == 1 else None,
        referred_on_to=("DBS",) if substantiated else (),
        outcome=outcome,
        outcome_on=closed,
        closed_on=closed,
    )
