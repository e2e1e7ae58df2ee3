"""The words and signs a formula is made of, each with its place, and the error that points at one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from redway.core.errors import RedwayError


class FormulaError(RedwayError):
    """A formula that cannot be read, or that asks for a model Redway does not fit."""


@dataclass(frozen=True)
class Token:
    """One word or sign. ``start`` counts from 0; the end of the formula is a token without text."""

    kind: str
    text: str
    start: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | `(?P<quoted>[^`]+)`
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d][\w.]*)
      | (?P<sign>\*\*|\|\||[~+\-*/:^|(),.])""",
    re.VERBOSE,
)
_PLAIN_NAME = re.compile(r"[^\W\d][\w.]*")


class Tokens:
    """The tokens of one formula, taken from the left."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = list(self._split())
        self._next = 0

    def _split(self) -> Iterator[Token]:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            if found is None:
                raise self.error(Token("sign", self.text[at], at), "this sign has no meaning in a formula")
            kind = str(found.lastgroup)
            if kind != "space":
                sign = {"^": "**"}.get(found[kind], found[kind])
                yield Token("name" if kind == "quoted" else kind, sign, at)
            at = found.end()
        yield Token("end", "", len(self.text))

    @property
    def next(self) -> Token:
        """The token that comes next; it stays."""
        return self._tokens[self._next]

    @property
    def after(self) -> Token:
        """The token behind the next one."""
        return self._tokens[min(self._next + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """The next token, taken."""
        token = self.next
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def comes(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        return self.next.kind == "sign" and self.next.text in signs

    def expect(self, sign: str, why: str) -> Token:
        """Take this sign. Raises FormulaError, saying why it is needed, when something else comes."""
        if not self.comes(sign):
            raise self.error(self.next, why)
        return self.take()

    def error(self, at: Token, why: str, next_step: str = "") -> FormulaError:
        """The error that shows where in the formula something is wrong."""
        place = f"at '{at.text}', character {at.start + 1}" if at.text else "at its end"
        return FormulaError(
            f"The formula '{self.text.strip()}' cannot be read {place}: {why}.",
            next_step or "An example: attainment8 ~ prior_attainment + gender + (1 | school).",
        )


def written(name: str) -> str:
    """A column's name as a formula writes it: between backticks unless it is one plain word."""
    return name if _PLAIN_NAME.fullmatch(name) else f"`{name}`"
