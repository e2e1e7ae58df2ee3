"""Made-up targets of the demo authority: a few schools in each state, and two whose outturn is known.

Every step is taken by the services, by made-up heads, chairs of governors and the demo adviser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from redway.attainment.target_levels import AVERAGE, usual_levels
from redway.attainment.target_record import Concern, Decision
from redway.web.attainment.cohorts import years_in
from redway.web.attainment.models import Target
from redway.web.attainment.targets import services
from redway.web.attainment.targets.access import Place
from redway.web.attainment.targets.cycles import Terms, agree_cycle, cycle_of
from redway.web.attainment.targets.estimating import Sources, schools_with_cohort, sources_of
from redway.web.attainment.targets.frozen import OUTTURN_OF, Frozen, thaw
from redway.web.attainment.targets.measures import USUAL_MEASURES, last_day, measure_of, year_after
from redway.web.attainment.targets.showing import freeze_now
from redway.web.attainment.targets.steps import computed_outturn
from redway.web.people.demo import AUTHORITY, FIRST_DAY, SCHOOL
from redway.web.people.models import Person
from redway.web.people.roles import Role
from redway.web.people.services import Place as WhereHeld
from redway.web.people.services import give_role
from redway.web.register.models import Establishment, School
from redway.web.register.queries import find_authority

_HEADS = ("Ada Cole", "Ben Desai", "Cora Ellis", "Dev Frost", "Esme Gill", "Finn Hart", "Grace Iqbal")
_CHAIRS = ("Hugo Jones", "Isla Khan", "Joel Lacey", "Kezia Marsh", "Leo Noble", "Maya Osei", "Noah Page")
"""More than seven schools share names, as people do."""
_LEAST = 30
"""Cohorts of fewer pupils are passed over: their targets would be held."""

_CHALLENGE = (
    "Most schools with pupils like these reached more than this. What do you expect to go differently "
    "for this cohort, and what are you doing about it?"
)
_ANSWER = (
    "This year group lost its subject leader for two terms. A new one began in September and assessments "
    "have risen since, but we do not want to promise what we have not seen for a whole year."
)


@dataclass
class Conversation:
    """One target on its way, with the people who take part. ``now`` is the time of its last step."""

    place: Place
    sources: Sources
    head: Person
    chair: Person
    adviser: Person
    now: datetime
    target: Target | None = None

    def later(self, days: int) -> datetime:
        """The time of the next step, never after the present."""
        self.now = min(self.now + timedelta(days=days), timezone.now())
        return self.now

    def _frozen(self, value: float | None = None) -> Frozen:
        cycle = cycle_of(self.place.authority, self.place.year)
        return freeze_now(self.place, cycle, self.sources, timezone.localdate(self.now), value)

    def value(self, above: float) -> float:
        """A whole number so far above the estimate for average progress."""
        average = self._frozen().average
        middle = average.value if average else 50.0
        return float(min(max(round(middle + above), 0), self.place.measure.most))

    def propose(self, above: float, reason: str) -> None:
        value = self.value(above)
        self.target = services.propose_target(
            actor=self.head,
            school=self.place.school,
            measure=self.place.measure,
            year=self.place.year,
            value=value,
            reason=reason,
            frozen=self._frozen(value),
            now=self.later(0),
        )

    def _seen(self) -> Target:
        assert self.target is not None
        self.target.refresh_from_db()
        return self.target

    def _against(self, target: Target) -> list[str]:
        """The estimate for average progress and the last outturn, as far as they were shown."""
        shown = thaw(target.versions.latest("number").frozen).benchmarks
        return [code for code in shown if code == AVERAGE or code.startswith(OUTTURN_OF)][:2]

    def challenge(self, text: str = _CHALLENGE) -> None:
        target = self._seen()
        services.challenge_target(
            actor=self.adviser,
            target=target,
            revision=target.revision,
            text=text,
            now=self.later(3),
            benchmarks=self._against(target),
        )

    def answer(self, text: str = _ANSWER) -> None:
        target = self._seen()
        services.answer_target(
            actor=self.head, target=target, revision=target.revision, text=text, now=self.later(2)
        )

    def decide(self, decision: Decision, text: str = "", concern: Concern | None = None) -> None:
        target, at = self._seen(), self.later(2)
        look_again = min(timezone.localdate(at) + timedelta(days=120), last_day(self.place.year))
        ruling = services.Ruling(decision, text, concern, look_again)
        services.decide_target(
            actor=self.adviser, target=target, revision=target.revision, ruling=ruling, now=at
        )

    def verify(self, *people: Person) -> None:
        for person in people:
            target = self._seen()
            services.verify_target(actor=person, target=target, revision=target.revision, now=self.later(1))

    def verify_all(self) -> None:
        self.verify(self.head, self.chair, self.adviser)

    def revise(self, above: float, reason: str) -> None:
        target, value = self._seen(), self.value(above)
        services.revise_target(
            actor=self.head,
            target=target,
            revision=target.revision,
            measure=self.place.measure,
            value=value,
            reason=reason,
            frozen=self._frozen(value),
            now=self.later(4),
        )

    def record_outturn(self, note: str) -> None:
        target, held = self._seen(), computed_outturn(self.place)
        if held is None:
            return
        reached = services.Reached(held.value, held.pupils, held.source, held.versions, note)
        services.record_outturn(
            actor=self.adviser,
            target=target,
            revision=target.revision,
            measure=self.place.measure,
            reached=reached,
            now=self.later(400),
        )


@transaction.atomic
def create_demo_targets(today: date) -> int:
    """Make the demo's targets once, all or none; returns how many. Needs the demo's people and pupils."""
    adviser = Person.objects.filter(email="adviser@demo.example").first()
    officer = Person.objects.filter(email="data.officer@demo.example").first()
    if adviser is None or officer is None or Target.objects.exists():
        return 0
    sources = {stage: sources_of(AUTHORITY, stage) for stage in ("ks2", "ks4")}
    on_roll = years_in(sources["ks4"].on_roll)
    if not on_roll:
        return 0
    ahead = year_after(on_roll[-1], 1)
    _agree(officer, ahead, today)
    cast = _Cast(adviser)
    own = Establishment.objects.get(urn=SCHOOL).school_id
    made = 0
    for stage, measure, year, tell, days_ago in (
        *(("ks4", code, ahead, story, 12) for code, story in _OWN_SCHOOL),
        *(("ks4", "ks4-attainment8", ahead, story, 20) for story in _SECONDARIES),
        *(("ks2", "ks2-maths-expected", ahead, story, 20) for story in _PRIMARIES),
        ("ks4", "ks4-attainment8", _last_results(sources["ks4"]), _reservation_too_low, 700),
        *(("ks2", "ks2-maths-expected", _last_results(sources["ks2"]), story, 700) for story in _LAST_YEAR),
    ):
        is_own = (measure, tell) in _OWN_SCHOOL
        school = School.objects.get(key=own) if is_own else cast.next_school(sources[stage], stage, year, own)
        if school is None:
            continue
        place = Place(school, measure_of(measure), year, None)
        head, chair = cast.people_of(school)
        begun = timezone.now() - timedelta(days=days_ago)
        tell(Conversation(place, sources[stage], head, chair, adviser, begun))
        made += 1
    return made


def _agree(officer: Person, year: str, today: date) -> None:
    """The authority's own days, a few of them ahead."""
    proposed, verified = today + timedelta(days=3), today + timedelta(days=24)
    if verified > last_day(year):
        return
    agree_cycle(
        actor=officer,
        authority=find_authority(AUTHORITY),
        year=year,
        terms=Terms(proposed, verified, usual_levels(today), USUAL_MEASURES),
        reason="Agreed with headteachers for the demonstration",
        now=timezone.now() - timedelta(days=40),
    )


def _last_results(sources: Sources) -> str:
    return years_in(sources.results)[-1]


class _Cast:
    """Made-up heads and chairs, one pair a school, and the schools that have had their turn."""

    def __init__(self, adviser: Person) -> None:
        self.adviser = adviser
        self.people: dict[str, tuple[Person, Person]] = {}

    def next_school(self, sources: Sources, stage: str, year: str, but: str) -> School | None:
        """The next school with a cohort of some size, by key."""
        for key, cohort in schools_with_cohort(sources, stage, year).items():
            if cohort >= _LEAST and key != but and key not in self.people:
                school = School.objects.filter(key=key, authority=AUTHORITY).first()
                if school is not None:
                    return school
        return None

    def people_of(self, school: School) -> tuple[Person, Person]:
        """Head and chair of governors, made when they are first needed."""
        if school.key not in self.people:
            self.people[school.key] = (
                self._person(school, Role.HEADTEACHER),
                self._person(school, Role.CHAIR_OF_GOVERNORS),
            )
        return self.people[school.key]

    def _person(self, school: School, role: Role) -> Person:
        held = Person.objects.filter(grants__role=role, grants__scope_key=school.key).first()
        if held is not None:
            return held
        names = _HEADS if role is Role.HEADTEACHER else _CHAIRS
        name = names[len(self.people) % len(names)]
        address = f"{role.value.replace('_', '.')}.{school.key}@demo.example"
        person = Person.objects.create_user(address, name)
        give_role(
            actor=None,
            person=person,
            role=role,
            place=WhereHeld(AUTHORITY, school.key),
            first_day=FIRST_DAY,
        )
        return person


# --- the stories --------------------------------------------------------------------------------------------

Story = Callable[[Conversation], None]


def _challenged(talk: Conversation) -> None:
    talk.propose(-1, "In line with what our assessments of the autumn term point to.")
    talk.challenge()


def _agreed(talk: Conversation) -> None:
    talk.propose(
        4, "A quarter of schools do this with such pupils, and maths has been our priority for a year."
    )
    talk.decide(Decision.AGREED)


def _proposed(talk: Conversation) -> None:
    talk.propose(1, "A little above average progress, as in the last two years.")


def _answered(talk: Conversation) -> None:
    talk.propose(-2, "Eleven pupils joined this year group since Year 9, most of them new to English.")
    talk.challenge()
    talk.answer()


def _two_names(talk: Conversation) -> None:
    talk.propose(0.6, "What average progress would bring.")
    talk.challenge("Why aim for the middle? What would it take to go further?")
    talk.answer("The year group is small, and three pupils with plans joined it last term.")
    talk.decide(Decision.WITH_RESERVATION, "I should have expected a little more.", Concern.TOO_LOW)
    talk.verify(talk.head, talk.adviser)


def _confirmed(talk: Conversation) -> None:
    talk.propose(3, "Top-quarter progress is within reach: our tracking has three in four pupils on it.")
    talk.decide(Decision.AGREED)
    talk.verify_all()


def _not_agreed(talk: Conversation) -> None:
    talk.propose(-6, "We lost two experienced teachers in the summer.")
    talk.challenge()
    talk.answer("Recruitment is slow here. We would rather be honest than hopeful.")
    talk.decide(
        Decision.NOT_AGREED, "Six points under what these pupils reach elsewhere is too low.", Concern.TOO_LOW
    )


def _changed_after_verification(talk: Conversation) -> None:
    talk.propose(1, "Average progress and a little more.")
    talk.decide(Decision.AGREED)
    talk.verify_all()
    talk.revise(4, "Spring assessments are stronger than we dared to hope.")


def _reservation_too_low(talk: Conversation) -> None:
    talk.propose(0.5, "Average progress.")
    talk.challenge("Is this a stretch?")
    talk.answer("It is what we are sure of.")
    talk.decide(Decision.WITH_RESERVATION, "I believe the school can do more.", Concern.TOO_LOW)
    talk.verify_all()
    talk.record_outturn("To be taken up when the next target is set.")


def _reservation_too_high(talk: Conversation) -> None:
    talk.propose(9, "We want every child to reach the expected standard.")
    talk.decide(Decision.WITH_RESERVATION, "A fine aim; I doubt it for this cohort.", Concern.TOO_HIGH)
    talk.verify_all()
    talk.record_outturn("")


def _agreed_last_year(talk: Conversation) -> None:
    talk.propose(2, "A little above average progress.")
    talk.decide(Decision.AGREED)
    talk.verify_all()
    talk.record_outturn("")


_LAST_YEAR: tuple[Story, ...] = (
    _reservation_too_high,
    _reservation_too_high,
    _reservation_too_high,
    _reservation_too_low,
    _reservation_too_low,
    _agreed_last_year,
    _agreed_last_year,
    _agreed_last_year,
    _agreed_last_year,
)
"""At primary schools whose outturn is known: reservations, and targets agreed without one beside them."""
_OWN_SCHOOL: tuple[tuple[str, Story], ...] = (
    ("ks4-attainment8", _challenged),
    ("ks4-maths-grade-5", _agreed),
)
"""At the school of the demo's headteacher and chair: something waits for each of them."""
_SECONDARIES: tuple[Story, ...] = (_proposed, _answered, _two_names, _confirmed)
_PRIMARIES: tuple[Story, ...] = (
    _proposed,
    _answered,
    _not_agreed,
    _confirmed,
    _changed_after_verification,
    _challenged,
)
