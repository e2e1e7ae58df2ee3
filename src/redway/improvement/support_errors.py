"""What support, visits and reviews refuse."""

# ruff: noqa: N818  (the names say what is wrong in the words of the domain)

from __future__ import annotations

from redway.core.errors import RedwayError


class NoteRefused(RedwayError):
    """A part of a visit note that may not be written, moderated or published now, or by this person."""


class ProgrammeRefused(RedwayError):
    """A programme or a step of one that cannot be so."""


class ReviewRefused(RedwayError):
    """A review that is not fit to be published or rated so."""
