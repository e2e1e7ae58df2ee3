"""Made-up balances of the demo authority's maintained schools, and the stories of a few in deficit.

Two deficits are licensed, one of them with a late return; one application is refused, one waits. Every step
is taken by the services and dated back from today. The schools are real, all about their money is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.core.money import Money
from redway.funding.balance_rows import BalanceRow, ForecastRow
from redway.funding.deficits import next_month, planned_to_date
from redway.funding.recovery import PlanYear, year_after
from redway.web.funding.deficits.models import Licence, LicenceEntry, SchoolBalance
from redway.web.funding.deficits.services.balances import enter_balances, enter_forecasts
from redway.web.funding.deficits.services.licences import (
    Application,
    Decision,
    Returned,
    decide,
    save_application,
    send_return,
)
from redway.web.funding.deficits.services.meetings import ToDo, finish_action, record_meeting
from redway.web.funding.forum.asking import status_of
from redway.web.funding.money_fields import first_day, year_of
from redway.web.people.demo import AUTHORITY, FIRST_DAY, SCHOOL
from redway.web.people.models import Person
from redway.web.people.roles import Role
from redway.web.people.services import Place, give_role
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority, schools_of_authority

SOURCE = "Made up for the demo"
_A_PUPIL = {"Primary": 5_600, "Secondary": 7_100, "Nursery": 7_400}
_SPECIAL = 26_000
_FIXED = 150_000
_YEARS_HELD = 3
_HEADS = ("Priya Pell", "Quinn Rudd", "Rosa Shaw")
_LEAST = 60
"""Primaries with fewer pupils are passed over."""


def create_demo_deficits(today: date) -> None:
    """Balances, forecasts, applications, returns and meetings. Call it once."""
    authority = find_authority(AUTHORITY)
    schools = [
        school
        for school in schools_of_authority(AUTHORITY)
        if status_of(school.kind) == "Maintained" and school.pupils
    ]
    own = School.objects.get(establishments__urn=SCHOOL)
    others = [school for school in schools if school.phase == "Primary" and (school.pupils or 0) > _LEAST]
    stories = Stories(today, authority, own, others[3::9])
    with transaction.atomic():
        _balances(authority, schools, stories)
        stories.tell()


def _balances(authority: Authority, schools: Sequence[School], stories: Stories) -> None:
    rows: list[BalanceRow] = []
    forecasts: list[ForecastRow] = []
    for school in schools:
        rows += _years(school, stories)
        forecasts += _forecasts(school, stories.closed[-1])
    enter_balances(actor=None, authority=authority, rows=rows, source=SOURCE)
    enter_forecasts(actor=None, authority=authority, rows=forecasts, source=SOURCE)


def _years(school: School, stories: Stories) -> list[BalanceRow]:
    """Three closed years that lead to one balance: each year's income less its spending adds up."""
    pupils, seed = school.pupils or 0, int(school.key)
    income = Money.of(pupils * _A_PUPIL.get(school.phase, _SPECIAL) + _FIXED)
    closing = stories.closing.get(school.key) or income.times(seed % 13 - 2).divided_by(100)
    steps = [income.times((seed // 7) % 5 - 2).divided_by(200) for _ in range(_YEARS_HELD)]
    if school.key in stories.closing:
        steps = [closing.divided_by(2), closing.divided_by(3), closing.divided_by(4)]
    found: list[BalanceRow] = []
    for at, year in enumerate(reversed(stories.closed)):
        of_year = income.times(100 - 3 * at).divided_by(100)
        found.append(
            BalanceRow(
                school.current_urn, year, of_year, of_year - steps[at], closing, pupils + (seed + at) % 5
            )
        )
        closing = closing - steps[at]
    return found


def _forecasts(school: School, year: str) -> list[ForecastRow]:
    """Rolls rise in new estates and fall elsewhere."""
    found, roll = [], school.pupils or 0
    for _ in range(_YEARS_HELD):
        year = year_after(year)
        roll = max(round(roll * (1 + (int(school.key) % 5 - 2) / 100)), 1)
        found.append(ForecastRow(school.current_urn, year, roll))
    return found


@dataclass
class Stories:
    """The schools in deficit. ``others`` are primaries to choose from."""

    today: date
    authority: Authority
    own: School
    others: Sequence[School]

    def __post_init__(self) -> None:
        self.first = (self.today - timedelta(days=215)).replace(day=1)
        self.year = year_of(self.first)
        newest = year_of(first_day(year_of(self.today)) - timedelta(days=1))
        self.closed = [newest]
        while len(self.closed) < _YEARS_HELD:
            self.closed.insert(0, year_of(first_day(self.closed[0]) - timedelta(days=1)))
        self.licensed, self.refused, self.waiting = self.others[:3]
        self.closing = {
            self.own.key: Money.of(-214_000),
            self.licensed.key: Money.of(-64_300),
            self.refused.key: Money.of(-41_200),
            self.waiting.key: Money.of(-88_000),
        }
        self.officer = Person.objects.get(email="finance.officer@demo.example")
        self.director = Person.objects.get(email="director@demo.example")

    def tell(self) -> None:
        head = Person.objects.get(email="headteacher@demo.example")
        of_own = self._apply(self.own, head, _OWN, (70_000, 74_000, 75_000))
        self._grant(of_own, self.director, _OWN_REASONS)
        self._returns(of_own, head, missing=0)
        heads = [_head_of(school, name) for school, name in zip(self.others, _HEADS, strict=False)]
        licensed = self._apply(self.licensed, heads[0], _LICENSED, (18_000, 24_000, 25_000))
        self._grant(licensed, self.officer, _LICENSED_REASONS)
        self._returns(licensed, heads[0], missing=1)
        refused = self._apply(self.refused, heads[1], _REFUSED, (-6_000, 2_000, 4_000))
        self._decide(refused, self.officer, LicenceEntry.Kind.REFUSED, _REFUSED_REASONS)
        waiting = self._apply(
            self.waiting,
            heads[2],
            _WAITING,
            (12_000, 22_000, 26_000, 29_000),
            exceptional=_EXCEPTIONAL,
            ago=9,
        )
        assert waiting.stage == "applied"
        self._meetings()

    def _apply(
        self,
        school: School,
        head: Person,
        causes: str,
        added: tuple[int, ...],
        exceptional: str = "",
        ago: int = 0,
    ) -> Licence:
        """An application whose plan adds so many pounds to the balance in each year, sent some days ago."""
        year = year_of(self.today) if ago else self.year
        before = year_of(first_day(year) - timedelta(days=1))
        held = SchoolBalance.objects.filter(school=school.key, year=before).first()
        assert held is not None
        income, years = Money(held.income_pence), []
        for more, saving in zip(added, _SAVINGS, strict=False):
            years.append(PlanYear(year, income, income - Money.of(more), saving))
            income, year = income.times(102).divided_by(100), year_after(year)
        written = Application(Money(held.closing_pence), causes, exceptional, tuple(years))
        made = save_application(
            actor=head, school=school, licence=None, revision=0, written=written, send=True
        )
        sent = self.today - timedelta(days=ago) if ago else self.first - timedelta(days=31)
        _dated(made, "begun_at", sent - timedelta(days=6))
        _dated(made.entries.get(), "at", sent)
        return made

    def _grant(self, licence: Licence, by: Person, reasons: str) -> None:
        self._decide(licence, by, LicenceEntry.Kind.GRANTED, reasons, _CONDITIONS)

    def _decide(
        self, licence: Licence, by: Person, kind: LicenceEntry.Kind, reasons: str, conditions: str = ""
    ) -> None:
        decision = Decision(kind, reasons, conditions, self.first)
        decide(actor=by, licence=licence, revision=licence.revision, decision=decision)
        licence.refresh_from_db()
        entry = licence.entries.last()
        assert entry is not None
        _dated(entry, "at", self.first - timedelta(days=10))

    def _returns(self, licence: Licence, head: Person, *, missing: int) -> None:
        """A return for every month that is over but the last ``missing`` and those that are only due."""
        month, months = self.first, []
        while next_month(month) <= self.today:
            months.append(month)
            month = next_month(month)
        for at, month in enumerate(months[: len(months) - missing]):
            self._return(licence, head, month, at)

    def _return(self, licence: Licence, head: Person, month: date, at: int) -> None:
        years = {one.year: one for one in licence.plan_years.filter(number=licence.plan_number)}
        planned = years[year_of(month)]
        income, spending = Money(planned.income_pence), Money(planned.spending_pence)
        over = spending.times(at % 4 - 1).divided_by(400)
        closing = Money(licence.brought_forward_pence + planned.income_pence - planned.spending_pence)
        licence.refresh_from_db()
        made = send_return(
            actor=head,
            licence=licence,
            revision=licence.revision,
            returned=Returned(
                month,
                planned_to_date(income, month),
                planned_to_date(spending, month) + over,
                closing - over,
                _RETURNED[at % len(_RETURNED)],
            ),
        )
        _dated(made, "at", min(next_month(month) + timedelta(days=6), self.today))

    def _meetings(self) -> None:
        for school, ago, about, agreed, actions in (
            (self.own, 120, *_MEETINGS[0]),
            (self.licensed, 75, *_MEETINGS[1]),
            (self.refused, 40, *_MEETINGS[2]),
        ):
            on = self.today - timedelta(days=ago)
            made = record_meeting(
                actor=self.officer,
                school=school,
                on=on,
                present="Headteacher, chair of governors, school business manager, finance officer",
                about=about,
                agreed=agreed,
                actions=[ToDo(what, owner, on + timedelta(days=days)) for what, owner, days in actions],
            )
            _dated(made, "at", on)
            first = made.actions.first()
            assert first is not None
            finish_action(
                actor=self.officer,
                meeting=made,
                revision=1,
                action=first.pk,
                on=min(first.due_on, self.today),
                outcome="Received and discussed.",
            )


def _head_of(school: School, name: str) -> Person:
    """The school's headteacher: who holds the role already, or somebody made up."""
    held = Person.objects.filter(grants__role=Role.HEADTEACHER, grants__scope_key=school.key).first()
    if held is not None:
        return held
    person = Person.objects.create_user(f"headteacher.{school.key}@demo.example", name)
    give_role(
        actor=None,
        person=person,
        role=Role.HEADTEACHER,
        place=Place(AUTHORITY, school.key),
        first_day=FIRST_DAY,
    )
    return person


def _dated(row: Any, field: str, day: date) -> None:
    """Date a row back to noon of a day."""
    when = timezone.make_aware(datetime.combine(day, time(12)))
    type(row).objects.filter(pk=row.pk).update(**{field: when})
    setattr(row, field, when)


# --- words --------------------------------------------------------------------------------------------------

_OWN = (
    "The sixth form lost 60 students in two years and its courses were kept. Supply for long absences cost "
    "£140,000 more than planned."
)
_OWN_REASONS = "The plan is sound and its savings are begun. The governors watch it every month."
_LICENSED = (
    "Reception has been half full for three years, and two teachers were kept in the hope that it would fill."
)
_LICENSED_REASONS = "Two mixed-age classes bring the staffing back to the size of the school."
_REFUSED = "Heating and repairs after the winter cost more than the year's reserve."
_REFUSED_REASONS = (
    "The plan never balances: it ends where it began. Send a new plan after the meeting about class sizes."
)
_WAITING = "The school opened for two forms on an estate of which half is built."
_EXCEPTIONAL = (
    "The houses are built two years later than planned, and no other school lies within walking distance."
)
_CONDITIONS = (
    "No post is filled without the finance officer's word.\nThe governors see the return every month."
)
_SAVINGS = (
    "Two teaching posts are not filled again; supply is bought together with two other schools.",
    "Two small classes become one; the lettings of the hall bring £12,000.",
    "The leadership team is one post smaller.",
    "The second form fills as houses are finished.",
)
_RETURNED = (
    "In line with the plan.",
    "Supply was below what we planned.",
    "Energy costs more; we have moved the boiler's times.",
    "One vacancy was filled a month earlier than planned.",
)
_MEETINGS: tuple[tuple[str, str, tuple[tuple[str, str, int], ...]], ...] = (
    (
        "The first returns and the sixth form's courses",
        "Courses with fewer than eight students are shared with two other schools from September.",
        (
            ("Send the list of courses and their students", "Headteacher", 21),
            ("Compare the cost of supply with schools of the same size", "Finance officer", 45),
        ),
    ),
    (
        "Mixed-age classes",
        "Two mixed-age classes from September; parents are told before half-term.",
        (
            ("Send the staffing plan", "Headteacher", 14),
            ("Write to parents", "Headteacher", 30),
        ),
    ),
    (
        "Why the application was refused",
        "A new plan with class sizes of 28 is written with the finance officer's help.",
        (
            ("Send class sizes for three years", "School business manager", 10),
            ("Visit the school to go through the budget line by line", "Finance officer", 30),
        ),
    ),
)
