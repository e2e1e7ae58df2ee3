"""Tables of what schools are judged by for a growth or a falling-rolls fund: a row a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redway.datasets.checked_rows import Cells, TableRefused, heading_problems
from redway.datasets.text_rows import TextRow
from redway.funding.growth import Claim

_ROLLS = {
    "urn": "the school's unique reference number",
    "before": "pupils on roll before",
    "after": "pupils on roll after",
}
GROWTH_COLUMNS: Mapping[str, str] = {
    **_ROLLS,
    "asked for": "yes where the authority asked the school to take more pupils, else no",
}
FALLING_COLUMNS: Mapping[str, str] = {
    **_ROLLS,
    "needed again": "yes where planning data show that the places will be needed in three to five years",
}
_YES, _NO = "yes", "no"


def read_growth_claims(headings: Sequence[str], rows: Sequence[TextRow]) -> list[Claim]:
    """Every row of a table of growth; the key of a claim is its URN. Raises TableRefused."""
    return _read(headings, rows, GROWTH_COLUMNS, "asked for")


def read_falling_claims(headings: Sequence[str], rows: Sequence[TextRow]) -> list[Claim]:
    """Every row of a table of falling rolls; the key of a claim is its URN. Raises TableRefused."""
    return _read(headings, rows, FALLING_COLUMNS, "needed again")


def _read(
    headings: Sequence[str], rows: Sequence[TextRow], columns: Mapping[str, str], flag: str
) -> list[Claim]:
    problems = heading_problems(headings, columns, {})
    found: list[Claim] = []
    for row in () if problems else rows:
        cells = Cells(row)
        urn, said = cells.urn("urn"), cells.one_of(flag, (_YES, _NO))
        before, after = cells.whole("before"), cells.whole("after")
        if urn and any(one.school == urn for one in found):
            cells.wrong("urn", "is there twice: leave one of the rows out", urn)
        problems += cells.problems
        if before is None or after is None or cells.problems:
            continue
        yes = said == _YES
        found.append(
            Claim(
                urn,
                before,
                after,
                asked_for=yes and flag == "asked for",
                needed_again=yes and flag == "needed again",
            )
        )
    if not rows and not problems:
        problems.append("There is no row below the headings.")
    if problems:
        raise TableRefused(problems)
    return found
