"""Schools scored again from what is held: on which days that can be done, and doing it.

    found = score_again(sources, date(2018, 9, 1), "826")
    found.scores, found.evaluation  # as ``kept_scores.written`` takes them

The command and the pages share this. A model is learned for the day from all of England; where the files held
are of a few authorities, which teach nothing, the model that comes with Redway is asked instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from redway.core.errors import NotEnoughData, NotFound
from redway.core.words import day_in_words, listed
from redway.improvement.answers import result_answer, scores_answer
from redway.improvement.early_warning import EarlyWarningModel, bundled_model, learn_for
from redway.improvement.errors import GradesNotComparable, Hindsight
from redway.improvement.evaluation import evaluate_date
from redway.improvement.facts import OLDEST_YEARS
from redway.improvement.frameworks import one_mapping
from redway.improvement.local_check import LocalCheck, check_locally
from redway.improvement.national_sources import NationalSources
from redway.improvement.panel import STALE_RECORD, Panel, build_panel
from redway.improvement.publication import PUBLIC_FROM, with_public_day
from redway.improvement.questions import Question
from redway.improvement.scoring import Scores, score
from redway.improvement.terms import Window, dates_needed, terms_between, window_from
from redway.improvement.training import MAPPING, Settings
from redway.improvement.workbench import Workbench

NATION = 10_000
"""Schools with an inspection on record, below which the files are of some authorities and not of England."""
MONTHS = 12
LAST_DAYS = timedelta(days=14)
"""The last inspection of a term may start so long before the term's end, and the term still be on record."""
EVALUATIONS = 2
"""The latest dates on which the model is held against simpler ways."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Rescored:
    """What ``score --json`` and ``evaluate --json`` say. ``evaluation`` is None where none could be made."""

    scores: dict[str, Any]
    evaluation: Mapping[str, Any] | None


def latest_day(inspections_to: date, today: date) -> date | None:
    """The latest day that can be answered: the first start of a term after the inspections held end.

    Earlier where the window ahead would lie under a framework whose grades the model does not know; today
    where that comes first. None where no day can be answered.
    """
    starts = [term.start for term in terms_between(date(2005, 9, 1), date(today.year + 2, 12, 31))]
    after = [start for start in starts if start > inspections_to]
    latest = min(today, after[0]) if after else today
    if _framework_known(latest):
        return latest
    known = [start for start in starts if start <= latest and _framework_known(start)]
    return known[-1] if known else None


def refuse_day(day: date, inspections_to: date | None, today: date) -> None:
    """Raise NotEnoughData or GradesNotComparable, saying what to do, for a day that cannot be answered."""
    if inspections_to is None:
        raise NotEnoughData(
            "No inspections are held, so no school can be scored.",
            "Import Ofsted's inspection history and its management information first.",
        )
    if day > today:
        raise NotEnoughData(f"{day_in_words(day)} has not come yet.", "Choose today or an earlier day.")
    latest = latest_day(inspections_to, today)
    or_else = f"Choose {day_in_words(latest)}, the latest day the files held can answer" if latest else ""
    if not _framework_known(day):
        raise GradesNotComparable(
            f"Schools are inspected under another framework within a year of {day_in_words(day)}. The model "
            "has learned from overall grades, which ended in September 2024, and knows nothing of that one.",
            f"{or_else}; indicators and charts go on." if or_else else "Indicators and charts go on.",
        )
    if (day - inspections_to).days > STALE_RECORD:
        raise NotEnoughData(
            f"Inspections are held to {day_in_words(inspections_to)}: on {day_in_words(day)} the last grade "
            "of no school would be known.",
            f"{or_else}, or import later inspections." if or_else else "Import later inspections.",
        )


def score_again(
    sources: NationalSources,
    day: date,
    authority: str,
    *,
    evaluated: Mapping[str, Any] | None = None,
    of_bundled: Mapping[str, Any] | None = None,
    tell: Tell = lambda _: None,
) -> Rescored:
    """Score the schools of an authority among all that are held, and evaluate the model unless it was.

    ``evaluated`` is an evaluation held of the model for this day on these files, made for this authority;
    ``of_bundled`` one of the model that comes with Redway. Raises NotEnoughData naming the files that are
    missing where no school can be scored, and NotFound where the authority had none.
    """
    tell("Building the panel: what was public on each day")
    national = sources.history["urn"].n_unique() >= NATION
    dates = evaluation_dates(day, _ends(sources)) if national and evaluated is None else []
    bench = Workbench(build_panel(sources, _dates(day, dates) if national else [day]))
    tell("Learning the model")
    model = learn_for(bench, day) if national else _model_of_redway(day)
    results = []
    for one in dates:
        tell(f"Evaluating the model as at {day_in_words(one)}")
        try:
            result = evaluate_date(bench, Question.FELL, one, months=MONTHS)
            results.append(result_answer(result, _in_authority(bench, one, authority)))
        except NotEnoughData:
            continue  # too little is held before that date; without any, the kill rule holds
    tell("Scoring")
    found = score_rows(bench.panel, model, day, authority)
    if authority not in set(found.table["la_code"]):
        lacking = missing_on(sources, day)
        raise NotEnoughData(
            f"On {day_in_words(day)} no school of authority {authority} could be scored"
            + (f": nothing is held of {listed(lacking)}." if lacking else "."),
            "Import those files, or choose an earlier day." if lacking else "Choose another day.",
        )
    if not national:
        return Rescored(scores_answer(found, authority), of_bundled)
    return Rescored(scores_answer(found, authority), evaluated or ({"results": results} if results else None))


def _in_authority(bench: Workbench, day: date, authority: str) -> LocalCheck | None:
    """What the authority alone says of the score of a day; None where it had no school to ask about."""
    try:
        return check_locally(bench, Question.FELL, day, authority, months=MONTHS)
    except NotFound:
        return None


def _model_of_redway(day: date) -> EarlyWarningModel:
    """The model that comes with Redway, asked on a day. Raises Hindsight before that it was learned for."""
    model = bundled_model()
    if day < model.decision:
        raise Hindsight(
            "The files held are of a few authorities, from which no model can be learned. The one that comes "
            f"with Redway was learned for {day_in_words(model.decision)} and knows what happened after "
            f"{day_in_words(day)}.",
            f"Choose {day_in_words(model.decision)} or a later day, or import the files of all England.",
        )
    return model.asked_on(day)


def score_rows(panel: Panel, model: EarlyWarningModel, day: date, authority: str | None) -> Scores:
    """The scores of a day. Raises NotFound where no school, or none of the authority, was open on it."""
    rows = panel.rows.filter(pl.col("decision") == day)
    if not rows.height:
        raise NotFound(f"No school is known to have been open on {day}.", "Import the register first.")
    found = score(rows, model)
    if authority and not _names_authority(found, authority):
        raise NotFound(f"No school of authority {authority} was open on {day}.", "Check its number.")
    return found


def evaluation_dates(day: date, inspections_to: date) -> list[date]:
    """The latest starts of September and January, not after the day, whose whole window is on record."""
    every = [date(year, month, 1) for year in range(2006, day.year + 1) for month in (1, 9)]
    whole = [
        one
        for one in every
        if one <= day
        and window_from(one, MONTHS, date.max).end <= inspections_to + LAST_DAYS
        and _framework_known(one)
    ]
    return whole[-EVALUATIONS:]


def missing_on(sources: NationalSources, day: date) -> list[str]:
    """In words, the kinds of figures of which nothing recent enough was public on a day."""
    kinds: Sequence[tuple[str, Sequence[tuple[str, pl.DataFrame]]]] = (
        ("absence", [("absence", sources.absence)]),
        ("the school census", [("school-census", sources.census)]),
        ("the workforce", [("workforce", sources.workforce)]),
        ("income and spending", [("school-finance", sources.finance)]),
        ("results at key stage 2", [("ks2-revised", sources.ks2)]),
        (
            "results at key stage 4",
            [("ks4-revised", sources.ks4), ("ks4-provisional", sources.ks4_provisional)],
        ),
    )
    oldest = day - timedelta(days=365.25 * OLDEST_YEARS)
    return [words for words, tables in kinds if not any(_public(*one, oldest, day) for one in tables)]


def _public(source: str, table: pl.DataFrame, oldest: date, day: date) -> bool:
    ends = (
        table.select("period_end").unique().drop_nulls().filter(pl.col("period_end").is_between(oldest, day))
    )
    return ends.height > 0 and bool(with_public_day(ends, source)[PUBLIC_FROM].le(day).any())


def _dates(day: date, evaluated: Sequence[date]) -> tuple[date, ...]:
    return dates_needed([day, *evaluated], Settings().look_back, MONTHS)


def _ends(sources: NationalSources) -> date:
    end = sources.history.get_column("inspection_date").max()
    assert isinstance(end, date)
    return end


def _framework_known(day: date) -> bool:
    ahead: Window = window_from(day, MONTHS, date.max)
    try:
        one_mapping((ahead.start, ahead.end), MAPPING)
    except (GradesNotComparable, NotFound):
        return False
    return True


def _names_authority(found: Scores, authority: str) -> bool:
    return authority in set(found.table["la_code"]) or any(
        one.la_code == authority for one in (*found.insufficient, *found.not_scored)
    )
