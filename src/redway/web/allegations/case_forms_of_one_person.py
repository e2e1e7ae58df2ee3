"""Forms about the person of a case."""

from __future__ import annotations

from redway.web.allegations.case_form import CaseForm, clock_time, day, lines


class SamePersonForm(CaseForm):
    """Why two records are of one person."""

    reason = lines("Why they are one person", "Say why they are one person", rows=4)


class DifferentForm(CaseForm):
    """Why two records are not of one person."""

    reason = lines("Why they are not one person", "Say why they are not one person", rows=4)


class HoldForm(CaseForm):
    """Why nothing may be disposed of."""

    reason = lines(
        "Why nothing may be disposed of",
        "Say why nothing may be disposed of",
        hint="Such as an inquiry",
        rows=3,
    )


class ReviewForm(CaseForm):
    """Until when a record is kept, and why."""

    until = day("Look at it again on", "Enter the day of the next review")
    reason = lines("Why it is kept longer", "Say why it is kept longer", rows=4)


class KnownForm(CaseForm):
    """When the allegation became known, put right."""

    on = day("Day on which it became known", "Enter the day on which it became known")
    at = clock_time("Time", hint="For example, 14:30. Leave empty if only the day is known.")
    reason = lines("Why it is corrected", "Say why it is corrected", rows=3)
