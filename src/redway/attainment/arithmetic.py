"""Arithmetic within a formula: what stands inside ``I(...)``, and ``log``, ``sqrt``, ``exp``, ``abs``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from redway.attainment.formula_tokens import Tokens, written

Numbers = NDArray[np.float64]
Values = Mapping[str, Numbers]

FUNCTIONS: dict[str, Callable[[Numbers], Numbers]] = {
    "log": np.log,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "abs": np.abs,
}
_OPERATIONS: dict[str, tuple[int, Callable[[Numbers, Numbers], Numbers]]] = {
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "**": (4, operator.pow),
}
_MINUS = 3
"""A minus sign in front binds tighter than a product and looser than a power: -x**2 is -(x**2)."""
_ATOM = 5


@dataclass(frozen=True)
class Sum:
    """A piece of arithmetic: a number, a column, an operation of two pieces, or a function of one."""

    operation: str
    parts: tuple[Sum, ...] = ()
    number: float = 0.0
    column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns in it, each once, from the left."""
        if self.operation == "column":
            return (self.column,)
        return tuple(dict.fromkeys(name for part in self.parts for name in part.columns))

    def values(self, columns: Values) -> Numbers:
        """Its value for each pupil. What cannot be worked out (a root of -1, x/0) is NaN or infinite."""
        with np.errstate(all="ignore"):
            return np.asarray(self._values(columns), dtype=np.float64)

    def _values(self, columns: Values) -> Numbers:
        if self.operation == "number":
            return np.asarray(self.number)
        if self.operation == "column":
            return np.asarray(columns[self.column], dtype=np.float64)
        values = [part._values(columns) for part in self.parts]
        if self.operation == "minus":
            return np.negative(values[0])
        if self.operation in FUNCTIONS:
            return FUNCTIONS[self.operation](values[0])
        if self.operation == "**" and self.parts[1] == Sum("number", number=2.0):
            return np.asarray(np.square(values[0]))
        return _OPERATIONS[self.operation][1](values[0], values[1])

    @property
    def _binding(self) -> int:
        if self.operation in _OPERATIONS:
            return _OPERATIONS[self.operation][0]
        return _MINUS if self.operation == "minus" else _ATOM

    def __str__(self) -> str:
        if self.operation == "number":
            return f"{self.number:.15g}"
        if self.operation == "column":
            return written(self.column)
        if self.operation == "minus":
            return f"-{self._within(0, tight=False)}"
        if self.operation in FUNCTIONS:
            return f"{self.operation}({self.parts[0]})"
        sign = f" {self.operation} " if self.operation in "+-" else self.operation
        power = self.operation == "**"
        return f"{self._within(0, tight=power)}{sign}{self._within(1, tight=not power)}"

    def _within(self, place: int, *, tight: bool) -> str:
        """A part, between brackets where it would be read otherwise without."""
        part = self.parts[place]
        loose = part._binding <= self._binding if tight else part._binding < self._binding
        return f"({part})" if loose else str(part)


def read_sum(tokens: Tokens) -> Sum:
    """Read arithmetic up to a sign that is not part of it. Raises FormulaError."""
    found = _product(tokens)
    while tokens.comes("+", "-"):
        found = Sum(tokens.take().text, (found, _product(tokens)))
    return found


def _product(tokens: Tokens) -> Sum:
    found = _signed(tokens)
    while tokens.comes("*", "/"):
        found = Sum(tokens.take().text, (found, _signed(tokens)))
    return found


def _signed(tokens: Tokens) -> Sum:
    if tokens.comes("-"):
        tokens.take()
        return Sum("minus", (_signed(tokens),))
    found = _atom(tokens)
    if tokens.comes("**"):
        return Sum(tokens.take().text, (found, _signed(tokens)))
    return found


def _atom(tokens: Tokens) -> Sum:
    token = tokens.take()
    if token.kind == "number":
        return Sum("number", number=float(token.text))
    if token.kind == "name" and not tokens.comes("("):
        return Sum("column", column=token.text)
    if token.kind == "name" and token.text in FUNCTIONS:
        return read_function(tokens, token.text)
    if token.kind == "name":
        known = ", ".join(FUNCTIONS)
        raise tokens.error(token, f"there is no function '{token.text}'", f"Known functions: {known}.")
    if token.text == "(":
        found = read_sum(tokens)
        tokens.expect(")", "a bracket is not closed")
        return found
    raise tokens.error(token, "a number or a column should stand here")


def read_function(tokens: Tokens, name: str) -> Sum:
    """The bracket behind the name of a function. Raises FormulaError."""
    tokens.expect("(", f"a bracket should follow '{name}'")
    found = Sum(name, (read_sum(tokens),))
    tokens.expect(")", "a bracket is not closed")
    return found
