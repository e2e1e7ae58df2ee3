"""The threshold: which limbs an allegation meets under the edition of its case, and what follows.

What meets a limb is a referral. What meets none is advice, kept as a record of its own with the reason, and
can become a referral later without being written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from redway.allegations.editions import Edition
from redway.core.errors import RedwayError
from redway.core.words import listed


class ThresholdError(RedwayError):
    """An evaluation that names a limb its edition does not have, or gives no reason."""


class Limb(StrEnum):
    """A limb of the harm threshold, in any edition."""

    HARMED = "harmed"
    OFFENCE = "offence"
    UNSUITABLE = "unsuitable"
    RISK_OF_HARM = "risk-of-harm"
    MAY_NOT_BE_SUITABLE = "may-not-be-suitable"

    @property
    def sentence(self) -> str:
        """The limb as a form asks it."""
        return _SENTENCES[self]


_SENTENCES = {
    Limb.HARMED: "behaved in a way that has harmed a child, or may have harmed a child",
    Limb.OFFENCE: "possibly committed a criminal offence against or related to a child",
    Limb.UNSUITABLE: "behaved in a way that suggests they are unsuitable to work with children",
    Limb.RISK_OF_HARM: "behaved in a way that indicates they may pose a risk of harm to children",
    Limb.MAY_NOT_BE_SUITABLE: "behaved, or may have behaved, in a way that indicates they may not be "
    "suitable to work with children",
}


class Decision(StrEnum):
    """What follows from an initial evaluation."""

    REFERRAL = "referral"
    ADVICE = "advice"


@dataclass(frozen=True)
class Evaluation:
    """The initial evaluation of one case."""

    edition: Edition
    met: Mapping[Limb, str]
    """Limb -> the reason it is met. Empty when none is."""
    decision: Decision
    reason: str
    """Why no limb is met; empty for a referral."""
    transferable_risk: bool
    """Only conduct away from work with children brought it into scope."""


def limbs_of(edition: Edition) -> tuple[Limb, ...]:
    """The limbs that an edition offers, in its order."""
    return tuple(Limb(word) for word in edition.words("limbs"))


def evaluate(
    edition: Edition, met: Mapping[Limb, str], *, reason: str = "", away_from_work: bool = False
) -> Evaluation:
    """Decide whether a case meets the threshold.

    ``met`` holds a reason for each limb ticked; ``reason`` says why none is. ``away_from_work`` is whether
    the conduct neither involved a child nor happened at work. Raises ThresholdError for a limb the edition
    does not have, a limb without a reason, or no limb and no reason.
    """
    offered = limbs_of(edition)
    if strange := [limb for limb in met if limb not in offered]:
        raise ThresholdError(
            f"The edition {edition.name} has no limb '{strange[0]}'.",
            f"It offers {listed([limb.value for limb in offered])}.",
        )
    if unreasoned := [limb for limb, why in met.items() if not why.strip()]:
        raise ThresholdError(
            f"No reason is given why the limb '{unreasoned[0]}' is met.",
            "Say in a sentence what it rests on.",
        )
    if met:
        transferable = away_from_work and set(met) == {Limb.MAY_NOT_BE_SUITABLE}
        return Evaluation(edition, dict(met), Decision.REFERRAL, "", transferable)
    if not reason.strip():
        raise ThresholdError(
            "No limb is ticked and no reason is given, so nothing can be decided.",
            "Tick the limbs that are met, or say why none is: it is then kept as advice.",
        )
    return Evaluation(edition, {}, Decision.ADVICE, reason.strip(), False)
