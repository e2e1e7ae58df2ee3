"""The register of allegations: put to the person, found by the rules, corrected with what it was before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import Http404

from redway.allegations.incidents import InvalidIncidentError
from redway.allegations.outcomes import Category, Outcome, OutcomeRefusedError
from redway.web.allegations.models import Allegation, Case, LocalProfile
from redway.web.allegations.queries import case_view, days_work
from redway.web.allegations.services import naming, running
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.allegations.statistics_period import Asked, count_period
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import EVALUATED, NOON, TODAY, again, done, opened, ready_to_close

pytestmark = pytest.mark.usefixtures("clock")
DECIDED = date(2026, 11, 23)


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


@pytest.fixture
def allegation(case: Case, leah: Person) -> Allegation:
    """The only allegation of the case, put to the person."""
    only = case.allegations.get()
    done(running.put_to_subject, leah, case, allegation=only, on=EVALUATED, reply="I did not.")
    return only


@pytest.fixture
def devi(make_person: Callable[..., Person]) -> Person:
    """Devi Dale, deputy of the designated officer."""
    return make_person("deputy_lado", full_name="Devi Dale")


def find(officer: Person, case: Case, allegation: Allegation, outcome: Outcome, **more: Any) -> Case:
    given = {"on": DECIDED, "reasons": "Nobody else saw it."} | more
    return done(running.record_finding, officer, case, allegation=allegation, outcome=outcome, **given)


def test_a_finding_is_recorded_with_its_reasons_and_who_decided(
    case: Case, allegation: Allegation, leah: Person
) -> None:
    find(leah, case, allegation, Outcome.UNSUBSTANTIATED)
    allegation.refresh_from_db()
    assert (allegation.outcome, allegation.decided_on) == ("unsubstantiated", DECIDED)
    assert (allegation.decided_by, allegation.finding["reasons"]) == (leah, "Nobody else saw it.")
    entry = AuditEntry.objects.get(verb="allegation.record_finding")
    assert '"outcome":"unsubstantiated"' in entry.details
    assert "saw" not in entry.details


# --- acceptance case 20 -------------------------------------------------------------------------------------


def test_malicious_without_evidence_of_intent_is_refused(
    case: Case, allegation: Allegation, leah: Person
) -> None:
    with pytest.raises(OutcomeRefusedError, match="needs recorded evidence that it was meant to deceive"):
        find(leah, case, allegation, Outcome.MALICIOUS)
    allegation.refresh_from_db()
    assert (allegation.outcome, allegation.finding) == ("", {})


def test_malicious_waits_for_a_second_person_who_confirms_it_in_their_own_name(
    case: Case, allegation: Allegation, leah: Person, devi: Person
) -> None:
    find(leah, case, allegation, Outcome.MALICIOUS, evidence_of_intent="Messages that plan it.")
    allegation.refresh_from_db()
    assert (allegation.outcome, allegation.decided_by) == ("", leah)
    assert "1 allegation has no finding." in case_view(again(case)).obstacles
    with pytest.raises(OutcomeRefusedError, match="a second person, other than the one who decides"):
        done(running.confirm_finding, leah, case, allegation=allegation)
    with pytest.raises(Http404):
        done(running.confirm_finding, devi, case, allegation=allegation)
    done(naming.name_officer, leah, case, person=devi)
    assert [one.what for one in days_work(devi, NOON).to_confirm] == [
        "Allegation 1 waits for a second person."
    ]
    assert days_work(leah, NOON).to_confirm == ()
    done(running.confirm_finding, devi, case, allegation=allegation)
    allegation.refresh_from_db()
    assert (allegation.outcome, allegation.decided_by, allegation.second_person) == ("malicious", leah, devi)
    assert allegation.decided_on == DECIDED
    assert days_work(devi, NOON).to_confirm == ()
    with pytest.raises(ChangeRefusedError, match="No finding of this allegation waits"):
        done(running.confirm_finding, devi, case, allegation=allegation)


def test_another_finding_takes_back_one_that_waits(
    case: Case, allegation: Allegation, leah: Person, devi: Person
) -> None:
    find(leah, case, allegation, Outcome.MALICIOUS, evidence_of_intent="Messages that plan it.")
    find(leah, case, allegation, Outcome.UNFOUNDED)
    done(naming.name_officer, leah, case, person=devi)
    with pytest.raises(ChangeRefusedError, match="No finding of this allegation waits"):
        done(running.confirm_finding, devi, case, allegation=allegation)


def test_an_outcome_before_the_allegation_is_refused(
    case: Case, allegation: Allegation, leah: Person
) -> None:
    with pytest.raises(OutcomeRefusedError, match="before the allegation of 19 November 2026"):
        find(leah, case, allegation, Outcome.UNSUBSTANTIATED, on=date(2026, 11, 18))
    with pytest.raises(ChangeRefusedError, match="has not come yet"):
        find(leah, case, allegation, Outcome.UNSUBSTANTIATED, on=date(2026, 11, 25))


# --- acceptance case 21 -------------------------------------------------------------------------------------


def test_false_is_no_outcome_for_a_foster_carer_under_sefton(harriet: Person, leah: Person) -> None:
    LocalProfile.objects.create(authority="826", profile="sefton")
    case = opened(harriet, leah, sector="foster carers", teacher="no")
    allegation = case.allegations.get()
    done(running.put_to_subject, leah, case, allegation=allegation, on=EVALUATED)
    with pytest.raises(OutcomeRefusedError, match="'false' is no outcome for foster carers"):
        find(leah, case, allegation, Outcome.FALSE)


def test_wales_offers_four_and_no_false(harriet: Person, leah: Person) -> None:
    LocalProfile.objects.create(authority="826", profile="wales")
    offered = case_view(opened(harriet, leah)).outcomes_offered
    assert len(offered) == 4
    assert Outcome.FALSE not in offered


# --- acceptance case 45 -------------------------------------------------------------------------------------


def test_an_allegation_is_not_decided_until_it_was_put_itself(
    case: Case, allegation: Allegation, leah: Person
) -> None:
    done(
        running.add_allegation,
        leah,
        case,
        words="He shouted at a pupil.",
        category=Category.EMOTIONAL,
        when="autumn term 2026",
    )
    other = case.allegations.get(number=2)
    with pytest.raises(OutcomeRefusedError, match="It was never put to the person"):
        find(leah, case, other, Outcome.UNSUBSTANTIATED)
    done(
        running.put_to_subject,
        leah,
        case,
        allegation=other,
        on=None,
        not_put_because="He is not fit to be seen.",
    )
    find(leah, case, other, Outcome.UNSUBSTANTIATED)
    find(leah, case, allegation, Outcome.SUBSTANTIATED)
    assert [one.outcome for one in case_view(again(case)).facts.register] == [
        "substantiated",
        "unsubstantiated",
    ]


def test_it_is_put_on_a_day_that_can_be_or_not_for_a_reason(case: Case, leah: Person) -> None:
    only = case.allegations.get()
    for on, sentence in (
        (None, "or why not"),
        (date(2026, 11, 25), "has not come yet"),
        (date(2026, 11, 18), "before it became known"),
    ):
        with pytest.raises(ChangeRefusedError, match=sentence):
            done(running.put_to_subject, leah, case, allegation=only, on=on)


# --- corrections --------------------------------------------------------------------------------------------


def test_a_late_correction_keeps_what_it_was(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    done(close, leah, case, on=TODAY)
    only = case.allegations.get()
    with pytest.raises(ChangeRefusedError, match="Say why the finding is corrected"):
        find(leah, case, only, Outcome.SUBSTANTIATED)
    find(leah, case, only, Outcome.SUBSTANTIATED, correction="A second witness came forward.")
    only.refresh_from_db()
    assert only.outcome == "substantiated"
    (former,) = only.finding["former"]
    assert (former["outcome"], former["by"]) == ("unsubstantiated", "Leah Lane")
    assert former["corrected_because"] == "A second witness came forward."


def test_an_allegation_entered_in_error_is_withdrawn_and_stays_to_be_read(case: Case, leah: Person) -> None:
    only = case.allegations.get()
    with pytest.raises(ChangeRefusedError, match="It is the only one of the case"):
        done(running.withdraw_allegation, leah, case, allegation=only, because="Entered twice.")
    done(running.add_allegation, leah, case, words="The same again.", category=None)
    second = case.allegations.get(number=2)
    done(running.withdraw_allegation, leah, case, allegation=second, because="Entered twice.")
    facts = case_view(again(case)).facts
    assert (len(facts.register), len(facts.allegations)) == (1, 2)
    with pytest.raises(ChangeRefusedError, match="entered in error"):
        done(running.put_to_subject, leah, case, allegation=second, on=TODAY)


def test_category_and_time_are_corrected_and_the_words_are_not(case: Case, leah: Person) -> None:
    only = case.allegations.get()
    done(
        running.correct_allegation,
        leah,
        case,
        allegation=only,
        category=Category.SEXUAL,
        when="October 2026",
        main=True,
    )
    only.refresh_from_db()
    assert (only.category, only.first_day, only.words) == (
        "sexual",
        date(2026, 10, 1),
        "He pulled me out of the room by my arm.",
    )
    assert again(case).category == "sexual"


@pytest.mark.parametrize("when", ["31 February 2026", "2031"])
def test_an_allegation_of_no_possible_day_is_refused(case: Case, leah: Person, when: str) -> None:
    with pytest.raises(InvalidIncidentError):
        done(running.add_allegation, leah, case, words="He shouted.", category=None, when=when)
    assert case.allegations.count() == 1


def test_a_case_without_a_main_category_does_not_close(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah, category=None)
    assert "The main category is not recorded." in case_view(case).obstacles
    only = case.allegations.get()
    done(running.correct_allegation, leah, case, allegation=only, category=Category.NEGLECT, main=True)
    assert "The main category is not recorded." not in case_view(again(case)).obstacles


def test_the_allegation_of_another_case_is_not_reached_through_this_one(
    harriet: Person, leah: Person, case: Case
) -> None:
    other = opened(harriet, leah, subject_name="Al Other")
    with pytest.raises(Http404):
        find(leah, case, other.allegations.get(), Outcome.UNSUBSTANTIATED)


def test_a_child_who_has_turned_18_is_no_bar(harriet: Person, leah: Person) -> None:
    """Acceptance case 48: accepted as non-recent."""
    case = opened(harriet, leah, when="1998", child_born="1984", at=datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert case.allegations.get().last_day == date(1998, 12, 31)
    opened(harriet, leah, subject_name="Al Other", when="November 2026")
    year = Asked(date(2026, 1, 1), date(2026, 12, 31))

    def counted() -> dict[str, int]:
        return dict(count_period("826", year, leah, date(2026, 11, 24)).report.now.tables["incident"])

    assert counted() == {"non-recent": 1, "recent": 1}
    LocalProfile.objects.create(authority="826", recent_within_years=30)
    assert counted() == {"recent": 2}
