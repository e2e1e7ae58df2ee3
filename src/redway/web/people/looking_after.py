"""Which administrators look after which people and accounts: those of the places in which roles are held."""

from __future__ import annotations

from django.http import Http404

from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.rules import Record


def require_person(actor: permission.Asker, action: str, person: Person) -> None:
    """The actor may do this to that person: some role of theirs lies in a place the actor looks after."""
    records = records_of(person)
    if not any(permission.decide(actor, action, record) for record in records):
        permission.require(actor, action, records[0])


def require_account(actor: permission.Asker, person: Person) -> None:
    """The actor looks after every place in which the person holds a role, or held one if none is left.

    What is done to an account (a link to a new password, another address, its end) is done in all its places;
    an administrator of one of them must not come into the others by it.
    """
    if not may_manage_account(actor, person):
        raise Http404("no administrator of every place in which this person holds a role")


def may_manage_account(actor: permission.Asker, person: Person) -> bool:
    """See :func:`require_account`."""
    today = permission.today()
    held = [
        grant
        for grant in person.grants.all()
        if grant.ended_at is None and (grant.last_day is None or grant.last_day >= today)
    ]
    if held:
        return all(permission.decide(actor, "people.manage", record_of_grant(grant)) for grant in held)
    return any(permission.decide(actor, "people.manage", record) for record in records_of(person))


def record_of_grant(grant: Grant) -> Record:
    """A role as permission sees it: its person, in the place it is held for."""
    return Record("person", str(grant.person_id), authority=grant.authority)


def records_of(person: Person) -> list[Record]:
    """A person lies in every authority in which they hold or held a role; in none before they hold one."""
    authorities = sorted({grant.authority for grant in person.grants.all()})
    return [Record("person", str(person.pk), authority=number) for number in authorities] or [
        Record("person", str(person.pk))
    ]
