"""The schools block of a year: what comes in, what is set aside and by whom, what is left for schools."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from redway.core.errors import RedwayError, ValuesError
from redway.core.money import NOTHING, Money
from redway.core.words import counted, number
from redway.funding.growth import GrowthIncome, growth_income, growth_rates
from redway.funding.schools_block import BlockIncome
from redway.funding.transfers import Route, route_of
from redway.web.funding.block import Decided, decided_of
from redway.web.funding.blocks.models import Fund, Income
from redway.web.funding.blocks.records import Formula, answer_to, criteria_of, income_of, item_on_transfer
from redway.web.funding.blocks.shown import (
    FIGURES_LOOK,
    WORKED_OUT,
    Asked,
    Figure,
    Section,
    Shown,
    figures_table,
    standing_of,
)
from redway.web.funding.ground import block_of
from redway.web.funding.models import BlockOfYear
from redway.web.funding.money_fields import first_day

_SET_DOWN, _SET_DOWN_BY = "Set down", "Set down by the authority"


def block_shown(asked: Asked) -> Shown:
    """The page of the schools block."""
    income, held = income_of(*asked.key), block_of(*asked.key)
    coming, said = _coming(asked, income, held)
    sections = [Section("income", figures_table(f"What comes in, {asked.year}", coming), look=FIGURES_LOOK)]
    going, more = _going(asked, held)
    said += more
    sections.append(
        Section(
            "set-aside",
            figures_table(f"What is set aside, and what is left, {asked.year}", going),
            look=FIGURES_LOOK,
        )
    )
    actions = []
    if asked.may_edit:
        actions = [
            ("Set down what comes in", asked.address("set_down", "income")),
            ("Set down the block and what is set aside", reverse("funding:money", args=asked.key)),
        ]
    return Shown(
        "Schools block",
        "What comes in for mainstream schools, what is set aside before they are paid by the formula, who "
        "decides on it, and what is left.",
        sections,
        said,
        actions=actions,
    )


def income_in(income: Income, formula: Formula) -> tuple[BlockIncome, GrowthIncome | None]:
    """What the block comes to by its units of funding; growth is None where its rates are not held."""
    schools = formula.budgets.schools
    try:
        growth: GrowthIncome | None = growth_of(income)
    except ValuesError:
        growth = None
    return (
        BlockIncome(
            Money(income.primary_unit_pence),
            Money(income.secondary_unit_pence),
            int(schools.pupils_primary.sum()),
            int(schools.pupils_secondary.sum()),
            Money(income.premises_pence),
            growth.amount if growth else NOTHING,
        ),
        growth,
    )


def growth_of(income: Income) -> GrowthIncome:
    """What extra pupils and new schools bring in. Raises ValuesError for a year whose rates are not held."""
    return growth_income(
        income.extra_primary,
        income.extra_secondary,
        income.new_schools,
        growth_rates(first_day(income.year)),
    )


def _coming(asked: Asked, income: Income | None, held: BlockOfYear | None) -> tuple[list[Figure], list[str]]:
    amount = held.as_block.amount if held else None
    set_down = Figure(
        "Schools block",
        amount,
        "As set down: what the formula has to pay for",
        _SET_DOWN_BY if held else "",
        _SET_DOWN if held else "Not set down",
        is_total=True,
    )
    if income is None or asked.formula is None:
        why = (
            "Nobody has set down yet what the schools block is made of."
            if income is None
            else f"No formula is in force for {asked.year}, so its pupils are not known."
        )
        return [set_down], [why]
    made, growth = income_in(income, asked.formula)
    standing = standing_of(income)
    pupils = asked.formula.source
    figures = [
        _units("Primary", made.primary, made.primary_unit, made.primary_pupils, income.source, standing),
        _units(
            "Secondary", made.secondary, made.secondary_unit, made.secondary_pupils, income.source, standing
        ),
        Figure("Premises", made.premises, "Paid on last year's premises", income.source, standing),
        _growth(asked, income, growth),
        Figure(
            "By units of funding",
            made.total,
            f"The sum{'' if growth else ', without growth'}; pupils of {pupils}",
            "",
            WORKED_OUT,
            is_total=True,
        ),
        set_down,
    ]
    said = []
    if growth is None:
        said.append(f"The published rates of growth for {asked.year} are not held: growth is left out.")
    if amount is not None and amount != made.total:
        more = "more" if amount > made.total else "less"
        said.append(
            f"The block set down is {abs(amount - made.total)} {more} than units of funding, premises and "
            "growth come to. Compare both with the allocation of the dedicated schools grant."
        )
    if not income.is_confirmed:
        said.append(
            "What comes in is not confirmed: nobody has read it in the allocation named as its source."
        )
    return figures, said


def _units(phase: str, amount: Money, unit: Money, pupils: int, source: str, standing: str) -> Figure:
    return Figure(phase, amount, f"{number(pupils)} pupils at {unit}", source, standing)


def _growth(asked: Asked, income: Income, growth: GrowthIncome | None) -> Figure:
    what = "Growth"
    if growth is None:
        return Figure(what, None, f"No rates are held for {asked.year}", "", "Not held")
    rates = growth_rates(first_day(asked.year))
    how = (
        f"{number(growth.extra_primary)} more primary pupils at {rates.primary}, "
        f"{number(growth.extra_secondary)} secondary at {rates.secondary}, "
        f"{counted(growth.new_schools, 'new school')} at {rates.new_school}"
    )
    standing = standing_of(income)
    return Figure(what, growth.amount, how, f"{income.source}; growth guidance of {asked.year}", standing)


def _going(asked: Asked, held: BlockOfYear | None) -> tuple[list[Figure], list[str]]:
    if held is None:
        return [], ["The schools block of the year is not set down yet, so nothing is known to be left."]
    block = held.as_block
    figures = [
        Figure("Schools block", block.amount, "What comes in", _SET_DOWN_BY, _SET_DOWN),
        _fund(asked, Fund.GROWTH, block.growth_fund),
        _fund(asked, Fund.FALLING_ROLLS, block.falling_rolls),
        _transfer(held),
        Figure("Left for schools", block.for_schools, "", "", WORKED_OUT, is_total=True),
    ]
    said = []
    if asked.formula is None:
        said.append(f"No formula is in force for {asked.year}, so it is not known what schools are paid.")
        return figures, said
    total = Money(asked.formula.budgets.authority_total)
    difference = block.for_schools - total
    figures += [
        Figure("The formula's total", total, "Every school's budget together", asked.formula.source),
        Figure(
            "Difference",
            difference,
            "Left over" if difference.pence > 0 else "Lacking" if difference.pence < 0 else "None",
            "",
            WORKED_OUT,
            is_total=True,
        ),
    ]
    if difference.pence:
        what = "is left over" if difference.pence > 0 else "is lacking"
        said.append(f"{abs(difference)} {what}: a submission needs the two to be equal.")
    if asked.formula.unconfirmed:
        rates = counted(len(asked.formula.unconfirmed), "rate")
        said.append(f"The formula's total rests on {rates} nobody has confirmed.")
    return figures, said


def _fund(asked: Asked, fund: Fund, held: Money) -> Figure:
    answer = answer_to(criteria_of(*asked.key, fund.value))
    return Figure(str(fund.label), -held, answer.words, _SET_DOWN_BY, _SET_DOWN, item=answer.item)


def _transfer(held: BlockOfYear) -> Figure:
    moved = held.as_block.transfer
    if moved.pence < 0:
        return Figure("Moved into the block", -moved, "From other blocks", _SET_DOWN_BY, _SET_DOWN)
    what = "Transfer to other blocks"
    if not moved.pence:
        return Figure(what, NOTHING, "None", _SET_DOWN_BY, _SET_DOWN)
    item, decided = item_on_transfer(held), decided_of(held)
    try:
        route = transfer_route(held, item.meeting.held_on if item else _day_before(held.year))
    except RedwayError as error:
        return Figure(what, -moved, error.message, _SET_DOWN_BY, _SET_DOWN, item=item)
    how = f"{route.decider.label} decides. {route.why} {_decided_words(decided)}"
    return Figure(what, -moved, how, _SET_DOWN_BY, _SET_DOWN, item=item)


def transfer_route(held: BlockOfYear, day: date) -> Route:
    """Who decides on the transfer of a year. Raises TransferRefused and ValuesError."""
    block = held.as_block
    return route_of(block.amount, block.transfer, day, forum_refused=decided_of(held).forum_agreed is False)


def _decided_words(decided: Decided) -> str:
    forum = {True: "The forum agreed.", False: "The forum refused.", None: "The forum has not decided yet."}
    asked = "All schools were consulted." if decided.schools_consulted else "Schools have not been consulted."
    lifted = decided.disapplied.get("transfer-above-limit", "")
    return " ".join(
        filter(None, (forum[decided.forum_agreed], asked, f"Secretary of State: {lifted}." if lifted else ""))
    )


def _day_before(year: str) -> date:
    """The last day before a year: what leaves its block is decided by then."""
    return first_day(year) - timedelta(days=1)
