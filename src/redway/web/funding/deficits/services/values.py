"""Numbers that an authority settles itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.funding.local_values import national_values, own_value
from redway.web.audit import services as audit
from redway.web.funding.deficits.models import (
    OwnValue,
)
from redway.web.funding.deficits.records import DeficitRefused
from redway.web.funding.deficits.services.changing import require
from redway.web.funding.deficits.values_of import SUBJECTS
from redway.web.people.models import Person
from redway.web.register.models import Authority


@transaction.atomic
def settle_value(
    *,
    actor: Person,
    authority: Authority,
    subject: str,
    name: str,
    value: Decimal | None,
    first_day: date,
    reason: str,
) -> OwnValue:
    """Put an authority's own number over a national one from a day on; None puts the national one back.

    Raises ValuesError for a name that is not held, RulesRefused for a number that cannot be one.
    """
    require(actor, "deficit.keep", authority)
    if subject not in SUBJECTS:
        raise DeficitRefused(f"There are no values about '{subject}'.", "Choose one from the page.")
    return put_own_value(
        actor=actor,
        authority=authority,
        subject=subject,
        name=name,
        value=value,
        first_day=first_day,
        reason=reason,
        verb="deficit.settle_value",
    )


@transaction.atomic
def put_own_value(
    *,
    actor: Person,
    authority: Authority,
    subject: str,
    name: str,
    value: Decimal | None,
    first_day: date,
    reason: str,
    verb: str,
) -> OwnValue:
    """The same for any subject, without asking who may: whoever calls it has asked.

    Raises ValuesError, RulesRefused and DeficitRefused as above.
    """
    if value is not None:
        own_value(national_values(subject), name, value, first_day)
    if not reason.strip():
        raise DeficitRefused("It is not said who settled the number.", "Name the decision it comes from.")
    made = OwnValue.objects.create(
        authority=authority.number,
        subject=subject,
        name=name,
        value=value,
        first_day=first_day,
        reason=reason.strip(),
        at=timezone.now(),
        by=actor,
    )
    details = {"name": name, "value": str(value) if value is not None else "", "from": first_day.isoformat()}
    audit.record(actor, verb, "authority", authority.number, details)
    return made
