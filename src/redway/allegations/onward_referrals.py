"""Referrals to the Disclosure and Barring Service, the Teaching Regulation Agency and other regulators.

Each is considered in every case: duty, power, not yet, or no ground. "Considered and not needed, because
..." is an answer that can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Standing(StrEnum):
    """What the law asks of the body that might refer."""

    DUTY = "duty"
    POWER = "power"
    NOT_YET = "not yet"
    NO_GROUND = "no ground"


@dataclass(frozen=True)
class Advice:
    """What is asked of a body, and why, in a sentence."""

    standing: Standing
    reason: str
    unconfirmed: bool = False
    """Whether the rule it follows from was not read in its source."""

    @property
    def sentence(self) -> str:
        """As a page says it."""
        mark = (
            " Not confirmed: check the wording of the law before you rely on it." if self.unconfirmed else ""
        )
        return f"{self.standing.value.capitalize()}. {self.reason}{mark}"


@dataclass(frozen=True)
class Employment:
    """What has become of the person's work with children, as far as these duties ask."""

    regulated_activity: bool
    removed: bool = False
    """Dismissed, or moved away from regulated activity."""
    left_before_decision: bool = False
    """Resigned, retired or left when they would have been, or might have been, removed."""
    suspended: bool = False
    teacher: bool = False
    serious_misconduct: bool = False
    """Dismissed, or would have been had they stayed, for serious misconduct."""


def barring_service(
    employment: Employment, *, harm_or_risk: bool, relevant_offence: bool = False, provider: bool = True
) -> Advice:
    """What the Disclosure and Barring Service must or may be told.

    Duty on whoever provides the regulated activity when (a) the person was removed from it, or would have
    been had they not left, and (b) they harmed a child or put one at risk, or have a relevant caution or
    conviction. A body that acts to safeguard and not as provider has a power. Sources: gov.uk, making barring
    referrals; NSPCC Learning. The exact wording of the two conditions is not confirmed here.
    """
    advice = _barring_service(employment, harm_or_risk or relevant_offence, provider)
    return replace(advice, unconfirmed=True)


def _barring_service(employment: Employment, ground: bool, provider: bool) -> Advice:
    gone = employment.removed or employment.left_before_decision
    if not ground:
        return Advice(Standing.NO_GROUND, "No harm, risk of harm or relevant offence is recorded.")
    if not provider:
        return Advice(
            Standing.POWER, "A body that acts to safeguard, and not as provider of the activity, may refer."
        )
    if not employment.regulated_activity:
        return Advice(Standing.NO_GROUND, "The work was not regulated activity.")
    if gone:
        how = "was removed from" if employment.removed else "left before a decision on"
        return Advice(Standing.DUTY, f"The person {how} regulated activity, and harm or risk is recorded.")
    if employment.suspended:
        return Advice(Standing.NOT_YET, "Suspension alone is no removal: watch how it ends.")
    return Advice(Standing.NOT_YET, "The person has not been removed from regulated activity.")


def teaching_regulator(employment: Employment) -> Advice | None:
    """What an employer of a teacher owes the Teaching Regulation Agency; None for those who are no teachers.

    A legal duty to consider referral when a teacher was, or would have been, dismissed for serious
    misconduct. Source: Ward Hadaway, HR Protect.
    """
    if not employment.teacher:
        return None
    if employment.serious_misconduct and (employment.removed or employment.left_before_decision):
        return Advice(
            Standing.DUTY,
            "Dismissed for serious misconduct, or would have been: a referral must be considered.",
        )
    return Advice(Standing.NO_GROUND, "No dismissal for serious misconduct is recorded.")
