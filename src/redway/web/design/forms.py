"""Form fields the design system has and Django has not: a date in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_PARTS = ("day", "month", "year")


class DateBoxes(forms.MultiWidget):
    """Day, month and year, each in its own box: the pattern people make fewest mistakes with."""

    template_name = "design/forms/date_boxes.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            widgets={
                part: forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}) for part in _PARTS
            },
            attrs=dict(attrs or {}),
        )

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["is_wrong"] = bool(attrs and attrs.get("aria-invalid"))
        for part, subwidget in zip(_PARTS, context["widget"]["subwidgets"], strict=True):
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
