"""Drawn charts are kept for the build in force and the one before, of each kind of build."""

from __future__ import annotations

import os
from pathlib import Path

from redway.web.design.charts import _forget_old_builds


def test_two_builds_of_each_kind_are_kept(tmp_path: Path) -> None:
    for age, name in enumerate(["build-3", "register-7", "build-2", "pupils-a", "build-1", "register-6"]):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    _forget_old_builds(tmp_path)
    kept = {one.name for one in tmp_path.iterdir()}
    assert kept == {"build-3", "build-2", "register-7", "register-6", "pupils-a"}
