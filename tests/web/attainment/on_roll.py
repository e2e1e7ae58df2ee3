"""Made-up pupils on roll in year 11 and their termly assessments, for page tests.

A pupil stands where the test puts them: ``Child`` says how far from the expected path the assessments lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indicators import made_up

YEAR = "2016-17"
"""The year after the newest results of the made-up country."""
FAR_ABOVE, ON_PATH, FAR_BELOW = 25.0, 0.0, -25.0
"""Points of Attainment 8: so far from the path that the standing is beyond doubt."""
EXPECTED_AT_104 = 46.0
"""What results_ks4 makes of prior attainment 104; a girl reaches it, a boy 3 points less."""


@dataclass(frozen=True)
class Child:
    """One pupil. ``distances`` are those of the autumn and the spring term; None where not assessed."""

    number: str
    urn: str
    distances: Sequence[float | None] = (ON_PATH, ON_PATH)
    prior: str = "104"
    surname: str = "Example"
    forename: str = ""
    others: dict[str, str] = field(default_factory=dict)
    """Column -> cell: 'free_school_meals' -> 'yes'."""


_COLUMNS = {
    "gender": "F",
    "free_school_meals": "no",
    "special_needs": "none",
    "english_additional_language": "no",
    "ethnicity": "white",
    "in_care": "no",
    "joined_late": "no",
    "month_of_birth": "6",
}


def on_roll(
    folder: Path,
    children: Iterable[Child],
    year: str = YEAR,
    authority: str = "",
    *,
    made_up_pupils: bool = False,
) -> list[Path]:
    """The two files. ``authority`` puts its number into every row, for a register that was not imported."""
    more = {"LA": authority} if authority else {}
    more |= {"Made up for demonstration": "yes"} if made_up_pupils else {}
    names = ["Academic year", "pupil", "surname", "forename", "urn", "year_group"]
    header = [*names, *(_HEADINGS.get(name, name) for name in _COLUMNS), "KS2 average scaled score", *more]
    pupils, assessments = [",".join(header)], [",".join([*_ASSESSED, *more])]
    for child in children:
        cells = [child.others.get(name, usual) for name, usual in _COLUMNS.items()]
        name = [child.surname, child.forename or f"Child {child.number}"]
        pupils.append(
            ",".join([year, child.number, *name, child.urn, "11", *cells, child.prior, *more.values()])
        )
        for term, left, distance in zip(("autumn", "spring"), (2, 1), child.distances, strict=True):
            if distance is not None:
                value = EXPECTED_AT_104 - 1.6 * left + distance
                row = [year, child.number, child.urn, "11", term, "attainment8", f"{value:.1f}"]
                assessments.append(",".join([*row, *more.values()]))
    return [
        made_up.write(folder / f"pupils-{year}.csv", pupils),
        made_up.write(folder / f"assessments-{year}.csv", assessments),
    ]


_HEADINGS = {"month_of_birth": "Month of birth from September"}
_ASSESSED = ("Academic year", "pupil", "urn", "year_group", "term", "subject", "assessment")


def several(count: int, urn: str, start: int = 0, **of: object) -> list[Child]:
    """So many pupils alike, numbered from ``start``."""
    return [Child(f"P{urn}-{at:03d}", urn, **of) for at in range(start, start + count)]  # type: ignore[arg-type]
