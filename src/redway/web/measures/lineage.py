"""From a figure on a page back to the cell it came from, in words."""

from __future__ import annotations

from dataclasses import dataclass

from redway.core.errors import NotFound
from redway.core.identifiers import ENGLAND
from redway.datasets.format import load_formats
from redway.datasets.ledger import Version
from redway.datasets.lineage import Cell
from redway.indicators.catalogue import Indicator, Source
from redway.indicators.store import SeriesStore
from redway.web.datasets.queries import cell, version
from redway.web.register.queries import find_authority, find_school


@dataclass(frozen=True)
class Origin:
    """One place where the figure is found: the one shown first, then other editions of it."""

    who: str
    period: str
    value: str
    edition: str
    title: str
    """Title of the format."""
    version: Version
    row: int
    column: str
    cell: Cell | None
    why_no_cell: str
    rule: str


def origins_of(
    store: SeriesStore, level: str, entity: str, indicator: Indicator, period: str
) -> list[Origin]:
    """Every edition of a figure with the cell it came from; empty when there is no such figure."""
    titles = {known.code: known.title for known in load_formats()}
    who = name_of(level, entity)
    found = []
    for row in store.lineage(level, entity, indicator.code, period).iter_rows(named=True):
        held = version(row["version"])
        try:
            origin, why = cell(row["version"], row["row"], row["column"]), ""
        except NotFound as error:
            origin, why = None, f"{error.message} {error.next_step}"
        found.append(
            Origin(
                who=who,
                period=period,
                value=indicator.show(row["value"]),
                edition=row["edition"],
                title=titles.get(row["format"], row["format"]),
                version=held,
                row=row["row"],
                column=row["column"],
                cell=origin,
                why_no_cell=why,
                rule=rule_of(indicator, row["format"], level, row["column"]),
            )
        )
    return found


def name_of(level: str, entity: str) -> str:
    """The name of a school or area; its key where the register does not know it."""
    if entity == ENGLAND:
        return "England"
    try:
        if level == "school":
            return f"{find_school(entity).shown_name} (URN {entity})"
        if level == "authority":
            return find_authority(entity).name
    except NotFound:
        pass
    return entity


def rule_of(indicator: Indicator, format_code: str, level: str, column: str) -> str:
    """How the value is made from the cells, in one sentence."""
    sources = [one for one in indicator.sources if one.format == format_code and level in one.levels]
    exact = [one for one in sources if column in (one.column, one.numerator)]
    source = next(iter(exact or sources), None)
    if source is None:
        return "As it stands in the file."
    return f"{_made(source)}{_kept_rows(source)}"


def _made(source: Source) -> str:
    if source.column:
        times = "" if source.scale == 1 else f", times {source.scale:g}"
        return f"The column '{source.column}' as it stands{times}."
    named = {1.0: "", 100.0: ", as a percentage"}
    times = named.get(source.scale, f", times {source.scale:g}")
    return f"The column '{source.numerator}' divided by '{source.denominator}'{times}."


def _kept_rows(source: Source) -> str:
    if not source.filters:
        return ""
    kept = " and ".join(f"{name} is {' or '.join(texts)}" for name, texts in source.filters.items())
    return f" Only rows where {kept}."
