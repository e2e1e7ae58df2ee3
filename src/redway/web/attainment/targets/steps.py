"""The steps of the conversation as pages take them: which form, who may, when, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils import timezone

from redway.attainment.target_record import (
    STAGE_WORDS,
    Concern,
    Decision,
    Stage,
    TargetRecord,
)
from redway.web.attainment.models import Target
from redway.web.attainment.targets import forms, services
from redway.web.attainment.targets.access import Place
from redway.web.attainment.targets.cycles import cycle_of
from redway.web.attainment.targets.estimating import outturn_in_force, sources_of
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.measures import summer_of
from redway.web.attainment.targets.sentences import benchmark_words
from redway.web.attainment.targets.showing import current_frozen, freeze_now
from redway.web.datasets.naming import versions_in_words
from redway.web.people.models import Person

LIVE = frozenset(Stage) - {Stage.WITHDRAWN}


@dataclass(frozen=True)
class Sending:
    """What a person sends: the form is sound, ``revision`` is what they had before their eyes."""

    person: Person
    place: Place
    revision: int
    form: forms.StepForm
    now: datetime

    @property
    def target(self) -> Target:
        return cast(Target, self.place.target)


@dataclass(frozen=True)
class Step:
    """One step. ``stages`` are those in which it may be taken; ``new`` whether without a target as well."""

    slug: str
    verb: str
    """Verb of its audit entry without 'target.', under which a draft is kept too."""
    action: str
    title: str
    button: str
    done: str
    stages: frozenset[Stage]
    form: Callable[[Place], type[forms.StepForm]]
    send: Callable[[Sending], object]
    new: bool = False
    warning: bool = False
    before_outturn: bool = True
    """Whether it can be taken only while the outturn is not known."""

    @property
    def page(self) -> str:
        """Name of the address of its form."""
        return f"target_{self.slug.replace('-', '_')}"

    def subject(self, place: Place) -> str:
        """What a draft of it is about."""
        if self.new or place.target is None:
            return services.new_subject(place.school.key, place.measure.code, place.year)
        return services.subject_of(self.verb, place.target)

    def refusal(self, record: TargetRecord | None) -> str:
        """Why it cannot be taken now; empty when it can."""
        if record is None:
            return "" if self.new else "Nothing has been proposed yet."
        if record.stage not in self.stages:
            return f"This cannot be done now: {STAGE_WORDS[record.stage]}."
        if record.outturns and self.before_outturn:
            return "The outturn is known; it can be corrected, and nothing else."
        return ""


def _propose(sent: Sending) -> None:
    place, given = sent.place, sent.form.cleaned_data
    value = float(given["value"])
    sources = sources_of(place.school.authority, place.measure.key_stage)
    cycle = cycle_of(place.authority, place.year)
    frozen = freeze_now(place, cycle, sources, timezone.localdate(sent.now), value)
    if place.target is None:
        services.propose_target(
            actor=sent.person,
            school=place.school,
            measure=place.measure,
            year=place.year,
            value=value,
            reason=given["reason"],
            frozen=frozen,
            now=sent.now,
        )
    else:
        services.revise_target(
            actor=sent.person,
            target=place.target,
            revision=sent.revision,
            measure=place.measure,
            value=value,
            reason=given["reason"],
            frozen=frozen,
            now=sent.now,
        )


def _challenge(sent: Sending) -> None:
    services.challenge_target(
        actor=sent.person,
        target=sent.target,
        revision=sent.revision,
        text=sent.form.cleaned_data["text"],
        now=sent.now,
        benchmarks=cast(forms.ChallengeForm, sent.form).benchmarks,
    )


def _answer(sent: Sending) -> None:
    services.answer_target(
        actor=sent.person,
        target=sent.target,
        revision=sent.revision,
        text=sent.form.cleaned_data["text"],
        now=sent.now,
    )


def _decide(sent: Sending) -> None:
    given = sent.form.cleaned_data
    ruling = services.Ruling(
        Decision(given["decision"]),
        given["text"],
        Concern(given["concern"]) if given["concern"] else None,
        given["follow_up_on"],
    )
    services.decide_target(
        actor=sent.person, target=sent.target, revision=sent.revision, ruling=ruling, now=sent.now
    )


def _follow_up(sent: Sending) -> None:
    services.plan_follow_up(
        actor=sent.person,
        target=sent.target,
        revision=sent.revision,
        day=sent.form.cleaned_data["follow_up_on"],
    )


def _withdraw(sent: Sending) -> None:
    services.withdraw_target(
        actor=sent.person,
        target=sent.target,
        revision=sent.revision,
        reason=sent.form.cleaned_data["reason"],
        now=sent.now,
    )


def _record_outturn(sent: Sending) -> None:
    given = sent.form.cleaned_data
    held = computed_outturn(sent.place)
    if held is not None:
        reached = services.Reached(
            held.value, held.pupils, held.source, versions=held.versions, note=given["note"]
        )
    else:
        reached = services.Reached(
            float(given["value"]), given["pupils"], given["source"], note=given["note"]
        )
    services.record_outturn(
        actor=sent.person,
        target=sent.target,
        revision=sent.revision,
        measure=sent.place.measure,
        reached=reached,
        now=sent.now,
    )


def computed_outturn(place: Place) -> services.Reached | None:
    """The outturn that the results in force give, with its source; None where they give none."""
    results = sources_of(place.school.authority, place.measure.key_stage).results
    found = outturn_in_force(results, place.school.key, place.measure, place.year)
    if found is None:
        return None
    of_year = [one.id for one in results.versions if place.year in (one.periods or (one.period,))]
    numbers = tuple(of_year or results.numbers)
    return services.Reached(*found, source="; ".join(versions_in_words(numbers))[:500], versions=numbers)


def outturn_form(place: Place) -> type[forms.StepForm]:
    """Only a word where the results in force say it; else the outturn itself."""
    return forms.ComputedOutturnForm if computed_outturn(place) is not None else forms.OutturnForm


def challenge_form(place: Place) -> type[forms.StepForm]:
    """The challenge, with the benchmarks that were shown with the present value."""
    return forms.challenge_form(benchmark_words(place.measure, thaw(current_frozen(place))))


PROPOSE = Step(
    "propose",
    "revise",
    "target.propose",
    "Set the target",
    "Send the target",
    "The target is sent to the adviser.",
    LIVE,
    lambda place: forms.ProposeForm,
    _propose,
    new=True,
)
ANSWER = Step(
    "answer",
    "answer",
    "target.propose",
    "Answer the challenge",
    "Send the answer",
    "The answer is sent to the adviser.",
    frozenset({Stage.CHALLENGED}),
    lambda place: forms.AnswerForm,
    _answer,
)
WITHDRAW = Step(
    "withdraw",
    "withdraw",
    "target.propose",
    "Withdraw the target",
    "Withdraw the target",
    "The target is withdrawn. Everything in it is kept.",
    LIVE,
    lambda place: forms.WithdrawForm,
    _withdraw,
    warning=True,
)
CHALLENGE = Step(
    "challenge",
    "challenge",
    "target.challenge",
    "Challenge the target",
    "Send the challenge",
    "The challenge is sent to the school.",
    frozenset({Stage.PROPOSED, Stage.ANSWERED}),
    challenge_form,
    _challenge,
)
DECIDE = Step(
    "decide",
    "decide",
    "target.challenge",
    "Record what is agreed",
    "Record it",
    "What is agreed is recorded.",
    frozenset({Stage.PROPOSED, Stage.ANSWERED, Stage.NOT_AGREED}),
    lambda place: forms.DecideForm,
    _decide,
)
FOLLOW_UP = Step(
    "follow-up",
    "plan_follow_up",
    "target.challenge",
    "Plan a follow-up",
    "Set the day",
    "The day of the follow-up is set.",
    frozenset({Stage.DECIDED, Stage.CONFIRMED, Stage.NOT_AGREED}),
    lambda place: forms.FollowUpForm,
    _follow_up,
)
OUTTURN = Step(
    "outturn",
    "record_outturn",
    "target.challenge",
    "Record the outturn",
    "Record the outturn",
    "The outturn is recorded.",
    frozenset({Stage.DECIDED, Stage.CONFIRMED, Stage.NOT_AGREED, Stage.LAPSED}),
    outturn_form,
    _record_outturn,
    before_outturn=False,
)
STEPS = (PROPOSE, CHALLENGE, ANSWER, DECIDE, FOLLOW_UP, OUTTURN, WITHDRAW)


def heading_of(step: Step, place: Place) -> str:
    """The heading of a step's pages: proposing another value says so."""
    if step is PROPOSE:
        return "Change the target" if place.target else f"Propose a target for {summer_of(place.year)}"
    if step is OUTTURN and place.target and place.target.outturns.all():
        return "Correct the outturn"
    return step.title
