"""The rooms of the web face, in one list: settings install them, the address table includes them."""

from __future__ import annotations

ROOMS: dict[str, str | None] = {
    "people": "",
    "audit": "",
    "jobs": "",
    "design": None,
    "register": "register/",
    "home": "",
    "schools": "schools/",
    "authorities": "authorities/",
    "measures": "measures/",
    "attainment": "attainment/",
    "allegations": "allegations/",
    "funding.forum": "funding/forum/",
    "funding.deficits": "funding/deficits/",
    "funding.services": "funding/services/",
    "funding.blocks": "funding/blocks/",
    "funding": "funding/",
    "improvement.support": "improvement/support/",
    "improvement.board": "improvement/board/",
    "improvement.reviews": "improvement/reviews/",
    "improvement": "improvement/",
    "datasets": "datasets/",
    "help": "help/",
    "api": "api/",
}
"""Room -> prefix of its addresses, or None for a room without pages. Order is the order of matching.
A room inside another (``funding.forum``) is an application of its own, with its own tables."""


def installed_rooms() -> list[str]:
    """Dotted names of the rooms, for INSTALLED_APPS."""
    return [f"redway.web.{room}" for room in ROOMS]


def rooms_with_addresses() -> list[tuple[str, str]]:
    """(prefix, module of addresses) of every room that serves pages."""
    return [(prefix, f"redway.web.{room}.urls") for room, prefix in ROOMS.items() if prefix is not None]
