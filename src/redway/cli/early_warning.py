"""``redway early-warning``: where to look first, how far that can be trusted, and the model behind it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from redway.cli.early_warning_chart import add_chart
from redway.cli.early_warning_keep import add_keep
from redway.cli.output import DONE, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json
from redway.core.errors import NotEnoughData, NotFound
from redway.core.identifiers import la_code
from redway.core.periods import PeriodKind, parse_period

if TYPE_CHECKING:
    from redway.improvement.early_warning import EarlyWarningModel
    from redway.improvement.evaluation import DateResult
    from redway.improvement.local_check import LocalCheck
    from redway.improvement.panel import Panel
    from redway.improvement.scoring import Scores

ABOUT_SCORE = """
Schools last graded Good or Outstanding, by the chance that a school like this is inspected within a year
and graded below Good. It ranks where to look first; it does not predict Ofsted. Nothing that was not public
on the day is used. Special schools are not scored, and a school with too many gaps stands in a list of its
own.

The model is learned from the national files in the data folder. Where these are not held, the model that
comes with Redway is used with --model national-2017.
"""
ABOUT_EVALUATE = """
Each way of scoring beside the others, on each 1 September and 1 January from one day to another. A model
learns only from windows that had closed, their reports public, before the date. Where the model does not
find more than intake alone, the answer says so and no score should be shown.

questions: A inspected within the window and graded below Good; B graded below Good, of those inspected;
I inspected at all; C next published results below the coasting rule (its own dates: 1 February).
"""


def register(commands: Commands[Parser]) -> None:
    """Add ``early-warning`` with its commands."""
    group = add_group(commands, "early-warning", summary="where to look first, and how far to trust that")
    score = add_command(
        group,
        "score",
        run_score,
        summary="every school's score as at a day, with what it is made of",
        description=ABOUT_SCORE,
        examples="""
            redway early-warning score --as-at 2017-09-01 --authority 826
            redway early-warning score --as-at 2017-09-01 --csv > scores.csv
            redway early-warning score --as-at 2017-09-01 --authority 826 --model national-2017 --json
        """,
    )
    score.add_argument("--as-at", required=True, metavar="DATE", help="nothing public later is used")
    score.add_argument("--authority", metavar="CODE", help="three-digit number; else all of England")
    score.add_argument(
        "--model", metavar="MODEL", help="a file, or the name of a model that comes with Redway"
    )
    shape = score.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="answer as JSON, for scripts")
    shape.add_argument("--csv", action="store_true", help="answer as CSV, one row a school")
    train = add_command(
        group,
        "train",
        run_train,
        summary="learn the model for a day and write it to a file",
        examples="redway early-warning train --as-at 2017-09-01 -o model.json",
    )
    train.add_argument("--as-at", required=True, metavar="DATE", help="only what was public by then is used")
    train.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="file to write")
    evaluate = add_command(
        group,
        "evaluate",
        run_evaluate,
        summary="how well scores did, beside simpler ways",
        description=ABOUT_EVALUATE,
        examples="""
            redway early-warning evaluate --from 2016-09-01 --to 2017-09-01
            redway early-warning evaluate --from 2017-09-01 --to 2017-09-01 --question A --json
            redway early-warning evaluate --from 2017-09-01 --to 2017-09-01 --authority 826
        """,
    )
    evaluate.add_argument("--from", dest="first", required=True, metavar="DATE", help="first decision date")
    evaluate.add_argument("--to", dest="last", required=True, metavar="DATE", help="last decision date")
    evaluate.add_argument(
        "--question", action="append", choices=("A", "B", "I", "C"), help="may be given again; else A and B"
    )
    evaluate.add_argument(
        "--months", type=int, default=12, choices=(12, 24), help="length of the window (12)"
    )
    evaluate.add_argument("--seed", type=_seed, default=0, help="of the draws behind the intervals (0)")
    evaluate.add_argument(
        "--authority", metavar="CODE", help="also what its schools alone say of the score, which is little"
    )
    evaluate.add_argument("--tune", action="store_true", help="show the settings tried on earlier dates")
    add_json(evaluate)
    add_chart(group)
    add_keep(group)


def run_score(arguments: argparse.Namespace) -> int:
    from redway.improvement.rescoring import score_rows

    day = _day(arguments.as_at)
    authority = la_code(arguments.authority) if arguments.authority else None
    model, panel = _model_and_panel(arguments.model, day)
    found = score_rows(panel, model, day, authority)
    if arguments.json:
        from redway.improvement.answers import scores_answer

        print_json(scores_answer(found, authority) | {"sources": _held_files()})
    elif arguments.csv:
        from redway.cli.frames import write_csv
        from redway.improvement.answers import scores_frame

        write_csv(scores_frame(found, authority), sys.stdout.buffer)
    else:
        _print_scores(found, authority)
    return DONE


def run_train(arguments: argparse.Namespace) -> int:
    from redway.cli.frames import replacing

    day = _day(arguments.as_at)
    if not arguments.output.parent.is_dir():  # said before learning, which takes a while
        raise NotFound(f"There is no folder {arguments.output.parent} to write to.", "Make it first.")
    model, _ = _model_and_panel(None, day)
    with replacing(arguments.output) as target:
        target.write(model.to_json().encode())
    say(f"Learned from {model.trained_rows:,} rows, {model.trained_events:,} falls: {arguments.output}")
    return DONE


def run_evaluate(arguments: argparse.Namespace) -> int:
    from redway.improvement.answers import result_answer, tried_answer
    from redway.improvement.evaluation import evaluate_date, evaluate_decline
    from redway.improvement.local_check import check_locally
    from redway.improvement.questions import Question
    from redway.improvement.terms import dates_needed
    from redway.improvement.training import Settings
    from redway.improvement.tuning import TUNED_ON, tried
    from redway.improvement.workbench import Workbench

    first, last = _day(arguments.first), _day(arguments.last)
    authority = la_code(arguments.authority) if arguments.authority else None
    questions = [Question(code) for code in arguments.question or ("A", "B")]
    dates = _report_dates(first, last)
    of_results = [
        date(year, 2, 1) for year in range(first.year, last.year + 1) if first <= date(year, 2, 1) <= last
    ]
    if (Question.DECLINE in questions and not of_results) or not (dates or of_results):
        raise NotFound(
            f"No decision date lies between {first} and {last}.",
            "Decision dates are 1 September and 1 January; of question C, 1 February.",
        )
    settings = Settings()
    asked = [*dates, *of_results, *(TUNED_ON if arguments.tune else ())]
    panel = _panel(dates_needed(asked, settings.look_back, arguments.months))
    if authority and authority not in set(panel.rows["la_code"]):
        raise NotFound(f"No school of authority {authority} was open on these dates.", "Check its number.")
    bench = Workbench(panel, settings)
    lacking = NotEnoughData("No question was asked.")
    results, local = [], {}
    for question in questions:
        for day in of_results if question is Question.DECLINE else dates:
            say(f"Question {question.value}, {day}")
            try:
                if question is Question.DECLINE:
                    results.append(evaluate_decline(bench, day, seed=arguments.seed))
                else:
                    results.append(
                        evaluate_date(bench, question, day, months=arguments.months, seed=arguments.seed)
                    )
                    if authority:
                        local[len(results) - 1] = check_locally(
                            bench, question, day, authority, months=arguments.months
                        )
            except NotEnoughData as error:
                say(f"  left out: {error.message}")
                lacking = error
    if not results:
        raise lacking
    tuned = (
        {one: tried(panel, one) for one in questions if one is not Question.DECLINE} if arguments.tune else {}
    )
    if arguments.json:
        print_json(
            {
                "results": [result_answer(result, local.get(at)) for at, result in enumerate(results)],
                "settings": settings.__dict__,
                "tried": {question.value: tried_answer(rows) for question, rows in tuned.items()},
            }
        )
    else:
        for at, result in enumerate(results):
            _print_result(result, local.get(at))
        for question, rows in tuned.items():
            print(f"\nSettings tried for question {question.value} on {', '.join(map(str, TUNED_ON))}")
            print_table(
                ("Strength", "Half-life", "AUC"),
                [(row.settings.strength, row.settings.half_life, f"{row.mean:.3f}") for row in rows],
            )
    return DONE


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 0 up")
    return int(text)


def _day(text: str) -> date:
    return parse_period(text, PeriodKind.DAY).start


def _report_dates(first: date, last: date) -> list[date]:
    every = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 9)]
    return [day for day in every if first <= day <= last]


def _panel(dates: Sequence[date]) -> Panel:
    """The panel of the data folder for decision dates. Raises NotEnoughData when files are missing."""
    from redway.core.home import find_home
    from redway.datasets.engine import Engine
    from redway.datasets.ledger import SqlLedger
    from redway.datasets.register_files import read_register
    from redway.improvement.national_sources import read_national_sources
    from redway.improvement.panel import build_panel

    home = find_home()
    if not home.root.is_dir():
        raise NotFound(f"There is no data folder at {home.root}.", "Make one with: redway import PATH")
    ledger = SqlLedger(home)
    engine = Engine(home, ledger)
    try:
        return build_panel(read_national_sources(engine, read_register(home, ledger)), dates)
    finally:
        engine.close()


def _held_files() -> list[dict[str, str]]:
    """The files in force that the panel is read from, each with what marks its version."""
    from redway.core.home import find_home
    from redway.datasets.ledger import SqlLedger
    from redway.improvement.answers import files_of

    return files_of(SqlLedger(find_home()).versions())


def _model_and_panel(named: str | None, day: date) -> tuple[EarlyWarningModel, Panel]:
    """The model asked for, or the one learned for the day, and a panel with rows of the day."""
    from redway.improvement.early_warning import EarlyWarningModel, bundled_model, learn_for
    from redway.improvement.terms import dates_needed
    from redway.improvement.training import Settings
    from redway.improvement.workbench import Workbench

    if named is None:
        bench = Workbench(_panel(dates_needed([day], Settings().look_back)))
        return learn_for(bench, day), bench.panel
    file = Path(named)
    model = (
        EarlyWarningModel.from_json(file.read_text(encoding="utf-8", errors="replace"))
        if file.is_file()
        else bundled_model(named)
    )
    return model.asked_on(day), _panel([day])


def _print_scores(found: Scores, authority: str | None) -> None:
    from redway.improvement.questions import WORDS

    print(
        f"As at {found.decision}: {WORDS[found.model.question]}, {found.model.window.start} to "
        f"{found.model.window.end}. Where to look first, no prediction of Ofsted."
    )
    model = found.model
    print(
        f"Learned for {model.decision} from {model.trained_rows:,} rows of schools and terms with "
        f"{model.trained_events:,} falls, windows to {model.trained_until}."
    )
    schools = list(found.iter(authority))
    shown = schools if authority else schools[:50]
    print_table(
        ("Rank", "URN", "School", "Chance", "95% interval", "Band", "Mostly because of"),
        [
            (
                f"{one.rank:,} of {one.of:,}",
                one.urn,
                one.name,
                f"{one.chance:.1%}",
                f"{one.lower:.1%} to {one.upper:.1%}",
                one.band,
                "; ".join(f"{each.words} ({each.value})" for each in one.contributions if each.adds > 0.1)[
                    :120
                ],
            )
            for one in shown
        ],
        right=("Rank", "Chance"),
    )
    if len(shown) < len(schools):
        print(f"{len(schools) - len(shown):,} more schools: see --csv or --json.")
    left = [one for one in found.insufficient if authority in (None, one.la_code)]
    if left:
        print(f"\nInsufficient data ({len(left):,}): no score, which does not mean a low one")
        print_table(("URN", "School", "Why"), [(one.urn, one.name, one.reason) for one in left[:50]])
    others = sum(authority in (None, one.la_code) for one in found.not_scored)
    print(f"\nNot scored: {others:,} schools (special, already below Good, or without a grade).")


def _print_result(result: DateResult, local: LocalCheck | None) -> None:
    from redway.improvement.evaluation import SHUFFLES
    from redway.improvement.questions import WORDS

    print(f"\nQuestion {result.question.value}: {WORDS[result.question]}")
    print(
        f"Decision {result.decision}, window to {result.window.end}: {result.schools:,} schools, "
        f"{result.events:,} yes ({result.events / result.schools:.1%}), {result.unknown:,} not known. "
        f"Learned from {result.training_rows:,} rows, {result.training_events:,} yes, of windows to "
        f"{max(window.end for window in result.trained_on)}."
    )
    print_table(
        (
            "Score",
            "AUC",
            "95%",
            "Recall 10%",
            "20%",
            "95%",
            "Precision 10%",
            "20%",
            "12 visits: recall",
            "precision",
            "Slope",
            "Skill",
            "Terms ahead",
        ),
        [
            (
                row.words,
                f"{row.auc.value:.3f}",
                f"{row.auc.lower:.3f}-{row.auc.upper:.3f}",
                f"{row.recall[0.1].value:.0%}",
                f"{row.recall[0.2].value:.0%}",
                f"{row.recall[0.2].lower:.0%}-{row.recall[0.2].upper:.0%}",
                f"{row.precision[0.1].value:.0%}",
                f"{row.precision[0.2].value:.0%}",
                f"{row.visits_recall.value:.0%}",
                f"{row.visits_precision.value:.0%}",
                f"{row.calibration.slope:.2f}" if row.calibration else "",
                f"{row.brier_skill:.2f}" if row.brier_skill is not None else "",
                f"{row.lead_terms:.1f}" if row.lead_terms is not None else "",
            )
            for row in result.rows
        ],
    )
    model = result.row("model")
    print("False alarms of the model: of schools that did not fall, the share in the top 10% and 20%")
    print_table(
        ("Group", "Schools", "Yes", "Top 10%", "Top 20%"),
        [
            (
                f"fifth {row.group} by free meals" if row.group.isdigit() else row.group,
                f"{row.schools:,}",
                f"{row.fell:,}",
                f"{row.false_alarms[0.1]:.0%}",
                f"{row.false_alarms[0.2]:.0%}",
            )
            for row in (*model.by_deprivation, *model.by_phase)
        ],
    )
    if check := result.leak_check:
        verdict = "exceeded: a leak until proven otherwise" if check.above else "not exceeded"
        unseen = f"{check.unseen_auc:.3f}" if check.unseen_auc is not None else "too few to tell"
        print(
            f"Leak check: ceiling {check.ceiling} {verdict}; shuffled {SHUFFLES} times "
            f"{check.shuffled_auc:.3f} (spread {check.shuffled_spread:.3f}); calendar alone "
            f"{check.timing_auc:.3f}; among schools equally due {check.within_due_auc:.3f}; of authorities "
            f"not learned from {unseen}."
        )
    print(result.headline)
    for sentence in result.needs_sign_off:
        print(f"{sentence} No page shows the scores until a person signs that off.")
    if result.banner:
        print(result.banner)
    for sentence in local.sentences if local else ():
        print(sentence)
