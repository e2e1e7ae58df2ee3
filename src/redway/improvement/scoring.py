"""Scores of schools: the chance with its interval, the rank, and what the score is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from redway.core.errors import NotFound
from redway.core.words import counted
from redway.improvement.design import PUBLISHED_SHARE, RECORD_WORDS, design
from redway.improvement.early_warning import EarlyWarningModel
from redway.improvement.features import Group
from redway.improvement.frameworks import Grade
from redway.improvement.held_values import values_of
from redway.improvement.plain_words import grade_words, missing_words, value_words
from redway.improvement.questions import at_risk

Floats = NDArray[np.float64]

LOOK_FIRST, LOOK_NEXT, OTHERS = "look first", "look next", "not among the first"
INSUFFICIENT = "insufficient data"
PUBLIC_DAY = {
    **dict.fromkeys(("progress", "attainment", "worst_progress"), "public:results"),
    **dict.fromkeys(("progress_change", "attainment_change"), "public:results"),
    **{f"{name}_like": "public:results_like" for name in ("progress", "attainment", "worst_progress")},
    "absence": "public:absence",
    "absence_change": "public:absence",
    "absence_like": "public:absence_like",
    **dict.fromkeys(("size", "roll_change"), "public:census"),
    **dict.fromkeys(("pupils_per_teacher", "teacher_pay", "teacher_pay_change"), "public:workforce"),
    "assistants_per_teacher": "public:workforce",
    "balance": "public:finance",
    **dict.fromkeys(("authority_below_good", "weaker_parts", "stronger_parts"), "public:record"),
}
"""Feature -> the column of the panel with the day it became public."""
ALIKE = ("season", "year")
"""Features of the date and not of the school."""
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Contribution:
    """What one feature adds to a school's log-odds, beside a school that is usual in it."""

    feature: str
    words: str
    group: Group
    value: str
    """The value in plain words."""
    adds: float
    public_from: date | None
    """The day the figure became public; none for what is known of the school itself."""

    @property
    def sentence(self) -> str:
        """The contribution as a sentence."""
        way = "raises" if self.adds > 0.005 else "lowers" if self.adds < -0.005 else "leaves"
        return f"{self.words[0].upper()}{self.words[1:]}: {self.value}; this {way} the score" + (
            "." if way != "leaves" else " as it is."
        )


@dataclass(frozen=True)
class SchoolScore:
    """One school. ``logit`` is ``base`` and the contributions added up."""

    school: str
    urn: str
    name: str
    la_code: str
    phase: str
    chance: float
    lower: float
    upper: float
    rank: int
    """Among all scored schools of the rows asked about, 1 the highest."""
    of: int
    band: str
    last_grade: str
    last_inspected: date
    base: float
    logit: float
    contributions: tuple[Contribution, ...]
    """The largest first."""
    gaps: tuple[str, ...]
    """Figures that are missing for this school while others have them."""


@dataclass(frozen=True)
class Unscored:
    """A school that has no score, and why; never one of low risk."""

    school: str
    urn: str
    name: str
    la_code: str
    reason: str
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scores:
    """The answer for a date, as columns; schools are made one at a time when asked for.

    ``table`` has a row a scored school, highest first: ``school, urn, name, la_code, phase, last_grade,
    last_started, chance, lower, upper, rank, band, logit`` and the record's columns.
    """

    decision: date
    model: EarlyWarningModel
    table: pl.DataFrame
    parts: dict[str, Floats]
    """Feature -> what it adds, in the order of ``table``; already on the scale of the calibrated log-odds."""
    base: float
    insufficient: tuple[Unscored, ...]
    """Sorted to the top of a list of their own."""
    not_scored: tuple[Unscored, ...]

    def __len__(self) -> int:
        return self.table.height

    @property
    def schools(self) -> list[SchoolScore]:
        """Every scored school, highest first."""
        return list(self.iter())

    def iter(self, la_code: str | None = None) -> Iterator[SchoolScore]:
        """Scored schools, highest first, of one authority where one is named."""
        for at, row in enumerate(self.table.iter_rows(named=True)):
            if la_code is None or row["la_code"] == la_code:
                yield self._school(at, row)

    def of_school(self, school: str) -> SchoolScore:
        """One school by its continuing key or URN. Raises NotFound, saying why it has no score."""
        for at, row in enumerate(self.table.iter_rows(named=True)):
            if school in (row["school"], row["urn"]):
                return self._school(at, row)
        for one in (*self.insufficient, *self.not_scored):
            if school in (one.school, one.urn):
                raise NotFound(f"{one.name} is not scored: {one.reason}.", "See its indicators and charts.")
        raise NotFound(f"School {school} was not open on {self.decision}.", "Check its URN.")

    def _school(self, at: int, row: dict[str, Any]) -> SchoolScore:
        made = [
            Contribution(
                name, words, group, self._words[name][at], adds[at], row.get(PUBLIC_DAY.get(name, ""))
            )
            for name, words, group, adds in self._named
        ]
        return SchoolScore(
            school=str(row["school"]),
            urn=str(row["urn"]),
            name=str(row["name"]),
            la_code=str(row["la_code"]),
            phase=str(row["phase"]),
            chance=row["chance"],
            lower=row["lower"],
            upper=row["upper"],
            rank=row["rank"],
            of=self.table.height,
            band=str(row["band"]),
            last_grade=grade_words(row["last_grade"]),
            last_inspected=row["last_started"],
            base=self.base,
            logit=row["logit"],
            contributions=tuple(sorted(made, key=lambda one: -abs(one.adds))),
            gaps=tuple(words for name, words in self._gap_words if row[name] is None),
        )

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        return {name: value_words(name, self.table) for name in self.parts}

    @cached_property
    def _named(self) -> list[tuple[str, str, Group, list[float]]]:
        known = {feature.name: (feature.words, feature.group) for feature in self.model.recipe.features}
        known |= RECORD_WORDS
        return [(name, *known[name], values.tolist()) for name, values in self.parts.items()]

    @cached_property
    def _gap_words(self) -> list[tuple[str, str]]:
        """Of the figures most of these schools have, how to say that one of them is missing."""
        return [
            (feature.name, missing_words(feature))
            for feature in self.model.recipe.features
            if self.table[feature.name].is_not_null().mean() >= PUBLISHED_SHARE  # type: ignore[operator]
        ]


def score(rows: pl.DataFrame, model: EarlyWarningModel) -> Scores:
    """Score the rows of one decision date of a panel.

    Ranks are among the rows given, so give all of England. A school with more than half of the published
    inputs missing, or whose record does not reach the date, is listed apart. Raises NotFound where the rows
    are of another date than one.
    """
    days = rows["decision"].unique().to_list()
    if len(days) != 1:
        raise NotFound(f"Rows of {len(days)} decision dates were given.", "Score one date at a time.")
    decision: date = days[0]
    asked = at_risk(rows)
    lacking = _lacking(asked, model)
    most = float(values_of("early-warning.toml").number_on("most-missing", decision))
    # A figure that nobody has (its file is not held) is no gap of one school, but a score made of few figures
    # is none either: this many must be held of schools at all.
    few = lacking["inputs"] < (1 - most) * len(model.recipe.features)
    thin = (lacking["share"] > most) | few
    lost = (
        asked["record_known"].not_() if "record_known" in asked.columns else pl.Series([False] * asked.height)
    )
    kept = asked.filter(~(thin | lost))
    made = design(kept, model.window, model.recipe)
    raw = model.model.logit(made)
    logit = model.calibration.of(raw)
    spread = model.calibration.slope * model.model.spread(made)
    order = np.argsort(-logit, kind="stable")
    slope = model.calibration.slope
    parts = {name: slope * values[order] for name, values in model.model.by_feature(made).items()}
    # What is the same for every school explains no difference between them.
    same = {name: float(values[0]) for name, values in parts.items() if name in ALIKE and len(values)}
    base = model.calibration.intercept + slope * model.model.intercept + sum(same.values())
    parts = {name: values for name, values in parts.items() if name not in ALIKE}
    size = kept.height
    table = kept[order.tolist()].with_columns(
        pl.Series("logit", logit[order], dtype=pl.Float64),
        pl.Series("chance", expit(logit[order]), dtype=pl.Float64),
        pl.Series("lower", expit((logit - Z95 * spread)[order]), dtype=pl.Float64),
        pl.Series("upper", expit((logit + Z95 * spread)[order]), dtype=pl.Float64),
        pl.Series("rank", np.arange(1, size + 1)),
        band=pl.Series([_band(rank, size) for rank in range(1, size + 1)], dtype=pl.String),
    )
    return Scores(
        decision,
        model,
        table,
        parts,
        base,
        _listed(asked.filter(thin | lost), lacking.filter(thin | lost), len(model.recipe.features)),
        _others(rows),
    )


def _band(rank: int, size: int) -> str:
    if rank <= 0.1 * size:
        return LOOK_FIRST
    return LOOK_NEXT if rank <= 0.2 * size else OTHERS


def _lacking(rows: pl.DataFrame, model: EarlyWarningModel) -> pl.DataFrame:
    """``missing`` of ``inputs``: of the figures most schools of its phase have, those a row lacks."""
    names = [feature.name for feature in model.recipe.features]
    missing, held = pl.lit(0), pl.lit(0)
    for name in names:
        published = (pl.col(name).is_not_null().mean() >= PUBLISHED_SHARE).over("phase")
        missing = missing + (published & pl.col(name).is_null()).cast(pl.Int64)
        held = held + published.cast(pl.Int64)
    return rows.select(missing=missing, inputs=held).with_columns(
        share=pl.when(pl.col("inputs") > 0).then(pl.col("missing") / pl.col("inputs")).otherwise(1.0)
    )


def _listed(rows: pl.DataFrame, lacking: pl.DataFrame, inputs: int) -> tuple[Unscored, ...]:
    found = [
        Unscored(
            row["school"],
            row["urn"],
            row["name"],
            row["la_code"],
            f"{INSUFFICIENT}: {_why_thin(lack, inputs)}"
            if row.get("record_known", True)
            else f"{INSUFFICIENT}: its inspections are not held up to the date",
        )
        for row, lack in zip(rows.iter_rows(named=True), lacking.iter_rows(named=True), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.la_code, one.name)))


def _why_thin(lack: dict[str, Any], inputs: int) -> str:
    if lack["missing"] or not lack["inputs"]:
        return f"{counted(lack['missing'], 'input')} of {lack['inputs']} missing"
    return f"only {lack['inputs']} of {inputs} inputs are held of any school of its phase"


def _others(rows: pl.DataFrame) -> tuple[Unscored, ...]:
    """Special and other schools, schools already below Good, and those without a grade."""
    reason = (
        pl.when(pl.col("not_scored").is_not_null())
        .then("not_scored")
        .when(pl.col("last_grade").is_null())
        .then(pl.lit("no grade is held"))
        .when(pl.col("last_grade") > Grade.GOOD)
        .then(pl.lit("already below Good"))
    )
    left = rows.with_columns(reason=reason).filter(pl.col("reason").is_not_null()).sort("la_code", "name")
    return tuple(
        Unscored(*values) for values in left.select("school", "urn", "name", "la_code", "reason").iter_rows()
    )
