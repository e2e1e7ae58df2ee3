"""A fitted two-level model as a page of text: what was used, what came out, how sure, what to beware of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from redway.attainment.effects import SchoolEffects
from redway.attainment.model_comparison import LikelihoodRatio, school_difference
from redway.attainment.two_level import Fit
from redway.cli.output import print_facts, print_table
from redway.core.words import counted, number, percent, plural
from redway.indicators.intervals import Z95

ENDS = 5
"""Schools shown from either end."""
MOST_PLACES = 8
MOST_WARNINGS = 12


def print_fit(fit: Fit, effects: SchoolEffects, warnings: Sequence[str]) -> None:
    """The whole page on standard output."""
    statistics = fit.statistics
    print(f"{statistics.formula}\nfitted by {_METHODS[fit.method]}\n")
    _print_pupils(fit)
    _print_fixed(fit)
    _print_variance(fit)
    _print_schools(fit, effects)
    said = [*warnings, *fit.notes, *fit.warnings]
    if said:
        print("\nBeware")
        for warning in said[:MOST_WARNINGS]:
            print(f"  - {warning}")
        if len(said) > MOST_WARNINGS:
            print(f"  - and {number(len(said) - MOST_WARNINGS)} more: --json shows all")


_METHODS = {"reml": "REML (restricted maximum likelihood)", "ml": "ML (maximum likelihood)"}


def _print_pupils(fit: Fit) -> None:
    statistics = fit.statistics
    sizes = statistics.pupils
    gone = sum(statistics.left_out.values())
    print_facts(
        {
            "Pupils used": f"{number(fit.n_pupils)} in {counted(fit.n_groups, 'school')} "
            f"(of {number(int(sizes.min()))} to {number(int(sizes.max()))} pupils)",
            "Left out": number(gone) if gone else "none",
        }
    )
    for reason, count in statistics.left_out.items():
        print(f"  {number(count)}: {reason}")


def _print_fixed(fit: Fit) -> None:
    print("\nWhat goes with the outcome")
    places = _places(min(fit.standard_errors[fit.standard_errors > 0], default=1.0))
    print_table(
        ("Term", "Estimate", "SE", "95% interval"),
        [
            (
                term,
                number(estimate, places),
                number(se, places),
                f"{number(estimate - Z95 * se, places)} to {number(estimate + Z95 * se, places)}",
            )
            for term, estimate, se in zip(
                fit.columns, fit.beta.tolist(), fit.standard_errors.tolist(), strict=True
            )
        ],
        right=("Estimate", "SE", "95% interval"),
    )


def _print_variance(fit: Fit) -> None:
    variance = fit.variance
    print("\nHow pupils differ beyond that")
    rows: list[tuple[str, str, str]] = []
    for at, term in enumerate(variance.terms):
        name = "Between schools" if at == 0 else f"Between schools in the slope of {term}"
        rows.append((name, *_variance_cells(variance.matrix[at, at], variance.matrix_se[at, at])))
        for before in range(at):
            name = f"Covariance of {variance.terms[before]} and {term}"
            rows.append((name, *_variance_cells(variance.matrix[at, before], variance.matrix_se[at, before])))
    rows.append(("Between pupils of a school", *_variance_cells(variance.residual, variance.residual_se)))
    print_table(("Variance", "Estimate", "SE"), rows, right=("Estimate", "SE"))
    share = percent(100 * variance.share_between_schools, 0)
    where = "" if len(variance.terms) == 1 else ", for a pupil whose slope columns are nought,"
    print(f"Of the differences between pupils that the model leaves{where} {share} lie between schools.")
    if len(variance.terms) == 1:
        test = school_difference(fit)
        print(
            f"Schools that do not differ would show as much with a probability of {probability(test.p)} "
            f"(chi-square {number(test.chi_square, 1)})."
        )
    name = "REML criterion" if fit.method == "reml" else "deviance"
    print(
        f"{name} {number(fit.deviance, 2)}, log-likelihood {number(fit.log_likelihood, 2)}, "
        f"AIC {number(fit.aic, 1)}, BIC {number(fit.bic, 1)}"
    )


def _variance_cells(value: float, se: float) -> tuple[str, str]:
    places = _places(se if math.isfinite(se) and se > 0 else abs(value) / 10 or 1.0)
    return number(float(value), places), number(float(se), places) if math.isfinite(se) else "not known"


def _print_schools(fit: Fit, effects: SchoolEffects) -> None:
    print("\nWhat schools add")
    if fit.at_boundary and not effects.effect.any():
        print("Nothing that can be told from chance: every effect is nought.")
        return
    apart = int(((effects.lower > 0) | (effects.upper < 0)).sum())
    by_chance = round(0.05 * len(effects.group))
    print(
        f"{number(apart)} of {counted(len(effects.group), 'school')} "
        f"{plural(apart, 'differs', 'differ')} from the average at 95%; "
        f"of as many average schools about {number(by_chance)} would."
    )
    order = effects.effect.argsort(kind="stable")[::-1]
    shown = (
        order.tolist() if len(order) <= 2 * ENDS else [*order[:ENDS].tolist(), None, *order[-ENDS:].tolist()]
    )
    places = _places(float(effects.se_comparative.min()))
    headings = ("School", "Pupils", "Effect", "95% interval", "Raw", "Shrinkage")
    gap = ("...", "", "", "", "", "")
    print_table(
        headings,
        [gap if at is None else _school_cells(effects, at, places) for at in shown],
        right=headings[1:],
    )
    if effects.hidden:
        print(f"{counted(len(effects.hidden), 'school is', 'schools are')} hidden for having few pupils.")
    print("Intervals are by the comparative standard error. All schools: --json, or -o schools.csv")


def _school_cells(effects: SchoolEffects, at: int, places: int) -> tuple[str, ...]:
    return (
        effects.group[at],
        number(int(effects.n[at])),
        number(float(effects.effect[at]), places),
        f"{number(float(effects.lower[at]), places)} to {number(float(effects.upper[at]), places)}",
        number(float(effects.raw[at]), places),
        number(float(effects.shrinkage[at]), 2),
    )


def print_comparison(found: Mapping[str, Any], test: LikelihoodRatio) -> None:
    """A likelihood-ratio test in words, both models beside each other."""
    print(f"Smaller: {found['smaller']['formula']}\nLarger:  {found['larger']['formula']}")
    print(
        f"Both fitted by {_METHODS[found['method']]} to the same {number(found['n_pupils'])} pupils "
        f"of {counted(found['n_groups'], 'school')}.\n"
    )
    print_table(
        ("Model", "Parameters", "Deviance", "AIC", "BIC"),
        [
            (
                name.capitalize(),
                found[name]["parameters"],
                *(number(found[name][what], 2) for what in ("deviance", "aic", "bic")),
            )
            for name in ("smaller", "larger")
        ],
        right=("Parameters", "Deviance", "AIC", "BIC"),
    )
    print(
        f"Chi-square {number(test.chi_square, 2)} on {counted(test.df, 'degree')} of freedom: were the "
        f"smaller model true, so much or more would be found with a probability of {probability(test.p)}."
    )
    for note in test.notes:
        print(note)


def probability(value: float) -> str:
    """A probability as it is quoted.

    >>> probability(0.0312), probability(1e-9)
    ('0.031', 'less than 0.001')
    """
    return "less than 0.001" if value < 0.001 else number(value, 3)


def _places(se: float) -> int:
    """Decimal places at which a standard error has two figures: more say nothing.

    >>> _places(0.0125), _places(3.2), _places(140)
    (3, 1, 0)
    """
    return max(0, min(MOST_PLACES, 1 - math.floor(math.log10(se)))) if se > 0 else 2
