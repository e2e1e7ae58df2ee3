"""Schools causing concern: a category proposed, decided with reasons and a day of review, answered,
closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.concern_categories import Category, CategoryList
from redway.improvement.schools import asked_by_rules
from redway.improvement.soft_intelligence import SoftIntelligence, counted_in_words, counting
from redway.improvement.statutory_triggers import Standing, Verdict, meets, to_notice
from redway.web.audit import services as audit
from redway.web.improvement.alerts import Alert, alert_of
from redway.web.improvement.categories import categories_of
from redway.web.improvement.changing import ChangedMeanwhile, ConcernRefused, words_of
from redway.web.improvement.facts import facts_of
from redway.web.improvement.intelligence import as_known, known_of
from redway.web.improvement.models import Concern, ConcernEntry, EntryKind
from redway.web.improvement.second_officer import refuse_alone
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of


@dataclass(frozen=True)
class Ground:
    """What a decision about a school can stand on, as it is on a day."""

    alert: Alert | None
    why_no_alert: str
    """Why no score is shown; empty where one is."""
    concerns: list[SoftIntelligence]
    verdicts: list[Verdict]
    suggested: Category
    categories: CategoryList

    @property
    def to_notice(self) -> list[Verdict]:
        """Official triggers that are met, or met as far as is known."""
        return to_notice(self.verdicts)

    @property
    def early_warning(self) -> str:
        """What early warning says of the school, or that it says nothing, and why."""
        return self.alert.words if self.alert else f"No score is shown. {self.why_no_alert}"

    @property
    def frozen(self) -> dict[str, Any]:
        """The copy kept with a decision."""
        return {
            "alert": self.alert.frozen if self.alert else None,
            "early_warning": self.early_warning,
            "concerns": counted_in_words(self.concerns),
            "triggers": [f"{one.title}: {one.words}" for one in self.to_notice],
            "suggested": self.suggested.label,
        }


def ground_of(school: School, day: date) -> Ground:
    """Everything a decision about a school can stand on."""
    categories = categories_of(school.authority, day)
    concerns = counting((as_known(one) for one in known_of(school)), day, categories.counts_for)
    verdicts = meets(facts_of([school], day)[school.key], day) if asked_by_rules(school.kind) else []
    met = sum(one.standing is Standing.MET for one in verdicts)
    return Ground(
        *alert_of(school.authority, school.key),
        concerns,
        verdicts,
        categories.suggested(len(concerns), met),
        categories,
    )


def open_concern(school: School) -> Concern | None:
    """The concern of a school that is not closed."""
    return Concern.objects.filter(school=school.key, closed_at__isnull=True).first()


@transaction.atomic
def propose(
    *, actor: Person, school: School, revision: int, category: str, reasons: str, day: date | None = None
) -> Concern:
    """Propose a category for a school, with reasons. ``revision`` is nought where there is no concern yet."""
    permission.require(actor, "concern.record", record_of(school))
    _refuse_own(actor, school)
    found = Concern.objects.select_for_update().filter(school=school.key, closed_at__isnull=True).first()
    if (found.revision if found else 0) != revision:
        raise ChangedMeanwhile(_standing(found) if found else "the concern was closed")
    ground = ground_of(school, day or permission.today())
    chosen = ground.categories.of(category)
    reasons = words_of(reasons, "There are no reasons.", "Say why, without naming anybody.")
    if found is not None and found.category == category and not found.proposed:
        raise ConcernRefused(
            f"The school is in '{found.label}' already.", "Propose another, or decide anew at the review."
        )
    now = timezone.now()
    if found is None:
        # The database allows one open concern a school: of two who begin at once the second is told.
        found = Concern(
            authority=school.authority, school=school.key, begun_at=now, begun_by=actor, revision=0
        )
    found.proposed, found.proposed_label = chosen.key, chosen.label
    found.revision += 1
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise ChangedMeanwhile("somebody else has proposed a category") from None
    _entry(found, EntryKind.PROPOSED, chosen.key, chosen.label, reasons, actor, ground=ground)
    audit.record(actor, "concern.propose", "concern", found.pk)
    return found


@transaction.atomic
def decide(
    *,
    actor: Person,
    concern: Concern,
    school: School,
    revision: int,
    category: str,
    reasons: str,
    review_on: date | None,
    agreed: bool = True,
) -> Concern:
    """Decide on the category: the one proposed, another, or (``agreed`` is False) leave all as it was.

    Without a day of review the latest that the list allows is set. Raises ConcernRefused for a day in the
    past or later than that.
    """
    permission.require(actor, "concern.decide", record_of(school))
    _refuse_own(actor, school)
    found = _locked(concern, revision)
    reasons = words_of(reasons, "There are no reasons.", "A decision says why, without naming anybody.")
    day = permission.today()
    alone = refuse_alone(actor, found, school, category, day) if agreed else ""
    if not agreed:
        if not found.proposed:
            raise ConcernRefused("Nothing is proposed.", "Decide on a category instead.")
        kind, key, label = EntryKind.NOT_AGREED, found.proposed, found.proposed_label
        found.proposed = found.proposed_label = ""
        if not found.category:
            found.closed_at = timezone.now()
        review_on, ground = found.review_on, None
    else:
        ground = ground_of(school, day)
        chosen = ground.categories.of(category)
        latest = ground.categories.review_by(category, day)
        review_on = review_on or latest
        if not day < review_on <= latest:
            raise ConcernRefused(
                f"The day of review is {day_in_words(review_on)}.",
                f"For '{chosen.label}' it lies between tomorrow and {day_in_words(latest)}.",
            )
        kind, key, label = EntryKind.DECIDED, chosen.key, chosen.label
        found.category, found.label, found.review_on = chosen.key, chosen.label, review_on
        found.proposed = found.proposed_label = ""
    found.revision += 1
    found.save()
    _entry(found, kind, key, label, reasons, actor, review_on=review_on, ground=ground, alone=alone)
    audit.record(actor, "concern.decide", "concern", found.pk)
    return found


@transaction.atomic
def answer(*, actor: Person, concern: Concern, school: School, revision: int, words: str) -> ConcernEntry:
    """The school's own answer to the decision. It changes nothing and stands beside it.

    Raises ChangedMeanwhile for an answer to a decision that no longer holds.
    """
    permission.require(actor, "improvement.own_school", record_of(school))
    found = Concern.objects.select_for_update().get(pk=concern.pk)
    if not found.category or found.closed_at is not None:
        raise ConcernRefused("There is no decision to answer.", "Open your school's page again.")
    if found.revision != revision:
        raise ChangedMeanwhile(_decided(found))
    words = words_of(words, "The answer is empty.", "Write it, without naming pupils or staff.")
    found.revision += 1
    found.save(update_fields=["revision"])
    made = _entry(found, EntryKind.ANSWERED, found.category, found.label, words, actor)
    audit.record(actor, "concern.answer", "concern", found.pk)
    return made


@transaction.atomic
def close(*, actor: Person, concern: Concern, school: School, revision: int, reasons: str) -> Concern:
    """Close a concern, with reasons: the school is in no category any more."""
    permission.require(actor, "concern.decide", record_of(school))
    _refuse_own(actor, school)
    found = _locked(concern, revision)
    reasons = words_of(
        reasons, "There are no reasons.", "Say what has become better, without naming anybody."
    )
    found.closed_at = timezone.now()
    found.proposed = found.proposed_label = ""
    found.revision += 1
    found.save()
    _entry(found, EntryKind.CLOSED, found.category, found.label, reasons, actor)
    audit.record(actor, "concern.close", "concern", found.pk)
    return found


def _refuse_own(actor: Person, school: School) -> None:
    """Whoever leads or governs a school answers the decision on it, and has no part in making it."""
    if permission.decide(actor, "improvement.own_school", record_of(school)):
        raise ConcernRefused("It is your own school.", "Ask a colleague to take it up.")


def _locked(concern: Concern, revision: int) -> Concern:
    found = Concern.objects.select_for_update().get(pk=concern.pk)
    if found.closed_at is not None:
        raise ConcernRefused("The concern is closed.", "Propose a category to begin a new one.")
    if found.revision != revision:
        raise ChangedMeanwhile(_standing(found))
    return found


def _standing(found: Concern) -> str:
    return f"'{found.proposed_label}' is proposed" if found.proposed else _decided(found)


def _decided(found: Concern) -> str:
    """How it stands as the school may know it: proposals are not the school's to read."""
    return f"the school is in '{found.label}'" if found.category else "the concern has gone on"


def _entry(
    concern: Concern,
    kind: EntryKind,
    category: str,
    label: str,
    words: str,
    actor: Person,
    *,
    review_on: date | None = None,
    ground: Ground | None = None,
    alone: str = "",
) -> ConcernEntry:
    return ConcernEntry.objects.create(
        concern=concern,
        kind=kind,
        category=category,
        label=label,
        words=words,
        review_on=review_on,
        stands_on=(ground.frozen if ground else {}) | ({"alone": alone} if alone else {}),
        at=timezone.now(),
        by=actor,
    )
