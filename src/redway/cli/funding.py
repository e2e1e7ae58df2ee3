"""``redway funding``: a formula over a file of schools: calculate, compare, solve, check, explain."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.funding_files import (
    Asked,
    Calculated,
    add_formula_options,
    asked,
    rates_asked,
    result_in,
    schools_asked,
)
from redway.cli.output import DONE, NOT_DONE, json_text, print_facts, print_json, print_table, say
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json
from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.funding.calculation import Budgets
    from redway.funding.rates import Rates
    from redway.funding.result import Comparison
    from redway.funding.trail import Trail

_SHOWN_SCHOOLS = 400
LEVERS = (
    "basic-entitlement",
    "all-pupil-led",
    "all-factors",
    "guarantee",
    "cap",
    "scale",
    "growth-fund",
    "block-transfer",
)
"""Names of the levers; the solver itself is not loaded for a page of help."""


def register(commands: Commands[Parser]) -> None:
    """Add the words under ``funding``."""
    group = add_group(commands, "funding", summary="a school funding formula: what each school gets, and why")
    calculate = add_command(
        group,
        "calculate",
        run_calculate,
        summary="every line and the total of every school, to the penny",
        description="""
            FILE holds one row a school (docs/reference/schools-file.md). National rates of the year are used
            where --rates and --set say nothing else; a year nobody has loaded refuses. Values that nobody
            has confirmed are named with the result, and so is what the file leaves out. For 2008-09 to
            2010-11 the local formula and the guarantee of those years are used, on columns of their own.
        """,
        examples="""
            redway funding calculate --year 2025-26 --schools schools.csv
            redway funding calculate --year 2025-26 --schools schools.csv --guarantee -0.5 --cap 3 --scale 50
            redway funding calculate --year 2025-26 --schools schools.csv --rates local.toml --json now.json
            redway funding calculate --year 2008-09 --schools schools-2008.csv --rates local-2008.toml
        """,
    )
    add_formula_options(calculate)
    calculate.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="as JSON, to the screen or to a file"
    )
    calculate.add_argument("--csv", type=Path, metavar="OUT", help="one row a school, to a CSV or XLSX file")
    compare = add_command(
        group,
        "compare",
        run_compare,
        summary="two formulas, school by school: who gains, who loses",
        description="""
            A and B are results (funding calculate --json FILE), or two files of rates (.toml) with --year and
            --schools.
        """,
        examples="""
            redway funding compare now.json option-1.json
            redway funding compare now.toml option-1.toml --year 2025-26 --schools schools.csv
        """,
    )
    compare.add_argument("before", type=Path, metavar="A", help="a result, or a file of rates")
    compare.add_argument("after", type=Path, metavar="B", help="the one it is compared with")
    compare.add_argument("--year", help="financial year of two files of rates")
    compare.add_argument("--schools", type=Path, metavar="FILE", help="schools for two files of rates")
    add_json(compare)
    solve = add_command(
        group,
        "solve",
        run_solve,
        summary="typed rates, in pence, that a sum of money pays for",
        description="""
            One lever is moved until the schools' total is as near under the money as whole pence allow; the
            headroom that is left is told, and whom the lever does not reach. A lever that cannot reach the
            money says so and how far it goes.
        """,
        examples="""
            redway funding solve --lever all-factors --total 250000000 --year 2025-26 --schools all.csv
            redway funding solve --lever cap --total 250000000 --year 2025-26 --schools all.csv --cap 3
        """,
    )
    solve.add_argument(
        "--lever",
        required=True,
        action="append",
        choices=LEVERS,
        metavar="LEVER",
        help=f"what is moved: {', '.join(LEVERS[:4])}, {', '.join(LEVERS[4:])}; may be repeated",
    )
    solve.add_argument("--total", required=True, metavar="AMOUNT", help="the money there is, in pounds")
    _add_set_aside(solve)
    solve.add_argument(
        "--lawful", action="store_true", help="keep every rate in the range allowed for the year"
    )
    solve.add_argument(
        "--last-year", type=Path, metavar="FILE", help="last year's local rates, for that range"
    )
    add_formula_options(solve)
    add_json(solve)
    check = add_command(
        group,
        "check",
        run_check,
        summary="what a submission would be rejected for",
        examples="""
            redway funding check --year 2025-26 --schools schools.csv --rates local.toml --block 250000000
        """,
    )
    add_formula_options(check)
    check.add_argument("--block", metavar="AMOUNT", help="the schools block, in pounds")
    _add_set_aside(check)
    check.add_argument("--last-year", type=Path, metavar="FILE", help="last year's local rates, TOML")
    add_json(check)
    explained = add_command(
        group,
        "explain",
        run_explain,
        summary="why one figure of one school: inputs, rate, rounding",
        examples="""
            redway funding explain 110532 fsm6_secondary --year 2025-26 --schools schools.csv
            redway funding explain 110532 guarantee --year 2025-26 --schools schools.csv --guarantee 0
        """,
    )
    explained.add_argument("urn", metavar="URN", help="the school")
    explained.add_argument(
        "line", metavar="LINE", help="a line such as lump_sum, or guarantee, gains_cap, total"
    )
    add_formula_options(explained)
    add_json(explained)


def _add_set_aside(parser: Parser) -> None:
    parser.add_argument("--growth", metavar="AMOUNT", default="0", help="growth fund set aside, in pounds")
    parser.add_argument(
        "--transfer", metavar="AMOUNT", default="0", help="transfer out of the block, in pounds"
    )


def run_calculate(arguments: argparse.Namespace) -> int:
    from redway.cli.frames import replacing

    if arguments.json and arguments.csv:
        raise NotFound("--json and --csv are two answers.", "Ask for one of them.")
    result = _calculated(arguments)
    if arguments.csv:
        result.write_table(arguments.csv)
    elif arguments.json == "-":
        print_json(result.plain())
        return DONE
    elif arguments.json:
        with replacing(Path(arguments.json)) as target:
            target.write(json_text(result.plain()).encode())
    else:
        result.show()
    result.warn()
    return DONE


def _calculated(arguments: argparse.Namespace) -> Calculated:
    from redway.cli import funding_2008

    if funding_2008.is_asked(arguments.year):
        return funding_2008.calculated(arguments)
    wanted = asked(arguments)
    budgets = wanted.budgets()
    return Calculated(
        plain=lambda: _answer(wanted, budgets),
        show=lambda: _show(budgets),
        write_table=lambda file: _write_table(budgets, file),
        warn=lambda: _warn(budgets),
    )


def run_compare(arguments: argparse.Namespace) -> int:
    from redway.funding.result import compare_results

    before, after = (_result_of(file, arguments) for file in (arguments.before, arguments.after))
    comparison = compare_results(before, after)
    if arguments.json:
        print_json(_comparison_as_plain(comparison))
    else:
        _show_comparison(comparison)
    return DONE


def run_explain(arguments: argparse.Namespace) -> int:
    from redway.funding.result import units_in_words

    trail = _trail_asked(arguments)
    if arguments.json:
        print_json(
            {
                "urn": arguments.urn,
                "line": trail.line,
                "label": trail.label,
                "amount": str(trail.amount.pounds),
                "rate": None if trail.rate is None else str(trail.rate.pounds),
                "units": None if trail.units is None else units_in_words(trail.units),
                "rounding": trail.rounding,
                "unconfirmed": list(trail.unconfirmed),
                "steps": [{"what": s.what, "value": s.value, "source": s.source} for s in trail.steps],
            }
        )
        return DONE
    print(f"{trail.label}, {arguments.urn}: {trail.amount}")
    print_table(
        ("Step", "Value", "From"), [(s.what, s.value, s.source) for s in trail.steps], right=("Value",)
    )
    print(f"Rounded: {trail.rounding[0].lower()}{trail.rounding[1:]}.")
    if trail.unconfirmed:
        say(f"Not confirmed by anybody: {', '.join(trail.unconfirmed)}.")
    return DONE


def _trail_asked(arguments: argparse.Namespace) -> Trail:
    from redway.cli import funding_2008
    from redway.funding.trail import explain

    if funding_2008.is_asked(arguments.year):
        return funding_2008.trail_asked(arguments)
    return explain(asked(arguments).budgets(), arguments.urn, arguments.line)


def run_solve(arguments: argparse.Namespace) -> int:
    from redway.core.money import Money
    from redway.funding.levers import Lever, lawful_limits
    from redway.funding.schools_block import SchoolsBlock
    from redway.funding.solver import solve

    wanted = asked(arguments)
    block = SchoolsBlock(
        Money.parse(arguments.total),
        growth_fund=Money.parse(arguments.growth),
        transfer=Money.parse(arguments.transfer),
    )
    limits = None
    if arguments.lawful:
        limits = lawful_limits(wanted.rates, _last_year(arguments))
    levers = [Lever(name) for name in arguments.lever]
    solution = solve(wanted.calculation, wanted.rates, wanted.rules, levers, block, limits)
    if arguments.json:
        print_json(
            {
                "outcome": solution.outcome.value,
                "sentence": solution.sentence,
                "headroom": str(solution.headroom.pounds),
                "step": None if solution.step is None else str(solution.step.pounds),
                "saving": str(solution.saving.pounds),
                "total": str(Money(solution.budgets.authority_total).pounds),
                "evaluations": solution.evaluations,
                "changes": [
                    {"name": change.name, "before": _text(change.before), "after": _text(change.after)}
                    for change in solution.changes
                ],
            }
        )
    else:
        print(solution.sentence)
        print_table(
            ("Type", "Before", "After"),
            [(change.name, _text(change.before), _text(change.after)) for change in solution.changes],
            right=("Before", "After"),
        )
        print_facts(
            {
                "Total": Money(solution.budgets.authority_total),
                "Headroom": solution.headroom,
                "One step more costs": solution.step,
            }
        )
    _warn(solution.budgets)
    return DONE if solution.is_reached else NOT_DONE


def run_check(arguments: argparse.Namespace) -> int:
    from redway.core.money import Money
    from redway.funding.checks import Submission, is_blocked, submission_checks
    from redway.funding.schools_block import SchoolsBlock

    wanted = asked(arguments)
    block = None
    if arguments.block:
        block = SchoolsBlock(
            Money.parse(arguments.block),
            growth_fund=Money.parse(arguments.growth),
            transfer=Money.parse(arguments.transfer),
        )
    findings = submission_checks(Submission(wanted.budgets(), block, _last_year(arguments)))
    if arguments.json:
        print_json(
            [
                {
                    "code": finding.code,
                    "severity": finding.severity.value,
                    "where": finding.where,
                    "what": finding.sentence,
                    "next_step": finding.next_step,
                    "source": finding.source,
                }
                for finding in findings
            ]
        )
    else:
        for finding in findings:
            print(f"{finding.severity.value}: {finding.where}: {finding.sentence} {finding.next_step}")
        say(f"{len(findings)} found." if findings else "Nothing found.")
    return NOT_DONE if is_blocked(findings) else DONE


def _last_year(arguments: argparse.Namespace) -> Rates | None:
    from redway.core.periods import PeriodKind, financial_year, parse_period

    if not arguments.last_year:
        return None
    first = parse_period(arguments.year, PeriodKind.FINANCIAL).start.year
    return rates_asked(financial_year(first - 1).label, arguments.last_year)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _result_of(file: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    from redway.cli import funding_2008
    from redway.funding.calculation import Calculation
    from redway.funding.result import as_plain

    if file.suffix.lower() != ".toml":
        return result_in(file)
    if not arguments.year or not arguments.schools:
        raise NotFound(f"{file.name} holds rates.", "Give --year and --schools with it.")
    if funding_2008.is_asked(arguments.year):
        return funding_2008.compared(arguments, file)
    return as_plain(Calculation(schools_asked(arguments.schools)).budgets(rates_asked(arguments.year, file)))


def _answer(wanted: Asked, budgets: Budgets) -> dict[str, Any]:
    from redway.funding.result import as_plain

    return {**as_plain(budgets), "made_from": wanted.made_from}


def _write_table(budgets: Budgets, file: Path) -> None:
    import polars as pl

    from redway.cli.frames import write_file
    from redway.funding.result import columns_as_plain

    write_file(pl.DataFrame(columns_as_plain(budgets)), f"School budgets {budgets.rates.year}", file)


def _show(budgets: Budgets) -> None:
    from redway.core.money import Money
    from redway.core.words import number
    from redway.funding.schools_rows import schools_in_words

    schools = budgets.schools
    rows = [
        (
            schools.urn[row],
            schools.name[row],
            number(int(schools.pupils[row])),
            *(
                str(Money(int(column[row])))
                for column in (budgets.minimum_per_pupil, budgets.guarantee, budgets.gains_cap, budgets.total)
            ),
        )
        for row in range(min(len(schools), _SHOWN_SCHOOLS))
    ]
    headings = ("URN", "School", "Pupils", "Minimum level", "Guarantee", "Cap", "Total")
    print_table(headings, rows, right=headings[2:])
    if len(schools) > _SHOWN_SCHOOLS:
        say(f"The first {_SHOWN_SCHOOLS} schools are shown; --csv FILE writes all of them.")
    totals = (budgets.minimum_per_pupil, budgets.guarantee, budgets.gains_cap)
    named = [str(Money(int(column.sum()))) for column in totals]
    print_facts(
        {
            "In all": schools_in_words(schools),
            "Minimum level": named[0],
            "Guarantee": named[1],
            "Cap": named[2],
            "Total": str(Money(budgets.authority_total)),
        }
    )


def _warn(budgets: Budgets) -> None:
    """Say what a result rests on that nobody has confirmed, and what it leaves out."""
    if budgets.unconfirmed:
        say(f"Not confirmed by anybody, used all the same: {', '.join(budgets.unconfirmed)}.")
    if budgets.not_used:
        say(f"Not used, because the file or the options leave it out: {', '.join(budgets.not_used)}.")


def _comparison_as_plain(comparison: Comparison) -> dict[str, Any]:
    return {
        "before": str(comparison.before.pounds),
        "after": str(comparison.after.pounds),
        "difference": str((comparison.after - comparison.before).pounds),
        "gaining": comparison.gaining,
        "losing": comparison.losing,
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
        "schools": [
            {
                "urn": school.urn,
                "name": school.name,
                "pupils": school.pupils,
                "before": str(school.before.pounds),
                "after": str(school.after.pounds),
                "difference": str(school.difference.pounds),
                "percent": None if school.percent is None else str(round(school.percent, 4)),
                "a_pupil": None if school.a_pupil is None else str(school.a_pupil.pounds),
            }
            for school in comparison.schools
        ],
    }


def _show_comparison(comparison: Comparison) -> None:
    from redway.core.words import counted, signed

    ordered = sorted(comparison.schools, key=lambda school: school.difference)
    headings = ("URN", "School", "Before", "After", "Difference", "%", "A pupil")
    print_table(
        headings,
        [
            (
                school.urn,
                school.name,
                school.before,
                school.after,
                school.difference,
                "" if school.percent is None else signed(school.percent, 2),
                school.a_pupil or "",
            )
            for school in ordered[:_SHOWN_SCHOOLS]
        ],
        right=headings[2:],
    )
    unchanged = len(ordered) - comparison.gaining - comparison.losing
    print_facts(
        {
            "Before": comparison.before,
            "After": comparison.after,
            "Difference": comparison.after - comparison.before,
            "Schools": f"{comparison.gaining} gain, {comparison.losing} lose, {unchanged} stay as they are",
            "Only in A": ", ".join(comparison.only_before),
            "Only in B": ", ".join(comparison.only_after),
        }
    )
    if comparison.only_before or comparison.only_after:
        left = len(comparison.only_before) + len(comparison.only_after)
        say(f"{counted(left, 'school is', 'schools are')} in one of the two only and not compared.")
