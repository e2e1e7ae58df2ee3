"""The letter that tells a school what was decided on its application."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from redway.core.words import day_in_words
from redway.figures.letters import Entry, Letter, Part
from redway.funding.deficits import month_in_words
from redway.web.funding.deficits.models import Licence, LicenceEntry
from redway.web.funding.deficits.records import plan_of
from redway.web.funding.deficits.values_of import rules_for
from redway.web.register.models import School

_DECIDED = (LicenceEntry.Kind.GRANTED, LicenceEntry.Kind.REFUSED, LicenceEntry.Kind.RETURNED)
_TITLES = {
    LicenceEntry.Kind.GRANTED: "Your deficit is licensed",
    LicenceEntry.Kind.REFUSED: "Your application for a licensed deficit is refused",
    LicenceEntry.Kind.RETURNED: "Your application for a licensed deficit is sent back to you",
}


_UNLICENSED = (
    "A deficit that is not licensed is a first charge on your next year's budget share. Speak to the finance "
    "officer about the next step."
)


def decision_of(licence: Licence) -> LicenceEntry | None:
    """The newest decision; None while there is none."""
    return licence.entries.filter(kind__in=_DECIDED).last()


def has_letter(licence: Licence) -> bool:
    """Whether something was decided that a letter can tell."""
    return decision_of(licence) is not None


def decision_letter(licence: Licence, school: School, on: date) -> Letter:
    """The newest decision as a letter to the headteacher and the chair of governors."""
    entry = decision_of(licence)
    assert entry is not None
    kind, decided = LicenceEntry.Kind(entry.kind), timezone.localdate(entry.at)
    reasons = entry.words.removesuffix(licence.conditions).strip() if licence.conditions else entry.words
    sections = [Part("Reasons", reasons.splitlines())]
    if kind is LicenceEntry.Kind.GRANTED:
        sections += _of_a_licence(licence, decided)
    else:
        sections.append(Part("What happens next", [_UNLICENSED]))
    return Letter(
        title=_TITLES[kind],
        organisation=school.authority_name,
        reference=f"Deficit {school.current_urn}",
        day=on,
        to=("The headteacher and the chair of governors", school.shown_name),
        paragraphs=(f"It was decided on {day_in_words(decided)} by the {_by(entry)}.",),
        sections=sections,
    )


def _by(entry: LicenceEntry) -> str:
    return f"{entry.level} or above" if entry.level == "finance officer" else str(entry.level)


def _of_a_licence(licence: Licence, decided: date) -> list[Part]:
    plan = plan_of(licence)
    assert plan is not None
    assert licence.first_month is not None
    years = [
        Entry(
            year.year,
            f"Income {year.income}, spending {year.spending}, balance {balance}",
            year.savings,
        )
        for year, balance in zip(plan.years, plan.balances, strict=True)
    ]
    within = rules_for(licence.authority, decided).whole("return-due-after")
    returns = (
        f"A return is due for every month from {month_in_words(licence.first_month)} on, within {within} "
        "working days of its end, until the deficit is clear."
    )
    parts = [Part("Recovery plan", [f"Brought forward: {plan.brought_forward}."], years)]
    if licence.conditions:
        parts.append(Part("Conditions", [line for line in licence.conditions.splitlines() if line.strip()]))
    return [*parts, Part("Monthly returns", [returns])]
