"""The made-up country with three cohorts at key stage 4, whose schools add what is said here."""

from __future__ import annotations

from pathlib import Path

import pytest

from redway.core.home import Home
from web.attainment.pupils import Cohort, bring_in, results_ks4
from web.pages import ACADEMY, CONVERTED, import_country

YEARS = ("2013-14", "2014-15", "2015-16")
"""Grand Union School converted on 31 August 2015: its last cohort came under the academy's number."""
ADDS = {CONVERTED: 6.0, "100001": -5.0, "100002": 0.0, "100003": 1.0, "100004": 0.0, "100005": -2.0}
"""School -> what it truly adds each year, in points of Attainment 8; together nothing."""
SMALL, NEXT_SMALLEST = "100006", "100007"
"""A school of four pupils; and one of nine, which could be worked out were it the only one left out."""


def schools_in(year: str) -> dict[str, Cohort]:
    """The cohorts of the authority's schools in a year, by the number each school had then."""
    found = {urn: Cohort(60, adds) for urn, adds in ADDS.items()}
    found["100001"] = Cohort(60, ADDS["100001"], without_prior=8)
    found["100002"] = Cohort(60, ADDS["100002"], without_prior=2)
    found |= {SMALL: Cohort(4, 2.0), NEXT_SMALLEST: Cohort(9, 2.0)}
    if year == "2015-16":
        found[ACADEMY] = found.pop(CONVERTED)
    return found


@pytest.fixture
def cohorts(home: Home, tmp_path: Path) -> None:
    """The country and its three cohorts."""
    import_country(tmp_path / "files")
    folder = tmp_path / "pupils"
    folder.mkdir()
    bring_in(*(results_ks4(folder, year, schools_in(year), seed=at) for at, year in enumerate(YEARS)))
