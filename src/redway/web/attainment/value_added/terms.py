"""The columns of a model in words: 'gender M' is 'Gender: boys'. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from redway.web.attainment.formulas import PRIOR_STAGES

_COLUMNS = {
    "(Intercept)": "Every pupil, before anything is allowed for",
    "prior_reading": "reading at {prior}",
    "prior_maths": "maths at {prior}",
    "prior_attainment": "attainment at {prior}",
    "gender": "gender",
    "month_of_birth": "month of birth, from September",
    "special_needs": "special educational needs",
    "english_additional_language": "English as an additional language",
    "ethnicity": "ethnic group",
    "free_school_meals": "free school meals",
    "deprivation": "deprivation (IDACI, 0 to 1)",
    "in_care": "in care",
    "joined_late": "joined the school late",
    "year": "year",
}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "gender": {"F": "girls", "M": "boys"},
    "ethnicity": {
        "asian": "Asian",
        "black": "Black",
        "chinese": "Chinese",
        "mixed": "mixed",
        "other": "another group",
        "unknown": "not known",
        "white": "White",
    },
    "special_needs": {"none": "none", "support": "SEN support", "plan": "education, health and care plan"},
}
_TRUE = frozenset({"true", "yes", "1"})
_ABOVE = re.compile(r"^I\((\w+) ?- ?(\d+)\)$")
_SQUARE = re.compile(r"^I\(\((\w+) ?- ?(\d+)\)\*\*2\)$")
_LESS = re.compile(r"^I\((\w+) ?- ?([a-z_]+)\)$")


def term_in_words(column: str, key_stage: str) -> str:
    """One column of a design in words; what is not known here stays as it is written.

    >>> term_in_words("gender M", "ks4")
    'Gender: boys'
    >>> term_in_words("I(prior_attainment - 15)", "ks2")
    'Attainment at key stage 1, each point above 15'
    """
    # A colon parts the factors of an interaction; inside a value there is none.
    said = " × ".join(_factor(part, PRIOR_STAGES[key_stage]) for part in column.split(":"))
    return said[:1].upper() + said[1:]


def _factor(text: str, prior: str) -> str:
    if match := _ABOVE.match(text):
        return f"{_column(match[1], prior)}, each point above {match[2]}"
    if match := _SQUARE.match(text):
        return f"{_column(match[1], prior)}, distance from {match[2]} squared"
    if match := _LESS.match(text):
        return f"{_column(match[1], prior)} less {_column(match[2], prior)}"
    name, _, value = text.partition(" ")
    if not value or value.casefold() in _TRUE:
        return _column(name, prior)
    return f"{_column(name, prior)}: {_VALUES.get(name, {}).get(value, value)}"


def _column(name: str, prior: str) -> str:
    return _COLUMNS.get(name, name).format(prior=prior)
