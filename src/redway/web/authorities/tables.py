"""The tables of an authority's page. Each names the neighbour model it stands on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Kind, Table
from redway.indicators.catalogue import Outcome
from redway.indicators.comparison import Comparison
from redway.web.authorities.profile import AuthorityProfile
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.measures.showing import words_by_row

LICENCE = "Department for Education and others as stated, Open Government Licence v3.0"
_NUMBER = 2

OUTCOMES = {outcome.value.replace(" ", "-"): outcome for outcome in Outcome}
"""Name of a table -> the outcome of Every Child Matters that its measures serve."""


def table_view(profile: AuthorityProfile, name: str, query: QueryDict, on: date) -> TableView | None:
    """The table of that name as it is looked at, or None when there is no such table."""
    state = TableState.read(query, name)
    source = Provenance("as stated in each row", (), (LICENCE,), on)
    if name in OUTCOMES:
        every = query.get("every") == "1"
        return _gaps_of_outcome(profile, OUTCOMES[name], name, state, source, featured=not every)
    if name == "every-measure":
        return _gap_view(profile, "every-measure", "Every measure", profile.compared, state, source)
    if name == "neighbours":
        return _neighbours(profile, state, source)
    if name == "gaps":
        return _missing(profile, state, source)
    return None


def _gaps_of_outcome(
    profile: AuthorityProfile,
    outcome: Outcome,
    name: str,
    state: TableState,
    source: Provenance,
    *,
    featured: bool,
) -> TableView | None:
    compared = profile.of_outcome(outcome, featured)
    if not compared:
        return None
    return _gap_view(profile, name, outcome.value.capitalize(), compared, state, source)


def _gap_view(
    profile: AuthorityProfile,
    name: str,
    title: str,
    compared: list[Comparison] | Any,
    state: TableState,
    source: Provenance,
) -> TableView:
    """Measures with the gap to England and to the neighbours of each model, the chosen model shown first."""
    rows = [_gap_row(profile, one) for one in compared]
    columns = [
        Column("measure", "Measure"),
        Column("topic", "Subject"),
        Column("period", "Period"),
        Column("value", profile.authority.name, Kind.NUMBER, _NUMBER),
        Column("england", "England", Kind.NUMBER, _NUMBER),
        Column("england-gap", "Gap to England", Kind.NUMBER, _NUMBER),
    ]
    for model in profile.models:
        columns += [
            Column(f"{model}-mean", f"Mean of neighbours, {model} model", Kind.NUMBER, _NUMBER),
            Column(f"{model}-gap", f"Gap to neighbours, {model} model", Kind.NUMBER, _NUMBER),
            Column(f"{model}-among", f"Among the neighbours, {model} model"),
        ]
    columns.append(Column("code", "Code"))
    indicators = {one.indicator.code: one.indicator for one in compared}
    values = [column.key for column in columns if column.is_numeric and not column.key.endswith("-gap")]
    gap_keys = [column.key for column in columns if column.key.endswith("-gap")]
    chosen = [f"{profile.model}-mean", f"{profile.model}-gap"] if profile.model else []
    named = f" and to statistical neighbours ({profile.model} model)" if profile.model else ""
    return TableView(
        Table(f"{title}: gaps to England{named}", columns, rows, _notes(profile)),
        state,
        address=_address(profile, name),
        kept=[("model", profile.model), *(pair for pair in state.others if pair == ("every", "1"))],
        words={
            **{key: words_by_row(indicators, key) for key in values},
            **{key: _gap_words(indicators, key) for key in gap_keys},
        },
        links={
            "measure": lambda row: (
                reverse("measures:measure", args=[row["code"]])
                + f"?level=authority&highlight={profile.authority.number}"
            ),
            "value": lambda row: str(row["lineage"]),
        },
        first_shown=("measure", "period", "value", "england", "england-gap", *chosen),
        provenance=source,
        per_page=300,
        nothing="–",
    )


def _gap_row(profile: AuthorityProfile, one: Comparison) -> dict[str, Cell]:
    england = one.gap_to("England")
    row: dict[str, Cell] = {
        "code": one.indicator.code,
        "measure": one.indicator.title,
        "topic": one.indicator.topic,
        "period": one.figure.period,
        "value": one.figure.value if one.figure.value is not None else one.figure.missing,
        "england": england.value if england else None,
        "england-gap": england.gap if england else None,
        "lineage": reverse(
            "measures:lineage",
            args=[one.indicator.code, "authority", profile.authority.number, one.figure.period],
        ),
    }
    for model in profile.models:
        gap = one.gap_to(model)
        row[f"{model}-mean"] = gap.value if gap else None
        row[f"{model}-gap"] = gap.gap if gap else None
        row[f"{model}-among"] = f"Higher than {gap.above} of {gap.members}" if gap else ""
    return row


def _gap_words(indicators: Any, key: str) -> Any:
    def write(row: Any) -> str:
        gap = row.get(key)
        return indicators[row["code"]].show_gap(gap) if isinstance(gap, float | int) else str(gap or "")

    return write


def _notes(profile: AuthorityProfile) -> list[str]:
    if not profile.models:
        return ["No model names statistical neighbours for this authority."]
    return ["The mean counts each neighbour with a figure once. – means that there is none to compare with."]


def _neighbours(profile: AuthorityProfile, state: TableState, source: Provenance) -> TableView | None:
    if profile.neighbours is None:
        return None
    rows: list[dict[str, Cell]] = [
        {
            "number": one.authority,
            "rank": one.rank,
            "name": profile.names.get(one.authority, one.authority),
            "closeness": one.closeness.capitalize(),
        }
        for one in profile.neighbours.neighbours
    ]
    columns = (
        Column("name", "Authority"),
        Column("rank", "Nearness", Kind.NUMBER),
        Column("closeness", "In the publisher's words"),
    )
    title = f"Statistical neighbours of {profile.authority.name} ({profile.model} model)"
    return TableView(
        Table(title, columns, rows),
        state,
        address=_address(profile, "neighbours"),
        kept=(("model", profile.model),),
        links={"name": lambda row: reverse("authorities:profile", args=[row["number"]])},
        provenance=source,
    )


def _missing(profile: AuthorityProfile, state: TableState, source: Provenance) -> TableView:
    rows: list[dict[str, Cell]] = [
        {"reason": why.label, "figures": count, "measures": "; ".join(one.short for one in measures)}
        for why, count, measures in profile.gaps
    ]
    columns = (
        Column("reason", "Why there is no figure"),
        Column("figures", "Figures", Kind.NUMBER),
        Column("measures", "Measures"),
    )
    return TableView(
        Table("Figures of the headline measures that are not there", columns, rows),
        state,
        address=_address(profile, "gaps"),
        provenance=source,
    )


def _address(profile: AuthorityProfile, name: str) -> str:
    return reverse("authorities:table", args=[profile.authority.number, name, "csv"]).removesuffix(".csv")
