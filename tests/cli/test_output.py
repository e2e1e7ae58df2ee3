"""What the system complains about reaches a person as a sentence and a next step."""

from __future__ import annotations

import errno

import pytest

from redway.cli.output import explain, print_table
from redway.core.errors import NotFound, RedwayError


def test_an_error_is_a_sentence_and_a_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(RedwayError("It went wrong.", "Do this.")) == 1
    assert capsys.readouterr().err == "It went wrong.\nDo this.\n"


def test_asking_for_what_is_not_there_is_wrong_use() -> None:
    assert explain(NotFound("There is no school 999999.")) == 2


@pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        (errno.ENOENT, "There is no such file or folder (x.csv).", 2),
        (errno.EACCES, "This may not be read or written (x.csv).", 1),
        (errno.ENOSPC, "The disk is full (x.csv).", 1),
    ],
)
def test_the_system_speaks_plain_english(
    number: int, words: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(OSError(number, "from the system", "x.csv")) == code
    assert capsys.readouterr().err.splitlines()[0] == words


def test_a_table_into_a_pipe_keeps_each_row_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("Name", "Rows"), [("x" * 60, "1"), ("[bold]y[/bold]", None)], right=("Rows",))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "[bold]y[/bold]" in lines[3]
