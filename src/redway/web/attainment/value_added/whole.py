"""All schools of an authority: the estimates, the model behind them, and what each thing allowed for adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from redway.attainment.model import Model
from redway.attainment.model_comparison import LikelihoodRatio, likelihood_ratio
from redway.attainment.smaller_model import smaller_model
from redway.attainment.two_level import fit
from redway.figures.disclosure import Rule
from redway.web.attainment.cohorts import Source, results_of, rows_in, years_in
from redway.web.attainment.formulas import KEY_STAGES, Predictor, formula, predictors_in
from redway.web.attainment.models_in_force import fitted
from redway.web.attainment.value_added.asked import Asked
from redway.web.attainment.value_added.estimates import Estimates
from redway.web.attainment.value_added.left_out import LeftOut, left_out
from redway.web.attainment.value_added.progress import Held, estimated
from redway.web.register.models import Authority


@dataclass(frozen=True)
class Gain:
    """How much better the model fits for allowing for one thing."""

    predictor: Predictor
    test: LikelihoodRatio


@dataclass(frozen=True)
class AuthorityProgress:
    """What is known of the progress at all schools of an authority, as asked for."""

    authority: Authority
    asked: Asked
    source: Source
    rule: Rule
    model: Model | None
    estimates: Estimates | None
    refusal: str
    """Why there is no model, in words; empty when there is one."""
    left_out: Sequence[LeftOut]
    offered: Sequence[Predictor]
    gains: Sequence[Gain]

    @property
    def chosen(self) -> tuple[Predictor, ...]:
        """What the model allows for beside prior attainment."""
        return tuple(one for one in self.offered if one.code in self.asked.predictors)


def held_of_authority(authority: str) -> Held:
    """The results of pupils in force for an authority."""
    sources = {stage: results_of(authority, stage) for stage in KEY_STAGES}
    return Held(sources, {stage: years_in(source) for stage, source in sources.items()})


def authority_progress(authority: Authority, asked: Asked, held: Held, rule: Rule) -> AuthorityProgress:
    """Everything the page says about the schools of an authority."""
    source = held.sources[asked.key_stage]
    cohort = rows_in(source, asked.years)
    columns = [] if cohort is None else cohort.columns
    offered = predictors_in(columns)
    chosen = [one for one in offered if one.code in asked.predictors]
    estimates, refusal = estimated(source, asked, rule)
    model = None
    if estimates is not None:
        model = fitted(source, asked.outcome.code, asked.years, asked.predictors)
    return AuthorityProgress(
        authority=authority,
        asked=asked,
        source=source,
        rule=rule,
        model=model,
        estimates=estimates,
        refusal=refusal,
        left_out=left_out(cohort, asked.outcome, chosen) if cohort is not None and model is not None else [],
        offered=offered,
        gains=gains(source, asked.outcome.code, asked.years, asked.predictors) if model is not None else [],
    )


@lru_cache(maxsize=64)
def gains(
    source: Source, outcome: str, years: tuple[str, ...], predictors: frozenset[str]
) -> tuple[Gain, ...]:
    """Each thing allowed for, tested against the model without it, for the same pupils.

    By maximum likelihood: restricted likelihoods of models with different columns are of different things.
    The statistics of the pupils are those of the model shown, so nobody is read again.
    """
    model, cohort = fitted(source, outcome, years, predictors), rows_in(source, years)
    if model is None or cohort is None:
        return ()
    larger = fit(model.statistics, method="ml")
    found = []
    for one in predictors_in(cohort.columns):
        without = formula(outcome, predictors - {one.code}, cohort.columns, len(years))
        smaller = fit(smaller_model(model.statistics, without), method="ml")
        # Nothing to test where it was unticked, or where all pupils are alike in it.
        if len(smaller.columns) < len(larger.columns):
            found.append(Gain(one, likelihood_ratio(smaller, larger)))
    return tuple(found)
