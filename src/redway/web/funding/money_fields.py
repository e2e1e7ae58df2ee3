"""Money and years typed on a form."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from redway.core.errors import InvalidMoney, InvalidPeriod
from redway.core.money import Money
from redway.core.periods import PeriodKind, financial_year, parse_period


class MoneyField(forms.CharField):
    """An amount of pounds and pence; ``clean`` gives ``Money``, or None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.parse(text)
        except InvalidMoney:
            raise forms.ValidationError(
                f"{self.label} must be an amount of money, such as 1,234.56 or -500"
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value.pounds:,.2f}" if isinstance(value, Money) else value


def money(label: str, hint: str = "", *, missing: str = "", required: bool = True) -> MoneyField:
    """A field for an amount. ``missing`` is said when a required one is left empty."""
    asked = f"Enter {label[:1].lower()}{label[1:]}, or 0 where there is none"
    return MoneyField(
        label=label, help_text=hint, required=required, error_messages={"required": missing or asked}
    )


def year_of(day: date) -> str:
    """The financial year in which a day lies.

    >>> year_of(date(2026, 3, 31))
    '2025-26'
    """
    return financial_year(day.year if day.month >= 4 else day.year - 1).label


def is_year(text: str) -> bool:
    """Whether a part of an address is a financial year as Redway writes it: '2026-27'."""
    try:
        return parse_period(text, PeriodKind.FINANCIAL).label == text
    except InvalidPeriod:
        return False


def year_before(year: str) -> str:
    """The financial year before another.

    >>> year_before("2025-26")
    '2024-25'
    """
    return financial_year(first_day(year).year - 1).label


def first_day(year: str) -> date:
    """First day of a financial year such as '2026-27'. Raises InvalidPeriod."""
    return parse_period(year, PeriodKind.FINANCIAL).start


def last_day(year: str) -> date:
    """Last day of a financial year. Raises InvalidPeriod."""
    return parse_period(year, PeriodKind.FINANCIAL).end
