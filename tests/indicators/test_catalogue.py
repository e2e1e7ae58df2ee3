"""The catalogue: sound, readable, and honest about breaks."""

from __future__ import annotations

import re

import pytest

from redway.core.errors import NotFound
from redway.core.missing import Missing
from redway.datasets.format import MEASURE_KINDS, OtherColumns, load_formats
from redway.indicators.catalogue import (
    CatalogueError,
    Indicator,
    Outcome,
    Polarity,
    load_catalogue,
    parse_catalogue,
)

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    "code",
    [
        "secondary-absence",
        "ks4-attainment8",
        "ks2-reading-writing-maths",
        "cp-plans-per-10000",
        "persistent-absence-10",
        "persistent-absence-15",
        "persistent-absence-20",
    ],
)
def test_codes_are_readable_words(code: str) -> None:
    assert CATALOGUE.get(code).code == code


@pytest.mark.parametrize("one", list(CATALOGUE), ids=lambda one: one.code)
def test_every_measure_says_what_it_is(one: Indicator) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.code)
    assert one.title
    assert one.definition.endswith(".")
    assert one.how_to_read.endswith(".")
    assert one.levels


@pytest.mark.parametrize("one", [one for one in CATALOGUE if one.featured], ids=lambda one: one.code)
def test_featured_measures_are_in_short_sentences(one: Indicator) -> None:
    for text in (one.definition, one.how_to_read):
        for sentence in re.split(r"(?<=[.!?:])\s", text):
            assert len(sentence.split()) <= 32, sentence


def test_every_column_named_is_one_of_its_format() -> None:
    formats = {known.code: known for known in load_formats()}
    for one in CATALOGUE:
        for source in one.sources:
            known = formats[source.format]
            if known.other_columns is OtherColumns.MEASURE:
                continue
            kinds = {column.name: column.kind for column in known.columns}
            parts = (source.column, source.numerator, source.denominator, source.lower, source.upper)
            for name in (name for name in parts if name and not source.words):
                assert kinds[name] in MEASURE_KINDS, (one.code, name)
            assert set(source.filters) <= set(kinds), one.code


def test_the_three_definitions_of_persistent_absence_never_share_a_column() -> None:
    columns = {
        code: {source.column for source in CATALOGUE.get(f"persistent-absence-{code}").sources}
        for code in ("10", "15", "20")
    }
    assert not columns["10"] & columns["15"]
    assert not columns["15"] & columns["20"]
    assert CATALOGUE.get("secondary-persistent-absence").break_between("2014-15", "2015-16") is not None


def test_special_needs_of_2011_are_measures_of_their_own() -> None:
    old = {source.format for source in CATALOGUE.get("sen-statement-or-action-plus").sources}
    new = {source.format for source in CATALOGUE.get("sen-support").sources}
    assert old == {"census-2010-11-to-2013-14"}
    assert "census-2010-11-to-2013-14" not in new


def test_the_new_gcse_scale_is_a_break_in_attainment_8() -> None:
    found = CATALOGUE.get("ks4-attainment8").break_between("2015-16", "2016-17")
    assert found is not None
    assert "9 to 1" in found.reason
    assert CATALOGUE.get("ks4-attainment8").break_between("2017-18", "2018-19") is None


def test_progress_8_does_not_exist_for_2025_and_2026() -> None:
    measure = CATALOGUE.get("ks4-progress8")
    for period in ("2024-25", "2025-26"):
        assert "Not produced nationally" in measure.why_not_produced(period)
    assert measure.why_not_produced("2023-24") == ""
    assert Missing.NOT_PRODUCED.label


def test_requires_improvement_is_not_satisfactory() -> None:
    measure = CATALOGUE.get("inspection-grade")
    assert measure.show(3) == "Requires improvement"
    assert measure.show(5) == "Satisfactory"
    assert measure.is_grade
    assert measure.break_between("2012-07-05", "2013-02-01") is not None


def test_the_balance_of_a_year_is_never_called_a_reserve() -> None:
    measure = CATALOGUE.get("in-year-balance")
    assert "reserve" not in measure.title.lower()
    assert "not the money the school has saved up" in measure.definition


def test_each_of_the_five_outcomes_is_served() -> None:
    assert {one.outcome for one in CATALOGUE} == set(Outcome)


def test_context_is_never_coloured() -> None:
    context = ("pupils-on-roll", "free-school-meals", "english-as-additional-language")
    for code in context:
        assert CATALOGUE.get(code).polarity is Polarity.NEUTRAL


def test_a_misspelt_code_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="secondary-absence"):
        CATALOGUE.get("secondary-absense")


def test_values_and_gaps_as_people_write_them() -> None:
    assert CATALOGUE.get("secondary-absence").show(8.59) == "8.59%"
    assert CATALOGUE.get("secondary-absence").show_gap(0.861) == "+0.86 percentage points"
    assert CATALOGUE.get("in-year-balance").show(-48210.4) == "-£48,210"
    assert CATALOGUE.get("cp-plans-per-10000").show(43.25) == "43.2 per 10,000"
    assert CATALOGUE.get("ks4-progress8").show(-0.001) == "0.00"
    assert CATALOGUE.get("secondary-absence").show(None) == ""


ENTRY = """
[made-up]
title = "Made up"
definition = "A measure."
how_to_read = "Read it."
unit = "percent"
decimals = 1
polarity = "high"
outcome = "be healthy"
topic = "Health"
publisher = "Nobody"
[[made-up.sources]]
format = "lait"
column = "value"
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('polarity = "high"', 'polarity = "good"'), "'good' is not a valid Polarity"),
        (('column = "value"', ""), "needs a column"),
        (('column = "value"', 'column = "value"\ninterval = "published"'), "two columns"),
        (('unit = "percent"\n', ""), "unit"),
        (("[made-up]", "[made-up"), "TOML"),
        (('topic = "Health"', 'topic = "Health"\ncounterpart = { Primary = "absent" }'), "does not exist"),
    ],
)
def test_a_bad_description_names_the_measure_and_the_fault(change: tuple[str, str], says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        parse_catalogue([("made-up.toml", ENTRY.replace(*change))])


def test_two_measures_cannot_share_a_code() -> None:
    with pytest.raises(CatalogueError, match="a second time"):
        parse_catalogue([("one.toml", ENTRY), ("two.toml", ENTRY)])


def test_first_preferences_of_an_all_through_school_are_kept_apart_by_phase() -> None:
    """Two rows of one school, 0.7 for its primary and 0.6 for its secondary places, must never become 1.3."""
    for code, phase in (
        ("first-preferences-per-place-primary", "Primary"),
        ("first-preferences-per-place-secondary", "Secondary"),
    ):
        (source,) = CATALOGUE.get(code).sources
        assert source.filters["phase_key"] == (phase,)
