"""Charts on pages: a picture drawn by the server, its words, its table, and interaction for who asks for it.

A chart has a stable address for its picture and for its description. Both carry the build of the figures
they show, so a browser keeps them for good and a new import gives new addresses.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse

from redway.figures.chart import Chart
from redway.figures.theme import PAGE, PHONE
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

BUILDS_KEPT = 2
"""Of each kind (figures, register, pupils' results): the one in force and the one before, which pages opened
earlier still ask for."""


@dataclass(frozen=True)
class ChartView:
    """A chart as a page shows it: its picture is at ``<address>.svg``, its data at ``<address>.json``."""

    name: str
    chart: Chart
    address: str
    build: str
    source: str = ""
    query: str = ""
    """Parameters of the chart, already encoded, that say which group it shows."""

    @property
    def _parameters(self) -> str:
        return f"{self.query}&build={self.build}" if self.query else f"build={self.build}"

    @property
    def picture(self) -> str:
        return f"{self.address}.svg?{self._parameters}"

    @property
    def narrow_picture(self) -> str:
        """The same, drawn for a phone: a wide picture made small could not be read."""
        return f"{self.picture}&width={PHONE}"

    @property
    def specification(self) -> str:
        return f"{self.address}.json?{self._parameters}"

    @property
    def table(self) -> TableView:
        """The figures behind the chart, in the order in which they are drawn."""
        return TableView(self.chart.table, TableState(f"chart-{self.name}"))


def width_wanted(request: HttpRequest) -> int:
    """The width to draw a chart at: for a phone when the address says so, else for a page."""
    return PHONE if request.GET.get("width") == str(PHONE) else PAGE


def answer(
    request: HttpRequest, chart: Chart, extension: str, build: str, *, keep: bool = True
) -> HttpResponse:
    """The chart as SVG, or as a Vega-Lite description. Raises Http404 for another extension.

    ``keep`` is false for a picture of what somebody is trying out: it is not written to the disk.
    """
    tag = f'"{chart.key}-{extension}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    elif extension == "svg":
        response = HttpResponse(_picture(chart, build, keep), content_type="image/svg+xml")
    elif extension == "json":
        response = JsonResponse(chart.spec)
    else:
        raise Http404
    response["ETag"] = tag
    # "private": what is shown depends on who asks, so no shared cache may keep it.
    fixed = request.GET.get("build") == build
    response["Cache-Control"] = "private, max-age=31536000, immutable" if fixed else "private, no-cache"
    return response


def _picture(chart: Chart, build: str, keep: bool) -> str:
    # Imported when a picture is first wanted: the drawing engine takes half a second and 90 MB.
    from redway.figures.render import render_svg

    if not keep:
        return render_svg(chart)
    charts: Path = settings.REDWAY_HOME.root / "charts"
    folder = charts / (build or "none")
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _forget_old_builds(charts)
    return render_svg(chart, folder)


def _forget_old_builds(charts: Path) -> None:
    kinds: dict[str, list[Path]] = {}
    for one in sorted(charts.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True):
        kinds.setdefault(one.name.partition("-")[0], []).append(one)
    for newest_first in kinds.values():
        for old in newest_first[BUILDS_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
