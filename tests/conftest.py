"""What every test may ask for: an empty data folder, the cast, national files, a browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from redway.core.home import Home

REPOSITORY = Path(__file__).parents[1]
NATIONAL_DATA = REPOSITORY.parent / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    """The whole run lives in a folder of its own: nothing a test does reaches a real REDWAY_HOME."""
    from django.conf import settings

    root = Path(tempfile.mkdtemp(prefix="redway-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(root, ignore_errors=True))
    os.environ["REDWAY_HOME"] = str(root)
    settings.REDWAY_HOME = Home(root)
    settings.SECRET_KEY = "made up for tests; no meaning outside them"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file and not memory, so that threads and processes see what a server would see.
        database["NAME"] = str(root / "redway.sqlite3")
        database.setdefault("TEST", {})["NAME"] = str(root / "test.sqlite3")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: object) -> Home:
    """An empty data folder of this test alone; REDWAY_HOME points at it."""
    made = Home(tmp_path / "home")
    made.root.mkdir()
    monkeypatch.setenv("REDWAY_HOME", str(made.root))
    settings.REDWAY_HOME = made  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="session")
def national_data() -> Path:
    """The full national files beside the checkout; the test is skipped where they are absent."""
    if not NATIONAL_DATA.is_dir():
        pytest.skip(f"the national files are not there: {NATIONAL_DATA.name} beside the checkout")
    return NATIONAL_DATA
