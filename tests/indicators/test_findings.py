"""Findings: what stands out does, and noise does not."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import lait
from indicators.made_up import neighbours as file_of_neighbours
from redway.core.home import Home
from redway.datasets.ledger import Version
from redway.indicators.findings import Finding, findings
from redway.indicators.neighbours import load_neighbours
from redway.indicators.store import BuildReport, SeriesStore

MEASURES = {
    "SecTotAbs": 8.0,
    "KS2RWM_Expected_STD": 63.0,
    "AVG_Attain8_Score": 46.0,
    "FSP_NEW_GOODDEV": 68.0,
    "ReReferral": 21.0,
    "Work_Force_Vac_Rate": 17.0,
    "LACDental%": 76.0,
    "ExcessYr6": 36.0,
}
AUTHORITIES = [str(number) for number in range(301, 341)]
TEN = AUTHORITIES[:10]


@pytest.fixture
def tell(
    tmp_path: Path,
    home: Home,
    ledger: MemoryLedger,
    bring: Callable[..., Version],
    update: Callable[[], BuildReport],
    store: SeriesStore,
) -> Callable[..., list[Finding]]:
    """Findings of authority 826 when its figures lie the given distance from everyone else's, plus noise.

    ``shift`` is for every year, ``last`` is added in the last one.
    """

    def told(shift: dict[str, float], last: dict[str, float] | None = None) -> list[Finding]:
        source = random.Random(1)
        rows = []
        for measure, centre in MEASURES.items():
            for year in range(2018, 2026):
                rows.append((measure, str(year), "970", f"{centre:.2f}"))
                for la in [*AUTHORITIES, "826"]:
                    moved = shift.get(measure, 0.0) if la == "826" else 0.0
                    if la == "826" and year == 2025:
                        moved += (last or {}).get(measure, 0.0)
                    rows.append((measure, str(year), la, f"{centre + moved + source.gauss(0, 0.5):.3f}"))
        bring(lait(tmp_path, rows))
        bring(file_of_neighbours(tmp_path, "2025", {"826": TEN}), period="2025")
        update()
        return findings(store, load_neighbours(home, ledger.versions()), "826", "Milton Keynes")

    return told


def test_what_truly_differs_is_told_first_with_its_comparator_and_its_range(
    tell: Callable[..., list[Finding]],
) -> None:
    told = tell({"SecTotAbs": 4.0, "LACDental%": 5.0})
    standing = [one for one in told if one.stands_out]
    assert {one.indicator.code for one in standing} == {"secondary-absence", "looked-after-dental-checks"}
    assert {one.gap.verdict for one in standing} == {"worse", "better"}
    for one in standing:
        assert "10 statistical neighbours (2025 model)" in one.text
        assert one.lower < one.gap.gap < one.upper
        assert "8 measures were compared" in one.text
    absence = next(one for one in standing if one.indicator.code == "secondary-absence")
    assert absence.lower < 4.0 < absence.upper


def test_noise_alone_gives_no_flag_but_headlines_that_say_so(
    tell: Callable[..., list[Finding]],
) -> None:
    told = tell({})
    assert len(told) == 3
    assert not any(one.stands_out for one in told)
    assert all("no clear difference" in one.title for one in told)
    assert told[0].indicator.code == "ks2-reading-writing-maths"


def test_a_jump_in_one_year_is_not_yet_a_finding(
    tell: Callable[..., list[Finding]],
) -> None:
    # Two points below the neighbours until last year, three above now: the gap has not lasted.
    told = tell({"ReReferral": -2.0}, last={"ReReferral": 5.0})
    assert not any(one.stands_out for one in told)
