"""The table of similar schools: how far each is, and which difference makes most of the distance."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.core.missing import Missing
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Kind, Table
from redway.indicators.catalogue import load_catalogue
from redway.indicators.similar import Distance, School
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.queries import authority_names
from redway.web.schools.access import Line
from redway.web.schools.likeness import VARIABLES, Likeness

_LICENCE = "Department for Education, Open Government Licence v3.0"


def similar_view(line: Line, likeness: Likeness, query: QueryDict, on: date) -> TableView:
    """The school itself first, then the similar schools, nearest first."""
    measures = [load_catalogue().get(code) for code in VARIABLES]
    numbers = {likeness.authority(one.urn) for one in likeness.chosen.nearest}
    authorities = authority_names([*numbers, line.school.authority])
    own = _row(likeness.target, line.school.shown_name, authorities.get(line.school.authority, ""))
    rows = [{**own, "distance": 0.0, "most": "This school", "used": ""}]
    for one in likeness.chosen.nearest:
        row = _row(likeness.of(one), likeness.name(one.urn), authorities.get(likeness.authority(one.urn), ""))
        rows.append({**row, "distance": one.distance, "most": _most(one), "used": one.words})
    columns = (
        Column("school", "School"),
        Column("authority", "Authority"),
        Column("distance", "Distance", Kind.NUMBER, 3),
        *(
            Column(one.code, one.short, Kind.PERCENT if one.unit == "percent" else Kind.NUMBER, one.decimals)
            for one in measures
        ),
        Column("most", "Largest part of the distance"),
        Column("used", "Rests on"),
    )
    table = Table(
        f"{len(likeness.chosen.nearest)} schools most like {line.school.shown_name}, {likeness.period}",
        columns,
        rows,
        _notes(likeness),
    )
    return TableView(
        table,
        TableState.read(query),
        address=reverse("schools:similar", args=[line.school.current_urn]).rstrip("/"),
        links={"school": lambda row: reverse("schools:profile", args=[row["urn"]])},
        first_shown=("school", "authority", "distance", *VARIABLES, "most"),
        highlight=lambda row: row["urn"] == line.school.current_urn,
        provenance=Provenance(likeness.period, (), (_LICENCE,), on),
    )


def _row(school: School, name: str, authority: str) -> dict[str, Cell]:
    intake: dict[str, Cell] = {
        code: value if value is not None else Missing.NOT_AVAILABLE for code, value in school.intake.items()
    }
    return {"urn": school.urn, "school": name, "authority": authority, **intake}


def _most(distance: Distance) -> str:
    if not distance.parts:
        return "No difference"
    code, share = max(distance.parts.items(), key=lambda part: part[1])
    return f"{load_catalogue().get(code).short}: {share:.0%}"


def _notes(likeness: Likeness) -> list[str]:
    catalogue = load_catalogue()
    weights = "; ".join(
        f"{catalogue.get(code).short.lower()} {weight:.0%}"
        for code, weight in likeness.intakes.weights.weights.items()
    )
    weighed = f"Weights: {weights} (as in the {likeness.intakes.weights.name})."
    notes = [
        f"{weighed} Each difference is measured against the whole range of open schools of the phase.",
        "Only whom a school serves is compared: never results, absence or inspection grades.",
    ]
    if unplaced := len(likeness.chosen.not_placed):
        notes.append(f"{unplaced:,} schools could not be placed: too little of their intake is published.")
    return notes
