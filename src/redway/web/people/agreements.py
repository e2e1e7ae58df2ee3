"""Two administrators for what lets somebody into an account through which cases are reached.

A new link, another address or the loss of a second factor would let whoever does it in alone. So one
administrator asks, another agrees, and the first one then does it, once and within a day. The owner of the
account is told on their first page and can turn it down.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.errors import PeopleError
from redway.web.people.looking_after import may_manage_account, require_account
from redway.web.people.models import Agreement, Grant, Person, Step
from redway.web.people.roles import Role
from redway.web.people.rules import TABLE

AGREEMENT_LASTS = timedelta(days=1)
SETTLED_AFTER = timedelta(days=7)
"""So long somebody must have been an administrator to be the second: nobody makes one up for the day."""
GUARDED = frozenset(
    role for role, rules in TABLE.items() if any(action.startswith("allegation.") for action in rules)
)
"""Roles through which cases, or what is referred, are reached."""


class SecondNeededError(PeopleError):
    """Another administrator has not agreed to it yet."""


def is_guarded(person: Person) -> bool:
    """Whether it takes two: they hold or held such a role, and have used their account or set a password.

    A role that was ended to get round this counts as well. An account nobody has used yet holds nothing.
    """
    unused = person.last_login is None and not person.has_usable_password()
    return not unused and any(grant.role in GUARDED for grant in person.grants.all())


def seconds_for(asker: Person, person: Person, now: datetime) -> list[Person]:
    """The administrators who could agree with another one: of all the person's places, for a week."""
    settled = Grant.objects.filter(
        role=Role.ADMINISTRATOR, ended_at__isnull=True, granted_at__lte=now - SETTLED_AFTER
    ).exclude(person__in=(asker.pk, person.pk))
    others = Person.objects.filter(is_active=True, pk__in=settled.values("person"))
    return [one for one in others.prefetch_related("grants") if may_manage_account(one, person)]


@transaction.atomic
def ask(*, actor: Person, person: Person, step: Step, address: str = "") -> Agreement:
    """Ask another administrator to agree to a step. Raises PeopleError where there is no other."""
    require_account(actor, person)
    now = timezone.now()
    if not seconds_for(actor, person, now):
        raise PeopleError(
            "It takes two administrators to get into this account, and nobody else could agree today.",
            "Make somebody else an administrator: they can agree after a week. Or let whoever keeps the "
            "server make a link: redway people link.",
        )
    _waiting_about(person, now).filter(asked_by=actor, step=step).update(ended_at=now)
    made = Agreement.objects.create(person=person, step=step, address=address, asked_by=actor, asked_at=now)
    audit.record(actor, "people.ask_second", "person", person.pk, {"agreement": made.pk, "step": step})
    return made


@transaction.atomic
def agree(*, actor: Person, agreement: Agreement) -> Agreement:
    """A second administrator agrees; whoever asked may now do it."""
    now = timezone.now()
    found = _open(agreement, now)
    require_account(actor, found.person)
    if actor.pk == found.asked_by_id:
        raise PeopleError("You asked for it yourself.", "Another administrator has to agree.")
    if actor not in seconds_for(found.asked_by, found.person, now):
        raise PeopleError(
            "You cannot agree to this.",
            "Somebody has to agree who has been an administrator for a week, and whose account it is not.",
        )
    if found.agreed_by_id is not None:
        raise PeopleError("It was agreed already.", "Whoever asked can do it now.")
    found.agreed_by = actor
    found.save(update_fields=["agreed_by"])
    audit.record(actor, "people.agree_second", "person", found.person_id, {"agreement": found.pk})
    return found


@transaction.atomic
def turn_down(*, actor: Person, agreement: Agreement) -> None:
    """It is not to be done: an administrator says so, or the owner of the account."""
    found = _open(agreement, timezone.now())
    if actor.pk != found.person_id:
        require_account(actor, found.person)
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    audit.record(actor, "people.turn_down_second", "person", found.person_id, {"agreement": found.pk})


def use(*, actor: Person, person: Person, step: Step, address: str = "") -> None:
    """Use up what a second administrator agreed to. Call it in the transaction of the step itself.

    Does nothing for an account that is not guarded. Raises SecondNeededError.
    """
    if not is_guarded(person):
        return
    now = timezone.now()
    held = _waiting_about(person, now).select_for_update()
    found = held.filter(asked_by=actor, step=step, address=address, agreed_by__isnull=False).first()
    if found is None:
        raise SecondNeededError(
            "It takes two administrators to get into this account.",
            "Ask another administrator to agree.",
        )
    found.ended_at = now
    found.save(update_fields=["ended_at"])


def waiting_for(actor: Person) -> list[Agreement]:
    """What others have asked that this administrator could agree to."""
    if not permission.decide(actor, "people.manage"):
        return []
    now = timezone.now()
    held = _waiting(now).filter(agreed_by__isnull=True).exclude(asked_by=actor)
    read = held.select_related("person", "asked_by").order_by("asked_at")
    return [one for one in read if actor in seconds_for(one.asked_by, one.person, now)]


def about(person: Person) -> QuerySet[Agreement]:
    """What was asked or agreed about an account and has not been done."""
    return _waiting_about(person, timezone.now()).select_related("asked_by", "agreed_by").order_by("asked_at")


def access_agreement(person: Person, number: int) -> Agreement:
    """One agreement about an account, while it is open. 404 for what is not there."""
    found = about(person).filter(pk=number).first()
    if found is None:
        raise Http404("There is no such agreement.")
    return found


def _open(agreement: Agreement, now: datetime) -> Agreement:
    held = _waiting(now).select_for_update(of=("self",)).select_related("person", "asked_by")
    found = held.filter(pk=agreement.pk).first()
    if found is None:
        raise PeopleError("It was done, turned down or is too old.", "Ask again if it is still needed.")
    return found


def _waiting(now: datetime) -> QuerySet[Agreement]:
    return Agreement.objects.filter(Q(ended_at__isnull=True), asked_at__gt=now - AGREEMENT_LASTS)


def _waiting_about(person: Person, now: datetime) -> QuerySet[Agreement]:
    return _waiting(now).filter(person=person)
