"""What is asked of those who take part in setting a target. Each form says its answers back in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from redway.attainment.target_record import Concern, Decision
from redway.core.words import day_in_words
from redway.web.attainment.targets.measures import Measure
from redway.web.design.form_fields import day, line, lines, one_of, whole

Answers = list[tuple[str, str]]
"""(what was asked, what was answered)"""

_LONGEST = 4000
NAME_NOBODY = "Name no child. Everybody who may see this target can read it."


def _value(measure: Measure, label: str) -> forms.DecimalField:
    unit = "percent of pupils" if measure.is_share else measure.unit
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=measure.most,
        decimal_places=1,
        help_text=f"In {unit}, for example {64 if measure.is_share else 47.5:g}",
        widget=forms.TextInput(
            {"inputmode": "decimal", "class": "govuk-input--width-4", "autocomplete": "off"}
        ),
        error_messages={
            "required": f"Enter the {label.lower()}",
            "invalid": f"{label} must be a number, such as 64 or 47.5",
            "min_value": f"{label} must be 0 or more",
            "max_value": f"{label} must be {measure.most:g} or less",
            "max_decimal_places": f"{label} must have one decimal place at most",
        },
    )


class StepForm(forms.Form):
    """One step of the conversation."""

    def __init__(self, measure: Measure, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.measure = measure

    def answers(self) -> Answers:
        """What was answered, to be checked before it is sent; for a form that is sound."""
        raise NotImplementedError


class ProposeForm(StepForm):
    """The school's target. Another value than the present one needs its reason."""

    reason = lines(
        "Why this target",
        f"What it rests on, beside the estimates. {NAME_NOBODY}",
        missing="Say why",
        most=_LONGEST,
    )

    def __init__(self, measure: Measure, data: Any = None, **kwargs: Any) -> None:
        super().__init__(measure, data, **kwargs)
        self.fields = {"value": _value(measure, "Target"), **self.fields}

    def answers(self) -> Answers:
        return [
            ("Target", self.measure.show(float(self.cleaned_data["value"]))),
            ("Why this target", self.cleaned_data["reason"]),
        ]


class _Several(forms.MultipleChoiceField):
    """Boxes to tick, also from a draft, which keeps one tick as a text."""

    def to_python(self, value: Any) -> list[str]:
        return super().to_python([value] if isinstance(value, str) and value else value)


class ChallengeForm(StepForm):
    """The adviser's challenge, against benchmarks that were shown with the target, if any were."""

    against: Mapping[str, str] = {}
    """Code of each benchmark -> what it is and says."""

    text = lines(
        "Challenge",
        f"What you ask the school to explain or to look at again. {NAME_NOBODY}",
        missing="Write the challenge",
        most=_LONGEST,
    )

    def __init__(self, measure: Measure, data: Any = None, **kwargs: Any) -> None:
        super().__init__(measure, data, **kwargs)
        if self.against:
            held = _Several(
                label="Which benchmarks do you hold it against?",
                help_text="As they were shown when the target was set",
                choices=list(self.against.items()),
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "Choose one benchmark at least"},
            )
            self.fields = {"benchmarks": held, **self.fields}

    @property
    def benchmarks(self) -> list[str]:
        """Codes of those that were chosen."""
        return list(self.cleaned_data.get("benchmarks", ()))

    def answers(self) -> Answers:
        held = [("Held against", "; ".join(self.against[code] for code in self.benchmarks))]
        return [*(held if self.against else []), ("Challenge", self.cleaned_data["text"])]


def challenge_form(against: Mapping[str, str]) -> type[StepForm]:
    """The form of a challenge to a target that was shown with these benchmarks."""
    return type("ChallengeForm", (ChallengeForm,), {"against": against})


class AnswerForm(StepForm):
    """The school's answer, which keeps the target as it is."""

    text = lines(
        "Answer",
        f"Why the target stays as it is. To set another, change the target instead. {NAME_NOBODY}",
        missing="Write the answer",
        most=_LONGEST,
    )

    def answers(self) -> Answers:
        return [("Answer", self.cleaned_data["text"])]


class DecideForm(StepForm):
    """What has become of the conversation."""

    decision = one_of(
        "How does it stand?",
        [(one.value, one.label) for one in Decision],
        missing="Choose how it stands",
    )
    concern = one_of(
        "Which way does your reservation point?",
        [("", "There is no reservation"), *((one.value, one.label) for one in Concern)],
        "For a reservation, or a target not agreed. The outturn will show whether it was right.",
        required=False,
    )
    text = lines(
        "In your own words",
        f"Needed for a reservation, or a target not agreed. {NAME_NOBODY}",
        required=False,
        rows=4,
        most=_LONGEST,
    )
    follow_up_on = day("Look at it again on", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decision, concern = cleaned.get("decision"), cleaned.get("concern")
        if decision == Decision.AGREED and concern:
            self.add_error("concern", "An agreement without reservation has no concern")
        if decision in (Decision.WITH_RESERVATION, Decision.NOT_AGREED):
            if not concern:
                self.add_error("concern", "Choose whether the target is too low or too high")
            if not cleaned.get("text"):
                self.add_error("text", "Say why")
        return cleaned

    def answers(self) -> Answers:
        given = self.cleaned_data
        day = given["follow_up_on"]
        return [
            ("How it stands", Decision(given["decision"]).label),
            ("Reservation", Concern(given["concern"]).label if given["concern"] else "None"),
            ("In your own words", given["text"] or "Nothing"),
            ("Look at it again on", day_in_words(day) if day else "No day set"),
        ]


class FollowUpForm(StepForm):
    """When the adviser looks at the target again."""

    follow_up_on = day("Look at it again on", "Leave empty to take the day away", required=False)

    def answers(self) -> Answers:
        day = self.cleaned_data["follow_up_on"]
        return [("Look at it again on", day_in_words(day) if day else "No day set")]


class OutturnForm(StepForm):
    """What was reached, where the results in force do not say it."""

    pupils = whole("Pupils it is of", missing="Enter how many pupils it is of", least=1, most=2000)
    source = line(
        "Where it comes from",
        "For example the school's own results of August 2027",
        missing="Say where it comes from",
        most=300,
    )
    note = lines("What you make of it", NAME_NOBODY, required=False, rows=4, most=_LONGEST)

    def __init__(self, measure: Measure, data: Any = None, **kwargs: Any) -> None:
        super().__init__(measure, data, **kwargs)
        self.fields = {"value": _value(measure, "Outturn"), **self.fields}

    def answers(self) -> Answers:
        given = self.cleaned_data
        return [
            ("Outturn", self.measure.show(float(given["value"]))),
            ("Pupils it is of", str(given["pupils"])),
            ("Where it comes from", given["source"]),
            ("What you make of it", given["note"] or "Nothing"),
        ]


class ComputedOutturnForm(StepForm):
    """A word about an outturn that the results in force give."""

    note = lines("What you make of it", NAME_NOBODY, required=False, rows=4, most=_LONGEST)

    def answers(self) -> Answers:
        return [("What you make of it", self.cleaned_data["note"] or "Nothing")]


class WithdrawForm(StepForm):
    """Why a target is taken back."""

    reason = lines(
        "Reason",
        f"Everything in the target is kept. {NAME_NOBODY}",
        missing="Enter a reason",
        rows=3,
        most=_LONGEST,
    )

    def answers(self) -> Answers:
        return [("Reason", self.cleaned_data["reason"])]
