"""Scores and an evaluation as the command writes them, made up; two schools, a concern and a triage
meeting."""

from __future__ import annotations

from math import log
from typing import Any

from django.utils import timezone

from redway.web.improvement.concerns import decide, propose
from redway.web.improvement.intelligence import record_intelligence
from redway.web.improvement.models import Concern, ScoreSet, TriageMeeting
from redway.web.improvement.score_sets import keep_scores
from redway.web.improvement.triage import begin_meeting, name_school, seal_own_list
from redway.web.people.models import Person
from redway.web.register.models import Authority, Rank, School
from web.funding.deficits.a_deficit import register

AUTHORITY, SCHOOL, OTHER_SCHOOL = "826", "110532", "110517"
NEIGHBOUR, SCHOOL_ELSEWHERE = "822", "109700"
BASE = -3.2
"""Log-odds before anything of a school is known: 3.9%."""
NAMES = {SCHOOL: "Grand Union School", OTHER_SCHOOL: "Ouse Valley School"}


def school_row(key: str, rank: int, chance: float, authority: str = AUTHORITY) -> dict[str, Any]:
    """One scored school: one figure raises the score, another lowers it, and its record does the rest."""
    logit = log(chance / (1 - chance))
    return {
        "school": key,
        "urn": key,
        "name": NAMES.get(key, f"School {key}"),
        "authority": authority,
        "phase": "secondary",
        "chance": chance,
        "lower": chance * 0.7,
        "upper": chance * 1.3,
        "rank": rank,
        "of": 16_973,
        "band": "look first" if rank < 1_697 else "not among the first",
        "last_grade": "Good",
        "last_inspected": "2014-07-02",
        "logit": logit,
        "contributions": [
            {
                "feature": "absence_like",
                "words": "absence",
                "group": "absence",
                "value": "far above schools of like intake",
                "adds": 0.9,
                "public_from": "2017-03-31",
            },
            {
                "feature": "size",
                "words": "number of pupils",
                "group": "kind of school",
                "value": "about the same as other schools of the phase",
                "adds": -0.02,
                "public_from": None,
            },
            {
                "feature": "due",
                "words": "last grade, and school years since it",
                "group": "inspection record",
                "value": "Good, inspected in 2014",
                "adds": logit - BASE - 0.9 + 0.02,
                "public_from": None,
            },
        ],
        "gaps": ["income less spending is not held"],
    }


def scores(rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What ``redway early-warning score --json`` writes for an authority."""
    return {
        "as_at": "2017-09-01",
        "question": "A",
        "window": {"start": "2017-09-01", "end": "2018-07-19"},
        "model": {
            "learned_for": "2017-09-01",
            "learned_until": "2017-07-19",
            "rows": 181_931,
            "falls": 2_900,
            "mapping": "below-good-2005-2024",
        },
        "base": BASE,
        "schools": rows or [school_row(SCHOOL, 25, 0.57), school_row(OTHER_SCHOOL, 9_000, 0.01)],
        "insufficient_data": [
            {
                "school": "110999",
                "urn": "110999",
                "name": "Newt Lane Primary School",
                "authority": AUTHORITY,
                "reason": "insufficient data: 6 inputs of 10 missing",
            }
        ],
        "not_scored": [
            {
                "school": "110998",
                "urn": "110998",
                "name": "Willow Special School",
                "authority": AUTHORITY,
                "reason": "special school",
            }
        ],
        "sources": [{"dataset": "absence", "file": "absence/abs_2017.parquet", "version": "89876aace113"}],
    }


UNFAIR = "False alarms in the most deprived fifth are 30% at the top 20%; the limit is 25%."


def evaluation(
    *, beats: bool = True, slope: float = 0.9, question: str = "A", limits: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What ``redway early-warning evaluate --json`` writes, two lines of it."""
    groups = [
        {"group": group, "schools": 3_400, "fell": 100, "false_alarms": {"0.1": 0.09, "0.2": 0.18}}
        for group in "12345"
    ]
    local = {"authority": AUTHORITY, "sentences": ["One authority cannot validate the model.", "P=0.032."]}
    return {
        "results": [
            {
                "local": local,
                "question": question,
                "decision": "2017-09-01",
                "window": {"start": "2017-09-01", "end": "2018-07-19"},
                "schools": 17_052,
                "events": 720,
                "beats_intake": beats,
                "needs_sign_off": list(limits),
                "rows": [
                    _line("intake", "intake only", 0.36, 1.0, groups),
                    _line("model", "", 0.70, slope, groups),
                ],
            }
        ]
    }


def _line(code: str, words: str, recall: float, slope: float, groups: Any) -> dict[str, Any]:
    measured = {"value": recall, "lower": recall - 0.03, "upper": recall + 0.03}
    return {
        "code": code,
        "words": words,
        "auc": {"value": 0.84, "lower": 0.83, "upper": 0.86},
        "recall": {"0.1": measured, "0.2": measured},
        "precision": {"0.1": measured, "0.2": measured},
        "visits_recall": measured,
        "visits_precision": measured,
        "calibration": {"intercept": 0.0, "slope": slope},
        "brier_skill": 0.1,
        "lead_terms": 1.1,
        "by_deprivation": groups,
        "by_phase": [],
    }


def kept(authority: str = AUTHORITY, **of_evaluation: Any) -> ScoreSet:
    """A set that is kept; of another authority it names one school."""
    answer = scores() if authority == AUTHORITY else scores([school_row(SCHOOL_ELSEWHERE, 1, 0.2, authority)])
    if authority != AUTHORITY:
        answer |= {"insufficient_data": [], "not_scored": []}
    found = evaluation(**of_evaluation)
    return keep_scores(actor=None, authority=authority, scores=answer, evaluation=found)[0]


def known(actor: Person, kind: str = "acting_head", key: str = SCHOOL, **changed: Any) -> Any:
    """Something known of a school, since yesterday's yesterday."""
    given = {
        "kind": kind,
        "on": timezone.localdate(),
        "source": "governors",
        "certainty": "confirmed",
        "number": None,
    }
    return record_intelligence(actor=actor, school=School.objects.get(key=key), given=given | changed)


def decided(adviser: Person, director: Person, key: str = SCHOOL) -> Concern:
    """A school in a category."""
    school = School.objects.get(key=key)
    made = propose(actor=adviser, school=school, revision=0, category="concern", reasons="The roll falls.")
    return decide(
        actor=director,
        concern=made,
        school=school,
        revision=made.revision,
        category="concern",
        reasons="The roll falls and leaders have left.",
        review_on=None,
    )


def sealed(actor: Person, *keys: str, authority: str = AUTHORITY) -> TriageMeeting:
    """A meeting whose own list names these schools and is sealed."""
    meeting = begin_meeting(
        actor=actor, authority=Authority.objects.get(number=authority), on=timezone.localdate()
    )
    for key in keys:
        name_school(actor=actor, meeting=meeting, school=School.objects.get(key=key), why="figures")
    meeting.refresh_from_db()
    return seal_own_list(actor=actor, meeting=meeting, revision=meeting.revision)


def improvement_of_everything(adviser: Person, director: Person, elsewhere: Person) -> dict[str, str]:
    """Scores, a concern, something known and a sealed meeting, here and in a neighbouring authority."""
    register()
    Authority.objects.get_or_create(number=NEIGHBOUR, defaults={"name": "Bedford"})
    School.objects.get_or_create(
        key=SCHOOL_ELSEWHERE,
        defaults={
            "current_urn": SCHOOL_ELSEWHERE,
            "name": "Bedford School",
            "sort_name": "bedford school",
            "authority": NEIGHBOUR,
            "phase": "Secondary",
            "rank": Rank.OPEN,
        },
    )
    made = {
        "score_set": kept(),
        "school_concern": decided(adviser, director),
        "known": known(adviser),
        "triage": sealed(director, SCHOOL),
        "score_set_elsewhere": kept(NEIGHBOUR),
        "school_concern_elsewhere": propose(
            actor=elsewhere,
            school=School.objects.get(key=SCHOOL_ELSEWHERE),
            revision=0,
            category="watch",
            reasons="The roll falls.",
        ),
        "known_elsewhere": known(elsewhere, key=SCHOOL_ELSEWHERE),
        "triage_elsewhere": sealed(elsewhere, SCHOOL_ELSEWHERE, authority=NEIGHBOUR),
    }
    return {name: str(one.pk) for name, one in made.items()}
