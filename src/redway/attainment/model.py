"""A fitted model for people: what is expected of a pupil, how far a pupil is from it, what is allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from redway.attainment.accumulate import accumulate
from redway.attainment.coding import Coding, design_columns, factor_values, school_words
from redway.attainment.effects import SchoolEffects, school_effects
from redway.attainment.formula import Factor, Term
from redway.attainment.pupil_values import Pupils, record_batches
from redway.attainment.statistics import Numbers, SchoolStatistics
from redway.attainment.two_level import Fit, Method, Variance, fit
from redway.core.words import counted, listed, percent


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model, and through it the pupils it was fitted to as sums of schools; no pupil is kept."""

    fit: Fit

    @property
    def statistics(self) -> SchoolStatistics:
        return self.fit.statistics

    @property
    def variance(self) -> Variance:
        return self.fit.variance

    @cached_property
    def effects(self) -> SchoolEffects:
        """What each school adds; with random slopes, for a pupil whose slope columns are nought."""
        return school_effects(self.fit)

    @cached_property
    def coding(self) -> Coding:
        """Which columns the formula makes of pupils' columns."""
        return self.statistics.coding

    def estimate(self, pupils: Pupils) -> pl.DataFrame:
        """What is expected of each pupil at the average school: average progress.

        Columns ``estimate``, in units of the outcome, and ``se``, how sure the fixed effects are of it (not
        how far pupils scatter around it: that is ``variance``). Null where a predictor is missing or is a
        category that no pupil of the model had. The outcome need not be a column.
        """
        estimate, error = self.fit.estimate(self._design(pupils))
        return _frame(estimate=estimate, se=error)

    def residuals(self, pupils: Pupils) -> pl.DataFrame:
        """How far each pupil is from the estimate, and which part of it is the school's.

        Columns ``outcome``; ``estimate``; ``progress``, the outcome less the estimate; ``school``, what the
        pupil's school adds; and ``own``, the rest, so that progress = school + own. Null where it cannot be
        said: an outcome or predictor is missing, or the school is not one of the model's.
        """
        design = self._design(pupils)
        outcome, schools = self._outcomes(pupils)
        estimate, _ = self.fit.estimate(design)
        place = {school: row for row, school in enumerate(self.effects.group)}
        rows = np.array([place.get(school, -1) for school in schools], dtype=np.intp)
        slopes = [self.statistics.columns.index(name) for name in self.effects.terms[1:]]
        terms = np.column_stack([np.ones(len(design)), design[:, slopes]])
        added = np.einsum("ia,ia->i", terms, self.effects.random[rows])
        school = np.where(rows >= 0, added, np.nan)
        progress = outcome - estimate
        own = progress - school
        return _frame(outcome=outcome, estimate=estimate, progress=progress, school=school, own=own)

    def explain(self) -> tuple[str, ...]:
        """What the model is of and what it allows for, in sentences."""
        pupils, schools = counted(self.fit.n_pupils, "pupil"), counted(self.fit.n_groups, "school")
        outcome = _words(self.coding.formula.outcome.text)
        share = percent(100 * self.variance.share_between_schools)
        found = [
            f"A two-level model of {pupils} in {schools}: {outcome} as expected from {self._allowed_for()}.",
            f"Of what is left unexplained, {share} lies between schools, the rest within schools.",
        ]
        if slopes := self.coding.formula.slopes:
            found.append(f"Schools may differ in what they make of {listed(map(self._term_words, slopes))}.")
        if left_out := self.statistics.left_out:
            reasons = listed(f"{count:,} ({reason})" for reason, count in left_out.items())
            found.append(f"Pupils not in the model, by reason: {reasons}.")
        return (*found, *self.fit.notes, *self.fit.warnings)

    def _allowed_for(self) -> str:
        formula = self.coding.formula
        terms = [*map(self._term_words, formula.terms)]
        terms += [_words(factor.text) for factor in formula.school_terms]
        return listed(terms) if terms else "the average of all pupils alone"

    def _term_words(self, term: Term) -> str:
        return " together with ".join(map(self._factor_words, term))

    def _factor_words(self, factor: Factor) -> str:
        levels = self.coding.levels.get(factor.text)
        name = _words(factor.column if factor.kind == "category" else factor.text)
        return f"{name} (compared with {levels[0]})" if levels else name

    def _design(self, pupils: Pupils) -> Numbers:
        return design_columns(self.coding, pupils, self.statistics.school_values())

    def _outcomes(self, pupils: Pupils) -> tuple[Numbers, list[str]]:
        """Outcome, not a number where it is missing, and key of the school of each pupil."""
        formula, outcomes, schools = self.coding.formula, [np.empty(0)], list[str]()
        for batch in record_batches(pupils):
            outcomes.append(factor_values(formula.outcome, batch))
            schools += school_words(formula, batch)
        return np.concatenate(outcomes), schools


def fit_frame(pupils: Pupils, formula: str, method: Method = "reml", *, weights: str | None = None) -> Model:
    """Fit a formula to pupils: ``attainment8 ~ prior_attainment + gender + (1 | school)``.

    Raises what ``accumulate`` raises for columns that are absent or unfit, and what ``fit`` raises where
    school effects cannot be estimated.
    """
    return Model(fit(accumulate(pupils, formula, weights), method=method))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _frame(**columns: Numbers) -> pl.DataFrame:
    return pl.DataFrame({name: pl.Series(values).fill_nan(None) for name, values in columns.items()})
