"""Success measures that change: edited, re-baselined with a reason, and what they were stays in sight."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import fastexcel
import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from pptx import Presentation

from redway.improvement.board_errors import MeasureRefused
from redway.web.audit.models import AuditEntry
from redway.web.improvement.board import meeting_services as meetings
from redway.web.improvement.board import objective_services as objectives
from redway.web.improvement.board.changing import BoardRefused, ChangedMeanwhile
from redway.web.improvement.board.models import Measure, MeasureChange, Meeting, Objective
from redway.web.improvement.board.objective_services import Course
from redway.web.improvement.board.papers import document_of
from redway.web.people.models import Person
from web.improvement.board.a_board import (
    MEASURE,
    NOW,
    TODAY,
    approved,
    authority,
    frozen,
    measured,
    objective,
    read_objective,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]
COURSE = Course(Decimal(5), date(2026, 8, 31), Decimal(2), date(2028, 8, 31))
WAS = "was 4 schools on 31 August 2025 to 0 schools by 31 August 2027; less is asked for now"


@pytest.fixture(autouse=True)
def _authority(db: None) -> None:
    authority()


def rebaselined(
    editor: Person, measure: Measure, course: Course = COURSE, reason: str = "Two schools joined."
) -> MeasureChange:
    held = Measure.objects.select_related("objective").get(pk=measure.pk)
    return objectives.rebaseline_measure(
        actor=editor,
        measure=held,
        revision=held.objective.revision,
        course=course,
        reason=reason,
        today=TODAY,
        now=NOW,
    )


def in_use(bob: Person, dana: Person) -> Measure:
    """The measure of an objective with an approved action."""
    found = approved(bob, bob, dana).measure
    assert found is not None
    return found


def page(person: Person, name: str, *args: object) -> str:
    response = visitor(person).get(reverse(f"board:{name}", args=args))
    assert response.status_code == 200
    return text_of(response)


class TestEditing:
    def test_before_progress_everything_may_be_changed(self, bob: Person) -> None:
        measure = measured(bob, objective(bob))
        given = replace(MEASURE, name="Schools below Good", baseline=Decimal(6), target=Decimal(1))
        objectives.edit_measure(
            actor=bob,
            measure=measure,
            revision=Objective.objects.get().revision,
            given=given,
            now=NOW,
        )
        measure.refresh_from_db()
        assert (measure.name, measure.baseline, measure.target) == ("Schools below Good", 6, 1)
        assert not measure.changes.exists()

    def test_afterwards_only_its_name_and_source_and_the_old_ones_stay_on_record(
        self, bob: Person, dana: Person
    ) -> None:
        measure = in_use(bob, dana)
        revision = Objective.objects.get().revision
        with pytest.raises(BoardRefused, match="are not edited") as refused:
            objectives.edit_measure(
                actor=bob,
                measure=measure,
                revision=revision,
                given=replace(MEASURE, target=Decimal(3)),
                now=NOW,
            )
        assert refused.value.next_step.startswith("Re-baseline it with a reason")
        given = replace(MEASURE, name="Schools that fell without warning")
        objectives.edit_measure(actor=bob, measure=measure, revision=revision, given=given, now=NOW)
        told = page(bob, "measure", measure.objective_id, measure.pk)
        assert "Schools that fell without warning" in told
        assert "Until 24 November 2026 it was called Schools that fell unseen" in told

    def test_the_page_offers_what_may_be_changed(self, bob: Person, dana: Person) -> None:
        fresh_one = measured(bob, objective(bob))
        used = in_use(bob, dana)
        assert 'name="target"' in page(bob, "measure_edit", fresh_one.objective_id, fresh_one.pk)
        told = page(bob, "measure_edit", used.objective_id, used.pk)
        assert 'name="target"' not in told
        assert "re-baselined, with a reason" in told

    def test_a_second_name_of_the_same_words_is_refused(self, bob: Person) -> None:
        held = objective(bob)
        measured(bob, held)
        other = measured(bob, held, replace(MEASURE, name="Schools on the list"))
        held.refresh_from_db()
        with pytest.raises(BoardRefused, match="a measure of that name"):
            objectives.edit_measure(
                actor=bob,
                measure=other,
                revision=held.revision,
                given=replace(MEASURE, name="schools that FELL unseen"),
                now=NOW,
            )


class TestRebaselining:
    def test_the_old_baseline_target_and_day_stay_on_the_measures_page(
        self, bob: Person, dana: Person
    ) -> None:
        measure = in_use(bob, dana)
        answered = visitor(bob).post(
            reverse("board:measure_rebaseline", args=[measure.objective_id, measure.pk]),
            {
                "revision": Objective.objects.get().revision,
                "baseline": "5",
                "baseline_on_day": 31,
                "baseline_on_month": 8,
                "baseline_on_year": 2026,
                "target": "2",
                "target_on_day": 31,
                "target_on_month": 8,
                "target_on_year": 2028,
                "reason": "Two schools joined.",
            },
            follow=True,
        )
        told = text_of(answered)
        assert f"Re-baselined on 24 November 2026, {WAS}. Reason: Two schools joined." in told
        assert "5 schools on 31 August 2026" in told
        assert "2 schools by 31 August 2028" in told
        # Everywhere else that it is shown.
        for name, args in (("index", ()), ("ten_minutes", ()), ("objective", (measure.objective_id,))):
            assert "Re-baselined on 24 November 2026" in page(bob, name, *args)

    def test_a_reason_is_compulsory_in_form_service_and_database(self, bob: Person, dana: Person) -> None:
        measure = in_use(bob, dana)
        sent = visitor(bob).post(
            reverse("board:measure_rebaseline", args=[measure.objective_id, measure.pk]), {"reason": " "}
        )
        assert "Enter the reason" in text_of(sent)
        with pytest.raises(MeasureRefused, match="not said why"):
            rebaselined(bob, measure, reason=" ")
        made = rebaselined(bob, measure)
        with pytest.raises(IntegrityError), transaction.atomic():
            MeasureChange.objects.filter(pk=made.pk).update(reason="")

    def test_a_baseline_still_to_be_measured_is_refused(self, bob: Person, dana: Person) -> None:
        with pytest.raises(BoardRefused, match="1 December 2026, is still to come"):
            rebaselined(bob, in_use(bob, dana), replace(COURSE, baseline_on=date(2026, 12, 1)))

    def test_it_is_in_the_trail_with_figures_and_without_a_word(self, bob: Person, dana: Person) -> None:
        rebaselined(bob, in_use(bob, dana), reason="Oak Hill School is in trouble.")
        entry = AuditEntry.objects.get(verb="board.rebaseline_measure")
        assert '"baseline":"4.0000"' in entry.details.replace(" ", "")
        assert "Oak Hill" not in entry.details

    def test_two_at_once_lose_nothing(self, bob: Person, dana: Person) -> None:
        measure = in_use(bob, dana)
        held = Measure.objects.select_related("objective").get(pk=measure.pk)
        seen = held.objective.revision
        rebaselined(dana, measure)
        with pytest.raises(ChangedMeanwhile):
            objectives.rebaseline_measure(
                actor=bob,
                measure=held,
                revision=seen,
                course=replace(COURSE, target=Decimal(1)),
                reason="So.",
                today=TODAY,
                now=NOW,
            )
        assert MeasureChange.objects.count() == 1

    def test_a_member_of_the_board_does_not(self, bob: Person, dana: Person, make_person: Any) -> None:
        with pytest.raises(Http404):
            rebaselined(make_person("board_member"), in_use(bob, dana))

    def test_that_it_had_been_off_track_is_not_forgotten(self, bob: Person, dana: Person) -> None:
        measure = in_use(bob, dana)
        for month, value in ((3, 5), (7, 5)):
            held = Measure.objects.select_related("objective").get(pk=measure.pk)
            objectives.add_reading(
                actor=bob,
                measure=held,
                revision=held.objective.revision,
                given=objectives.Value(f"Month {month}", date(2026, month, 31), Decimal(value), "Record"),
                today=TODAY,
                now=NOW,
            )
        (before,) = read_objective(measure.objective).measures
        assert before.run == 2
        rebaselined(bob, measure)
        (after,) = read_objective(measure.objective).measures
        assert after.run == 0
        assert "It had been off track for 2 periods running." in after.rebaselined_words[0]


class TestThePack:
    def test_it_says_first_what_was_re_baselined_and_only_once(self, bob: Person, dana: Person) -> None:
        measure = in_use(bob, dana)
        earlier = frozen(dana, date(2026, 11, 10))
        rebaselined(bob, measure)
        meeting = frozen(dana, TODAY)
        told = page(dana, "pack", meeting.pk, "restricted")
        sentence = f"re-baselined on 24 November 2026, {WAS}. Reason: Two schools joined."
        assert f"Schools that fell unseen: {sentence}" in told
        # At the next meeting it is no news, and still there.
        following = frozen(dana, TODAY + timedelta(days=7))
        held = meetings.read_frozen(following, "restricted")
        (kept,) = held["objectives"][0]["measures"]
        assert [one["is_new"] for one in kept["rebaselined"]] == [False]
        assert f"R{sentence[1:]}" in page(dana, "pack", following.pk, "restricted")
        # The pack of before keeps what it showed.
        (then,) = meetings.read_frozen(Meeting.objects.get(pk=earlier.pk), "restricted")["objectives"][0][
            "measures"
        ]
        assert (then["baseline"], then["rebaselined"]) == ("4 schools on 31 August 2025", [])

    def test_pdf_workbook_and_slides_say_it_too(self, bob: Person, dana: Person) -> None:
        rebaselined(bob, in_use(bob, dana))
        meeting = frozen(dana, TODAY)
        client = visitor(dana)
        files = {
            kind: client.get(reverse("board:pack_file", args=[meeting.pk, "restricted", kind])).content
            for kind in ("pdf", "xlsx", "pptx")
        }
        assert files["pdf"].startswith(b"%PDF")
        assert WAS in repr(document_of(meetings.read_frozen(meeting, "restricted"), meeting.pack_hash))
        sheet = fastexcel.read_excel(files["xlsx"]).load_sheet("Measures", header_row=None).to_polars()
        assert WAS in str(sheet.rows())
        deck = Presentation(io.BytesIO(files["pptx"]))
        texts = [
            cell.text
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_table
            for row in shape.table.rows
            for cell in row.cells
        ]
        assert any(WAS in text for text in texts)

    def test_the_public_version_says_that_and_not_why(self, bob: Person, dana: Person) -> None:
        rebaselined(bob, in_use(bob, dana), reason="Oak Hill School is in trouble.")
        meeting = frozen(dana, TODAY)
        told = page(dana, "pack", meeting.pk, "public")
        assert WAS in told
        assert "Oak Hill" not in told
