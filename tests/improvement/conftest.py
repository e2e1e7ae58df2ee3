"""The made-up country, its panel and its bench, built once; and the national ones where the files are."""

from __future__ import annotations

from datetime import date

import pytest

from improvement.made_up import country
from redway.improvement.panel import Panel, build_panel
from redway.improvement.terms import dates_needed
from redway.improvement.workbench import Workbench

DECISION = date(2017, 9, 1)


@pytest.fixture(scope="session")
def panel() -> Panel:
    """The panel of the made-up country for 1 September 2017 and what is learned from."""
    return build_panel(country(), dates_needed([DECISION], look_back=4))


@pytest.fixture(scope="session")
def bench(panel: Panel) -> Workbench:
    return Workbench(panel)
