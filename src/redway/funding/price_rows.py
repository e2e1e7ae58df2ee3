"""A price list as a table: a row for each service, a column for each phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redway.core.money import NOTHING
from redway.datasets.checked_rows import Cells, TableRefused, heading_problems
from redway.datasets.text_rows import TextRow
from redway.funding.services import PHASES, Basis, Phase, Service, catalogue_problems

NEEDED: Mapping[str, str] = {
    "code": "a short code that stays the same from year to year, such as HS",
    "service": "the name of the service",
    "priced by": "pupil, school or day",
    "in package": "yes when it belongs to the whole standard package, else no",
}
ALSO: Mapping[str, str] = {
    **{phase.value: f"its price for {phase.value} schools; empty where not offered" for phase in PHASES},
    "catering": "yes for catering, whose terms may be longer",
    "cost": "what it costs the authority in the year",
    "delegated a school": "what the formula gives a school for it",
    "delegated a pupil": "what the formula gives a pupil for it",
}
_YES = ("yes", "no")
_LONGEST = {"code": 12, "service": 120}


def read_price_list(headings: Sequence[str], rows: Sequence[TextRow]) -> list[Service]:
    """Every service of a price list. Raises TableRefused naming everything that is wrong."""
    problems = heading_problems(headings, NEEDED, ALSO)
    found: list[Service] = []
    for row in () if problems else rows:
        cells = Cells(row)
        service = _service(cells)
        problems += cells.problems
        found.append(service)
    if not problems:
        problems += catalogue_problems(found)
    if not rows and not problems:
        problems.append("There is no service below the headings.")
    if problems:
        raise TableRefused(problems)
    return found


def _service(cells: Cells) -> Service:
    prices = {phase: cells.money(phase.value, needed=False) for phase in Phase}
    for column, longest in _LONGEST.items():
        if len(cells.text(column, needed=True)) > longest:
            cells.wrong(column, f"is longer than {longest} characters", cells.text(column))
    basis = cells.one_of("priced by", [one.value for one in Basis])
    return Service(
        code=cells.text("code").upper(),
        name=cells.text("service"),
        basis=Basis(basis or Basis.SCHOOL.value),
        prices={phase: price for phase, price in prices.items() if price is not None},
        standard=cells.one_of("in package", _YES) == "yes",
        catering=cells.text("catering").lower() == "yes",
        cost=cells.money("cost", needed=False),
        delegated_per_school=cells.money("delegated a school", needed=False) or NOTHING,
        delegated_per_pupil=cells.money("delegated a pupil", needed=False) or NOTHING,
    )
