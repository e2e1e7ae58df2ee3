"""Finding a person by name, possible matches, and records found to be of one person, by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from redway.web.allegations.models import Case, Merge, Named, Subject
from redway.web.allegations.people import cases_about, merges_of, possible_matches
from redway.web.allegations.services import merging, naming
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import NOON, again, done, referred
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock")
MakePerson = Callable[..., Person]


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return referred(harriet)


@pytest.fixture
def namesake(harriet: Person, leah: Person, case: Case) -> Case:
    """The same name in another order, born a day later."""
    return referred(harriet, subject_name="EXAMPLE, Jo", subject_born="4 May 1984")


@pytest.fixture
def devi(case: Case, namesake: Case, leah: Person, make_person: MakePerson) -> Person:
    """A deputy, named on both cases."""
    person = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    for one in (case, namesake):
        done(naming.name_officer, leah, one, person=person)
    return person


def search(person: Person, name: str) -> str:
    answer = visitor(person).post("/allegations/search/", {"name": name})
    assert answer.status_code == 200
    return text_of(answer)


def proposed(leah: Person, case: Case, namesake: Case) -> Merge:
    return merging.propose_merge(
        actor=leah,
        case=case,
        revision=again(case).revision,
        other=namesake,
        reason="The same payroll number.",
    )


def merged(leah: Person, devi: Person, case: Case, namesake: Case) -> Merge:
    merge = proposed(leah, case, namesake)
    return merging.agree_merge(actor=devi, case=case, revision=again(case).revision, merge=merge)


# --- search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Jo Example", "example JO", "Example", "Jó  éxample"])
def test_whole_words_of_a_name_find_a_case(case: Case, leah: Person, name: str) -> None:
    assert case.key in search(leah, name)


@pytest.mark.parametrize("name", ["Exam", "Jo Exampler", "Sam Example"])
def test_part_of_a_word_finds_nothing(case: Case, leah: Person, name: str) -> None:
    assert case.key not in search(leah, name)


@pytest.mark.parametrize("name", ["", "  ", "?!"])
def test_a_search_without_a_word_says_so(case: Case, leah: Person, name: str) -> None:
    text = search(leah, name)
    assert "Enter a name" in text
    assert case.key not in text


def test_who_is_not_named_finds_nothing_and_no_count(case: Case, make_person: MakePerson) -> None:
    devi = make_person("deputy_lado", full_name="Devi Dale", email="devi@example.org")
    text = search(devi, "Jo Example")
    assert case.key not in text
    assert "No case that you are named on" in text


def test_the_person_it_is_about_finds_nothing(case: Case, leah: Person) -> None:
    Subject.objects.filter(pk=case.subject_id).update(account=leah)
    assert not cases_about(leah, "Jo Example", NOON).exists()
    assert "No case that you are named on" in search(leah, "Jo Example")


def test_a_search_is_in_the_audit_trail_without_the_name(case: Case, leah: Person) -> None:
    search(leah, "Jo Example")
    entry = AuditEntry.objects.get(verb="allegation.search")
    assert entry.details == '{"cases":1}'
    assert entry.sensitive_read


def test_a_name_in_the_address_is_not_sought(case: Case, leah: Person) -> None:
    assert case.key not in text_of(visitor(leah).get("/allegations/search/?name=Jo+Example"))


# --- possible matches ---------------------------------------------------------------------------------------


def test_the_same_name_and_a_birth_a_day_apart_is_shown_to_a_person(
    case: Case, namesake: Case, leah: Person
) -> None:
    text = text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))
    assert "Might be the same person" in text
    assert "The names are the same. The dates of birth are one day apart." in text
    assert Subject.objects.filter(merged_into__isnull=False).count() == 0


def test_a_match_in_a_case_that_is_not_open_to_one_is_not_shown(
    case: Case, namesake: Case, leah: Person, devi: Person
) -> None:
    assert len(possible_matches(case, leah, NOON)) == 1
    done(naming.bar, leah, namesake, person=devi, reason="A neighbour.")
    assert possible_matches(case, devi, NOON) == []


# --- merge --------------------------------------------------------------------------------------------------


def test_a_merge_needs_two_people(case: Case, namesake: Case, leah: Person, devi: Person) -> None:
    merge = proposed(leah, case, namesake)
    with pytest.raises(ChangeRefusedError, match="second person"):
        merging.agree_merge(actor=leah, case=case, revision=again(case).revision, merge=merge)
    assert not Subject.objects.filter(merged_into__isnull=False).exists()
    merging.agree_merge(actor=devi, case=case, revision=again(case).revision, merge=merge)
    assert Subject.objects.filter(merged_into__isnull=False).count() == 1


def test_an_undone_merge_leaves_two_people_and_both_histories(
    case: Case, namesake: Case, leah: Person, devi: Person
) -> None:
    before = {one.key: one.subject_id for one in Case.objects.all()}
    merge = merged(leah, devi, case, namesake)
    merging.undo_merge(
        actor=leah, case=case, revision=again(case).revision, merge=merge, reason="Two payroll numbers."
    )
    assert not Subject.objects.filter(merged_into__isnull=False).exists()
    assert {one.key: one.subject_id for one in Case.objects.all()} == before
    merge.refresh_from_db()
    assert merge.agreed_by == devi
    assert "The same payroll number." in merge.reason
    assert "Two payroll numbers." in merge.reason
    assert "Undone on" in text_of(visitor(leah).get(f"/allegations/cases/{case.key}/"))


def test_undoing_one_merge_of_three_records_leaves_the_other(
    case: Case, namesake: Case, harriet: Person, leah: Person, devi: Person
) -> None:
    third = referred(harriet, subject_name="Jo Example", subject_born="5 May 1984")
    done(naming.name_officer, leah, third, person=devi) if not third.named.filter(person=devi) else None
    first = merged(leah, devi, case, namesake)
    merged(leah, devi, namesake, third)
    heads = {merging.head_of(one) for one in Subject.objects.all()}
    assert len(heads) == 1
    merging.undo_merge(
        actor=leah, case=case, revision=again(case).revision, merge=first, reason="Two people."
    )
    head = {one.cases.get().key: merging.head_of(one) for one in Subject.objects.all()}
    assert head[namesake.key] == head[third.key] != head[case.key]


def test_to_who_works_on_one_case_only_there_is_no_merge(
    case: Case, namesake: Case, leah: Person, devi: Person
) -> None:
    merge = proposed(leah, case, namesake)
    done(naming.bar, leah, namesake, person=devi, reason="A neighbour.")
    assert merges_of(case, devi, NOON) == []
    with pytest.raises(Http404):
        merging.agree_merge(actor=devi, case=case, revision=again(case).revision, merge=merge)
    page = visitor(devi).get(f"/allegations/cases/{case.key}/agree-merge/{merge.pk}/")
    assert page.status_code == 404
    assert visitor(devi).get(f"/allegations/cases/{case.key}/merge/{namesake.key}/").status_code == 404


def test_a_merge_closes_every_case_to_the_account_of_one_record(
    case: Case, namesake: Case, leah: Person, devi: Person, make_person: MakePerson
) -> None:
    jo = make_person("deputy_lado", full_name="J. Exemplar", email="jo@example.org")
    for one in (case, namesake):
        done(naming.name_officer, leah, one, person=jo)
    Subject.objects.filter(pk=namesake.subject_id).update(account=jo)
    assert cases_about(jo, "Example", NOON).count() == 1
    merged(leah, devi, case, namesake)
    assert cases_about(jo, "Example", NOON).count() == 0


def test_a_merge_that_would_leave_a_case_without_an_officer_is_refused(
    case: Case, namesake: Case, leah: Person, devi: Person, make_person: MakePerson
) -> None:
    """The only officer of one case turns out to be the person of the other: another is named first."""
    jo = make_person("deputy_lado", full_name="J. Exemplar", email="jo@example.org")
    done(naming.name_officer, leah, namesake, person=jo)
    merge = proposed(leah, case, namesake)
    Named.objects.filter(case=namesake, capacity="officer").exclude(person=jo).update(capacity="break glass")
    Named.objects.filter(case=namesake, person=devi).update(until=NOON + timedelta(minutes=30))
    Subject.objects.filter(pk=case.subject_id).update(account=jo)
    with pytest.raises(ChangeRefusedError, match="No officer would be left on one of their cases"):
        merging.agree_merge(actor=devi, case=case, revision=again(case).revision, merge=merge)
    assert not Subject.objects.filter(merged_into__isnull=False).exists()
    Named.objects.create(case=namesake, person=leah, capacity="officer", from_at=NOON)
    merging.agree_merge(actor=devi, case=case, revision=again(case).revision, merge=merge)
    assert Subject.objects.filter(merged_into__isnull=False).count() == 1


def test_a_merge_goes_through_its_pages(case: Case, namesake: Case, leah: Person, devi: Person) -> None:
    def send(person: Person, path: str, **given: Any) -> str:
        answer = visitor(person).post(
            f"/allegations/cases/{case.key}/{path}/",
            {"revision": again(case).revision, **given},
            follow=True,
        )
        return text_of(answer)

    assert "has to agree" in send(leah, f"merge/{namesake.key}", reason="One payroll number.")
    merge = Merge.objects.get()
    assert "Waits for a second person" in text_of(visitor(devi).get(f"/allegations/cases/{case.key}/"))
    assert "of one person now" in send(devi, f"agree-merge/{merge.pk}")
    assert "Other cases about them" in text_of(visitor(devi).get(f"/allegations/cases/{case.key}/"))
    assert "of two people again" in send(leah, f"undo-merge/{merge.pk}", reason="They are twins.", go="send")


def test_nothing_of_a_merge_in_the_trail_names_anybody(
    case: Case, namesake: Case, leah: Person, devi: Person
) -> None:
    merged(leah, devi, case, namesake)
    for entry in AuditEntry.objects.filter(verb__endswith="_merge"):
        assert "Example" not in entry.details
        assert namesake.key not in entry.details
