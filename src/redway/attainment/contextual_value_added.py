"""Contextual value added as it was from 2006 to 2010: what it allowed for, as a model to fit to one's own
pupils.

The national model was a two-level model of every pupil in England, with what is known of the pupil beside
prior attainment. Few of its coefficients could be read in a publication, so Redway does not claim to
repeat it: ``cva_formula`` gives a model of the same make. The coefficients there are, are added up in
``ready_reckoner.py``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from redway.attainment.measure_values import number_in
from redway.attainment.measure_years import in_year
from redway.core.errors import NotFound
from redway.core.words import listed

MEASURES = {"ks2": "contextual-value-added-ks1-ks2", "ks4": "contextual-value-added-ks2-ks4"}
"""Key stage at the end -> its measure."""


@dataclass(frozen=True)
class Allowance:
    """One thing the model allows for: its name in words, the columns it needs, its terms in a formula."""

    words: str
    columns: tuple[str, ...]
    terms: tuple[str, ...]
    key_stages: tuple[str, ...] = ("ks2", "ks4")


PRIOR = Allowance("prior attainment", ("prior_attainment",), ("prior_attainment", "I(prior_attainment**2)"))

ALLOWANCES = (
    Allowance(
        "how far English lies from the average of prior attainment",
        ("prior_reading", "prior_attainment"),
        ("I(prior_reading - prior_attainment)",),
    ),
    Allowance(
        "how far maths lies from the average of prior attainment",
        ("prior_maths", "prior_attainment"),
        ("I(prior_maths - prior_attainment)",),
    ),
    Allowance("gender", ("gender",), ("gender",)),
    Allowance("special educational needs", ("special_needs",), ("special_needs",)),
    Allowance(
        "first language, differently for each prior attainment",
        ("english_additional_language",),
        ("english_additional_language", "english_additional_language:prior_attainment"),
    ),
    Allowance("joining the school late", ("joined_late",), ("joined_late",)),
    Allowance("age within the year", ("month_of_birth",), ("month_of_birth",)),
    Allowance("being in care", ("in_care",), ("in_care",)),
    Allowance("ethnic group", ("ethnicity",), ("ethnicity",)),
    Allowance("free school meals", ("free_school_meals",), ("free_school_meals",)),
    Allowance(
        "free school meals, differently for each ethnic group",
        ("free_school_meals", "ethnicity"),
        ("free_school_meals:ethnicity",),
    ),
    Allowance("deprivation of the neighbourhood (IDACI)", ("deprivation",), ("deprivation",)),
    Allowance(
        "average and spread of prior attainment in the school",
        ("prior_attainment",),
        ("school_mean(prior_attainment)", "school_spread(prior_attainment)"),
        ("ks4",),
    ),
)
"""What the model of 2006 allowed for beside prior attainment (Hansard, 7 February 2007; BBC News,
6251587; the annex of the pilot tables of 2005: the school's own prior attainment only from key stage 2
on)."""

_OUTCOMES = {"ks2": "reading", "ks4": "attainment8"}


@dataclass(frozen=True)
class CvaFormula:
    """A model of the make of contextual value added, and what it allows for, in words."""

    formula: str
    """In the notation of ``redway.attainment.formula``."""
    allowed_for: tuple[str, ...]
    left_out: tuple[str, ...]
    """What the national model allowed for and these pupils' columns do not tell."""
    centre: float
    """What schools' scores are added to: 100 or 1,000."""
    note: str
    """How it stands to the published measure of the year."""


def cva_formula(
    key_stage: str, year: str, columns: Collection[str], *, outcome: str = "", group: str = "school"
) -> CvaFormula:
    """The model for a key stage at whose end pupils stand ('ks2' or 'ks4'), from the columns there are.

    ``outcome`` is by usual reading at key stage 2 and Attainment 8 at key stage 4. Any year can be asked
    for: outside 2006 to 2010 the note says that no such measure was published. Raises NotFound for
    another key stage, and when there is no prior attainment.
    """
    if key_stage not in MEASURES:
        raise NotFound(
            f"There was no contextual value added at the end of '{key_stage}'.",
            f"It is known for {listed(MEASURES)}.",
        )
    if not set(PRIOR.columns) <= set(columns):
        raise NotFound(
            "There is no column 'prior_attainment', without which there is no value added.",
            f"There are {listed(sorted(columns))}.",
        )
    meant = [one for one in ALLOWANCES if key_stage in one.key_stages]
    chosen = [one for one in meant if set(one.columns) <= set(columns)]
    terms = dict.fromkeys(term for one in (PRIOR, *chosen) for term in one.terms)
    measure = in_year(MEASURES[key_stage], year)
    return CvaFormula(
        f"{outcome or _OUTCOMES[key_stage]} ~ {' + '.join(terms)} + (1 | {group})",
        (PRIOR.words, *(one.words for one in chosen)),
        tuple(one.words for one in meant if one not in chosen),
        _centre(key_stage),
        "The published measure was the model of all pupils in England; this one is of these pupils."
        if measure.produced
        else f"{measure.words} This is a model of the same make, of these pupils: no published measure.",
    )


def _centre(key_stage: str) -> float:
    return number_in(f"{MEASURES[key_stage]}/centre", "The centre of contextual value added", "2009-10")
