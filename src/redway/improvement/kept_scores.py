"""Scores of an authority as they were computed, and how well scores like these had done: read back from text.

Nothing is computed here. ``redway early-warning score --json`` and ``evaluate --json`` write what is read,
so a page shows what a command said, on the data named in it. The kill rule is applied on reading: without an
evaluation on record, or where the latest one is no better than intake alone, there is no score to show.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

from scipy.special import expit

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.improvement.contenders import INTAKE_ONLY, MODEL
from redway.improvement.held_values import values_of
from redway.improvement.plain_words import LIKE_INTAKE, OF_THE_PHASE
from redway.improvement.questions import WORDS, Question

FORMAT = 1
ENGLAND = 10_000
"""Schools scored together, below which they are those of some authorities and not of England."""


class ScoresUnreadable(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A text that is no set of scores, or not one of an authority."""


@dataclass(frozen=True)
class KeptContribution:
    """What one figure adds to a school's score, in words."""

    words: str
    group: str
    value: str
    adds: float
    public_from: date | None

    @property
    def way(self) -> str:
        """'raises', 'lowers' or 'does not change'."""
        return "raises" if self.adds > 0.005 else "lowers" if self.adds < -0.005 else "does not change"

    @property
    def level_and_beside(self) -> tuple[str, str]:
        """The value apart from what it is held against: 'far above' and 'schools of like intake'."""
        for others in (LIKE_INTAKE, OF_THE_PHASE):
            if self.value.endswith(f" {others}"):
                return self.value.removesuffix(f" {others}").removesuffix(" as"), others
        return self.value, ""


@dataclass(frozen=True)
class KeptSchool:
    """One scored school. ``rank`` is among all schools scored with it, ``place`` in the authority."""

    school: str
    urn: str
    name: str
    phase: str
    chance: float
    lower: float
    upper: float
    rank: int
    rank_lower: int
    rank_upper: int
    """The ranks its interval reaches among the schools of the authority."""
    of: int
    place: int
    band: str
    last_grade: str
    last_inspected: date
    base: float
    """The log-odds before anything of the school is known; with the contributions they are its score."""
    contributions: tuple[KeptContribution, ...]
    gaps: tuple[str, ...]

    @property
    def places_in_words(self) -> str:
        """The places its interval reaches in the authority: '3 to 12', or '1' where there is one alone."""
        if self.rank_lower == self.rank_upper:
            return str(self.rank_lower)
        return f"{self.rank_lower} to {self.rank_upper}"

    @property
    def reasons(self) -> str:
        """What raises the score most, at most three, in a line."""
        raising = [one for one in self.contributions if one.adds > 0.1][:3]
        return "; ".join(f"{one.words}: {one.value}" for one in raising) or "Nothing stands out"


@dataclass(frozen=True)
class KeptUnscored:
    """A school without a score, and why."""

    school: str
    urn: str
    name: str
    reason: str


@dataclass(frozen=True)
class KeptEvaluation:
    """The table of one question on one date: each way of scoring beside the others."""

    decision: date
    window_end: date
    schools: int
    events: int
    beats_intake: bool
    needs_sign_off: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    local: tuple[str, ...] = ()
    """What the schools of the authority alone say of the score, which is little."""

    def line(self, code: str) -> Mapping[str, Any]:
        """One way of scoring by its code."""
        for row in self.rows:
            if row["code"] == code:
                return row
        raise ScoresUnreadable(f"The evaluation has no line '{code}'.", "Evaluate again.")

    @property
    def slope(self) -> float | None:
        """Calibration slope of the score that is shown."""
        held = self.line(MODEL.code).get("calibration")
        return float(held["slope"]) if held else None

    @property
    def probabilities_hidden(self) -> bool:
        """Whether the slope is so far out that only ranks may be shown."""
        held = values_of("early-warning.toml")
        low, high = (
            float(held.number_on(f"calibration-slope-{end}", self.decision)) for end in ("lowest", "highest")
        )
        return self.slope is None or not low <= self.slope <= high

    @property
    def against_intake(self) -> str:
        """The kill rule in figures."""
        model, intake = (self.line(one.code)["recall"]["0.2"] for one in (MODEL, INTAKE_ONLY))
        return (
            f"Of the schools that fell, the top fifth of the score's list held {model['value']:.0%} "
            f"({model['lower']:.0%} to {model['upper']:.0%}); a list by intake alone held "
            f"{intake['value']:.0%}."
        )


@dataclass(frozen=True)
class KeptScores:
    """The answer for an authority on a decision date."""

    authority: str
    decision: date
    question: Question
    window_start: date
    window_end: date
    learned_for: date
    learned_until: date
    trained_rows: int
    trained_events: int
    mapping: str
    sources: tuple[tuple[str, str], ...]
    """(file, what marks its version) of everything the figures were read from."""
    schools: tuple[KeptSchool, ...]
    insufficient: tuple[KeptUnscored, ...]
    not_scored: tuple[KeptUnscored, ...]
    evaluations: tuple[KeptEvaluation, ...]
    """Of the same question, the earliest first."""
    signed_off_by: str = ""
    """Who signed off limits of fairness that are passed; empty where nobody did or nobody has to."""

    @property
    def awaits_sign_off(self) -> tuple[str, ...]:
        """The limits of fairness that are passed and that nobody has signed off."""
        latest = self.evaluation
        return (
            () if latest is None or not latest.beats_intake or self.signed_off_by else latest.needs_sign_off
        )

    @property
    def model_version(self) -> str:
        """The question and the day the model was learned for: 'A-2017-09-01'."""
        return f"{self.question.value}-{self.learned_for.isoformat()}"

    @property
    def among(self) -> str:
        """Among whom a rank is: 'in England', or 'of the schools held' where the files are of a few
        authorities."""
        size = self.schools[0].of if self.schools else ENGLAND
        return "in England" if size >= ENGLAND else "of the schools held"

    @property
    def asked(self) -> str:
        """The question in words."""
        return WORDS[self.question]

    @property
    def evaluation(self) -> KeptEvaluation | None:
        """The latest on record."""
        return self.evaluations[-1] if self.evaluations else None

    @property
    def killed_because(self) -> str:
        """Why no score may be shown; empty where one may."""
        if self.evaluation is None:
            return (
                "No evaluation of this score is on record, so nobody can say whether it is better than a "
                "list by intake alone. Indicators and charts are shown, and no score."
            )
        if not self.evaluation.beats_intake:
            return (
                f"On {day_in_words(self.evaluation.decision)} the score was no better than a list by intake "
                f"alone. {self.evaluation.against_intake} Indicators and charts are shown, and no score."
            )
        if self.awaits_sign_off:
            return (
                f"{' '.join(self.awaits_sign_off)} Until a person signs that off, indicators and charts are "
                "shown, and no score."
            )
        return ""

    def of_school(self, key: str) -> KeptSchool | None:
        """The score of one school by its continuing key."""
        return next((one for one in self.schools if key in (one.school, one.urn)), None)

    def without_score(self, key: str) -> KeptUnscored | None:
        """Why a school has none."""
        every = (*self.insufficient, *self.not_scored)
        return next((one for one in every if key in (one.school, one.urn)), None)


def written(scores: Mapping[str, Any], evaluation: Mapping[str, Any] | None, authority: str) -> str:
    """Two answers of the command as the one text that is kept. Raises ScoresUnreadable as :func:`read`
    does."""
    if not isinstance(scores, Mapping) or not isinstance(evaluation or {}, Mapping):
        raise ScoresUnreadable(
            "This is no answer of the command that scores or evaluates.",
            "Write the files with: redway early-warning score --json, and evaluate --json",
        )
    question = scores.get("question")
    held = [one for one in (evaluation or {}).get("results", ()) if one.get("question") == question]
    text = json.dumps(
        {"format": FORMAT, "authority": authority, "scores": scores, "evaluations": held},
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    read(text)
    return text


def read(text: str) -> KeptScores:
    """Scores from their text.

    Raises ScoresUnreadable for a text that is none, and where it names schools of another authority.
    """
    try:
        held = json.loads(text)
        if held["format"] != FORMAT:
            raise KeyError("format")
        return _read(held)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ScoresUnreadable(
            f"This is no set of scores that can be read ({error}).",
            "Make it with: redway early-warning score --as-at DATE --authority CODE --json",
        ) from None


def _read(held: Mapping[str, Any]) -> KeptScores:
    scores, authority = held["scores"], str(held["authority"])
    elsewhere = [
        one["name"]
        for part in ("schools", "insufficient_data", "not_scored")
        for one in scores[part]
        if one["authority"] != authority
    ]
    if elsewhere:
        raise ScoresUnreadable(
            f"{elsewhere[0]} and {len(elsewhere) - 1} more are not schools of authority {authority}.",
            "Score one authority: redway early-warning score --as-at DATE --authority CODE --json",
        )
    model = scores["model"]
    evaluations = sorted(
        (_evaluation(one, authority) for one in held["evaluations"]), key=lambda one: one.decision
    )
    return KeptScores(
        authority,
        date.fromisoformat(scores["as_at"]),
        Question(scores["question"]),
        date.fromisoformat(scores["window"]["start"]),
        date.fromisoformat(scores["window"]["end"]),
        date.fromisoformat(model["learned_for"]),
        date.fromisoformat(model["learned_until"]),
        int(model["rows"]),
        int(model["falls"]),
        str(model["mapping"]),
        tuple((str(one["file"]), str(one["version"])) for one in scores.get("sources", ())),
        _schools(scores["schools"], float(scores["base"])),
        _unscored(scores["insufficient_data"]),
        _unscored(scores["not_scored"]),
        tuple(evaluations),
    )


def _schools(rows: Sequence[Mapping[str, Any]], base: float) -> tuple[KeptSchool, ...]:
    ordered = sorted(rows, key=lambda row: int(row["rank"]))
    chances = [float(row["chance"]) for row in ordered]
    for row in ordered:
        _refuse_what_does_not_add_up(row, base)
    return tuple(
        KeptSchool(
            str(row["school"]),
            str(row["urn"]),
            str(row["name"]),
            str(row["phase"]),
            float(row["chance"]),
            float(row["lower"]),
            float(row["upper"]),
            int(row["rank"]),
            1 + sum(chance > float(row["upper"]) for chance in chances),
            max(place, sum(chance >= float(row["lower"]) for chance in chances)),
            int(row["of"]),
            place,
            str(row["band"]),
            str(row["last_grade"]),
            date.fromisoformat(row["last_inspected"]),
            base,
            tuple(_contribution(one) for one in row["contributions"]),
            tuple(str(one) for one in row["gaps"]),
        )
        for place, row in enumerate(ordered, 1)
    )


def _refuse_what_does_not_add_up(row: Mapping[str, Any], base: float) -> None:
    """What a page shows as the make-up of a score must be that of this score."""
    logit = fsum([base, *(float(one["adds"]) for one in row["contributions"])])
    if abs(float(expit(logit)) - float(row["chance"])) > 1e-6:
        raise ScoresUnreadable(
            f"What the score of {row['name']} is made of adds up to {expit(logit):.1%} and not to "
            f"{float(row['chance']):.1%}.",
            "Score again: redway early-warning score --as-at DATE --authority CODE --json",
        )


def _contribution(row: Mapping[str, Any]) -> KeptContribution:
    public = row["public_from"]
    return KeptContribution(
        str(row["words"]),
        str(row["group"]),
        str(row["value"]),
        float(row["adds"]),
        date.fromisoformat(public) if public else None,
    )


def _unscored(rows: Sequence[Mapping[str, Any]]) -> tuple[KeptUnscored, ...]:
    return tuple(
        KeptUnscored(str(row["school"]), str(row["urn"]), str(row["name"]), str(row["reason"]))
        for row in rows
    )


def _evaluation(row: Mapping[str, Any], authority: str) -> KeptEvaluation:
    local = row.get("local") or {}
    return KeptEvaluation(
        date.fromisoformat(row["decision"]),
        date.fromisoformat(row["window"]["end"]),
        int(row["schools"]),
        int(row["events"]),
        bool(row["beats_intake"]),
        tuple(str(one) for one in row["needs_sign_off"]),
        tuple(row["rows"]),
        tuple(local["sentences"]) if local.get("authority") == authority else (),
    )
