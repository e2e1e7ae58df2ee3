"""The made-up stories of deficits and services can be told on any day of the year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from redway.core.home import Home
from redway.funding.deficits import ReturnState
from redway.web.funding.deficits.demo import create_demo_deficits
from redway.web.funding.deficits.models import Licence, Meeting, SchoolBalance, Stage
from redway.web.funding.deficits.records import return_lines
from redway.web.funding.services.demo import create_demo_services
from redway.web.funding.services.models import Order, ServiceOfYear
from redway.web.people.demo import create_demo_people
from redway.web.register.models import Establishment, Rank, School
from web.funding.deficits.a_deficit import AUTHORITY, SCHOOL, register

pytestmark = pytest.mark.django_db


def many_schools() -> None:
    """The demo's own school, and as many maintained primaries as the stories need."""
    register()
    School.objects.filter(authority=AUTHORITY).update(kind="Foundation school", pupils=1_223)
    for at in range(40):
        key, name = str(110_300 + at), f"Canal School {at}"
        school = School.objects.create(
            key=key,
            current_urn=key,
            name=name,
            sort_name=name.lower(),
            authority=AUTHORITY,
            authority_name="Milton Keynes",
            phase="Primary",
            kind="Community school",
            rank=Rank.OPEN,
            pupils=90 + 9 * at,
        )
        Establishment.objects.create(urn=key, school=school, name=name, authority=AUTHORITY)


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 11, 24), date(2027, 3, 31)])
def test_two_are_licensed_one_is_late_one_refused_and_one_waits(day: date, home: Home, clock: Any) -> None:
    clock.set(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    many_schools()
    create_demo_people(home, school=SCHOOL)
    create_demo_deficits(timezone.localdate())
    stages = sorted(Licence.objects.values_list("stage", flat=True))
    assert stages == [Stage.APPLIED, Stage.GRANTED, Stage.GRANTED, Stage.REFUSED]
    states = [
        {one.due.state for one in return_lines(licence, day)}
        for licence in Licence.objects.filter(stage=Stage.GRANTED)
    ]
    assert {ReturnState.RETURNED} in states
    assert any(found & {ReturnState.LATE, ReturnState.DUE} for found in states)
    assert Meeting.objects.count() == 3
    for one in SchoolBalance.objects.filter(school=SCHOOL):
        earlier = SchoolBalance.objects.filter(school=SCHOOL, year__lt=one.year).last()
        if earlier is not None:
            assert earlier.closing_pence + one.income_pence - one.spending_pence == one.closing_pence


def test_schools_order_from_the_catalogue_of_last_year_and_this(home: Home) -> None:
    many_schools()
    create_demo_people(home, school=SCHOOL)
    create_demo_services(timezone.localdate())
    assert ServiceOfYear.objects.values("year").distinct().count() == 3
    assert Order.objects.filter(whole_package=True).exists()
    assert Order.objects.filter(whole_package=False).exists()
