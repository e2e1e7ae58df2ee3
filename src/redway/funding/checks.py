"""What a submission would be rejected for, and what the Department for Education would ask about.

The authority sends its formula in January. Findings of severity error block an export; a query needs an
explanation. A disapplication that the Secretary of State allowed turns the error it lifts into a query that
names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from redway.core.money import NOTHING, Money
from redway.core.words import listed
from redway.funding.calculation import Budgets
from redway.funding.errors import RulesRefused
from redway.funding.factor_ranges import factor_ranges
from redway.funding.factors import ADDITIONAL_NEEDS
from redway.funding.findings import Finding, Severity, error, is_blocked, query
from redway.funding.forum_powers import Body
from redway.funding.rates import MINIMUM, Rates
from redway.funding.rules import Rules, in_range
from redway.funding.school_checks import PupilAdjustment, school_findings
from redway.funding.schools_block import SchoolsBlock
from redway.funding.transfers import TransferRefused, route_of
from redway.funding.years import first_day

__all__ = [
    "DISAPPLIABLE",
    "Finding",
    "PupilAdjustment",
    "Severity",
    "Submission",
    "is_blocked",
    "rules_findings",
    "submission_checks",
]

DISAPPLIABLE = ("factor-range", "guarantee-range", "minimum-level", "transfer-above-limit")
"""Codes of findings that the Secretary of State may lift for an authority."""
_PROFORMA = "How to complete the authority proforma tool 2026 to 2027, Department for Education"
_CLOSER = "Schools operational guide: factors move 10% closer to national values unless within 2.5% of them"
_TRANSFER = "School and Early Years Finance (England) Regulations: up to 0.5% with the forum's approval"


@dataclass(frozen=True)
class Submission:
    """What goes to the Department for Education, as far as it can be checked.

    ``last`` are last year's rates, national and local. ``disapplied`` names the decision of the Secretary of
    State by the code of the finding it lifts. ``forum_agreed`` is the forum's decision on a transfer, None
    before it met.
    """

    budgets: Budgets
    block: SchoolsBlock | None = None
    last: Rates | None = None
    adjustments: tuple[PupilAdjustment, ...] = ()
    disapplied: Mapping[str, str] = field(default_factory=dict)
    forum_agreed: bool | None = None
    schools_consulted: bool = False


def submission_checks(submission: Submission) -> tuple[Finding, ...]:
    """Every finding, errors first."""
    budgets = submission.budgets
    found = [
        *_factor_range(budgets.rates, submission.last),
        *rules_findings(budgets.rules.guarantee, budgets.rules.cap, budgets.rules.scale, budgets.rates),
        *_minimum_level(budgets.rates),
        *_money(submission),
        *school_findings(budgets, submission.adjustments),
        *_what_it_rests_on(budgets),
    ]
    lifted = [_lifted(finding, submission.disapplied) for finding in found]
    return tuple(sorted(lifted, key=lambda finding: finding.severity is not Severity.ERROR))


def rules_findings(
    guarantee: Decimal | None, cap: Decimal | None, scale: Decimal, rates: Rates
) -> Iterator[Finding]:
    """Guarantee, cap and scale as they were typed: in range, and the cap not below the guarantee."""
    try:
        rules = Rules(guarantee, cap, scale)
    except RulesRefused as refused:
        yield error("rules-refused", "Guarantee and cap", refused.message, refused.next_step)
        return
    if guarantee is None:
        yield error(
            "no-guarantee",
            "Guarantee",
            f"No minimum funding guarantee is set for {rates.year}.",
            f"Choose one from {rates.value('guarantee_lowest')}% to {rates.value('guarantee_highest')}%.",
        )
        return
    try:
        in_range(rules, rates)
    except RulesRefused as refused:
        source = rates.origin("guarantee_lowest")
        yield error("guarantee-range", "Guarantee", refused.message, refused.next_step, source)


def _factor_range(rates: Rates, last: Rates | None) -> Iterator[Finding]:
    for name, allowed in factor_ranges(rates, last).items():
        rate = rates.rate(name)
        if allowed.holds(rate):
            continue
        unknown = " Last year's rate is not known here, which might allow it." if last is None else ""
        yield error(
            "factor-range",
            name,
            f"{name} of {rate} is outside {allowed.lowest} to {allowed.highest}: it has to lie "
            f"{allowed.why}.{unknown}",
            f"Choose a rate from {allowed.lowest} to {allowed.highest}.",
            _CLOSER,
        )


def _minimum_level(rates: Rates) -> Iterator[Finding]:
    for name in MINIMUM:
        if name not in rates.national:
            continue
        national = Rates(rates.year, rates.national, {}, {}).rate(name)
        if rates.rate(name) < national:
            yield error(
                "minimum-level",
                name,
                f"The local minimum of {rates.rate(name)} a pupil is below the national one of {national}.",
                f"Set it to {national} or more, or record the disapplication that allows it.",
                rates.national[name].source,
            )


def _money(submission: Submission) -> Iterator[Finding]:
    block = submission.block
    if block is None:
        yield query(
            "no-block",
            "Schools block",
            "The money of the schools block is not known, so it is not checked that it is shared out.",
            "Enter the block, the growth fund and transfers.",
        )
        return
    paid = Money(submission.budgets.authority_total)
    difference = block.for_schools - paid
    if difference != NOTHING:
        more_or_less = "less" if difference > NOTHING else "more"
        yield error(
            "block-not-balanced",
            "Schools block",
            f"Schools get {paid} and {block.set_aside} is set aside, together {abs(difference)} "
            f"{more_or_less} than the block of {block.amount}.",
            "Put the difference into the growth fund, a transfer or the rates.",
            _PROFORMA,
        )
    if block.transfer > NOTHING:
        yield from _transfer(submission, block)


def _transfer(submission: Submission, block: SchoolsBlock) -> Iterator[Finding]:
    refused = submission.forum_agreed is False
    try:
        day = first_day(submission.budgets.rates.year)
        route = route_of(block.amount, block.transfer, day, forum_refused=refused)
    except TransferRefused as wrong:
        yield error("transfer-refused", "Transfers", wrong.message, wrong.next_step, _TRANSFER)
        return
    if route.decider is Body.DEPARTMENT:
        yield error(
            "transfer-above-limit",
            "Transfers",
            route.why,
            f"Transfer {route.limit} at most, or record the decision of the Secretary of State.",
            _TRANSFER,
        )
    elif not submission.forum_agreed:
        yield error(
            "transfer-not-agreed",
            "Transfers",
            f"{route.why} The forum has not decided on it.",
            "Take it to the Schools Forum.",
            _TRANSFER,
        )
    if not submission.schools_consulted:
        yield query(
            "transfer-without-consultation",
            "Transfers",
            "It is not recorded that all schools were consulted on the transfer.",
            "Record the consultation.",
            _TRANSFER,
        )


def _what_it_rests_on(budgets: Budgets) -> Iterator[Finding]:
    if budgets.unconfirmed:
        yield query(
            "unconfirmed-rates",
            "Rates",
            f"Nobody has confirmed {listed(budgets.unconfirmed)}.",
            "Compare them with the published table of the year.",
            "Status of each value in the file of rates",
        )
    needs = {factor.name for factor in ADDITIONAL_NEEDS}
    if absent := [name for name in budgets.not_used if name in needs]:
        yield query(
            "factors-not-used",
            "Factors",
            f"The file of schools has no column for {listed(absent)}, so nothing is paid on them.",
            "Add the columns: since 2023-24 an authority uses every factor of the national formula.",
        )


def _lifted(finding: Finding, disapplied: Mapping[str, str]) -> Finding:
    decision = disapplied.get(finding.code, "").strip()
    if finding.code not in DISAPPLIABLE or not decision:
        return finding
    return replace(
        finding,
        severity=Severity.QUERY,
        sentence=f"{finding.sentence} Disapplied: {decision}.",
        next_step="Name the decision in the commentary.",
    )
