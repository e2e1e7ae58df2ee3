"""Made-up schools for tests of what must always hold. Seeded: the same seed gives the same schools."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from redway.funding.factors import ADDITIONAL_NEEDS, BANDS
from redway.funding.rounding import PARTS
from redway.funding.schools import Baseline, Phase, Schools, SchoolStatus, Units


def column(*numbers: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


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
        **{name: column(value) if isinstance(value, int) else value for name, value in held.items()}
    )


def made_up(seed: int, count: int, *, without_baseline: int = 0) -> Schools:
    """Schools of all phases with needs as shares of pupils, and budgets of last year near to this year's."""
    rng = np.random.default_rng(seed)
    phases = [tuple(Phase)[place] for place in rng.choice([0, 0, 0, 0, 1, 1, 2, 3], count)]
    has_primary = np.array([phase is not Phase.SECONDARY for phase in phases])
    has_ks3 = np.array([phase is not Phase.PRIMARY for phase in phases])
    has_ks4 = np.array([phase in (Phase.SECONDARY, Phase.ALL_THROUGH) for phase in phases])
    primary = np.where(has_primary, rng.integers(40, 640, count), 0)
    ks3 = np.where(has_ks3, rng.integers(90, 800, count), 0)
    ks4 = np.where(has_ks4, rng.integers(60, 500, count), 0)
    needs = {
        factor.name: Units.shared(
            rng.integers(0, _most(factor.name), count), primary if factor.pupils == "primary" else ks3 + ks4
        )
        for factor in ADDITIONAL_NEEDS
    }
    premises = {name: rng.integers(0, 8_000_000, count) for name in ("rates", "pfi", "exceptional")}
    last = np.maximum(primary + ks3 + ks4 + rng.integers(-25, 25, count), 1)
    unit = np.where(ks4 > 0, 660_000, 500_000) + rng.integers(-40_000, 90_000, count)
    known = np.arange(count) >= without_baseline
    return Schools(
        urn=tuple(str(100_000 + row) for row in range(count)),
        name=tuple(f"Made-up School {row}" for row in range(count)),
        phase=tuple(phases),
        status=tuple(
            SchoolStatus.ACADEMY if row % 3 == 0 else SchoolStatus.MAINTAINED for row in range(count)
        ),
        locality=tuple(("North", "South", "Town")[row % 3] for row in range(count)),
        pupils_primary=primary,
        pupils_ks3=ks3,
        pupils_ks4=ks4,
        needs=needs,
        miles=np.where(rng.random(count) < 0.15, rng.integers(1_500, 4_000, count), -1),
        year_groups=np.full(count, 7),
        sites=(rng.random(count) < 0.05).astype(np.int64),
        premises=premises,
        baseline=Baseline(
            budget=np.where(known, last * unit + 14_510_000, 0),
            pupils=np.where(known, last, 0),
            rates=premises["rates"],
            exclusions=np.zeros(count, np.int64),
            grants=np.zeros(count, np.int64),
            known=known,
        ),
        growing=rng.random(count) < 0.03,
        no_baseline_because=tuple("" if held else "Opens in September" for held in known),
    )


def _most(factor: str) -> int:
    """The largest share: bands of one index add to no more than the roll."""
    share = 2 * len(BANDS) if factor.startswith("idaci") else 3
    return PARTS // share


schools = st.builds(
    made_up, st.integers(0, 2**32 - 1), st.integers(2, 12), without_baseline=st.integers(0, 1)
)
"""A few made-up schools; the first of them may be new."""
