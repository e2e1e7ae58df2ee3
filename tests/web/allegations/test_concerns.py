"""Low-level concerns: who reads them, patterns as notes to a person, and becoming a referral."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404

from redway.web.allegations.concerns import concerns_open_to
from redway.web.allegations.models import Case, LocalProfile, LowLevelConcern, Subject
from redway.web.allegations.services import concerns, referrals
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def devi(leah: Person, make_person: MakePerson) -> Person:
    """A deputy who does not receive referrals."""
    person = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    LocalProfile.objects.create(authority="826").receiving.set([leah])
    return person


def entered(actor: Person, on: date = date(2026, 11, 2), **changed: Any) -> LowLevelConcern:
    given: dict[str, Any] = {
        "authority": "826",
        "name": "Jo Example",
        "born": date(1984, 5, 3),
        "on": on,
        "place": "Grand Union Nursery",
        "role": "Assistant",
        "words": "She texted a pupil.",
    }
    return concerns.enter_concern(actor=actor, **(given | changed))


def log(person: Person) -> str:
    return text_of(visitor(person).get("/allegations/concerns/"))


# --- who reads ----------------------------------------------------------------------------------------------


def test_it_is_open_to_who_entered_it_and_to_who_receives_referrals(leah: Person, devi: Person) -> None:
    theirs, hers = entered(devi), entered(leah, date(2026, 11, 3), name="Sam Stone", born=None)
    assert concerns_open_to(leah) == [hers, theirs]
    assert concerns_open_to(devi) == [theirs]
    assert visitor(devi).get(f"/allegations/concerns/{hers.pk}/").status_code == 404


def test_the_person_it_is_about_finds_nothing(leah: Person, devi: Person) -> None:
    concern = entered(devi)
    Subject.objects.filter(pk=concern.subject_id).update(account=leah)
    assert concerns_open_to(leah) == []
    assert visitor(leah).get(f"/allegations/concerns/{concern.pk}/").status_code == 404


def test_somebody_of_the_same_name_finds_nothing(leah: Person, devi: Person) -> None:
    concern = entered(devi, name="Lane, Leah", born=None)
    assert concerns_open_to(leah) == []
    assert visitor(leah).get(f"/allegations/concerns/{concern.pk}/").status_code == 404


def test_officers_of_another_authority_enter_and_read_nothing_here(
    leah: Person, make_person: MakePerson
) -> None:
    entered(leah)
    nell = make_person("lado", full_name="Nell North", authority="822")
    assert concerns_open_to(nell) == []
    with pytest.raises(Http404):
        entered(nell)


def test_nothing_in_the_trail_names_anybody(leah: Person) -> None:
    concern = entered(leah)
    visitor(leah).get(f"/allegations/concerns/{concern.pk}/")
    held = AuditEntry.objects.filter(subject_kind="concern").order_by("sequence")
    assert [one.verb for one in held] == ["allegation.enter_concern", "allegation.read_concern"]
    assert not any("Example" in one.details for one in held)


def test_what_is_missing_is_said(leah: Person) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        entered(leah, name=" ", words="", on=date(2027, 1, 1))
    assert len(refused.value.problems) == 3


# --- patterns -----------------------------------------------------------------------------------------------


def test_three_concerns_about_a_person_in_twelve_months_are_a_note(leah: Person) -> None:
    first = entered(leah, date(2025, 12, 1))
    entered(leah, date(2026, 5, 1), same_as=first.subject)
    assert "Worth a look" not in log(leah)
    entered(leah, date(2026, 11, 1), same_as=first.subject)
    text = log(leah)
    assert "3 concerns about Jo Example" in text
    assert "Not confirmed" in text
    assert "risk" not in text.lower()


def test_three_concerns_about_different_people_of_one_place_are_a_note(leah: Person) -> None:
    for name, place in (
        ("Jo Example", "Grand Union Nursery"),
        ("Sam Stone", "grand union NURSERY"),
        ("Kim Kelly", "Nursery, Grand Union"),
    ):
        entered(leah, name=name, born=None, place=place)
    assert "3 concerns about 3 different people at" in log(leah)


def test_places_that_are_not_known_are_not_one_place(leah: Person) -> None:
    for name in ("Jo Example", "Sam Stone", "Kim Kelly"):
        entered(leah, name=name, born=None, place="")
    assert "Worth a look" not in log(leah)


def test_a_pattern_counts_only_what_one_may_read(leah: Person, devi: Person) -> None:
    first = entered(devi)
    for day in (3, 4):
        entered(leah, date(2026, 11, day), same_as=first.subject)
    assert "3 concerns" in log(leah)
    assert "Worth a look" not in log(devi)


# --- entering, and becoming a referral ----------------------------------------------------------------------


def test_who_is_like_somebody_in_the_log_is_asked_for(leah: Person) -> None:
    Authority.objects.create(number="826", name="Milton Keynes")
    first = entered(leah)
    form = {
        "authority": "826",
        "name": "Example Jo",
        "born_day": "4",
        "born_month": "5",
        "born_year": "1984",
        "on_day": "10",
        "on_month": "11",
        "on_year": "2026",
        "words": "She gave a pupil a lift.",
    }
    asked = text_of(visitor(leah).post("/allegations/concerns/new/", form))
    assert "The dates of birth are one day apart." in asked
    visitor(leah).post("/allegations/concerns/new/", form | {"same_as": first.subject_id})
    assert LowLevelConcern.objects.filter(subject=first.subject).count() == 2


def test_a_concern_becomes_a_referral_without_being_written_again(leah: Person) -> None:
    Authority.objects.create(number="826", name="Milton Keynes")
    concern = entered(leah)
    answer = visitor(leah).post(f"/allegations/concerns/{concern.pk}/refer/")
    assert answer.status_code == 302
    draft = concerns.Draft.objects.get()
    assert draft.answers["words"] == "She texted a pupil."
    draft = referrals.save_draft(
        actor=leah,
        draft=draft,
        answers=draft.answers | {"sector": "early years", "known_on": "3 November 2026"},
        revision=draft.revision,
    )
    at = datetime(2026, 11, 20, 10, 0, tzinfo=LONDON)
    case = referrals.refer(actor=leah, draft_or_answers=draft, at=at)
    concern.refresh_from_db()
    assert concern.became == case
    assert case.subject_id == concern.subject_id
    assert case.subject.identity["born"] == "1984-05-03"
    assert Subject.objects.count() == 1
    with pytest.raises(ChangeRefusedError, match="already"):
        concerns.make_referral(actor=leah, concern=concern)
    assert f"case {case.key}" in text_of(visitor(leah).get(f"/allegations/concerns/{concern.pk}/"))


def test_a_referral_made_of_somebody_elses_concern_is_refused(leah: Person, devi: Person) -> None:
    concern = entered(leah)
    answers = {
        "concern": str(concern.pk),
        "subject_name": "Jo Example",
        "words": "A push.",
        "sector": "education",
        "known_on": "3 November 2026",
    }
    with pytest.raises(Http404):
        referrals.refer(actor=devi, draft_or_answers=answers, at=datetime(2026, 11, 20, 10, tzinfo=LONDON))
    assert not Case.objects.exists()
