"""What holds on every page and in every change of this room: revisions, caches, logs, exports, the trail."""

from __future__ import annotations

import csv
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any
from unittest.mock import MagicMock

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse

from redway.allegations.cross_border import TransferState
from redway.web.allegations.access import access_case
from redway.web.allegations.case_deed import Deed, Sent
from redway.web.allegations.case_deeds import DEEDS
from redway.web.allegations.models import Capacity, Case, CaseState, Named, Subject
from redway.web.allegations.queries import days_work
from redway.web.allegations.services import naming
from redway.web.allegations.services.changing import ChangedMeanwhileError, ChangeRefusedError
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Grant, Person
from redway.web.register.models import Authority
from web.allegations.a_case import NOON, TODAY, again, done, opened
from web.allegations.case_of_everything import ITEMS, case_of_everything
from web.pages import text_of, visitor
from web.permission_matrix import CASES, REFERRALS, STATISTICS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
MakePerson = Callable[..., Person]
YEAR = "?from=2026-01-01&to=2026-11-23"


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


@pytest.fixture
def world(leah: Person, dana: Person, bob: Person) -> dict[str, str]:
    Authority.objects.create(number="826", name="Milton Keynes")
    return case_of_everything(leah, dana, bob)


# --- two officers at once -----------------------------------------------------------------------------------


SOUND = {
    "state": "open",
    "answer": "told",
    "category": "physical",
    "sector": "education",
    "outcome": "unfounded",
    "at": time(12),
    "meeting": "",
    "account": "",
    **dict.fromkeys(("on", "until", "due_on", "first_day", "last_day", "review_on"), TODAY),
}


class Anything(dict[str, Any]):
    """Sound answers to whatever a form asks: only the revision is wrong."""

    def __missing__(self, name: str) -> Any:
        return SOUND[name] if name in SOUND else MagicMock()


ASKED_OF_A_REVISION = [deed for deed in DEEDS if deed.slug != "withdraw-offer"]
"""Whether an offer can still be taken back is a question to the offer, whatever else has changed."""


@pytest.mark.parametrize("deed", ASKED_OF_A_REVISION, ids=lambda deed: deed.slug)
def test_in_every_change_who_comes_second_is_told_what_the_first_has_done(
    deed: Deed, world: dict[str, str], leah: Person, dana: Person
) -> None:
    case = Case.objects.get(pk=world["of_case"])
    case.state = next(iter(sorted(deed.states)))
    if case.state == CaseState.CLOSED:
        case.closed_on = TODAY
    case.save()
    before = AuditEntry.objects.count()
    item = deed.item(case, ITEMS[deed.slug].format(**world)) if deed.item else None
    form = MagicMock(cleaned_data=Anything(person=leah.pk if deed.slug == "share" else leah))
    form.chosen.return_value = (leah, Capacity.OFFICER)
    actor = dana if deed.action == "allegation.close_over" else leah
    with pytest.raises(ChangedMeanwhileError):
        deed.send(Sent(actor, case, item, case.revision - 1, form))
    assert (again(case).revision, AuditEntry.objects.count()) == (case.revision, before)


def test_what_is_sent_without_a_revision_counts_as_written_before_everything(
    case: Case, leah: Person
) -> None:
    sent = {"person": "", "go": "send"}
    shown = text_of(visitor(leah).post(f"/allegations/cases/{case.key}/link-account/", sent))
    assert "Somebody has changed this case" in shown or "changed" in shown
    assert again(case).revision == case.revision


# --- break glass, hand-over ---------------------------------------------------------------------------------


def test_somebody_else_here_for_an_hour_does_not_look_at_why_the_glass_was_broken(
    case: Case, leah: Person, make_person: MakePerson
) -> None:
    first, second = (make_person("deputy_lado", full_name=name) for name in ("Devi Dale", "Del Dell"))
    for one in (first, second):
        naming.break_glass(actor=one, key=case.key, reason="The officer is ill.")
    broken = case.named.get(person=first, capacity=Capacity.BREAK_GLASS)
    with pytest.raises(ChangeRefusedError, match="An officer named on the case must look at it"):
        done(naming.review_break_glass, second, case, named=broken)
    done(naming.review_break_glass, leah, case, named=broken)


def test_every_account_of_the_person_stays_shut_out_when_a_case_is_handed_over(
    case: Case, leah: Person, make_person: MakePerson
) -> None:
    """Their accounts are known on other records of them, which the new authority does not get."""
    head = Subject.objects.create(
        authority="826", identity={"names": ["J. Example"]}, account=make_person("lado", authority="822")
    )
    third = make_person("deputy_lado", authority="822")
    Subject.objects.create(authority="826", identity={}, account=third, merged_into=head)
    Subject.objects.filter(pk=case.subject_id).update(merged_into=head)
    nell = make_person("lado", authority="822", full_name="Nell North")
    offer = done(naming.offer_transfer, leah, case, to_authority="822", reason="They work there.")
    received = naming.answer_transfer(actor=nell, hand_over=offer, state=TransferState.ACCEPTED)
    for account in (head.account, third):
        request: Any = RequestFactory().get("/")
        request.user = account
        with pytest.raises(Http404):
            access_case(request, received.key, "allegation.view")
    assert {one.actor for one in days_work(nell, NOON).attempts} == {head.account, third}
    assert not Named.objects.filter(case=received, person__in=(head.account, third)).exists()


def test_officers_are_told_of_an_officer_whom_an_administrator_adds(
    leah: Person, make_person: MakePerson, clock: Any
) -> None:
    """An administrator cannot read cases, and could make somebody an officer who does."""
    told = "1 designated officer was added"
    make_person("deputy_lado", full_name="Devi Dale")
    Grant.objects.update(granted_at=NOON)
    assert told not in text_of(visitor(leah).get("/"))  # both began together
    clock.move(timedelta(days=30))
    puppet = make_person("deputy_lado", full_name="Pip Puppet")
    puppet.grants.update(granted_at=clock.now)
    assert told in text_of(visitor(leah).get("/"))
    assert "were added" not in text_of(visitor(puppet).get("/"))
    clock.move(timedelta(days=15))
    assert told not in text_of(visitor(leah).get("/"))


# --- the trail ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ("day/", "read_day"),
        ("cases/", "read_list"),
        ("advice/", "read_advice"),
        ("retention/", "read_retention"),
        ("concerns/", "read_concerns"),
        ("referrals/", "read_referrals"),
        (f"statistics/826/report.csv{YEAR}", "take_report"),
        (f"statistics/826/tables/sector.xlsx{YEAR}", "take_report"),
    ],
)
def test_each_look_at_a_list_is_one_entry_without_a_name(
    world: dict[str, str], leah: Person, path: str, verb: str
) -> None:
    assert visitor(leah).get(f"/allegations/{path}").status_code == 200
    entry = AuditEntry.objects.get(actor=leah, verb=f"allegation.{verb}")
    assert "Example" not in entry.details
    assert world["of_case"] not in entry.details
    assert ":" not in entry.words  # it has words of its own


def test_every_verb_that_this_room_writes_has_words() -> None:
    from pathlib import Path
    from re import findall

    from redway.web import allegations
    from redway.web.audit.words import _WORDS

    folder = Path(allegations.__file__).parent
    written = {
        verb for path in folder.rglob("*.py") for verb in findall(r'"(allegation\.\w+)"', path.read_text())
    }
    known = {verb for verb in _WORDS if verb.startswith("allegation.")}
    from redway.web.people.rules import ACTIONS

    assert written - known - set(ACTIONS) == set()


def test_a_stop_while_a_refusal_is_written_down_shows_nothing(
    world: dict[str, str], bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    browser = visitor(bob)
    monkeypatch.setattr(audit, "record", stop)
    with pytest.raises(KeyboardInterrupt):
        browser.get(f"/allegations/cases/{world['of_case']}/")


# --- caches -------------------------------------------------------------------------------------------------


def test_nothing_of_this_room_is_kept_by_any_cache(world: dict[str, str], leah: Person) -> None:
    browser, wrong = visitor(leah), []
    for page in (*CASES, *REFERRALS, *STATISTICS):
        if "lado" not in page.allowed or any("{" in part and part[1:-1] not in world for part in page.args):
            continue
        address = reverse(page.name, args=[part.format(**world) for part in page.args])
        for query in ("", "?build=allegations"):
            answer = browser.get(address + query)
            if answer["Cache-Control"] != "no-store, private" or "ETag" in answer:
                wrong.append(f"{address}: {answer['Cache-Control']}")
    assert not wrong, "\n".join(wrong)


# --- logs, addresses, files ---------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged by anybody, as a server writes it."""
    from redway.web.security import NamelessFormatter

    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(NamelessFormatter("{levelname} {name} {message}", style="{"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_whole_journey_logs_nobody_and_puts_nobody_into_an_address_title_or_file_name(
    case: Case, leah: Person, dana: Person, harriet: Person, bob: Person, logged: io.StringIO
) -> None:
    Authority.objects.create(number="826", name="Milton Keynes")
    seen: list[str] = []
    for person in (leah, dana, harriet, bob):
        browser = visitor(person)
        for path in (
            "",
            "day/",
            "cases/",
            "cases/?state=all",
            "search/",
            "concerns/",
            "referrals/",
            "retention/",
            f"statistics/{YEAR}",
            f"statistics/826/report.pdf{YEAR}",
            f"cases/{case.key}/",
            f"cases/{case.key}/history/",
            f"cases/{case.key}/chronology.pdf",
            f"cases/{case.key}/outcome-letter/",
            f"cases/{case.key}/record-for-the-person/",
            f"cases/{case.key}/documents/nothing/",
        ):
            answer = browser.get(f"/allegations/{path}")
            seen += [answer.headers.get("Location", ""), answer.headers.get("Content-Disposition", "")]
            if "html" in answer["Content-Type"]:
                seen.append(text_of(answer).partition("<title>")[2].partition("</title>")[0])
        for name in ("Jo Example", "Example =cmd()"):
            browser.post("/allegations/search/", {"name": name})
            answer = browser.post("/allegations/cases/", {"reference": name})
            seen.append(answer.headers.get("Location", ""))
        browser.post(f"/allegations/cases/{case.key}/add-allegation/", {"words": "Jo Example pushed her."})
    written = (
        " ".join(seen) + logged.getvalue() + "".join(AuditEntry.objects.values_list("details", flat=True))
    )
    assert "Not Found" in logged.getvalue()
    for word in ("Example", "pushed", "Lane", "example.org"):
        assert word not in written


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example")', "+1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1"]
)
def test_no_cell_of_a_file_is_a_formula(world: dict[str, str], leah: Person, name: str) -> None:
    Authority.objects.filter(number="826").update(name=name)
    browser = visitor(leah)
    for path in ("report", "tables/sector"):
        book = browser.get(f"/allegations/statistics/826/{path}.xlsx{YEAR}").content
        with zipfile.ZipFile(io.BytesIO(book)) as packed:
            sheets = [packed.read(part) for part in packed.namelist() if "worksheets/sheet" in part]
        assert sheets
        assert not any(b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets)
        answer = browser.get(f"/allegations/statistics/826/{path}.csv{YEAR}")
        body = b"".join(answer).decode() if answer.streaming else answer.content.decode()
        rows = list(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
        assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")]


def test_what_a_program_reads_holds_no_key_of_a_case(world: dict[str, str], leah: Person) -> None:
    found = visitor(leah).get(f"/allegations/statistics/826/report.json{YEAR}").json()
    assert world["of_case"] not in json.dumps(found)
    assert date.fromisoformat(found["to"]) == TODAY - timedelta(days=1)
