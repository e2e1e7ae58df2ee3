"""The way to the plan and the board: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest

from redway.web.improvement.board.models import Action, Meeting, Objective
from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.permission import Asker
from redway.web.people.roles import ScopeKind
from redway.web.people.rules import TABLE, Record
from redway.web.register.models import Authority
from redway.web.register.queries import authority_names

KIND = "improvement plan"


def plan_record(number: str) -> Record:
    """The plan and board of an authority as permission sees them."""
    return Record(KIND, number, authority=number)


def plans_of(asker: Asker, action: str = "plan.view") -> dict[str, str]:
    """Number -> name of the authorities whose plan is open to them, by name."""
    numbers = permission.visible(asker, action).authorities
    named = authority_names(numbers)
    return dict(sorted(((number, named.get(number, number)) for number in numbers), key=lambda one: one[1]))


def access_plan(request: HttpRequest, number: str, action: str) -> Authority:
    """The authority whose plan it is, for those who may take the action on it."""
    permission.require(request, action, plan_record(number))
    found = Authority.objects.filter(number=number).first()
    if found is None:
        raise Http404("There is no such authority.")
    return found


def access_objective(request: HttpRequest, key: UUID, action: str) -> Objective:
    """An objective, for those who may."""
    found = Objective.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such objective.")
    permission.require(request, action, plan_record(found.authority))
    return found


def access_action(request: HttpRequest, key: UUID, action: str) -> Action:
    """An action of a plan, for those who may."""
    related = ("objective", "owner", "sponsor", "measure")
    found = Action.objects.select_related(*related).filter(pk=key).first()
    if found is None:
        raise Http404("There is no such action.")
    permission.require(request, action, plan_record(found.objective.authority))
    return found


def access_meeting(request: HttpRequest, key: UUID, action: str) -> Meeting:
    """A meeting of the board, for those who may."""
    found = Meeting.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such meeting.")
    permission.require(request, action, plan_record(found.authority))
    return found


def people_of(number: str, action: str = "plan.rate") -> list[Person]:
    """Those who may take an action on the plan of the authority today, by name.

    Whoever may rate an action may own or sponsor one.
    """
    today = permission.today()
    roles = [role.value for role, may in TABLE.items() if action in may]
    held = Q(last_day__isnull=True) | Q(last_day__gte=today)
    grants = Grant.objects.filter(held, role__in=roles, first_day__lte=today, ended_at__isnull=True)
    holders = grants.filter(scope_kind=ScopeKind.AUTHORITY.value, scope_key=number).values("person")
    return list(Person.objects.filter(is_active=True, pk__in=holders).order_by("full_name"))
