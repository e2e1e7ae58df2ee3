"""``redway indicator``, ``redway benchmark`` and ``redway school``: answers, with how sure they are."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from redway.cli.output import DONE, print_facts, print_json, print_table
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.core.errors import NotFound
from redway.core.periods import PeriodKind, parse_period

if TYPE_CHECKING:
    from redway.indicators.catalogue import Catalogue, Indicator


def register(commands: Commands[Parser]) -> None:
    """Add ``indicator``, ``benchmark`` and ``school``."""
    indicator = add_command(
        commands,
        "indicator",
        run_indicator,
        summary="one measure of a school or an authority through the years",
        description="""
            Each figure with its 95% interval and the file it came from. A figure that is missing says why. A
            school's figures are those of its whole line, through conversions and mergers.
        """,
        examples="""
            redway indicator secondary-absence --authority 826
            redway indicator ks4-attainment8 --school 136730 --json
            redway indicator --list                     every code
            redway indicator --list absence             codes and titles with this word
        """,
    )
    indicator.add_argument("code", nargs="?", help="code of a measure; with --list a word to look for")
    place = indicator.add_mutually_exclusive_group()
    place.add_argument("--school", metavar="URN", help="any URN the school has had")
    place.add_argument("--authority", metavar="CODE", help="three-digit number, ONS code or name")
    indicator.add_argument("--as-at", metavar="DATE", help="figures in force at the end of this day")
    indicator.add_argument("--list", action="store_true", help="list the codes of measures")
    add_json(indicator)
    benchmark = add_command(
        commands,
        "benchmark",
        run_benchmark,
        summary="an authority beside England and its statistical neighbours",
        description="""
            The model that chose the neighbours is named in every answer: the lists of 2021 and 2025 differ.
        """,
        examples="""
            redway benchmark --authority 826 --indicator secondary-absence
            redway benchmark --authority 826 --indicator secondary-absence --model 2021 --json
        """,
    )
    benchmark.add_argument(
        "--authority", required=True, metavar="CODE", help="three-digit number, ONS code or name"
    )
    benchmark.add_argument("--indicator", required=True, metavar="CODE", help="code of a measure")
    benchmark.add_argument("--model", default="2025", help="neighbour model (2025)")
    benchmark.add_argument("--period", help="such as 2023-24; else the latest held")
    add_json(benchmark)
    school = add_command(
        commands,
        "school",
        run_school,
        summary="one school on a page: its register entry, its history, its latest figures",
        examples="""
            redway school 110394
            redway school 110394 --json
        """,
    )
    school.add_argument("urn", metavar="URN", help="any URN the school has had")
    add_json(school)


def run_indicator(arguments: argparse.Namespace) -> int:
    from redway.indicators.catalogue import load_catalogue

    if arguments.list:
        return _list_codes(load_catalogue(), arguments.code or "", arguments.json)
    indicator = load_catalogue().get(_needed(arguments))
    day = parse_period(arguments.as_at, PeriodKind.DAY).start if arguments.as_at else None
    from redway.cli.ground import open_store

    home = open_store()
    from redway.cli import answers

    if arguments.school:
        answer = answers.series_of_school(home, arguments.school, indicator.code, day)
    else:
        answer = answers.series_of_authority(home, arguments.authority, indicator.code, day)
    if arguments.json:
        print_json(answer)
    else:
        print(f"{indicator.title}, {answer['name']}")
        print(indicator.definition)
        _print_figures(indicator, answer["figures"])
    return DONE


def _needed(arguments: argparse.Namespace) -> str:
    """The code asked for. Raises NotFound when it, or the place, was left out."""
    if not arguments.code:
        raise NotFound("Which measure?", "Give its code; see the codes with: redway indicator --list")
    if not (arguments.school or arguments.authority):
        raise NotFound(
            "Of which school or authority?", "Add --school with a URN, or --authority with a number."
        )
    return str(arguments.code)


def _list_codes(catalogue: Catalogue, word: str, as_json: bool) -> int:
    wanted = word.lower()
    found = [one for one in catalogue if wanted in f"{one.code} {one.title} {one.topic}".lower()]
    if as_json:
        print_json(
            [
                {
                    "code": one.code,
                    "title": one.title,
                    "topic": one.topic,
                    "unit": one.unit,
                    "levels": one.levels,
                }
                for one in found
            ]
        )
    else:
        print_table(("Code", "Title", "For"), [(one.code, one.title, ", ".join(one.levels)) for one in found])
    return DONE


def _print_figures(indicator: Indicator, figures: list[dict[str, Any]]) -> None:
    if not figures:
        print("No figure is held. It comes with a file that has it: redway import PATH")
        return
    rows: list[tuple[object, ...]] = [
        (
            figure["period"],
            _value(indicator, figure),
            _interval(indicator, figure),
            "" if figure["denominator"] is None else f"{figure['denominator']:,.0f}",
            figure["edition"],
            figure["entity"],
        )
        for figure in figures
    ]
    headings = ["Period", "Value", "95% interval", "Of", "Edition", "Establishment"]
    # One establishment: no need to name it on every line.
    shown = len(headings) if len({figure["entity"] for figure in figures}) > 1 else len(headings) - 1
    rows = [row[:shown] for row in rows]
    print_table(headings[:shown], rows, right=("Value", "95% interval", "Of"))


def _value(indicator: Indicator, figure: dict[str, Any]) -> str:
    """The value as people read it, or why there is none."""
    from redway.core.missing import Missing

    if figure["value"] is None:
        return Missing(figure["missing"]).label if figure["missing"] else "No figure"
    return indicator.show(figure["value"])


def _interval(indicator: Indicator, figure: dict[str, Any]) -> str:
    if figure["value"] is None or figure["lower"] is None or figure["upper"] is None:
        return ""
    return f"{indicator.show(figure['lower'])} to {indicator.show(figure['upper'])}"


def run_benchmark(arguments: argparse.Namespace) -> int:
    from redway.indicators.catalogue import load_catalogue

    indicator = load_catalogue().get(arguments.indicator)
    from redway.cli.ground import open_store

    home = open_store()
    from redway.cli import answers

    answer = answers.benchmark(home, arguments.authority, indicator.code, arguments.model, arguments.period)
    if arguments.json:
        print_json(answer)
        return DONE
    name, value = answer["name"], answer["value"]
    print(f"{indicator.title}, {name}, {answer['period']}: {indicator.show(value)}")
    print(f"A gap is {name} less the other. Neighbours are those of the {answer['model']} model.")
    rows = [
        (one["name"], indicator.show(one["value"]), indicator.show_gap(one["gap"]), one["verdict"])
        for one in answer["comparators"]
    ]
    for one in answer["neighbours"]:
        other = one["value"]
        gap = "" if other is None else indicator.show_gap(value - other)
        rows.append((f"  {one['name']}", indicator.show(other) or "no figure", gap, ""))
    print_table(("Compared with", "Value", "Gap", f"{name} is"), rows, right=("Value", "Gap"))
    return DONE


def run_school(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    home = open_store()
    from redway.cli import answers

    answer = answers.school(home, arguments.urn)
    if arguments.json:
        print_json(answer)
        return DONE
    print(answer["name"])
    names = ("urn", "laestab", "status", "type", "phase", "authority_name", "trust", "postcode", "pupils")
    facts = {name.replace("_name", "").capitalize(): answer[name] for name in names}
    facts = {name.replace("Urn", "URN").replace("Laestab", "LAESTAB"): fact for name, fact in facts.items()}
    print_facts(facts)
    print("\nWhat befell it")
    for event in answer["events"]:
        print(f"  {_event(event)}")
    print("\nLatest figures")
    _print_latest(answer["figures"])
    return DONE


def _event(event: dict[str, Any]) -> str:
    from redway.core.words import day_in_words

    when = day_in_words(event["on"]) if event["on"] else "on an unknown day"
    change = " to ".join(filter(None, (event["before"], event["after"])))
    return f"{when}: {event['urn']} {event['what']}{f' ({change})' if change else ''}"


def _print_latest(figures: list[dict[str, Any]]) -> None:
    from redway.indicators.catalogue import load_catalogue

    if not figures:
        print("  none held")
        return
    catalogue = load_catalogue()
    rows = []
    for figure in figures:
        indicator = catalogue.get(figure["indicator"])
        shown = _value(indicator, figure), _interval(indicator, figure)
        rows.append((indicator.code, figure["period"], *shown))
    print_table(("Measure", "Period", "Value", "95% interval"), rows, right=("Value", "95% interval"))
