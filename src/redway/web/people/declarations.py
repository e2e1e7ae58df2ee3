"""Every view says who may open it. A view that says nothing cannot be reached.

``@public``     anyone, signed in or not (the sign-in page)
``@signed_in``  anyone who is signed in and holds a role today (home, help, one's own account)
``@needs``      those who may take an action; with ``of`` the view must also get its record through an
                ``access_*`` function, and no answer leaves the server if it did not

On a class, decorate ``dispatch``: ``@method_decorator(needs("people.view"), name="dispatch")``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from redway.web.people.rules import ACTIONS

View = TypeVar("View", bound=Callable[..., Any])


class Door(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed in"
    NEEDS = "needs"


@dataclass(frozen=True)
class Declaration:
    """Who may open a view. ``why`` says so in words for the two doors that ask for no action."""

    door: Door
    why: str = ""
    action: str = ""
    of: str = ""
    without_role: bool = False
    before_second_factor: bool = False


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    """What a view declares, or None."""
    found = getattr(view, "redway_declaration", None)
    return found if isinstance(found, Declaration) else None


def public(why: str) -> Callable[[View], View]:
    """Anyone may open it; ``why`` says why that is right."""
    return _mark(Declaration(Door.PUBLIC, why=why), login_required=False)


def signed_in(
    why: str, *, without_role: bool = False, before_second_factor: bool = False
) -> Callable[[View], View]:
    """Anyone signed in may open it.

    ``without_role``: even those whose last role has ended (to sign out). ``before_second_factor``: even
    those whose role needs a second factor that they have not set up yet (to set it up).
    """
    declaration = Declaration(
        Door.SIGNED_IN, why=why, without_role=without_role, before_second_factor=before_second_factor
    )
    return _mark(declaration, login_required=True)


def needs(action: str, *, of: str = "") -> Callable[[View], View]:
    """Only those who may take ``action``; ``of`` is the kind of record that ``access_*`` must load."""
    if action not in ACTIONS:
        raise KeyError(f"There is no action called '{action}'. Actions are listed in people/rules.py.")
    return _mark(Declaration(Door.NEEDS, action=action, of=of), login_required=True)


def _mark(declaration: Declaration, *, login_required: bool) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.redway_declaration = declaration  # type: ignore[attr-defined]
        view.login_required = login_required  # type: ignore[attr-defined]
        return view

    return mark
