"""What the ``funding`` commands read: files of schools and of rates, rates and rules typed as options."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Mapping
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
    from redway.funding.rates_2008 import is_2008
    from redway.funding.rounding import Rounding
    from redway.funding.rules import Rules, in_range

    if is_2008(year_asked(arguments.year)):
        raise NotFound(
            f"The local formula of {arguments.year} can be calculated, explained and compared, and nothing "
            "else.",
            "Use funding calculate, explain or compare.",
        )
    if arguments.scale is not None and arguments.cap is None:
        raise NotFound("--scale is a share of the gain above a cap.", "Give --cap with it.")
    rates = rates_asked(arguments.year, arguments.rates).over(changes_typed(arguments.changes))
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
    return Asked(Calculation(schools), rates, rules, made_from(arguments))


def made_from(arguments: argparse.Namespace) -> dict[str, str]:
    """The files of a result with their fingerprints, and the version that made it."""
    from redway import __version__

    files = {"schools": arguments.schools, "rates": arguments.rates}
    named = {name: file for name, file in files.items() if file}
    return {
        **{name: file.name for name, file in named.items()},
        **{f"{name}_sha256": _fingerprint(file) for name, file in named.items()},
        "redway": __version__,
    }


@dataclass(frozen=True)
class Calculated:
    """A result, whatever formula made it, and the ways to hand it over."""

    plain: Callable[[], dict[str, Any]]
    show: Callable[[], None]
    write_table: Callable[[Path], None]
    warn: Callable[[], None]
    """Say what it rests on that nobody has confirmed, and what it leaves out."""


def year_asked(year: str) -> str:
    """The financial year as Redway writes it. Raises InvalidPeriod."""
    from redway.core.errors import InvalidPeriod
    from redway.core.periods import PeriodKind, parse_period

    try:
        return parse_period(year, PeriodKind.FINANCIAL).label
    except InvalidPeriod as error:
        raise InvalidPeriod(error.message, "Write it as 2025-26.") from None


def rates_asked(year: str, file: Path | None) -> Rates:
    """National rates of a year, with a file of local ones over them."""
    from redway.funding.years import local_rates, national_rates

    label = year_asked(year)
    if file is None:
        return national_rates(label)
    return local_rates(label, text_of_rates(file), file.name)


def text_of_rates(file: Path) -> str:
    """A file of rates as text. Raises RedwayError for one that is not UTF-8."""
    if not file.is_file():
        raise NotFound(f"There is no file {file}.", "Check the spelling of its name.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RedwayError(f"{file.name} is not written in UTF-8.", "Save it as UTF-8 text.") from None


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


def changes_typed(typed: list[str]) -> dict[str, str]:
    """Rates typed over as NAME=VALUE. Raises NotFound for what says nothing."""
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
