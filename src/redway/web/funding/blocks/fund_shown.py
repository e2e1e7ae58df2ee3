"""A growth or falling-rolls fund: criteria, what each school is paid from it and why, and what comes in."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from redway.core.money import NOTHING, Money, total
from redway.core.words import counted
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.dedelegation import PRIMARY, SECONDARY, VOTES_WITH
from redway.funding.growth import (
    Award,
    Claim,
    FallingRollsCriteria,
    GrowthCriteria,
    falling_rolls_fund,
    growth_fund,
)
from redway.web.funding.blocks.block_shown import income_in
from redway.web.funding.blocks.models import ClaimTable, Criteria, Fund
from redway.web.funding.blocks.records import ALL, Answer, answer_to, criteria_of, income_of
from redway.web.funding.blocks.shown import Asked, Section, Shown, meeting_of, standing_of
from redway.web.funding.ground import block_of

_CONDITION = {
    Fund.GROWTH: "The authority asked for it",
    Fund.FALLING_ROLLS: "Places needed again",
}


def fund_shown(asked: Asked, fund: Fund) -> Shown:
    """The page of one fund."""
    criteria = criteria_of(*asked.key, fund.value)
    claims = claims_of(*asked.key, fund)
    answer, held = answer_to(criteria), _held(asked, fund)
    said = []
    sections = [_criteria_section(asked, fund, criteria, answer)]
    if criteria is None:
        said.append("The criteria are not set down yet, so nobody can be paid by them.")
    elif claims is None:
        said.append("No table of schools to be judged is taken in yet.")
    else:
        awards = awards_of(asked, fund, criteria, claims)
        paid = total(award.amount for _, award in awards if award is not None)
        sections.append(_awards_section(asked, fund, claims, awards))
        said += _money_said(held, paid)
        if unknown := sum(award is None for _, award in awards):
            said.append(
                f"{counted(unknown, 'school is', 'schools are')} not in the table of schools of the "
                "formula, so the rate is not known; nothing is counted for them."
            )
    if criteria is not None and not answer.agreed[ALL]:
        decided = "refused" if answer.agreed[ALL] is False else "has not decided on"
        said.append(f"The forum {decided} these criteria: nothing may be paid by them.")
    if fund is Fund.GROWTH:
        said += _income_said(asked, held)
    if criteria is not None and not criteria.is_confirmed:
        said.append("The criteria are not confirmed: nobody has read them in what is named as their source.")
    actions = []
    if asked.may_edit:
        actions = [
            ("Set down the criteria", asked.address("set_down", fund.value)),
            ("Take in the table of schools", asked.address("take_in_claims", fund.value)),
            ("Set down what the fund holds", reverse("funding:money", args=asked.key)),
        ]
    lead = (
        "Schools that take more pupils at the authority's request are paid for them before the formula "
        "counts them."
        if fund is Fund.GROWTH
        else "Schools whose rolls fall are helped where planning data show that places are needed again."
    )
    return Shown(str(fund.label), lead, sections, said, actions=actions)


def claims_of(authority: str, year: str, fund: Fund) -> ClaimTable | None:
    """The newest table of schools judged for a fund."""
    return ClaimTable.objects.filter(authority=authority, year=year, fund=fund.value).first()


def awards_of(
    asked: Asked, fund: Fund, criteria: Criteria, table: ClaimTable
) -> list[tuple[Claim, Award | None]]:
    """Every claim with what it comes to, in the order of the table; a phase is paid at its own rate.

    None where the school is not in the table of schools, so that its phase is not known.
    """
    phases = _phases(asked)
    claims = [as_claim(fund, row) for row in table.rows]
    judged: dict[str, Award] = {}
    for phase, pence in ((PRIMARY, criteria.primary_pence), (SECONDARY, criteria.secondary_pence)):
        ours, rate = [one for one in claims if phases.get(one.school) == phase], Money(pence)
        for award in _judged(fund, criteria, ours, rate):
            judged[award.school] = award
    return [(one, judged.get(one.school)) for one in claims]


def as_claim(fund: Fund, row: Sequence[object]) -> Claim:
    """A stored row as the rules see it."""
    urn, before, after, condition = row
    met = bool(condition)
    return Claim(
        str(urn),
        int(str(before)),
        int(str(after)),
        asked_for=met and fund is Fund.GROWTH,
        needed_again=met and fund is Fund.FALLING_ROLLS,
    )


def _judged(fund: Fund, criteria: Criteria, claims: Sequence[Claim], rate: Money) -> tuple[Award, ...]:
    if fund is Fund.GROWTH:
        rule = GrowthCriteria(criteria.least, rate, criteria.months, criteria.at_request)
        return growth_fund(NOTHING, claims, rule).awards
    return falling_rolls_fund(NOTHING, claims, FallingRollsCriteria(criteria.least, rate)).awards


def _phases(asked: Asked) -> dict[str, str]:
    """URN -> the phase whose rate holds: a middle or all-through school is paid as a secondary one."""
    if asked.formula is None:
        return {}
    schools = asked.formula.budgets.schools
    return {urn: VOTES_WITH[phase.value] for urn, phase in zip(schools.urn, schools.phase, strict=True)}


def _held(asked: Asked, fund: Fund) -> Money | None:
    block = block_of(*asked.key)
    if block is None:
        return None
    return Money(block.growth_pence if fund is Fund.GROWTH else block.falling_rolls_pence)


def _money_said(held: Money | None, paid: Money) -> list[str]:
    if held is None:
        return [f"Awards come to {paid}. What the fund holds is not set down yet."]
    left = held - paid
    if left.pence < 0:
        return [f"The fund holds {held}; awards come to {paid}: {-left} more than it holds."]
    return [f"The fund holds {held}; awards come to {paid}; {left} is left."]


def _income_said(asked: Asked, held: Money | None) -> list[str]:
    income = income_of(*asked.key)
    if income is None or asked.formula is None:
        return ["What comes in for growth is not set down yet."]
    _, growth = income_in(income, asked.formula)
    if growth is None:
        return [f"The published rates of growth for {asked.year} are not held, so its income is not known."]
    said = f"{growth.amount} comes in for growth"
    if held is not None and held > growth.amount:
        return [f"{said}: {held - growth.amount} less than the fund holds, which all schools pay."]
    return [f"{said}."]


def _criteria_section(asked: Asked, fund: Fund, criteria: Criteria | None, answer: Answer) -> Section:
    rows: list[Row] = []
    if criteria is not None:
        rows = [{"what": what, "value": value} for what, value in _criteria_rows(fund, criteria)]
        rows += [
            {
                "what": "How the forum voted",
                "value": answer.words,
                "meeting": str(answer.item.meeting_id) if answer.item else "",
            },
            {"what": "Source", "value": criteria.source},
            {"what": "Standing", "value": standing_of(criteria)},
        ]
    return Section(
        "criteria",
        Table(
            f"Criteria of the {fund.label.lower()}, {asked.year}",
            [Column("what", "What"), Column("value", "As agreed")],
            rows,
        ),
        empty="The criteria are not set down yet.",
        look={"links": {"value": meeting_of}},
    )


def _criteria_rows(fund: Fund, criteria: Criteria) -> list[tuple[str, str]]:
    rates = [
        ("A primary pupil", str(Money(criteria.primary_pence))),
        ("A secondary pupil", str(Money(criteria.secondary_pence))),
    ]
    if fund is Fund.FALLING_ROLLS:
        return [("Least fall", f"{criteria.least}%"), *rates]
    return [
        ("Paid from", counted(criteria.least, "extra pupil")),
        *rates,
        ("Part of the year", f"{criteria.months} of 12 months"),
        ("Only at the authority's request", "Yes" if criteria.at_request else "No"),
    ]


def _awards_section(
    asked: Asked, fund: Fund, claims: ClaimTable, awards: Sequence[tuple[Claim, Award | None]]
) -> Section:
    schools = asked.formula.budgets.schools if asked.formula else None
    names = dict(zip(schools.urn, schools.name, strict=True)) if schools is not None else {}
    rows: list[Row] = [
        {
            "urn": claim.school,
            "name": names.get(claim.school, f"School {claim.school}"),
            "before": claim.before,
            "after": claim.after,
            "change": claim.after - claim.before,
            "condition": "Yes" if claim.asked_for or claim.needed_again else "No",
            "amount": award.amount if award else None,
            "why": award.why if award else "It is not in the table of schools.",
        }
        for claim, award in awards
    ]
    return Section(
        "awards",
        Table(
            f"What schools are paid from the {fund.label.lower()}, {asked.year}",
            [
                Column("name", "School"),
                Column("urn", "URN"),
                Column("before", "Pupils before", Kind.NUMBER),
                Column("after", "Pupils after", Kind.NUMBER),
                Column("change", "Change", Kind.NUMBER),
                Column("condition", _CONDITION[fund]),
                Column("amount", "Paid", Kind.MONEY),
                Column("why", "Why"),
            ],
            rows,
            [f"Pupils and conditions: {claims.file}, version {claims.number}."],
        ),
        look={
            "totals": ("amount",),
            "first_shown": ("name", "before", "after", "condition", "amount", "why"),
            "links": {"name": lambda row: reverse("funding:statement", args=[row["urn"], asked.year])},
        },
    )
