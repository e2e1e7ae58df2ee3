"""Whoever is signed in, for pages that only open to people."""

from __future__ import annotations

from django.http import HttpRequest

from redway.web.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The person who asks; the page has let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user
