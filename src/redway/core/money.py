"""Money: exact pounds and pence, never a float.

Funding is settled line by line: each line is rounded to the penny, half away from zero, and then the
rounded lines are added. So an amount is always whole pence, and rounding happens only where it is asked
for: in ``Money.of``, ``times`` and ``divided_by``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from redway.core.errors import InvalidMoney
from redway.core.words import rounded

_AMOUNT = re.compile(r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,2})?$")
_EXACT = (int, Decimal)


@dataclass(frozen=True, order=True)
class Money:
    """An amount in whole pence; negative amounts are owed or taken away.

    >>> Money.parse("£45,421") + Money.parse("48,420.50")
    Money('£93,841.50')
    """

    pence: int

    def __post_init__(self) -> None:
        if type(self.pence) is not int:
            raise TypeError(f"Money counts whole pence; {self.pence!r} is not a whole number of them.")

    @classmethod
    def of(cls, pounds: int | Decimal | str) -> Money:
        """An amount in pounds, rounded to the penny half away from zero. Text must be a plain decimal.

        >>> Money.of(Decimal("67.665")), Money.of("-0.005")
        (Money('£67.67'), Money('-£0.01'))
        """
        if isinstance(pounds, str):
            try:
                pounds = Decimal(pounds)
            except ArithmeticError:
                raise InvalidMoney(f"'{pounds}' is not an amount.", "Write it as 1234.56.") from None
        exact = _exact(pounds)
        if not exact.is_finite():
            raise InvalidMoney(f"{exact} is not an amount of money.", "Use Missing where nothing is known.")
        return cls(int(rounded(exact * 100)))

    @classmethod
    def parse(cls, text: str) -> Money:
        """An amount as people and files write it: '£45,421', '48,420.50', '-£5', '£-5', '(5.00)', '5-'.

        Raises InvalidMoney when it is anything else; parts of a penny and misplaced commas are refused
        rather than guessed at.

        >>> Money.parse("(1,234.5)")
        Money('-£1,234.50')
        """
        bare, negative = _without_sign(text)
        if not _AMOUNT.match(bare):
            raise InvalidMoney(f"'{text}' is not an amount of money.", "Write it as £1,234.56 or 1234.56.")
        pence = int(Decimal(bare.replace(",", "")) * 100)
        return cls(-pence if negative else pence)

    @property
    def pounds(self) -> Decimal:
        """The amount in pounds, exactly, with two decimal places."""
        return Decimal(self.pence).scaleb(-2)

    def __str__(self) -> str:
        """As it is written on pages: '£1,234.56', '-£0.50'."""
        return f"{'-' if self.pence < 0 else ''}£{abs(self.pounds):,.2f}"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __abs__(self) -> Money:
        return Money(abs(self.pence))

    def times(self, factor: int | Decimal) -> Money:
        """The amount multiplied, rounded to the penny half away from zero. A float is refused.

        >>> Money.parse("£10.41").times(Decimal("6.5"))
        Money('£67.67')
        """
        return Money.of(self.pounds * _exact(factor))

    def divided_by(self, divisor: int | Decimal) -> Money:
        """The amount divided (per pupil, say), rounded to the penny half away from zero."""
        return Money.of(self.pounds / _exact(divisor))


NOTHING = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The exact sum.

    >>> total([Money.parse("£0.10"), Money.parse("£0.20")])
    Money('£0.30')
    """
    return sum(amounts, NOTHING)


def _exact(value: int | Decimal) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, _EXACT):
        raise TypeError(f"Money is exact: {value!r} is a {type(value).__name__}; give an int or a Decimal.")
    return Decimal(value)


def _without_sign(text: str) -> tuple[str, bool]:
    bare = re.sub(r"\s", "", text).replace("\N{MINUS SIGN}", "-")
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1].removeprefix("£"), True
    negative = bare.startswith(("-", "£-")) or bare.endswith("-")
    if negative:
        bare = bare.replace("-", "", 1)
    return bare.removeprefix("£"), negative
