"""What leaves in the public version of a pack, looked for in every form it is taken away in.

Somebody reads the published pack who would like to know which schools are in trouble, and about which
children.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.urls import reverse

from redway.improvement.action_plan import Polarity, SuccessMeasure
from redway.improvement.board_errors import RatingRefused
from redway.improvement.rating import Colour
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.changing import BoardRefused
from redway.web.improvement.board.meeting_services import read_frozen
from redway.web.improvement.board.models import Action, Meeting, Objective
from redway.web.improvement.board.papers import document_of
from redway.web.measures.showing import store
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    AIM,
    AUTHORITY,
    NEIGHBOUR,
    NOW,
    TODAY,
    approved,
    authority,
    evidence,
    fresh,
    frozen,
    judged,
    measured,
    rated,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
SECRET = "Oak Hill School"


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


def restricted(editor: Person, held: Objective) -> Objective:
    """The objective, restricted and with the school's name in it."""
    held.refresh_from_db()
    aim = replace(AIM, title=f"Help {SECRET}", outcome=f"{SECRET} is safe", restricted=True)
    return objectives.edit_objective(actor=editor, objective=held, revision=held.revision, aim=aim)


def renamed(editor: Person, action: Action, title: str) -> Action:
    held = fresh(action)
    doing = actions.Doing(title, held.owner, held.sponsor, held.measure, held.due_on)
    actions.edit_action(actor=editor, action=held, revision=held.revision, doing=doing)
    return fresh(action)


def every_form(reader: Person, meeting: Meeting) -> dict[str, str]:
    """The public version as text: the page, and each file with its metadata."""
    client = visitor(reader)
    found = {"page": text_of(client.get(reverse("board:pack", args=[meeting.pk, "public"])))}
    for extension in ("json", "pdf", "xlsx", "pptx"):
        held = client.get(reverse("board:pack_file", args=[meeting.pk, "public", extension]))
        assert held.status_code == 200
        found[extension] = _texts(held.content) + held["Content-Disposition"]
    # A paper is drawn from its document and from nothing else.
    found["pdf"] += repr(document_of(read_frozen(meeting, "public"), meeting.public_hash))
    return found


def _texts(content: bytes) -> str:
    """A file as it is; what is packed in it unpacked."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "ignore")
    with ZipFile(io.BytesIO(content)) as held:
        return " ".join(held.read(name).decode("utf-8", "ignore") for name in held.namelist())


def test_nothing_of_a_restricted_objective_is_in_any_form_of_the_public_version(
    bob: Person, dana: Person
) -> None:
    open_one, closed = approved(bob, bob, dana), approved(bob, bob, dana)
    restricted(bob, closed.objective)
    closed = renamed(bob, closed, f"Board of {SECRET} replaced")
    open_one = fresh(open_one)
    actions.depend_on(actor=bob, action=open_one, revision=open_one.revision, other=closed)
    rated(bob, closed, Colour.RED, reason=f"{SECRET} has no head.")
    earlier = frozen(dana, TODAY - timedelta(days=7))
    meetings.record_decision(
        actor=dana,
        meeting=earlier,
        revision=earlier.revision,
        text=f"Visit {SECRET} weekly",
        objective=Objective.objects.get(pk=closed.objective_id),
        restricted=False,
        today=TODAY,
        now=NOW,
    )
    meeting = frozen(dana, TODAY)
    page = visitor(dana).get(reverse("board:pack", args=[meeting.pk, "restricted"]))
    assert f"Waits for 2.1 Board of {SECRET} replaced" in text_of(page)
    assert f"Visit {SECRET} weekly" in text_of(page)
    for form, text in every_form(dana, meeting).items():
        assert SECRET not in text, form
        assert "Hold triage" in text, form


def test_a_count_of_ten_pupils_or_fewer_is_not_published_even_as_an_earlier_reading(
    bob: Person, dana: Person
) -> None:
    action = approved(bob, bob, dana)
    held = Objective.objects.get(pk=action.objective_id)
    of_pupils = SuccessMeasure(
        "Out of school for a term",
        "pupils",
        Polarity.LOWER,
        Decimal(64),
        date(2025, 8, 31),
        Decimal(0),
        date(2027, 8, 31),
        "Register of the virtual school",
    )
    counted = measured(bob, held, of_pupils)
    for month, value in ((3, 7), (6, 23)):
        held.refresh_from_db()
        objectives.add_reading(
            actor=bob,
            measure=counted,
            revision=held.revision,
            given=objectives.Value(f"month {month}", date(2026, month, 28), Decimal(value), "Register"),
            today=TODAY,
            now=NOW,
        )
    meeting = frozen(dana, TODAY)
    page = visitor(dana).get(reverse("board:pack", args=[meeting.pk, "restricted"]))
    assert "Out of school for a term" in text_of(page)
    for form, text in every_form(dana, meeting).items():
        assert "Out of school for a term" not in text, form
        assert "23 pupils" not in text, form
        assert "Schools that fell unseen" in text, f"{form}: schools are no children"
    assert "1 restricted thing is left out" in every_form(dana, meeting)["page"]


def test_no_browser_keeps_a_page_a_file_or_a_picture_of_the_plan_and_its_packs(
    bob: Person, dana: Person
) -> None:
    action = approved(bob, bob, dana)
    meeting, measure = frozen(dana, TODAY), Objective.objects.get(pk=action.objective_id).measures.get()
    plan = [action.objective_id, measure.pk, "svg"]
    pack = [meeting.pk, "restricted", 1, 0, "svg"]
    for name, parts in (
        ("objective", plan[:1]),
        ("chart", plan),
        ("pack", pack[:2]),
        ("pack_file", [*pack[:2], "pdf"]),
        ("pack_chart", pack),
    ):
        address = reverse(f"board:{name}", args=parts)
        for query in ("", f"?build={store().build}"):
            held = visitor(dana).get(address + query)
            assert (held.status_code, held["Cache-Control"]) == (200, "no-store, private"), name


def test_the_title_in_the_browser_names_no_restricted_objective(bob: Person, dana: Person) -> None:
    action = approved(bob, bob, dana)
    restricted(bob, action.objective)
    renamed(bob, action, f"Board of {SECRET} replaced")
    for name, parts in (
        ("objective", [action.objective_id]),
        ("action", [action.pk]),
        ("objective_edit", [action.objective_id]),
        ("rate", [action.pk]),
    ):
        said = text_of(visitor(bob).get(reverse(f"board:{name}", args=parts)))
        assert SECRET in said, name
        assert SECRET not in said.partition("<title>")[2].partition("</title>")[0], name


def test_an_owner_passed_round_to_accept_the_evidence_does_not_make_an_action_blue(
    bob: Person, dana: Person, make_person: Callable[..., Person]
) -> None:
    """Bob owns an action and edits the plan: a colleague enters evidence, Bob gives the action away, accepts
    the evidence, and takes the action back."""
    asha = make_person("adviser", full_name="Asha Abbott", email="asha@example.org")
    action = approved(bob, bob, dana)
    shown = evidence(asha, action)

    def owned_by(owner: Person, sponsor: Person) -> None:
        held = fresh(action)
        doing = actions.Doing(held.title, owner, sponsor, held.measure, held.due_on)
        actions.edit_action(actor=bob, action=held, revision=held.revision, doing=doing)

    with pytest.raises(BoardRefused, match="You own this action"):
        judged(bob, shown)
    owned_by(asha, dana)
    judged(bob, shown)
    owned_by(bob, dana)
    held = fresh(action)
    actions.complete_action(actor=bob, action=held, revision=held.revision, on=TODAY, today=TODAY)
    with pytest.raises(RatingRefused):
        rated(bob, action, Colour.BLUE)


def test_a_person_of_another_authority_is_no_owner_sponsor_or_doer(
    bob: Person, dana: Person, make_person: Callable[..., Person]
) -> None:
    """Sent with a number the page does not offer, and with fields it does not show."""
    stranger = make_person("board_member", email="far@example.org", authority=NEIGHBOUR)
    action = approved(bob, bob, dana)
    meeting = frozen(dana, TODAY)
    browser = visitor(bob)
    held = {"title": "Hold triage", "revision": str(action.revision), "state": "withdrawn", "made_up": "on"}
    for field in ("owner", "sponsor"):
        people = {"owner": str(bob.pk), "sponsor": str(dana.pk)} | {field: str(stranger.pk)}
        said = text_of(browser.post(reverse("board:action_edit", args=[action.pk]), held | people))
        assert "is not one of the available choices" in said, field
    task = {"text": "Write", "owner": str(stranger.pk), "revision": str(meeting.revision)}
    said = text_of(visitor(dana).post(reverse("board:task_new", args=[meeting.pk]), task))
    assert "is not one of the available choices" in said
    assert fresh(action).state == Action.State.APPROVED
    assert {fresh(action).owner, fresh(action).sponsor} == {bob, dana}


def test_a_change_of_the_plan_whose_entry_cannot_be_written_does_not_happen(
    monkeypatch: pytest.MonkeyPatch, bob: Person, dana: Person
) -> None:
    action = approved(bob, bob, dana)
    planned = meetings.plan_meeting(actor=dana, authority=AUTHORITY, held_on=TODAY, place="")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(audit, "record", broken)
    for step in (
        lambda: rated(bob, action, Colour.GREEN),
        lambda: evidence(bob, action),
        lambda: renamed(bob, action, "Something else"),
        lambda: meetings.freeze_pack(
            actor=dana, meeting=planned, revision=planned.revision, today=TODAY, now=NOW
        ),
        lambda: frozen(dana, TODAY + timedelta(days=1)),
    ):
        with pytest.raises(RuntimeError):
            step()
    held = fresh(action)
    assert (held.title, held.ratings.count(), held.evidence.count()) == ("Hold triage", 0, 0)
    assert held.revision == action.revision
    assert [one.frozen_at for one in Meeting.objects.all()] == [None]


def test_reading_a_restricted_objective_or_taking_the_plan_away_is_in_the_trail(
    bob: Person, dana: Person
) -> None:
    open_one, closed = approved(bob, bob, dana), approved(bob, bob, dana)
    restricted(bob, closed.objective)
    for name, parts in (
        ("objective", [open_one.objective_id]),
        ("action", [open_one.pk]),
        ("objective", [closed.objective_id]),
        ("action", [closed.pk]),
        ("actions_table", [AUTHORITY, "xlsx"]),
        ("history_table", [AUTHORITY, "csv"]),
    ):
        assert visitor(dana).get(reverse(f"board:{name}", args=parts)).status_code == 200
    read = AuditEntry.objects.filter(verb="board.read_plan", actor=dana, sensitive_read=True)
    seen = [one.subject_id for one in read.order_by("sequence")]
    assert seen == [*[str(closed.objective_id)] * 2, AUTHORITY, AUTHORITY]
