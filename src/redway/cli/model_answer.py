"""A fitted two-level model as an answer: the same facts for JSON, for files and for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from redway.attainment.effects import SHOWN, SchoolEffects
from redway.attainment.model_comparison import LikelihoodRatio
from redway.attainment.sharing import FEW
from redway.attainment.statistics import SchoolStatistics
from redway.attainment.two_level import Fit
from redway.core.words import counted


def answer(
    fit: Fit, effects: SchoolEffects, warnings: Sequence[str] = (), *, by_effect: bool = False
) -> dict[str, Any]:
    """The fit in JSON's terms: no number is rounded, and one that is not known is null.

    Schools that ``effects`` hides have their key and nulls; counts of so few pupils left out are null too.
    """
    statistics = fit.statistics
    hides = bool(effects.hidden)
    return {
        "formula": statistics.formula,
        "outcome": statistics.outcome,
        "group": statistics.group,
        "method": fit.method,
        "n_pupils": fit.n_pupils,
        "n_groups": fit.n_groups,
        "fixed": [
            {"term": term, "estimate": _known(estimate), "se": _known(se)}
            for term, estimate, se in zip(fit.columns, fit.beta, fit.standard_errors, strict=True)
        ],
        "dropped": [{"term": one.name, "why": str(one)} for one in fit.dropped],
        "variance": _variance(fit),
        "icc": _known(fit.variance.share_between_schools),
        "log_likelihood": _known(fit.log_likelihood),
        "deviance": _known(fit.deviance),
        "aic": _known(fit.aic),
        "bic": _known(fit.bic),
        "parameters": fit.parameters,
        "at_boundary": fit.at_boundary,
        "left_out": {
            reason: None if hides and count <= FEW else count for reason, count in statistics.left_out.items()
        },
        "groups": _groups(effects, by_effect=by_effect),
        "warnings": [*warnings, *fit.notes, *fit.warnings],
    }


def _variance(fit: Fit) -> dict[str, Any]:
    variance = fit.variance
    found: dict[str, Any] = {
        "group": _known(variance.group),
        "residual": _known(variance.residual),
        "group_se": _known(variance.group_se),
        "residual_se": _known(variance.residual_se),
    }
    terms = variance.terms
    if len(terms) > 1:
        found["slope"] = {term: _known(variance.matrix[at, at]) for at, term in enumerate(terms) if at}
        found["covariance"] = {
            f"{terms[one]}, {terms[other]}": _known(variance.matrix[one, other])
            for other in range(1, len(terms))
            for one in range(other)
        }
        found["terms"] = list(terms)
        found["matrix"] = [[_known(value) for value in row] for row in variance.matrix]
        found["matrix_se"] = [[_known(value) for value in row] for row in variance.matrix_se]
    return found


def _groups(effects: SchoolEffects, *, by_effect: bool) -> list[dict[str, Any]]:
    columns = {name: getattr(effects, name) for name in SHOWN}
    places = effects.effect.argsort(kind="stable") if by_effect else range(len(effects.group))
    slopes = effects.terms[1:]
    found: list[dict[str, Any]] = []
    for place in places:
        one: dict[str, Any] = {"group": effects.group[place], "n": int(effects.n[place])}
        one |= {name: _known(values[place]) for name, values in columns.items()}
        if slopes:
            one["slopes"] = {
                term: _known(effects.random[place, at]) for at, term in enumerate(slopes, start=1)
            }
        found.append(one)
    hidden: dict[str, Any] = dict.fromkeys(("n", *SHOWN, *(["slopes"] if slopes else [])))
    return found + [{"group": name, **hidden} for name in effects.hidden]


def comparison(smaller: Fit, larger: Fit, test: LikelihoodRatio) -> dict[str, Any]:
    """A likelihood-ratio test with both models beside each other."""
    return {
        "n_pupils": larger.n_pupils,
        "n_groups": larger.n_groups,
        "method": larger.method,
        "smaller": _model(smaller),
        "larger": _model(larger),
        "chi_square": _known(test.chi_square),
        "df": test.df,
        "p": _known(test.p),
        "p_chi_square": _known(test.p_chi_square),
        "notes": list(test.notes),
    }


def _model(fit: Fit) -> dict[str, Any]:
    return {
        "formula": fit.statistics.formula,
        "columns": list(fit.columns),
        "random_terms": list(fit.variance.terms),
        "parameters": fit.parameters,
        "deviance": _known(fit.deviance),
        "log_likelihood": _known(fit.log_likelihood),
        "aic": _known(fit.aic),
        "bic": _known(fit.bic),
        "variance": _variance(fit),
    }


def small_schools(statistics: SchoolStatistics) -> int:
    """Schools of so few pupils that their figures are figures of children."""
    return int((statistics.pupils <= FEW).sum())


def small_school_warning(statistics: SchoolStatistics) -> str | None:
    """What to say where figures of small schools are shown."""
    few = small_schools(statistics)
    if not few:
        return None
    have = counted(few, "school has", "schools have")
    return f"{have} {FEW} pupils or fewer: suppress before this leaves the authority (--suppress)."


def _known(value: float) -> float | None:
    """JSON has no word for 'not a number'."""
    value = float(value)
    return value if math.isfinite(value) else None


def record_of(statistics: SchoolStatistics) -> Mapping[str, Any]:
    """What is in a file of statistics, in JSON's terms."""
    return {
        "formula": statistics.formula,
        "n_pupils": int(statistics.pupils.sum()),
        "n_groups": len(statistics.schools),
        "columns": list(statistics.columns),
        "levels": {name: list(levels) for name, levels in statistics.levels.items()},
        "left_out": dict(statistics.left_out),
    }
