"""Coming in, going out and changes of keys are recorded, whichever way they happened."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver

from redway.web.audit import services as audit
from redway.web.people.models import Person


def _note(person: Person, verb: str, **details: Any) -> None:
    with transaction.atomic():
        audit.record(person, verb, "person", person.pk, details)


@receiver(user_logged_in)
def _signed_in(user: Person, **kwargs: Any) -> None:
    login = kwargs.get("sociallogin")
    _note(user, "people.sign_in", way="council account" if login is not None else "password")


@receiver(user_logged_out)
def _signed_out(user: Person | None, **kwargs: Any) -> None:
    if user is not None:
        _note(user, "people.sign_out")


@receiver(password_changed)
def _password_changed(user: Person, **kwargs: Any) -> None:
    _note(user, "people.change_password")


@receiver(authenticator_added)
def _factor_added(user: Person, authenticator: Any, **kwargs: Any) -> None:
    _note(user, "people.add_second_factor", kind=str(authenticator.type))


@receiver(authenticator_removed)
def _factor_removed(user: Person, authenticator: Any, **kwargs: Any) -> None:
    _note(user, "people.remove_second_factor", kind=str(authenticator.type))


@receiver(authenticator_reset)
def _codes_made(user: Person, authenticator: Any, **kwargs: Any) -> None:
    _note(user, "people.make_recovery_codes", kind=str(authenticator.type))
