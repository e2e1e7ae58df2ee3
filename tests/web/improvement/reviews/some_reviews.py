"""Reviews, a strategy and a school's own judgement to test with."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from redway.improvement.readiness import framework_on
from redway.web.improvement.reviews import own_judgements, review_changes, strategy_changes
from redway.web.improvement.reviews.models import Judgement, OwnEvidence, Review, Strategy
from redway.web.people.models import Person
from redway.web.register.models import Authority, School

AUTHORITY, SCHOOL, OTHER_SCHOOL = "826", "110532", "110517"
DOCUMENT = review_changes.Seen("document", "Visit files", date(2026, 10, 1), "Filed under visits", "")


def now(review: Review) -> int:
    """The revision the review has now."""
    review.refresh_from_db()
    return review.revision


def begun(adviser: Person, school: str = "", title: str = "Review of 2008") -> Review:
    """A review that has been begun."""
    return review_changes.begin(
        actor=adviser,
        authority=Authority.objects.get(number=AUTHORITY),
        school=School.objects.get(key=school) if school else None,
        title=title,
        why="",
        starts_on=date(2026, 9, 15),
    )


def carried_out(adviser: Person, school: str = "", *, rated: bool = True) -> Review:
    """A review with one focus, evidence, a finding and a recommendation."""
    found = begun(adviser, school)
    review_changes.add_focus(actor=adviser, review=found, revision=now(found), title="Challenge", question="")
    review_changes.add_evidence(actor=adviser, review=found, revision=now(found), seen=DOCUMENT)
    review_changes.add_finding(
        actor=adviser, review=found, revision=now(found), focus=1, says="Targets are low.", evidence=[1]
    )
    review_changes.add_recommendation(
        actor=adviser, review=found, revision=now(found), title="More challenge", says="", findings=[1]
    )
    if rated:
        review_changes.rate_focus(
            actor=adviser, review=found, revision=now(found), number=1, rating="Amber", reason="Low."
        )
    found.refresh_from_db()
    return found


def published(adviser: Person, school: str = "") -> Review:
    """The same, published."""
    found = carried_out(adviser, school)
    return review_changes.publish(actor=adviser, review=found, revision=found.revision)


def a_strategy(adviser: Person, *, publish: bool = True, starts_on: date = date(2026, 9, 1)) -> Strategy:
    """A version of the strategy."""
    authority = Authority.objects.get(number=AUTHORITY)
    draft = Strategy.objects.filter(authority=AUTHORITY, published_at=None).first()
    written = strategy_changes.Written(
        starts_on, "Good schools", ["See decline early"], [("Category 1", "Three visits")]
    )
    made = strategy_changes.write(
        actor=adviser, authority=authority, revision=draft.revision if draft else 0, written=written
    )
    if publish:
        strategy_changes.publish(actor=adviser, authority=authority, revision=made.revision)
    return made


def a_judgement(head: Person, grade: str = "Expected standard", area: str = "achievement") -> Judgement:
    """The own school's judgement in an area of today's framework."""
    return own_judgements.judge(
        actor=head,
        school=School.objects.get(key=SCHOOL),
        framework=framework_on(timezone.localdate()),
        area=area,
        revision=0,
        grade=grade,
        says="Results hold up.",
    )


def some_evidence(head: Person, held: Judgement) -> OwnEvidence:
    """A document kept with it."""
    return own_judgements.keep_evidence(
        actor=head, school=School.objects.get(key=SCHOOL), judgement=held, seen=DOCUMENT
    )


def reviews_of_everything(adviser: Person, head: Person) -> dict[str, str]:
    """What the addresses of reviews lead to."""
    a_strategy(adviser)
    a_strategy(adviser, publish=False, starts_on=date(2027, 9, 1))
    return {
        "review_open": str(carried_out(adviser, SCHOOL).pk),
        "review_published": str(published(adviser, SCHOOL).pk),
        "review_of_other": str(published(adviser, OTHER_SCHOOL).pk),
        "review_of_authority": str(published(adviser).pk),
        "own_evidence": str(some_evidence(head, a_judgement(head)).pk),
    }
