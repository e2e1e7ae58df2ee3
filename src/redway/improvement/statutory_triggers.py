"""Official rules by which a school or an authority comes to notice, as versions with the days they held.

Each rule is a few tests, all of which must be met. A test whose figure is not held is unknown and never
counts as passed: a school with one test met and one unknown is listed as such and not dropped, for a
national letter once missed 1,063 schools whose second figure was suppressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValue, DatedValues, Status
from redway.core.values import load_values
from redway.core.words import counted, day_in_words
from redway.improvement.held_values import values_of

REQUIRES_IMPROVEMENT = 3


class Answer(StrEnum):
    """What a test says."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """What a rule says, all its tests together."""

    MET = "Met"
    POSSIBLE = "Possible"
    """Every test that is known is met, and one is unknown."""
    NOT_MET = "Not met"
    UNKNOWN = "Unknown"
    """No test is known."""


@dataclass(frozen=True)
class Results:
    """One year of a school's results; None where a figure is not held or is suppressed."""

    year: str
    end: date
    expected: float | None = None
    """Percent of pupils at the expected standard at key stage 2."""
    reading: float | None = None
    writing: float | None = None
    maths: float | None = None
    """Progress at key stage 2 in points."""
    progress8: float | None = None
    progress8_upper: float | None = None


@dataclass(frozen=True)
class SchoolFacts:
    """What is held of a school; anything may be None, which is 'not held' and nothing else.

    ``results`` are the years held, newest first. ``grades`` are the grades of full inspections, newest
    first, 1 to 4. ``all_pupils_centile`` and ``disadvantaged_centile``: the share of schools in the country
    with a lower result, 0 to 100. ``deficit_shares``: the closing balance of each year as a percent of
    income, newest first, below nought for a deficit.
    """

    phase: str
    results: Sequence[Results] = ()
    grades: Sequence[int] = ()
    graded_on: date | None = None
    in_category: bool | None = None
    """In a category of concern now; None where it is not held."""
    leadership_needs_attention: bool | None = None
    all_pupils_centile: float | None = None
    disadvantaged_centile: float | None = None
    deficit_shares: Sequence[float | None] = ()


@dataclass(frozen=True)
class Test:
    """One test of a rule, with what it stands on in words."""

    __test__ = False  # not a test of pytest's

    words: str
    answer: Answer
    stands_on: str


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one school on a day."""

    rule: str
    title: str
    tests: tuple[Test, ...]
    start: date
    end: date | None
    sources: tuple[str, ...]
    confirmed: bool

    @property
    def standing(self) -> Standing:
        answers = {test.answer for test in self.tests}
        if Answer.NOT_MET in answers:
            return Standing.NOT_MET
        if answers == {Answer.MET}:
            return Standing.MET
        return Standing.POSSIBLE if Answer.MET in answers else Standing.UNKNOWN

    @property
    def words(self) -> str:
        """'Meets 1 test, 1 unknown'."""
        met = sum(test.answer is Answer.MET for test in self.tests)
        unknown = sum(test.answer is Answer.UNKNOWN for test in self.tests)
        if not met and unknown == len(self.tests):
            return "Nothing is held to judge by"
        if not unknown:
            return f"Meets {met} of {counted(len(self.tests), 'test')}"
        return f"Meets {counted(met, 'test')}, {unknown} unknown"


Tests = Callable[["SchoolFacts", date], list[Test]]


@dataclass(frozen=True)
class Rule:
    """A rule by the name of the value that says from when to when it held."""

    code: str
    title: str
    phases: frozenset[str]
    values: tuple[str, ...]
    tests: Tests


def meets(facts: SchoolFacts, day: date) -> list[Verdict]:
    """Every rule in force on a day that can be asked of the school, with its tests.

    Raises nothing: a figure that is not held gives an unknown test, never a passed one.
    """
    found = []
    for rule in RULES:
        entry = _in_force(rule, day)
        if entry is not None and (not rule.phases or facts.phase in rule.phases):
            every = [_value(name, day) for name in rule.values]
            sources = tuple(dict.fromkeys(one.source for one in every))
            confirmed = all(one.status is not Status.UNCONFIRMED for one in every)
            tests = tuple(rule.tests(facts, day))
            found.append(Verdict(rule.code, rule.title, tests, entry.start, entry.end, sources, confirmed))
    return found


def not_in_force(day: date) -> list[tuple[str, str]]:
    """(title, when it held) of rules that are over or have not begun."""
    return [
        (rule.title, _period(_entries(rule.values[0])[-1])) for rule in RULES if _in_force(rule, day) is None
    ]


def to_notice(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that are met, or are met as far as is known: the unknown is never dropped."""
    return [one for one in verdicts if one.standing in (Standing.MET, Standing.POSSIBLE)]


@dataclass(frozen=True)
class AuthorityDeficits:
    """What the rule of deficits says of an authority."""

    answer: Answer
    schools: int
    counting: int
    unknown: int
    words: str
    source: str


def authority_deficits(shares: Sequence[Sequence[float | None]], day: date) -> AuthorityDeficits:
    """Whether an authority comes to notice for its schools' deficits.

    ``shares``: of each maintained school the balances as percent of income, newest first, None where not
    held.
    """
    years = _whole("deficit-years", day)
    share, limit = _number("deficit-school", day), _number("deficit-authority", day)
    beyond = _value("deficit-more-than", day).value is True
    answers = [_in_deficit(one, years, share, beyond) for one in shares]
    met = sum(one is Answer.MET for one in answers)
    unknown = sum(one is Answer.UNKNOWN for one in answers)
    size = len(shares)
    if not size or unknown == size:
        answer = Answer.UNKNOWN
    elif _reached(met, size, limit, beyond):
        answer = Answer.MET
    else:
        answer = Answer.UNKNOWN if _reached(met + unknown, size, limit, beyond) else Answer.NOT_MET
    of_schools = f"{met / size:.1%} of {counted(size, 'school')}" if size else "no school"
    words = (
        f"{counted(met, 'school')} {'is' if met == 1 else 'are'} {_depth(share, beyond)} in deficit for "
        f"{counted(years, 'year')}: {of_schools}; the rule begins {'above' if beyond else 'at'} {limit:g}%."
    )
    if not size:
        words = "No balance of a school is held for that day."
    if unknown:
        words += f" Of {counted(unknown, 'school')} it is not known."
    return AuthorityDeficits(answer, size, met, unknown, words, _value("deficit-authority", day).source)


def _floor_ks2(facts: SchoolFacts, day: date) -> list[Test]:
    year = _newest(facts, lambda one: one.expected is not None)
    limits = {name: _number(f"floor-ks2-{name}", day) for name in ("reading", "writing", "maths")}
    return _ks2_tests(year, _number("floor-ks2-expected", day), limits)


def _ks2_tests(year: Results | None, expected: float, limits: dict[str, float]) -> list[Test]:
    held_now = year.expected if year else None
    low = _below(f"Below {expected:g}% at the expected standard", held_now, expected, "{:.0f}%", year)
    held = {name: getattr(year, name) if year else None for name in limits}
    below = [name for name, value in held.items() if value is not None and value < limits[name]]
    unknown = any(value is None for value in held.values())
    answer = Answer.MET if below else Answer.UNKNOWN if unknown else Answer.NOT_MET
    said = ", ".join(f"{name} {value:+.1f}" for name, value in held.items() if value is not None)
    asked = ", ".join(f"{limit:g} in {name}" for name, limit in limits.items())
    return [low, Test(f"Progress below {asked}: at least one", answer, _said(said, year))]


def _floor_ks4(facts: SchoolFacts, day: date) -> list[Test]:
    year = _newest(facts, lambda one: one.progress8 is not None)
    return [_progress8_test(year, _number("floor-ks4-progress8", day))]


def _progress8_test(year: Results | None, limit: float) -> Test:
    words = f"Progress 8 below {limit:g}, and its interval below 0"
    if year is None or year.progress8 is None:
        return Test(words, Answer.UNKNOWN, _said("", year))
    if year.progress8 >= limit:
        return Test(words, Answer.NOT_MET, _said(f"{year.progress8:+.2f}", year))
    if year.progress8_upper is None:
        said = f"{year.progress8:+.2f}, interval not held"
        return Test(words, Answer.UNKNOWN, _said(said, year))
    answer = Answer.MET if year.progress8_upper < 0 else Answer.NOT_MET
    return Test(words, answer, _said(f"{year.progress8:+.2f}, up to {year.progress8_upper:+.2f}", year))


def _coasting(facts: SchoolFacts, day: date) -> list[Test]:
    """One test a year: below in every one of them."""
    wanted = _whole("coasting-years", day)
    held = list(facts.results)[:wanted]
    found = [_coasting_year(one, facts.phase) for one in held]
    missing = wanted - len(found)
    return [*found, *(Test("A year before", Answer.UNKNOWN, "No results are held") for _ in range(missing))]


def _coasting_year(year: Results, phase: str) -> Test:
    words = f"Below the coasting line in {year.year}"
    coasting = values_of("coasting.toml")
    day = year.end
    if not any(entry.holds_on(day) for entry in coasting.entries["ks4-progress8"]):
        return Test(words, Answer.UNKNOWN, "The line of this year is in other measures, which are not held")
    if phase == "Secondary":
        test = _progress8_test(year, float(coasting.number_on("ks4-progress8", day)))
        return Test(words, test.answer, test.stands_on)
    limits = {
        name: float(coasting.number_on(f"ks2-{name}-progress", day))
        for name in ("reading", "writing", "maths")
    }
    tests = _ks2_tests(year, float(coasting.number_on("ks2-expected-standard", day)), limits)
    answers = {test.answer for test in tests}
    answer = (
        Answer.NOT_MET
        if Answer.NOT_MET in answers
        else Answer.UNKNOWN
        if Answer.UNKNOWN in answers
        else Answer.MET
    )
    return Test(words, answer, "; ".join(test.stands_on for test in tests))


def _category_of_concern(facts: SchoolFacts, day: date) -> list[Test]:
    words = "In special measures, or requires significant improvement"
    last = day_in_words(facts.graded_on) if facts.graded_on else ""
    when = f"Last inspection held: {last}" if last else "No inspection is held"
    if facts.in_category is None:
        return [Test(words, Answer.UNKNOWN, when)]
    return [Test(words, Answer.MET if facts.in_category else Answer.NOT_MET, when)]


def _stuck(facts: SchoolFacts, day: date) -> list[Test]:
    """Inadequate now is a category of concern, with its own consequences, and not this rule."""
    now = facts.grades[0] if facts.grades else None
    answer = Answer.UNKNOWN if now is None else Answer.MET if now == REQUIRES_IMPROVEMENT else Answer.NOT_MET
    said = f"Grade {now}" if now is not None else "No recent grade is held"
    return [
        Test("Requires improvement now", answer, said),
        _below_good("Below Good before", facts.grades, 1),
    ]


def _stuck_report_card(facts: SchoolFacts, day: date) -> list[Test]:
    words, now = "Leadership and governance needs attention", facts.leadership_needs_attention
    answer = Answer.UNKNOWN if now is None else Answer.MET if now else Answer.NOT_MET
    said = "No report card is held" if now is None else "Report card"
    return [Test(words, answer, said), _below_good("Below Good or its equivalent before", facts.grades, 0)]


def _below_good(words: str, grades: Sequence[int], at: int) -> Test:
    if len(grades) <= at:
        return Test(words, Answer.UNKNOWN, "No recent grade is held")
    return Test(words, Answer.MET if grades[at] > 2 else Answer.NOT_MET, f"Grade {grades[at]}")


def _rise(facts: SchoolFacts, day: date) -> list[Test]:
    lowest = _number("rise-lowest", day)
    return [
        _centile(f"All pupils: in the lowest {lowest:g}% of schools", facts.all_pupils_centile, lowest),
        _centile(
            f"Disadvantaged pupils: in the lowest {lowest:g}% of schools", facts.disadvantaged_centile, lowest
        ),
    ]


def _centile(words: str, held: float | None, lowest: float) -> Test:
    if held is None:
        return Test(words, Answer.UNKNOWN, "Not held, or suppressed because few pupils are behind it")
    answer = Answer.MET if held < lowest else Answer.NOT_MET
    return Test(words, answer, f"{held:.0f}% of schools have a lower result")


def _deficit(facts: SchoolFacts, day: date) -> list[Test]:
    years, share = _whole("deficit-years", day), _number("deficit-school", day)
    beyond = _value("deficit-more-than", day).value is True
    held = [one for one in facts.deficit_shares[:years] if one is not None]
    said = ", ".join(f"{one:.1f}% of income" for one in held) or "No balance is held"
    words = f"In deficit by {_depth(share, beyond)} of income for {counted(years, 'year')}"
    return [Test(words, _in_deficit(facts.deficit_shares, years, share, beyond), said)]


def _depth(share: float, beyond: bool) -> str:
    return f"more than {share:g}%" if beyond else f"{share:g}% or more"


def _reached(schools: int, size: int, limit: float, beyond: bool) -> bool:
    return schools * 100 > limit * size if beyond else schools > 0 and schools * 100 >= limit * size


def _in_deficit(shares: Sequence[float | None], years: int, share: float, beyond: bool) -> Answer:
    newest = list(shares[:years])
    if any(one is not None and (-one <= share if beyond else -one < share) for one in newest):
        return Answer.NOT_MET
    if len(newest) < years or None in newest:
        return Answer.UNKNOWN
    return Answer.MET


PRIMARY, SECONDARY = frozenset({"Primary"}), frozenset({"Secondary"})
RULES: tuple[Rule, ...] = (
    Rule(
        "category-of-concern",
        "Category of concern",
        frozenset(),
        ("category-of-concern",),
        _category_of_concern,
    ),
    Rule("stuck", "Stuck below Good", frozenset(), ("stuck-grades",), _stuck),
    Rule(
        "stuck-report-card", "Stuck, by report card", frozenset(), ("stuck-report-card",), _stuck_report_card
    ),
    Rule(
        "rise", "Low attainment, as regional teams ask for it", PRIMARY | SECONDARY, ("rise-lowest",), _rise
    ),
    Rule(
        "floor-ks2",
        "Floor standard, key stage 2",
        PRIMARY,
        ("floor-ks2-expected", "floor-ks2-reading", "floor-ks2-writing", "floor-ks2-maths"),
        _floor_ks2,
    ),
    Rule("floor-ks4", "Floor standard, key stage 4", SECONDARY, ("floor-ks4-progress8",), _floor_ks4),
    Rule("coasting", "Coasting", PRIMARY | SECONDARY, ("coasting-years",), _coasting),
    Rule(
        "deficit",
        "Counts towards the rule of deficits of the authority",
        frozenset(),
        ("deficit-school", "deficit-years", "deficit-more-than"),
        _deficit,
    ),
)


def _newest(facts: SchoolFacts, held: Callable[[Results], bool]) -> Results | None:
    return next((one for one in facts.results if held(one)), facts.results[0] if facts.results else None)


def _below(words: str, value: float | None, limit: float, shape: str, year: Results | None) -> Test:
    if value is None:
        return Test(words, Answer.UNKNOWN, _said("", year))
    return Test(words, Answer.MET if value < limit else Answer.NOT_MET, _said(shape.format(value), year))


def _said(words: str, year: Results | None) -> str:
    if year is None:
        return "No results are held"
    return f"{words} in {year.year}" if words else f"Not held for {year.year}"


def _in_force(rule: Rule, day: date) -> DatedValue | None:
    return next((one for one in _entries(rule.values[0]) if one.holds_on(day)), None)


def _entries(name: str) -> tuple[DatedValue, ...]:
    return _held().entries[name]


def _value(name: str, day: date) -> DatedValue:
    return _held().value_on(name, day)


def _number(name: str, day: date) -> float:
    return float(_held().number_on(name, day))


def _whole(name: str, day: date) -> int:
    return _held().whole_number_on(name, day)


def _period(entry: DatedValue) -> str:
    start = day_in_words(entry.start)
    return f"{start} to {day_in_words(entry.end)}" if entry.end else f"from {start}"


@cache
def _held() -> DatedValues:
    return load_values(resources.files("redway.improvement") / "values" / "statutory-triggers")
