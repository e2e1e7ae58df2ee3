"""``redway datasets erase``: a withdrawn file of pupils is deleted for ever, and nothing else is."""

from __future__ import annotations

import json

import pytest

from redway.cli.main import main
from redway.core.home import Home
from redway.web.datasets import services
from redway.web.datasets.models import DatasetVersion

pytestmark = pytest.mark.django_db


def pupils(home: Home) -> int:
    path = home.root / "2023-24.csv"
    path.write_text("UPN,URN,LA,KS2ASS,ATT8\nA1,100001,826,100,40\n")
    (report,) = services.import_files([path], actor=None, who="test").reports
    assert report.version_id is not None
    return report.version_id


@pytest.fixture(autouse=True)
def _the_store_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redway.cli.ground.open_store", lambda: None)


def test_it_says_what_was_erased_and_what_was_not(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    version = pupils(home)
    services.withdraw(actor=None, version=version, reason="Sent by mistake.")
    assert main(["datasets", "erase", str(version), "--reason", "Sent by mistake."]) == 0
    said = capsys.readouterr().out
    assert f"Version {version}, pupil-results-ks4-2023-24.csv, is erased" in said
    assert "Copies in backups stay" in said
    assert DatasetVersion.objects.get(pk=version).erased_at is not None


def test_scripts_get_the_record(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    version = pupils(home)
    services.withdraw(actor=None, version=version, reason="Sent by mistake.")
    assert main(["datasets", "erase", str(version), "--reason", "x", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["erased"]


def test_what_is_in_force_is_not_erased(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    version = pupils(home)
    assert main(["datasets", "erase", str(version), "--reason", "x"]) == 1
    assert "only what was withdrawn can be erased" in capsys.readouterr().err
    assert DatasetVersion.objects.get(pk=version).erased_at is None


@pytest.mark.parametrize("words", [["erase"], ["absence", "12"]])
def test_a_version_is_named_to_be_erased_and_only_then(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["datasets", *words]) == 2
    assert "redway datasets erase 12 --reason" in capsys.readouterr().err
