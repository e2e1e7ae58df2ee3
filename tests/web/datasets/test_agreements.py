"""The authority agrees its own timetable: line by line, dated, with a reason, and audited."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from redway.core.errors import NotFound, ValuesError
from redway.core.home import Home
from redway.datasets.timetable import Terms, Yearly, load_timetable
from redway.web.audit.models import AuditEntry
from redway.web.datasets.agreements import (
    TimetableError,
    agree_entry,
    agreed_timetable,
    find_entry,
    return_to_proposal,
    timetable_lines,
)
from redway.web.datasets.models import TimetableAgreement
from redway.web.datasets.standing import stamps_for
from redway.web.people.models import Person
from web.pages import text_of, visitor

pytestmark = pytest.mark.django_db
LATER = Terms("Department for Education", "Assessment team", (9, 30), 14)
TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def agree_ks2(actor: Person, terms: Terms = LATER) -> TimetableAgreement:
    return agree_entry(actor=actor, code="ks2-provisional", terms=terms, reason="Agreed at the data board")


def test_one_line_is_agreed_and_the_others_stand_as_proposed(alice: Person, clock: Any) -> None:
    agree_ks2(alice)
    line = find_entry("ks2-provisional", TODAY)
    assert Terms.of(line) == LATER
    assert line.agreed_on == TODAY
    others = [entry for entry in agreed_timetable(TODAY) if entry.code != "ks2-provisional"]
    assert others == [entry for entry in load_timetable() if entry.code != "ks2-provisional"]


def test_history_is_kept_and_the_timetable_can_be_had_as_at_a_day(alice: Person, clock: Any) -> None:
    agree_ks2(alice)
    clock.move(timedelta(days=10))
    agree_ks2(alice, Terms("Department for Education", "Data officer", (10, 15), 30))
    clock.move(timedelta(days=10))
    return_to_proposal(actor=alice, code="ks2-provisional", reason="The publication moved back")
    on = {
        day: find_entry("ks2-provisional", date(2026, 11, 23) + timedelta(days=day)) for day in (0, 1, 11, 21)
    }
    dues = {day: entry.due for day, entry in on.items() if isinstance(entry, Yearly)}
    assert dues == {0: (9, 9), 1: (9, 30), 11: (10, 15), 21: (9, 9)}
    assert on[21].agreed_on is None
    assert TimetableAgreement.objects.count() == 3


def test_each_change_is_audited_with_it(alice: Person) -> None:
    agreement = agree_ks2(alice)
    return_to_proposal(actor=alice, code="ks2-provisional", reason="A slip")
    agreed, proposed = AuditEntry.objects.filter(subject_kind="timetable").order_by("sequence")
    assert (agreed.verb, agreed.actor, agreed.subject_id) == ("timetable.agree", alice, "ks2-provisional")
    assert json.loads(agreed.details) == {
        "agreement": agreement.pk,
        "due": "09-30",
        "grace_days": 14,
        "no_older_than_days": None,
    }
    assert proposed.verb == "timetable.propose"


def test_an_agreement_without_its_audit_entry_does_not_happen(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("redway.web.datasets.agreements.record", fail)
    with pytest.raises(RuntimeError):
        agree_ks2(alice)
    assert not TimetableAgreement.objects.exists()


def test_only_those_who_look_after_datasets_may_agree(dana: Person, alice: Person) -> None:
    with pytest.raises(Http404):
        agree_ks2(dana)
    agree_ks2(alice)
    with pytest.raises(Http404):
        return_to_proposal(actor=dana, code="ks2-provisional", reason="No")


def test_what_makes_no_sense_is_refused(alice: Person) -> None:
    with pytest.raises(ValuesError, match="not a day of every year"):
        agree_ks2(alice, Terms("Department for Education", "Data officer", (2, 31), 30))
    with pytest.raises(NotFound, match="no line tea"):
        agree_entry(actor=alice, code="tea", terms=LATER, reason="Why not")
    with pytest.raises(TimetableError, match="needs a reason"):
        agree_entry(actor=alice, code="ks2-provisional", terms=LATER, reason=" ")
    with pytest.raises(TimetableError, match="Nothing has been changed"):
        agree_ks2(alice, Terms("Department for Education", "Data officer", (9, 9), 30))
    with pytest.raises(TimetableError, match="in force already"):
        return_to_proposal(actor=alice, code="ks2-provisional", reason="Nothing to go back from")
    assert not TimetableAgreement.objects.exists()


def test_the_database_refuses_terms_of_two_kinds(alice: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TimetableAgreement.objects.create(
            entry="ks2-final",
            due_month=3,
            grace_days=3,
            no_older_than_days=4,
            reason="?",
            agreed_at=NOON,
            agreed_by=alice,
        )


def test_the_stamp_on_reports_follows_the_agreed_day(home: Home, alice: Person, clock: Any) -> None:
    clock.set(datetime(2026, 9, 20, 12, 0, tzinfo=UTC))
    today = date(2026, 9, 20)

    def said() -> str:
        return " ".join(stamps_for(["ks2-2016-on"], "none", today))

    assert "Key stage 2 results, provisional, 2025-26, was due on 9 September 2026" in said()
    agree_ks2(alice)
    assert "Key stage 2 results, provisional, 2024-25, was due on 30 September 2025" in said()


def test_lines_on_the_command_line_are_those_of_the_page(home: Home, alice: Person, capsys: Any) -> None:
    from redway.cli.datasets import _show_datasets

    agree_ks2(alice)
    _show_datasets(None, as_json=True)
    lines = {line["title"]: line for line in json.loads(capsys.readouterr().out)["timetable"]}
    line = lines["Key stage 2 results, provisional"]
    assert line["answers"] == "Assessment team"
    assert line["agreed_on"] is not None
    page = json.loads(visitor(alice).get("/datasets/timetable.json").content)["rows"]
    assert "Assessment team" in {row["answers"] for row in page}
    assert [one.entry.answers for one in timetable_lines([], TODAY)].count("Data officer") > 5


# --- pages --------------------------------------------------------------------------------------------------

SENT = {
    "due_day": "30",
    "due_month": "9",
    "grace_days": "14",
    "supplier": "Department for Education",
    "role": "other",
    "words": "Assessment team",
    "reason": "Agreed at the data board",
}
PAGE = "/datasets/timetable/ks2-provisional/"


def test_the_page_shows_what_stands_and_agrees_what_is_sent(home: Home, alice: Person, clock: Any) -> None:
    client = visitor(alice)
    page = text_of(client.get(PAGE))
    assert 'name="due_day" value="9"' in page
    assert "due on 9 September, 30 days of grace" in page
    assert "Go back to the proposal" not in page
    listed = text_of(client.post(PAGE, SENT, follow=True))
    assert "Key stage 2 results, provisional is agreed." in listed
    assert "agreed 24 November 2026" in listed
    assert "proposed" in listed
    again = text_of(client.get(PAGE))
    assert (
        "Agreed: due on 30 September, 14 days of grace; from Department for Education; Assessment team"
        in again
    )
    assert "Agreed at the data board" in again
    assert "Alice Archer" in again


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"due_day": "31", "due_month": "2"}, "Due every year on must be a real day"),
        ({"due_day": "29", "due_month": "2"}, "choose 28 February or 1 March"),
        ({"due_day": "", "due_month": ""}, "Enter the day and month it is due"),
        ({"grace_days": "a month"}, "Days of grace must be a whole number, such as 30"),
        ({"grace_days": ""}, "Days of grace: enter a number of days"),
        ({"grace_days": "-3"}, "Days of grace must be 0 or more"),
        ({"supplier": " "}, "Enter from whom the dataset comes"),
        ({"role": ""}, "Choose who answers for it"),
        ({"words": ""}, "Enter who answers for it"),
        ({"reason": ""}, "Enter a reason"),
        (
            {"due_day": "9", "due_month": "9", "grace_days": "30", "role": "Data officer"},
            "Nothing has been changed.",
        ),
    ],
)
def test_mistakes_are_said_in_the_error_summary(
    home: Home, alice: Person, change: dict[str, str], message: str
) -> None:
    response = visitor(alice).post(PAGE, SENT | change)
    page = text_of(response)
    assert response.status_code == 200
    assert "There is a problem" in page
    assert message in page
    assert not TimetableAgreement.objects.exists()


def test_a_standing_line_asks_for_its_greatest_age(home: Home, alice: Person) -> None:
    client, address = visitor(alice), "/datasets/timetable/establishments/"
    page = text_of(client.get(address))
    assert "No older than, in days" in page
    assert "due_day" not in page
    sent = {"no_older_than_days": "0", "supplier": "DfE", "role": "Data officer", "reason": "Agreed"}
    assert "must be 1 or more" in text_of(client.post(address, sent))
    client.post(address, sent | {"no_older_than_days": "31"})
    agreement = TimetableAgreement.objects.get()
    assert (agreement.no_older_than_days, agreement.due_month) == (31, None)


def test_the_proposal_comes_back_with_a_reason(home: Home, alice: Person) -> None:
    client = visitor(alice)
    client.post(PAGE, SENT)
    assert f'href="{PAGE}proposal/"' in text_of(client.get(PAGE))
    assert "Enter a reason" in text_of(client.post(f"{PAGE}proposal/", {"reason": ""}))
    back = text_of(client.post(f"{PAGE}proposal/", {"reason": "The publication moved"}, follow=True))
    assert "stands as proposed again" in back
    assert find_entry("ks2-provisional", date(2100, 1, 1)).agreed_on is None
    history = text_of(client.get(PAGE))
    assert "Back to the proposal" in history
    assert "Agreed: due on 30 September" in history, "what was agreed before is kept"


def test_change_is_offered_to_those_who_may(home: Home, alice: Person, dana: Person) -> None:
    assert f'href="{PAGE}"' in text_of(visitor(alice).get("/datasets/"))
    assert f'href="{PAGE}"' not in text_of(visitor(dana).get("/datasets/"))
