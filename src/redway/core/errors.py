"""Errors a person can act on: what was wrong, where, and what to do next."""

# ruff: noqa: N818  (the names say what is wrong in the words of the domain)

from __future__ import annotations


class RedwayError(Exception):
    """A problem with a plain-English message. Shown to people as it is, so it must read well.

    ``message`` says what was wrong and where; ``next_step`` says what to do about it.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        self.message = message
        self.next_step = next_step
        super().__init__(f"{message} {next_step}".strip())


class ChangedSinceOpened(RedwayError):
    """A record that somebody else changed after the person opened it: nothing is overwritten."""


class InvalidIdentifier(RedwayError):
    """A URN, LAESTAB, authority code or area code that cannot be one."""


class InvalidPeriod(RedwayError):
    """A period text that is no academic, financial or calendar year and no date."""


class OutsideCalendar(RedwayError):
    """A working-day question beyond the years for which bank holidays are known."""


class ValuesError(RedwayError):
    """A dated value file that is malformed, overlaps, has a gap, or holds nothing for the day asked."""


class NotFound(RedwayError):
    """Nothing is held under the name, code or number that was asked for."""


class NotEnoughData(RedwayError):
    """A calculation that would have to guess: it refuses and says what is missing."""


class InvalidMoney(RedwayError):
    """A text or number that is not an exact amount of pounds and pence."""
