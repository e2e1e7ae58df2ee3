"""What can be wrong with rates, rules and files of schools."""

from __future__ import annotations

from redway.core.errors import RedwayError


class FundingError(RedwayError):
    """Something about a formula cannot be used as it is."""


class YearWithoutValues(FundingError):  # noqa: N818 - says what happened, as in core
    """Nobody has loaded the published values of this year; last year's are never used in their place."""


class RatesRefused(FundingError):  # noqa: N818 - says what happened, as in core
    """A rate is unknown, missing, negative or not an amount."""


class RulesRefused(FundingError):  # noqa: N818 - says what happened, as in core
    """A guarantee, cap or scale is not allowed."""
