"""What the room refuses, in words that say what to do."""

# ruff: noqa: N818  (the names say what is wrong in the words of the domain)

from __future__ import annotations

from redway.core.errors import RedwayError


class Hindsight(RedwayError):
    """A fact that was not public on the decision date, or a training window that had not closed by then."""


class GradesNotComparable(RedwayError):
    """Grades of different frameworks that no named mapping brings together."""


class SameSchoolTwice(RedwayError):
    """One continuing school where two are needed: in training and in test, or twice on one decision date."""


class ResampledBeforeSplit(RedwayError):
    """Rows repeated or taken away before training and test were told apart."""


class StrayInspections(RedwayError):
    """A few inspections dated far beyond the rest, which would make a record look whole that is not."""
