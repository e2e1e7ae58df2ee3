"""Reviews, strategy and readiness as officers and a headteacher work with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from redway.core.home import Home
from redway.improvement.errors import GradesNotComparable
from redway.improvement.readiness import framework, framework_on
from redway.improvement.support_errors import ReviewRefused
from redway.web.improvement.board.models import Objective
from redway.web.improvement.reviews import own_judgements, review_changes, strategy_changes
from redway.web.improvement.reviews.models import Judgement, OwnEvidence, Review
from redway.web.improvement.support.changing import ChangedMeanwhile, SupportRefused
from redway.web.people.models import Person
from redway.web.register.models import School
from web.funding.deficits.a_deficit import register
from web.improvement.reviews.some_reviews import (
    AUTHORITY,
    DOCUMENT,
    OTHER_SCHOOL,
    SCHOOL,
    a_judgement,
    a_strategy,
    begun,
    carried_out,
    now,
    published,
    some_evidence,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


def page(person: Person, name: str, *args: object, query: str = "") -> str:
    response = visitor(person).get(reverse(f"reviews:{name}", args=args) + query)
    assert response.status_code == 200
    return text_of(response)


def test_a_finding_stands_on_evidence_and_a_recommendation_on_findings(bob: Person) -> None:
    found = begun(bob)
    review_changes.add_focus(actor=bob, review=found, revision=now(found), title="Support", question="")
    with pytest.raises(ReviewRefused, match="stands on no evidence"):
        review_changes.add_finding(
            actor=bob, review=found, revision=now(found), focus=1, says="Weak.", evidence=[1]
        )
    with pytest.raises(ReviewRefused, match="follows from no finding"):
        review_changes.add_recommendation(
            actor=bob, review=found, revision=now(found), title="Act", says="", findings=[3]
        )


def test_evidence_says_where_it_can_be_found_again(bob: Person) -> None:
    found = begun(bob)
    nowhere = review_changes.Seen("document", "Files", date(2026, 10, 1), " ", "")
    with pytest.raises(SupportRefused, match="The source is missing"):
        review_changes.add_evidence(actor=bob, review=found, revision=now(found), seen=nowhere)
    to_come = review_changes.Seen("document", "Files", date(2027, 10, 1), "Shelf", "")
    with pytest.raises(ReviewRefused, match="which is to come"):
        review_changes.add_evidence(actor=bob, review=found, revision=now(found), seen=to_come)


def test_a_review_that_is_not_whole_is_not_published(bob: Person) -> None:
    found = carried_out(bob)
    review_changes.add_focus(actor=bob, review=found, revision=now(found), title="Strategy", question="")
    with pytest.raises(ReviewRefused, match=r"Key focus 2 has no finding\."):
        review_changes.publish(actor=bob, review=found, revision=now(found))
    assert "Before it can be published" in page(bob, "review", found.pk)


def test_a_review_with_one_focus_unrated_is_partly_recorded(bob: Person) -> None:
    """Case 53, on the page and in the list."""
    found = carried_out(bob)
    review_changes.add_focus(actor=bob, review=found, revision=now(found), title="Strategy", question="")
    assert "Partly recorded: 1 of 2 key foci is rated; not rated: Strategy" in page(bob, "review", found.pk)
    assert "Partly recorded" in page(bob, "authority", AUTHORITY)


def test_a_published_review_does_not_change(bob: Person) -> None:
    found = published(bob)
    with pytest.raises(ReviewRefused, match="The review is closed"):
        review_changes.add_evidence(actor=bob, review=found, revision=now(found), seen=DOCUMENT)


def test_two_who_change_one_review_see_each_other(bob: Person, dana: Person) -> None:
    found = begun(bob)
    address = reverse("reviews:focus_new", args=[found.pk])
    assert visitor(bob).post(address, {"title": "Support", "revision": "1"}).status_code == 302
    late = text_of(visitor(dana).post(address, {"title": "Strategy", "revision": "1"}))
    assert "Bob Baker has changed this" in late
    assert "What is kept now" in late
    assert found.foci.count() == 1


def test_a_recommendation_becomes_an_objective_of_the_plan_once(bob: Person) -> None:
    found = carried_out(bob)
    with pytest.raises(ReviewRefused, match="The review is not published"):
        review_changes.hand_over(actor=bob, review=found, number=1)
    review_changes.publish(actor=bob, review=found, revision=now(found))
    assert "Hand it over to the plan" in page(bob, "review", found.pk)
    address = reverse("reviews:hand_over", args=[found.pk, 1])
    assert visitor(bob).post(address).status_code == 302
    objective = Objective.objects.get()
    recommendation = found.recommendations.get()
    assert objective.title == "More challenge"
    assert objective.came_from_key == f"review recommendation:{recommendation.key}"
    assert "In the plan" in page(bob, "review", found.pk)
    with pytest.raises(ReviewRefused, match="It was handed over on 24 November 2026"):
        review_changes.hand_over(actor=bob, review=found, number=1)
    assert Objective.objects.count() == 1


def test_a_school_reads_its_own_review_once_it_is_published(
    bob: Person, harriet: Person, charlie: Person
) -> None:
    found = carried_out(bob, SCHOOL)
    address = reverse("reviews:review", args=[found.pk])
    assert visitor(harriet).get(address).status_code == 404
    review_changes.publish(actor=bob, review=found, revision=now(found))
    assert visitor(harriet).get(address).status_code == 200
    assert visitor(charlie).get(address).status_code == 404
    assert "Review of 2008" in page(harriet, "index")
    assert visitor(harriet).get(reverse("reviews:review", args=[published(bob).pk])).status_code == 404


def test_a_withdrawn_review_stays_with_its_reason(bob: Person) -> None:
    found = begun(bob)
    review_changes.withdraw(actor=bob, review=found, revision=1, reason="Asked for twice")
    assert Review.objects.get().withdrawn_reason == "Asked for twice"


def test_the_strategy_is_published_in_dated_versions(bob: Person, harriet: Person) -> None:
    assert "No version holds today" in page(harriet, "strategy", AUTHORITY)
    a_strategy(bob, publish=False)
    assert "No version holds today" in page(harriet, "strategy", AUTHORITY)
    a_strategy(bob)
    a_strategy(bob, starts_on=date(2027, 9, 1))
    shown = page(harriet, "strategy", AUTHORITY)
    assert "Version 1, from 1 September 2026" in shown
    assert "Three visits" in shown
    assert "Version 2, from 1 September 2027" in page(harriet, "strategy", AUTHORITY, query="?version=2")
    held = strategy_changes.strategy_on(AUTHORITY, date(2027, 10, 1))
    assert held is not None
    assert held.number == 2


def test_a_school_does_not_see_the_draft_nor_another_authoritys_strategy(
    bob: Person, harriet: Person
) -> None:
    a_strategy(bob, publish=False)
    browser = visitor(harriet)
    assert browser.get(reverse("reviews:strategy", args=[AUTHORITY]) + "?version=1").status_code == 404
    assert browser.get(reverse("reviews:strategy", args=["822"])).status_code == 404


def test_a_line_of_what_schools_get_without_a_category_is_named(bob: Person) -> None:
    sent = {
        "starts_on_day": "1",
        "starts_on_month": "9",
        "starts_on_year": "2026",
        "aim": "Good schools",
        "priorities": "See decline early",
        "gets": "Category 1: three visits\nsomething for the rest",
        "revision": "0",
    }
    address = reverse("reviews:strategy_write", args=[AUTHORITY])
    assert "Line 2 of what schools get must be a category" in text_of(visitor(bob).post(address, sent))


def test_a_school_judges_itself_by_todays_framework_and_earlier_words_stay(harriet: Person) -> None:
    held = a_judgement(harriet)
    again = own_judgements.judge(
        actor=harriet,
        school=School.objects.get(key=SCHOOL),
        framework=framework("report-card"),
        area="achievement",
        revision=held.revision,
        grade="Needs attention",
        says="Results fell.",
    )
    assert again.earlier == [{"day": "2026-11-24", "grade": "Expected standard", "says": "Results hold up."}]
    with pytest.raises(GradesNotComparable, match="'Good' is no grade of Report cards"):
        a_judgement(harriet, "Good", "inclusion")
    with pytest.raises(ChangedMeanwhile):
        a_judgement(harriet)


def test_nobody_else_judges_the_school(bob: Person, charlie: Person) -> None:
    for person in (bob, charlie):
        with pytest.raises(Http404):
            a_judgement(person)


def test_the_page_of_readiness_says_what_is_missing_and_predicts_nothing(
    bob: Person, harriet: Person, home: Home
) -> None:
    some_evidence(harriet, a_judgement(harriet))
    shown = page(bob, "readiness", SCHOOL)
    assert "1 of 6 areas is judged with evidence. Not judged: Inclusion" in shown
    assert "nothing on this page predicts an inspection" in shown
    assert "Not confirmed in the publication itself" in shown
    assert "Visit files" in shown
    assert "Judge it" not in shown
    old = page(harriet, "readiness", SCHOOL, query="?framework=every-child-matters")
    assert "Achievement and standards" in old
    assert "This framework is not in force today" in old
    assert visitor(harriet).get(reverse("reviews:readiness", args=[OTHER_SCHOOL])).status_code == 404


def test_evidence_is_kept_with_its_judgement_and_withdrawn_with_a_reason(harriet: Person, home: Home) -> None:
    a_judgement(harriet)
    code = framework_on(timezone.localdate()).code
    address = reverse("reviews:keep_evidence", args=[SCHOOL, code, "achievement"])
    browser = visitor(harriet)
    assert "Enter the source" in text_of(browser.post(address, {"title": "Plan"}))
    sent: dict[str, Any] = {
        "kind": "document",
        "title": "Plan",
        "seen_on_day": "1",
        "seen_on_month": "10",
        "seen_on_year": "2026",
        "source": "Shared drive",
    }
    assert browser.post(address, sent).status_code == 302
    kept = OwnEvidence.objects.get()
    assert kept.judgement == Judgement.objects.get()
    away = reverse("reviews:withdraw_evidence", args=[SCHOOL, kept.pk])
    assert browser.post(away, {"reason": "Out of date", "revision": "1"}).status_code == 302
    assert OwnEvidence.objects.get().withdrawn_reason == "Out of date"
    assert "Plan (" not in page(harriet, "readiness", SCHOOL)
