"""Charts on pages: how often they cry wolf stands beside them, and how many alarm now beside that."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from django.urls import reverse

from improvement.test_yearly_series import country
from redway.web.improvement import watching
from redway.web.people.models import Person
from web.funding.deficits.a_deficit import register
from web.improvement.an_early_warning import AUTHORITY, SCHOOL, kept
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "clock")]


@pytest.fixture(autouse=True)
def _figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Absence of 400 schools, of which one is the school of the pages and gets worse from 2021."""
    register()
    one = pl.col("school") == "100007"
    later = pl.col("period_end").dt.year() > 2020
    figures = country().with_columns(
        school=pl.when(one).then(pl.lit(SCHOOL)).otherwise("school"),
        value=pl.when(one & later).then(pl.col("value") + 1.5).otherwise("value"),
    )
    held = {"overall-absence": figures}
    monkeypatch.setattr(watching, "_figures", lambda code, *_: held.get(code, figures.clear()))
    watching._charts.cache_clear()
    yield
    watching._charts.cache_clear()


def test_the_list_says_how_many_charts_alarm_beside_the_false_alarms_to_expect(bob: Person) -> None:
    kept()
    said = text_of(visitor(bob).get(reverse("improvement:early_warning", args=[AUTHORITY])))
    assert "1 series of 1 point a year, each false once in 335 points: about 0.0 false alarms a year" in said
    assert "1 in 6 stable schools does this" in said


def test_a_schools_page_has_its_charts_with_their_false_alarm_rate_and_what_no_alarm_means(
    bob: Person,
) -> None:
    kept()
    said = text_of(visitor(bob).get(reverse("improvement:school", args=[SCHOOL])))
    assert "Charts watched for lasting changes" in said
    assert "A stable school gives an alarm once in 335 points: once in 335 years of 1 point a year." in said
    assert "No alarm is no all-clear" in said
    assert "2020-21" in said


def test_a_school_without_figures_has_no_charts(bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    kept()
    monkeypatch.setattr(watching, "_figures", lambda *_: country().clear())
    said = text_of(visitor(bob).get(reverse("improvement:school", args=[SCHOOL])))
    assert "Charts watched for lasting changes" not in said
