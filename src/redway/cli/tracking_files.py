"""Files of pupils, of their assessments and of earlier results, followed without a data folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from redway.attainment.group_gaps import GROUPS, band_bounds, with_prior_band
from redway.attainment.model import Model, fit_frame
from redway.attainment.tracking import Term, Tracked, track
from redway.attainment.tracking_estimates import tracking_estimates
from redway.attainment.tracking_rule import YEAR_GROUPS, TrackingRule, rule_for
from redway.cli.progress8_files import UnclearPupils, year_in_name
from redway.cli.pupil_tables import columns_of, read_columns
from redway.core.errors import NotFound
from redway.core.words import listed
from redway.web.attainment.formulas import ESTIMATES_ALLOW_FOR, formula

_YES_OR_NO = ("free_school_meals", "english_additional_language", "in_care", "joined_late")
_TRUE, _FALSE = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
_NUMBERS = frozenset(["year_group", "month_of_birth", "prior_attainment", "assessment"])
_ABOUT_PUPILS = ("urn", "surname", "forename", "month_of_birth")


@dataclass(frozen=True)
class FollowedFiles:
    """A year group of some files, followed in one subject."""

    tracked: Tracked
    model: Model
    year_group: int


def follow_files(
    pupils: Path,
    assessments: Path,
    results: Path,
    subject: str,
    year_group: int | None,
    on: date,
    at: Term | None,
) -> FollowedFiles:
    """Follow the pupils of one year group, the oldest on the way to the results when none is named.

    Raises what the files, the fit and the rules raise.
    """
    rule = rule_for(subject, on)
    model = _model(results, subject)
    held = _year_group(_pupils(pupils), rule, year_group)
    held = with_prior_band(held, band_bounds(held["prior_attainment"]))
    tracked = track(held, _assessments(assessments), tracking_estimates(held, model), rule, at)
    return FollowedFiles(tracked, model, int(held["year_group"][0]))


def _model(path: Path, subject: str) -> Model:
    """The model of the results: what estimates of pupils allow for, as far as the file has it."""
    found = columns_of([path])
    also = tuple(name for name in ("gender", "month_of_birth") if name in found)
    frame = read_columns([path], ("urn", subject, "prior_attainment", *also), _NUMBERS | {subject})
    frame = frame.rename({"urn": "school"})
    return fit_frame(frame, formula(subject, ESTIMATES_ALLOW_FOR, frame.columns))


def _pupils(path: Path) -> pl.DataFrame:
    found = columns_of([path])
    also = [name for name in (*_ABOUT_PUPILS, *GROUPS) if name in found]
    frame = read_columns([path], ("pupil", "year_group", "prior_attainment", *also), _NUMBERS)
    _refuse_missing(path, frame, "pupil")
    return frame.with_columns(_truth(path, frame, name) for name in _YES_OR_NO if name in frame.columns)


def _truth(path: Path, frame: pl.DataFrame, name: str) -> pl.Series:
    """A column of yes and no. Raises UnclearPupils for another word."""
    words = frame[name].str.to_lowercase()
    odd = words.filter(words.is_not_null() & ~words.is_in([*_TRUE, *_FALSE])).unique().sort()
    if len(odd):
        raise UnclearPupils(
            f"'{name}' in {path.name} holds '{odd[0]}', which is neither yes nor no.", "Write yes or no."
        )
    meant = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}
    return words.replace_strict(meant, default=None, return_dtype=pl.Boolean).alias(name)


def _year_group(pupils: pl.DataFrame, rule: TrackingRule, asked: int | None) -> pl.DataFrame:
    """The pupils of the year group asked for, else of the oldest on the way to the results."""
    first, last = YEAR_GROUPS[rule.key_stage]
    groups = pupils["year_group"].drop_nulls().unique().sort().cast(pl.Int64).to_list()
    fitting = [group for group in groups if first <= group <= last]
    if not fitting or (asked is not None and asked not in fitting):
        held = f"The file has year groups {listed(str(group) for group in groups)}." if groups else ""
        raise NotFound(
            f"No pupil is in {'year ' + str(asked) if asked else f'years {first} to {last}'}, on the way to "
            f"results in {rule.subject}.",
            held or "Check the column year_group.",
        )
    return pupils.filter(pl.col("year_group") == (asked or fitting[-1]))


def _assessments(path: Path) -> pl.DataFrame:
    """The assessments, each with its school year: from a column, else from the file's name."""
    found = columns_of([path])
    dated = [name for name in ("year", "academic_year") if name in found][:1]
    columns = ("pupil", "year_group", "term", "subject", "assessment", *dated)
    frame = read_columns([path], columns, _NUMBERS)
    if dated:
        return frame.rename({dated[0]: "year"}).with_columns(pl.col("term").str.to_lowercase())
    year = year_in_name([path])
    if year is None:
        raise NotFound(
            f"Of which school year are the assessments in {path.name}?",
            "Add a column 'year' such as 2025-26, or put the year into the file's name.",
        )
    return frame.with_columns(pl.lit(year).alias("year"), pl.col("term").str.to_lowercase())


def _refuse_missing(path: Path, frame: pl.DataFrame, column: str) -> None:
    blank = frame[column].null_count()
    if blank:
        raise UnclearPupils(
            f"'{column}' is blank in {blank} rows of {path.name}.", "Give every pupil a number."
        )
