"""The pages of early warning and of schools causing concern as people use them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone

from redway.web.audit.models import AuditEntry
from redway.web.improvement.changing import ConcernRefused
from redway.web.improvement.models import Concern, Intelligence, OwnCategories, TriageMeeting
from redway.web.improvement.score_sets import keep_scores, scores_of
from redway.web.improvement.sign_off import sign_off_scores
from redway.web.improvement.triage import begin_meeting
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import (
    AUTHORITY,
    OTHER_SCHOOL,
    SCHOOL,
    UNFAIR,
    decided,
    evaluation,
    kept,
    known,
    school_row,
    scores,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]


@pytest.fixture(autouse=True)
def _register() -> None:
    register()


def content(response: Any) -> bytes:
    """The whole of an answer, sent at once or in pieces."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def page(person: Person, name: str, *parts: object, **query: str) -> str:
    return text_of(visitor(person).get(reverse(f"improvement:{name}", args=parts), query))


def test_an_adviser_on_monday_morning_sees_where_to_look_first(bob: Person) -> None:
    held = kept()
    said = page(bob, "early_warning", AUTHORITY)
    assert "It predicts nothing of Ofsted" in said
    assert said.index("Newt Lane Primary School") < said.index("Grand Union School"), "too little data first"
    assert "insufficient data: 6 inputs of 10 missing" in said
    assert "As at 1 September 2017: nothing that became public later is used" in said
    assert "The window of these scores ended on 19 July 2018" in said
    assert "1 in 6 stable schools does this" in said
    assert "absence: far above schools of like intake" in said
    evidence = page(bob, "evidence", held.pk)
    assert "held 70% (67% to 73%); a list by intake alone held 36%" in evidence
    assert "Most deprived fifth (free school meals)" in evidence


def test_without_scores_the_page_says_how_they_come(bob: Person, dana: Person) -> None:
    assert "Score schools again" in page(bob, "early_warning", AUTHORITY)
    said = page(dana, "early_warning", AUTHORITY)
    assert "A data officer or an adviser can have them computed" in said
    assert "Score schools again" not in said


def test_the_kill_rule_shows_no_score_anywhere(bob: Person) -> None:
    held = kept(beats=False)
    table = reverse("improvement:list_table", args=[held.pk, "csv"])
    pages = [page(bob, "early_warning", AUTHORITY), page(bob, "school", SCHOOL)]
    assert all("no better than a list by intake" in said for said in pages)
    for said in [*pages, content(visitor(bob).get(table)).decode()]:
        assert "57%" not in said
        assert "57." not in said
        assert "Look first" not in said


def test_case_38_a_banner_hides_chances_and_keeps_places(bob: Person) -> None:
    kept(slope=1.5)
    said = page(bob, "early_warning", AUTHORITY)
    assert "The chances are hidden" in said
    assert "57%" not in said
    assert 'data-label="Place could be"><span>1</span>' in said, "a place alone is no range"
    of_school = page(bob, "school", SCHOOL)
    assert "57%" not in of_school
    assert "57.0%" not in of_school
    assert "3.9%" not in of_school
    assert "Raises the score; 26% of all that moves it" in of_school


def test_case_35_scores_past_a_limit_of_fairness_are_shown_only_over_a_name(
    bob: Person, dana: Person
) -> None:
    held = kept(limits=(UNFAIR,))
    for shown in (page(bob, "early_warning", AUTHORITY), page(bob, "school", SCHOOL)):
        assert UNFAIR in shown
        assert "57%" not in shown
    evidence = page(bob, "evidence", held.pk)
    assert UNFAIR in evidence
    assert "Most deprived fifth (free school meals)" in evidence, "the table is always shown"
    sign_off = reverse("improvement:sign_off", args=[held.pk])
    assert sign_off not in evidence
    assert visitor(bob).post(sign_off, {"reasons": "It will do."}).status_code == 404, "an adviser may not"
    assert sign_off in page(dana, "evidence", held.pk)
    browser = visitor(dana)
    assert UNFAIR in text_of(browser.get(sign_off))
    assert "Say why the scores may be shown" in text_of(browser.post(sign_off, {"reasons": ""}))
    assert browser.post(sign_off, {"reasons": "Visits only, for one term."}).status_code == 302
    entry = AuditEntry.objects.get(verb="early_warning.sign_off")
    assert (entry.actor, entry.subject_id) == (dana, str(held.pk))
    assert entry.words == "Scores of early warning signed off beside a limit of fairness"
    signed = page(bob, "evidence", held.pk)
    assert f"Signed off by {dana.full_name} on" in signed
    assert "Visits only, for one term." in signed
    assert UNFAIR in signed, "what was passed stays in sight"
    assert "Most deprived fifth (free school meals)" in signed
    assert "57%" in page(bob, "early_warning", AUTHORITY)
    assert "Nothing of these scores waits" in text_of(browser.post(sign_off, {"reasons": "Again."}))


def test_case_30_the_evidence_says_how_little_one_authority_can_check(bob: Person) -> None:
    said = page(bob, "evidence", kept().pk)
    assert "In this authority alone" in said
    assert "One authority cannot validate the model." in said
    assert "P=0.032." in said


def test_what_another_authority_alone_says_is_not_shown_here(bob: Person) -> None:
    found = scores_of(kept("822", limits=()))
    assert found.evaluation is not None
    assert found.evaluation.local == ()


def test_case_35_another_set_of_scores_needs_another_sign_off(dana: Person) -> None:
    first = kept(limits=(UNFAIR,))
    sign_off_scores(actor=dana, held=first, reasons="For this term.")
    changed = scores([school_row(SCHOOL, 30, 0.5)])
    second, _ = keep_scores(
        actor=None, authority=AUTHORITY, scores=changed, evaluation=evaluation(limits=(UNFAIR,))
    )
    assert scores_of(first).killed_because == ""
    assert UNFAIR in scores_of(second).killed_because
    with pytest.raises(ConcernRefused, match="Nothing of these scores waits"):
        sign_off_scores(actor=dana, held=first, reasons="Again.")


def test_a_schools_page_says_what_the_score_is_made_of_or_why_there_is_none(bob: Person) -> None:
    kept()
    said = page(bob, "school", SCHOOL)
    assert "Number 1 of 2 scored schools" in said
    assert "57% (95% interval 40% to 74%)" in said
    steps = (
        ("Before anything of the school is known", "3.9%"),
        ("Last grade, and school years since it", "Good, inspected in 2014", "from 3.9% to 35.5%"),
        ("Absence", "Far above", "schools of like intake", "31 March 2017", "from 35.5% to 57.5%"),
        ("1 other figure together, below", "Lowers the chance from 57.5% to 57.0%"),
        ("This school", "57.0%"),
        ("Model A-2017-09-01",),
        ("Number of pupils", "About the same", "Lowers the chance from 57.5% to 57.0%"),
    )
    at = said.index("What makes up this score")
    for part in (part for step in steps for part in step):
        assert part in said[at:], f"{part} stands in its turn"
        at = said.index(part, at)
    assert "Not held for this school: income less spending is not held." in said


def test_a_schools_concern_says_why_no_score_is_shown(bob: Person, dana: Person) -> None:
    def early_warning() -> str:
        said = page(bob, "concern", SCHOOL)
        return said[said.index("Early warning</dt>") :][:600]

    assert "No score is shown. No scores are kept." in early_warning()
    for part, reason in (
        ("not_scored", "special school"),
        ("not_scored", "already below Good"),
        ("insufficient_data", "insufficient data: 6 inputs of 10 missing"),
    ):
        unscored = scores()[part][0] | {"school": SCHOOL, "urn": SCHOOL, "reason": reason}
        answer = scores([school_row(OTHER_SCHOOL, 9_000, 0.01)]) | {part: [unscored]}
        keep_scores(actor=None, authority=AUTHORITY, scores=answer, evaluation=evaluation())
        said = early_warning()
        assert f"No score is shown. This school has none: {reason}. That does not mean a low one." in said
    answer = scores([school_row(OTHER_SCHOOL, 9_000, 0.01)])
    keep_scores(actor=None, authority=AUTHORITY, scores=answer, evaluation=evaluation())
    assert "it was not open on 1 September 2017" in early_warning()
    kept(beats=False)
    assert "was no better than a list by intake alone" in early_warning()
    kept()
    assert "number 1 of 2 in the authority" in early_warning()
    begin_meeting(actor=dana, authority=Authority.objects.get(number=AUTHORITY), on=timezone.localdate())
    assert "own list for the triage meeting" in early_warning()
    assert "number 1 of 2 in the authority" not in early_warning()


def test_the_list_as_a_workbook(bob: Person) -> None:
    held = kept()
    answer = visitor(bob).get(reverse("improvement:list_table", args=[held.pk, "xlsx"]))
    sheet = pl.read_excel(BytesIO(content(answer)), has_header=False)
    texts = " ".join(str(cell) for row in sheet.iter_rows() for cell in row)
    assert "Grand Union School" in texts
    assert "does not predict Ofsted" in texts


def test_something_known_is_written_down_without_words(bob: Person) -> None:
    browser, address = visitor(bob), reverse("improvement:record", args=[SCHOOL])
    shown = text_of(browser.get(address))
    assert "Safeguarding is never written here" in shown
    assert "<textarea" not in shown
    today = timezone.localdate()
    typed = {
        "kind": "complaints",
        "on_0": str(today.day),
        "on_1": str(today.month),
        "on_2": str(today.year),
        "source": "complaints",
        "certainty": "confirmed",
    }
    names = {one for one in typed if f'name="{one}"' in shown}
    assert {"kind", "source", "certainty"} <= names
    typed |= _day_fields(shown, today)
    assert "Complaints are kept as a number" in text_of(browser.post(address, typed))
    assert browser.post(address, typed | {"number": "4"}).status_code == 302
    assert Intelligence.objects.get().number == 4
    assert "4 complaints received" in page(bob, "concern", SCHOOL)


def _day_fields(shown: str, day: Any) -> dict[str, str]:
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {f"on_{part}": str(value) for part, value in parts.items() if f'name="on_{part}"' in shown}


def test_from_a_proposal_to_the_heads_answer(bob: Person, dana: Person, harriet: Person) -> None:
    kept()
    known(bob)
    propose = reverse("improvement:propose", args=[SCHOOL])
    assert "a suggestion; a person decides" in text_of(visitor(bob).get(propose))
    visitor(bob).post(propose, {"category": "watch", "reasons": "A new head.", "revision": "0"})
    assert "Watch is proposed" in text_of(visitor(dana).get("/"))
    assert "no category" in page(harriet, "own_school", SCHOOL), "a proposal is not shown to the school"
    concern = Concern.objects.get()
    decide = reverse("improvement:decide", args=[concern.pk])
    sent = {"agreed": "yes", "category": "watch", "reasons": "Agreed with the school.", "revision": "1"}
    assert visitor(dana).post(decide, sent).status_code == 302
    again = visitor(bob).post(decide, sent | {"category": "concern"})
    assert "Somebody has changed this since you opened the page" in text_of(again)
    assert "is in the category" in text_of(visitor(harriet).get("/"))
    own = page(harriet, "own_school", SCHOOL)
    assert "Agreed with the school." in own
    assert "Early warning" not in own
    assert "Acting headteacher" not in own
    words = {"words": "We see it otherwise.", "revision": "2"}
    visitor(harriet).post(reverse("improvement:own_answer", args=[SCHOOL]), words)
    assert "We see it otherwise." in page(bob, "concern", SCHOOL)


def test_every_look_at_what_is_known_is_written_down(bob: Person, harriet: Person) -> None:
    page(bob, "concern", SCHOOL)
    page(bob, "concerns", AUTHORITY)
    page(harriet, "own_school", SCHOOL)
    reads = AuditEntry.objects.filter(verb="concern.read", sensitive_read=True)
    assert [(one.actor, one.subject_id) for one in reads.order_by("sequence")] == [
        (bob, SCHOOL),
        (bob, AUTHORITY),
        (harriet, SCHOOL),
    ]


def test_a_category_past_its_review_is_red_at_home(bob: Person, dana: Person, clock: Any) -> None:
    from datetime import timedelta

    decided(bob, dana)
    clock.move(timedelta(weeks=7))
    said = text_of(visitor(dana).get("/"))
    assert "the category is past its review" in said
    assert "Overdue" in page(dana, "concerns", AUTHORITY)


def test_a_triage_meeting_shows_nothing_of_the_system_before_the_seal(dana: Person) -> None:
    kept()
    browser = visitor(dana)
    today = timezone.localdate()
    begin = reverse("improvement:new_triage", args=[AUTHORITY])
    begun = browser.post(begin, _day_fields(text_of(browser.get(begin)), today) or {})
    meeting = TriageMeeting.objects.get()
    assert begun.url == reverse("improvement:triage_meeting", args=[meeting.pk]), "straight to the own list"
    browser.post(
        reverse("improvement:triage_name", args=[meeting.pk]), {"school": OTHER_SCHOOL, "why": "visit"}
    )
    before = page(dana, "triage_meeting", meeting.pk)
    assert "Ouse Valley School: What a visit showed" in before
    assert "far above schools of like intake" not in before
    table = reverse("improvement:triage_table", args=[meeting.pk, "csv"])
    assert browser.get(table).status_code == 404
    meeting.refresh_from_db()
    seal = {"revision": str(meeting.revision)}
    browser.post(reverse("improvement:triage_seal", args=[meeting.pk]), seal)
    after = page(dana, "triage_meeting", meeting.pk)
    assert "1 school of the officers&#x27; 1 is also on the system&#x27;s list" in after
    assert "Newt Lane Primary School" in after
    for at, school in enumerate((SCHOOL, OTHER_SCHOOL)):
        meeting.refresh_from_db()
        decide = reverse("improvement:triage_decide", args=[meeting.pk, school])
        sent = {"outcome": "visit", "reasons": f"Reason {at}", "revision": str(meeting.revision)}
        assert browser.post(decide, sent).status_code == 302
    meeting.refresh_from_db()
    browser.post(reverse("improvement:triage_close", args=[meeting.pk]), {"revision": str(meeting.revision)})
    closed = page(dana, "triage_meeting", meeting.pk)
    assert "The meeting was closed on" in closed
    assert "Reason 1" in content(browser.get(table)).decode()


def test_official_triggers_are_shown_with_their_sources_on_a_day(bob: Person) -> None:
    now = page(bob, "triggers", AUTHORITY)
    assert "Low attainment (regional teams)" in now or "Low attainment" in now
    then = page(bob, "triggers", AUTHORITY, as_at="2017-09-01")
    assert "Official triggers in Milton Keynes, 1 September 2017" in then
    assert "It held 1 September 2024 to 9 November 2025" in then


def test_the_authority_settles_its_own_categories(dana: Person) -> None:
    said = page(dana, "categories", AUTHORITY)
    assert "comes with Redway" in said
    address = reverse("improvement:settle", args=[AUTHORITY])
    browser = visitor(dana)
    form = browser.get(address).context["form"]
    today = timezone.localdate()
    sent = {name: value for name, value in form.initial.items() if value not in (None, False, today)}
    sent |= {"label_2": "Category C", "reason": "The board, November 2026", "revision": "0"}
    shown = text_of(browser.get(address))
    sent |= {
        f"first_day_{part}": str(getattr(today, part))
        for part in ("day", "month", "year")
        if f'name="first_day_{part}"' in shown
    }
    sent.pop("first_day", None)
    answer = browser.post(address, sent)
    assert answer.status_code == 302, text_of(answer)
    assert OwnCategories.objects.get().reason == "The board, November 2026"
    assert "Category C" in page(dana, "categories", AUTHORITY)


def test_case_12_independent_and_nursery_schools_are_left_out_of_official_triggers_counted_and_told(
    bob: Person,
) -> None:
    School.objects.filter(key=OTHER_SCHOOL).update(kind="Other independent school")
    said = page(bob, "triggers", AUTHORITY)
    assert "Left out, as the rules are not about them: 1 of type" in said
    assert "Other independent school" in said


def test_a_maintained_school_whose_balance_is_not_held_is_counted_as_unknown(bob: Person) -> None:
    School.objects.update(kind="")
    assert "No balance of a school is held for that day." in page(bob, "triggers", AUTHORITY)
    School.objects.filter(key=SCHOOL).update(kind="Community school")
    assert "Of 1 school it is not known." in page(bob, "triggers", AUTHORITY)
