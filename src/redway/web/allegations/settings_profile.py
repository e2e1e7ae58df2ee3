"""What an authority settles for its own cases: rules, who receives referrals, reminders, what is recent."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from redway.allegations.editions import profiles
from redway.core.words import listed
from redway.web.allegations.models import LocalProfile
from redway.web.allegations.services.changing import ChangedMeanwhileError, refuse
from redway.web.allegations.services.referrals import officers_of
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

MOST_DAYS, MOST_YEARS = 28, 50


@transaction.atomic
def save_profile(
    *,
    actor: Person,
    authority: str,
    revision: int,
    profile: str,
    receiving: Collection[Person],
    told_within_days: int,
    recent_within_years: int,
) -> LocalProfile:
    """Settle the local profile. Cases that are open keep the rules with which they were opened.

    ``receiving`` empty means that every designated officer of the authority receives referrals. Raises
    ChangeRefusedError, and ChangedMeanwhileError when somebody settled it after ``revision``.
    """
    permission.require(actor, "allegation.settings", Record("authority", authority, authority))
    LocalProfile.objects.get_or_create(authority=authority)
    kept = LocalProfile.objects.select_for_update().get(authority=authority)
    if kept.revision != revision:
        raise ChangedMeanwhileError(())
    officers = officers_of(authority)
    strangers = [one.full_name for one in receiving if one not in officers]
    refuse(
        [
            "" if profile in profiles() else f"There are no local rules called '{profile}'.",
            f"{listed(strangers)} cannot receive referrals here: no designated officer." if strangers else "",
            "" if 1 <= told_within_days <= MOST_DAYS else f"The reminder comes after 1 to {MOST_DAYS} days.",
            ""
            if 1 <= recent_within_years <= MOST_YEARS
            else f"What is recent lies within 1 to {MOST_YEARS} years.",
        ]
    )
    kept.profile = profile
    kept.told_within_days, kept.recent_within_years = told_within_days, recent_within_years
    kept.revision += 1
    kept.save()
    kept.receiving.set(receiving)
    audit.record(
        actor,
        "allegation.settle_profile",
        "authority",
        authority,
        {
            "revision": kept.revision,
            "profile": profile,
            "receiving": sorted(one.pk for one in receiving),
            "told_within_days": told_within_days,
            "recent_within_years": recent_within_years,
        },
    )
    return kept
