"""Where a person works: put right with the reason, other work beside it, and what it is counted under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404

from redway.allegations.outcomes import Outcome, Sector
from redway.web.allegations.models import Case, Engagement
from redway.web.allegations.services import running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.allegations.services.work import save_work, work_of
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import EVALUATED, TODAY, again, done, opened, ready_to_close
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
CLUB: dict[str, Any] = {
    "sector": Sector.SPORT,
    "basis": "volunteer",
    "details": {"employer": "Canal Street Swimming Club", "role": "Coach"},
}


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


def test_work_that_was_written_down_wrongly_is_put_right_and_counted_so(case: Case, leah: Person) -> None:
    done(
        save_work,
        leah,
        case,
        work=case.engagement,
        because="She coaches; the school only knew of it.",
        **CLUB,
    )
    found = again(case)
    assert found.engagement is not None
    assert (found.sector, found.engagement.sector, found.engagement.school) == ("sport", "sport", "")
    assert found.engagement.details["employer"] == "Canal Street Swimming Club"
    before = found.happenings.get(event="work-corrected")
    assert "Sector: education." in before.words
    assert "Employer: Grand Union School." in before.words
    entry = AuditEntry.objects.get(verb="allegation.save_work")
    assert "Canal" not in entry.details


def test_other_work_stands_beside_it_and_changes_no_count(case: Case, leah: Person) -> None:
    done(save_work, leah, case, work=None, **CLUB)
    assert [one.sector for one in work_of(case)] == ["education", "sport"]
    assert again(case).sector == "education"
    shown = text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))
    assert "Coach, Canal Street Swimming Club" in shown
    assert "This case is about it" in shown


def test_a_correction_needs_its_reason_and_an_employer(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError, match="Say why it is corrected"):
        done(save_work, leah, case, work=case.engagement, **CLUB)
    with pytest.raises(ChangeRefusedError, match="Say who employs"):
        done(save_work, leah, case, work=None, **(CLUB | {"details": {}}))


def test_a_sector_that_does_not_know_the_finding_is_refused(case: Case, leah: Person) -> None:
    only = case.allegations.get()
    done(running.put_to_subject, leah, case, allegation=only, on=EVALUATED)
    finding = {"outcome": Outcome.FALSE, "on": TODAY, "reasons": "A film shows it."}
    done(running.record_finding, leah, case, allegation=only, **finding)
    with pytest.raises(ChangeRefusedError, match="'false' is no finding for sport"):
        done(save_work, leah, case, work=case.engagement, because="A club.", **CLUB)
    done(save_work, leah, case, work=None, **CLUB)


def test_work_of_another_case_is_not_reached_through_this_one(
    case: Case, harriet: Person, leah: Person
) -> None:
    other = opened(harriet, leah, subject_name="Al Other")
    with pytest.raises(Http404):
        done(save_work, leah, case, work=other.engagement, because="x", **CLUB)
    address = f"/allegations/cases/{case.key}/work/{other.engagement_id}/"
    assert visitor(leah).get(address).status_code == 404


def test_it_goes_through_its_pages_also_when_the_case_is_closed(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    done(close, leah, case, on=TODAY)
    address = f"/allegations/cases/{case.key}/work/{case.engagement_id}/"
    form = text_of(visitor(leah).get(address))
    assert "Grand Union School" in form
    given = {
        "sector": "health",
        "employer": "Hospital school",
        "basis": "permanent",
        "teacher": "no",
        "reason": "A hospital.",
        "revision": again(case).revision,
    }
    said = text_of(visitor(leah).post(address, given, follow=True))
    assert "It is put right" in said
    assert again(case).sector == "health"


def test_it_is_erased_with_the_person(case: Case, leah: Person, make_person: Callable[..., Person]) -> None:
    from django.db import transaction
    from django.utils import timezone

    from redway.web.allegations.services.erasing import erase

    done(save_work, leah, case, work=None, **CLUB)
    with transaction.atomic():
        erase(again(case), timezone.now())
    assert [one.details for one in Engagement.objects.all()] == [{}, {}]
