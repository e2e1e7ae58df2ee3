"""Made-up schools for tests: one by hand, or many from a seed, in columns and as plain numbers.

Seeded: the same seed gives the same schools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st

from funding.plain_fractions import PlainSchool
from redway.funding.factors import ADDITIONAL_NEEDS, BANDS
from redway.funding.rounding import PARTS, Whole
from redway.funding.schools import Baseline, Phase, Schools, SchoolStatus, Units


def whole(*values: int) -> Whole:
    return np.array(values, dtype=np.int64)


def school(**columns: Any) -> Schools:
    """One primary school of 210 pupils, unless told otherwise; single numbers stand for columns of one."""
    held: dict[str, Any] = {
        "urn": ("100001",),
        "name": ("Made-up School",),
        "phase": (Phase.PRIMARY,),
        "status": (SchoolStatus.MAINTAINED,),
        "locality": ("",),
        "pupils_primary": 210,
        "pupils_ks3": 0,
        "pupils_ks4": 0,
        **columns,
    }
    return Schools(
        **{name: whole(value) if isinstance(value, int) else value for name, value in held.items()}
    )


def one_school(
    phase: Phase = Phase.PRIMARY,
    *,
    primary: int = 0,
    ks3: int = 0,
    ks4: int = 0,
    counts: Mapping[str, int] | None = None,
    shares: Mapping[str, str] | None = None,
    urn: str = "110500",
    baseline: tuple[str, int, str] | None = None,
    status: SchoolStatus = SchoolStatus.MAINTAINED,
    **columns: object,
) -> Schools:
    """One school. ``baseline`` is last year's budget, pupils and rates, in pounds."""
    roll = {"primary": primary, "secondary": ks3 + ks4}
    needs = {name: Units.counted(whole(count)) for name, count in (counts or {}).items()}
    for name, share in (shares or {}).items():
        parts = int((Decimal(share) * PARTS).to_integral_value(rounding="ROUND_HALF_UP"))
        needs[name] = Units.shared(whole(parts), whole(roll[name.rsplit("_", 1)[1]]))
    if baseline is not None:
        budget, pupils, rates = baseline
        columns["baseline"] = Baseline(
            whole(pence(budget)), whole(pupils), whole(pence(rates)), whole(0), whole(0), np.array([True])
        )
    return Schools(
        (urn,),
        ("A school",),
        (phase,),
        (status,),
        ("Town",),
        whole(primary),
        whole(ks3),
        whole(ks4),
        needs,
        **columns,  # type: ignore[arg-type]
    )


def pence(pounds: str) -> int:
    return int(Decimal(pounds) * 100)


def many_schools(count: int, seed: int) -> tuple[Schools, list[PlainSchool]]:
    """The same made-up schools twice: in columns, and one by one for the plain calculation.

    Some factors are counts and some are shares of ten decimals; rolls, premises and last year's budgets are
    such that some schools are protected, some capped, some at the minimum level and some new.
    """
    random = np.random.default_rng(seed)
    phases, primary, ks3, ks4 = _rolls(random, count)
    roll = {"primary": primary, "secondary": ks3 + ks4}
    need = random.random(count) ** 3
    needs: dict[str, Units] = {}
    for place, factor in enumerate(ADDITIONAL_NEEDS):
        pupils, share = roll[factor.pupils], random.random(count) * 0.4 * need
        if place % 3 == 0:
            needs[factor.name] = Units.counted((share * pupils).astype(np.int64))
        else:
            needs[factor.name] = Units.shared((share * PARTS).astype(np.int64), pupils)
    pupils = primary + ks3 + ks4
    pupils_then = np.maximum(pupils + random.integers(-25, 25, count), 1)
    known = random.random(count) > 0.05
    sites = random.integers(0, 3, count)
    premises = {name: random.integers(0, 12_000_000, count) for name in ("rates", "pfi", "exceptional")}
    baseline = Baseline(
        budget=pupils_then * random.integers(460_000, 760_000, count) + 14_510_000,
        pupils=np.where(known, pupils_then, 0),
        rates=random.integers(0, 9_000_000, count),
        exclusions=random.integers(0, 500_000, count),
        grants=random.integers(0, 9_000_000, count),
        known=known,
    )
    schools = Schools(
        urn=tuple(str(100_000 + row) for row in range(count)),
        name=tuple(f"School {row}" for row in range(count)),
        phase=phases,
        status=tuple(
            SchoolStatus.ACADEMY if academy else SchoolStatus.MAINTAINED
            for academy in random.random(count) < 0.5
        ),
        locality=tuple(("North", "South")[row % 2] for row in range(count)),
        pupils_primary=primary,
        pupils_ks3=ks3,
        pupils_ks4=ks4,
        needs=needs,
        miles=random.integers(0, 4_500, count),
        year_groups=random.integers(3, 13, count),
        sites=sites,
        distant_sites=Units(*np.divmod(sites * random.integers(0, PARTS, count), PARTS)),
        premises=premises,
        baseline=baseline,
        exclusions=random.integers(0, 400_000, count),
        growing=random.random(count) < 0.03,
    )
    return schools, plain(schools)


def made_up(seed: int, count: int, *, without_baseline: int = 0) -> Schools:
    """Schools of all phases with needs as shares of pupils, and budgets of last year near to this year's."""
    random = np.random.default_rng(seed)
    phases, primary, ks3, ks4 = _rolls(random, count)
    needs = {
        factor.name: Units.shared(
            random.integers(0, _most(factor.name), count),
            primary if factor.pupils == "primary" else ks3 + ks4,
        )
        for factor in ADDITIONAL_NEEDS
    }
    premises = {name: random.integers(0, 8_000_000, count) for name in ("rates", "pfi", "exceptional")}
    last = np.maximum(primary + ks3 + ks4 + random.integers(-25, 25, count), 1)
    unit = np.where(ks4 > 0, 660_000, 500_000) + random.integers(-40_000, 90_000, count)
    known = np.arange(count) >= without_baseline
    return Schools(
        urn=tuple(str(100_000 + row) for row in range(count)),
        name=tuple(f"Made-up School {row}" for row in range(count)),
        phase=phases,
        status=tuple(
            SchoolStatus.ACADEMY if row % 3 == 0 else SchoolStatus.MAINTAINED for row in range(count)
        ),
        locality=tuple(("North", "South", "Town")[row % 3] for row in range(count)),
        pupils_primary=primary,
        pupils_ks3=ks3,
        pupils_ks4=ks4,
        needs=needs,
        miles=np.where(random.random(count) < 0.15, random.integers(1_500, 4_000, count), -1),
        year_groups=np.full(count, 7),
        sites=(random.random(count) < 0.05).astype(np.int64),
        premises=premises,
        baseline=Baseline(
            budget=np.where(known, last * unit + 14_510_000, 0),
            pupils=np.where(known, last, 0),
            rates=premises["rates"],
            exclusions=np.zeros(count, np.int64),
            grants=np.zeros(count, np.int64),
            known=known,
        ),
        growing=random.random(count) < 0.03,
        no_baseline_because=tuple("" if held else "Opens in September" for held in known),
    )


def _rolls(random: np.random.Generator, count: int) -> tuple[tuple[Phase, ...], Whole, Whole, Whole]:
    """Phases, half of them primary, and the rolls that go with them."""
    phases = tuple(tuple(Phase)[place] for place in random.choice([0, 0, 0, 0, 1, 1, 2, 3], count))
    has_primary = np.array([phase is not Phase.SECONDARY for phase in phases])
    has_ks3 = np.array([phase is not Phase.PRIMARY for phase in phases])
    has_ks4 = np.array([phase in (Phase.SECONDARY, Phase.ALL_THROUGH) for phase in phases])
    primary = np.where(has_primary, random.integers(20, 650, count), 0)
    ks3 = np.where(has_ks3, random.integers(90, 900, count), 0)
    ks4 = np.where(has_ks4, random.integers(60, 600, count), 0)
    return phases, primary, ks3, ks4


def _most(factor: str) -> int:
    """The largest share: bands of one index add to no more than the roll."""
    share = 2 * len(BANDS) if factor.startswith("idaci") else 3
    return PARTS // share


def plain(schools: Schools) -> list[PlainSchool]:
    """Schools in columns as plain numbers, one by one."""
    return [_plain_school(schools, row) for row in range(len(schools))]


def _plain_school(schools: Schools, row: int) -> PlainSchool:
    def pounds(column: Sequence[int] | Whole) -> Decimal:
        return Decimal(int(column[row])) / 100

    held = schools.baseline
    return PlainSchool(
        phase=schools.phase[row].value,
        primary=int(schools.pupils_primary[row]),
        ks3=int(schools.pupils_ks3[row]),
        ks4=int(schools.pupils_ks4[row]),
        needs={name: units.of(row) for name, units in schools.needs.items()},
        miles=None if schools.miles is None else Decimal(int(schools.miles[row])) / 1000,
        year_groups=7 if schools.year_groups is None else int(schools.year_groups[row]),
        sites=0 if schools.sites is None else int(schools.sites[row]),
        distant=Decimal(0) if schools.distant_sites is None else schools.distant_sites.of(row),
        premises={name: pounds(column) for name, column in schools.premises.items()},
        baseline=None
        if held is None or not held.known[row]
        else (
            pounds(held.budget),
            int(held.pupils[row]),
            pounds(held.rates),
            pounds(held.exclusions),
            pounds(held.grants),
        ),
        exclusions=Decimal(0) if schools.exclusions is None else pounds(schools.exclusions),
        growing=bool(schools.growing[row]) if schools.growing is not None else False,
    )


schools = st.builds(
    made_up, st.integers(0, 2**32 - 1), st.integers(2, 12), without_baseline=st.integers(0, 1)
)
"""A few made-up schools; the first of them may be new."""
