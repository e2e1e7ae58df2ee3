"""Form fields the design system has and Django has not: a date, or a day of the year, in boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_PARTS = ("day", "month", "year")
_A_COMMON_YEAR = 2023


class DateBoxes(forms.MultiWidget):
    """Day, month and year, each in its own box: the pattern people make fewest mistakes with."""

    template_name = "design/forms/date_boxes.html"
    use_fieldset = True
    parts: Sequence[str] = _PARTS

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            widgets={
                part: forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}) for part in self.parts
            },
            attrs=dict(attrs or {}),
        )

    def decompress(self, value: Any) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["is_wrong"] = bool(attrs and attrs.get("aria-invalid"))
        for part, subwidget in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            subwidget["part"] = part
        return context


class DateBoxesField(forms.MultiValueField):
    """A real date typed as three numbers. ``clean`` gives a ``datetime.date``, or None when left empty."""

    widget = DateBoxes

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 27 3 2026")
        super().__init__(
            fields=tuple(forms.CharField(required=False) for _ in _PARTS), require_all_fields=False, **kwargs
        )

    def compress(self, data_list: list[str]) -> date | None:
        if not any(data_list):
            return None
        missing = [part for part, text in zip(_PARTS, data_list, strict=True) if not text]
        label = str(self.label or "Date")
        if missing:
            raise ValidationError(f"{label} must include a {' and a '.join(missing)}")
        try:
            day, month, year = (int(text) for text in data_list)
            return date(year, month, day)
        except ValueError:
            raise ValidationError(f"{label} must be a real date, such as 27 3 2026") from None


class DayOfYearBoxes(DateBoxes):
    """Day and month, for what comes round every year."""

    parts = ("day", "month")

    def decompress(self, value: Any) -> list[int | None]:
        """``value`` is (month, day), as ``DayOfYearField`` gives it."""
        return [value[1], value[0]] if value else [None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        # Django takes any tuple for the boxes themselves; what was typed comes as a list.
        boxes = self.decompress(value) if isinstance(value, tuple) else value
        return super().get_context(name, boxes, attrs)


class DayOfYearField(forms.MultiValueField):
    """A day that every year has, typed as two numbers. ``clean`` gives (month, day), or None if empty."""

    widget = DayOfYearBoxes

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 9 9 for 9 September")
        super().__init__(
            fields=tuple(forms.CharField(required=False) for _ in DayOfYearBoxes.parts),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, data_list: list[str]) -> tuple[int, int] | None:
        if not any(data_list):
            return None
        label = str(self.label or "Day")
        missing = [part for part, text in zip(DayOfYearBoxes.parts, data_list, strict=True) if not text]
        if missing:
            raise ValidationError(f"{label} must include a {' and a '.join(missing)}")
        if [text.strip().lstrip("0") for text in data_list] == ["29", "2"]:
            raise ValidationError(f"{label} must be a day of every year: choose 28 February or 1 March")
        try:
            day, month = (int(text) for text in data_list)
            date(_A_COMMON_YEAR, month, day)
        except ValueError:
            raise ValidationError(f"{label} must be a real day, such as 9 9 for 9 September") from None
        return month, day
