"""The same formula written for OpenFisca; run by school_funding.py under a Python that has OpenFisca.

    python school_funding_openfisca.py ARRAYS.npz ROUNDS

Reads rates, units and rolls of the schools; prints JSON with the seconds of each round (setting up a
simulation and calculating the total, then the same with three rates changed), and writes the totals beside
the arrays. OpenFisca keeps numbers in 32 bits, which is why totals are compared and not expected to be equal.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core import periods
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

YEAR = "2025"
School = build_entity(key="school", plural="schools", label="A school", is_person=True)
INPUTS = (
    "lump_sum",
    "sparsity",
    "outside",
    "rates_paid",
    "exclusions",
    "level",
    "unit",
    "pupils",
    "growing",
    "known",
)


def _penny(amount: np.ndarray) -> np.ndarray:
    return np.floor(amount * 100 + 0.5) / 100


def _variable(name: str, formula: object = None) -> type[Variable]:
    held = {"value_type": float, "entity": School, "definition_period": periods.DateUnit.YEAR, "label": name}
    if formula is not None:
        held["formula"] = formula
    return type(name, (Variable,), held)


def _line(name: str) -> type[Variable]:
    def formula(school: object, period: object, parameters: object) -> np.ndarray:
        return _penny(school(f"units_{name}", period) * getattr(parameters(period), name))

    return _variable(f"line_{name}", formula)


def system_for(lines: list[str], rates: dict[str, float]) -> TaxBenefitSystem:
    """The formula: lines, core, minimum level, guarantee, cap and total."""

    def core(school: object, period: object, parameters: object) -> np.ndarray:
        rate = parameters(period)
        led = sum(school(f"units_{name}", period) * getattr(rate, name) for name in lines)
        return led + school("lump_sum", period) + school("sparsity", period)

    def lines_added(school: object, period: object) -> np.ndarray:
        led = sum(school(f"line_{name}", period) for name in lines)
        return led + school("lump_sum", period) + _penny(school("sparsity", period))

    def minimum(school: object, period: object) -> np.ndarray:
        return _penny(np.maximum(0, school("level", period) - school("core", period)))

    def compared(school: object, period: object) -> np.ndarray:
        held = np.maximum(school("core", period), school("level", period)) + school("outside", period)
        left_out = (
            school("lump_sum", period)
            + school("sparsity", period)
            + school("rates_paid", period)
            + school("exclusions", period)
        )
        return held - left_out

    def guarantee(school: object, period: object, parameters: object) -> np.ndarray:
        percent = parameters(period).guarantee
        level = school("unit", period) * (1 + percent / 100) * school("pupils", period)
        return school("known", period) * _penny(np.maximum(0, level - school("compared", period)))

    def gains_cap(school: object, period: object, parameters: object) -> np.ndarray:
        rule = parameters(period)
        level = school("unit", period) * (1 + rule.cap / 100) * school("pupils", period)
        taken = _penny(np.maximum(0, (school("compared", period) - level) * rule.scale / 100))
        above = np.maximum(0, school("core", period) - school("level", period))
        return school("known", period) * (1 - school("growing", period)) * np.minimum(taken, above)

    def total(school: object, period: object) -> np.ndarray:
        return (
            school("lines_added", period)
            + school("minimum_per_pupil", period)
            + school("outside", period)
            + school("guarantee", period)
            - school("gains_cap", period)
        )

    system = TaxBenefitSystem([School])
    tree = {
        name: {"description": name, "values": {"2000-01-01": {"value": value}}}
        for name, value in rates.items()
    }
    system.parameters = ParameterNode("", data=tree)
    formulas = (core, lines_added, minimum, compared, guarantee, gains_cap, total)
    names = ("core", "lines_added", "minimum_per_pupil", "compared", "guarantee", "gains_cap", "total")
    made = [
        *(_variable(name) for name in (*INPUTS, *(f"units_{name}" for name in lines))),
        *(_line(name) for name in lines),
        *(_variable(name, formula) for name, formula in zip(names, formulas, strict=True)),
    ]
    for variable in made:
        system.add_variable(variable)
    return system


def calculated(system: TaxBenefitSystem, arrays: dict[str, np.ndarray], lines: list[str]) -> np.ndarray:
    """Set a simulation up and calculate the total of every school."""
    simulation = SimulationBuilder().build_default_simulation(system, count=len(arrays["pupils"]))
    for name in (*INPUTS, *(f"units_{line}" for line in lines)):
        simulation.set_input(name, YEAR, arrays[name])
    return simulation.calculate("total", YEAR)


def main(file: Path, rounds: int) -> None:
    held = dict(np.load(file, allow_pickle=False))
    lines = [str(name) for name in held.pop("lines")]
    names = [str(name) for name in held.pop("rate_names")]
    before, after = held.pop("rates_before"), held.pop("rates_after")
    systems = [
        system_for(lines, dict(zip(names, map(float, values), strict=True))) for values in (before, after)
    ]
    seconds: list[list[float]] = [[], []]
    totals = []
    for _ in range(rounds):
        totals = []
        for place, system in enumerate(systems):
            started = time.perf_counter()
            totals.append(calculated(system, held, lines))
            seconds[place].append(time.perf_counter() - started)
    np.savez(file.with_suffix(".answer.npz"), before=totals[0], after=totals[1])
    print(json.dumps({"full": seconds[0], "three": seconds[1]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
