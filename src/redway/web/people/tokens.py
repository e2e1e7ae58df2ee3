"""Whom a personal token stands for."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from redway.web.people import keys, permission
from redway.web.people.models import ApiToken, Person


def person_of_token(text: str, now: datetime) -> Person | None:
    """The owner, narrowed to what the token is good for; None for any token that cannot be used now."""
    token = ApiToken.objects.select_related("person").filter(token_hash=keys.hash_of(text)).first()
    if token is None or token.ended_at is not None or token.expires_at <= now or not token.person.is_active:
        return None
    if not permission.roles_today(token.person):
        return None
    day = timezone.localdate(now)
    if token.last_used_on != day:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=day)
    person = token.person
    permission.forget(person)
    person.limited_to = keys.TokenReach(token.reach).actions
    return person
