"""A scenario as a workbook laid out as an authority's proforma is: a sheet for each part of a submission."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from redway.core.money import Money
from redway.core.words import day_in_words
from redway.figures.sheets import workbook_bytes
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.calculation import Budgets
from redway.funding.factors import FACTORS
from redway.funding.rates import Rates
from redway.funding.result import columns_as_plain
from redway.funding.trail import RESULTS
from redway.web.funding.asked import ROUNDING_LABELS
from redway.web.funding.ground import Ground
from redway.web.funding.models import Scenario
from redway.web.funding.rate_fields import label_of, national_value, value_in_force
from redway.web.funding.schools_file import file_view
from redway.web.funding.statement_paper import MADE_UP
from redway.web.funding.validation import require_minimum_level, validation_table
from redway.web.register.models import Authority


def proforma(authority: Authority, scenario: Scenario, ground: Ground, on: date) -> bytes:
    """The workbook. Its sheets follow the department's authority proforma tool; it is not that tool.

    Raises MinimumTooLow for a minimum per-pupil level that nobody has allowed.
    """
    budgets = ground.of(scenario)
    require_minimum_level(ground, budgets)
    return workbook_bytes(
        {
            "Cover": _cover(authority, scenario, ground, budgets, on),
            "Schools data": file_view(ground.table).table,
            "Local factors": _local_factors(budgets.rates),
            "Adjusted factors": _adjusted(budgets),
            "School level": _school_level(budgets),
            "Block totals": _block_totals(ground, budgets),
            "Validation": validation_table(ground, budgets),
        }
    )


def _percent(percent: Decimal | None) -> str:
    """A cell that begins with a hyphen would be held back as a formula, so below nothing has a minus sign."""
    return "not used" if percent is None else f"{percent}%".replace("-", "\N{MINUS SIGN}")


def _cover(authority: Authority, scenario: Scenario, ground: Ground, budgets: Budgets, on: date) -> Table:
    rules = budgets.rules
    rows: list[tuple[str, str]] = [
        ("Authority", f"{authority.name} ({authority.number})"),
        ("Scenario", f"{scenario.name}, revision {scenario.revision}"),
        ("As at", day_in_words(on)),
        ("Schools", f"{len(budgets.schools)}: version {ground.table.number}, {ground.table.file}"),
        ("Minimum funding guarantee", _percent(rules.guarantee)),
        ("Cap on gains", _percent(rules.cap)),
        ("Share of a gain above the cap taken", _percent(None if rules.cap is None else rules.scale)),
        ("Rounding", ROUNDING_LABELS[rules.rounding]),
        (
            "Rates nobody has confirmed",
            "; ".join(label_of(name) for name in budgets.unconfirmed) or "none",
        ),
        ("Not used", "; ".join(label_of(name) for name in budgets.not_used) or "nothing"),
        *([("Note", MADE_UP)] if ground.table.made_up else []),
    ]
    return Table(
        f"School funding formula of {authority.name}, {scenario.year}",
        [Column("what", "What"), Column("value", "Value")],
        [{"what": what, "value": value} for what, value in rows],
    )


def _local_factors(rates: Rates) -> Table:
    rows: list[Row] = []
    for name in rates.names():
        if not isinstance(_number(rates, name), Decimal):
            continue
        national = national_value(rates, name)
        in_force = value_in_force(rates, name)
        rows.append(
            {
                "label": label_of(name),
                "name": name,
                "value": in_force,
                "national": national,
                "percent": None if not national else in_force / national * 100,
                "source": rates.origin(name),
            }
        )
    return Table(
        "Rates of the scenario beside the national values",
        [
            Column("label", "Rate"),
            Column("name", "Name in files"),
            Column("value", "Value", Kind.NUMBER, 5),
            Column("national", "National value", Kind.NUMBER, 5),
            Column("percent", "Of the national value, percent", Kind.PERCENT, 3),
            Column("source", "Source"),
        ],
        rows,
    )


def _number(rates: Rates, name: str) -> Decimal | None:
    if name in rates.changes:
        return rates.changes[name]
    value = rates.held(name).value
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _adjusted(budgets: Budgets) -> Table:
    """Units and money of each factor, all schools together."""
    absent, total = set(budgets.not_used), budgets.authority_total
    rows: list[Row] = []
    for factor in FACTORS:
        if factor.name in absent:
            continue
        amount = int(budgets.line(factor.name).sum())
        rows.append(
            {
                "line": factor.label,
                "rate": budgets.rates.rate(factor.name) if factor.is_pupil_led else None,
                "amount": Money(amount),
                "percent": Decimal(amount) / total * 100 if total else None,
            }
        )
    for name, sign in (("minimum_per_pupil", 1), ("guarantee", 1), ("gains_cap", -1)):
        amount = sign * int(getattr(budgets, name).sum())
        rows.append(
            {
                "line": RESULTS[name],
                "amount": Money(amount),
                "percent": Decimal(amount) / total * 100 if total else None,
            }
        )
    rows.append({"line": "Total", "amount": Money(total), "percent": Decimal(100)})
    return Table(
        "Money through each factor",
        [
            Column("line", "Factor"),
            Column("rate", "Rate", Kind.MONEY),
            Column("amount", "Amount", Kind.MONEY),
            Column("percent", "Of the total, percent", Kind.PERCENT, 3),
        ],
        rows,
    )


def _school_level(budgets: Budgets) -> Table:
    held = columns_as_plain(budgets)
    labels = {**{factor.name: factor.label for factor in FACTORS}, **RESULTS}
    texts = {"urn": "URN", "name": "School", "phase": "Phase", "status": "Status", "locality": "Locality"}
    columns = [
        Column(name, texts[name])
        if name in texts
        else Column(name, "Pupils", Kind.NUMBER)
        if name == "pupils"
        else Column(name, labels[name], Kind.MONEY)
        for name in held
    ]
    rows = [dict(zip(held, values, strict=True)) for values in zip(*held.values(), strict=True)]
    return Table("Every school, line by line", columns, rows)


def _block_totals(ground: Ground, budgets: Budgets) -> Table:
    block = ground.block.as_block if ground.block else None
    total = Money(budgets.authority_total)
    rows: list[Row] = [{"what": "Schools' budgets under the scenario", "amount": total}]
    if block is None:
        rows.append({"what": "Schools block: not set down"})
    else:
        rows = [
            {"what": "Schools block", "amount": block.amount},
            {"what": "Growth fund", "amount": block.growth_fund},
            {"what": "Falling rolls fund", "amount": block.falling_rolls},
            {"what": "Moved to other blocks", "amount": block.transfer},
            {"what": "Money for schools' budgets", "amount": block.for_schools},
            *rows,
            {"what": "Headroom", "amount": block.for_schools - total},
        ]
    return Table("The schools block", [Column("what", "What"), Column("amount", "Amount", Kind.MONEY)], rows)
