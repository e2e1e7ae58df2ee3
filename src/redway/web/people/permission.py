"""The one choke point: every question "may this person do this to this record?" ends here.

Views get their objects through the ``access_*`` functions, which load and decide in one step and
answer 404 to strangers, so that nobody learns whether a record exists. The table is in ``rules.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone

from redway.web.people import rules
from redway.web.people.declarations import Door, declaration_of
from redway.web.people.models import Person
from redway.web.people.roles import Role, ScopeKind
from redway.web.people.rules import NOBODY, Decision, Held, Holder, Record, Visible

Asker = HttpRequest | Person | AnonymousUser
TURNED_AWAY: list[Callable[[Person, str, Mapping[str, Any]], None]] = []
"""What is told when no role lets somebody open a page: who, the kind of record, the parts of its address."""


def today() -> date:
    """The day in England, on which grants are judged."""
    return timezone.localdate()


def holder_of(asker: Asker) -> Holder:
    """The person as the rule sees them. One query for each person object, then remembered on it."""
    person = asker.user if isinstance(asker, HttpRequest) else asker
    if not isinstance(person, Person) or not person.is_active or person.pk is None:
        return NOBODY
    known = person.__dict__.get("_holder")
    if isinstance(known, Holder):
        return known
    held = tuple(
        Held(Role(role), ScopeKind(scope_kind), scope_key, first_day, last_day)
        for role, scope_kind, scope_key, first_day, last_day in person.grants.filter(
            ended_at__isnull=True
        ).values_list("role", "scope_kind", "scope_key", "first_day", "last_day")
    )
    holder = Holder(person.pk, held, person.limited_to)
    person.__dict__["_holder"] = holder
    return holder


def forget(person: Person) -> None:
    """Read the person's roles anew when they are next asked for: they, or what narrows them, have changed."""
    person.__dict__.pop("_holder", None)


def roles_today(asker: Asker) -> frozenset[Role]:
    """The roles a person holds today, wherever they hold them."""
    return frozenset(grant.role for grant in holder_of(asker).held_on(today()))


def own_authority(asker: Asker) -> str:
    """Number of the one authority in which they hold all their roles of authorities today; else empty."""
    held = holder_of(asker).held_on(today())
    authorities = {grant.scope_key for grant in held if grant.scope_kind is ScopeKind.AUTHORITY}
    return authorities.pop() if len(authorities) == 1 else ""


def decide(asker: Asker, action: str, record: Record | None = None) -> Decision:
    """May they take this action on this record today? See :func:`redway.web.people.rules.decide`."""
    decision = rules.decide(holder_of(asker), action, record, today())
    if isinstance(asker, HttpRequest) and decision and record is not None:
        _note(asker, action, record.kind)
    return decision


def visible(asker: Asker, action: str) -> Visible:
    """What a list may show this person today."""
    return rules.visible(holder_of(asker), action, today())


def topics(asker: Asker, action: str, record: Record) -> frozenset[str] | None:
    """Subjects on which they may see figures about this record; None means every subject."""
    return rules.topics(holder_of(asker), action, record, today())


def require(asker: Asker, action: str, record: Record | None = None) -> Decision:
    """Like :func:`decide`, but a refusal is a 404: a stranger does not learn what exists."""
    decision = decide(asker, action, record)
    if not decision:
        raise Http404(decision.reason)
    return decision


def turn_away(request: HttpRequest, of: str, address: Mapping[str, Any]) -> None:
    """Tell the rooms that somebody is turned away before any view is asked."""
    if isinstance(request.user, Person):
        for told in TURNED_AWAY:
            told(request.user, of, address)


def may_open(asker: Asker, url_name: str, *args: Any) -> bool:
    """May they open the page with this URL name? For showing a link only to those it works for."""
    try:
        view = resolve(reverse(url_name, args=args)).func
    except (NoReverseMatch, Resolver404):
        return False
    declared = declaration_of(view)
    if declared is None:
        return False
    match declared.door:
        case Door.PUBLIC:
            return True
        case Door.SIGNED_IN:
            return bool(holder_of(asker).held_on(today())) or (
                declared.without_role and holder_of(asker) is not NOBODY
            )
        case Door.NEEDS:
            return bool(decide(asker, declared.action))


def _note(request: HttpRequest, action: str, kind: str) -> None:
    noted: set[tuple[str, str]] = request.__dict__.setdefault("_redway_decided", set())
    noted.add((action, kind))


def was_decided(request: HttpRequest, action: str, kind: str) -> bool:
    """Did this request allow that action on a record of that kind?"""
    return (action, kind) in request.__dict__.get("_redway_decided", set())
