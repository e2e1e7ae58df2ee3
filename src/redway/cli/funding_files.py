"""What the ``funding`` commands read: files of schools and of rates, rates and rules typed as options."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redway.cli.parsers import Parser
from redway.core.errors import NotFound, RedwayError

if TYPE_CHECKING:
    from redway.funding.calculation import Budgets, Calculation
    from redway.funding.rates import Rates
    from redway.funding.rules import Rules


@dataclass(frozen=True)
class Asked:
    """What a command was asked to calculate with."""

    calculation: Calculation
    rates: Rates
    rules: Rules
    made_from: Mapping[str, str]

    def budgets(self) -> Budgets:
        return self.calculation.budgets(self.rates, self.rules)


def add_formula_options(parser: Parser) -> None:
    """The options every command on a formula has: year, schools, rates and rules."""
    parser.add_argument("--year", required=True, help="financial year, such as 2025-26")
    parser.add_argument(
        "--schools", required=True, type=Path, metavar="FILE", help="one row a school, CSV or XLSX"
    )
    parser.add_argument("--rates", type=Path, metavar="FILE", help="local rates over the national ones, TOML")
    parser.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="type over one rate, such as basic_entitlement_primary=3850.00; may be repeated",
    )
    parser.add_argument("--guarantee", metavar="PCT", help="minimum funding guarantee, such as -0.5")
    parser.add_argument("--cap", metavar="PCT", help="gains above this percentage are scaled back")
    parser.add_argument("--scale", metavar="PCT", help="share of the gain above the cap that is taken; 100")
    parser.add_argument(
        "--rounding",
        choices=("dfe-lines", "workbook", "whole-pounds"),
        default="dfe-lines",
        help="where it rounds: every line to the penny, as the department pays; the total only; pounds",
    )


def asked(arguments: argparse.Namespace) -> Asked:
    """Everything the options name, read and checked. Raises what is wrong with it, naming the file."""
    from redway.funding.calculation import Calculation
    from redway.funding.rounding import Rounding
    from redway.funding.rules import Rules, in_range

    if arguments.scale is not None and arguments.cap is None:
        raise NotFound("--scale is a share of the gain above a cap.", "Give --cap with it.")
    rates = rates_asked(arguments.year, arguments.rates).over(_changes(arguments.changes))
    rules = Rules(
        guarantee=_percent("--guarantee", arguments.guarantee),
        cap=_percent("--cap", arguments.cap),
        scale=_percent("--scale", arguments.scale) or Decimal(100),
        rounding=Rounding(arguments.rounding),
    )
    if arguments.scale is not None and _percent("--scale", arguments.scale) == 0:
        raise NotFound("--scale 0 takes nothing back.", "Leave out --cap and --scale.")
    in_range(rules, rates)
    schools = schools_asked(arguments.schools)
    made_from = {"schools": arguments.schools.name, "schools_sha256": _fingerprint(arguments.schools)}
    if arguments.rates:
        made_from |= {"rates": arguments.rates.name, "rates_sha256": _fingerprint(arguments.rates)}
    return Asked(Calculation(schools), rates, rules, made_from)


def rates_asked(year: str, file: Path | None) -> Rates:
    """National rates of a year, with a file of local ones over them."""
    from redway.core.errors import InvalidPeriod
    from redway.core.periods import PeriodKind, parse_period
    from redway.funding.years import local_rates, national_rates

    try:
        label = parse_period(year, PeriodKind.FINANCIAL).label
    except InvalidPeriod as error:
        raise InvalidPeriod(error.message, "Write it as 2025-26.") from None
    if file is None:
        return national_rates(label)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RedwayError(f"{file.name} is not written in UTF-8.", "Save it as UTF-8 text.") from None
    return local_rates(label, text, file.name)


def schools_asked(file: Path) -> Any:
    """The schools of a file. Raises UnreadableFile or SchoolsFileRefused."""
    from redway.datasets.text_rows import read_text_rows
    from redway.funding.schools_rows import schools_from_rows

    if not file.is_file():
        raise NotFound(f"There is no file {file}.", "Check the spelling of its name.")
    headings, rows = read_text_rows(file)
    return schools_from_rows(headings, rows, file.name)


def result_in(file: Path) -> dict[str, Any]:
    """A result that ``funding calculate --json FILE`` wrote."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise RedwayError(
            f"{file.name} is not JSON.", "Make it with redway funding calculate --json FILE."
        ) from None
    if not isinstance(held, dict) or "totals" not in held:
        raise RedwayError(
            f"{file.name} is not a result of a formula.", "Make it with redway funding calculate --json FILE."
        )
    return held


def _changes(typed: list[str]) -> dict[str, str]:
    changes = {}
    for text in typed:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise NotFound(f"'{text}' does not say what to set.", "Write --set fsm_primary=495.00.")
        changes[name.strip()] = value.strip().removeprefix("£").replace(",", "")
    return changes


def _percent(option: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text.strip().removesuffix("%").replace("\N{MINUS SIGN}", "-"))
    except InvalidOperation:
        raise NotFound(f"{option} '{text}' is not a percentage.", "Write it as -0.5.") from None


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
