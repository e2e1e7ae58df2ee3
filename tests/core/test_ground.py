from pathlib import Path

import pytest

from redway.core.errors import RedwayError
from redway.core.home import find_home
from redway.core.missing import Missing


def test_an_error_reads_as_a_sentence_and_what_to_do_next() -> None:
    assert str(RedwayError("The file is empty.", "Send it again.")) == "The file is empty. Send it again."
    assert str(RedwayError("The file is empty.")) == "The file is empty."


def test_every_reason_for_a_missing_figure_has_its_own_words() -> None:
    assert len({reason.label for reason in Missing}) == len(Missing)


def test_the_data_folder_is_the_one_named_else_the_setting_else_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDWAY_HOME", str(tmp_path / "set"))
    assert find_home(tmp_path / "named").root == tmp_path / "named"
    assert find_home().root == tmp_path / "set"
    monkeypatch.delenv("REDWAY_HOME")
    monkeypatch.chdir(tmp_path)
    assert find_home().root == tmp_path / ".redway"


def test_finding_the_folder_creates_nothing(tmp_path: Path) -> None:
    find_home(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []
