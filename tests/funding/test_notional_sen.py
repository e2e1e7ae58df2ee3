"""Notional SEN: the department's own example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from redway.core.money import Money
from redway.funding.errors import RulesRefused
from redway.funding.notional_sen import MINIMUM, notional_sen, usual_shares


def pence(amount: str) -> np.ndarray:
    return np.array([Money.parse(amount).pence])


FIXTURE = {
    "basic_entitlement_ks3": pence("2,862,600"),
    "basic_entitlement_ks4": pence("1,866,088"),
    "idaci_d_secondary": pence("1,164.54"),
    "idaci_f_secondary": pence("39,212.88"),
    "fsm_secondary": pence("39,100.00"),
    "fsm6_secondary": pence("115,322.82"),
    "low_prior_attainment_secondary": pence("468,648.11"),
    "eal_secondary": pence("5,940.00"),
    "lump_sum": pence("117,800"),
    MINIMUM: pence("39,913.66"),
}
"""Lines of a secondary school of 2021-22 in the department's Calculate Funding Service (examples 1 to 3)."""


def test_the_departments_example_of_2021_22() -> None:
    """Example 7: £1,152,138.52 from 10% of basic entitlement, 100% of additional needs, 5% and 10%."""
    shares, held = usual_shares(date(2022, 3, 1))
    assert Money(int(notional_sen(FIXTURE, shares)[0])) == Money.parse("1,152,138.52")
    assert held.entry("additional-needs").status == "matched"


def test_an_authority_settles_its_own_shares() -> None:
    shares, _ = usual_shares(date(2026, 4, 1), {"lump-sum": Decimal("7.5")})
    assert notional_sen({"lump_sum": pence("117,800")}, shares).tolist() == [883_500]


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(RulesRefused, match="101% of lump_sum is no share"):
        notional_sen(FIXTURE, {"lump_sum": 101_000})
    with pytest.raises(RulesRefused, match="no line"):
        notional_sen({}, {})
