"""Every real national file is read by exactly the description that is meant for it, or it is said why not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from datasets.formats.expected import NOT_READ, READ_AS, expected_code
from redway.datasets.errors import NotRecognised
from redway.datasets.format import load_formats
from redway.datasets.recognise import recognise

pytestmark = pytest.mark.national


@pytest.fixture(scope="module")
def real_files(national_data: Path) -> list[str]:
    """Every real table of the national folder: no column dictionaries, boundaries or made-up rows."""
    with (national_data / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest))
    return [
        row["file"]
        for row in rows
        if row["kind"] != "synthetic" and not row["file"].startswith(("data_dictionaries/", "boundaries/"))
    ]


def headers_of(path: Path) -> list[str]:
    if path.suffix == ".json":
        events = next(iter(json.loads(path.read_text("utf-8")).values()))["events"]
        return ["division", *events[0]]
    if path.suffix == ".csv":
        return path.read_text("utf-8").splitlines()[0].split(",")
    return list(pl.read_parquet_schema(path))


def test_each_file_is_read_as_it_should_be(national_data: Path, real_files: list[str]) -> None:
    assert len(real_files) > 160
    wrong = {}
    for file in real_files:
        try:
            found: str | None = recognise(headers_of(national_data / file), load_formats()).format.code
        except NotRecognised:
            found = None
        if found != expected_code(file):
            wrong[file] = (found, expected_code(file))
    assert not wrong


def test_what_is_not_read_is_exactly_what_is_explained(real_files: list[str]) -> None:
    assert {file for file in real_files if expected_code(file) is None} == set(NOT_READ)


def test_every_file_listed_is_there(national_data: Path) -> None:
    missing = [file for file in [*READ_AS, *NOT_READ] if not (national_data / file).is_file()]
    assert not missing
