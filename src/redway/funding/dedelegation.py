"""Money that maintained schools give back, by vote: de-delegation by phase, and education functions.

Only maintained mainstream schools give back de-delegated money; primary and secondary members decide apart,
each year anew. An academy keeps the money and may buy the service. Education functions are paid for by
maintained schools of all types, by one vote. Amounts are whole pence a pupil, so nothing has to be rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from redway.funding.errors import FundingError

Pence = npt.NDArray[np.int64]
PRIMARY, SECONDARY = "primary", "secondary"
VOTES_WITH: Mapping[str, str] = {
    "primary": PRIMARY,
    "secondary": SECONDARY,
    "middle": SECONDARY,
    "all_through": SECONDARY,
}
"""Phase of a school -> the members whose vote binds it. A middle or all-through school is taken as secondary
unless the authority deems it primary."""


class DedelegationRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """An amount or a phase that cannot be used."""


@dataclass(frozen=True)
class Service:
    """One service that schools may pay for together, and whether each phase agreed to it."""

    title: str
    pence: Mapping[str, int]
    """'primary' and 'secondary' -> whole pence a pupil; a phase that is left out is not asked."""
    agreed: Mapping[str, bool]
    """Phase -> whether its members voted for it; a phase that has not voted has not agreed."""


def dedelegated(
    service: Service,
    phase: npt.NDArray[np.str_],
    is_maintained: npt.NDArray[np.bool_],
    pupils: npt.NDArray[np.int64],
    deemed: Mapping[str, str] = VOTES_WITH,
) -> Pence:
    """What each school gives back for a service, in whole pence; academies and phases that refused nothing.

    ``phase`` is 'primary', 'secondary', 'middle' or 'all_through'. Raises DedelegationRefused for another
    phase, a negative amount or a negative number of pupils.

    >>> service = Service("Insurance", {"primary": 900, "secondary": 900}, {"primary": True})
    >>> dedelegated(
    ...     service,
    ...     np.array(["primary", "primary", "secondary"]),
    ...     np.array([True, False, True]),
    ...     np.array([210, 210, 900]),
    ... ).tolist()
    [189000, 0, 0]
    """
    _require_sound(service.pence, phase, pupils, deemed)
    rate = np.zeros(len(pupils), np.int64)
    for one, votes_with in deemed.items():
        if service.agreed.get(votes_with):
            rate[phase == one] = service.pence.get(votes_with, 0)
    amounts: Pence = np.where(is_maintained, rate * pupils, 0)
    return amounts


def education_functions(
    pence: int, agreed: bool, is_maintained: npt.NDArray[np.bool_], pupils: npt.NDArray[np.int64]
) -> Pence:
    """What each maintained school, of whatever type, pays for education functions, in whole pence."""
    if pence < 0 or (pupils < 0).any():
        raise DedelegationRefused("An amount or a number of pupils is negative.", "Enter 0 or more.")
    amounts: Pence = np.where(is_maintained, pence * pupils, 0) if agreed else np.zeros(len(pupils), np.int64)
    return amounts


def _require_sound(
    pence: Mapping[str, int],
    phase: npt.NDArray[np.str_],
    pupils: npt.NDArray[np.int64],
    deemed: Mapping[str, str],
) -> None:
    if unknown := sorted(set(phase.tolist()) - set(deemed)):
        raise DedelegationRefused(
            f"'{unknown[0]}' is no phase whose members vote on de-delegation.",
            f"Use one of {', '.join(deemed)}.",
        )
    if any(amount < 0 for amount in pence.values()) or (pupils < 0).any():
        raise DedelegationRefused("An amount or a number of pupils is negative.", "Enter 0 or more.")
