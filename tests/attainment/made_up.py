"""Made-up schools for tests of what must always hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st


@st.composite
def cohorts(draw: st.DrawFn, *, slopes: bool = False, most: int = 30) -> dict[str, Any]:
    """Pupils of schools of uneven size, up to ``most``: two predictors, an outcome, the school of each."""
    seed = draw(st.integers(0, 2**32 - 1))
    sizes = draw(st.lists(st.integers(1, most), min_size=4, max_size=25))
    sizes[0] = max(sizes[0], 8)  # schools can be told from their pupils
    between = draw(st.sampled_from([0.0, 0.1, 0.5, 2.0]))
    generator = np.random.default_rng(seed)
    place = np.repeat(np.arange(len(sizes)), sizes)
    prior = generator.normal(100, 10, len(place)).round(1)
    late = (generator.random(len(place)) < 0.3).astype(float)
    slope = generator.normal(0, 0.03, len(sizes)) if slopes else np.zeros(len(sizes))
    outcome = (
        40
        + (0.5 + slope[place]) * (prior - 100)
        - 3 * late
        + generator.normal(0, 5 * between, len(sizes))[place]
        + generator.normal(0, 5, len(place))
    )
    return {
        "design": {"prior": prior, "late": late},
        "outcome": outcome,
        "schools": np.array([f"{1000 + number}" for number in place]),
    }
