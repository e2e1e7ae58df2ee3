"""Changes to targets: permitted, by the rules, audited in one transaction, never over somebody else's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from redway.attainment.target_record import Concern, Decision, Part, Stage, Standing, StepRefused
from redway.attainment.target_timetable import Step, TimetableRefused
from redway.core.errors import ValuesError
from redway.web.attainment.models import Target, TargetCycle, TargetDraft, TargetEntry, TargetVersion
from redway.web.attainment.targets import services
from redway.web.attainment.targets.cycles import Terms, agree_cycle, cycle_of, history_of
from redway.web.attainment.targets.drafts import draft_of, keep_draft
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.measures import MEASURES, measure_of
from redway.web.attainment.targets.records import record_of, targets
from redway.web.attainment.targets.services import (
    ChangedMeanwhile,
    Reached,
    Ruling,
    TargetRefused,
    answer_target,
    challenge_target,
    decide_target,
    plan_follow_up,
    propose_target,
    record_outturn,
    revise_target,
    verify_target,
    withdraw_target,
)
from redway.web.attainment.targets.timeline import timeline
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role, ScopeKind
from redway.web.register.models import Authority, Rank, School
from web.attainment.stored_targets import NOON, frozen

pytestmark = pytest.mark.django_db

SCHOOL, OTHER_SCHOOL = "110532", "110517"
MEASURE = measure_of("ks4-maths-grade-5")
YEAR = "2026-27"


@pytest.fixture
def school(db: None) -> School:
    """The school of the headteacher in the cast, and another one."""
    for key in (OTHER_SCHOOL, SCHOOL):
        made = School.objects.create(
            key=key,
            current_urn=key,
            name="Grand Union School",
            sort_name="grand union school",
            authority="826",
            authority_name="Milton Keynes",
            rank=Rank.OPEN,
        )
    return made


@pytest.fixture
def gita(make_person: Callable[..., Person]) -> Person:
    """Gita Grove, chair of governors of the school."""
    return make_person("chair_of_governors", full_name="Gita Grove", school=SCHOOL)


def proposed(head: Person, school: School, value: float = 64, **more: Any) -> Target:
    """A target set against an estimate of 60 for average progress."""
    given: dict[str, Any] = {
        "actor": head,
        "school": school,
        "measure": MEASURE,
        "year": YEAR,
        "value": value,
        "reason": "Pupils started well.",
        "frozen": frozen(),
        "now": NOON,
    }
    return propose_target(**(given | more))


def revised(head: Person, target: Target, value: float, revision: int) -> Target:
    return revise_target(
        actor=head,
        target=target,
        revision=revision,
        measure=MEASURE,
        value=value,
        reason="Two strong pupils joined.",
        frozen=frozen(),
        now=NOON,
    )


def challenged(adviser: Person, target: Target, revision: int, text: str = "Why?") -> Target:
    """A challenge against the estimate for average progress."""
    return challenge_target(
        actor=adviser, target=target, revision=revision, text=text, benchmarks=["average"], now=NOON
    )


AGREED = Ruling(Decision.AGREED)


def confirmed(head: Person, chair: Person, adviser: Person, school: School) -> Target:
    target = decide_target(actor=adviser, target=proposed(head, school), revision=1, ruling=AGREED, now=NOON)
    for person in (head, chair, adviser):
        target = verify_target(actor=person, target=target, revision=target.revision, now=NOON)
    return target


def test_a_whole_conversation_is_kept_and_audited_step_by_step(
    school: School, harriet: Person, gita: Person, bob: Person
) -> None:
    target = proposed(harriet, school, value=55)
    challenged(bob, target, 1, "Why so low?")
    answer_target(actor=harriet, target=target, revision=2, text="Many joined late.", now=NOON)
    ruling = Ruling(Decision.WITH_RESERVATION, "I had hoped for more.", Concern.TOO_LOW, date(2027, 3, 1))
    decide_target(actor=bob, target=target, revision=3, ruling=ruling, now=NOON)
    for revision, person in enumerate((harriet, gita, bob), 4):
        verify_target(actor=person, target=target, revision=revision, now=NOON)
    plan_follow_up(actor=bob, target=target, revision=7, day=date(2027, 4, 1))
    reached = Reached(71.0, 60, "Key stage 4 results of pupils", versions=(7,))
    record_outturn(actor=bob, target=target, revision=8, measure=MEASURE, reached=reached, now=NOON)

    kept = targets().get(pk=target.pk)
    record = record_of(kept)
    assert record.standing is Standing.CONFIRMED
    assert record.reservation_was(8).value.startswith("The reservation was right")
    assert kept.follow_up_on == date(2027, 4, 1)
    entries = AuditEntry.objects.filter(subject_kind="target").order_by("sequence")
    assert [entry.verb.removeprefix("target.") for entry in entries] == [
        "propose",
        "challenge",
        "answer",
        "decide",
        *["verify"] * 3,
        "plan_follow_up",
        "record_outturn",
    ]
    assert [entry.actor for entry in entries][:3] == [harriet, bob, harriet]
    assert json.loads(entries[3].details) | {"decision": "with_reservation", "revision": 4} == json.loads(
        entries[3].details
    )
    everything = " ".join(entry.details for entry in entries)
    for words in ("Why so low?", "Many joined late.", "hoped", "started well"):
        assert words not in everything, "the trail holds codes and numbers"


def test_a_step_without_its_audit_entry_does_not_happen(
    school: School, harriet: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = proposed(harriet, school)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("redway.web.attainment.targets.services.audit.record", fail)
    with pytest.raises(RuntimeError):
        challenged(bob, target, 1, "Why?")
    with pytest.raises(RuntimeError):
        proposed(harriet, school, measure=measure_of("ks4-attainment8"))
    assert not TargetEntry.objects.exists()
    assert Target.objects.get().revision == 1


def test_case_40_through_the_services(school: School, harriet: Person, bob: Person) -> None:
    target = proposed(harriet, school, value=55)
    with pytest.raises(StepRefused, match="below the estimate for average progress"):
        decide_target(actor=bob, target=target, revision=1, ruling=AGREED, now=NOON)
    assert Target.objects.get().stage == Stage.PROPOSED


def test_a_challenge_keeps_the_benchmarks_it_names(school: School, harriet: Person, bob: Person) -> None:
    """Good practice of 2008: targets are recorded against the benchmarks used."""
    target = proposed(harriet, school, value=55)
    with pytest.raises(StepRefused, match="not said which benchmark"):
        challenge_target(actor=bob, target=target, revision=1, text="Why so low?", now=NOON)
    challenged(bob, target, 1, "Why so low?")
    assert TargetEntry.objects.get().benchmarks == ["average"]
    said = timeline(targets().get(pk=target.pk), MEASURE)[-1]
    assert said.what == "The adviser challenges. Held against: Average progress: 60.0%"


def test_nothing_is_said_with_hindsight(school: School, harriet: Person, gita: Person, bob: Person) -> None:
    target = confirmed(harriet, gita, bob, school)
    reached = Reached(50.0, 60, "The school's own results")
    record_outturn(actor=bob, target=target, revision=5, measure=MEASURE, reached=reached, now=NOON)
    with pytest.raises(StepRefused, match="cannot be taken back any more"):
        withdraw_target(actor=harriet, target=target, revision=6, reason="It was not met", now=NOON)


def test_case_41_an_edit_keeps_both_values_and_the_names_under_the_first(
    school: School, harriet: Person, gita: Person, bob: Person
) -> None:
    target = confirmed(harriet, gita, bob, school)
    revised(harriet, target, 66, target.revision)
    kept = targets().get(pk=target.pk)
    record = record_of(kept)
    assert record.standing is Standing.PROVISIONAL
    assert [version.value for version in record.versions] == [64, 66]
    first, second = kept.versions.all()
    assert first.verifications.count() == 3
    assert second.verifications.count() == 0


class TestWhoMay:
    def test_strangers_do_not_learn_that_there_is_a_target(
        self,
        school: School,
        harriet: Person,
        charlie: Person,
        bob: Person,
        make_person: Callable[..., Person],
    ) -> None:
        target = proposed(harriet, school)
        elsewhere = make_person("adviser", authority="822")
        with pytest.raises(Http404):
            challenged(elsewhere, target, 1, "Why?")
        with pytest.raises(Http404):
            revised(charlie, target, 70, 1)
        with pytest.raises(Http404):
            proposed(charlie, school, measure=measure_of("ks4-attainment8"))
        with pytest.raises(Http404):
            proposed(bob, school, measure=measure_of("ks4-attainment8"))

    def test_the_school_does_not_challenge_and_the_adviser_does_not_answer(
        self, school: School, harriet: Person, bob: Person
    ) -> None:
        target = proposed(harriet, school)
        with pytest.raises(Http404):
            challenged(harriet, target, 1, "Why?")
        with pytest.raises(Http404):
            decide_target(actor=harriet, target=target, revision=1, ruling=AGREED, now=NOON)
        challenged(bob, target, 1, "Why?")
        with pytest.raises(Http404):
            answer_target(actor=bob, target=target, revision=2, text="So.", now=NOON)

    def test_each_verifies_once_and_in_their_own_role(
        self, school: School, harriet: Person, bob: Person, dana: Person
    ) -> None:
        target = decide_target(
            actor=bob, target=proposed(harriet, school), revision=1, ruling=AGREED, now=NOON
        )
        with pytest.raises(Http404):
            verify_target(actor=dana, target=target, revision=2, now=NOON)
        verify_target(actor=harriet, target=target, revision=2, now=NOON)
        with pytest.raises(StepRefused, match="headteacher has verified this value already"):
            verify_target(actor=harriet, target=target, revision=3, now=NOON)
        # Somebody who is head and chair at once is still one person.
        Grant.objects.create(
            person=harriet,
            role=Role.CHAIR_OF_GOVERNORS,
            scope_kind=ScopeKind.SCHOOL,
            scope_key=SCHOOL,
            authority="826",
            first_day=date(2020, 9, 1),
        )
        again = Person.objects.get(pk=harriet.pk)
        assert services.parts_of(again, school) == (Part.HEADTEACHER, Part.CHAIR_OF_GOVERNORS)
        with pytest.raises(StepRefused, match="in another role"):
            verify_target(actor=again, target=target, revision=3, now=NOON)


class TestTwoAtOnce:
    def test_who_has_not_read_what_is_new_is_stopped(
        self, school: School, harriet: Person, bob: Person
    ) -> None:
        target = proposed(harriet, school)
        revised(harriet, target, 66, 1)
        with pytest.raises(ChangedMeanwhile, match="Somebody has gone on"):
            decide_target(actor=bob, target=target, revision=1, ruling=AGREED, now=NOON)
        assert not TargetEntry.objects.exists()
        decide_target(actor=bob, target=target, revision=2, ruling=AGREED, now=NOON)

    def test_a_target_is_proposed_once(self, school: School, harriet: Person) -> None:
        proposed(harriet, school)
        with pytest.raises(TargetRefused, match="has been proposed already"):
            proposed(harriet, school)
        assert Target.objects.count() == TargetVersion.objects.count() == 1

    def test_what_was_withdrawn_makes_room_for_another(self, school: School, harriet: Person) -> None:
        target = proposed(harriet, school)
        withdraw_target(actor=harriet, target=target, revision=1, reason="Wrong cohort", now=NOON)
        proposed(harriet, school, value=62)
        assert {one.stage for one in Target.objects.all()} == {"withdrawn", "proposed"}
        assert Target.objects.get(stage="withdrawn").withdrawn_reason == "Wrong cohort"


class TestWhatIsRefused:
    def test_a_value_that_cannot_be(self, school: School, harriet: Person) -> None:
        with pytest.raises(TargetRefused, match="lies outside 0 to 100"):
            proposed(harriet, school, value=101)

    def test_an_outturn_without_a_source(
        self, school: School, harriet: Person, gita: Person, bob: Person
    ) -> None:
        target = confirmed(harriet, gita, bob, school)
        with pytest.raises(TargetRefused, match="where the outturn comes from"):
            record_outturn(
                actor=bob,
                target=target,
                revision=target.revision,
                measure=MEASURE,
                reached=Reached(60, 60, " "),
                now=NOON,
            )

    @pytest.mark.parametrize(
        "broken",
        [
            {"stage": "lost"},
            {"stage": "withdrawn"},
            {"withdrawn_reason": "Said, and not done"},
            {"revision": 0},
        ],
    )
    def test_by_the_database_too(self, school: School, harriet: Person, broken: dict[str, Any]) -> None:
        target = proposed(harriet, school)
        with pytest.raises(IntegrityError), transaction.atomic():
            Target.objects.filter(pk=target.pk).update(**broken)

    @pytest.mark.parametrize(
        "broken",
        [
            {"kind": "challenge", "text": ""},
            {"kind": "decision", "decision": "with_reservation", "text": "Hm.", "concern": ""},
            {"kind": "decision", "decision": "agreed", "concern": "too_low"},
            {"kind": "decision", "decision": "not_agreed", "concern": "too_low", "text": ""},
            {"kind": "answer", "text": "So.", "decision": "agreed"},
        ],
    )
    def test_half_an_entry(self, school: School, harriet: Person, broken: dict[str, Any]) -> None:
        version = proposed(harriet, school).versions.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            TargetEntry.objects.create(version=version, revision=2, at=NOON, by=harriet, **broken)


def test_estimates_are_frozen_as_they_were_shown(school: School, harriet: Person) -> None:
    shown = replace(frozen(), versions=(3, 4), why_none="")
    target = proposed(harriet, school, frozen=shown)
    assert thaw(target.versions.get().frozen) == shown


def test_a_draft_is_one_persons_own_until_it_is_sent(school: School, harriet: Person, bob: Person) -> None:
    target = proposed(harriet, school)
    subject = services.subject_of("challenge", target)
    keep_draft(person=bob, subject=subject, revision=1, data={"text": "Why"}, now=NOON)
    keep_draft(person=bob, subject=subject, revision=1, data={"text": "Why so"}, now=NOON)
    held = draft_of(bob, subject)
    assert held is not None
    assert held.data == {"text": "Why so"}
    assert draft_of(harriet, subject) is None
    challenged(bob, target, 1, "Why so low?")
    assert not TargetDraft.objects.exists()


class TestHowAnAuthoritySetsTargets:
    @pytest.fixture
    def authority(self, db: None) -> Authority:
        return Authority.objects.create(number="826", name="Milton Keynes")

    TERMS = Terms(date(2026, 11, 27), date(2026, 12, 18), ("average", "top-twentieth"), ("ks4-attainment8",))

    def test_what_is_usual_until_something_is_agreed(self, authority: Authority) -> None:
        cycle = cycle_of(authority, YEAR)
        assert not cycle.agreed
        assert [level.code for level in cycle.levels] == ["average", "top-quarter", "top-fifth"]
        assert cycle.timetable.words.startswith("There is no statutory timetable")
        assert cycle_of(authority, "2009-10").timetable.day_of(Step.VERIFIED) == date(2008, 12, 5)

    def test_the_latest_agreement_is_in_force_and_the_earlier_is_kept(
        self, authority: Authority, alice: Person
    ) -> None:
        self.agree(authority, alice, self.TERMS)
        later = replace(self.TERMS, proposed_by=date(2026, 12, 4))
        self.agree(authority, alice, later, now=NOON + timedelta(days=1))
        cycle = cycle_of(authority, YEAR)
        assert cycle.timetable.day_of(Step.PROPOSED) == date(2026, 12, 4)
        assert [level.code for level in cycle.levels] == ["average", "top-twentieth"]
        assert cycle.timetable.words == "Milton Keynes's own days, agreed and not law."
        assert history_of("826", YEAR).count() == 2
        assert AuditEntry.objects.filter(verb="target.agree_cycle").count() == 2

    def agree(self, authority: Authority, actor: Person, terms: Terms, **more: Any) -> TargetCycle:
        given: dict[str, Any] = {"reason": "Agreed at the heads' meeting", "now": NOON, **more}
        return agree_cycle(actor=actor, authority=authority, year=YEAR, terms=terms, **given)

    def test_what_makes_no_sense_is_refused(self, authority: Authority, alice: Person) -> None:
        for terms, words, error in (
            (replace(self.TERMS, verified_by=date(2026, 11, 1)), "before the targets", TimetableRefused),
            (replace(self.TERMS, levels=("top-tenth",)), "no level of challenge", ValuesError),
            (replace(self.TERMS, measures=()), "No measure", TargetRefused),
            (replace(self.TERMS, measures=("tea",)), "no measure tea", TargetRefused),
        ):
            with pytest.raises(error, match=words):
                self.agree(authority, alice, terms)
        with pytest.raises(TargetRefused, match="needs a reason"):
            self.agree(authority, alice, self.TERMS, reason=" ")
        assert not TargetCycle.objects.exists()

    def test_only_its_own_data_officers_agree_it(
        self, authority: Authority, bob: Person, make_person: Callable[..., Person]
    ) -> None:
        for stranger in (bob, make_person("data_officer", authority="822")):
            with pytest.raises(Http404):
                self.agree(authority, stranger, self.TERMS)


def test_every_measure_has_its_own_code_and_a_known_outcome() -> None:
    from redway.web.attainment.formulas import outcomes_of

    assert len({one.code for one in MEASURES}) == len(MEASURES)
    for one in MEASURES:
        assert one.outcome in {outcome.code for outcome in outcomes_of(one.key_stage)}
