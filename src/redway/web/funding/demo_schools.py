"""Made-up rolls, needs and premises of the demo's real schools. The same list gives the same numbers.

Pure: what the register says of the schools comes in, a table of schools goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from redway.funding.rounding import Whole
from redway.funding.schools import Baseline, Flags, Phase, Schools, SchoolStatus, Units

Shares = npt.NDArray[np.float64]
SEED = 826
_BANDS = {"a": 0.01, "b": 0.03, "c": 0.04, "d": 0.05, "e": 0.09, "f": 0.10}
"""Mean share of pupils in each deprivation band."""
_NEEDS = {"fsm": 0.21, "fsm6": 0.235, "low_prior_attainment": 0.29, "eal": 0.07, "mobility": 0.055}
"""Mean share of the other needs; those of deprivation go together."""
_DEPRIVED = frozenset({"fsm", "fsm6", "low_prior_attainment"})


@dataclass(frozen=True)
class Known:
    """What the register says of a school. ``pupils`` is 0 where it says nothing."""

    urn: str
    name: str
    phase: Phase
    status: SchoolStatus
    locality: str
    pupils: int
    youngest: int
    oldest: int


def made_up_schools(known: Sequence[Known], year: int, falls: Mapping[str, tuple[int, int]]) -> Schools:
    """The schools of a year: 0 for the first, 1 for the next, when rolls have moved and costs have risen.

    ``falls`` gives pupils of key stages 3 and 4 in the later year for schools that are to fall.
    """
    random = np.random.default_rng(SEED)
    count = len(known)
    rolls = _rolls(known, random)
    later = _moved(known, rolls, random)
    if year:
        rolls = later
        for row, one in enumerate(known):
            if one.urn in falls:
                rolls["ks3"][row], rolls["ks4"][row] = falls[one.urn]
    deprived = random.gamma(2.2, 1 / 2.2, count)
    needs = _needs(rolls, deprived, np.random.default_rng(SEED + 1))
    pupils = rolls["primary"] + rolls["ks3"] + rolls["ks4"]
    rates = (pupils * 3_900 + 900_000) * (103 if year else 100) // 100
    private = np.where(random.random(count) < 0.04, 31_000_000, 0)
    return Schools(
        urn=tuple(one.urn for one in known),
        name=tuple(one.name for one in known),
        phase=tuple(one.phase for one in known),
        status=tuple(one.status for one in known),
        locality=tuple(one.locality for one in known),
        pupils_primary=rolls["primary"],
        pupils_ks3=rolls["ks3"],
        pupils_ks4=rolls["ks4"],
        needs=needs,
        miles=_miles(known, np.random.default_rng(SEED + 2)),
        year_groups=np.array([max(1, min(one.oldest, 16) - max(one.youngest, 4)) for one in known]),
        sites=np.where(np.arange(count) == _split(known), 1, 0),
        premises={
            "rates": np.where(_academies(known), rates // 5, rates),
            "pfi": private.astype(np.int64),
            "exceptional": np.zeros(count, dtype=np.int64),
        },
        growing=np.array([one.pupils == 0 for one in known], dtype=np.bool_),
    )


def with_baseline(
    schools: Schools, totals: Whole, last: Schools, grants: Whole, without: Sequence[str]
) -> Schools:
    """The schools with last year's budgets beside them; those in ``without`` are new and have none."""
    known = np.array([urn not in without for urn in schools.urn], dtype=np.bool_)

    def kept(column: Whole) -> Whole:
        return np.where(known, column, 0)

    baseline = Baseline(
        budget=kept(totals),
        pupils=kept(last.pupils),
        rates=kept(last.premises["rates"]),
        exclusions=schools.nothing(),
        grants=kept(grants),
        known=known,
    )
    reasons = tuple("" if is_known else "Opened last September" for is_known in known)
    return replace(schools, baseline=baseline, no_baseline_because=reasons)


def varied(schools: Schools, lowest: float, highest: float, salt: int) -> Whole:
    """A factor for each school in hundred-thousandths, made up."""
    random = np.random.default_rng(SEED + salt)
    drawn: Whole = (random.uniform(lowest, highest, len(schools)) * 100_000).astype(np.int64)
    return drawn


def _rolls(known: Sequence[Known], random: np.random.Generator) -> dict[str, Whole]:
    """Pupils from reception to year 11, spread evenly over the ages a school takes."""
    rolls = {roll: np.zeros(len(known), dtype=np.int64) for roll in ("primary", "ks3", "ks4")}
    for row, one in enumerate(known):
        pupils = one.pupils or (900 if one.phase is Phase.SECONDARY else 240)
        youngest, oldest = max(one.youngest, 4), max(min(one.oldest, 19), 5)
        a_year = pupils * random.uniform(0.97, 1.03) / max(oldest - youngest, 1)
        rolls["primary"][row] = round(a_year * max(0, min(oldest, 11) - youngest))
        rolls["ks3"][row] = round(a_year * max(0, min(oldest, 14) - max(youngest, 11)))
        rolls["ks4"][row] = round(a_year * max(0, min(oldest, 16) - max(youngest, 14)))
    return rolls


def _moved(
    known: Sequence[Known], rolls: Mapping[str, Whole], random: np.random.Generator
) -> dict[str, Whole]:
    """The rolls a year later: primary schools fall a little, secondary schools still grow."""
    return {
        roll: np.rint(
            column * random.normal(0.988 if roll == "primary" else 1.012, 0.018, len(known))
        ).astype(np.int64)
        for roll, column in rolls.items()
    }


def _needs(rolls: Mapping[str, Whole], deprived: Shares, random: np.random.Generator) -> dict[str, Units]:
    needs: dict[str, Units] = {}
    for roll, column in (("primary", rolls["primary"]), ("secondary", rolls["ks3"] + rolls["ks4"])):
        for band, mean in _BANDS.items():
            share = np.clip(mean * deprived * random.uniform(0.6, 1.4, len(column)), 0, 0.16)
            needs[f"idaci_{band}_{roll}"] = _counted(share, column)
        for stem, mean in _NEEDS.items():
            weight = deprived if stem in _DEPRIVED else random.gamma(1.5, 1 / 1.5, len(column))
            share = np.clip(mean * (0.35 + 0.65 * weight), 0, 0.85)
            needs[f"{stem}_{roll}"] = _counted(share, column)
    return needs


def _counted(share: Shares, roll: Whole) -> Units:
    """A share of the roll in whole pupils."""
    return Units.counted(np.rint(share * roll).astype(np.int64))


def _miles(known: Sequence[Known], random: np.random.Generator) -> Whole:
    """A few small primary schools lie far from the next; the rest are not sparse."""
    small = np.array([one.phase is Phase.PRIMARY and 0 < one.pupils < 110 for one in known])
    miles: Whole = np.where(small, random.integers(1_500, 3_200, len(known)), 0)
    return miles


def _split(known: Sequence[Known]) -> int:
    """The first all-through school stands on two sites."""
    return next((row for row, one in enumerate(known) if one.phase is Phase.ALL_THROUGH), 0)


def _academies(known: Sequence[Known]) -> Flags:
    return np.array([one.status is SchoolStatus.ACADEMY for one in known])
