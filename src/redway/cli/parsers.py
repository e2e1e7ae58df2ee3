"""Parsers of the command line: examples in every help page, and a near miss gets a suggestion."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable
from textwrap import dedent
from typing import NoReturn

Run = Callable[[argparse.Namespace], int]
"""A command: takes the parsed words, returns the exit code."""


class Parser(argparse.ArgumentParser):
    """A parser that keeps the layout of its texts and says on one line what was wrong."""

    def __init__(self, **settings: object) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Wrong use: the reason, the nearest command if a name was mistyped, where help is; exit code 2."""
        print(f"{self.prog}: {_in_plain_words(message)}", file=sys.stderr)
        print(f"For help: {self.prog} --help", file=sys.stderr)
        sys.exit(2)


Commands = argparse._SubParsersAction  # the type argparse gives to a set of commands; it has no public name


def add_command(
    commands: Commands[Parser],
    name: str,
    run: Run,
    *,
    summary: str,
    description: str = "",
    examples: str = "",
) -> Parser:
    """Add one command. ``examples`` are shown at the end of its help, as typed."""
    epilog = f"examples:\n{_indented(examples)}" if examples else None
    text = f"{summary}\n\n{dedent(description).strip()}" if description else summary
    parser = commands.add_parser(name, help=summary, description=text, epilog=epilog)
    parser.set_defaults(run=run)
    return parser


def add_group(commands: Commands[Parser], name: str, *, summary: str) -> Commands[Parser]:
    """Add a word under which several commands stand, such as ``audit verify``."""
    parser = commands.add_parser(name, help=summary, description=summary)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def add_json(parser: Parser) -> None:
    """The switch every command that answers has."""
    parser.add_argument("--json", action="store_true", help="answer as JSON, for scripts")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in dedent(text).strip().splitlines())


def _in_plain_words(message: str) -> str:
    """argparse's message; for an unknown command, with the nearest known ones."""
    left_over = message.removeprefix("unrecognized arguments: ")
    if left_over != message and not left_over.startswith("-"):
        return f"'{left_over}' is cut off from the words before it: write options before or behind them all."
    if "invalid choice: '" not in message:
        return message
    typed = message.split("invalid choice: '", 1)[1].split("'", 1)[0]
    known = message.partition("(choose from ")[2].rstrip(")").replace("'", "").split(", ")
    near = difflib.get_close_matches(typed, known, n=1)
    meant = f" Did you mean '{near[0]}'?" if near else f" Known: {', '.join(known)}."
    return f"there is no '{typed}'.{meant}"
