"""A table somebody uploads to a page: written aside, read as text, thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from redway.datasets.checked_rows import TableRefused
from redway.datasets.text_rows import TextRow, read_text_rows

MOST_SHOWN = 100
LARGEST = 5 << 20
"""Bytes. A table of one authority's schools is far smaller."""


class TableField(forms.FileField):
    """A CSV or XLSX file of a table."""

    def __init__(self, label: str = "File", help_text: str = "CSV or Excel (.xlsx)") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            error_messages={"required": "Choose a file", "empty": "The file is empty: choose another"},
        )

    def clean(self, data: object, initial: object = None) -> object:
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile) and (found.size or 0) > LARGEST:
            raise forms.ValidationError(f"The file is larger than {LARGEST >> 20} MB: choose a smaller one")
        return found


def problems_shown(refused: TableRefused) -> tuple[str, ...]:
    """What is wrong with a table, as far as a page names it: a wrong file has a fault in every row."""
    found = refused.problems
    if len(found) <= MOST_SHOWN:
        return found
    return (*found[:MOST_SHOWN], f"{len(found) - MOST_SHOWN:,} more, not named here: mend these first.")


def rows_of_upload(upload: UploadedFile[Any], needed: str = "") -> tuple[list[str], Sequence[TextRow]]:
    """Headings and rows of an uploaded table (see ``read_text_rows``). Raises UnreadableFile."""
    ending = Path(upload.name or "").suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending if ending.isascii() and len(ending) < 6 else ''}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return read_text_rows(path, needed)
