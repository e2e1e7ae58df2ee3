"""Changes of the ledger: taking in a list, choosing look-alikes, recording outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.improvement.held_values import values_of
from redway.improvement.kept_scores import KeptSchool, KeptScores
from redway.improvement.ledger import Entry, Outcome, look_alikes
from redway.web.audit import services as audit
from redway.web.authorities.access import record_of as authority_record
from redway.web.improvement.alerts import alert_in
from redway.web.improvement.held_back import scores_to_show
from redway.web.improvement.score_sets import latest_set
from redway.web.improvement.support.access import record_of
from redway.web.improvement.support.changing import SupportRefused, locked, text
from redway.web.improvement.support.models import Alert, Programme
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record


@dataclass(frozen=True)
class Flag:
    """A school on a list: which list, of which day, and what the list showed (label and words)."""

    source: str
    decision: date
    model_version: str
    shown: Sequence[tuple[str, str]] = ()
    concern: str = ""


@transaction.atomic
def enter_alert(*, actor: Person, school: School, flag: Flag, alike: Sequence[School] = ()) -> Alert:
    """Enter a flagged school with unflagged schools that looked alike. Raises SupportRefused.

    A list is addressed by its decision date and version; a school stands on it once.
    """
    permission.require(actor, "support.manage", school_record(school))
    if flag.decision > permission.today():
        raise SupportRefused("The decision date is to come.", "Give the day the list was made for.")
    if any(one.authority != school.authority or one.pk == school.pk for one in alike):
        raise SupportRefused("A look-alike must be another school of this authority.", "Choose another.")
    found = _enter(actor, school, flag, flagged=True, like=None)
    for one in alike:
        _enter(actor, one, Flag(flag.source, flag.decision, flag.model_version), flagged=False, like=found)
    details = {"source": flag.source, "look_alikes": len(alike)}
    audit.record(actor, "support.enter_alert", "alert", found.pk, details)
    return found


def _enter(actor: Person, school: School, flag: Flag, *, flagged: bool, like: Alert | None) -> Alert:
    School.objects.select_for_update().get(pk=school.pk)
    held = Alert.objects.filter(
        school=school.key, decision=flag.decision, source=flag.source, model_version=flag.model_version
    ).first()
    if held is not None:
        raise SupportRefused(
            f"{school.shown_name} stands in the ledger for this list already.", "Open its line instead."
        )
    return Alert.objects.create(
        authority=school.authority,
        school=school.key,
        source=flag.source,
        decision=flag.decision,
        model_version=flag.model_version,
        concern=flag.concern,
        flagged=flagged,
        like=like,
        shown=[list(pair) for pair in flag.shown],
        at=timezone.now(),
        by=actor,
    )


@transaction.atomic
def enter_latest_list(*, actor: Person, authority: Authority) -> int:
    """Enter the schools to look at first of the latest early-warning list, each with a look-alike.

    As many are flagged as the authority can visit; a look-alike is the unflagged school of the phase with the
    nearest chance, each taken once. Schools that stand in the ledger for the list already are left as they
    are. Returns how many were entered. Raises SupportRefused where there is no list, or no score on it, and
    HeldBack while officers write their own.
    """
    permission.require(actor, "support.manage", authority_record(authority))
    held = latest_set(authority.number)
    if held is None:
        raise SupportRefused("No early-warning list is kept yet.", "Keep one; the data officer can.")
    scores = scores_to_show(held)
    if scores.killed_because:
        raise SupportRefused(f"The list has no scores: {scores.killed_because}", "Enter schools by hand.")
    first = _looked_at_first(scores)
    others = {one.school: (one.phase, one.chance) for one in scores.schools if one not in first}
    known = set(_lines_of(scores).values_list("school", flat=True))
    schools = School.objects.in_bulk([one.school for one in scores.schools])
    entered = 0
    for one in first:
        school, alert = schools.get(one.school), alert_in(scores, one.school)
        if school is None or alert is None or one.school in known or school.authority != authority.number:
            continue
        free = [(key, *about) for key, about in others.items() if key in schools and key not in known]
        alike_keys = look_alikes(one.chance, one.phase, free, 1)
        known.update(alike_keys)
        enter_alert(
            actor=actor,
            school=school,
            flag=Flag(
                Alert.Source.EARLY_WARNING,
                scores.decision,
                scores.model_version,
                [("What the list showed", alert.words), ("What raised the score", one.reasons)],
            ),
            alike=[schools[key] for key in alike_keys],
        )
        entered += 1
    if not entered:
        raise SupportRefused("The latest list is in the ledger already.", "Open its lines.")
    return entered


def latest_list_entered(authority: Authority) -> str:
    """That the latest early-warning list is in the ledger, in words; empty while it can be entered, and where
    it may not be shown now."""
    held = latest_set(authority.number)
    try:
        scores = scores_to_show(held) if held else None
    except RedwayError:
        return ""
    if scores is None or scores.killed_because:
        return ""
    lines = _lines_of(scores).filter(authority=authority.number)
    here = set(School.objects.filter(authority=authority.number).values_list("key", flat=True))
    first = {one.school for one in _looked_at_first(scores)} & here
    since = lines.order_by("at").values_list("at", flat=True).first()
    if since is None or first - set(lines.values_list("school", flat=True)):
        return ""
    return (
        f"The latest early-warning list, as at {day_in_words(scores.decision)} (model "
        f"{scores.model_version}), is in the ledger since {day_in_words(timezone.localdate(since))}."
    )


def _looked_at_first(scores: KeptScores) -> list[KeptSchool]:
    """As many schools of a list as the authority can visit, the highest first."""
    visits = values_of("early-warning.toml").whole_number_on("visits", permission.today())
    return sorted(scores.schools, key=lambda one: one.place)[:visits]


def _lines_of(scores: KeptScores) -> QuerySet[Alert]:
    """The lines of the ledger that a list was entered as."""
    return Alert.objects.filter(
        source=Alert.Source.EARLY_WARNING, decision=scores.decision, model_version=scores.model_version
    )


@transaction.atomic
def record_outcome(
    *, actor: Person, alert: Alert, revision: int, outcome: Outcome, on: date | None, source: str
) -> Alert:
    """Record what became of a school, with the day and where it is stated."""
    permission.require(actor, "support.manage", record_of(alert))
    if alert.source == Alert.Source.TARGET:
        raise SupportRefused(
            "What became of a target is its outturn.", "Record the outturn on the page of the target."
        )
    held = locked(Alert, alert.pk, revision, actor)
    if outcome is Outcome.NOT_KNOWN:
        on, source = None, ""
    else:
        source = text(source, "It is not said where the outcome is stated.", "Name the report or figure.")
        if on is None or not held.decision < on <= permission.today():
            raise SupportRefused(
                "The outcome must lie between the decision date and today.", "Give the day it became known."
            )
    held.outcome, held.outcome_on, held.outcome_source = outcome.value, on, source
    held.save()
    audit.record(actor, "support.record_outcome", "alert", held.pk, {"outcome": outcome.value})
    return held


def entries_of(authority: str) -> list[tuple[Alert, Entry]]:
    """The ledger of alerts of an authority: each line as stored, and as the rules see it.

    What was withdrawn was never done. Targets have a ledger of their own: see ``target_lines``.
    """
    held_visit = Q(visits__withdrawn_at=None)
    held = (
        Alert.objects.filter(authority=authority)
        .exclude(source=Alert.Source.TARGET)
        .annotate(
            visit_count=Count("visits", filter=held_visit, distinct=True),
            programme_count=Count(
                "programmes", filter=~Q(programmes__state=Programme.State.WITHDRAWN), distinct=True
            ),
            action_count=Count("visits__follow_ups", filter=held_visit, distinct=True),
        )
    )
    return [
        (
            one,
            Entry(
                str(one.pk),
                one.flagged,
                Outcome(one.outcome),
                one.visit_count,
                one.action_count,
                one.programme_count,
                str(one.like_id or ""),
            ),
        )
        for one in held
    ]
