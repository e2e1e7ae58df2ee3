"""What is asked of those who carry out reviews, write the strategy, and judge their own school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from redway.improvement.readiness import InspectionFramework
from redway.improvement.reviews import RATINGS
from redway.web.design.form_fields import (
    Choices,
    day,
    from_list,
    line,
    lines,
    one_of,
    some_of,
)
from redway.web.improvement.listed import ListedSchools
from redway.web.improvement.reviews.models import LONG, SHORT, Kind
from redway.web.improvement.reviews.review_changes import Seen
from redway.web.improvement.reviews.strategy_changes import Written
from redway.web.improvement.support.forms import NO_NAMES

BETWEEN = ":"
"""What stands between a category of schools and what they get, on a line of the strategy."""


class BeginForm(forms.Form):
    """A review to begin."""

    title = line("Title", most=160)
    why = lines("Reason", NO_NAMES, required=False, rows=3, most=1000)
    starts_on = day("First day")

    def __init__(self, offered: ListedSchools, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"] = from_list(
            "School",
            offered.by_key,
            offered.left_out,
            required=False,
            nothing="None: it is of the authority's own work",
        )
        self.order_fields(("title", "school", "why", "starts_on"))


class FocusForm(forms.Form):
    """A key focus."""

    title = line("Title", most=160)
    question = line("Question", "What the review is to find out", required=False, most=SHORT)


class RatingForm(forms.Form):
    """The rating of a focus."""

    rating = one_of("Rating", [(one, one) for one in RATINGS])
    reason = lines("Reason", "Why it is rated so", rows=3, most=1000)


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    kind = one_of("Where it comes from", Kind.choices)
    title = line("What it is", NO_NAMES, most=SHORT)
    seen_on = day("Day it was seen or refers to")
    source = line("Source", "Where it can be found again", most=SHORT)
    says = lines("What it shows", required=False, rows=3, most=LONG)

    def seen(self) -> Seen:
        """What was written."""
        return Seen(**{name: self.cleaned_data[name] for name in Seen.__dataclass_fields__})


class FindingForm(forms.Form):
    """A finding."""

    says = lines("Finding", "An answer to the focus, in a sentence or two", rows=3, most=1000)

    def __init__(self, foci: Choices, evidence: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["focus"] = one_of("Key focus it answers", foci)
        self.fields["evidence"] = some_of(
            "Evidence it stands on", evidence, missing="Choose the evidence it stands on; add it first"
        )
        self.order_fields(("focus", "says", "evidence"))


class RecommendationForm(forms.Form):
    """A recommendation."""

    title = line("Title", most=160)
    says = lines("What should be done", required=False, rows=3, most=1000)

    def __init__(self, findings: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"] = some_of(
            "Findings it follows from", findings, missing="Choose the findings it follows from"
        )


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = line("Reason", most=SHORT)


class StrategyForm(forms.Form):
    """The next version of the strategy."""

    starts_on = day("First day on which it holds")
    aim = lines("Aim", rows=3, most=1000)
    priorities = lines("Priorities", "Each on a line of its own, in order", rows=6, most=LONG)
    gets = lines(
        "What schools get",
        f"A line for each category, with '{BETWEEN}' after its name, as in 'Category 1: three visits'",
        rows=6,
        most=LONG,
    )

    def clean_gets(self) -> list[tuple[str, str]]:
        """The lines as pairs; the one that has no category is named."""
        pairs = []
        for number, text in enumerate(_lines(self.cleaned_data["gets"]), 1):
            category, found, what = text.partition(BETWEEN)
            if not (found and category.strip() and what.strip()):
                raise forms.ValidationError(
                    f"Line {number} of what schools get must be a category, '{BETWEEN}' and what they get"
                )
            pairs.append((category.strip(), what.strip()))
        return pairs

    def written(self) -> Written:
        """What was written."""
        given = self.cleaned_data
        return Written(given["starts_on"], given["aim"], _lines(given["priorities"]), given["gets"])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class JudgementForm(forms.Form):
    """A school's own judgement in one area."""

    says = lines("What you find, and what you will do", NO_NAMES, rows=6, most=LONG)

    def __init__(self, framework: InspectionFramework, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"] = one_of(
            "Grade you give yourself",
            [(one, one) for one in framework.grades],
            "Yours alone: it predicts nothing",
        )
        self.order_fields(("grade", "says"))


class OwnEvidenceForm(EvidenceForm):
    """Evidence for a school's own judgement: written, or one of the school's figures as it stands now."""

    def __init__(self, figures: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if figures:
            self.fields["figure"] = from_list(
                "Or keep a figure as it stands now",
                figures,
                "The figure is kept as it is today, with where it comes from",
                required=False,
                nothing="No figure",
            )
            for name in ("kind", "title", "seen_on", "source"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Without a figure everything must be written."""
        given = super().clean() or self.cleaned_data
        if "figure" in self.fields and not given.get("figure"):
            for name in ("kind", "title", "seen_on", "source"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return given
