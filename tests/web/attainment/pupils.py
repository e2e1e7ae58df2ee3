"""Made-up cohorts for page tests: pupils of the made-up country whose schools add what the test says.

Every pupil's outcome is what follows from prior attainment and gender, what the school adds, and chance. So a
test knows the truth, and a page must find it within its range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indicators import made_up
from redway.web.datasets.services import import_files

FOR_A_POINT = 1.0
"""Points of Attainment 8 that go with a point of prior attainment."""
FOR_BOYS = -3.0
CHANCE = 6.0
"""Spread between pupils of one school."""


@dataclass(frozen=True)
class Cohort:
    """The pupils of one school in one year, and what the school truly adds."""

    pupils: int
    adds: float = 0.0
    without_prior: int = 0
    """So many of them have no prior attainment."""


def results_ks4(
    folder: Path,
    year: str,
    schools: Mapping[str, Cohort],
    *,
    seed: int = 826,
    made_up_pupils: bool = False,
    authority: str = "",
) -> Path:
    """A file of results at key stage 4: URN -> cohort. The same seed gives the same pupils.

    ``authority`` puts its number into every row, for a register that was not imported.
    """
    header = "Academic year,Pupil identifier,URN,Gender,FSM,Month of birth from September,Prior,Attainment 8"
    header = header.replace("Prior", "KS2 average scaled score")
    more = {"Made up for demonstration": "yes" if made_up_pupils else "", "LA": authority}
    held = {name: value for name, value in more.items() if value}
    lines = [",".join([header, *held])]
    for row in _rows(year, schools, np.random.default_rng(seed)):
        lines.append(",".join([*row, *held.values()]))
    return made_up.write(folder / f"results-ks4-{year}.csv", lines)


def _rows(year: str, schools: Mapping[str, Cohort], rng: np.random.Generator) -> Iterator[list[str]]:
    for urn, cohort in schools.items():
        for at in range(cohort.pupils):
            prior, boy = round(min(float(rng.normal(104, 6)), 120.0), 1), bool(at % 2)
            outcome = 46 + FOR_A_POINT * (prior - 104) + FOR_BOYS * boy + cohort.adds + rng.normal(0, CHANCE)
            yield [
                year,
                f"{year}-{urn}-{at:03d}",
                urn,
                "M" if boy else "F",
                "yes" if at % 5 == 0 else "no",
                str(at % 12 + 1),
                "" if at < cohort.without_prior else str(prior),
                f"{min(max(outcome, 0), 90):.2f}",
            ]


def bring_in(*files: Path) -> None:
    """Import files as a data officer would; they must all be taken."""
    done = import_files(list(files), actor=None, who="test", accept=True)
    left = [report for report in done.reports if report.outcome.value != "committed"]
    assert not left, [(report.path, report.outcome, report.reasons) for report in left]
