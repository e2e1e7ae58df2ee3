"""Learning for a date: what is fitted, what it is calibrated on, and what need not be done twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.core.errors import NotEnoughData
from redway.improvement.additive_model import AdditiveModel
from redway.improvement.calibration import SLOPE_DOUBT, UNCALIBRATED, Calibration, common_slope, level
from redway.improvement.contenders import Contender
from redway.improvement.design import Recipe, design
from redway.improvement.panel import Panel
from redway.improvement.questions import Question, at_risk, outcomes
from redway.improvement.terms import Window, months_later, window_from
from redway.improvement.training import (
    MAPPING,
    Settings,
    TrainingRows,
    answers_of,
    asked,
    recipe_for,
    refuse_resampled,
    train,
    training_rows,
    windows_before,
)

Floats = NDArray[np.float64]

CALIBRATED_ON = 2
"""Earlier dates, a year apart, whose forecasts give the slope."""
ANY_SLOPE = 100.0
"""A rule's points are no log-odds, so their slope may be anything."""


@dataclass(frozen=True)
class Trial:
    """One contender learned for one date: how rows are scored, and scores made log-odds."""

    contender: Contender
    recipe: Recipe | None
    model: AdditiveModel | None
    calibration: Calibration = UNCALIBRATED

    def scores(self, rows: pl.DataFrame, window: Window, decision: date) -> Floats:
        """The score of each row: log-odds before calibration, or a rule's points."""
        if self.model is not None and self.recipe is not None:
            return self.model.logit(design(rows, window, self.recipe))
        assert self.contender.rule is not None
        return self.contender.rule(rows, decision)


@dataclass
class Workbench:
    """A panel with what has been worked out of it: no window is looked at, and nothing fitted, twice.

    Raises ResampledBeforeSplit for a panel whose rows were repeated or taken away since it was built.
    """

    panel: Panel
    settings: Settings = field(default_factory=Settings)
    _outcomes: dict[tuple[date, Window], pl.DataFrame] = field(default_factory=dict, repr=False)
    _training: dict[tuple[Question, date], TrainingRows] = field(default_factory=dict, repr=False)
    _fitted: dict[tuple[Question, str, date], Trial] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        refuse_resampled(self.panel.rows, self.panel.schools_on)

    def window(self, decision: date, months: int) -> Window:
        """The window of a date. Raises NotEnoughData where next to nothing of it is on record."""
        window = window_from(decision, months, self.panel.record_ends)
        if window.years < 0.2:
            raise NotEnoughData(
                f"The record of inspections ends on {self.panel.record_ends}, too soon for {decision}.",
                "Choose an earlier date, or import later inspections.",
            )
        return window

    def window_ahead(self, decision: date, months: int) -> Window:
        """The whole window of a date, whether or not the record reaches its end: for scoring."""
        return window_from(decision, months, date.max)

    def outcomes(self, decision: date, window: Window) -> pl.DataFrame:
        """Schools a fall can be asked of on a date, with what happened in the window."""
        if (decision, window) not in self._outcomes:
            rows = at_risk(self.panel.rows.filter(pl.col("decision") == decision))
            self._outcomes[decision, window] = outcomes(
                rows, self.panel.inspections, self.panel.observed, window, MAPPING
            )
        return self._outcomes[decision, window]

    def training(self, question: Question, decision: date) -> TrainingRows:
        """The rows to learn from for a date. Raises NotEnoughData when the panel has none."""
        if (question, decision) not in self._training:
            self._training[question, decision] = training_rows(
                question, windows_before(decision, self.settings), decision, self.outcomes
            )
        return self._training[question, decision]

    def learn(self, question: Question, contender: Contender, decision: date, months: int) -> Trial:
        """Fit a contender for a date, and calibrate it on earlier dates whose windows had closed."""
        fitted = self.fit(question, contender, decision)
        forecasts = []
        latest = None
        for years in range(1, CALIBRATED_ON + 1):
            earlier = months_later(decision, -max(12, months) * years)
            window = window_from(earlier, months, self.panel.record_ends)
            if window.public_from > decision:
                continue
            known = asked(self.outcomes(earlier, window), question)
            if not known.height:
                continue
            answers = answers_of(known, question)
            latest = latest or (fitted.scores(known, window, earlier), float(answers.mean()))
            try:
                before = self.fit(question, contender, earlier)
            except NotEnoughData:
                continue
            forecasts.append((before.scores(known, window, earlier), answers))
        if latest is None:
            return fitted
        slope = common_slope(forecasts, SLOPE_DOUBT if contender.recipe else ANY_SLOPE)
        scores, share = latest
        if question is not Question.FELL_IF_INSPECTED:
            # The schools are known on the date, though not what becomes of them: as many as last year should
            # be expected among them. Who of them will be inspected is not known, so of B it cannot be done.
            now = at_risk(self.panel.rows.filter(pl.col("decision") == decision))
            scores = fitted.scores(now, self.window_ahead(decision, months), decision)
        return replace(fitted, calibration=level(scores, slope, share))

    def fit(self, question: Question, contender: Contender, decision: date) -> Trial:
        """A contender fitted for a date and not calibrated. Raises NotEnoughData as ``training`` does."""
        if contender.recipe is None:
            return Trial(contender, None, None)
        key = (question, contender.code, decision)
        if key not in self._fitted:
            rows = self.training(question, decision)
            recipe = recipe_for(contender.recipe, rows)
            self._fitted[key] = Trial(contender, recipe, train(rows, recipe, decision, self.settings))
        return self._fitted[key]
