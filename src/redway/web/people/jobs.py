"""Upkeep of accounts, done every hour: what has run out is dropped."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from redway.web.jobs.registry import hourly
from redway.web.people import throttle
from redway.web.people.models import SharedCacheEntry


@hourly
@transaction.atomic
def drop_what_has_run_out(now: datetime) -> None:
    """Sessions, counts of failed sign-ins and shared cache entries whose time is over."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    SharedCacheEntry.objects.filter(expires__lt=now).delete()
    throttle.drop_old(now)
