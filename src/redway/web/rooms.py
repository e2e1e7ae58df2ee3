"""The rooms of the web face, in one list: settings install them, the address table includes them."""

from __future__ import annotations

from importlib.util import find_spec

ROOMS = {
    "people": "",
    "audit": "",
    "jobs": "",
    "design": "",
    "home": "",
    "schools": "schools/",
    "authorities": "authorities/",
    "measures": "measures/",
    "datasets": "datasets/",
    "register": "register/",
    "help": "help/",
    "api": "api/",
    "backup": "backup/",
}
"""Room -> prefix of its addresses. Order is the order in which addresses are matched."""


def installed_rooms() -> list[str]:
    """Dotted names of the rooms that are there, for INSTALLED_APPS."""
    return [f"redway.web.{room}" for room in ROOMS if _has(room, "apps")]


def rooms_with_addresses() -> list[tuple[str, str]]:
    """(prefix, module of addresses) of every room that serves pages."""
    return [(prefix, f"redway.web.{room}.urls") for room, prefix in ROOMS.items() if _has(room, "urls")]


def _has(room: str, module: str) -> bool:
    # find_spec on the parent first: a missing parent package raises instead of returning None.
    return (
        find_spec(f"redway.web.{room}") is not None and find_spec(f"redway.web.{room}.{module}") is not None
    )
