"""Applications for licensed deficits, decisions and monthly returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.core.money import Money
from redway.core.words import day_in_words
from redway.funding.deficits import Level, level_for, month_in_words, next_month
from redway.funding.recovery import PlanYear as YearOfPlan
from redway.funding.recovery import RecoveryPlan, may_be_granted
from redway.web.audit import services as audit
from redway.web.funding.deficits.access import answers_to_authority, record_of_school
from redway.web.funding.deficits.models import (
    OPEN_STAGES,
    Licence,
    LicenceEntry,
    MonthlyReturn,
    PlanYear,
    Stage,
)
from redway.web.funding.deficits.records import DeficitRefused, checks_of, plan_of
from redway.web.funding.deficits.services.changing import ChangedMeanwhile
from redway.web.funding.deficits.values_of import rules_for
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.roles import Role
from redway.web.register.models import School


@dataclass(frozen=True)
class Application:
    """What a school writes: how the deficit arose, and the way back."""

    brought_forward: Money
    causes: str
    exceptional_because: str
    years: tuple[YearOfPlan, ...]


@transaction.atomic
def save_application(
    *, actor: Person, school: School, licence: Licence | None, revision: int, written: Application, send: bool
) -> Licence:
    """Keep what is written for later, or send it. ``licence`` None begins a new application.

    What was sent back is written again as the next version of its plan. Raises ChangedMeanwhile and
    DeficitRefused.
    """
    permission.require(actor, "deficit.apply", record_of_school(school.key))
    if not answers_to_authority(school):
        raise DeficitRefused(
            "An academy's deficit is not for its authority to license.",
            "Speak to the academy trust, which answers to the Department for Education.",
        )
    found = _begun(actor, school) if licence is None else _locked(licence, revision)
    if found.stage not in (Stage.DRAFT, Stage.RETURNED):
        raise DeficitRefused("This application has been sent.", "Withdraw it to write another.")
    number = found.plan_number + 1
    found.brought_forward_pence = written.brought_forward.pence
    found.causes, found.exceptional_because = written.causes.strip(), written.exceptional_because.strip()
    found.plan_years.filter(number=number).delete()
    PlanYear.objects.bulk_create(
        [
            PlanYear(
                licence=found,
                number=number,
                year=one.year,
                income_pence=one.income.pence,
                spending_pence=one.spending.pence,
                savings=one.savings.strip(),
            )
            for one in written.years
        ]
    )
    if send:
        _send(actor, found, number)
    _store(found)
    verb = "deficit.apply" if send else "deficit.save_draft"
    audit.record(actor, verb, "licence", found.pk, _of(found))
    return found


def _begun(actor: Person, school: School) -> Licence:
    if Licence.objects.filter(school=school.key, stage__in=OPEN_STAGES).exists():
        raise DeficitRefused(
            "The school has an application or a licence already.", "Open it from the school's page."
        )
    return Licence.objects.create(
        authority=school.authority,
        school=school.key,
        stage=Stage.DRAFT,
        revision=0,
        brought_forward_pence=0,
        begun_at=timezone.now(),
        begun_by=actor,
    )


def _send(actor: Person, found: Licence, number: int) -> None:
    plan = plan_of(found, number)
    if plan is None or not found.causes:
        raise DeficitRefused(
            "An application says how the deficit arose and holds a plan.", "Fill in both before you send it."
        )
    rules = rules_for(found.authority, permission.today())
    checks = checks_of(found, plan, rules)
    found.plan_number, found.stage = number, Stage.APPLIED
    _enter(actor, found, LicenceEntry.Kind.APPLIED, "", checks, level_for(plan.deepest, rules))


@dataclass(frozen=True)
class Decision:
    """What is decided on an application: the kind of entry, its reasons, and the conditions of a licence."""

    kind: LicenceEntry.Kind
    reasons: str
    conditions: str = ""
    first_month: date | None = None


@transaction.atomic
def decide(*, actor: Person, licence: Licence, revision: int, decision: Decision) -> Licence:
    """License, refuse or send back. The deepest deficit of the plan says who may.

    Raises DeficitRefused where the checks forbid a licence, or where the amount asks for the director.
    """
    permission.require(actor, "deficit.decide", record_of_school(licence.school))
    found = _locked(licence, revision)
    if found.stage != Stage.APPLIED:
        raise DeficitRefused("Nothing waits for a decision.", "Open the application to see how it stands.")
    rules, plan = rules_for(found.authority, permission.today()), _plan(found)
    level = level_for(plan.deepest, rules)
    if level is Level.DIRECTOR and Level.DIRECTOR not in levels_of(actor, found.school):
        raise DeficitRefused(
            f"The deepest deficit of the plan is {-plan.deepest}: the {level.value} decides.",
            "Ask the director to open this page.",
        )
    if not decision.reasons.strip():
        raise DeficitRefused("The reasons are missing.", "Say why it is decided so.")
    checks = checks_of(found, plan, rules)
    match decision.kind:
        case LicenceEntry.Kind.GRANTED:
            if not may_be_granted(checks):
                blocked = next(check for check in checks if check.blocks)
                raise DeficitRefused(f"It cannot be licensed: {blocked.words}", "Send it back, or refuse it.")
            found.stage = Stage.GRANTED
            found.conditions = decision.conditions.strip()
            found.first_month = (decision.first_month or next_month(permission.today())).replace(day=1)
        case LicenceEntry.Kind.REFUSED:
            found.stage = Stage.REFUSED
        case LicenceEntry.Kind.RETURNED:
            found.stage = Stage.RETURNED
        case _:
            raise DeficitRefused(f"'{decision.kind}' is no decision.", "Choose one of the form.")
    words = "\n".join(part for part in (decision.reasons.strip(), found.conditions) if part)
    _enter(actor, found, decision.kind, words, checks, level)
    _store(found)
    audit.record(actor, "deficit.decide", "licence", found.pk, _of(found) | {"level": level.value})
    return found


@transaction.atomic
def withdraw(*, actor: Person, licence: Licence, revision: int, reason: str) -> Licence:
    """Take an application back that has not been decided, with a reason."""
    permission.require(actor, "deficit.apply", record_of_school(licence.school))
    found = _locked(licence, revision)
    if found.stage not in (Stage.DRAFT, Stage.APPLIED, Stage.RETURNED):
        raise DeficitRefused("It has been decided and cannot be withdrawn.", "Speak to the finance officer.")
    if not reason.strip():
        raise DeficitRefused("The reason is missing.", "Say why it is withdrawn.")
    found.stage = Stage.WITHDRAWN
    _enter(actor, found, LicenceEntry.Kind.WITHDRAWN, reason.strip())
    _store(found)
    audit.record(actor, "deficit.withdraw", "licence", found.pk, _of(found))
    return found


@transaction.atomic
def record_clear(*, actor: Person, licence: Licence, revision: int, on: date, words: str) -> Licence:
    """Write down that a licensed deficit is clear; no return is asked for after that day."""
    permission.require(actor, "deficit.keep", record_of_school(licence.school))
    found = _locked(licence, revision)
    if found.stage != Stage.GRANTED:
        raise DeficitRefused("No deficit is licensed.", "Open the school's page to see how it stands.")
    if on > permission.today():
        raise DeficitRefused(f"{day_in_words(on)} has not come yet.", "Enter the day it was clear.")
    found.stage, found.cleared_on = Stage.CLEARED, on
    _enter(actor, found, LicenceEntry.Kind.CLEARED, words.strip())
    _store(found)
    audit.record(actor, "deficit.record_clear", "licence", found.pk, _of(found) | {"on": on.isoformat()})
    return found


@dataclass(frozen=True)
class Returned:
    """What a school reports for one month."""

    month: date
    income: Money
    spending: Money
    forecast: Money
    words: str


@transaction.atomic
def send_return(*, actor: Person, licence: Licence, revision: int, returned: Returned) -> MonthlyReturn:
    """Send the return of a month that is over. A second one for the same month corrects the first."""
    permission.require(actor, "deficit.apply", record_of_school(licence.school))
    found = _locked(licence, revision)
    if found.stage != Stage.GRANTED or found.first_month is None:
        raise DeficitRefused("No deficit is licensed, so no return is asked for.", "Open the school's page.")
    month = returned.month.replace(day=1)
    if month < found.first_month or next_month(month) > permission.today():
        raise DeficitRefused(
            f"No return is asked for {month_in_words(month)}.", "Choose a month from the list of returns."
        )
    made = MonthlyReturn.objects.create(
        licence=found,
        month=month,
        income_pence=returned.income.pence,
        spending_pence=returned.spending.pence,
        forecast_pence=returned.forecast.pence,
        words=returned.words.strip(),
        at=timezone.now(),
        by=actor,
    )
    _store(found)
    audit.record(actor, "deficit.send_return", "licence", found.pk, _of(found) | {"month": month.isoformat()})
    return made


def levels_of(actor: Person, school: str) -> frozenset[Level]:
    """The levels on which somebody may decide on a school's application today."""
    record = record_of_school(school)
    if not permission.decide(actor, "deficit.decide", record):
        return frozenset()
    held = permission.holder_of(actor).held_on(permission.today())
    roles = {grant.role for grant in held if grant.contains(record)}
    return frozenset(Level) if Role.DIRECTOR in roles else frozenset({Level.OFFICER})


def _locked(licence: Licence, revision: int) -> Licence:
    found = Licence.objects.select_for_update().get(pk=licence.pk)
    if found.revision != revision:
        raise ChangedMeanwhile(_what_is_new(found))
    return found


def _what_is_new(found: Licence) -> str:
    entry = found.entries.select_related("by").last()
    sent = found.returns.select_related("by").order_by("at").last()
    newest: Any = sent if sent and (entry is None or sent.at >= entry.at) else entry
    if newest is None:
        return "the draft was saved"
    what = "a return was sent" if newest is sent else LicenceEntry.Kind(newest.kind).label.lower()
    return f"{what}, by {newest.by.full_name} on {day_in_words(timezone.localdate(newest.at))}"


def _plan(found: Licence) -> RecoveryPlan:
    plan = plan_of(found)
    assert plan is not None  # nothing is sent without one
    return plan


def _enter(
    actor: Person,
    found: Licence,
    kind: LicenceEntry.Kind,
    words: str,
    checks: Sequence[Any] = (),
    level: Level | None = None,
) -> None:
    LicenceEntry.objects.create(
        licence=found,
        kind=kind,
        level=level.value if level else "",
        words=words,
        checks=[[check.name, check.answer.value, check.words] for check in checks],
        at=timezone.now(),
        by=actor,
    )


def _store(found: Licence) -> None:
    found.revision += 1
    found.save()


def _of(found: Licence) -> dict[str, Any]:
    """What the audit trail says of a licence: codes and numbers, no words."""
    return {
        "school": found.school,
        "stage": str(found.stage),
        "plan": found.plan_number,
        "revision": found.revision,
    }
