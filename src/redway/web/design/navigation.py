"""Where people may go from the top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from redway.web.people import permission
from redway.web.people.rules import Holder


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
    ("Progress", "attainment:index"),
    ("Funding", "funding:index"),
    ("Improvement", "improvement:index"),
    ("Allegations", "allegations:index"),
    ("Datasets", "datasets:index"),
    ("People", "people:index"),
    ("Audit", "audit:index"),
    ("Help", "help:index"),
)
"""What the entry says, and the name of the page it leads to; shown to those who may open that page."""
LEADS_TO = {
    "funding:index": ("forum:index", "deficits:index", "services:index"),
    "improvement:index": (
        "improvement:first",
        "improvement:own",
        "support:index",
        "board:index",
        "reviews:index",
    ),
    "allegations:index": ("allegations:day", "allegations:my_referrals", "allegations:statistics"),
}
"""A page that only leads on, each person to the first of these: shown to those who may open one of them."""


def places_for(request: HttpRequest) -> list[Place]:
    """The places this person may go."""
    return [_place(label, address, request.path) for label, address in _open_to(request)]


def _open_to(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """(label, address) of each place open to this person. Remembered for what they hold on this day."""
    key = (permission.holder_of(request), permission.today())
    found = _REMEMBERED.get(key)
    if found is None:
        if len(_REMEMBERED) >= _MOST_REMEMBERED:
            _REMEMBERED.clear()
        found = tuple((label, reverse(name)) for label, name in PLACES if _leads_somewhere(request, name))
        _REMEMBERED[key] = found
    return found


def _leads_somewhere(request: HttpRequest, name: str) -> bool:
    return any(permission.may_open(request, page) for page in LEADS_TO.get(name, (name,)))


_REMEMBERED: dict[tuple[Holder, date], tuple[tuple[str, str], ...]] = {}
_MOST_REMEMBERED = 1000


def _place(label: str, address: str, path: str) -> Place:
    active = path == address if address == "/" else path.startswith(address)
    return Place(label, address, active, current=path == address)


@cache
def address_or_nothing(name: str) -> str:
    """The address of a page, or nothing where the site has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
