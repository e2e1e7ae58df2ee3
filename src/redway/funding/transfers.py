"""Money that leaves the schools block, and who decides on it.

Up to 0.5% of the schools block may go with the forum's approval, after all schools were consulted. More than
that, or what the forum refused, is decided by the Secretary of State.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from redway.core.money import Money
from redway.funding.errors import FundingError
from redway.funding.forum_powers import Body, Matter, transfer_limit


class TransferRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """An amount that cannot be a transfer."""


@dataclass(frozen=True)
class Route:
    """How a transfer is decided."""

    matter: Matter
    decider: Body
    limit: Money
    """The most that may leave with the forum's approval: never above the share the law names."""
    why: str


def limit_of(block: Money, day: date) -> Money:
    """The most that the forum may let go of a schools block, down to the whole penny."""
    # Down and not to the nearest: a rounded-up penny would lie above the limit.
    return Money(int(block.pence * transfer_limit(day) // 100))


def route_of(block: Money, amount: Money, day: date, *, forum_refused: bool = False) -> Route:
    """Who decides on a transfer of ``amount`` out of a schools block. Raises TransferRefused.

    >>> route_of(Money.of(122_425_000), Money.parse("£612,125.01"), date(2026, 1, 15)).decider
    <Body.DEPARTMENT: 'department'>
    """
    if amount.pence <= 0 or amount > block:
        raise TransferRefused(
            f"{amount} is no transfer out of a schools block of {block}.",
            "Enter an amount above nought and not above the block.",
        )
    limit, share = limit_of(block, day), transfer_limit(day)
    if amount > limit:
        why = f"{amount} is above the limit of {limit}, which is {share}% of the schools block of {block}."
        return Route(Matter.BLOCK_TRANSFER_ABOVE, Body.DEPARTMENT, limit, why)
    within = f"{amount} is within the limit of {limit}, which is {share}% of the schools block of {block}."
    if forum_refused:
        why = f"{within} The forum refused it, so only the Secretary of State can allow it."
        return Route(Matter.BLOCK_TRANSFER, Body.DEPARTMENT, limit, why)
    return Route(Matter.BLOCK_TRANSFER, Body.FORUM, limit, within)
