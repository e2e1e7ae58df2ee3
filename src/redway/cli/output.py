"""How a command answers: tables and JSON on standard output, messages and progress on standard error."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from redway.core.errors import (
    InvalidIdentifier,
    InvalidPeriod,
    NotFound,
    OutsideCalendar,
    RedwayError,
)

DONE = 0
NOT_DONE = 1
"""Rows were rejected, a file is held, or the work could not be done."""
WRONG_USE = 2
"""The command was asked for something that does not exist or that it cannot understand."""

_ASKED_WRONGLY = (InvalidIdentifier, InvalidPeriod, NotFound, OutsideCalendar)


def explain(error: RedwayError | OSError) -> int:
    """Say on standard error what was wrong and what to do; return the exit code."""
    if isinstance(error, OSError):
        error = _from_system(error)
    print(error.message, file=sys.stderr)
    if error.next_step:
        print(error.next_step, file=sys.stderr)
    return WRONG_USE if isinstance(error, _ASKED_WRONGLY) else NOT_DONE


def _from_system(error: OSError) -> RedwayError:
    """The operating system's complaint as a sentence."""
    if isinstance(error, BrokenPipeError):
        raise error
    where = f" ({error.filename})" if error.filename else ""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"There is no such file or folder{where}.", "Check the spelling of its name.")
    if isinstance(error, PermissionError):
        return RedwayError(
            f"This may not be read or written{where}.",
            "Ask for access, or set REDWAY_HOME to a folder you own.",
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RedwayError(
            f"The disk is full{where}.", "Nothing was damaged. Free some space and run the command again."
        )
    return RedwayError(f"The system refused: {error.strerror or error}{where}.")


def say(text: str) -> None:
    """A message to the person, out of the way of the answer."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """The answer for a script: JSON with dates in ISO form and words as they are."""
    print(json_text(value))


def json_text(value: object) -> str:
    """The same as text, for a file."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def print_table(
    headings: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()
) -> None:
    """A table that fits the terminal; columns named in ``right`` are right-aligned."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    # Into a pipe there is no terminal to fit: keep each row on one line.
    Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False).print(table)


def print_facts(facts: Mapping[str, object]) -> None:
    """Name and value on one line each, values aligned; facts without a value are left out."""
    held = {name: value for name, value in facts.items() if value not in (None, "")}
    width = max((len(name) for name in held), default=0)
    for name, value in held.items():
        print(f"{name.ljust(width)}  {value}")
