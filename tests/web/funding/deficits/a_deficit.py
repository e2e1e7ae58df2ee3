"""A school in deficit to test with: its balances, an application on its way, a licence with returns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from redway.core.money import Money
from redway.funding.balance_rows import BalanceRow
from redway.funding.deficits import next_month
from redway.funding.recovery import PlanYear
from redway.funding.services import Basis, Phase, Service
from redway.web.funding.deficits.models import Licence, LicenceEntry
from redway.web.funding.deficits.services.balances import enter_balances
from redway.web.funding.deficits.services.licences import Application, Decision, decide, save_application
from redway.web.funding.deficits.services.meetings import ToDo, record_meeting
from redway.web.funding.services.changes import take_price_list
from redway.web.people.models import Person
from redway.web.register.models import Authority, Establishment, Rank, School

AUTHORITY, SCHOOL, OTHER_SCHOOL = "826", "110532", "110517"
INCOME = Money.of(1_200_000)
YEARS = ("2026-27", "2027-28", "2028-29", "2029-30", "2030-31")


def register() -> School:
    """Two secondary schools of one authority; returns the first."""
    Authority.objects.get_or_create(number=AUTHORITY, defaults={"name": "Milton Keynes"})
    for key, name in ((SCHOOL, "Grand Union School"), (OTHER_SCHOOL, "Ouse Valley School")):
        school, made = School.objects.get_or_create(
            key=key,
            defaults={
                "current_urn": key,
                "name": name,
                "sort_name": name.lower(),
                "authority": AUTHORITY,
                "authority_name": "Milton Keynes",
                "phase": "Secondary",
                "rank": Rank.OPEN,
            },
        )
        if made:
            Establishment.objects.create(urn=key, school=school, name=name, authority=AUTHORITY)
    return School.objects.get(key=SCHOOL)


def balances() -> None:
    """The first school closed 2025-26 with £90,000 in deficit (7.5% of income), the other with a surplus."""
    authority = Authority.objects.get(number=AUTHORITY)
    rows = [
        BalanceRow(SCHOOL, "2025-26", INCOME, Money.of(1_290_000), Money.of(-90_000), 210),
        BalanceRow(OTHER_SCHOOL, "2025-26", INCOME, Money.of(1_190_000), Money.of(60_000), 205),
    ]
    enter_balances(actor=None, authority=authority, rows=rows, source="balances.csv")


def application(
    added: tuple[int, ...] = (20_000, 30_000, 40_000), opening: int = -90_000, why: str = ""
) -> Application:
    """A plan whose years add so many pounds to the balance."""
    years = (
        PlanYear(year, INCOME, INCOME - Money.of(more), "Two classes become one.")
        for year, more in zip(YEARS, added, strict=False)
    )
    return Application(Money.of(opening), "The roll fell by 30 pupils in two years.", why, tuple(years))


def applied(head: Person, written: Application | None = None, school: str = SCHOOL) -> Licence:
    """An application that waits for a decision."""
    register()
    return save_application(
        actor=head,
        school=School.objects.get(key=school),
        licence=None,
        revision=0,
        written=written or application(),
        send=True,
    )


def licensed(head: Person, officer: Person, first: date = date(2026, 8, 1)) -> Licence:
    """A licence with one condition, whose returns begin with a month."""
    sent = applied(head)
    decision = Decision(LicenceEntry.Kind.GRANTED, "The plan is sound.", "No post is filled unasked.", first)
    return decide(actor=officer, licence=sent, revision=sent.revision, decision=decision)


def deficits_and_services(everyone: Any, make_person: Any) -> dict[str, str]:
    """A licence, an application, two meetings and a catalogue: what addresses of the two rooms lead to."""
    today = timezone.localdate()
    first = next_month(today - timedelta(days=100))
    officer = everyone.by_role["finance_officer"]
    held = licensed(everyone.by_role["headteacher"], officer, first)
    elsewhere = applied(make_person("headteacher", school=OTHER_SCHOOL), school=OTHER_SCHOOL)
    meetings = [
        record_meeting(
            actor=officer,
            school=School.objects.get(key=key),
            on=today,
            present="Headteacher",
            about="The deficit",
            agreed="A plan",
            actions=[ToDo("Send the plan", "Headteacher", today)],
        )
        for key in (SCHOOL, OTHER_SCHOOL)
    ]
    safety = Service("HS", "Health and safety", Basis.PUPIL, dict.fromkeys(Phase, Money.parse("5.07")))
    authority = Authority.objects.get(number=AUTHORITY)
    take_price_list(actor=None, authority=authority, year="2026-27", services=[safety])
    return {
        "deficit": str(held.pk),
        "deficit_of_other_school": str(elsewhere.pk),
        "deficit_month": f"{first:%Y-%m}",
        "deficit_meeting": str(meetings[0].pk),
        "deficit_meeting_elsewhere": str(meetings[1].pk),
        "deficit_action": str(meetings[0].actions.get().pk),
    }
