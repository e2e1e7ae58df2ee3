"""Localities: areas an authority defines for its own work, and the schools it puts in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from redway.core.errors import NotFound, RedwayError
from redway.web.audit.services import record
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record
from redway.web.register.models import Locality, School
from redway.web.register.queries import localities_of

ACTION = "locality.edit"


class RegisterError(RedwayError):
    """A change of what an authority adds to the register that cannot be made."""


def define_locality(*, authority: str, name: str, actor: Person) -> Locality:
    """Define an area of an authority. Raises RegisterError when it has one of that name."""
    permission.require(actor, ACTION, Record("authority", authority, authority=authority))
    locality = Locality(authority=authority, name=_sound(name))
    _keep(locality, "register.locality_define", actor)
    return locality


def rename_locality(*, locality: Locality, name: str, actor: Person) -> Locality:
    """Give an area another name; its schools stay in it. Raises RegisterError when the name is taken."""
    _allow(actor, locality)
    locality.name = _sound(name)
    _keep(locality, "register.locality_rename", actor)
    return locality


def withdraw_locality(*, locality: Locality, reason: str, actor: Person) -> Locality:
    """Stop using an area: its schools are in none from now on. The area and the reason are kept.

    Raises RegisterError without a reason, and for an area that is withdrawn already.
    """
    _allow(actor, locality)
    if not (reason := reason.strip()):
        raise RegisterError(
            "A reason is needed.", "Say in a few words why the locality is not used any more."
        )
    with transaction.atomic():
        keys = sorted(locality.schools.values_list("key", flat=True))
        ended = Locality.objects.filter(pk=locality.pk, withdrawn_at__isnull=True).update(
            withdrawn_at=timezone.now(), withdrawn_reason=reason[:300]
        )
        if not ended:
            raise RegisterError("The locality is withdrawn already.", "See the list of localities.")
        locality.schools.update(locality=None)
        record(actor, "register.locality_withdraw", "locality", locality.pk, {"schools": keys})
    locality.refresh_from_db()
    return locality


def assign_schools(*, locality: Locality, keys: Sequence[str], actor: Person) -> int:
    """Put these schools in an area of their authority; they leave the area they were in.

    Returns how many. Raises NotFound for a key that is no school of the authority.
    """
    _allow(actor, locality)
    with transaction.atomic():
        schools = School.objects.filter(key__in=keys, authority=locality.authority, gone_to="")
        if missing := sorted(set(keys) - set(schools.values_list("key", flat=True))):
            raise NotFound(
                f"{_listed(missing)} is no school of authority {locality.authority}.",
                "Choose schools of the area's own authority.",
            )
        moved = schools.update(locality=locality)
        record(actor, "register.locality_assign", "locality", locality.pk, {"schools": sorted(keys)})
    return moved


def release_schools(*, locality: Locality, keys: Sequence[str], actor: Person) -> int:
    """Take these schools out of an area; those that are not in it stay where they are. Returns how many."""
    _allow(actor, locality)
    with transaction.atomic():
        inside = School.objects.filter(key__in=keys, locality=locality)
        released = sorted(inside.values_list("key", flat=True))
        inside.update(locality=None)
        record(actor, "register.locality_release", "locality", locality.pk, {"schools": released})
    return len(released)


@transaction.atomic
def change_schools(
    *, locality: Locality, put_in: Sequence[str], take_out: Sequence[str], actor: Person
) -> tuple[int, int]:
    """Put schools in and take schools out at once; gives how many of each. Raises as ``assign_schools``."""
    came = assign_schools(locality=locality, keys=put_in, actor=actor) if put_in else 0
    went = release_schools(locality=locality, keys=take_out, actor=actor) if take_out else 0
    return came, went


def record_of(locality: Locality) -> Record:
    """A locality as permission sees it."""
    return Record("locality", str(locality.pk), authority=locality.authority)


def _allow(actor: Person, locality: Locality) -> None:
    permission.require(actor, ACTION, record_of(locality))


def _sound(name: str) -> str:
    name = " ".join(name.split())[:100]
    if not name:
        raise RegisterError("A locality needs a name.", "Type a name, such as North cluster.")
    return name


def _keep(locality: Locality, verb: str, actor: Person) -> None:
    """Save an area under its name, with the audit entry. Raises RegisterError when another has the name."""
    taken = RegisterError(f"There is already a locality called {locality.name}.", "Choose another name.")
    if localities_of(locality.authority).exclude(pk=locality.pk).filter(name__iexact=locality.name).exists():
        raise taken
    try:
        with transaction.atomic():
            locality.save()
            # Names are words and may be corrected; the trail holds keys.
            record(actor, verb, "locality", locality.pk, {"authority": locality.authority})
    except IntegrityError:
        # Somebody else took the name between the look and the saving.
        raise taken from None


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(keys)
