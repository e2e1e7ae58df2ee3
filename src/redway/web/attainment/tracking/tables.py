"""The tables of the tracking pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from math import isfinite

from django.http import QueryDict
from django.urls import reverse

from redway.attainment.group_gaps import Gap
from redway.attainment.target_groups import target_group
from redway.attainment.tracking import Standing, Term, Tracked
from redway.attainment.tracking_rule import TERMS
from redway.core.words import number, signed
from redway.figures.disclosure import Rule
from redway.figures.provenance import Provenance
from redway.figures.secondary_suppression import ALSO_HIDDEN
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table
from redway.web.attainment.made_up import NOTICE
from redway.web.attainment.names import names_of_pupils
from redway.web.attainment.tracking.groups import Gaps, GroupLine
from redway.web.attainment.tracking.page import Cohort
from redway.web.attainment.tracking.pupil_keys import pupil_keys
from redway.web.attainment.tracking.told import MOVED, Counts
from redway.web.attainment.tracking.words import (
    LAYERS,
    MOVEMENTS,
    chance_in_words,
    standing_in_words,
)
from redway.web.datasets.naming import versions_in_words
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

COUNT = Column("pupils", "Pupils", Kind.NUMBER)
OWN_RECORDS = "The authority's own pupil records"
TERMS_SHOWN = 2
"""Of the terms assessed, so many of the newest stand in the list at first."""


def provenance_of(cohort: Cohort, on: date) -> Provenance:
    """Where the figures come from. One query."""
    return Provenance(cohort.period, versions_in_words(cohort.numbers), (OWN_RECORDS,), on)


# --- counts -------------------------------------------------------------------------------------------------


def standings_table(cohort: Cohort, counts: Counts) -> Table:
    """Pupils by standing, and why it is not known of some."""
    rows: list[Row] = [
        {
            "standing": standing_in_words(one.value),
            "pupils": counts.standings[one],
            "share": counts.share(one),
        }
        for one in Standing
    ]
    rows += [
        {"standing": f"of these: {reason}", "pupils": count, "share": ""} for reason, count in counts.reasons
    ]
    return Table(
        f"{cohort.school.shown_name}: pupils by standing. {cohort.title}",
        (Column("standing", "Standing"), COUNT, Column("share", "Share")),
        rows,
    )


def movements_table(cohort: Cohort, counts: Counts) -> Table:
    """Pupils with a known standing by how it has moved."""
    rows: list[Row] = [{"movement": MOVEMENTS[one], "pupils": counts.movements[one]} for one in MOVED]
    return Table(
        f"{cohort.school.shown_name}: movement since the term before. {cohort.title}",
        (Column("movement", "Standing"), COUNT),
        rows,
    )


def layers_table(cohort: Cohort, counts: Counts) -> Table:
    """How many pupils each layer of a target group has."""
    rows: list[Row] = [{"layer": words, "pupils": counts.layers[layer]} for layer, words in LAYERS.items()]
    return Table(
        f"{cohort.school.shown_name}: target groups. {cohort.title}",
        (Column("layer", "Layer"), COUNT),
        rows,
    )


COUNT_TABLES: Mapping[str, Callable[[Cohort, Counts], Table]] = {
    "standings": standings_table,
    "movements": movements_table,
    "target-groups": layers_table,
}


def counts_view(cohort: Cohort, counts: Counts, name: str, on: date) -> TableView | None:
    """One table of counts; None when there is none of that name."""
    make = COUNT_TABLES.get(name)
    if make is None:
        return None
    address = reverse("attainment:school_tracking_table", args=[cohort.school.current_urn, name, "csv"])
    return TableView(
        make(cohort, counts),
        TableState(name),
        address=address.removesuffix(".csv"),
        kept=cohort.asked.cohort,
        provenance=provenance_of(cohort, on),
    )


def with_notice(view: TableView, cohort: Cohort) -> TableView:
    """The table with the notice that its pupils are made up, where they are: a file carries it along."""
    if not cohort.made_up:
        return view
    return replace(view, table=replace(view.table, notes=[*view.table.notes, NOTICE]))


# --- pupils by name -----------------------------------------------------------------------------------------


def pupils_view(cohort: Cohort, listed: Tracked, query: QueryDict, on: date) -> TableView:
    """One row a pupil, for those who may see them by name; each leads to the pupil's page."""
    subject = cohort.asked.subject
    recent = [_key(term) for term in listed.terms[-TERMS_SHOWN:]]
    address = reverse("attainment:school_tracking_pupils", args=[cohort.school.current_urn, "csv"])
    return TableView(
        Table(
            f"Pupils. {cohort.title}",
            _pupil_columns(listed, subject.decimals),
            _pupil_rows(cohort.school.authority, listed),
            [
                "Under a term: what the pupil was assessed at, and in brackets what would lie on the path.",
                f"Assessments and estimates are in {subject.unit}, on the scale of the final result.",
            ],
        ),
        TableState.read(query, "pupils"),
        address=address.removesuffix(".csv"),
        kept=cohort.asked.pairs(),
        links={"name": lambda row: _pupil_address(row, subject.asked)},
        words={
            "estimate": lambda row: _estimate(row, subject.decimals),
            "chance": lambda row: chance_in_words(float(str(row["chance"])) / 100),
            "standing": _standing,
            **{_key(term): _assessed_words(_key(term), subject.decimals) for term in listed.terms},
        },
        first_shown=("name", "estimate", *recent, "standing", "chance", "moved"),
        provenance=provenance_of(cohort, on),
        nothing="Not held",
    )


def _pupil_columns(tracked: Tracked, decimals: int) -> list[Column]:
    terms = [
        column
        for term in tracked.terms
        for column in (
            Column(_key(term), term.label, Kind.NUMBER, decimals),
            Column(f"{_key(term)}-expected", f"Expected, {term.label.lower()}", Kind.NUMBER, 1),
        )
    ]
    return [
        Column("name", "Pupil"),
        Column("estimate", "Estimate", Kind.NUMBER, 1),
        Column("estimate_low", "Lower limit of such pupils", Kind.NUMBER, 1),
        Column("estimate_high", "Upper limit of such pupils", Kind.NUMBER, 1),
        *terms,
        Column("standing", "Standing"),
        Column("chance", "Chance to reach the estimate", Kind.PERCENT, 1),
        Column("moved", "Movement"),
        Column("reason", "Why it is not known"),
    ]


def _key(term: Term) -> str:
    return f"term-{term.code}"


def _pupil_rows(authority: str, tracked: Tracked) -> list[Row]:
    """The pupils in the order of their names. One pass over pupils and their path."""
    paths: dict[str, dict[str, Cell]] = {}
    for pupil, year, term, assessment, expected in tracked.path.select(
        "pupil", "year", "term", "assessment", "expected"
    ).iter_rows():
        key = _key(Term(year, TERMS.index(term)))
        paths.setdefault(pupil, {}).update({key: assessment, f"{key}-expected": expected})
    pupils = tracked.pupils
    numbers = pupils["pupil"].to_list()
    rows: list[dict[str, Cell]] = [
        {
            "name": name,
            "key": key,
            "estimate": row["estimate"],
            "estimate_low": row["estimate_low"],
            "estimate_high": row["estimate_high"],
            "standing": row["standing"],
            "chance": None if row["chance"] is None else 100 * row["chance"],
            "moved": MOVEMENTS[row["movement"]] if row["movement"] else "",
            "reason": row["reason"],
            **paths.get(number, {}),
        }
        for name, number, key, row in zip(
            names_of_pupils(pupils),
            numbers,
            pupil_keys(authority, numbers),
            pupils.select(_FOLLOWED).iter_rows(named=True),
            strict=True,
        )
    ]
    return sorted(rows, key=lambda row: str(row["name"]).casefold())


_FOLLOWED = ("estimate", "estimate_low", "estimate_high", "standing", "chance", "movement", "reason")


def _pupil_address(row: Row, subject: str) -> str:
    return f"{reverse('attainment:pupil', args=[row['key']])}?subject={subject}"


def _standing(row: Row) -> str:
    """'▼ At risk'; '○ Not known: not assessed in this term'."""
    word = standing_in_words(str(row["standing"]))
    return f"{word}: {row['reason']}" if row["reason"] else word


def _estimate(row: Row, decimals: int) -> str:
    """'52.1 (31.0 to 73.2)'."""
    value, low, high = (float(str(row[key])) for key in ("estimate", "estimate_low", "estimate_high"))
    # The range stays on one line.
    return f"{number(value, decimals)} ({number(low, decimals)}\u00a0to\u00a0{number(high, decimals)})"


def _assessed_words(key: str, decimals: int) -> Callable[[Row], str]:
    def words(row: Row) -> str:
        shown = number(float(str(row[key])), decimals)
        expected = row.get(f"{key}-expected")
        return shown if expected is None else f"{shown} ({number(float(str(expected)), decimals)})"

    return words


def target_pupils_view(cohort: Cohort, query: QueryDict, on: date) -> TableView:
    """The pupils of the target group by name, nearest to the path first."""
    subject = cohort.asked.subject
    pupils = target_group(cohort.own.tracked)
    numbers = pupils["pupil"].to_list()
    rows: list[Row] = [
        {
            "name": name,
            "key": key,
            "layer": str(row["layer"]).capitalize(),
            "assessment": row["assessment"],
            "expected": row["expected"],
            "distance": row["distance"],
            "chance": 100 * row["chance"],
        }
        for name, key, row in zip(
            names_of_pupils(pupils),
            pupil_keys(cohort.school.authority, numbers),
            pupils.select("layer", "assessment", "expected", "distance", "chance").iter_rows(named=True),
            strict=True,
        )
    ]
    address = reverse("attainment:school_target_groups_pupils", args=[cohort.school.current_urn, "csv"])
    return TableView(
        Table(
            f"Pupils of the target groups. {cohort.title}",
            (
                Column("name", "Pupil"),
                Column("layer", "Layer"),
                Column("assessment", "Assessed at", Kind.NUMBER, subject.decimals),
                Column("expected", "On the path", Kind.NUMBER, 1),
                Column("distance", "Below the path", Kind.NUMBER, 1),
                Column("chance", "Chance to reach the estimate", Kind.PERCENT, 1),
            ),
            rows,
            [f"Assessments are in {subject.unit}, on the scale of the final result."],
        ),
        TableState.read(query, "pupils"),
        address=address.removesuffix(".csv"),
        kept=cohort.asked.cohort,
        links={"name": lambda row: _pupil_address(row, subject.asked)},
        words={
            "chance": lambda row: chance_in_words(float(str(row["chance"])) / 100),
            "distance": lambda row: number(-float(str(row["distance"])), 1),
        },
        provenance=provenance_of(cohort, on),
        per_page=400,
    )


# --- groups -------------------------------------------------------------------------------------------------


def gaps_view(cohort: Cohort, found: Gaps, query: QueryDict, on: date) -> TableView:
    """Every group beside the others; what may not be told says so."""
    address = reverse("attainment:school_gaps_table", args=[cohort.school.current_urn, "csv"])
    notes = [
        "A gap is the share of this group less that of all others, in percentage points, with its 95% range.",
        "Pupils whose standing or characteristic is not known are on neither side.",
    ]
    if found.hidden:
        small = cohort.rule.small
        notes.append(f"Hidden: {small} pupils or fewer, or so few that a count could be worked out.")
    return TableView(
        Table(
            f"{cohort.school.shown_name}: gaps between groups. {cohort.title}",
            _gap_columns(cohort.asked.subject.unit),
            [_gap_row(line, cohort.rule) for line in found.lines],
            notes,
        ),
        TableState.read(query, "gaps"),
        address=address.removesuffix(".csv"),
        kept=cohort.asked.cohort,
        first_shown=(
            "group",
            "pupils",
            "share",
            "others",
            "gap",
            "range",
            "verdict",
            "distance",
            "elsewhere",
        ),
        provenance=provenance_of(cohort, on),
        nothing="Not known",
    )


def _gap_columns(unit: str) -> tuple[Column, ...]:
    return (
        Column("group", "Group"),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("share", "On track or exceeding", Kind.PERCENT, 0),
        Column("share_range", "95% range of that"),
        Column("others", "All others", Kind.PERCENT, 0),
        Column("gap", "Gap in points", Kind.NUMBER, 0),
        Column("range", "95% range of the gap"),
        Column("verdict", "Is it chance?"),
        Column("distance", f"Gap in mean distance ({unit})", Kind.NUMBER, 1),
        Column("distance_range", "95% range of that gap"),
        Column("elsewhere", "Gap in the other schools", Kind.NUMBER, 0),
        Column("beside", "Larger than there?"),
    )


def _gap_row(line: GroupLine, rule: Rule) -> Row:
    pupils = line.gap.group.pupils
    row: dict[str, Cell] = {"group": line.label, "pupils": pupils}
    if not line.told.size:
        row["pupils"] = Hidden(rule.small_label if rule.is_small(pupils) else ALSO_HIDDEN)
    if not line.told.gap:
        return row | dict.fromkeys(_OF_THE_GAP, Hidden("Hidden"))
    return row | _told_gap(line.gap) | _elsewhere(line)


_OF_THE_GAP = (
    "share",
    "share_range",
    "others",
    "gap",
    "range",
    "verdict",
    "distance",
    "distance_range",
    "elsewhere",
    "beside",
)


def _told_gap(gap: Gap) -> dict[str, Cell]:
    measured = isfinite(gap.distance_gap_low)
    return {
        "share": 100 * gap.group.share,
        "share_range": f"{number(100 * gap.group.share_low)}% to {number(100 * gap.group.share_high)}%",
        "others": 100 * gap.others.share,
        "gap": 100 * gap.share_gap,
        "range": f"from {signed(100 * gap.share_gap_low, 0)} to {signed(100 * gap.share_gap_high, 0)}",
        "verdict": gap.verdict,
        "distance": gap.distance_gap if measured else None,
        "distance_range": (
            f"from {signed(gap.distance_gap_low)} to {signed(gap.distance_gap_high)}" if measured else ""
        ),
    }


def _elsewhere(line: GroupLine) -> dict[str, Cell]:
    if line.elsewhere is None or line.beside is None:
        hidden = Hidden("Not told")
        return {"elsewhere": hidden, "beside": hidden}
    return {
        "elsewhere": 100 * line.elsewhere.share_gap,
        "beside": "Could be the same"
        if line.beside.could_be_chance
        else "More different than chance explains",
    }
