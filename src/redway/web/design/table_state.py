"""How a table is being looked at, kept in the address: order, words sought, columns, page.

Every state is a link, so the back button, a bookmark and a colleague's message all lead to the same
table. A page with several tables gives each a name, which stands before its parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict


@dataclass(frozen=True)
class TableState:
    """What a person chose. ``columns`` empty means the columns shown at first."""

    name: str = ""
    sort: str = ""
    descending: bool = False
    find: str = ""
    columns: tuple[str, ...] = ()
    page: int = 1
    others: tuple[tuple[str, str], ...] = ()
    """Parameters of the page that are not this table's; links keep them."""

    @classmethod
    def read(cls, query: QueryDict, name: str = "") -> TableState:
        """The state in an address. What cannot be understood is left at its beginning, never an error."""
        prefix = f"{name}-" if name else ""
        own = {f"{prefix}{part}" for part in ("sort", "find", "column", "page")}
        sort = query.get(f"{prefix}sort", "")
        page = query.get(f"{prefix}page", "")
        return cls(
            name=name,
            sort=sort.removeprefix("-"),
            descending=sort.startswith("-"),
            find=query.get(f"{prefix}find", "").strip(),
            columns=tuple(query.getlist(f"{prefix}column")),
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 1_000_000 else 1,
            others=tuple((key, value) for key, values in query.lists() if key not in own for value in values),
        )

    @property
    def prefix(self) -> str:
        """What stands before this table's parameters."""
        return f"{self.name}-" if self.name else ""

    def parameters(self) -> list[tuple[str, str]]:
        """This table's own parameters, in a fixed order."""
        pairs = []
        if self.sort:
            pairs.append((f"{self.prefix}sort", f"{'-' if self.descending else ''}{self.sort}"))
        if self.find:
            pairs.append((f"{self.prefix}find", self.find))
        pairs += [(f"{self.prefix}column", column) for column in self.columns]
        if self.page > 1:
            pairs.append((f"{self.prefix}page", str(self.page)))
        return pairs

    @property
    def address(self) -> str:
        """The query string of this state, beginning with '?'."""
        return f"?{urlencode([*self.others, *self.parameters()])}"

    def with_changes(self, **changes: Any) -> TableState:
        """The same look with something changed; a change of what is shown goes back to the first page."""
        return replace(self, **{"page": 1, **changes})

    def sorted_by(self, column: str, numbers: bool) -> TableState:
        """What choosing a column's heading does: order by it, largest number first; again, the other way."""
        first = numbers
        descending = not self.descending if self.sort == column else first
        return self.with_changes(sort=column, descending=descending)

    def kept_in_forms(self, but: Sequence[str]) -> list[tuple[str, str]]:
        """Hidden fields a form needs so that sending it keeps everything but the parts it sets itself."""
        own = {f"{self.prefix}{part}" for part in (*but, "page")}
        return [pair for pair in [*self.others, *self.parameters()] if pair[0] not in own]
