"""Forms of onward referrals, the outcome letter and closing."""

from __future__ import annotations

from typing import Any

from redway.web.allegations.case_form import CaseForm
from redway.web.design.form_fields import day, line, lines, one_of


class OnwardForm(CaseForm):
    """Whether a body was told, or why it need not be."""

    decision = one_of(
        "What was decided",
        [
            ("referred", "Referred"),
            ("not needed", "Considered, and not needed"),
            ("watching", "Not yet: watch how the case goes on"),
        ],
        missing="Choose what was decided",
    )
    reason = lines("Reason", missing="Say why")
    decided_by = line("Who decided", missing="Say who decided")
    sent_on = day("Sent on", required=False)
    receipt = line("Their reference, or what came of it", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (
            given.get("decision") == "referred"
            and given.get("sent_on") is None
            and "sent_on" not in self.errors
        ):
            self.add_error("sent_on", "Enter the day on which it was sent")
        return given


class CloseForm(CaseForm):
    """The day on which a case closes."""

    on = day("Closed on", missing="Enter the day of closing")


class CloseOverForm(CloseForm):
    """The same over what is outstanding."""

    reason = lines(
        "Why it is closed all the same",
        "The reason and what was outstanding stay on the case and are reported.",
        missing="Say why it is closed all the same",
    )


class LetterForm(CaseForm):
    """That the outcome letter was sent."""

    on = day("Outcome letter sent on", missing="Enter the day on which it was sent")
    words = lines("To whom, and what it said", rows=3, required=False)
