"""A school's own judgements and the evidence kept with them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from redway.improvement.readiness import InspectionFramework, refuse_other_grade
from redway.improvement.support_errors import ReviewRefused
from redway.web.audit import services as audit
from redway.web.improvement.reviews.access import school_record
from redway.web.improvement.reviews.models import Judgement, OwnEvidence
from redway.web.improvement.reviews.review_changes import Seen
from redway.web.improvement.support.changing import ChangedMeanwhile, locked, text
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School


@transaction.atomic
def judge(
    *,
    actor: Person,
    school: School,
    framework: InspectionFramework,
    area: str,
    revision: int,
    grade: str,
    says: str,
) -> Judgement:
    """Write the school's own judgement in an area; ``revision`` is 0 for the first. The earlier ones stay.

    Raises GradesNotComparable for a grade of another framework, NotFound for an area it has not.
    """
    permission.require(actor, "review.evaluate", school_record(school))
    framework.area(area)
    refuse_other_grade(framework, grade)
    says = text(says, "It is not said what the school finds.", "Say what you know, and what you will do.")
    School.objects.select_for_update().get(pk=school.pk)
    held = Judgement.objects.filter(school=school.key, framework=framework.code, area=area).first()
    if (held.revision if held else 0) != revision:
        who = held.by.full_name if held and held.by else ""
        raise ChangedMeanwhile(who, timezone.localdate(held.at if held else timezone.now()))
    if held is None:
        held = Judgement(
            authority=school.authority, school=school.key, framework=framework.code, area=area, revision=0
        )
    else:
        held.earlier = [
            *held.earlier,
            {"day": timezone.localdate(held.at).isoformat(), "grade": held.grade, "says": held.says},
        ]
    held.grade, held.says = grade, says
    held.revision += 1
    held.at, held.by = timezone.now(), actor
    held.save()
    details = {"school": school.key, "framework": framework.code, "area": area}
    audit.record(actor, "review.judge", "judgement", held.pk, details)
    return held


@transaction.atomic
def keep_evidence(*, actor: Person, school: School, judgement: Judgement, seen: Seen) -> OwnEvidence:
    """Keep a piece of evidence with the judgement it supports."""
    permission.require(actor, "review.evaluate", school_record(school))
    if judgement.school != school.key:
        raise ReviewRefused("The judgement is of another school.")
    made = OwnEvidence.objects.create(
        authority=school.authority, judgement=judgement, at=timezone.now(), by=actor, **seen.checked()
    )
    audit.record(actor, "review.keep_evidence", "judgement", judgement.pk, {"kind": made.kind})
    return made


@transaction.atomic
def withdraw_evidence(
    *, actor: Person, school: School, evidence: OwnEvidence, revision: int, reason: str
) -> OwnEvidence:
    """Withdraw a piece of evidence, with a reason; it is not deleted."""
    permission.require(actor, "review.evaluate", school_record(school))
    held = locked(OwnEvidence, evidence.pk, revision, actor)
    if held.withdrawn_reason:
        raise ReviewRefused("It is withdrawn already.")
    held.withdrawn_reason = text(reason, "The reason is missing.", "Say why it no longer holds.")
    held.save()
    audit.record(actor, "review.withdraw_evidence", "judgement", held.judgement_id)
    return held
