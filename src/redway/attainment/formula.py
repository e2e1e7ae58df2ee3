"""R's notation for two-level models: ``attainment8 ~ prior_attainment + gender + (1 | school)``.

What can be written: ``a + b``; ``a:b`` (interaction); ``a*b`` (both and their interaction); ``(a + b)**2``
(both and all interactions of two); ``- term``; ``0 +`` or ``- 1`` (no intercept); ``I(x**2)``, ``log(x)``,
``sqrt(x)``, ``exp(x)``, ``abs(x)``; ``C(code)`` or R's ``factor(code)`` (a number that is a category); and
one group, ``(1 | school)`` or with slopes ``(1 + x | school)``. ``(1 | authority:estab)`` groups by two
columns together. Names with spaces stand between backticks. Redway's own: ``school_mean(x)`` and
``school_spread(x)``, mean and standard deviation of ``x`` over the school's pupils.

Precedence is R's: ``**`` binds tightest, then ``:``, then ``*``, then ``+`` and ``-``.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from redway.attainment.arithmetic import FUNCTIONS, Sum, read_function, read_sum
from redway.attainment.formula_tokens import FormulaError, Token, Tokens, written
from redway.core.errors import NotFound

__all__ = ["Factor", "Formula", "FormulaError", "Term", "UnknownPredictor", "check_columns", "parse_formula"]

SCHOOL_FUNCTIONS = ("school_mean", "school_spread")


class UnknownPredictor(NotFound):
    """A formula names a column that the pupils' data does not have."""


@dataclass(frozen=True)
class Factor:
    """One factor of a term: a column, a column taken as a category, arithmetic, or a value of the school."""

    text: str
    kind: str
    """``column``, ``category``, ``arithmetic`` or ``school``."""
    columns: tuple[str, ...]
    sum: Sum | None = field(default=None, compare=False)
    """The arithmetic, of ``arithmetic``."""

    @property
    def column(self) -> str:
        """The column, where there is one."""
        return self.columns[0]

    @property
    def function(self) -> str:
        """The name before the bracket, such as ``school_mean``."""
        return self.text.partition("(")[0]


Term = tuple[Factor, ...]
"""Factors multiplied with one another; most terms have one."""


def term_text(term: Term) -> str:
    """A term as R writes it: ``gender:ethnicity``."""
    return ":".join(factor.text for factor in term)


@dataclass(frozen=True)
class Formula:
    """A two-level model as written, in order: main effects first, then interactions of two, of three, ..."""

    outcome: Factor
    intercept: bool
    terms: tuple[Term, ...]
    """Predictors from pupils' columns."""
    school_terms: tuple[Factor, ...]
    """Predictors made of the school's own pupils, always last: ``school_mean(x)``."""
    group: str
    group_columns: tuple[str, ...]
    slopes: tuple[Term, ...]
    """Those of the terms whose effect differs from school to school."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Every factor of the terms, each once."""
        return tuple(dict.fromkeys(factor for term in self.terms for factor in term))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the model reads: outcome, predictors, group."""
        named = [*self.outcome.columns, *(name for one in self.factors for name in one.columns)]
        return tuple(dict.fromkeys([*named, *self.group_columns]))

    @property
    def number_columns(self) -> frozenset[str]:
        """Columns that must hold numbers: the outcome's, and those inside arithmetic."""
        needed = {name for one in self.factors if one.kind == "arithmetic" for name in one.columns}
        return frozenset({*self.outcome.columns, *needed, *(one.column for one in self.school_terms)})

    @property
    def category_columns(self) -> frozenset[str]:
        """Columns that are categories whatever they hold: ``C(code)``."""
        return frozenset(one.column for one in self.factors if one.kind == "category")

    def __str__(self) -> str:
        """The formula written in one way, whatever the spaces and signs it came with."""
        one = ["1"] if self.intercept else ["0"]
        right = [*map(term_text, self.terms), *(factor.text for factor in self.school_terms)]
        right = right if self.intercept and right else one + right
        slopes = " + ".join(["1", *map(term_text, self.slopes)])
        return f"{self.outcome.text} ~ {' + '.join(right)} + ({slopes} | {self.group})"


def parse_formula(text: str) -> Formula:
    """Read a formula. Raises FormulaError, which points at what cannot be read or fitted."""
    return _Parser(text).formula()


def check_columns(formula: Formula | Sequence[str], available: Collection[str]) -> None:
    """Raise UnknownPredictor when the formula names a column that is not there, with the nearest one."""
    for name in formula.columns if isinstance(formula, Formula) else formula:
        if name not in available:
            folded = {one.casefold(): one for one in available}
            near = difflib.get_close_matches(name.casefold(), folded, n=1)
            shown = ", ".join(list(available)[:40])
            raise UnknownPredictor(
                f"The formula names the column '{name}', which is not there.",
                f"Did you mean '{folded[near[0]]}'?" if near else f"There are: {shown}.",
            )


@dataclass(frozen=True)
class _Part:
    """What was read so far: terms, and whether an intercept was asked for, refused or not mentioned."""

    terms: tuple[Term, ...] = ()
    intercept: bool | None = None

    def and_(self, other: _Part) -> _Part:
        intercept = self.intercept if other.intercept is None else other.intercept
        return _Part(tuple(_distinct([*self.terms, *other.terms])), intercept)

    def less(self, other: _Part) -> _Part:
        gone = {frozenset(term) for term in other.terms}
        left = tuple(term for term in self.terms if frozenset(term) not in gone)
        return _Part(left, self.intercept if other.intercept is None else not other.intercept)

    def by(self, other: _Part) -> _Part:
        pairs = [tuple(dict.fromkeys(a + b)) for a in self.terms for b in other.terms]
        return _Part(tuple(_distinct(pairs)))


def _distinct(terms: Iterable[Term]) -> list[Term]:
    """Each term once: ``b:a`` is ``a:b``."""
    found: dict[frozenset[Factor], Term] = {}
    for term in terms:
        found.setdefault(frozenset(term), term)
    return list(found.values())


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.groups: list[tuple[Token, _Part, tuple[str, ...]]] = []
        self.seen: dict[Factor, Token] = {}
        """Factors of the predictors in the order they are first named, which is their order in a term."""

    def formula(self) -> Formula:
        outcome = self._outcome()
        fixed = self._sum()
        if self.tokens.next.kind != "end":
            raise self.tokens.error(self.tokens.next, self._why_not())
        group, slopes = self._one_group()
        terms = self._ordered(fixed.terms)
        school = tuple(factor for term in terms for factor in term if factor.kind == "school")
        pupil_terms = tuple(term for term in terms if all(factor.kind != "school" for factor in term))
        self._check_school_terms(terms, pupil_terms)
        self._check_outcome(outcome, pupil_terms)
        return Formula(
            outcome=outcome,
            intercept=fixed.intercept is not False,
            terms=pupil_terms,
            school_terms=school,
            group=":".join(map(written, group)),
            group_columns=group,
            slopes=self._slopes(slopes, pupil_terms, intercept=fixed.intercept is not False),
        )

    def _outcome(self) -> Factor:
        if self.tokens.comes("~") or self.tokens.next.kind == "end":
            raise self.tokens.error(self.tokens.next, "the outcome is missing, which stands before '~'")
        factor = self._factor(self.tokens.take())
        if factor.kind not in ("column", "arithmetic"):
            raise FormulaError(f"The outcome '{factor.text}' must be a number.", "Name a column of results.")
        self.tokens.expect("~", "'~' should stand behind the outcome, and the predictors behind that")
        self.seen.clear()
        return factor

    def _why_not(self) -> str:
        if self.tokens.comes("~"):
            return "there are two '~'"
        if self.tokens.comes(")"):
            return "this bracket was never opened"
        if self.tokens.comes("|"):
            return "a group stands in brackets, such as (1 | school)"
        return "a sign such as '+' should stand before this"

    def _sum(self) -> _Part:
        found = _Part()
        sign = self.tokens.take().text if self.tokens.comes("-", "+") else "+"
        while True:
            part = self._crossing()
            found = found.and_(part) if sign == "+" else found.less(part)
            if not self.tokens.comes("+", "-"):
                return found
            sign = self.tokens.take().text

    def _crossing(self) -> _Part:
        found = self._interaction()
        while self.tokens.comes("*", "/"):
            sign = self.tokens.take()
            if sign.text == "/":
                raise self.tokens.error(
                    sign, "'/' is not used in formulas here", "Write a + a:b for a/b, I(a/b) for a quotient."
                )
            other = self._interaction()
            self._no_numbers(sign, found, other)
            found = found.and_(other).and_(found.by(other))
        return found

    def _interaction(self) -> _Part:
        found = self._power()
        while self.tokens.comes(":"):
            sign = self.tokens.take()
            other = self._power()
            self._no_numbers(sign, found, other)
            found = found.by(other)
        return found

    def _no_numbers(self, sign: Token, *parts: _Part) -> None:
        if any(part.intercept is not None or not part.terms for part in parts):
            raise self.tokens.error(sign, f"'{sign.text}' joins columns", "Arithmetic goes inside I(...).")

    def _power(self) -> _Part:
        start = self.tokens.next
        found = self._atom()
        if not self.tokens.comes("**"):
            return found
        sign, power = self.tokens.take(), self.tokens.take()
        if start.text != "(" or power.text not in ("2", "3", "4"):
            shown = f"I({start.text}**{power.text or 2})"
            raise self.tokens.error(sign, "a power of a column stands inside I(...)", f"Write {shown}.")
        whole = found
        for _ in range(int(power.text) - 1):
            whole = whole.and_(whole.by(found))
        return whole

    def _atom(self) -> _Part:
        token = self.tokens.take()
        if token.text == "(" and token.kind == "sign":
            return self._bracket(token)
        if token.kind == "number":
            if token.text in ("0", "1"):
                return _Part(intercept=token.text == "1")
            raise self.tokens.error(token, "a number has no meaning here but 0 and 1")
        if token.text == "." and token.kind == "sign":
            raise self.tokens.error(
                token,
                "'.' for all columns is refused, for it would take in names and numbers of pupils",
                "Name the predictors one by one.",
            )
        if token.kind != "name":
            why = "a predictor is missing here" if token.kind == "end" else "a column should stand here"
            raise self.tokens.error(token, why)
        return _Part(((self._factor(token),),))

    def _bracket(self, opened: Token) -> _Part:
        inside = self._sum()
        if self.tokens.comes("||"):
            raise self.tokens.error(
                self.tokens.next, "'||' (slopes unrelated to the intercept) is not fitted", "Write one '|'."
            )
        if self.tokens.comes("|"):
            self.tokens.take()
            self.groups.append((opened, inside, self._group()))
            inside = _Part()
        self.tokens.expect(")", "a bracket is not closed")
        return inside

    def _group(self) -> tuple[str, ...]:
        names = [self._group_column()]
        while self.tokens.comes(":"):
            self.tokens.take()
            names.append(self._group_column())
        if self.tokens.comes("/", "*", "+"):
            raise self.tokens.error(
                self.tokens.next,
                "only one level of groups is fitted",
                "Write (1 | school), the school alone.",
            )
        return tuple(names)

    def _group_column(self) -> str:
        token = self.tokens.take()
        if token.kind != "name":
            raise self.tokens.error(token, "the column of the schools should stand behind '|'")
        return token.text

    def _factor(self, token: Token) -> Factor:
        factor = self._read_factor(token)
        self.seen.setdefault(factor, token)
        return factor

    def _read_factor(self, token: Token) -> Factor:
        name = token.text
        if token.kind != "name":
            raise self.tokens.error(token, "a column should stand here")
        if not self.tokens.comes("("):
            return Factor(written(name), "column", (name,))
        if name in FUNCTIONS:
            sum_ = read_function(self.tokens, name)
            return Factor(str(sum_), "arithmetic", sum_.columns, sum_)
        self.tokens.take()
        if name == "I":
            sum_ = read_sum(self.tokens)
            factor = Factor(f"I({sum_})", "arithmetic", sum_.columns, sum_)
            if not sum_.columns:
                raise self.tokens.error(token, "it names no column")
        elif name in ("C", "factor", *SCHOOL_FUNCTIONS):
            inner = self.tokens.take()
            if inner.kind != "name":
                raise self.tokens.error(inner, f"a column should stand inside {name}(...)")
            kind, shown = ("school", name) if name in SCHOOL_FUNCTIONS else ("category", "C")
            factor = Factor(f"{shown}({written(inner.text)})", kind, (inner.text,))
        else:
            known = ", ".join(["I", "C", *FUNCTIONS, *SCHOOL_FUNCTIONS])
            raise self.tokens.error(token, f"there is no function '{name}'", f"Known functions: {known}.")
        self.tokens.expect(")", "a bracket is not closed")
        return factor

    def _ordered(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """Main effects first; within a term, factors in the order they are first named."""
        order = {factor: place for place, factor in enumerate(self.seen)}
        sorted_terms = [tuple(sorted(term, key=order.__getitem__)) for term in terms]
        return tuple(sorted(sorted_terms, key=len))

    def _one_group(self) -> tuple[tuple[str, ...], _Part]:
        if not self.groups:
            raise FormulaError(
                f"The formula '{self.tokens.text.strip()}' names no group.",
                "Add the column of the schools, as in (1 | school).",
            )
        if len(self.groups) > 1:
            raise self.tokens.error(
                self.groups[1][0],
                "this is a second group",
                "One group is fitted: join the slopes in one bracket.",
            )
        opened, inside, group = self.groups[0]
        if inside.intercept is False:
            raise self.tokens.error(
                opened,
                "slopes without the school's own level would force every school through one point",
                "Write (1 + x | school).",
            )
        return group, inside

    def _slopes(self, random: _Part, terms: tuple[Term, ...], *, intercept: bool) -> tuple[Term, ...]:
        slopes = self._ordered(random.terms)
        named = {frozenset(term) for term in terms}
        for term in slopes:
            if frozenset(term) not in named:
                raise FormulaError(
                    f"'{term_text(term)}' has a slope for each school but is not among the predictors.",
                    f"Add it: ... + {term_text(term)} + (1 + {term_text(term)} | ...).",
                )
        if slopes and not intercept:
            raise FormulaError(
                "A model with slopes of schools needs an intercept.", "Leave out '0 +' or '- 1'."
            )
        return slopes

    def _check_school_terms(self, terms: tuple[Term, ...], pupil_terms: tuple[Term, ...]) -> None:
        mains = {term[0].text for term in pupil_terms if len(term) == 1}
        for term in terms:
            for factor in term:
                if factor.kind == "school" and len(term) > 1:
                    raise self.tokens.error(
                        self.seen[factor],
                        "values of the school do not interact with others",
                        "Add it with '+'.",
                    )
                if factor.kind == "school" and written(factor.column) not in mains:
                    raise self.tokens.error(
                        self.seen[factor],
                        f"'{factor.column}' itself is not among the predictors",
                        f"Add it: {written(factor.column)} + {factor.text}.",
                    )

    def _check_outcome(self, outcome: Factor, terms: tuple[Term, ...]) -> None:
        for term in terms:
            if outcome in term:
                raise self.tokens.error(
                    self.seen[outcome], "the outcome cannot predict itself", "Take it out of the predictors."
                )
