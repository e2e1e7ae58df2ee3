"""Changes to people and their roles: each is one transaction, permitted, and recorded.

``actor`` is None only on the command line, where whoever may run it owns the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from redway.core.identifiers import la_code
from redway.web.audit import services as audit
from redway.web.people import agreements, keys, permission
from redway.web.people.errors import PeopleError
from redway.web.people.looking_after import record_of_grant, require_account
from redway.web.people.models import ApiToken, Grant, OneTimeLink, Person, Step
from redway.web.people.roles import Role, ScopeKind, scopes_of
from redway.web.people.rules import Record

LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True)
class Place:
    """Where a role is held: an authority, or one school (``school`` is its continuing key) of it."""

    authority: str
    school: str = ""

    @property
    def scope(self) -> tuple[ScopeKind, str]:
        return (ScopeKind.SCHOOL, self.school) if self.school else (ScopeKind.AUTHORITY, self.authority)

    @property
    def record(self) -> Record:
        return Record("place", self.school or self.authority, self.authority, self.school or None)


@transaction.atomic
def invite_person(
    *, actor: Person | None, email: str, full_name: str, role: Role, place: Place, first_day: date
) -> tuple[Person, str]:
    """Make an account with its first role. Returns the person and the token of their one-time link.

    The token is not kept and cannot be had again. Raises PeopleError when the address is taken.
    """
    _require(actor, "people.manage", place.record)
    if Person.objects.filter(email=email.strip().lower()).exists():
        raise PeopleError(
            "Somebody with this email address has an account already.",
            "Find them in the list of people and give them the role there.",
        )
    person = Person.objects.create_user(email, full_name)
    audit.record(actor, "people.invite", "person", person.pk)
    _add_grant(actor, person, role, place, first_day, None)
    return person, _new_link(actor, person)


@transaction.atomic
def correct_person(*, actor: Person, person: Person, email: str, full_name: str) -> Person:
    """Correct a name or the address a person signs in with. A new address ends their sessions.

    Raises SecondNeededError, as do ``make_link`` and ``remove_second_factor``, for an account through which
    cases are reached, until another administrator has agreed.
    """
    require_account(actor, person)
    address = email.strip().lower()
    if address != person.email:
        agreements.use(actor=actor, person=person, step=Step.ADDRESS, address=address)
    if Person.objects.filter(email=address).exclude(pk=person.pk).exists():
        raise PeopleError("Somebody else signs in with this email address.", "Use another one.")
    moved = address != person.email
    person.email, person.full_name = address, full_name.strip()
    person.save(update_fields=["email", "full_name"])
    audit.record(actor, "people.correct", "person", person.pk, {"address_changed": moved})
    if moved:
        end_sessions(person)
    return person


@transaction.atomic
def give_role(
    *,
    actor: Person | None,
    person: Person,
    role: Role,
    place: Place,
    first_day: date,
    last_day: date | None = None,
) -> Grant:
    """Give a person a role in a place. Nobody gives a role to themselves. Raises PeopleError."""
    _require(actor, "people.manage", place.record)
    if actor is not None and actor.pk == person.pk:
        raise PeopleError("You cannot give a role to yourself.", "Ask another administrator to do it.")
    if not person.is_active:
        raise PeopleError("This person has left.", "Bring their account back first.")
    return _add_grant(actor, person, role, place, first_day, last_day)


@transaction.atomic
def end_role(*, actor: Person, grant: Grant, now: datetime) -> Grant:
    """End a role at once. When no role is left, the person's sessions end too."""
    permission.require(actor, "people.manage", record_of_grant(grant))
    if grant.ended_at is not None:
        return grant
    if Role(grant.role) is Role.ADMINISTRATOR:
        _keep_an_administrator(without=grant)
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    person = Person.objects.get(pk=grant.person_id)
    if not permission.roles_today(person):
        end_sessions(person)
    audit.record(actor, "people.end_role", "person", grant.person_id, _of_grant(grant))
    return grant


@transaction.atomic
def plan_end_of_role(*, actor: Person, grant: Grant, last_day: date | None) -> Grant:
    """Set, move or take away the last day of a role. It ends by itself after that day."""
    permission.require(actor, "people.manage", record_of_grant(grant))
    if last_day is not None and last_day < max(grant.first_day, permission.today()):
        raise PeopleError("The last day is in the past.", "Choose a later day, or end the role at once.")
    if last_day is not None and Role(grant.role) is Role.ADMINISTRATOR:
        _keep_an_administrator(without=grant)
    grant.last_day = last_day
    grant.save(update_fields=["last_day"])
    audit.record(actor, "people.plan_end_of_role", "person", grant.person_id, _of_grant(grant))
    return grant


@transaction.atomic
def end_person(*, actor: Person, person: Person, now: datetime) -> Person:
    """A person leaves: roles, sessions, tokens and links end at once. Nothing is deleted."""
    require_account(actor, person)
    if actor.pk == person.pk:
        raise PeopleError("You cannot end your own account.", "Ask another administrator to do it.")
    if not person.is_active:
        return person
    for grant in person.grants.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True):
        _keep_an_administrator(without=grant)
    person.grants.filter(ended_at__isnull=True).update(ended_at=now)
    person.one_time_links.filter(used_at__isnull=True).update(used_at=now)
    person.api_tokens.filter(ended_at__isnull=True).update(ended_at=now)
    person.is_active, person.left_at = False, now
    person.save(update_fields=["is_active", "left_at"])
    end_sessions(person)
    audit.record(actor, "people.end", "person", person.pk)
    return person


@transaction.atomic
def return_person(*, actor: Person, person: Person) -> Person:
    """A person comes back, without roles and without a password: both are given anew."""
    require_account(actor, person)
    person.is_active, person.left_at = True, None
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_at", "password"])
    audit.record(actor, "people.return", "person", person.pk)
    return person


@transaction.atomic
def make_link(*, actor: Person | None, person: Person) -> str:
    """A one-time link for setting a password, for those who have lost theirs. Earlier links end."""
    if actor is not None:
        require_account(actor, person)
    if not person.is_active:
        raise PeopleError("This person has left.", "Bring their account back first.")
    if actor is not None:
        agreements.use(actor=actor, person=person, step=Step.LINK)
    return _new_link(actor, person)


@transaction.atomic
def remove_second_factor(*, actor: Person | None, person: Person) -> None:
    """Remove a lost second factor with its recovery codes. The person signs in anew and sets one up."""
    if actor is not None:
        require_account(actor, person)
    if actor is not None and actor.pk == person.pk:
        raise PeopleError("You cannot do this for yourself.", "Ask another administrator to do it.")
    if actor is not None:
        agreements.use(actor=actor, person=person, step=Step.FACTOR)
    Authenticator.objects.filter(user_id=person.pk).delete()
    end_sessions(person)
    audit.record(actor, "people.remove_lost_factor", "person", person.pk)


def person_of_link(token: str, now: datetime) -> Person | None:
    """Whose link it is, while it can be used."""
    link = OneTimeLink.objects.select_related("person").filter(token_hash=keys.hash_of(token)).first()
    return link.person if link is not None and link.usable_at(now) and link.person.is_active else None


@transaction.atomic
def use_link(*, token: str, password: str, now: datetime) -> Person:
    """Set a password with a one-time link, which ends it. Raises PeopleError and ValidationError."""
    link = OneTimeLink.objects.select_for_update().filter(token_hash=keys.hash_of(token)).first()
    if link is None or not link.usable_at(now) or not link.person.is_active:
        raise PeopleError("This link has been used or is too old.", "Ask an administrator for a new one.")
    person = link.person
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    link.used_at = now
    link.save(update_fields=["used_at"])
    end_sessions(person)
    audit.record(person, "people.set_password", "person", person.pk, {"link": link.pk})
    return person


@transaction.atomic
def make_token(
    *, person: Person, label: str, reach: keys.TokenReach, days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A personal key for programs. Returns it with its text, which is not kept."""
    text = keys.new_token()
    token = ApiToken.objects.create(
        person=person,
        label=label.strip(),
        token_hash=keys.hash_of(text),
        reach=reach,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(person, "people.make_token", "token", token.pk, {"reach": reach.value, "days": days})
    return token, text


@transaction.atomic
def end_token(*, person: Person, token: ApiToken, now: datetime) -> None:
    """Withdraw a key. Only its owner does this; leaving does it for all."""
    if token.person_id != person.pk:
        raise PeopleError("This is not your token.", "Ask its owner to end it.")
    if token.ended_at is None:
        token.ended_at = now
        token.save(update_fields=["ended_at"])
        audit.record(person, "people.end_token", "token", token.pk)


@transaction.atomic
def end_sessions(person: Person) -> None:
    """Sign a person out everywhere, at once."""
    # Raising the epoch makes every session cookie invalid, whichever table or cache knows it.
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(known.values_list("session_key", flat=True))).delete()
    known.delete()


def _require(actor: Person | None, action: str, record: Record) -> None:
    if actor is not None:
        permission.require(actor, action, record)


def _add_grant(
    actor: Person | None, person: Person, role: Role, place: Place, first_day: date, last_day: date | None
) -> Grant:
    kind, key = place.scope
    if kind not in scopes_of(role):
        wanted = "a school" if ScopeKind.SCHOOL in scopes_of(role) else "an authority"
        raise PeopleError(f"The role {role.label} is held for {wanted}.", "Choose the place again.")
    if last_day is not None and last_day < first_day:
        raise PeopleError("A role cannot end before it begins.", "Check the two dates.")
    grant = Grant.objects.create(
        person=person,
        role=role,
        scope_kind=kind,
        scope_key=key,
        authority=la_code(place.authority),
        first_day=first_day,
        last_day=last_day,
        granted_by=actor,
    )
    permission.forget(person)
    audit.record(actor, "people.give_role", "person", person.pk, _of_grant(grant))
    return grant


def _of_grant(grant: Grant) -> dict[str, str | int]:
    details: dict[str, str | int] = {
        "grant": grant.pk,
        "role": str(grant.role),
        "scope": f"{grant.scope_kind} {grant.scope_key}".strip(),
        "first_day": grant.first_day.isoformat(),
    }
    return details | ({"last_day": grant.last_day.isoformat()} if grant.last_day else {})


def _keep_an_administrator(without: Grant) -> None:
    today = timezone.localdate()
    others = Grant.objects.filter(role=Role.ADMINISTRATOR, person__is_active=True, last_day__isnull=True)
    if not any(grant.holds_on(today) for grant in others.exclude(pk=without.pk)):
        raise PeopleError(
            "This is the last administrator: nobody could give roles any more.",
            "Make somebody else an administrator first.",
        )


def _new_link(actor: Person | None, person: Person) -> str:
    token = keys.new_token()
    now = timezone.now()
    person.one_time_links.filter(used_at__isnull=True).update(used_at=now)
    link = OneTimeLink.objects.create(
        person=person,
        token_hash=keys.hash_of(token),
        made_by=actor,
        made_at=now,
        expires_at=now + LINK_LASTS,
    )
    audit.record(actor, "people.make_link", "person", person.pk, {"link": link.pk})
    return token
