"""Changes of reviews: permitted, locked, checked, audited, in one transaction.

A review is one piece of work: its revision counts every change of any of its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement import reviews as rules
from redway.improvement.support_errors import ReviewRefused
from redway.web.audit import services as audit
from redway.web.improvement.board import proposals
from redway.web.improvement.reviews.access import place_record, record_of, school_record
from redway.web.improvement.reviews.models import Evidence, Finding, Focus, Recommendation, Review
from redway.web.improvement.support.changing import ChangedMeanwhile, next_number, text
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School

ACTION = "review.manage"


@transaction.atomic
def begin(
    *, actor: Person, authority: Authority, school: School | None, title: str, why: str, starts_on: date
) -> Review:
    """Begin a review of a school, or of the authority's own work. Raises SupportRefused, ReviewRefused."""
    permission.require(actor, ACTION, school_record(school) if school else place_record(authority.number))
    if school is not None and school.authority != authority.number:
        raise ReviewRefused("The school is of another authority.", "Choose a school of this one.")
    made = Review.objects.create(
        authority=authority.number,
        school=school.key if school else "",
        title=text(title, "The title is missing.", "Say what is reviewed."),
        why=why.strip(),
        starts_on=starts_on,
        at=timezone.now(),
        by=actor,
    )
    audit.record(actor, "review.begin", "review", made.pk)
    return made


def _open(actor: Person, review: Review, revision: int) -> Review:
    """The review, locked, while it may be changed. Raises ChangedMeanwhile, ReviewRefused."""
    permission.require(actor, ACTION, record_of(review))
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.revision != revision:
        raise ChangedMeanwhile(held.by.full_name if held.by else "", timezone.localdate(held.at))
    if held.state != Review.State.OPEN:
        raise ReviewRefused(
            f"The review is closed: {held.get_state_display().lower()}.", "Begin another review."
        )
    held.revision += 1
    held.at, held.by = timezone.now(), actor
    held.save()
    return held


@transaction.atomic
def add_focus(*, actor: Person, review: Review, revision: int, title: str, question: str) -> Focus:
    """Add a key focus."""
    held = _open(actor, review, revision)
    made = Focus.objects.create(
        review=held,
        number=next_number(held.foci.all()),
        title=text(title, "The title is missing.", "Name the focus."),
        question=question.strip(),
    )
    audit.record(actor, "review.add_focus", "review", held.pk, {"focus": made.number})
    return made


@transaction.atomic
def rate_focus(
    *, actor: Person, review: Review, revision: int, number: int, rating: str, reason: str
) -> Focus:
    """Rate a key focus, with the reason. Raises SupportRefused without one."""
    held = _open(actor, review, revision)
    if rating not in rules.RATINGS:
        raise ReviewRefused(f"'{rating}' is no rating.", "Choose Red, Amber or Green.")
    found = held.foci.get(number=number)
    found.rating = rating
    found.reason = text(reason, "The reason is missing.", "Say why it is rated so.")
    found.save()
    audit.record(actor, "review.rate_focus", "review", held.pk, {"focus": number, "rating": rating})
    return found


@dataclass(frozen=True)
class Seen:
    """A piece of evidence."""

    kind: str
    title: str
    seen_on: date
    source: str
    says: str

    def checked(self) -> dict[str, Any]:
        """Its columns. Raises SupportRefused for evidence that nobody could find again, or to come."""
        if self.seen_on > permission.today():
            raise ReviewRefused(
                f"Evidence cannot be of {day_in_words(self.seen_on)}, which is to come.", "Mend the day."
            )
        return {
            "kind": self.kind,
            "title": text(self.title, "It is not said what the evidence is.", "Name it."),
            "seen_on": self.seen_on,
            "source": text(self.source, "The source is missing.", "Say where it can be found again."),
            "says": self.says.strip(),
        }


@transaction.atomic
def add_evidence(*, actor: Person, review: Review, revision: int, seen: Seen) -> Evidence:
    """Add a piece of evidence."""
    held = _open(actor, review, revision)
    made = Evidence.objects.create(review=held, number=next_number(held.evidence.all()), **seen.checked())
    audit.record(actor, "review.add_evidence", "review", held.pk, {"evidence": made.number})
    return made


@transaction.atomic
def add_finding(
    *, actor: Person, review: Review, revision: int, focus: int, says: str, evidence: Sequence[int]
) -> Finding:
    """Add a finding that answers a focus and stands on evidence. Raises ReviewRefused without any."""
    held = _open(actor, review, revision)
    stands_on = list(held.evidence.filter(number__in=evidence))
    if not stands_on:
        raise ReviewRefused("The finding stands on no evidence.", "Add the evidence first, then choose it.")
    made = Finding.objects.create(
        review=held,
        number=next_number(held.findings.all()),
        focus=held.foci.get(number=focus),
        says=text(says, "It is not said what was found.", "Say it in a sentence or two."),
    )
    made.evidence.set(stands_on)
    audit.record(actor, "review.add_finding", "review", held.pk, {"finding": made.number})
    return made


@transaction.atomic
def add_recommendation(
    *, actor: Person, review: Review, revision: int, title: str, says: str, findings: Sequence[int]
) -> Recommendation:
    """Add a recommendation that follows from findings. Raises ReviewRefused when it follows from none."""
    held = _open(actor, review, revision)
    follows = list(held.findings.filter(number__in=findings))
    if not follows:
        raise ReviewRefused("The recommendation follows from no finding.", "Choose the findings it follows.")
    made = Recommendation.objects.create(
        review=held,
        number=next_number(held.recommendations.all()),
        title=text(title, "The title is missing.", "Name what should be done."),
        says=says.strip(),
    )
    made.findings.set(follows)
    details = {"recommendation": made.number}
    audit.record(actor, "review.add_recommendation", "review", held.pk, details)
    return made


def content_of(review: Review) -> rules.Content:
    """A review as the rules see it."""
    return rules.Content(
        [rules.Focus(one.number, one.title, one.rating, one.reason) for one in review.foci.all()],
        list(review.evidence.values_list("number", flat=True)),
        [
            rules.Finding(one.number, one.focus.number, frozenset(e.number for e in one.evidence.all()))
            for one in review.findings.select_related("focus").prefetch_related("evidence")
        ],
        [
            rules.Recommendation(one.number, frozenset(f.number for f in one.findings.all()))
            for one in review.recommendations.prefetch_related("findings")
        ],
    )


@transaction.atomic
def publish(*, actor: Person, review: Review, revision: int) -> Review:
    """Publish a review to those it is about. Raises ReviewRefused with everything that is missing."""
    held = _open(actor, review, revision)
    if missing := rules.problems(content_of(held)):
        raise ReviewRefused(" ".join(missing), "Add what is missing, then publish it.")
    held.state, held.published_at = Review.State.PUBLISHED, timezone.now()
    held.save()
    said = rules.recording(content_of(held).foci).value
    audit.record(actor, "review.publish", "review", held.pk, {"recorded": said})
    return held


@transaction.atomic
def withdraw(*, actor: Person, review: Review, revision: int, reason: str) -> Review:
    """Withdraw a review that was not published, with a reason."""
    held = _open(actor, review, revision)
    held.state = Review.State.WITHDRAWN
    held.withdrawn_reason = text(reason, "The reason is missing.", "Say why it is withdrawn.")
    held.save()
    audit.record(actor, "review.withdraw", "review", held.pk)
    return held


@transaction.atomic
def hand_over(*, actor: Person, review: Review, number: int) -> Recommendation:
    """Hand a recommendation of a published review over to the plan, once. Raises ReviewRefused."""
    permission.require(actor, ACTION, record_of(review))
    held = Review.objects.select_for_update().get(pk=review.pk)
    if held.state != Review.State.PUBLISHED:
        raise ReviewRefused("The review is not published.", "Publish it; then hand its recommendations over.")
    found = held.recommendations.get(number=number)
    if found.handed_at is not None:
        raise ReviewRefused(
            f"It was handed over on {day_in_words(timezone.localdate(found.handed_at))}.", "Look in the plan."
        )
    proposals.propose(
        actor,
        f"review recommendation:{found.key}",
        found.title,
        found.says or found.title,
        authority=held.authority,
        came_from=f"Recommendation {number} of the review '{held.title}'",
        restricted=bool(held.school),
    )
    found.handed_at, found.handed_by = timezone.now(), actor
    found.save()
    audit.record(actor, "review.hand_over", "review", held.pk, {"recommendation": number})
    return found
