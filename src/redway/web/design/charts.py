"""Charts on pages: a picture from the server, words for it, the table behind it, and, if asked for, interaction.

A chart has a stable address for its picture and for its description. Both carry the build of the figures
they show, so a browser keeps them for good and a new import gives new addresses. Pictures are drawn once
and kept on disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse

from redway.web.design.tables import TableView

Specification = Mapping[str, Any]
BUILDS_KEPT = 2
"""The build in force and the one before, which pages opened earlier still ask for."""


@dataclass(frozen=True)
class ChartView:
    """A chart as a page shows it. ``title`` states the question; ``description`` says what is seen."""

    name: str
    title: str
    description: str
    address: str
    """Address of the chart without extension: ``.svg`` is its picture, ``.json`` its description."""
    build: str
    table: TableView | None = None
    source: str = ""
    width: int = 640
    height: int = 320

    @property
    def picture(self) -> str:
        return f"{self.address}.svg?build={self.build}"

    @property
    def specification(self) -> str:
        return f"{self.address}.json?build={self.build}"


def picture(
    request: HttpRequest, build: str, key: str, describe: Callable[[], Specification]
) -> HttpResponse:
    """The chart as SVG, from disk when it was drawn before. ``key`` names the chart within its build."""
    tag = f'"{_digest(build, key)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(_kept(build, key, describe), content_type="image/svg+xml")
    return _kept_by_browser(request, build, tag, response)


def specification(
    request: HttpRequest, build: str, key: str, describe: Callable[[], Specification]
) -> HttpResponse:
    """The chart as a Vega-Lite description, for the interactive chart."""
    return _kept_by_browser(request, build, f'"{_digest(build, key)}j"', JsonResponse(describe()))


def _kept_by_browser(request: HttpRequest, build: str, tag: str, response: HttpResponse) -> HttpResponse:
    # "private": what is shown depends on who asks, so no shared cache may keep it.
    fixed = request.GET.get("build") == build
    response["Cache-Control"] = "private, max-age=31536000, immutable" if fixed else "private, no-cache"
    response["ETag"] = tag
    return response


def _digest(build: str, key: str) -> str:
    return hashlib.sha256(f"{build}\n{key}".encode()).hexdigest()[:32]


def _kept(build: str, key: str, describe: Callable[[], Specification]) -> bytes:
    folder: Path = settings.REDWAY_HOME.root / "charts" / (build or "none")
    path = folder / f"{_digest(build, key)}.svg"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        # Imported when a picture is first drawn: the drawing engine takes half a second and 90 MB.
        from redway.figures.drawing import svg

        drawn = svg(describe()).encode()
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _forget_old_builds(folder.parent)
    # Written beside and renamed, so that nobody ever reads half a picture.
    handle, beside = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(drawn)
    Path(beside).replace(path)
    return drawn


def _forget_old_builds(folder: Path) -> None:
    newest_first = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest_first[BUILDS_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
