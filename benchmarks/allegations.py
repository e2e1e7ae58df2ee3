"""Statistics of 5,000 cases over ten years: seconds and queries of one pass.

Run: ``REDWAY_HOME=$(mktemp -d) python benchmarks/allegations.py``. The cases are made up.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.spreadsheet import PastCase
from redway.cli.ground import open_store

CASES = 5_000


def main() -> None:
    open_store()
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from redway.web.allegations.importing import keep_cases
    from redway.web.allegations.statistics_period import Asked, count_period

    started = time.perf_counter()
    with transaction.atomic():
        keep_cases([_case(at) for at in range(CASES)], "826")
    print(f"{CASES:,} cases written down: {time.perf_counter() - started:.1f} s")
    asked = Asked(date(2016, 1, 1), date(2025, 12, 31))
    for times in ("first", "second"):
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            counted = count_period("826", asked, None, date(2026, 11, 24))
        took = time.perf_counter() - started
        print(
            f"{counted.report.now.cases:,} cases counted, {times} time: {took:.2f} s, {len(queries)} queries"
        )


def _case(at: int) -> PastCase:
    referred = date(2016, 1, 4) + timedelta(days=at * 3_600 // CASES)
    closed = referred + timedelta(days=10 + at % 200)
    return PastCase(
        sector=list(Sector)[at % len(Sector)],
        referred_on=referred,
        known_on=referred,
        category=list(Category)[at % len(Category)],
        source="employer",
        met_threshold=True,
        evaluated_on=referred,
        meeting_on=referred + timedelta(days=3),
        outcome=list(Outcome)[at % len(Outcome)],
        outcome_on=closed,
        closed_on=closed,
    )


if __name__ == "__main__":
    main()
