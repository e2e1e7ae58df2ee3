"""From what a person types to the authority or school that is meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from redway.core.errors import NotFound

if TYPE_CHECKING:
    from redway.web.register.models import Authority


def authority_meant(text: str) -> Authority:
    """The authority with this number, ONS code or name. Raises NotFound, naming the nearest."""
    from redway.web.register.models import Authority

    typed = text.strip()
    known = list(Authority.objects.order_by("ended", "name"))
    for authority in known:
        if typed in (authority.number, authority.ons_code) or typed.lower() == authority.name.lower():
            return authority
    if not known:
        raise NotFound("No register is held yet.", "Take in the establishments first: redway import PATH")
    names = {authority.name.lower(): authority for authority in known}
    numbers = {authority.number: authority for authority in known}
    near = [name for name in names if typed.lower() in name][:3] or difflib.get_close_matches(
        typed.lower(), names, n=3
    )
    near = near or difflib.get_close_matches(typed, numbers, n=3)
    meant = [names.get(one) or numbers[one] for one in near]
    hint = "Use its three-digit number, such as 826 for Milton Keynes."
    if meant:
        hint = f"Did you mean {' or '.join(f'{one.name} ({one.number})' for one in meant)}?"
    raise NotFound(f"There is no authority '{typed}'.", hint)
