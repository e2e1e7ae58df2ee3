"""Forms about the person of a case."""

from __future__ import annotations

from redway.web.allegations.case_form import CaseForm, lines


class SamePersonForm(CaseForm):
    """Why two records are of one person."""

    reason = lines("Why they are one person", "Say why they are one person", rows=4)


class DifferentForm(CaseForm):
    """Why two records are not of one person."""

    reason = lines("Why they are not one person", "Say why they are not one person", rows=4)
