"""Where the figures on a page, sheet or paper come from: always shown with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redway.core.words import day_in_words


@dataclass(frozen=True)
class Provenance:
    """Period, versions and attributions of what is shown, and the day it was frozen."""

    period: str
    versions: Sequence[str]
    """One line each: 'School performance 2018-19, version 3, received 2 April 2026'."""
    attributions: Sequence[str]
    """Licences and copyright: 'Department for Education, Open Government Licence v3.0'."""
    as_at: date

    def lines(self) -> list[tuple[str, str]]:
        """(what, its text), in the order they are printed; what is empty is left out.

        >>> Provenance("2018-19", (), ("Ofsted",), date(2026, 4, 2)).lines()
        [('Period', '2018-19'), ('Source', 'Ofsted'), ('As at', '2 April 2026')]
        """
        every = [
            ("Period", self.period),
            ("Versions" if len(self.versions) > 1 else "Version", "; ".join(self.versions)),
            ("Sources" if len(self.attributions) > 1 else "Source", "; ".join(self.attributions)),
            ("As at", day_in_words(self.as_at)),
        ]
        return [(what, text) for what, text in every if text]
