"""Rows that are not what the format is about: set apart at their own level, or left out and counted."""

from __future__ import annotations

from collections import Counter

import polars as pl

from redway.datasets.format import RowRule
from redway.datasets.plan import Plan

EXCLUDED = "excluded"


class RowRules:
    """The row rules of a format that apply to one table: those whose column it has."""

    def __init__(self, plan: Plan) -> None:
        self._level = plan.format.level
        self._rules: list[tuple[str, RowRule]] = [
            (source, rule) for rule in plan.format.rows if (source := plan.source_of(rule.column)) is not None
        ]

    def decide(self, raw: pl.DataFrame) -> pl.Series:
        """For each row the number of the first rule that matches it; null where none does."""
        decided = pl.repeat(None, raw.height, dtype=pl.Int32, eager=True)
        texts: dict[str, pl.Series] = {}
        for number, (source, rule) in enumerate(self._rules):
            if source not in raw.columns:
                continue
            if source not in texts:
                texts[source] = raw[source].str.strip_chars()
            hit = matches(texts[source], rule.values)
            if hit.any():
                decided = decided.set(hit & decided.is_null(), number)
        return decided

    def levels(self, decided: pl.Series) -> pl.Series:
        """The level of each row."""
        levels = pl.repeat(self._level, len(decided), dtype=pl.String, eager=True)
        for number in self._met(decided):
            levels = levels.set(decided == number, self._rules[number][1].level)
        return levels

    def left_out(self, decided: pl.Series) -> Counter[str]:
        """Why rows are left out, and how many for each reason."""
        reasons: Counter[str] = Counter()
        for number in self._met(decided):
            rule = self._rules[number][1]
            if rule.level == EXCLUDED:
                reason = rule.reason or f"{rule.column} is {' or '.join(rule.values)}"
                reasons[reason] += int((decided == number).sum())
        return reasons

    def write_constants(self, decided: pl.Series, frame: pl.DataFrame) -> pl.DataFrame:
        """Write what the rules set, such as the phase an England row is about."""
        for number in self._met(decided):
            hit = (decided == number).fill_null(value=False)
            frame = frame.with_columns(
                pl.when(hit).then(pl.lit(value).cast(frame.schema[name])).otherwise(pl.col(name)).alias(name)
                for name, value in self._rules[number][1].sets.items()
                if name in frame.columns
            )
        return frame

    def _met(self, decided: pl.Series) -> list[int]:
        if decided.null_count() == len(decided):
            return []
        return sorted(decided.unique().drop_nulls().to_list())


def matches(stripped: pl.Series, values: tuple[str, ...]) -> pl.Series:
    """Rows whose cell, without spaces around, is one of the texts; '' among them means a blank cell."""
    return stripped.is_in(list(values)).fill_null(value="" in values)
