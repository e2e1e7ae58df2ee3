"""What the pages of statistics and of the report share: whose, which period, its tables, charts, files."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from redway.allegations.annual_report import TITLES, Report
from redway.figures.chart import Chart, Measure
from redway.figures.comparison import Compared, comparison_chart
from redway.figures.table import Table
from redway.figures.theme import PAGE
from redway.web.allegations.report_files import MEDIA, provenance_of
from redway.web.allegations.statistics_period import Asked, Counted, count_period
from redway.web.authorities.access import access_authority
from redway.web.design.charts import ChartView
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority
from redway.web.register.queries import authority_names

ACTION = "allegation.statistics"
DRAWN = ("sector", "category", "outcome")
"""Tables that are drawn as well: those whose rows are compared."""


def authority_asked(request: HttpRequest, number: str = "") -> Authority:
    """The authority of an address, or the one asked for, or the first of this person's own."""
    own = sorted(permission.visible(request, ACTION).authorities)
    return access_authority(
        request, number or request.GET.get("authority") or (own[0] if own else ""), ACTION
    )


def counted_for(request: HttpRequest, authority: Authority, asked: Asked) -> Counted:
    """The period as this person may count it."""
    assert isinstance(request.user, Person)
    return count_period(authority.number, asked, request.user, permission.today())


def authorities_offered(request: HttpRequest) -> list[tuple[str, str]]:
    """(number, name) of the authorities to choose from; nothing for who has one."""
    own = permission.visible(request, ACTION).authorities
    return sorted(authority_names(own).items()) if len(own) > 1 else []


def query_of(asked: Asked, authority: Authority | None = None) -> str:
    """A period as parameters of an address."""
    parts = [("authority", authority.number)] if authority else []
    return urlencode([*parts, *_period(asked)])


def _period(asked: Asked) -> list[tuple[str, str]]:
    publish = [("publish", "1")] if asked.publish else []
    return [("from", str(asked.start)), ("to", str(asked.end)), *publish]


def files_of(authority: Authority, asked: Asked) -> list[tuple[str, str]]:
    """(kind, address) of the files of a report."""
    pages = {kind: reverse("allegations:statistics_report", args=[authority.number, kind]) for kind in MEDIA}
    return [(kind.upper(), f"{page}?{query_of(asked)}") for kind, page in pages.items()]


def table_view(
    request: HttpRequest, authority: Authority, asked: Asked, counted: Counted, name: str
) -> TableView:
    """One table of the report, with its files."""
    address = reverse("allegations:statistics_table", args=[authority.number, name, "csv"])
    return TableView(
        counted.report.tables[name],
        TableState.read(request.GET, name),
        address.removesuffix(".csv"),
        kept=tuple(_period(asked)),
        provenance=provenance_of(counted.report, counted),
        highlight=_is_total,
    )


def revised_view(revised: Table | None) -> TableView | None:
    """Old and new figures; None when nothing was corrected."""
    return TableView(revised, TableState("revised")) if revised else None


def _is_total(row: object) -> bool:
    assert hasattr(row, "get")
    return bool(row.get("word") == "Total")


def chart_views(authority: Authority, asked: Asked, report: Report) -> dict[str, ChartView]:
    """Name of a table -> its chart as a page shows it."""
    found = {}
    for name, chart in charts_of(report).items():
        address = reverse("allegations:statistics_chart", args=[authority.number, name, "svg"])
        found[name] = ChartView(name, chart, address.removesuffix(".svg"), chart.key, query=query_of(asked))
    return found


def charts_of(report: Report, width: int = PAGE) -> dict[str, Chart]:
    """Bars of the tables whose every figure is shown."""
    found = {}
    for name in DRAWN:
        held = report.tables.get(name)
        rows = [row for row in held.rows if row["word"] != "Total"] if held else []
        counts = [row["cases"] for row in rows]
        if not any(counts) or not all(isinstance(count, int) for count in counts):
            continue
        found[name] = comparison_chart(
            f"{TITLES[name]}: how many?",
            Measure("cases", "", 0),
            [
                Compared(str(row["word"]), float(row["cases"]))  # type: ignore[arg-type]
                for row in rows
            ],
            width=width,
        )
    return found
