"""A review of a school on its way to the public: read under a name, handed over as restricted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from redway.web.audit.models import AuditEntry
from redway.web.improvement.board.models import Objective
from redway.web.improvement.reviews import review_changes
from redway.web.people.models import Person
from web.funding.deficits.a_deficit import register
from web.improvement.reviews.some_reviews import SCHOOL, begun, published
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "home")]


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


@pytest.mark.parametrize(("school", "restricted"), [(SCHOOL, True), ("", False)])
def test_what_a_review_of_one_school_recommends_is_not_published_with_the_plan(
    bob: Person, school: str, restricted: bool
) -> None:
    review_changes.hand_over(actor=bob, review=published(bob, school), number=1)
    assert Objective.objects.get().restricted is restricted


def test_reading_a_review_is_in_the_trail_and_its_title_stays_on_the_page(bob: Person) -> None:
    found = begun(bob, SCHOOL, title="Why the head of Grand Union left")
    said = text_of(visitor(bob).get(reverse("reviews:review", args=[found.pk])))
    assert "Why the head of Grand Union left" in said
    in_the_browser = said.partition("<title>")[2].partition("</title>")[0]
    assert "left" not in in_the_browser
    assert "Grand Union School" in in_the_browser
    read = AuditEntry.objects.get(verb="review.read", sensitive_read=True)
    assert (read.actor, read.subject_id, read.details) == (bob, str(found.pk), "{}")
    form = text_of(visitor(bob).get(reverse("reviews:focus_new", args=[found.pk])))
    assert "left" not in form.partition("<title>")[2].partition("</title>")[0]
