"""``redway funding check``: what a submission would be rejected for."""

from __future__ import annotations

import argparse
from pathlib import Path

from redway.cli.funding_files import add_formula_options, asked
from redway.cli.funding_shown import add_set_aside, block_asked, last_year
from redway.cli.output import DONE, NOT_DONE, print_json, say
from redway.cli.parsers import Commands, Parser, add_command, add_json


def add(group: Commands[Parser]) -> None:
    """Add ``check``."""
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
    add_set_aside(check)
    check.add_argument("--last-year", type=Path, metavar="FILE", help="last year's local rates, TOML")
    add_json(check)


def run_check(arguments: argparse.Namespace) -> int:
    from redway.funding.checks import Submission, is_blocked, submission_checks

    wanted = asked(arguments)
    block = block_asked(arguments.block, arguments) if arguments.block else None
    findings = submission_checks(Submission(wanted.budgets(), block, last_year(arguments)))
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
