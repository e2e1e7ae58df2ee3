"""The one table component: order, seek, choose columns, turn pages, add up, take away.

It shows a plain ``redway.figures.table.Table`` and works without scripts. A page makes a
:class:`TableView`; its template says ``{% show_table view %}``; its exports come from ``exports.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, reduce
from operator import add
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from redway.core.missing import Missing
from redway.core.money import Money
from redway.core.words import counted
from redway.figures.disclosure import Share, protect_small_cohorts, small_cohort_on
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table
from redway.web.design.table_state import TableState

ROWS_ON_A_PAGE = 50
ROWS_WITHOUT_TOOLS = 15
"""A shorter table is read at a glance: tools for it would only be in the way."""


@dataclass(frozen=True)
class TableView:
    """A table as it is shown to one person now.

    ``links`` gives the address a cell leads to, ``words`` how a cell is written where the column alone
    cannot know (a list of measures in different units); exports keep the number. ``totals`` names columns
    to add up over the rows found.
    """

    table: Table
    state: TableState = field(default_factory=TableState)
    address: str = ""
    """Address of the table without its extension: its exports are at ``<address>.csv`` and so on."""
    kept: Sequence[tuple[str, str]] = ()
    """Parameters that say which group is shown; its exports need them too."""
    links: Mapping[str, Callable[[Row], str]] = field(default_factory=dict)
    words: Mapping[str, Callable[[Row], str]] = field(default_factory=dict)
    heading: str = ""
    """Key of the column that names the row; the first one when empty."""
    first_shown: Sequence[str] = ()
    """Columns shown before anybody chooses; empty means all."""
    highlight: Callable[[Row], bool] = field(default=lambda row: False)
    totals: Sequence[str] = ()
    shares: Sequence[Share] = ()
    """Figures made of counts of children in the rows: hidden on the way out where the cohort is small."""
    provenance: Provenance | None = None
    per_page: int = ROWS_ON_A_PAGE
    nothing: str = ""
    """What stands in a cell of numbers where nothing was to be expected; empty says 'No figure held'."""
    ratings: Sequence[str] = ()
    """Columns that hold Red, Amber, Green or Blue: shown as word, colour and shape."""
    wide: bool = False
    """Scroll sideways on a phone instead of standing each row upright."""

    @cached_property
    def every_row(self) -> list[Row]:
        return list(self.table.rows)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns chosen, in the table's own order; the one that names the row always."""
        wanted = set(self.state.columns or self.first_shown)
        known = {column.key for column in self.table.columns}
        if not wanted & known:
            return list(self.table.columns)
        return [column for column in self.table.columns if column.key in wanted | {self.heading_key}]

    @property
    def heading_key(self) -> str:
        return self.heading or self.table.columns[0].key

    @cached_property
    def found(self) -> list[Row]:
        """The rows that hold the words sought, in the order chosen."""
        return self._ordered(self._sought(self.every_row))

    def _sought(self, rows: list[Row]) -> list[Row]:
        words = self.state.find.casefold().split()
        if not words:
            return rows
        texts = [column.key for column in self.table.columns if not column.is_numeric]

        def holds(row: Row) -> bool:
            text = " ".join(str(row.get(key) or "") for key in texts).casefold()
            return all(word in text for word in words)

        return [row for row in rows if holds(row)]

    def _ordered(self, rows: list[Row]) -> list[Row]:
        key = self.state.sort
        if key not in {column.key for column in self.table.columns}:
            return rows
        # What is missing stands last whichever way the rest is ordered: it is neither high nor low.
        held = [row for row in rows if _is_held(row.get(key))]
        rest = [row for row in rows if not _is_held(row.get(key))]
        held.sort(key=lambda row: _order_of(row.get(key)), reverse=self.state.descending)
        return held + rest

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.found) // self.per_page))

    @property
    def page(self) -> int:
        return min(self.state.page, self.pages)

    @property
    def on_page(self) -> list[Row]:
        start = (self.page - 1) * self.per_page
        return self.found[start : start + self.per_page]

    @property
    def has_tools(self) -> bool:
        """Long enough, or already narrowed, so that seeking and choosing columns are worth their room."""
        return len(self.every_row) > ROWS_WITHOUT_TOOLS or bool(self.state.find)

    @property
    def orders(self) -> list[tuple[str, str]]:
        """The orders to choose from, with their words: needed on a phone, where headings are not shown."""
        choices = []
        for column in self.columns:
            if column.is_numeric:
                choices += [
                    (f"-{column.key}", f"{column.heading}, largest first"),
                    (column.key, f"{column.heading}, smallest first"),
                ]
            else:
                choices.append((column.key, column.heading))
        return choices

    @property
    def count_in_words(self) -> str:
        """'12 of 240 rows' when words are sought, else '240 rows'."""
        every, found = len(self.every_row), len(self.found)
        return f"{found:,} of {counted(every, 'row')}" if found != every else counted(every, "row")

    @property
    def previous_page(self) -> str:
        return replace(self.state, page=self.page - 1).address if self.page > 1 else ""

    @property
    def next_page(self) -> str:
        return replace(self.state, page=self.page + 1).address if self.page < self.pages else ""

    @property
    def identity(self) -> str:
        """The id of the table on its page."""
        return f"table-{self.state.name or 'main'}"

    def export_address(self, extension: str) -> str:
        """Where what is shown can be had as a file: the same order, words and columns."""
        look = replace(self.state, page=1, others=tuple(self.kept)).address
        return f"{self.address}.{extension}{look if look != '?' else ''}"

    def as_shown(self) -> Table:
        """The rows found, in order, in the columns chosen: what an export holds."""
        return replace(self.table, columns=self.columns, rows=self.found)

    def in_words(self, on: date) -> Table:
        """What may leave on a day, every cell as a reader sees it; for a paper."""
        leaving = self.to_leave(on)
        rows = [
            {column.key: self.cell_in_words(column, row) for column in self.columns} for row in leaving.rows
        ]
        return replace(leaving, rows=rows)

    def cell_in_words(self, column: Column, row: Row) -> str:
        """One cell as a reader sees it."""
        cell = row.get(column.key)
        write = self.words.get(column.key)
        if cell is None and self.nothing:
            return self.nothing
        if write is not None and not isinstance(cell, Missing | Hidden):
            return write(row)
        return column.show(cell)

    def without_links(self) -> TableView:
        """The same table for somebody who may not open what its rows lead to."""
        return replace(self, links={})

    def to_leave(self, on: date) -> Table:
        """The rows found as they may leave the authority, by the disclosure rule of a day."""
        shown = self.as_shown()
        if not self.shares:
            return shown
        return protect_small_cohorts(shown, self.shares, small_cohort_on(on)).table

    def total_of(self, column: Column) -> Cell:
        """The sum of a column over the rows found, or nothing where one of them has no figure."""
        if column.key not in self.totals:
            return ""
        cells = [row.get(column.key) for row in self.found]
        numbers = [cell for cell in cells if isinstance(cell, int | float | Money)]
        if len(numbers) < len(cells) or not numbers:
            return "Not known: some figures are missing"
        total: Cell = reduce(add, numbers)
        return total


def _is_held(cell: Cell) -> bool:
    return not (cell is None or cell == "" or isinstance(cell, Missing | Hidden))


def _order_of(cell: Any) -> tuple[int, Any]:
    match cell:
        case Money():
            return (0, cell.pounds)
        case date():
            return (1, cell.isoformat())
        case str():
            return (2, cell.casefold())
    return (0, cell)


RATINGS: Mapping[str, tuple[str, str]] = {
    "red": ("red", "▲"),
    "amber": ("yellow", "◆"),
    "green": ("green", "●"),
    "blue": ("blue", "✓"),
}
"""A rating is a word, a colour and a shape, so that it survives a black-and-white printer."""


def rating_tag(word: str) -> SafeString:
    """Red, Amber, Green or Blue as word, colour and shape; any other word as a grey tag."""
    colour, shape = RATINGS.get(word.lower(), ("grey", ""))
    mark = f'<span aria-hidden="true">{shape}</span> ' if shape else ""
    tag = f'<strong class="govuk-tag govuk-tag--{colour}">{mark}{escape(word)}</strong>'
    return mark_safe(tag)  # noqa: S308 - the word is escaped


def head(view: TableView) -> SafeString:
    """The heading row. Each heading is a link that orders the table by its column."""
    cells = []
    for column in view.columns:
        shown: str = escape(column.heading)
        if len(view.every_row) > 1:
            link = escape(view.state.sorted_by(column.key, column.is_numeric).address + f"#{view.identity}")
            shown = f'<a class="govuk-link govuk-link--no-visited-state" href="{link}">{shown}</a>'
        cells.append(f'<th scope="col" class="{_css("header", column)}"{_sorting(view, column)}>{shown}</th>')
    return mark_safe(f'<tr class="govuk-table__row">{"".join(cells)}</tr>')  # noqa: S308 - every text is escaped


def body(view: TableView) -> SafeString:
    """The rows of the page. Written here and not in a template: a table may have thousands of cells."""
    lines = []
    for row in view.on_page:
        style = "govuk-table__row redway-highlight" if view.highlight(row) else "govuk-table__row"
        lines.append(
            f'<tr class="{style}">{"".join(_cell(view, column, row) for column in view.columns)}</tr>'
        )
    if view.totals and view.found:
        total = {column.key: view.total_of(column) for column in view.columns}
        total[view.heading_key] = "Total"
        cells = "".join(_plain_cell(column, column.show(total[column.key]), view) for column in view.columns)
        lines.append(f'<tr class="govuk-table__row redway-total">{cells}</tr>')
    return mark_safe("".join(lines))  # noqa: S308 - every text is escaped


def _cell(view: TableView, column: Column, row: Row) -> str:
    cell = row.get(column.key)
    missing = isinstance(cell, Missing | Hidden) or (cell is None and column.is_numeric)
    text: str = escape(view.cell_in_words(column, row))
    if column.kind is Kind.MONEY and not missing:
        text = _amount(text)
    if column.key in view.ratings:
        text = rating_tag(str(cell))
    if missing:
        text = f'<span class="redway-missing">{text}</span>'
    link = view.links.get(column.key)
    address = link(row) if link else ""
    if address and text:
        text = f'<a class="govuk-link" href="{escape(address)}">{text}</a>'
    return _written(column, text, view)


def _plain_cell(column: Column, text: str, view: TableView) -> str:
    return _written(column, _amount(escape(text)), view)


def _amount(text: str) -> str:
    """An amount below nothing, kept from being broken after its sign."""
    return f'<span class="redway-amount">{text}</span>' if text.startswith("-£") else text


def _written(column: Column, text: str, view: TableView) -> str:
    if column.key == view.heading_key:
        return f'<th scope="row" class="govuk-table__header">{text}</th>'
    label = escape(column.heading)
    return f'<td class="{_css("cell", column)}" data-label="{label}"><span>{text}</span></td>'


def _css(part: str, column: Column) -> str:
    numeric = f" govuk-table__{part}--numeric" if column.is_numeric else ""
    return f"govuk-table__{part}{numeric}"


def _sorting(view: TableView, column: Column) -> str:
    if view.state.sort != column.key:
        return ""
    return f' aria-sort="{"descending" if view.state.descending else "ascending"}"'
