"""What can be wrong with a change to people and their roles."""

from __future__ import annotations

from redway.core.errors import RedwayError


class PeopleError(RedwayError):
    """A change to a person, a role or a key that cannot be made; nothing was changed."""
