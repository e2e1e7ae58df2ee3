"""The record of a target: proposed, challenged, answered, decided, verified, and held against its outturn.

A target is a conversation, not a number. The school proposes; the adviser challenges in words, and names the
benchmarks that the target is held against; the school answers in words; the adviser records whether it is
agreed, agreed with reservation, or not agreed; the headteacher, the chair of governors and the adviser put
their names to it; when the results are known, they stand beside it and the reservation is looked at again.
From then on nothing is challenged, decided, verified, changed or taken back: that would be hindsight.

Nothing is overwritten: a new value is a new version, and every decision and name belongs to one version. Each
step returns a new record or raises :class:`StepRefused`. Times are left to whoever stores the record; the
order of the steps is enough for the rules.

Sources: the cycle of 2008 for 2010, in which headteacher, chair of governors and school improvement partner
confirmed a target; a target lower than known progress is to be questioned (Department for Education and
Skills, letter of 14 August 2006); targets are recorded against the benchmarks used (National Strategies, note
to school improvement partners, September 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from redway.core.errors import RedwayError
from redway.core.words import listed


class StepRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A step that the record does not allow as it stands."""


class Part(StrEnum):
    """Who takes part in the conversation."""

    HEADTEACHER = "headteacher"
    CHAIR_OF_GOVERNORS = "chair_of_governors"
    ADVISER = "adviser"

    @property
    def label(self) -> str:
        return {
            Part.HEADTEACHER: "headteacher",
            Part.CHAIR_OF_GOVERNORS: "chair of governors",
            Part.ADVISER: "adviser",
        }[self]


VERIFIERS = (Part.HEADTEACHER, Part.CHAIR_OF_GOVERNORS, Part.ADVISER)


class Decision(StrEnum):
    """What the adviser records about a version."""

    AGREED = "agreed"
    WITH_RESERVATION = "with_reservation"
    NOT_AGREED = "not_agreed"

    @property
    def label(self) -> str:
        return {
            Decision.AGREED: "Agreed",
            Decision.WITH_RESERVATION: "Agreed with reservation",
            Decision.NOT_AGREED: "Not agreed",
        }[self]


class Concern(StrEnum):
    """Which way a reservation points, so that the outturn can say whether it was right."""

    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"

    @property
    def label(self) -> str:
        return {Concern.TOO_LOW: "The target is too low", Concern.TOO_HIGH: "The target is too high"}[self]


class Stage(StrEnum):
    """Where the conversation about the present version is."""

    PROPOSED = "proposed"
    CHALLENGED = "challenged"
    ANSWERED = "answered"
    DECIDED = "decided"
    NOT_AGREED = "not_agreed"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    """The outturn is known, and three names never stood under it."""
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """What the target is worth to others."""

    IN_TALKS = "in talks"
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    NOT_AGREED = "not agreed"
    LAPSED = "never confirmed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Version:
    """One value of the target. ``below_average`` is None where no estimate is held to compare it with."""

    value: float
    below_average: bool | None
    reason: str = ""
    benchmarks: tuple[str, ...] = ()
    """Codes of what it can be held against: estimates at levels of challenge, earlier outturns."""


@dataclass(frozen=True)
class Remark:
    """A challenge or its answer. ``version`` counts from 1."""

    version: int
    text: str
    benchmarks: tuple[str, ...] = ()
    """Codes of what a challenge holds the target against."""


@dataclass(frozen=True)
class Decided:
    """The adviser's decision about a version."""

    version: int
    decision: Decision
    text: str = ""
    concern: Concern | None = None


@dataclass(frozen=True)
class Verification:
    """A name under a version. ``person`` is whatever tells people apart."""

    version: int
    part: Part
    person: int


@dataclass(frozen=True)
class Outturn:
    """What the cohort reached, in the unit of the target. A later one corrects an earlier one."""

    value: float


@dataclass(frozen=True)
class TargetRecord:
    """The whole record. Make it with :func:`propose`."""

    versions: tuple[Version, ...]
    challenges: tuple[Remark, ...] = ()
    answers: tuple[Remark, ...] = ()
    decisions: tuple[Decided, ...] = ()
    verifications: tuple[Verification, ...] = ()
    outturns: tuple[Outturn, ...] = ()
    withdrawn: str = ""
    """Why it was withdrawn; empty while it is not."""

    # --- how it stands ---

    @property
    def number(self) -> int:
        """Number of the present version, from 1."""
        return len(self.versions)

    @property
    def current(self) -> Version:
        return self.versions[-1]

    @property
    def decided(self) -> Decided | None:
        """The decision about the present version."""
        return next((one for one in reversed(self.decisions) if one.version == self.number), None)

    @property
    def verified_by(self) -> tuple[Part, ...]:
        """Whose names stand under the present version."""
        held = {one.part for one in self.verifications if one.version == self.number}
        return tuple(part for part in VERIFIERS if part in held)

    @property
    def names_missing(self) -> tuple[Part, ...]:
        return tuple(part for part in VERIFIERS if part not in self.verified_by)

    @property
    def stage(self) -> Stage:
        """Where the conversation is."""
        if self.withdrawn:
            return Stage.WITHDRAWN
        decided = self.decided
        if decided is not None and decided.decision is Decision.NOT_AGREED:
            return Stage.NOT_AGREED
        if decided is not None and not self.names_missing:
            return Stage.CONFIRMED
        if self.outturns:
            return Stage.LAPSED
        if decided is not None:
            return Stage.DECIDED
        challenges, answers = self._remarks(self.challenges), self._remarks(self.answers)
        if challenges > answers:
            return Stage.CHALLENGED
        return Stage.ANSWERED if answers else Stage.PROPOSED

    @property
    def standing(self) -> Standing:
        """Confirmed with three names under the present value; provisional while any name was ever given."""
        match self.stage:
            case Stage.WITHDRAWN:
                return Standing.WITHDRAWN
            case Stage.CONFIRMED:
                return Standing.CONFIRMED
            case Stage.NOT_AGREED:
                return Standing.NOT_AGREED
            case Stage.LAPSED:
                return Standing.LAPSED
        return Standing.PROVISIONAL if self.verifications else Standing.IN_TALKS

    @property
    def waits_for(self) -> tuple[Part, ...]:
        """Who has to do the next thing; nobody once it is confirmed or withdrawn, or the outturn is known."""
        if self.outturns:
            return ()
        match self.stage:
            case Stage.PROPOSED | Stage.ANSWERED:
                return (Part.ADVISER,)
            case Stage.CHALLENGED | Stage.NOT_AGREED:
                return (Part.HEADTEACHER,)
            case Stage.DECIDED:
                return self.names_missing
        return ()

    @property
    def is_doubted(self) -> bool:
        """Whether the adviser agreed to the present value with reservation, or did not agree to it."""
        return self.decided is not None and self.decided.concern is not None

    @property
    def met(self) -> bool | None:
        """Whether the outturn is the target or above it, to one decimal place; None while it is not known."""
        if not self.outturns:
            return None
        return round(self.outturns[-1].value - self.current.value, 1) >= 0

    @property
    def needs_conversation(self) -> bool:
        """Whether challenge and answer in words must come before any agreement: a target below the average
        estimate, or one with no estimate to hold it against."""
        return self.current.below_average is not False

    @property
    def has_conversation(self) -> bool:
        """Whether the present version has been challenged and answered."""
        return 0 < self._remarks(self.challenges) <= self._remarks(self.answers)

    def _remarks(self, remarks: Sequence[Remark]) -> int:
        return sum(one.version == self.number for one in remarks)

    # --- steps ---

    def revise(self, version: Version) -> TargetRecord:
        """The school sets another value and says why. Earlier ones stay; decision and names are due anew."""
        self._refuse_withdrawn()
        self._refuse_hindsight("changed")
        if version.value == self.current.value:
            raise StepRefused("This is the value the target has already.", "Enter another value.")
        _require_text(version.reason, "Say why the target is changed.")
        return replace(self, versions=(*self.versions, version))

    def challenge(self, text: str, benchmarks: Sequence[str] = ()) -> TargetRecord:
        """The adviser challenges the present value against benchmarks of their choice.

        Where the version can be held against any, at least one is named.
        """
        self._refuse_unless(Stage.PROPOSED, Stage.ANSWERED, doing="challenged")
        _require_text(text, "Write the challenge.")
        held = self.current.benchmarks
        if held and not benchmarks:
            raise StepRefused(
                "It is not said which benchmark the target is held against.", "Choose one at least."
            )
        if set(benchmarks) - set(held):
            raise StepRefused(
                "The target is held against a benchmark that was not shown with it.",
                "Choose among those that are shown.",
            )
        against = tuple(one for one in held if one in benchmarks)
        return replace(self, challenges=(*self.challenges, Remark(self.number, text, against)))

    def answer(self, text: str) -> TargetRecord:
        """The school answers the challenge and keeps its value; another value is :meth:`revise`."""
        self._refuse_unless(Stage.CHALLENGED, doing="answered")
        _require_text(text, "Write the answer.")
        return replace(self, answers=(*self.answers, Remark(self.number, text)))

    def decide(self, decision: Decision, text: str = "", concern: Concern | None = None) -> TargetRecord:
        """The adviser records how it stands; what was not agreed may be agreed later."""
        self._refuse_unless(Stage.PROPOSED, Stage.ANSWERED, Stage.NOT_AGREED, doing="decided")
        if decision is not Decision.NOT_AGREED:
            self._refuse_without_conversation("agreed")
        if decision is Decision.AGREED and concern is not None:
            raise StepRefused(
                "An agreement without reservation has no concern.", "Choose 'Agreed with reservation'."
            )
        if decision is not Decision.AGREED:
            _require_text(text, f"Say why it is {decision.label.lower()}.")
            if concern is None:
                raise StepRefused(
                    "It is not said which way the reservation points.",
                    "Choose whether the target is too low or too high.",
                )
        return replace(self, decisions=(*self.decisions, Decided(self.number, decision, text, concern)))

    def verify(self, part: Part, person: int) -> TargetRecord:
        """One of the three puts their name to the agreed value: each part once, each person once."""
        self._refuse_unless(Stage.DECIDED, doing="verified")
        self._refuse_without_conversation("verified")
        here = [one for one in self.verifications if one.version == self.number]
        if part in {one.part for one in here}:
            raise StepRefused(
                f"The {part.label} has verified this value already.", "Nothing more is needed from them."
            )
        if person in {one.person for one in here}:
            raise StepRefused(
                "You have put your name to this value already, in another role.",
                "Three people verify a target: ask somebody else.",
            )
        return replace(self, verifications=(*self.verifications, Verification(self.number, part, person)))

    def record_outturn(self, outturn: Outturn) -> TargetRecord:
        """Put what was reached beside the target; again, to correct it."""
        self._refuse_withdrawn()
        return replace(self, outturns=(*self.outturns, outturn))

    def withdraw(self, reason: str) -> TargetRecord:
        """Take the target back, saying why. Everything in it is kept."""
        self._refuse_withdrawn()
        self._refuse_hindsight("taken back")
        _require_text(reason, "Say why the target is withdrawn.")
        return replace(self, withdrawn=reason)

    # --- looking back ---

    def reservation_was(self, chance_alone: float | None) -> Verdict:
        """Was the reservation right? ``chance_alone``: how far an outturn may lie from the target by chance.

        That is half the width of the 95% range of the estimate; None where no range is held.
        """
        concern = self.decided.concern if self.decided else None
        return Verdict.NO_RESERVATION if concern is None else self.concern_was(concern, chance_alone)

    def concern_was(self, concern: Concern, chance_alone: float | None) -> Verdict:
        """Was a concern about the present value right? ``chance_alone`` as above."""
        if not self.outturns:
            return Verdict.NOT_YET
        difference = self.outturns[-1].value - self.current.value
        if chance_alone is None or abs(difference) <= chance_alone:
            return Verdict.CANNOT_TELL
        exceeded = difference > 0
        return Verdict.RIGHT if exceeded is (concern is Concern.TOO_LOW) else Verdict.WRONG

    # --- refusals ---

    def _refuse_withdrawn(self) -> None:
        if self.withdrawn:
            raise StepRefused("This target has been withdrawn.", "Propose a new one.")

    def _refuse_hindsight(self, doing: str) -> None:
        if self.outturns:
            raise StepRefused(
                f"The outturn is known: the target cannot be {doing} any more.",
                "Correct the outturn if it is wrong.",
            )

    def _refuse_unless(self, *stages: Stage, doing: str) -> None:
        self._refuse_withdrawn()
        self._refuse_hindsight(doing)
        if self.stage not in stages:
            raise StepRefused(
                f"The target cannot be {doing} now: {STAGE_WORDS[self.stage]}.",
                "Look at the conversation again; somebody may have gone on with it.",
            )

    def _refuse_without_conversation(self, doing: str) -> None:
        if self.needs_conversation and not self.has_conversation:
            why = (
                "It is below the estimate for average progress"
                if self.current.below_average
                else "There is no estimate to hold it against"
            )
            raise StepRefused(
                f"{why}, so it cannot be {doing} before it has been challenged and the school has answered.",
                "Write a challenge first.",
            )


class Verdict(StrEnum):
    """Whether a reservation was right, in words."""

    NO_RESERVATION = "There was no reservation."
    NOT_YET = "The outturn is not known yet."
    RIGHT = (
        "The reservation was right: the outturn lies on the side it pointed to, by more than chance explains."
    )
    WRONG = "The reservation was not right: the outturn lies on the other side, by more than chance."
    CANNOT_TELL = "It cannot be told: chance alone could part the outturn this far from the target."


STAGE_WORDS = {
    Stage.PROPOSED: "it waits for the adviser to challenge it or to record what is agreed",
    Stage.CHALLENGED: "it waits for the school's answer",
    Stage.ANSWERED: "it waits for the adviser to record what is agreed, or to ask again",
    Stage.DECIDED: "it waits for its verifiers",
    Stage.NOT_AGREED: "it was not agreed, and the school may set another value",
    Stage.CONFIRMED: "it is confirmed by all three verifiers",
    Stage.LAPSED: "its outturn is known, and it was never confirmed by all three verifiers",
    Stage.WITHDRAWN: "it has been withdrawn",
}
"""Where a target is, as it follows a colon."""


def propose(version: Version) -> TargetRecord:
    """The school proposes a target."""
    return TargetRecord((version,))


def waiting_in_words(record: TargetRecord) -> str:
    """'Waits for the chair of governors and the adviser to verify it', or how it ended."""
    match record.stage:
        case Stage.DECIDED:
            return f"Waits for the {listed(part.label for part in record.names_missing)} to verify it"
        case Stage.PROPOSED | Stage.CHALLENGED | Stage.ANSWERED:
            return STAGE_WORDS[record.stage].removeprefix("it ").capitalize()
        case Stage.NOT_AGREED:
            return "Not agreed" if record.outturns else "Not agreed; the school may set another value"
        case Stage.CONFIRMED:
            return "Confirmed by all three verifiers"
        case Stage.LAPSED:
            return "Never confirmed by all three verifiers before the outturn was known"
    return "Withdrawn"


def may_be_published(record: TargetRecord, pupils: int, largest_small_cohort: int) -> bool:
    """Whether the target may stand in a list that leaves the authority: not for a cohort so small."""
    return record.stage is not Stage.WITHDRAWN and pupils > largest_small_cohort


def _require_text(text: str, next_step: str) -> None:
    if not text.strip():
        raise StepRefused("Nothing is written.", next_step)
