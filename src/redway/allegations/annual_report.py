"""The report of a period: its tables, for inside the authority or for publication.

For publication every count from 1 to the rule's limit is hidden, and with it whatever would give it away:
another count of its table, or a figure of another table made from the same cases. The number of all cases
is always shown, or, where it is itself small, nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from redway.allegations.spans import months_after
from redway.allegations.statistics import (
    ADVICE,
    NOT_RECORDED,
    STILL_OPEN,
    TABLES,
    Resolved,
    Revision,
    Statistics,
)
from redway.core.words import counted, day_in_words, listed
from redway.figures.disclosure import ALSO_HIDDEN, Rule, Totals, protect_counts
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table

TITLES = {
    "half-year-sector": "Sector, beside the period before",
    "half-year-category": "Category, beside the period before",
    "sector": "Cases by sector",
    "category": "Cases by category",
    "source": "Cases by who referred them",
    "outcome": "Cases by outcome",
    "threshold": "Cases by whether they met the threshold",
    "incident": "Recent and non-recent incidents",
    "strands": "Strands that were opened",
    "onward": "Referrals on to other bodies",
    "work": "Meetings and suspensions",
    "timescales": "How long cases took",
}
"""Name of a table -> its title, in the order of the report."""
_HEADINGS = {
    "sector": "Sector",
    "category": "Category",
    "source": "Referred by",
    "outcome": "Outcome",
    "threshold": "Threshold",
    "incident": "Incident",
}


@dataclass(frozen=True)
class Report:
    """The tables of a period, by name, and what is to be said above them."""

    now: Statistics
    before: Statistics
    """The period before, of the same length."""
    tables: Mapping[str, Table]
    paragraphs: tuple[str, ...]
    revised: Table | None = None
    """Old and new figures of what was corrected since the period was last reported."""
    since_last: str = ""
    """What has changed since the period was last reported, in a sentence."""
    published: bool = False

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.now.start, self.now.end)


def period_in_words(start: date, end: date) -> str:
    """First and last day.

    >>> period_in_words(date(2007, 7, 1), date(2007, 12, 31))
    '1 July 2007 to 31 December 2007'
    """
    return f"{day_in_words(start)} to {day_in_words(end)}"


def period_before(start: date, end: date) -> tuple[date, date]:
    """The period of the same length that ends the day before: whole months before whole months.

    >>> period_before(date(2007, 7, 1), date(2007, 12, 31))
    (datetime.date(2007, 1, 1), datetime.date(2007, 6, 30))
    """
    last = start - timedelta(days=1)
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if start.day == after.day and months > 0:
        return months_after(start, -months), last
    return last - (end - start), last


def report_of(
    now: Statistics,
    before: Statistics,
    *,
    publish: Rule | None = None,
    reported: tuple[date, tuple[Revision, ...]] | None = None,
) -> Report:
    """Every table of a period.

    ``reported`` is the day on which the period was last reported, and what has changed since. ``publish``
    protects small numbers; what has changed is then told without figures, from which a case could be found.
    """
    if publish and publish.is_small(now.cases):
        return Report(
            now,
            before,
            {},
            (
                (
                    f"So few cases (1 to {publish.small}) were referred from "
                    f"{period_in_words(now.start, now.end)} that no figure of them can be published."
                ),
            ),
            published=True,
        )
    counts = {name: _counts(now, name, publish) for name in TABLES}
    tables = {name: _one_way(name, now, counts[name]) for name in TABLES}
    tables |= {f"half-year-{name}": _beside(name, now, before, publish) for name in ("sector", "category")}
    tables["strands"] = _several("strands", "Strand", now, now.several["strand"], publish)
    tables["onward"] = _several("onward", "Referred on to", now, now.several["onward referral"], publish)
    tables["work"] = _work(now, publish)
    tables["timescales"] = _timescales(now, publish, _tells_open(counts))
    return Report(
        now,
        before,
        {name: tables[name] for name in TITLES},
        _sentences(now, publish),
        _revised(reported, publish),
        _since_last(reported, publish),
        published=publish is not None,
    )


def _counts(statistics: Statistics, name: str, publish: Rule | None) -> dict[str, Cell]:
    """Word -> count, hidden where publication asks it; the total apart."""
    counts = statistics.tables[name]
    if publish is None:
        return dict(counts)
    rows: list[Row] = [{"word": word, "cases": count} for word, count in counts.items()]
    rows.append({"word": "Total", "cases": statistics.cases})
    table = Table(name, (Column("word", ""), Column("cases", "", Kind.NUMBER)), rows)
    *safe, total = protect_counts(table, ["cases"], publish, Totals(row=True)).table.rows
    if isinstance(total["cases"], Hidden):
        # All tables share the total, so it stays: this table is hidden instead.
        return {word: Hidden(ALSO_HIDDEN) for word in counts}
    return {str(row["word"]): row["cases"] for row in safe}


def _one_way(name: str, statistics: Statistics, counts: Mapping[str, Cell]) -> Table:
    rows: list[Row] = [
        {"word": word.capitalize(), "cases": count, "percent": _share(count, statistics.cases)}
        for word, count in counts.items()
    ]
    rows.append(
        {"word": "Total", "cases": statistics.cases, "percent": _share(statistics.cases, statistics.cases)}
    )
    return Table(
        f"{TITLES[name]}, {period_in_words(statistics.start, statistics.end)}",
        (
            Column("word", _HEADINGS[name]),
            Column("cases", "Cases", Kind.NUMBER),
            Column("percent", "Share of all", Kind.PERCENT),
        ),
        rows,
        _hidden_note(counts.values()),
    )


def _beside(name: str, now: Statistics, before: Statistics, publish: Rule | None) -> Table:
    """The half-year table: sectors or categories with their total, beside the period before."""
    earlier = _counts(before, name, publish)
    later = _counts(now, name, publish)
    small_before = publish is not None and publish.is_small(before.cases)
    unseen = [word for word in later if not before.tables[name].get(word) and not now.tables[name].get(word)]
    # The categories are few and always all shown; of sectors only those that occur.
    words = [word for word in dict.fromkeys([*later, *earlier]) if name == "category" or word not in unseen]
    rows: list[Row] = [
        {
            "word": word.capitalize(),
            "before": Hidden(ALSO_HIDDEN) if small_before else earlier.get(word, 0),
            "now": later.get(word, 0),
        }
        for word in words
    ]
    total: Cell = Hidden(publish.small_label) if publish and small_before else before.cases
    rows.append({"word": "Total", "before": total, "now": now.cases})
    notes = _hidden_note([*earlier.values(), *later.values()])
    if name == "sector" and unseen:
        notes.append(f"No case in either period: {listed(unseen)}.")
    return Table(
        f"{_HEADINGS[name]}, {period_in_words(now.start, now.end)}, beside the period before",
        (
            Column("word", _HEADINGS[name]),
            Column("before", period_in_words(before.start, before.end), Kind.NUMBER),
            Column("now", period_in_words(now.start, now.end), Kind.NUMBER),
        ),
        rows,
        notes,
    )


def _several(
    name: str, heading: str, statistics: Statistics, counts: Mapping[str, int], publish: Rule | None
) -> Table:
    rows: list[Row] = []
    for word, count in counts.items():
        cell = _alone(count, statistics.cases, publish)
        rows.append(
            {"word": word[:1].upper() + word[1:], "cases": cell, "percent": _share(cell, statistics.cases)}
        )
    return Table(
        f"{TITLES[name]}, {period_in_words(statistics.start, statistics.end)}",
        (
            Column("word", heading),
            Column("cases", "Cases", Kind.NUMBER),
            Column("percent", "Share of all", Kind.PERCENT),
        ),
        rows,
        ["A case may have several, or none: these do not add up to all cases."],
    )


def _work(statistics: Statistics, publish: Rule | None) -> Table:
    meetings = _alone(statistics.meetings, statistics.cases, publish)
    suspended = _alone(statistics.suspended, statistics.cases, publish)
    middle = statistics.median_days_to_meeting
    median: Cell = "Not known" if middle is None else f"{middle:g}"
    if isinstance(meetings, Hidden):
        median = Hidden(ALSO_HIDDEN)
    return Table(
        f"{TITLES['work']}, {period_in_words(statistics.start, statistics.end)}",
        (Column("word", "What is counted"), Column("figure", "Figure", Kind.NUMBER)),
        [
            {"word": "First meetings held, where working days are known", "figure": meetings},
            {"word": "Working days from referral to first meeting, middle case", "figure": median},
            {"word": "Cases in which somebody was suspended", "figure": suspended},
        ],
    )


def _timescales(statistics: Statistics, publish: Rule | None, tells_open: bool) -> Table:
    rows = [
        _timescale_row(one, publish, _may_be_shown(statistics, at, publish, tells_open))
        for at, one in enumerate(statistics.resolved)
    ]
    return Table(
        f"{TITLES['timescales']}, {period_in_words(statistics.start, statistics.end)}",
        (
            Column("word", "Resolved within"),
            Column("within", "Closed in that time", Kind.NUMBER),
            Column("of_closed", "Of all closed", Kind.PERCENT),
            Column("of_old", "Of all old enough to tell", Kind.PERCENT),
            Column("target", "Target", Kind.PERCENT, 0),
            Column("met", "Against the target"),
        ),
        rows,
        [
            "Slow cases that are still open are not among all closed; they are among all old enough to tell.",
            "Advice that met no threshold is not counted. Compared with the target before rounding.",
            *(
                ["Hidden where a small number could be worked out."]
                if any(isinstance(row["of_closed"], Hidden) for row in rows)
                else []
            ),
        ],
    )


def _timescale_row(one: Resolved, publish: Rule | None, shown: bool) -> dict[str, Cell]:
    hidden = Hidden(ALSO_HIDDEN)
    old_shown = shown and (publish is None or one.old_enough == one.closed)
    met = {None: "No target" if one.target is None else "Nothing closed yet", True: "Met", False: "Missed"}
    return {
        "word": counted(one.months, "month"),
        "within": one.closed_within if shown else hidden,
        "of_closed": _or_nothing(one.percent_of_closed) if shown else hidden,
        "of_old": _or_nothing(one.percent_of_old_enough) if old_shown else hidden,
        "target": one.target if one.target is not None else "None",
        "met": met[one.meets_target] if shown else hidden.label,
    }


def _may_be_shown(statistics: Statistics, at: int, publish: Rule | None, tells_open: bool) -> bool:
    """Whether timescale number ``at`` tells nothing: no band of time up to it is small, nor the rest."""
    if publish is None:
        return True
    if tells_open:
        return False
    within = [0, *(one.closed_within for one in statistics.resolved)]
    left = statistics.resolved[at].closed - within[at + 1]
    bands = [later - earlier for earlier, later in pairwise(within[: at + 2])]
    return not any(map(publish.is_small, (*bands, left)))


def _tells_open(counts: Mapping[str, Mapping[str, Cell]]) -> bool:
    """Whether the number of closed cases is hidden: how long they took would give it away."""
    cells = [counts["outcome"].get(word) for word in (STILL_OPEN, ADVICE)]
    return any(isinstance(cell, Hidden) for cell in cells)


def _alone(count: int, cases: int, publish: Rule | None) -> Cell:
    """A count beside the number of all cases: hidden when it, or what is left, is small."""
    if publish and publish.is_disclosive_share(count, cases):
        return Hidden(publish.small_label if publish.is_small(count) else ALSO_HIDDEN)
    return count


def _share(count: Cell, cases: int) -> Cell:
    if isinstance(count, Hidden):
        return Hidden(ALSO_HIDDEN)
    assert isinstance(count, int)
    return 100 * count / cases if cases else "No cases"


def _or_nothing(value: float | None) -> Cell:
    return "Nothing to tell yet" if value is None else value


def _hidden_note(cells: object) -> list[str]:
    assert hasattr(cells, "__iter__")
    found = sum(isinstance(cell, Hidden) for cell in cells)
    if not found:
        return []
    return [
        f"{counted(found, 'figure is', 'figures are')} hidden: small, or one from which one could be told."
    ]


def _revised(reported: tuple[date, tuple[Revision, ...]] | None, publish: Rule | None) -> Table | None:
    if reported is None or not reported[1] or publish is not None:
        return None
    on, changes = reported
    return Table(
        f"Revised since the report of {day_in_words(on)}",
        (
            Column("table", "Table"),
            Column("word", "Figure"),
            Column("before", "As reported", Kind.NUMBER),
            Column("now", "Now", Kind.NUMBER),
        ),
        [
            {
                "table": TITLES[one.table],
                "word": one.word.capitalize(),
                "before": one.before,
                "now": one.now,
            }
            for one in changes
        ],
    )


def _since_last(reported: tuple[date, tuple[Revision, ...]] | None, publish: Rule | None) -> str:
    if reported is None:
        return "This period has not been reported before: there is nothing to compare its figures with."
    on, changes = reported
    if publish is not None:
        return (
            f"This period was reported before, on {day_in_words(on)}. Its figures may have been corrected "
            "since; which, is not published, as it could point at a case."
        )
    if not changes:
        return f"No figure has changed since the report of {day_in_words(on)}."
    return (
        f"{counted(len(changes), 'figure has', 'figures have')} changed since the report of "
        f"{day_in_words(on)}, because cases were corrected, closed or entered later."
    )


def _sentences(now: Statistics, publish: Rule | None) -> tuple[str, ...]:
    """What the period came to, in sentences. Nothing that its tables hide."""
    said = [
        (
            f"{counted(now.cases, 'case was', 'cases were')} referred from "
            f"{period_in_words(now.start, now.end)}, as known on {day_in_words(now.as_at)}."
        )
    ]
    if publish is None and now.tables["outcome"].get(STILL_OPEN):
        said.append(f"{counted(now.tables['outcome'][STILL_OPEN], 'is', 'are')} still open.")
    unknown = [
        _HEADINGS[name].lower() for name in TABLES if publish is None and now.tables[name].get(NOT_RECORDED)
    ]
    if unknown:
        said.append(f"Not recorded in every case: {listed(unknown)}.")
    if publish is not None:
        said.append(f"Counts of 1 to {publish.small} are hidden, and others with them that would tell them.")
    return tuple(said)
