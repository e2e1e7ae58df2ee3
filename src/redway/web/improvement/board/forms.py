"""What is asked of those who keep the plan, own its actions and run the board."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms

from redway.improvement.action_plan import (
    Confidence,
    EvidenceKind,
    Polarity,
    SuccessMeasure,
    places_of,
)
from redway.improvement.board_errors import MeasureRefused
from redway.improvement.rating import Colour, Proposed, RatingRules
from redway.web.design.form_fields import day, from_list, line, lines, number, one_of
from redway.web.design.uploaded_table import TableField
from redway.web.improvement.board.action_services import Doing, Shows
from redway.web.improvement.board.models import Action, Measure, Objective
from redway.web.improvement.board.objective_services import Aim, Course, Danger, Value
from redway.web.people.models import Person

_SCALE = [(str(one), str(one)) for one in range(1, 6)]

_text = partial(lines, most=10_000, rows=4)
_figure = partial(number, places=4, such_as="8.6")


def _restricted() -> forms.BooleanField:
    return forms.BooleanField(
        label="Restricted", help_text="Left out of the public version of the pack", required=False
    )


class AimForm(forms.Form):
    """An objective."""

    title = line("Objective", "What is to be achieved, in a few words")
    outcome = _text("Outcome", "What will be different for children")
    came_from = line("What it follows from", "A review and its recommendation, for example", required=False)
    restricted = _restricted()

    @property
    def aim(self) -> Aim:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Aim(held["title"], held["outcome"], held["came_from"], restricted=held["restricted"])


class MeasureForm(forms.Form):
    """A success measure."""

    name = line("Measure", "What is counted")
    unit = line("Unit", "percent, or the words after the number, such as schools", required=False, most=40)
    polarity = one_of("Direction", [(one.value, one.label) for one in Polarity])
    baseline = _figure("Baseline", "The value at the start")
    baseline_on = day("Day of the baseline")
    target = _figure("Target", "The value to be reached")
    target_on = day("Day of the target")
    source = line("Source", "Where it comes from")
    indicator = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, fed: bool = False, **kwargs: Any) -> None:
        """``fed`` says that an indicator feeds it: the unit is the indicator's then."""
        super().__init__(data, **kwargs)
        if fed:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        needed = ("name", "polarity", "baseline", "baseline_on", "target", "target_on", "source")
        if all(held.get(name) is not None for name in needed):
            unit = held.get("unit", "")
            try:
                held["measure"] = SuccessMeasure(
                    held["name"],
                    "percent" if unit in ("%", "percent") else unit,
                    Polarity(held["polarity"]),
                    held["baseline"],
                    held["baseline_on"],
                    held["target"],
                    held["target_on"],
                    held["source"],
                    held.get("indicator", ""),
                    places_of(held["baseline"], held["target"]),
                )
            except MeasureRefused as error:
                self.add_error(error.field, f"{error.message} {error.next_step}")
        return held


class MeasureWordsForm(forms.Form):
    """What a measure in use is called, and where it comes from."""

    name = line("Measure", "What is counted, in other words; count something else in a measure of its own")
    source = line("Source", "Where it comes from")


class RebaselineForm(forms.Form):
    """Another baseline or target, and why."""

    baseline = _figure("New baseline", "The value at the new start; leave it as it is to change the target")
    baseline_on = day("Day of the new baseline")
    target = _figure("New target", "The value to be reached")
    target_on = day("Day of the new target")
    reason = _text("Reason", "It stays beside the old baseline and target for everybody to see")

    @property
    def course(self) -> Course:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Course(held["baseline"], held["baseline_on"], held["target"], held["target_on"])


class ReadingForm(forms.Form):
    """A value entered by hand."""

    period = line("Period", "What it is about, such as autumn term 2026", most=40)
    on = day("Last day of the period")
    value = _figure("Value")
    source = line("Source", "Where it comes from")

    @property
    def given(self) -> Value:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Value(held["period"], held["on"], held["value"], held["source"])


class RiskForm(forms.Form):
    """A risk."""

    title = line("Risk", "What may happen. Name no person.")
    likelihood = from_list("Likelihood", _SCALE, "1 hardly, 5 almost surely")
    impact = from_list("Impact", _SCALE, "1 hardly felt, 5 the objective fails")
    mitigation = _text("What is done about it", missing="Say what is done about it")
    restricted = _restricted()

    @property
    def danger(self) -> Danger:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Danger(
            held["title"],
            int(held["likelihood"]),
            int(held["impact"]),
            held["mitigation"],
            held["restricted"],
        )


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = _text("Reason")


class ActionForm(forms.Form):
    """An action. What is left empty keeps it from being approved."""

    title = line("Action", "What is to be done", most=300)
    due_on = day("Due date", required=False)

    def __init__(
        self, people: Sequence[Person], measures: Sequence[Measure], data: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.measures = {str(one.pk): one for one in measures}
        named = [(key, one.full_name) for key, one in self.people.items()]
        for name, label, about in (
            ("owner", "Owner", "The one who does it and rates it"),
            ("sponsor", "Sponsor", "The one who answers for it and hears when it is late"),
        ):
            self.fields[name] = from_list(label, named, about, required=False, nothing="Nobody yet")
        self.fields["measure"] = from_list(
            "Success measure",
            [(key, one.name) for key, one in self.measures.items()],
            "The measure of the objective that it should move",
            required=False,
            nothing="None yet",
        )
        self.order_fields(["title", "owner", "sponsor", "measure", "due_on"])

    @property
    def doing(self) -> Doing:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Doing(
            held["title"],
            self.people.get(held["owner"]),
            self.people.get(held["sponsor"]),
            self.measures.get(held["measure"]),
            held["due_on"],
        )


class MoveForm(forms.Form):
    """Another day, and why."""

    due_on = day("New due date")
    reason = _text("Reason", "It stays beside the first date for everybody to see")


class AgreeForm(forms.Form):
    """Whether a complete action is opened again."""

    agreed = one_of(
        "Is it open again?",
        [("yes", "Yes: open it again"), ("no", "No: it is complete")],
        missing="Choose whether it is open again",
    )
    answer = _text("Why", missing="Say why it is open again, or why it is complete")


class OnForm(forms.Form):
    """The day something was reached."""

    on = day("Day")


class MilestoneForm(forms.Form):
    """A step."""

    title = line("Milestone", "What is reached")
    due_on = day("Due date")


class EvidenceForm(forms.Form):
    """Evidence."""

    kind = one_of("Kind of evidence", [(one.value, one.label) for one in EvidenceKind])
    title = line("Evidence", "What it is. Name no child.")
    where = line("Where it is kept", "A file reference or address, for somebody to look at it", most=300)
    dated = day("Day it is of")
    restricted = _restricted()

    @property
    def shows(self) -> Shows:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Shows(
            EvidenceKind(held["kind"]), held["title"], held["where"], held["dated"], held["restricted"]
        )


class JudgeForm(forms.Form):
    """Accept evidence, or turn it down."""

    accepted = one_of(
        "Does it show what it says?",
        [("yes", "Accept it"), ("no", "Turn it down")],
        missing="Choose whether you accept it",
    )
    judgement = _text(
        "What you looked at, or what is lacking", missing="Say what you looked at, or what is lacking"
    )


class RatingForm(forms.Form):
    """The owner's view of an action."""

    reason = _text("Why it is that colour", "Name no child", missing="Say why it is that colour")
    rationale = _text(
        "What changed since Red",
        "Only needed when it was Red at the last meeting and you say Green or Blue",
        required=False,
    )

    def __init__(self, rules: RatingRules, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["colour"] = one_of(
            "Colour",
            [(one.value, f"{one.value}: {rules.meanings[one].lower()}") for one in reversed(Colour)],
        )
        self.fields["confidence"] = one_of(
            "Confidence in delivery",
            [(one.value, one.value.capitalize()) for one in Confidence],
            "How sure you are that it will be done by its due date. Whether it helps children is what the "
            "measure says.",
        )
        self.order_fields(["colour", "confidence", "reason", "rationale"])

    @property
    def given(self) -> Proposed:
        """What was written; for a form that is sound."""
        held = self.cleaned_data
        return Proposed(Colour(held["colour"]), held["reason"], held["rationale"])


class NeedsForm(forms.Form):
    """An action that has to come first."""

    def __init__(self, others: Sequence[Action], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.others = {str(one.pk): one for one in others}
        self.fields["other"] = from_list(
            "Action that has to come first",
            [(key, f"{one.objective.number}.{one.number} {one.title}") for key, one in self.others.items()],
        )


class MeetingForm(forms.Form):
    """Where and when the board meets."""

    held_on = day("Day of the meeting")
    place = line("Place", required=False)


class ItemForm(forms.Form):
    """A point of the agenda."""

    title = line("Item")
    restricted = _restricted()


class DecisionForm(forms.Form):
    """What the board decided."""

    text = _text("Decision in words", missing="Write what was decided")
    restricted = _restricted()

    def __init__(self, objectives: Sequence[Objective], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.objectives = {str(one.pk): one for one in objectives}
        self.fields["objective"] = from_list(
            "Objective",
            [(key, f"{one.number}. {one.title}") for key, one in self.objectives.items()],
            required=False,
            nothing="The whole plan",
        )
        self.order_fields(["objective", "text", "restricted"])


class TaskForm(forms.Form):
    """What the board asked somebody to do."""

    text = _text("What is to be done", missing="Say what is to be done")
    due_on = day("Day it is due")
    restricted = _restricted()

    def __init__(self, people: Sequence[Person], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self.fields["owner"] = from_list("Owner", [(key, one.full_name) for key, one in self.people.items()])
        self.order_fields(["text", "owner", "due_on", "restricted"])


class DoneForm(forms.Form):
    """What came of a task."""

    done_on = day("Day it was done")
    outcome = _text("What came of it", missing="Say what came of it")


class MinutesForm(forms.Form):
    """What was said."""

    minutes = _text("Minutes", "Leave an empty line between paragraphs. Name no child.", rows=12)


class ImportForm(forms.Form):
    """A plan as a table."""

    table = TableField("Plan", "CSV or Excel (.xlsx), a row for each action")
