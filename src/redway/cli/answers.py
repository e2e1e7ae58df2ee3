"""The answers behind ``indicator``, ``benchmark`` and ``school``, in the shape scripts get as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from redway.cli.places import authority_meant
from redway.core.home import Home
from redway.indicators.store import SeriesStore
from redway.web.datasets.ledger import DjangoLedger
from redway.web.register import queries

FIGURE = (
    "period",
    "period_end",
    "value",
    "lower",
    "upper",
    "interval",
    "numerator",
    "denominator",
    "missing",
    "edition",
    "entity",
    "format",
    "version",
    "row",
    "column",
)
"""What is told of a figure; the last four say from which cell of which version it came."""


def series_of_school(home: Home, urn: str, code: str, day: date | None) -> dict[str, Any]:
    """One measure of a school's whole line. Raises NotFound for an unknown URN or measure."""
    school = queries.find_school(urn)
    return {
        "school": school.key,
        "name": school.shown_name,
        **_series(home, "school", queries.urns_of(school.key), code, day),
    }


def series_of_authority(home: Home, authority: str, code: str, day: date | None) -> dict[str, Any]:
    """One measure of an authority. Raises NotFound for an unknown authority or measure."""
    meant = authority_meant(authority)
    return {
        "authority": meant.number,
        "name": meant.name,
        **_series(home, "authority", [meant.number], code, day),
    }


def _series(home: Home, level: str, entities: Any, code: str, day: date | None) -> dict[str, Any]:
    store = SeriesStore(home, DjangoLedger())
    indicator = store.catalogue.get(code)
    frame = store.figures(level, entities, [code], as_at=day).sort("period_end", "entity")
    return {
        "indicator": indicator.code,
        "title": indicator.title,
        "unit": indicator.unit,
        "figures": frame.select(FIGURE).to_dicts(),
    }


def benchmark(home: Home, authority: str, code: str, model: str, period: str | None) -> dict[str, Any]:
    """One measure of an authority beside England and the neighbours of a model, each named.

    Raises NotFound for an unknown authority, measure or model, and where no figure is held.
    """
    from redway.indicators.comparison import compare
    from redway.indicators.neighbours import load_neighbours

    meant = authority_meant(authority)
    store = SeriesStore(home)
    neighbours = load_neighbours(home, DjangoLedger().versions())
    found = compare(store, neighbours, meant.number, code, period, [model])
    members = neighbours.of(meant.number, model).authorities
    held = store.figures("authority", members, [code])
    values = {row["entity"]: row["value"] for row in held.to_dicts() if row["period"] == found.figure.period}
    names = queries.authority_names(members)
    return {
        "indicator": found.indicator.code,
        "title": found.indicator.title,
        "unit": found.indicator.unit,
        "authority": meant.number,
        "name": meant.name,
        "period": found.figure.period,
        "value": found.figure.value,
        "model": model,
        "comparators": [
            {
                "name": gap.name,
                "value": gap.value,
                "gap": gap.gap,
                "verdict": gap.verdict,
                "without": gap.without,
            }
            for gap in found.gaps
        ],
        "neighbours": [
            {"authority": member, "name": names.get(member, member), "value": values.get(member)}
            for member in members
        ],
    }


def school(home: Home, urn: str) -> dict[str, Any]:
    """The register entry of a school, what befell it, and its latest featured figures. Raises NotFound."""
    found = queries.find_school(urn)
    return {
        "school": found.key,
        "urn": found.current_urn,
        "name": found.shown_name,
        "status": found.status,
        "type": found.kind,
        "phase": found.phase,
        "authority": found.authority,
        "authority_name": found.authority_name,
        "trust": found.trust_name,
        "laestab": found.laestab,
        "postcode": found.postcode,
        "pupils": found.pupils,
        "opened": found.line_opened,
        "closed": found.closed,
        "establishments": [
            {"urn": one.urn, "name": one.name, "type": one.kind, "opened": one.opened, "closed": one.closed}
            for one in queries.line_of(urn)
        ],
        "events": [
            {"on": one.on, "urn": one.urn, "what": one.kind, "before": one.before, "after": one.after}
            for one in queries.events_of(found.key)
        ],
        "figures": _latest(home, queries.urns_of(found.key)),
    }


def _latest(home: Home, urns: tuple[str, ...]) -> list[dict[str, Any]]:
    """The latest figure of every featured measure the school has one of."""
    store = SeriesStore(home)
    featured = {one.code: one for one in store.catalogue.at_level("school") if one.featured}
    latest = {}
    for figure in store.figures("school", urns, list(featured)).sort("period_end").to_dicts():
        latest[figure["indicator"]] = figure
    return [
        {"indicator": code, "title": one.title, **{name: latest[code][name] for name in FIGURE}}
        for code, one in featured.items()
        if code in latest
    ]
