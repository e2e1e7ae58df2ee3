"""A library that could not be looked up is never reported as safe."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.delenv("REDWAY_REQUIRE_AUDIT", raising=False)
    path = Path(__file__).parents[2] / "tools" / "audit_dependencies.py"
    spec = importlib.util.spec_from_file_location("audit_dependencies", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "audit_dependencies", module)
    spec.loader.exec_module(module)
    return module


SAFE = {"name": "django", "version": "5.2.19", "vulns": []}
WEAK = {"name": "old", "version": "1.0", "vulns": [{"id": "CVE-2026-0001", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def answer(*entries: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(entries), "fixes": []})


def test_all_looked_up_and_none_weak(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.report(audit.read_answer(answer(SAFE), "")) == 0
    assert "1 libraries were looked up; 0 weaknesses" in capsys.readouterr().out


def test_a_weakness_fails_and_is_named(audit: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.report(audit.read_answer(answer(SAFE, WEAK), "")) == 1
    assert "WEAKNESS old 1.0: CVE-2026-0001, mended in 1.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (answer(SKIPPED), "NOT DONE"),
        (answer(SAFE, SKIPPED), "NOT COMPLETE: 1 libraries"),
        ("", "Reason: cannot connect"),
    ],
)
def test_what_was_not_looked_up_is_said_loudly(
    audit: ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    words: str,
) -> None:
    found = audit.read_answer(output, "ERROR\ncannot connect")
    assert audit.report(found) == 0
    assert words in capsys.readouterr().out
    monkeypatch.setenv("REDWAY_REQUIRE_AUDIT", "1")
    assert audit.report(found) == 3
