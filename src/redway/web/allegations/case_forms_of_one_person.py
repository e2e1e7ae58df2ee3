"""Forms about the person of a case."""

from __future__ import annotations

from redway.web.allegations.case_form import CaseForm
from redway.web.design.form_fields import clock_time, day, lines


class SamePersonForm(CaseForm):
    """Why two records are of one person."""

    reason = lines("Why they are one person", missing="Say why they are one person", rows=4)


class DifferentForm(CaseForm):
    """Why two records are not of one person."""

    reason = lines("Why they are not one person", missing="Say why they are not one person", rows=4)


class HoldForm(CaseForm):
    """Why nothing may be disposed of."""

    reason = lines(
        "Why nothing may be disposed of",
        "Such as an inquiry",
        missing="Say why nothing may be disposed of",
        rows=3,
    )


class ReviewForm(CaseForm):
    """Until when a record is kept, and why."""

    until = day("Look at it again on", missing="Enter the day of the next review")
    reason = lines("Why it is kept longer", missing="Say why it is kept longer", rows=4)


class KnownForm(CaseForm):
    """When the allegation became known, put right."""

    on = day("Day on which it became known", missing="Enter the day on which it became known")
    at = clock_time("Time", "For example, 14:30. Leave empty if only the day is known.", required=False)
    reason = lines("Why it is corrected", missing="Say why it is corrected", rows=3)
