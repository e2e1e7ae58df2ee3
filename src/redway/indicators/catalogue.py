"""Every measure Redway knows: what it means, how to read it, and which cells it is made from.

Measures are described in ``catalogue/*.toml``, one file per subject; the shape is explained in
``indicators/README.md``. A new year of a known file needs no change here; a new measure is one entry.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Any

from redway.core.errors import NotFound, RedwayError


class Polarity(StrEnum):
    """Which way is better. Neutral measures describe a place and are never coloured."""

    HIGH = "high"
    LOW = "low"
    NEUTRAL = "neutral"


class Outcome(StrEnum):
    """The five outcomes of Every Child Matters (2003)."""

    BE_HEALTHY = "be healthy"
    STAY_SAFE = "stay safe"
    ENJOY_AND_ACHIEVE = "enjoy and achieve"
    MAKE_A_POSITIVE_CONTRIBUTION = "make a positive contribution"
    ECONOMIC_WELL_BEING = "economic well-being"


class IntervalMethod(StrEnum):
    """How the 95% interval of a figure is had; the word is stored with the figure."""

    NONE = "none"
    PUBLISHED = "published"
    WILSON = "wilson"
    POISSON = "poisson"
    NORMAL = "normal"


class YearType(StrEnum):
    """What a bare year means in a file that does not say: it decides the period and its last day."""

    ACADEMIC = "academic"
    FINANCIAL = "financial"
    CALENDAR = "calendar"
    MARCH = "31 March"
    JANUARY = "January"
    SEPTEMBER = "30 September"


_PREFIX = {"pounds": "£"}
_SUFFIX = {"percent": "%", **dict.fromkeys(("pounds", "score", "grade", "ratio", "number"), "")}


@dataclass(frozen=True)
class Break:
    """The first period on a new footing: figures before it must not be joined to figures from it on."""

    period: str
    reason: str


@dataclass(frozen=True)
class Source:
    """One place where figures of a measure are found.

    The value is ``column`` times ``scale``; without a column it is ``numerator / denominator * scale``.
    ``filters`` keep the rows whose text in a column is one of the given ones ("" stands for an empty cell).
    With ``share`` the numerator is worked out from a percentage and its denominator, which gives the
    interval something to stand on.
    """

    format: str
    levels: tuple[str, ...]
    column: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scale: float = 1.0
    numerator: str = ""
    denominator: str = ""
    share: bool = False
    interval: IntervalMethod = IntervalMethod.NONE
    lower: str = ""
    upper: str = ""
    count_filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """In a long file: the rows whose ``column`` is the count behind this rate; it becomes the numerator."""
    spread: Mapping[str, float] = field(default_factory=dict)
    """Period -> standard deviation of pupils' scores, for the interval of a mean."""
    edition: str = ""
    year_type: YearType | None = None
    periods: tuple[str, ...] = ()
    """Only these periods of the file; empty means all."""
    years_back: int = 0
    """For columns such as 'previous year': how many years before the file's own period."""
    period_column: str = ""
    """A date column that gives the day of each figure, where the file's own period does not."""
    words: Mapping[str, float] = field(default_factory=dict)
    """For text columns such as an inspection grade: the word in the file -> the number stored."""


@dataclass(frozen=True)
class Indicator:
    """One measure. ``code`` is made of readable words and never changes once published."""

    code: str
    title: str
    short: str
    definition: str
    how_to_read: str
    unit: str
    decimals: int
    polarity: Polarity
    outcome: Outcome
    topic: str
    publisher: str
    sources: tuple[Source, ...]
    numerator: str = ""
    denominator: str = ""
    valid_from: str = ""
    valid_to: str = ""
    featured: bool = False
    """True for the measures that advisers and directors look at first."""
    phases: tuple[str, ...] = ()
    """School phases the measure is about; empty means all."""
    counterpart: Mapping[str, str] = field(default_factory=dict)
    """School phase -> code of the authority-level measure that says the same thing for England."""
    breaks: tuple[Break, ...] = ()
    not_produced: tuple[Break, ...] = ()
    """Periods for which the figure does not exist anywhere, with the reason."""
    labels: Mapping[int, str] = field(default_factory=dict)
    """For grades: the number stored -> the word shown."""

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels at which figures exist: school, authority, region, england."""
        return tuple(sorted({level for source in self.sources for level in source.levels}))

    @property
    def is_grade(self) -> bool:
        """Grades are words: no mean, no band, no funnel."""
        return bool(self.labels)

    def show(self, value: float | None) -> str:
        """The value as people read it: ``8.6%``, ``£5,120``, ``Good``; empty for None."""
        if value is None:
            return ""
        if self.labels:
            return self.labels.get(round(value), "")
        rounded = round(value, self.decimals) + 0.0  # never "-0.0"
        sign = "-" if rounded < 0 else ""
        suffix = _SUFFIX.get(self.unit, f" {self.unit}")
        return f"{sign}{_PREFIX.get(self.unit, '')}{abs(rounded):,.{self.decimals}f}{suffix}"

    def show_gap(self, gap: float) -> str:
        """A difference with its sign: ``+0.9 percentage points``, ``-£120``."""
        rounded = round(gap, self.decimals) + 0.0
        sign = "-" if rounded < 0 else "+"
        suffix = " percentage points" if self.unit == "percent" else _SUFFIX.get(self.unit, f" {self.unit}")
        return f"{sign}{_PREFIX.get(self.unit, '')}{abs(rounded):,.{self.decimals}f}{suffix}"

    def break_between(self, earlier: str, later: str) -> Break | None:
        """The first break that makes two periods incomparable, if there is one."""
        return next((mark for mark in self.breaks if earlier < mark.period <= later), None)

    def why_not_produced(self, period: str) -> str:
        """The reason no figure exists anywhere for a period; empty when one could."""
        return next((mark.reason for mark in self.not_produced if mark.period == period), "")


class CatalogueError(RedwayError):
    """A measure that contradicts itself; raised when the catalogue is loaded."""


@dataclass(frozen=True)
class Catalogue:
    """All measures, ordered by topic and title."""

    indicators: tuple[Indicator, ...]
    fingerprint: str
    """Changes whenever any description changes, so that figures are computed anew."""

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.indicators)

    def __len__(self) -> int:
        return len(self.indicators)

    def get(self, code: str) -> Indicator:
        """The measure with this code. Raises NotFound naming the nearest codes."""
        found = self._by_code.get(code)
        if found is None:
            near = difflib.get_close_matches(code, self._by_code, n=3)
            hint = f"Did you mean {', '.join(near)}?" if near else "List them with: redway indicator --list"
            raise NotFound(f"There is no measure called '{code}'.", hint)
        return found

    def has(self, code: str) -> bool:
        return code in self._by_code

    def at_level(self, level: str) -> tuple[Indicator, ...]:
        """Measures with figures at a level."""
        return tuple(one for one in self.indicators if level in one.levels)

    def from_format(self, code: str) -> tuple[tuple[Indicator, Source], ...]:
        """Every (measure, source) that reads a file format."""
        return tuple(
            (one, source) for one in self.indicators for source in one.sources if source.format == code
        )

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics in the order of the list."""
        return tuple(dict.fromkeys(one.topic for one in self.indicators))

    @cached_property
    def _by_code(self) -> Mapping[str, Indicator]:
        return {one.code: one for one in self.indicators}


def parse_catalogue(texts: Iterable[tuple[str, str]]) -> Catalogue:
    """Read (file name, TOML text) pairs. Raises CatalogueError naming the file and the measure."""
    found: dict[str, Indicator] = {}
    digest = hashlib.sha256()
    for origin, text in texts:
        digest.update(text.encode())
        try:
            entries = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(
                f"{origin} is not valid TOML ({error}).", "See indicators/README.md."
            ) from None
        for code, entry in entries.items():
            if code in found:
                raise CatalogueError(f"{origin} describes '{code}' a second time.", "Rename one of them.")
            found[code] = _indicator(origin, code, entry)
    for one in found.values():
        for code in one.counterpart.values():
            if code not in found:
                raise CatalogueError(f"'{one.code}' names the counterpart '{code}', which does not exist.")
    ordered = sorted(found.values(), key=lambda one: (one.topic, not one.featured, one.title))
    return Catalogue(tuple(ordered), digest.hexdigest()[:16])


def _indicator(origin: str, code: str, entry: Mapping[str, Any]) -> Indicator:
    known = {"breaks", "not_produced", "sources", "labels", "polarity", "outcome", "phases"}
    try:
        return Indicator(
            code=code,
            polarity=Polarity(entry["polarity"]),
            outcome=Outcome(entry["outcome"]),
            breaks=tuple(Break(**mark) for mark in entry.get("breaks", ())),
            not_produced=tuple(Break(**mark) for mark in entry.get("not_produced", ())),
            sources=tuple(_source(source) for source in entry["sources"]),
            phases=tuple(entry.get("phases", ())),
            labels={int(number): word for number, word in entry.get("labels", {}).items()},
            **{
                "short": entry["title"],
                **{name: value for name, value in entry.items() if name not in known},
            },
        )
    except KeyError as error:
        raise CatalogueError(f"{origin}: '{code}' lacks {error}.", "See indicators/README.md.") from None
    except (TypeError, ValueError) as error:
        raise CatalogueError(
            f"{origin}: '{code}' cannot be read: {error}.", "See indicators/README.md."
        ) from None


LAIT = "lait"
"""Format of the national long file of authority measures, where one column names the measure."""


def _source(entry: Mapping[str, Any]) -> Source:
    fields = dict(entry)
    if "lait" in fields:
        measure, count = fields.pop("lait"), fields.pop("lait_count", "")
        fields |= {
            "format": LAIT,
            "levels": ("authority", "region", "england"),
            "column": "value",
            "filters": {"measure": (measure,)},
            "count_filters": {"measure": (count,)} if count else {},
        }
    fields["levels"] = tuple(fields.get("levels", ("school",)))
    for name in ("filters", "count_filters"):
        fields[name] = {column: tuple(texts) for column, texts in fields.get(name, {}).items()}
    fields["interval"] = IntervalMethod(fields.get("interval", "none"))
    fields["periods"] = tuple(fields.get("periods", ()))
    if "year_type" in fields:
        fields["year_type"] = YearType(fields["year_type"])
    source = Source(**fields)
    if not source.column and not (source.numerator and source.denominator):
        raise ValueError("a source needs a column, or a numerator and a denominator")
    if source.interval is IntervalMethod.PUBLISHED and not (source.lower and source.upper):
        raise ValueError("a published interval needs its two columns")
    if source.interval is IntervalMethod.POISSON and not (source.numerator or source.count_filters):
        raise ValueError("the interval of a rate needs the count behind it")
    if source.interval is IntervalMethod.NORMAL and not (source.spread and source.denominator):
        raise ValueError("the interval of a mean needs the spread of pupils' scores and their number")
    return source


@cache
def load_catalogue() -> Catalogue:
    """The bundled catalogue. Raises CatalogueError on the first bad or doubled measure."""
    folder = resources.files("redway.indicators") / "catalogue"
    texts = sorted(
        (entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    return parse_catalogue(texts)
