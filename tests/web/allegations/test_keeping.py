"""Legal hold, review, disposal by two people; the reference checker; a wrong "known" day put right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from redway.web.allegations import document_store
from redway.web.allegations.disposal_list import due_on, retention_of_case
from redway.web.allegations.models import Case, Document, Happening, LowLevelConcern, Subject
from redway.web.allegations.people import cases_about
from redway.web.allegations.records import as_figures, cases_to_count, kept_records
from redway.web.allegations.services import keeping, naming, timeline
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import NOON, TODAY, again, done, opened, ready_to_close
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    """Closed as unfounded on 15 April 2016: by the rules of the North West reviewed after ten years."""
    case = ready_to_close(harriet, leah)
    done(close, leah, case, on=TODAY)
    Case.objects.filter(pk=case.pk).update(
        edition="north-west-2020", closed_on=date(2016, 4, 15), known_at=datetime(2016, 1, 4, 9, tzinfo=UTC)
    )
    case.allegations.update(outcome="unfounded")
    return again(case)


@pytest.fixture
def devi(case: Case, leah: Person, make_person: MakePerson) -> Person:
    """A deputy, named on the case."""
    person = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    done(naming.name_officer, leah, case, person=person)
    return person


def disposed(leah: Person, devi: Person, case: Case) -> None:
    proposal = done(keeping.propose_disposal, leah, case)
    done(keeping.agree_disposal, devi, case, disposal=proposal)


def keys_due(on: date) -> list[str]:
    return [one.key for one in due_on(on, "826")]


# --- what is due --------------------------------------------------------------------------------------------


def test_the_page_lists_what_is_due_on_a_day_by_reference(case: Case, leah: Person) -> None:
    text = text_of(visitor(leah).get("/allegations/retention/?on=2026-04-15"))
    assert case.key in text
    assert "Jo Example" not in text
    assert case.key not in text_of(visitor(leah).get("/allegations/retention/?on=2026-04-14"))


def test_who_is_not_named_is_shown_nothing_of_what_is_due(case: Case, make_person: MakePerson) -> None:
    other = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    assert case.key not in text_of(visitor(other).get("/allegations/retention/"))


def test_a_hold_goes_before_every_rule_and_lifting_it_lets_them_count_again(case: Case, leah: Person) -> None:
    done(keeping.set_hold, leah, case, reason="A public inquiry.")
    assert keys_due(TODAY) == []
    assert retention_of_case(again(case)).reason == "A legal hold: A public inquiry."
    with pytest.raises(ChangeRefusedError, match="not due"):
        done(keeping.propose_disposal, leah, case)
    done(keeping.lift_hold, leah, case, reason="It has reported.")
    assert keys_due(TODAY) == [case.key]
    events = Happening.objects.filter(case=case).values_list("event", flat=True)
    assert {keeping.HOLD_SET, keeping.HOLD_LIFTED} <= set(events)


def test_a_hold_on_one_record_of_a_person_holds_them_all(case: Case, leah: Person) -> None:
    Subject.objects.create(
        authority="826", identity={}, merged_into_id=case.subject_id, legal_hold="An inquiry"
    )
    assert keys_due(TODAY) == []
    done(keeping.lift_hold, leah, case, reason="It has reported.")
    assert keys_due(TODAY) == [case.key]


def test_a_review_sets_a_new_day_with_its_reason(case: Case, leah: Person) -> None:
    with pytest.raises(ChangeRefusedError, match="day to come"):
        done(keeping.review_retention, leah, case, until=TODAY, reason="Others may come forward.")
    done(keeping.review_retention, leah, case, until=date(2031, 1, 1), reason="Others may come forward.")
    assert keys_due(date(2030, 12, 31)) == []
    assert keys_due(date(2031, 1, 1)) == [case.key]
    assert Happening.objects.get(event=keeping.REVIEWED).words == "Others may come forward."


def test_of_others_records_that_are_due_only_the_number_is_told(
    case: Case, leah: Person, make_person: MakePerson
) -> None:
    other = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    text = text_of(visitor(other).get("/allegations/retention/?on=2026-04-15"))
    assert "1 more record is due on which other officers are named." in text
    assert case.key not in text
    assert "more record" not in text_of(visitor(leah).get("/allegations/retention/?on=2026-04-15"))
    assert "more record" not in text_of(visitor(other).get("/allegations/retention/?on=2026-04-14"))
    # To whom the case does not exist it is not counted either.
    done(naming.bar, leah, case, person=other, reason="A cousin.")
    assert "more record" not in text_of(visitor(other).get("/allegations/retention/?on=2026-04-15"))


def test_a_record_on_which_nobody_is_named_any_more_is_not_forgotten(
    case: Case, make_person: MakePerson
) -> None:
    case.named.update(until=NOON)
    other = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    text = text_of(visitor(other).get("/allegations/retention/?on=2026-04-15"))
    assert "1 more record is due on which no officer is named any more" in text


def test_what_no_rule_gives_a_day_for_is_listed_and_gets_one_from_an_officer(
    case: Case, leah: Person
) -> None:
    Case.objects.filter(pk=case.pk).update(edition="national-2020")
    assert keys_due(date(2080, 1, 1)) == []
    text = text_of(visitor(leah).get("/allegations/retention/"))
    assert "No rule for unfounded in the national rules of 2020" in text
    assert "Set a day to look at it again" in text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))
    done(keeping.review_retention, leah, case, until=date(2031, 1, 1), reason="No local rule yet.")
    assert keys_due(date(2031, 1, 1)) == [case.key]
    assert keys_due(date(2030, 12, 31)) == []
    assert "No rule for unfounded" not in text_of(visitor(leah).get("/allegations/retention/?on=2030-12-31"))


def test_a_day_that_is_none_is_answered_in_words(case: Case, leah: Person) -> None:
    assert "no day: what is due today is shown" in text_of(
        visitor(leah).get("/allegations/retention/?on=never")
    )


def test_the_case_says_what_the_employer_keeps_and_keeps_its_own_record(case: Case, leah: Person) -> None:
    """Acceptance cases 27 and 30: the summary leaves the personnel file, the officer's record stays."""
    address = f"/allegations/cases/{case.key}/"
    shown = text_of(visitor(leah).get(address))
    assert "To normal pension age, and not before 4 January 2026." in shown
    case.allegations.update(outcome="malicious")
    shown = text_of(visitor(leah).get(address))
    assert "it is taken out of the personnel file" in shown
    assert again(case).allegations.get().words


# --- disposal -----------------------------------------------------------------------------------------------


def test_disposal_needs_two_people(case: Case, leah: Person, devi: Person) -> None:
    proposal = done(keeping.propose_disposal, leah, case)
    with pytest.raises(ChangeRefusedError, match="second person"):
        done(keeping.agree_disposal, leah, case, disposal=proposal)
    assert again(case).subject.identity["names"] == ["Jo Example"]
    done(keeping.agree_disposal, devi, case, disposal=proposal)
    assert again(case).subject.identity == {}


def test_nothing_written_is_left_and_figures_stay(case: Case, leah: Person, devi: Person) -> None:
    LowLevelConcern.objects.create(
        subject=case.subject,
        authority="826",
        on=date(2015, 12, 1),
        about={"words": "He shouted."},
        entered_by=leah,
        became=case,
    )
    before = as_figures(kept_records(cases_to_count("826", None), "826"))
    disposed(leah, devi, case)
    assert as_figures(kept_records(cases_to_count("826", None), "826")) == before
    found = again(case)
    assert found.account == {}
    assert {one.words for one in found.allegations.all()} == {"Erased"}
    assert {one.words for one in found.happenings.all()} <= {"", "Erased"}
    assert LowLevelConcern.objects.get().about == {}
    assert found.engagement is not None
    assert found.engagement.details == {}
    assert not cases_about(leah, "Example", NOON).exists()
    assert keys_due(TODAY) == []


def test_documents_go_with_a_record(
    case: Case,
    leah: Person,
    devi: Person,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    document = Document.objects.create(
        case=case, title="A statement.", media_type="text/plain", size=4, added_by=leah
    )
    document_store.keep(document.key, b"Text")
    with django_capture_on_commit_callbacks(execute=True):
        disposed(leah, devi, case)
    assert Document.objects.get().title == "Erased"
    with pytest.raises(document_store.DocumentGoneError):
        document_store.bytes_of(document.key)


def test_a_record_disposed_of_is_open_to_nobody(case: Case, leah: Person, devi: Person) -> None:
    disposed(leah, devi, case)
    for path in ("", "break-glass/"):
        assert visitor(leah).get(f"/allegations/cases/{case.key}/{path}").status_code == 404


def test_the_entry_of_a_disposal_names_nobody(case: Case, leah: Person, devi: Person) -> None:
    disposed(leah, devi, case)
    entry = AuditEntry.objects.get(verb="allegation.dispose")
    assert entry.actor == devi
    assert "Example" not in entry.details


def test_a_person_with_another_record_keeps_their_name_there(
    case: Case, harriet: Person, leah: Person, devi: Person
) -> None:
    other = opened(harriet, leah)
    Case.objects.filter(pk=other.pk).update(subject=case.subject)
    disposed(leah, devi, case)
    assert again(other).subject.identity["names"] == ["Jo Example"]


def test_disposal_goes_through_its_pages(case: Case, leah: Person, devi: Person) -> None:
    where = f"/allegations/cases/{case.key}"
    assert "Dispose of it" in text_of(visitor(leah).get(f"{where}/"))
    visitor(leah).post(f"{where}/dispose/", {"revision": again(case).revision})
    number = case.disposals.get().pk
    page = text_of(visitor(devi).get(f"{where}/"))
    assert f"agree-disposal/{number}/" in page
    sent = {"revision": again(case).revision, "go": "send"}
    answer = visitor(devi).post(f"{where}/agree-disposal/{number}/", sent, follow=True)
    assert "disposed of" in text_of(answer)
    assert again(case).disposed_on == TODAY


# --- what a reference may say -------------------------------------------------------------------------------


def test_a_history_that_is_not_substantiated_is_not_mentioned(case: Case, leah: Person) -> None:
    assert "There is nothing to disclose in a reference." in text_of(
        visitor(leah).get(f"/allegations/cases/{case.key}/")
    )


def test_an_open_case_asks_for_advice(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    assert "1 not concluded: take advice" in text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))


# --- when it became known -----------------------------------------------------------------------------------


def test_a_wrong_known_day_is_put_right_and_both_stay(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    done(
        timeline.correct_known,
        leah,
        case,
        at=datetime(2026, 11, 18, 9, 0, tzinfo=UTC),
        time_given=True,
        because="The diary of the head says so.",
    )
    assert again(case).known_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    known = Happening.objects.filter(case=case, event="known").order_by("pk")
    assert [one.withdrawn_because for one in known] == ["The diary of the head says so.", ""]
    text = text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))
    assert "19 November 2026" in text
    assert "18 November 2026" in text


def test_it_cannot_have_become_known_after_the_referral(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    with pytest.raises(ChangeRefusedError) as refused:
        done(
            timeline.correct_known,
            leah,
            case,
            at=datetime(2026, 11, 21, tzinfo=UTC),
            time_given=False,
            because="",
        )
    assert len(refused.value.problems) == 2


def test_nothing_that_was_written_is_in_the_database_in_plain(case: Case, leah: Person) -> None:
    done(keeping.set_hold, leah, case, reason="A public inquiry.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT legal_hold FROM allegations_subject")
        assert all(b"inquiry" not in bytes(row[0]) for row in cursor.fetchall())
