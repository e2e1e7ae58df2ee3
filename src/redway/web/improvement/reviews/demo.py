"""The review of 2008 as the demo tells it, a made-up review of a school, a strategy, a school's own view.

The recommendations are those of the service's own review of 2008 in short; everything else is invented, and
every page that shows it says so. Recommendations are handed to the plan by whoever makes the demo's plan.
"""

from __future__ import annotations

from datetime import date, timedelta

from redway.improvement.readiness import framework_on
from redway.web.improvement.reviews import own_judgements, review_changes, strategy_changes
from redway.web.improvement.reviews.models import Judgement, OwnEvidence, Review, Strategy
from redway.web.improvement.reviews.review_changes import Seen
from redway.web.people.demo import AUTHORITY, SCHOOL
from redway.web.people.models import Person
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority

_FOCI = (
    ("Knowing schools early", "Does the authority see a school decline before it is inspected?"),
    ("Challenge", "Are targets challenged, and is the challenge followed up?"),
    ("Support", "Do the weakest schools get the support they need, and do successful schools give any?"),
    ("Strategy", "Do schools know what to expect, and why?"),
)
_FINDINGS = (
    ("Schools were known by their last inspection, not by where they were going.", "Red"),
    ("Targets were agreed without being set beside a benchmark, and few were followed up.", "Amber"),
    ("Support of the weakest schools was good; successful schools were rarely asked to help.", "Amber"),
    ("There was no one paper that said what a school gets, and when.", "Red"),
)
_RECOMMENDATIONS = (
    (
        "Better early warning",
        "Know of a school's decline before it is inspected, and look there first.",
        (1,),
    ),
    ("More challenge in target setting", "Set targets beside benchmarks, and follow the challenge up.", (2,)),
    ("A clearer strategy", "Say what each school gets, by category, and publish it.", (4,)),
    ("Support for the weakest schools", "Go on with intensifying support, with half-termly reviews.", (3,)),
    ("Use of successful schools", "Broker the help of schools that do well, and see what comes of it.", (3,)),
)


def create_demo_reviews(today: date) -> None:
    """One review of the authority's work, one of a school, two versions of the strategy. Call it once."""
    bob = Person.objects.get(email="adviser@demo.example")
    harriet = Person.objects.get(email="headteacher@demo.example")
    authority = find_authority(AUTHORITY)
    own = School.objects.get(establishments__urn=SCHOOL)
    _review_of_2008(bob, authority)
    _review_of_school(bob, authority, own, today)
    _strategies(bob, authority, today)
    _own_judgements(harriet, own, today)
    for kind in (Review, Strategy, Judgement, OwnEvidence):
        kind._default_manager.filter(authority=AUTHORITY).update(made_up=True)


def _now(review: Review) -> int:
    review.refresh_from_db()
    return review.revision


def _review_of_2008(bob: Person, authority: Authority) -> None:
    found = review_changes.begin(
        actor=bob,
        authority=authority,
        school=None,
        title="Review of school improvement, 2008",
        why="Results at 16 were below those of like authorities.",
        starts_on=date(2008, 9, 15),
    )
    for title, question in _FOCI:
        review_changes.add_focus(
            actor=bob, review=found, revision=_now(found), title=title, question=question
        )
    for title, source in (
        ("Files of visits to twelve schools", "Visit files of 2007 and 2008"),
        ("Interviews with headteachers and advisers", "Notes of eighteen interviews"),
    ):
        review_changes.add_evidence(
            actor=bob,
            review=found,
            revision=_now(found),
            seen=Seen("document", title, date(2008, 10, 10), source, ""),
        )
    for number, (says, rating) in enumerate(_FINDINGS, 1):
        review_changes.add_finding(
            actor=bob, review=found, revision=_now(found), focus=number, says=says, evidence=[1, 2]
        )
        review_changes.rate_focus(
            actor=bob, review=found, revision=_now(found), number=number, rating=rating, reason=says
        )
    for title, says, findings in _RECOMMENDATIONS:
        review_changes.add_recommendation(
            actor=bob, review=found, revision=_now(found), title=title, says=says, findings=findings
        )
    review_changes.publish(actor=bob, review=found, revision=_now(found))


def _review_of_school(bob: Person, authority: Authority, own: School, today: date) -> None:
    """Still being carried out: one of its two foci is not rated."""
    found = review_changes.begin(
        actor=bob,
        authority=authority,
        school=own,
        title="Review of mathematics",
        why="Asked for by the school and its adviser.",
        starts_on=today - timedelta(days=30),
    )
    for title, question in (
        ("Teaching", "Is work hard enough in every class?"),
        ("Leadership of the department", "Do leaders know, and act?"),
    ):
        review_changes.add_focus(
            actor=bob, review=found, revision=_now(found), title=title, question=question
        )
    review_changes.add_evidence(
        actor=bob,
        review=found,
        revision=_now(found),
        seen=Seen(
            "work", "Twelve books of Years 9 and 10", today - timedelta(days=20), "Kept at the school", ""
        ),
    )
    says = "In two of six classes work was too easy for most pupils."
    review_changes.add_finding(
        actor=bob, review=found, revision=_now(found), focus=1, says=says, evidence=[1]
    )
    review_changes.rate_focus(
        actor=bob, review=found, revision=_now(found), number=1, rating="Amber", reason=says
    )


def _strategies(bob: Person, authority: Authority, today: date) -> None:
    for back, visits in ((700, "two visits"), (90, "three visits")):
        draft = strategy_changes.write(
            actor=bob,
            authority=authority,
            revision=0,
            written=strategy_changes.Written(
                today - timedelta(days=back),
                "Every child in a good school that gets better, and no school left to decline unseen.",
                (
                    "See decline early and act on it",
                    "Challenge every target beside a benchmark",
                    "Give most to the schools that need most",
                    "Let schools that do well help others",
                ),
                (
                    ("Doing well", "One visit a year; asked to help others"),
                    ("Causing some concern", f"{visits.capitalize()} a year and a plan looked at each term"),
                    ("Causing concern", "A programme of support, reviewed every half-term"),
                ),
            ),
        )
        strategy_changes.publish(actor=bob, authority=authority, revision=draft.revision)


def _own_judgements(harriet: Person, own: School, today: date) -> None:
    framework = framework_on(today)
    for area, grade, says in (
        ("attendance-and-behaviour", "Expected standard", "Absence is falling; Year 11 is behind."),
        ("achievement", "Needs attention", "English is in line with like schools, mathematics is not."),
    ):
        held = own_judgements.judge(
            actor=harriet,
            school=own,
            framework=framework,
            area=area,
            revision=0,
            grade=grade,
            says=says,
        )
        if area == "attendance-and-behaviour":
            own_judgements.keep_evidence(
                actor=harriet,
                school=own,
                judgement=held,
                seen=Seen(
                    "document",
                    "Attendance plan and its half-termly reviews",
                    today - timedelta(days=25),
                    "Shared drive of the school",
                    "Calls home on the first day in every case since September.",
                ),
            )
