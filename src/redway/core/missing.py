"""Why a figure is not there. Missing is never zero, and the reasons never merge."""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    """The reason a cell holds no number. The value is what is stored; ``label`` is what is shown."""

    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_PUBLISHED = "not_published"
    NOT_SUPPLIED = "not_supplied"
    NOT_AVAILABLE = "not_available"
    NO_ENTRIES = "no_entries"
    LOW_COVERAGE = "low_coverage"
    LOW_RELIABILITY = "low_reliability"
    NOT_REQUIRED = "not_required"
    TOO_NEW = "too_new"
    SMALL_VALUE = "small_value"
    BLANK = "blank"
    REJECTED = "rejected"
    NOT_PRODUCED = "not_produced"
    NOT_HELD = "not_held"

    @property
    def label(self) -> str:
        """One line of plain English, for a table cell or a data-gaps page."""
        return _LABELS[self]


_LABELS = {
    Missing.SUPPRESSED: "Suppressed by the publisher because few children are counted",
    Missing.NOT_APPLICABLE: "Does not apply to this school or area",
    Missing.NOT_PUBLISHED: "Not published for this kind of school or area",
    Missing.NOT_SUPPLIED: "The school or authority did not supply it",
    Missing.NOT_AVAILABLE: "Not available to the publisher",
    Missing.NO_ENTRIES: "No pupils were entered",
    Missing.LOW_COVERAGE: "Too few pupils are covered for the figure to be published",
    Missing.LOW_RELIABILITY: "Marked by the publisher as unreliable",
    Missing.NOT_REQUIRED: "The school did not have to report it",
    Missing.TOO_NEW: "The school was too new to have a figure",
    Missing.SMALL_VALUE: "Above zero but rounds to zero",
    Missing.BLANK: "Left blank in the file",
    Missing.REJECTED: "The value in the file could not be read as a number",
    Missing.NOT_PRODUCED: "Not produced nationally for this period",
    Missing.NOT_HELD: "No file with this figure is held",
}
