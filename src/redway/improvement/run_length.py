"""How many points pass before a chart alarms: on a stable series (false alarms) and after a change.

By a Markov chain over the chart's values (Brook and Evans 1972; Lucas and Saccucci 1990). A stable series
alarms once in the average run length, so charts have a budget of false alarms that can be added up.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from redway.improvement.control_charts import Cusum, Ewma

STATES = 400
"""Steps the chart's range is cut into."""


def cusum_run_length(chart: Cusum, change: float = 0.0) -> float:
    """Average points to an alarm of an upper CUSUM, when the mean has moved by ``change`` standard errors."""
    width = 2 * chart.limit / (2 * STATES - 1)
    middles = np.arange(STATES) * width
    allowed = chart.allowance - change
    upper = norm.cdf(middles[None, :] + width / 2 - middles[:, None] + allowed)
    lower = norm.cdf(middles[None, :] - width / 2 - middles[:, None] + allowed)
    moves = upper - lower
    moves[:, 0] = upper[:, 0]
    return float(np.linalg.solve(np.eye(STATES) - moves, np.ones(STATES))[0])


def ewma_run_length(chart: Ewma, change: float = 0.0) -> float:
    """Average points to an alarm of a two-sided EWMA with its limits as they become after some points."""
    limit = chart.width * (chart.weight / (2 - chart.weight)) ** 0.5
    states = STATES + 1
    width = 2 * limit / states
    middles = -limit + (np.arange(states) + 0.5) * width
    start = (1 - chart.weight) * middles[:, None]
    upper = norm.cdf((middles[None, :] + width / 2 - start) / chart.weight - change)
    lower = norm.cdf((middles[None, :] - width / 2 - start) / chart.weight - change)
    return float(np.linalg.solve(np.eye(states) - (upper - lower), np.ones(states))[states // 2])


def limits_run_length(width: float = 3.0, change: float = 0.0) -> float:
    """Average points to an alarm of plain control limits ``width`` standard errors either way (Shewhart)."""
    return float(1 / (norm.sf(width - change) + norm.cdf(-width - change)))
