"""Help comes at once, teaches by example, and a slip of the finger gets a suggestion."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from redway.cli.main import main, make_parser

SOURCE = str(Path(__file__).parents[2] / "src")


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from list(commands(inner)) or [inner]


ALL = list(commands(make_parser()))


@pytest.mark.parametrize("parser", ALL, ids=lambda parser: parser.prog)
def test_every_command_says_what_it_does_and_shows_examples(parser: argparse.ArgumentParser) -> None:
    text = parser.format_help()
    assert "examples:" in text
    assert parser.prog in text.split("examples:")[1]
    assert len(str(parser.description)) > 15


@pytest.mark.parametrize("parser", ALL, ids=lambda parser: parser.prog)
def test_help_fits_a_terminal(parser: argparse.ArgumentParser) -> None:
    assert max(len(line) for line in parser.format_help().splitlines()) <= 115


def test_every_option_is_explained() -> None:
    for parser in ALL:
        for action in parser._actions:
            assert action.help, f"{parser.prog} {action.dest}"


def test_help_loads_nothing_heavy() -> None:
    check = "import sys; sys.argv = ['redway', '--help']\nfrom redway.cli.main import main\n"
    check += "try: main()\nexcept SystemExit: pass\n"
    check += "heavy = {'django', 'polars', 'duckdb', 'numpy', 'rich', 'gunicorn'} & set(sys.modules)\n"
    check += "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    subprocess.run([sys.executable, "-c", check], check=True, env={"PYTHONPATH": SOURCE}, capture_output=True)


def test_no_command_shows_help_and_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "a first walk" in capsys.readouterr().out


def test_a_mistyped_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["improt", "x.csv"])
    assert stop.value.code == 2
    assert "Did you mean 'import'?" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("redway 0.")
