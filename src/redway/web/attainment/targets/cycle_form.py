"""What is asked of a data officer who sets down how targets are set in a year."""

from __future__ import annotations

from typing import Any

from django import forms

from redway.attainment.target_levels import AVERAGE, levels_known
from redway.attainment.target_timetable import Step
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.targets.cycles import Cycle, Terms
from redway.web.attainment.targets.measures import MEASURES, last_day
from redway.web.design.form_fields import lines
from redway.web.design.forms import DateBoxesField


class CycleForm(forms.Form):
    """Days, levels of challenge, measures."""

    proposed_by = DateBoxesField(label="Schools propose by", required=False)
    verified_by = DateBoxesField(label="All three have verified by", required=False)
    levels = forms.MultipleChoiceField(
        label="Levels of challenge to show",
        help_text="Beside average progress, which is always shown",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    measures = forms.MultipleChoiceField(
        label="Measures asked for",
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.code, f"{KEY_STAGES[one.key_stage]}: {one.short}") for one in MEASURES],
        error_messages={"required": "Choose at least one measure"},
    )
    reason = lines(
        "Reason",
        "Why, or where it was agreed. Name no child and no member of staff.",
        missing="Enter a reason",
        most=300,
        rows=3,
    )

    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "proposed_by": cycle.timetable.day_of(Step.PROPOSED),
                "verified_by": cycle.timetable.day_of(Step.VERIFIED),
                "levels": [level.code for level in cycle.levels],
                "measures": [one.code for one in cycle.measures],
            },
        )
        levels = self.fields["levels"]
        assert isinstance(levels, forms.MultipleChoiceField)
        levels.choices = [
            (level.code, level.label) for level in levels_known(last_day(cycle.year)) if level.code != AVERAGE
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("proposed_by"), cleaned.get("verified_by")
        if first and last and last < first:
            self.add_error("verified_by", "All three cannot have verified before schools propose")
        return cleaned

    @property
    def terms(self) -> Terms:
        """What was asked for, once the form is sound."""
        given = self.cleaned_data
        return Terms(
            given["proposed_by"], given["verified_by"], (AVERAGE, *given["levels"]), tuple(given["measures"])
        )
