"""Where people may go from the top of every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from redway.web.people import permission


@dataclass(frozen=True)
class Place:
    """One entry of the navigation. ``active`` inside it, ``current`` on its first page."""

    label: str
    address: str
    active: bool
    current: bool


PLACES = (
    ("Home", "home:index"),
    ("Schools", "schools:find"),
    ("Authorities", "authorities:index"),
    ("Measures", "measures:index"),
    ("Datasets", "datasets:index"),
    ("People", "people:index"),
    ("Audit", "audit:index"),
    ("Help", "help:index"),
)
"""What the entry says, and the name of the page it leads to; shown to those who may open that page."""


def places_for(request: HttpRequest) -> list[Place]:
    """The places this person may go."""
    return [
        _place(label, reverse(name), request.path)
        for label, name in PLACES
        if permission.may_open(request, name)
    ]


def _place(label: str, address: str, path: str) -> Place:
    active = path == address if address == "/" else path.startswith(address)
    return Place(label, address, active, current=path == address)


def address_or_nothing(name: str) -> str:
    """The address of a page, or nothing where the site has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
