"""Editions: three national ones, an authority's own on top, and what is not confirmed is marked."""

from __future__ import annotations

from datetime import date

import pytest

from redway.allegations.editions import edition_named, edition_on, profiles
from redway.core.dated_values import Status
from redway.core.errors import NotFound, ValuesError


def test_the_threshold_changed_twice() -> None:
    assert edition_on(date(2007, 9, 1)).words("limbs") == ("harmed", "offence", "unsuitable")
    assert edition_on(date(2016, 9, 1)).words("limbs") == ("harmed", "offence", "risk-of-harm")
    assert edition_on(date(2020, 8, 31)).words("limbs") == ("harmed", "offence", "risk-of-harm")
    assert "may-not-be-suitable" in edition_on(date(2020, 9, 1)).words("limbs")


@pytest.mark.parametrize("year", ["2006", "2010", "2020"])
def test_an_edition_is_in_force_on_its_first_day(year: str) -> None:
    edition = edition_named(f"national-{year}")
    assert edition_on(edition.first_day) == edition
    assert edition.value("limbs").start == edition.first_day


def test_a_profile_goes_before_the_national_rules() -> None:
    assert edition_named("national-2020").value("report-within").unit == "working days"
    assert edition_named("sefton-2020").value("report-within").unit == "hours"
    assert edition_named("sefton-2020").value("inspectorate-told-within").value == 14


def test_wales_has_four_outcomes_and_no_false() -> None:
    assert "false" in edition_named("national-2020").words("outcomes-education")
    wales = edition_named("wales-2020").words("outcomes-education")
    assert len(wales) == 4
    assert "false" not in wales


def test_false_is_for_education_only() -> None:
    assert "false" not in edition_named("sefton-2020").words("outcomes-other")


def test_targets_for_closing_ended_with_the_edition_of_2020() -> None:
    assert edition_named("national-2010").value("resolved-in-one-month").value == 80
    assert edition_named("national-2020").find("resolved-in-one-month") is None


def test_a_value_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(ValuesError, match=r"holds no 'strategy-meeting-within'\..*local profile"):
        edition_named("national-2020").value("strategy-meeting-within")


@pytest.mark.parametrize("name", ["national", "national-1999", "nowhere-2020", ""])
def test_an_unknown_edition_lists_those_there_are(name: str) -> None:
    with pytest.raises(NotFound, match="For example national-2020"):
        edition_named(name)


def test_before_the_first_edition_nothing_is_held() -> None:
    with pytest.raises(ValuesError, match="first edition is of 2006"):
        edition_on(date(2005, 1, 1))


@pytest.mark.parametrize("profile", profiles())
def test_every_value_has_a_source_and_says_how_far_it_is_confirmed(profile: str) -> None:
    edition = edition_named(f"{profile}-2020")
    report = edition.value("report-within")
    assert report.source
    assert report.status in Status
