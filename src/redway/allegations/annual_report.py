"""The report of a period: its tables, for inside the authority or for publication.

For publication small counts are hidden, and whatever would give them away (see ``publication``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from redway.allegations.publication import Counts, Shown, shown_of
from redway.allegations.spans import months_after
from redway.allegations.statistics import (
    NOT_RECORDED,
    STILL_OPEN,
    TABLES,
    Resolved,
    Revision,
    Statistics,
)
from redway.core.words import counted, day_in_words, listed
from redway.figures.disclosure import Rule
from redway.figures.secondary_suppression import ALSO_HIDDEN
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
    "work": "Meetings, suspensions and closing",
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
    beside: Sequence[Statistics] = (),
    beside_before: Sequence[Statistics] = (),
) -> Report:
    """Every table of a period.

    ``reported`` is the day on which the period was last reported, and what has changed since. ``publish``
    protects small numbers; what has changed is then told without figures, from which a case could be found.
    ``beside`` and ``beside_before`` are periods whose figures tell together with those of this period and of
    the one before (see ``publication``).
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
    shown = shown_of(now, publish, beside)
    shown_before = shown_of(before, publish, beside_before)
    tables = {name: _one_way(name, now, shown.counts[name]) for name in TABLES}
    for name in ("sector", "category"):
        tables[f"half-year-{name}"] = _beside(name, (now, shown), (before, shown_before), publish)
    tables["strands"] = _several("strands", "Strand", now, shown.several["strand"])
    tables["onward"] = _several("onward", "Referred on to", now, shown.several["onward referral"])
    tables["work"] = _work(now, shown)
    tables["timescales"] = _timescales(now, shown)
    return Report(
        now,
        before,
        {name: tables[name] for name in TITLES},
        _sentences(now, publish),
        _revised(reported, publish),
        _since_last(reported, publish),
        published=publish is not None,
    )


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


def _beside(
    name: str, this: tuple[Statistics, Shown], last: tuple[Statistics, Shown], publish: Rule | None
) -> Table:
    """The half-year table: sectors or categories with their total, beside the period before."""
    (now, shown), (before, shown_before) = this, last
    earlier, later = shown_before.counts[name], shown.counts[name]
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


def _several(name: str, heading: str, statistics: Statistics, counts: Counts) -> Table:
    rows: list[Row] = [
        {"word": word[:1].upper() + word[1:], "cases": cell, "percent": _share(cell, statistics.cases)}
        for word, cell in counts.items()
    ]
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


def _work(statistics: Statistics, shown: Shown) -> Table:
    meetings, suspended = shown.work["meetings"], shown.work["suspended"]
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
            {
                "word": "Cases that a manager closed over what was outstanding, with a reason",
                "figure": shown.work["closed over"],
            },
        ],
    )


def _timescales(statistics: Statistics, shown: Shown) -> Table:
    rows = [
        _timescale_row(one, shown.timescales[at], shown.old_enough[at])
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


def _timescale_row(one: Resolved, shown: bool, old_enough: bool) -> dict[str, Cell]:
    hidden = Hidden(ALSO_HIDDEN)
    old_shown = shown and old_enough
    met = {None: "No target" if one.target is None else "Nothing closed yet", True: "Met", False: "Missed"}
    return {
        "word": counted(one.months, "month"),
        "within": one.closed_within if shown else hidden,
        "of_closed": _or_nothing(one.percent_of_closed) if shown else hidden,
        "of_old": _or_nothing(one.percent_of_old_enough) if old_shown else hidden,
        "target": one.target if one.target is not None else "None",
        "met": met[one.meets_target] if shown else hidden.label,
    }


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
            f"{counted(now.cases, 'case was', 'cases were') if now.cases else 'No case was'} referred from "
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
