"""Is it any good? Every way of scoring beside the others, on dates later than everything it learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from redway.core.errors import NotEnoughData, NotFound
from redway.improvement.calibration import Calibration, calibration_slope
from redway.improvement.contenders import CONTENDERS, INTAKE_ONLY, MODEL, TIMING, Contender
from redway.improvement.decline import DECLINE_CONTENDERS, decline_rows, learn_decline
from redway.improvement.design import school_year
from redway.improvement.held_values import values_of
from redway.improvement.questions import Question
from redway.improvement.ranking_measures import (
    Measured,
    Ranking,
    draws_of_schools,
    share_of,
    shuffled_aucs,
    visited,
    within_strata_auc,
)
from redway.improvement.terms import Window, months_later
from redway.improvement.training import answers_of, asked
from redway.improvement.unseen import scores_of_unseen
from redway.improvement.workbench import Trial, Workbench

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHARES = (0.1, 0.2)
SHUFFLES = 200
"""Orders the answers are put in to see what the counting makes of nothing."""


@dataclass(frozen=True)
class GroupRow:
    """Of one group of schools: how many did not fall, and the share of these in the top tenth and fifth."""

    group: str
    schools: int
    fell: int
    false_alarms: Mapping[float, float]


@dataclass(frozen=True)
class ContenderRow:
    """One line of the table."""

    code: str
    words: str
    auc: Measured
    recall: Mapping[float, Measured]
    precision: Mapping[float, Measured]
    visits_recall: Measured
    visits_precision: Measured
    calibration: Calibration | None
    """Of forecast probabilities against what happened; none for the base rate."""
    brier_skill: float | None
    """How much nearer the probabilities are than the base rate: 0 is no better, 1 perfect."""
    lead_terms: float | None
    """Median school terms from the date to the inspection, of those that fell and were in the top fifth."""
    by_deprivation: tuple[GroupRow, ...]
    by_phase: tuple[GroupRow, ...]


@dataclass(frozen=True)
class LeakCheck:
    """What was looked at because a score seemed too good, and what it says."""

    ceiling: float
    above: bool
    shuffled_auc: float
    """With the answers in other orders, the mean; anything but a half means that the counting is wrong."""
    shuffled_spread: float
    """The standard deviation over those orders: how far luck alone takes an AUC of so many schools."""
    unseen_auc: float | None
    """Of schools of authorities that nothing was learned from, so that none is known again; None where the
    rest is too little to learn from."""
    within_due_auc: float
    """Among schools of one grade last inspected in one school year, where the calendar tells nothing."""
    timing_auc: float
    """What the calendar alone reaches."""


@dataclass(frozen=True)
class DateResult:
    """The table of one question on one decision date."""

    question: Question
    decision: date
    window: Window
    schools: int
    events: int
    unknown: int
    """Schools whose record does not reach the window's end; they are in no figure here."""
    trained_on: tuple[Window, ...]
    training_rows: int
    training_events: int
    rows: tuple[ContenderRow, ...]
    leak_check: LeakCheck | None
    beats_intake: bool
    """The kill rule: the model's lower limit of recall in the top fifth is above the intake-only recall."""
    needs_sign_off: tuple[str, ...]
    """Limits of fairness that the model passes: nobody is shown its scores until a person signs that off."""

    def row(self, code: str) -> ContenderRow:
        """One line by code. Raises NotFound."""
        for row in self.rows:
            if row.code == code:
                return row
        raise NotFound(f"There is no line '{code}'.", "See contenders.CONTENDERS.")

    @property
    def probabilities_hidden(self) -> bool:
        """Whether the model's calibration is so far out that only ranks may be shown."""
        slope = self.row(MODEL.code).calibration
        return slope is None or not _slope_allowed(slope, self.decision)

    @property
    def banner(self) -> str:
        """Why probabilities are hidden; empty where they may be shown."""
        if not self.probabilities_hidden:
            return ""
        low, high = _slope_limits(self.decision)
        slope = self.row(MODEL.code).calibration
        found = f"is {slope.slope:.3f}, outside {low:g} to {high:g}" if slope else "cannot be told"
        return f"The calibration slope {found}: probabilities are hidden and ranks kept."

    @property
    def headline(self) -> str:
        """The sentence that stands over the table."""
        if not self.beats_intake:
            return "No better than intake: indicators and charts are shown, and no score."
        return "Ranks where to look first; it does not predict Ofsted."


def evaluate_date(
    bench: Workbench,
    question: Question,
    decision: date,
    *,
    months: int = 12,
    seed: int = 0,
    contenders: Sequence[Contender] = CONTENDERS,
) -> DateResult:
    """The whole table of one question on one date.

    Raises NotEnoughData when the record of inspections ends too soon, or too few windows had closed.
    """
    window = bench.window(decision, months)
    every = bench.outcomes(decision, window)
    rows = asked(every, question)
    answers = answers_of(rows, question)
    draws = draws_of_schools(rows.height, seed)
    learned_from = bench.training(question, decision)
    lines, scores = [], {}
    for contender in contenders:
        trial = bench.learn(question, contender, decision, months)
        scores[contender.code] = trial.scores(rows, window, decision)
        lines.append(_line(contender, scores[contender.code], trial, rows, answers, draws, decision))
    found = {line.code: line for line in lines}
    model, intake = found.get(MODEL.code), found.get(INTAKE_ONLY.code)
    return DateResult(
        question,
        decision,
        window,
        rows.height,
        int(answers.sum()),
        int(every["inspected"].is_null().sum()),
        tuple(each for _, each in learned_from.frames),
        sum(frame.height for frame, _ in learned_from.frames),
        int(learned_from.answers.sum()),
        tuple(lines),
        _leak_check(bench, question, window, rows, answers, scores, found, decision, seed),
        bool(model and intake and model.recall[0.2].lower > intake.recall[0.2].value),
        _limits_passed(model, decision) if model else (),
    )


def evaluate_decline(
    bench: Workbench, decision: date, *, seed: int = 0, contenders: Sequence[Contender] = DECLINE_CONTENDERS
) -> DateResult:
    """The table of the question about results, with the same lines.

    Raises NotEnoughData when the results after the decision, or those to learn from, are not held.
    """
    panel = bench.panel
    every = decline_rows(panel.rows, panel.below_rule, decision)
    rows = every.filter(pl.col("fell").is_not_null())
    if not rows.height:
        raise NotEnoughData(f"No results after {decision} are held.", "Choose an earlier date.")
    answers = answers_of(rows, Question.DECLINE)
    draws = draws_of_schools(rows.height, seed)
    window = Window(decision, rows["next_public"].max())  # type: ignore[arg-type]
    lines = []
    for contender in contenders:
        trial = learn_decline(panel.rows, panel.below_rule, contender, decision, bench.settings)
        lines.append(
            _line(contender, trial.scores(rows, window, decision), trial, rows, answers, draws, decision)
        )
    found = {line.code: line for line in lines}
    learned = decline_rows(panel.rows, panel.below_rule, months_later(decision, -12))
    known = learned.filter(pl.col("next_public") <= decision)
    return DateResult(
        Question.DECLINE,
        decision,
        window,
        rows.height,
        int(answers.sum()),
        every.height - rows.height,
        (Window(months_later(decision, -12), decision),),
        known.height,
        int(known["fell"].sum()),
        tuple(lines),
        None,
        found[MODEL.code].recall[0.2].lower > found[INTAKE_ONLY.code].recall[0.2].value,
        _limits_passed(found[MODEL.code], decision),
    )


def _line(
    contender: Contender,
    scores: Floats,
    trial: Trial,
    rows: pl.DataFrame,
    answers: Flags,
    draws: Floats,
    decision: date,
) -> ContenderRow:
    ranking = Ranking(scores, answers, draws)
    visits = values_of("early-warning.toml").whole_number_on("visits", decision)
    chosen = visited(scores, rows["la_code"].to_numpy().astype(str), visits)
    logit = trial.calibration.of(scores)
    flat = bool(np.ptp(scores) == 0)
    flags = {share: _top(scores, share) for share in SHARES}
    fifth = flags[0.2] & answers & rows["after_years"].is_not_null().to_numpy()
    lead = rows["after_years"].to_numpy()[fifth] * 3
    return ContenderRow(
        contender.code,
        contender.words,
        ranking.auc(),
        {share: ranking.recall(share) for share in SHARES},
        {share: ranking.precision(share) for share in SHARES},
        share_of(chosen, answers, draws),
        share_of(answers, chosen, draws),
        None if flat else calibration_slope(logit, answers),
        None if flat else _brier_skill(logit, answers),
        float(np.median(lead)) if len(lead) and not flat else None,
        _groups(_deprivation_fifth(rows), answers, flags),
        _groups(rows["phase"].to_list(), answers, flags),
    )


def _top(scores: Floats, share: float) -> Flags:
    flagged = np.zeros(len(scores), dtype=bool)
    flagged[np.argsort(-scores, kind="stable")[: round(share * len(scores))]] = True
    return flagged


def _brier_skill(logit: Floats, answers: Flags) -> float:
    base = answers.mean()
    return float(1 - np.mean((expit(logit) - answers) ** 2) / np.mean((base - answers) ** 2))


def _deprivation_fifth(rows: pl.DataFrame) -> list[str]:
    """Fifths by free school meals beside the phase, the first the most deprived; 'not held' apart."""
    rank = rows["free_meals"].rank("ordinal", descending=True)
    fifth = ((rank - 1) * 5 // rows["free_meals"].is_not_null().sum() + 1).cast(pl.String)
    return fifth.fill_null("not held").to_list()


def _groups(labels: Sequence[str], answers: Flags, flags: Mapping[float, Flags]) -> tuple[GroupRow, ...]:
    of = np.array(labels)
    made = []
    for label in sorted(set(labels)):
        inside = of == label
        stable = inside & ~answers
        made.append(
            GroupRow(
                label,
                int(inside.sum()),
                int((inside & answers).sum()),
                {share: float(flag[stable].mean()) if stable.any() else 0.0 for share, flag in flags.items()},
            )
        )
    return tuple(made)


def _leak_check(
    bench: Workbench,
    question: Question,
    window: Window,
    rows: pl.DataFrame,
    answers: Flags,
    scores: Mapping[str, Floats],
    lines: Mapping[str, ContenderRow],
    decision: date,
    seed: int,
) -> LeakCheck | None:
    held = values_of("early-warning.toml")
    name = f"auc-ceiling-{question.value}"
    if name not in held.names() or MODEL.code not in lines or TIMING.code not in lines:
        return None
    ceiling = float(held.number_on(name, decision))
    model = scores[MODEL.code]
    try:
        unseen = Ranking(scores_of_unseen(bench, question, decision, window, rows), answers).auc().value
    except NotEnoughData:
        unseen = None
    shuffled = shuffled_aucs(model, answers, SHUFFLES, seed)
    due = [
        (grade, converted is not None, school_year(opened if converted is not None else last))
        for grade, converted, opened, last in rows.select(
            "last_grade", "years_converted", "opened", "last_started"
        ).iter_rows()
    ]
    return LeakCheck(
        ceiling,
        lines[MODEL.code].auc.value > ceiling,
        float(np.mean(shuffled)),
        float(np.std(shuffled)),
        unseen,
        within_strata_auc(model, answers, due),
        lines[TIMING.code].auc.value,
    )


def _limits_passed(line: ContenderRow, decision: date) -> tuple[str, ...]:
    held = values_of("early-warning.toml")
    most = float(held.number_on("false-alarms-most-deprived", decision)) / 100
    ratio = float(held.number_on("false-alarms-ratio", decision))
    passed = []
    fifths = {row.group: row for row in line.by_deprivation}
    if {"1", "5"} <= set(fifths):
        for share in SHARES:
            first, last = fifths["1"].false_alarms[share], fifths["5"].false_alarms[share]
            if first > most:
                passed.append(
                    f"False alarms in the most deprived fifth are {first:.0%} at the top {share:.0%}; "
                    f"the limit is {most:.0%}."
                )
            if first > ratio * last:
                passed.append(
                    f"False alarms in the most deprived fifth are {first:.0%} at the top {share:.0%} and in "
                    f"the least {last:.0%}: more than {ratio:g} times."
                )
    return tuple(passed)


def _slope_limits(decision: date) -> tuple[float, float]:
    held = values_of("early-warning.toml")
    low, high = (held.number_on(f"calibration-slope-{end}", decision) for end in ("lowest", "highest"))
    return float(low), float(high)


def _slope_allowed(calibration: Calibration, decision: date) -> bool:
    low, high = _slope_limits(decision)
    return low <= calibration.slope <= high
