"""What progress is measured in and what a model may allow for: the one place that says so.

A formula is made of an outcome and of the predictors a person ticked, in the notation of
``redway.attainment.formula``, with the schools as groups.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """A result at the end of a key stage: a column of the pupils' results."""

    code: str
    key_stage: str
    label: str
    """As in a sentence: 'reading'."""
    unit: str
    """What it is counted in: 'scaled score points'."""
    decimals: int = 1
    """Decimal places in which it is shown."""
    official: str = ""
    """Code of the published measure of progress that asks the same question, where there is one."""

    @property
    def asked(self) -> str:
        """How an address names it: 'ks2-reading'."""
        return f"{self.key_stage}-{self.code}"

    @property
    def title(self) -> str:
        """'Key stage 2: reading'."""
        return f"{KEY_STAGES[self.key_stage]}: {self.label}"


@dataclass(frozen=True)
class Predictor:
    """One thing a model may allow for: the columns it needs and the terms it adds to a formula."""

    code: str
    label: str
    columns: tuple[str, ...]
    terms: tuple[str, ...]


KEY_STAGES = {"ks2": "Key stage 2", "ks4": "Key stage 4"}
PRIOR_STAGES = {"ks2": "key stage 1", "ks4": "key stage 2"}
"""Key stage -> the one at which prior attainment was taken."""

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("reading", "ks2", "reading", "scaled score points", official="ks2-progress-reading"),
    Outcome("writing", "ks2", "writing", "points", official="ks2-progress-writing"),
    Outcome("maths", "ks2", "maths", "scaled score points", official="ks2-progress-maths"),
    Outcome("attainment8", "ks4", "Attainment 8", "points", official="ks4-progress8"),
    Outcome("english_points", "ks4", "English", "points, English counted twice", 2),
    Outcome("maths_points", "ks4", "maths", "points, maths counted twice", 2),
    Outcome("ebacc_points", "ks4", "English Baccalaureate subjects", "points of three subjects", 2),
    Outcome("open_points", "ks4", "other subjects", "points of three subjects", 2),
)

_BY_CODE = {one.code: one for one in OUTCOMES}

_CENTRES = {"ks2": 15, "ks4": 100}
"""Where prior attainment is counted from: level 2B at key stage 1, the expected standard at key stage 2.

The fit is the same from any place; counted from here, what goes with English as an additional language is
what goes with it for a pupil in the middle, and not for one of no attainment at all.
"""

_PRIOR = "I(prior_attainment - {centre})"
PRIOR = Predictor(
    "prior", "prior attainment", ("prior_attainment",), (_PRIOR, "I((prior_attainment - {centre})**2)")
)
"""Always allowed for: without it, it would be attainment and not progress."""

PREDICTORS: tuple[Predictor, ...] = (
    Predictor(
        "subjects",
        "how far reading and maths lay apart in prior attainment",
        ("prior_reading", "prior_maths"),
        ("I(prior_reading - prior_maths)",),
    ),
    Predictor("gender", "gender", ("gender",), ("gender",)),
    Predictor("age", "month of birth", ("month_of_birth",), ("month_of_birth",)),
    Predictor("special_needs", "special educational needs", ("special_needs",), ("special_needs",)),
    Predictor(
        "english_additional_language",
        "English as an additional language",
        ("english_additional_language",),
        ("english_additional_language", f"english_additional_language:{_PRIOR}"),
    ),
    Predictor("ethnicity", "ethnic group", ("ethnicity",), ("ethnicity",)),
    Predictor("free_school_meals", "free school meals", ("free_school_meals",), ("free_school_meals",)),
    Predictor("deprivation", "deprivation of the neighbourhood", ("deprivation",), ("deprivation",)),
    Predictor("in_care", "being in care", ("in_care",), ("in_care",)),
    Predictor("joined_late", "joining the school late", ("joined_late",), ("joined_late",)),
)
"""What may be ticked, in the order in which pages show it.

These are the things about pupils that contextual value added allowed for from 2006 to 2010, each once: see
``redway.attainment.contextual_value_added`` for that model as it was. Two of its parts are left out here, as
they ask more than the pupils of one authority can tell: free school meals for each ethnic group apart, and
the intake of the whole school (key stage 4 alone). A formula on the command line may have them.
"""

EVERY_PREDICTOR: frozenset[str] = frozenset(one.code for one in PREDICTORS)

ESTIMATES_ALLOW_FOR: frozenset[str] = frozenset({"gender", "age"})
"""Beside prior attainment, what estimates of pupils allow for: for targets and for tracking alike.

Those of Fischer Family Trust allow for the same. They do not allow for free school meals or ethnic group: to
expect less of some children because others like them were given less would carry the gap on.
"""


def outcomes_of(key_stage: str) -> tuple[Outcome, ...]:
    """The outcomes of a key stage, the usual one first."""
    return tuple(one for one in OUTCOMES if one.key_stage == key_stage)


def outcome_named(code: str) -> Outcome:
    """The outcome with this code. Raises KeyError for another."""
    return _BY_CODE[code]


def terms_of(predictor: Predictor, key_stage: str) -> tuple[str, ...]:
    """The terms of a predictor as the formula of a key stage writes them."""
    return tuple(term.format(centre=_CENTRES[key_stage]) for term in predictor.terms)


def predictors_in(columns: Collection[str]) -> tuple[Predictor, ...]:
    """The predictors that can be had from these columns."""
    return tuple(one for one in PREDICTORS if set(one.columns) <= set(columns))


def formula(outcome: str, predictors: Collection[str], columns: Collection[str], years: int = 1) -> str:
    """The formula of a model that allows for prior attainment and for these predictors, where they are held.

    With several years together each year has its own level, so that a year of high results is not taken for
    progress.

    >>> formula("maths", {"gender"}, {"prior_attainment", "gender"})
    'maths ~ I(prior_attainment - 15) + I((prior_attainment - 15)**2) + gender + (1 | school)'
    """
    stage = outcome_named(outcome).key_stage
    chosen = [PRIOR, *(one for one in predictors_in(columns) if one.code in predictors)]
    terms = [term for one in chosen for term in terms_of(one, stage)]
    terms += ["year"] if years > 1 else []
    return f"{outcome} ~ {' + '.join(terms)} + (1 | school)"
