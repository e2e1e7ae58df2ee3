"""How dates, numbers and lists are written on pages: plain British English, one way.

Numbers are rounded half away from zero on their decimal digits, as the publications are, so that
2.675 to two places is 2.68 although no binary number is exactly 2.675.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_in_words(day: date) -> str:
    """A date as it is written on every page.

    >>> day_in_words(date(2026, 4, 2))
    '2 April 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def rounded(value: int | float | Decimal, places: int = 0) -> Decimal:
    """``value`` to ``places`` decimal places, half away from zero.

    >>> rounded(2.675, 2), rounded(-0.5)
    (Decimal('2.68'), Decimal('-1'))
    """
    # str() gives the shortest decimal that means this float: the digits a person typed or read.
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: int | float | Decimal, places: int = 0) -> str:
    """A number with thousands separated; never "-0".

    >>> number(1234567.5), number(-0.04, 1), number(8.59, 1)
    ('1,234,568', '0.0', '8.6')
    """
    shown = rounded(value, places)
    return f"{abs(shown) if shown == 0 else shown:,f}"


def percent(value: int | float | Decimal, places: int = 1) -> str:
    """A percentage held on the scale 0 to 100.

    >>> percent(43.333)
    '43.3%'
    """
    return f"{number(value, places)}%"


def signed(value: int | float | Decimal, places: int = 1) -> str:
    """A difference, with its sign always shown; no difference has none.

    >>> signed(0.145, 2), signed(-3), signed(0.001)
    ('+0.15', '-3.0', '0.0')
    """
    text = number(value, places)
    return f"+{text}" if rounded(value, places) > 0 else text


def plural(count: int | float | Decimal, one: str, many: str = "") -> str:
    """The word alone, in the number that goes with ``count``.

    >>> plural(1, "school"), plural(0, "school"), plural(2, "authority", "authorities")
    ('school', 'schools', 'authorities')
    """
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its word.

    >>> counted(1, "school"), counted(1250, "child", "children")
    ('1 school', '1,250 children')
    """
    return f"{number(count)} {plural(count, one, many)}"


def listed(items: Iterable[str], word: str = "and") -> str:
    """A list as it is read aloud.

    >>> listed(["Bedford", "Bexley", "Leeds"]), listed(["Kent", "Sutton"], "or"), listed([])
    ('Bedford, Bexley and Leeds', 'Kent or Sutton', '')
    """
    *first, last = [str(item) for item in items] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last
