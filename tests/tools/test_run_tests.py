"""Every test runs somewhere, or is said to be left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TOOLS = str(Path(__file__).parents[2] / "tools")


@pytest.fixture
def run_tests(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(TOOLS)
    monkeypatch.delitem(sys.modules, "run_tests", raising=False)
    import run_tests

    return run_tests


def test_browser_tests_have_a_run_of_their_own(run_tests) -> None:  # type: ignore[no-untyped-def]
    first, second = run_tests.runs([], [])
    assert first[-1] == "not journey"
    assert second == ["-m", "journey"]


def test_what_cannot_run_is_left_out(run_tests) -> None:  # type: ignore[no-untyped-def]
    only = run_tests.runs([], [run_tests.NO_BROWSER, run_tests.NO_POSTGRES])
    assert [options[-1] for options in only] == ["not journey and not postgres"]


def test_what_is_asked_for_is_run_as_asked(run_tests) -> None:  # type: ignore[no-untyped-def]
    assert run_tests.runs(["tests/contract", "-x"], []) == [["tests/contract", "-x"]]


def test_spark_without_java_is_no_spark(
    run_tests,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_tests.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(run_tests.shutil, "which", lambda name: None)
    assert not run_tests.spark_is_there()


@pytest.mark.parametrize(("required", "ends"), [("1", 1), ("", 0)])
def test_leaving_out_what_is_required_is_a_failure(
    run_tests,  # type: ignore[no-untyped-def]
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    required: str,
    ends: int,
) -> None:
    class Passed:
        returncode = 0

    monkeypatch.setattr(run_tests, "find_or_install_browser", lambda: None)
    monkeypatch.setattr(run_tests.subprocess, "run", lambda *_, **__: Passed())
    monkeypatch.setenv("REDWAY_REQUIRE_BROWSER", required)
    assert run_tests.main([]) == ends
    assert "LEFT OUT: the browser tests did not run" in capsys.readouterr().out
