"""``redway funding``: a formula over a file of schools. Each word under it has a file of its own."""

from __future__ import annotations

from redway.cli import (
    funding_calculate,
    funding_check,
    funding_compare,
    funding_explain,
    funding_solve,
)
from redway.cli.parsers import Commands, Parser, add_group


def register(commands: Commands[Parser]) -> None:
    """Add the words under ``funding``."""
    group = add_group(commands, "funding", summary="a school funding formula: what each school gets, and why")
    funding_calculate.add(group)
    funding_compare.add(group)
    funding_solve.add(group)
    funding_check.add(group)
    funding_explain.add(group)
