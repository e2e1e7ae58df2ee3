"""The tables of an authority's value-added page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.indicators.intervals import Z95
from redway.web.attainment.value_added.access import names_of
from redway.web.attainment.value_added.tables import (
    estimate_cells,
    estimate_columns,
    left_out_table,
    not_shown,
    provenance_of,
)
from redway.web.attainment.value_added.terms import term_in_words
from redway.web.attainment.value_added.whole import AuthorityProgress
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Establishment

_SHOWN = ("name", "pupils", "value", "lower", "upper", "beside")


def table_view(progress: AuthorityProgress, name: str, query: QueryDict, on: date) -> TableView | None:
    """The table of that name as it is looked at, or None when there is no such table."""
    make = TABLES.get(name)
    if make is None:
        return None
    address = reverse("attainment:authority_value_added_table", args=[progress.authority.number, name, "csv"])
    pages = f"?{progress.asked.query}"
    return TableView(
        make(progress),
        TableState.read(query, name),
        address=address.removesuffix(".csv"),
        kept=progress.asked.pairs(),
        links={"name": lambda row: f"{row['page']}{pages}" if row["page"] else ""},
        per_page=60,
        first_shown=_SHOWN if name == "schools" else (),
        provenance=provenance_of(progress.asked.period, progress.source.numbers_of(progress.asked.years), on),
    )


def schools(progress: AuthorityProgress) -> Table:
    """Every school by name, never by estimate: much of the order of estimates is chance."""
    outcome = progress.asked.outcome
    shown = progress.estimates.shown if progress.estimates else ()
    hidden = progress.estimates.hidden if progress.estimates else frozenset()
    pairwise = progress.estimates.pairwise if progress.estimates else {}
    names = names_of({*(one.school for one in shown), *hidden})
    pages = _pages(names)
    rows: list[dict[str, Cell]] = [
        {
            "name": names[one.school],
            "page": pages.get(one.school, ""),
            **estimate_cells(one),
            "plain": one.plain,
            "kept": 100 * one.trusted,
            "pair_low": pairwise[one.school][0],
            "pair_high": pairwise[one.school][1],
        }
        for one in shown
    ]
    rows += [{"name": names[key], "page": pages.get(key, ""), **estimate_cells(None)} for key in hidden]
    columns = (
        Column("name", "School"),
        *estimate_columns(outcome.decimals),
        Column("plain", "Plain average of its pupils' differences", Kind.NUMBER, outcome.decimals),
        Column("kept", "How much of it is kept", Kind.PERCENT, 0),
        Column("pair_low", "Lower limit for comparing two schools", Kind.NUMBER, outcome.decimals),
        Column("pair_high", "Upper limit for comparing two schools", Kind.NUMBER, outcome.decimals),
    )
    title = f"progress in {outcome.label} by school, {progress.asked.period}, in {outcome.unit}"
    return Table(
        f"{progress.authority.name}: {title}",
        columns,
        sorted(rows, key=lambda row: str(row["name"]).casefold()),
        not_shown(progress.rule, bool(hidden)),
    )


def _pages(keys: Mapping[str, str]) -> dict[str, str]:
    """Address of the value-added page of each school that the register knows. One query."""
    known = Establishment.objects.filter(urn__in=keys, school_id__in=keys)
    return {
        urn: reverse("attainment:school_value_added", args=[current])
        for urn, current in known.values_list("urn", "school__current_urn")
    }


def allowed_for(progress: AuthorityProgress) -> Table:
    """The coefficients of the model with their standard errors: what each thing goes with."""
    model = progress.model
    rows: list[Row] = []
    if model is not None:
        fixed = model.fit
        rows = [
            {
                "term": term_in_words(column, progress.asked.key_stage),
                "estimate": beta,
                "error": error,
                "lower": beta - Z95 * error,
                "upper": beta + Z95 * error,
                "written": column,
            }
            for column, beta, error in zip(
                fixed.columns, fixed.beta.tolist(), fixed.standard_errors.tolist(), strict=True
            )
        ]
    columns = (
        Column("term", "What the model allows for"),
        Column("estimate", f"Goes with ({progress.asked.outcome.unit})", Kind.NUMBER, 3),
        Column("error", "Standard error", Kind.NUMBER, 3),
        Column("lower", "Lower 95% limit", Kind.NUMBER, 3),
        Column("upper", "Upper 95% limit", Kind.NUMBER, 3),
        Column("written", "As written in the formula"),
    )
    note = (
        "How outcomes differ between pupils who differ in this one thing alone. A group is compared with "
        "the one that is not listed. It says what goes together, not what causes what."
    )
    asked = progress.asked
    return Table(
        f"{progress.authority.name}: what the model allows for, {asked.outcome.label}, {asked.period}",
        columns,
        rows,
        [note],
    )


def gains(progress: AuthorityProgress) -> Table:
    """How much better the model fits for each thing allowed for."""
    rows: list[Row] = [
        {
            "predictor": one.predictor.label[:1].upper() + one.predictor.label[1:],
            "ratio": one.test.chi_square,
            "df": one.test.df,
            "chance": chance_in_words(one.test.p),
        }
        for one in progress.gains
    ]
    columns = (
        Column("predictor", "Left out"),
        Column("ratio", "Fits worse by (likelihood ratio)", Kind.NUMBER, 1),
        Column("df", "Numbers saved", Kind.NUMBER),
        Column("chance", "Chance alone would do this"),
    )
    return Table(
        f"{progress.authority.name}: what leaving out one thing loses, {progress.asked.outcome.label}, "
        f"{progress.asked.period}",
        columns,
        rows,
        ["Likelihood-ratio tests by maximum likelihood, for the same pupils."],
    )


def chance_in_words(probability: float) -> str:
    """A probability as people read it.

    >>> chance_in_words(0.00004), chance_in_words(0.031), chance_in_words(0.4)
    ('less than once in 1,000', 'about 3 times in 100', 'about 40 times in 100')
    """
    if probability < 0.001:
        return "less than once in 1,000"
    if probability < 0.01:
        return "less than once in 100"
    times = round(probability * 100)
    return "about once in 100" if times == 1 else f"about {times} times in 100"


def left_out(progress: AuthorityProgress) -> Table:
    """Pupils of all schools whom the model leaves out, by reason."""
    title = f"{progress.authority.name}: pupils left out, {progress.asked.period}"
    return left_out_table(title, progress.left_out, progress.rule)


TABLES: Mapping[str, Callable[[AuthorityProgress], Table]] = {
    "schools": schools,
    "allowed-for": allowed_for,
    "gains": gains,
    "left-out": left_out,
}
