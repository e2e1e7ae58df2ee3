"""A chart: a Vega-Lite description, a title that asks a question, its words and its table.

The builders of this package (one file per kind) return a ``Chart``. Whoever shows it shows all of it:
the picture, the words for those who do not see it, and the table behind it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from redway.core.words import number, percent
from redway.figures.table import Column, Kind, Table

Spec = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One chart, complete. ``spec`` is plain Vega-Lite 6 and holds its own data."""

    spec: Spec
    title: str
    """The question the chart answers."""
    text_alternative: str
    """What is shown, in one to four true sentences made from the data."""
    table: Table
    """The data behind the chart; its notes belong under the picture."""

    @cached_property
    def key(self) -> str:
        """Name of its content: charts that look and read alike share it, any change makes another."""
        content = json.dumps([self.spec, self.title, self.text_alternative], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Measure:
    """What is measured, as charts need to name and write it."""

    name: str
    """As in a sentence: 'secondary absence'."""
    unit: str = ""
    """'percent' (scale 0 to 100), 'pounds', or words put after the number: 'per 10,000 children'."""
    decimals: int = 1

    def show(self, value: float) -> str:
        """A value with its unit.

        >>> Measure("secondary absence", "percent").show(8.59)
        '8.6%'
        >>> Measure("protection plans", "per 10,000 children").show(42)
        '42.0 per 10,000 children'
        """
        if self.unit == "percent":
            return percent(value, self.decimals)
        shown = number(value, self.decimals)
        if self.unit == "pounds":
            return f"-£{shown[1:]}" if shown.startswith("-") else f"£{shown}"
        return f"{shown} {self.unit}".strip()

    def short(self, value: float) -> str:
        """A value for a label in a chart, where the axis already names a wordy unit."""
        return self.show(value) if self.unit in ("percent", "pounds") else number(value, self.decimals)

    @property
    def heading(self) -> str:
        """The name as it begins a heading."""
        return self.name[:1].upper() + self.name[1:]

    @property
    def axis_title(self) -> str:
        """What the axis is called: the name, and the unit where numbers do not carry it."""
        return self.heading if self.unit in ("", "percent", "pounds") else f"{self.heading} ({self.unit})"

    @property
    def axis_format(self) -> Spec:
        """How an axis writes its numbers, as Vega-Lite axis properties."""
        if self.unit == "percent":
            return {"labelExpr": "datum.label + '%'"}
        if self.unit == "pounds":
            return {"labelExpr": "'£' + datum.label", "format": ",.0f"}
        return {}

    def column(self, key: str, heading: str) -> Column:
        """A table column of this measure; the unit is added to the heading where numbers do not carry it."""
        kind = {"percent": Kind.PERCENT, "pounds": Kind.MONEY}.get(self.unit, Kind.NUMBER)
        if kind is Kind.NUMBER and self.unit:
            heading = f"{heading} ({self.unit})"
        return Column(key, heading, kind, self.decimals)
