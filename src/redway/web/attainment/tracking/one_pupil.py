"""What the page of one pupil says: every subject, what the estimate rests on, what is missing and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from redway.attainment.tracking import Standing, Term
from redway.attainment.tracking_rule import TERMS
from redway.core.errors import RedwayError
from redway.core.words import counted, listed, number
from redway.figures.table import Column, Kind, Row, Table
from redway.web.attainment.formulas import KEY_STAGES, PRIOR_STAGES, Outcome
from redway.web.attainment.tracking.access import Pupil
from redway.web.attainment.tracking.following import Followed, Sources, followed, key_stage_of, subjects_of
from redway.web.attainment.tracking.words import chance_in_words, standing_in_words

_EARLIER = {
    "prior_attainment": "All together",
    "prior_reading": "Reading",
    "prior_writing": "Writing",
    "prior_maths": "Maths",
}


@dataclass(frozen=True)
class InSubject:
    """One pupil in one subject."""

    followed: Followed
    row: dict[str, Any]
    """The pupil's row in ``Tracked.pupils``."""
    path: pl.DataFrame
    """The pupil's assessments: ``tracking.PATH_SCHEMA``."""

    @property
    def subject(self) -> Outcome:
        return self.followed.subject

    @property
    def label(self) -> str:
        return self.subject.label[:1].upper() + self.subject.label[1:]

    @property
    def standing(self) -> str:
        """'▼ At risk'."""
        return standing_in_words(self.row["standing"])

    @property
    def estimate(self) -> str:
        """'52.1, from 31.0 to 73.2'; empty where there is none."""
        if self.row["estimate"] is None:
            return ""
        value, low, high = (
            self._shown(self.row[key]) for key in ("estimate", "estimate_low", "estimate_high")
        )
        return f"{value}, from {low} to {high}"

    @property
    def chance(self) -> str:
        return "" if self.row["chance"] is None else chance_in_words(self.row["chance"])

    @property
    def not_assessed(self) -> list[str]:
        """Terms in which others of the year group were assessed and this pupil was not."""
        held = set(self.path.select("year", "term").rows())
        tracked = self.followed.tracked
        return [
            term.label
            for term in tracked.terms
            if (tracked.at is None or term <= tracked.at) and (term.year, term.name) not in held
        ]

    @property
    def lead(self) -> str:
        """What the page says first."""
        if self.row["standing"] == Standing.NOT_KNOWN.value:
            return f"{self.label}: it is not known how the pupil stands. Why: {self.row['reason']}."
        at = self.followed.tracked.at
        distance = self.row["distance"]
        where = "on the expected path"
        if abs(distance) >= 0.05:
            side = "above" if distance > 0 else "below"
            where = f"{number(abs(distance), 1)} {self.subject.unit} {side} the expected path"
        when = at.label.lower() if at else "the last term"
        return f"{self.label}: assessed in {when} at {self._shown(self.row['assessment'])}, {where}."

    def _shown(self, value: float) -> str:
        return number(value, self.subject.decimals)

    def missing(self) -> list[str]:
        """What is missing, and why no more can be said."""
        said = []
        if self.row["reason"]:
            said.append(f"{self.label}: {self.row['reason']}.")
        if self.followed.refusal:
            said.append(self.followed.refusal)
        if self.not_assessed:
            said.append(f"{self.label}: no assessment is held of {listed(self.not_assessed).lower()}.")
        return said

    def terms_table(self) -> Table:
        """The assessments, the newest first."""
        unit, decimals = self.subject.unit, self.subject.decimals
        rows: list[Row] = [
            {
                "term": Term(row["year"], TERMS.index(row["term"])).label,
                "assessment": row["assessment"],
                "expected": row["expected"],
                "distance": row["distance"],
                "chance": "" if row["chance"] is None else chance_in_words(row["chance"]),
                "standing": "" if row["standing"] is None else standing_in_words(row["standing"]),
            }
            for row in reversed(self.path.to_dicts())
        ]
        return Table(
            f"{self.label}: assessments term by term",
            (
                Column("term", "Term"),
                Column("assessment", f"Assessed at ({unit})", Kind.NUMBER, decimals),
                Column("expected", "On the path", Kind.NUMBER, 1),
                Column("distance", "Above or below", Kind.NUMBER, 1),
                Column("chance", "Chance to reach the estimate"),
                Column("standing", "Standing"),
            ),
            rows,
        )


@dataclass(frozen=True)
class PupilProgress:
    """One pupil in every subject of the key stage."""

    pupil: Pupil
    subjects: Sequence[InSubject]
    shown: InSubject | None
    """The subject the page is about; None when the pupil cannot be followed."""
    refusal: str

    @property
    def key_stage(self) -> str:
        return key_stage_of(self.pupil.year_group)

    def subjects_table(self) -> Table:
        """Every subject on one line."""
        rows: list[Row] = [
            {
                "subject": one.label,
                "code": one.subject.asked,
                "standing": one.standing,
                "estimate": one.estimate or "None",
                "chance": one.chance,
                "why": one.row["reason"],
            }
            for one in self.subjects
        ]
        columns = [
            Column("subject", "Subject"),
            Column("standing", "Standing"),
            Column("estimate", "Estimate, and where such pupils end"),
            Column("chance", "Chance to reach it"),
        ]
        columns += [Column("why", "Why it is not known")] if any(row["why"] for row in rows) else []
        return Table(f"On the way to the results of {KEY_STAGES[self.key_stage].lower()}", columns, rows)

    def earlier(self) -> list[tuple[str, str]]:
        """Results at the key stage before, for a summary list."""
        row = self.pupil.row.to_dicts()[0]
        return [
            (words, number(row[column], 1) if row.get(column) is not None else "Not held")
            for column, words in _EARLIER.items()
            if column in row and (row[column] is not None or column == "prior_attainment")
        ]

    @property
    def earlier_stage(self) -> str:
        """'Key stage 2'."""
        stage = PRIOR_STAGES[self.key_stage]
        return stage[:1].upper() + stage[1:]

    def rests_on(self) -> list[str]:
        """What the estimate allows for, and what it does not."""
        one = self.shown
        if one is None or one.followed.model is None:
            return []
        fit = one.followed.model.fit
        reached = (
            f"The estimate is what pupils alike in attainment at {PRIOR_STAGES[self.key_stage]}, gender and "
            f"month of birth reached on average in {one.followed.model_year}: "
            f"{counted(fit.n_pupils, 'pupil')} at {counted(fit.n_groups, 'school')} of the authority. "
            "Of 100 such pupils 95 ended within the range."
        )
        return [
            reached,
            "It does not allow for free school meals, ethnic group or special educational needs.",
        ]

    def missing(self) -> list[str]:
        return self.shown.missing() if self.shown else []


def progress_of(pupil: Pupil, sources: Sources, asked: str, on: date) -> PupilProgress:
    """One pupil; ``asked`` names the subject to show, as addresses do: 'ks4-maths_points'."""
    found, refusal = [], ""
    for subject in subjects_of(pupil.year_group):
        try:
            whole = followed(sources, subject, pupil.year_group, on)
        except RedwayError as error:
            refusal = f"{error.message} {error.next_step}".strip()
            continue
        if whole is not None:
            found.append(_in_subject(whole, pupil.number))
    shown = next((one for one in found if one.subject.asked == asked), found[0] if found else None)
    return PupilProgress(pupil, found, shown, refusal)


def _in_subject(whole: Followed, number: str) -> InSubject:
    own = pl.col("pupil") == number
    return InSubject(whole, whole.pupils.filter(own).to_dicts()[0], whole.tracked.path.filter(own))
