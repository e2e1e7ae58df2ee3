"""Where people may go from the top of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Place:
    """One entry of the navigation: what it says and the URL name it leads to."""

    label: str
    name: str


PLACES = (
    Place("Home", "home:index"),
    Place("Schools", "schools:find"),
    Place("Authorities", "authorities:index"),
    Place("Measures", "measures:index"),
    Place("Datasets", "datasets:index"),
    Place("People", "people:index"),
    Place("Audit", "audit:index"),
    Place("Help", "help:index"),
)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation_items(user: Any, path: str) -> list[dict[str, Any]]:
    """Where this person may go; the place they are in is ``active``, and ``current`` on its first page."""
    items = []
    for place in PLACES:
        address = _address(place.name)
        if not address:
            continue
        inside = path == address if address == "/" else path.startswith(address)
        items.append({"label": place.label, "address": address, "active": inside, "current": path == address})
    return items


def account_addresses() -> dict[str, str]:
    """Where a person's own account is, and where they sign out."""
    return {"account_address": _address("people:account"), "sign_out_address": _address("account_logout")}
