"""``redway tracking school``: the same cohort as on the page, and pupils leave only with a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from redway.attainment.tracking import Term
from redway.cli.tracking_school import answer_of_school, record_export
from redway.core.errors import NotFound
from redway.web.audit.models import AuditEntry
from web.attainment.on_roll import YEAR, on_roll
from web.attainment.pupils import bring_in
from web.attainment.test_tracking_pages import elsewhere, year_11
from web.pages import ACADEMY, CONVERTED

pytestmark = pytest.mark.django_db
USUAL: dict[str, Any] = {
    "key_stage": "",
    "subject": "",
    "year_group": None,
    "at": None,
    "groups": False,
    "suppress": False,
}


@pytest.fixture
def followed(cohorts: None, tmp_path: Path) -> None:
    bring_in(*on_roll(tmp_path, [*year_11(), *elsewhere()]))


def test_it_counts_as_the_page_does(followed: None) -> None:
    for urn in (CONVERTED, ACADEMY):
        answer, school = answer_of_school(urn, **USUAL)
        assert school.key == CONVERTED
        found = answer.as_json()
        assert found["standings"] == {"exceeding": 12, "on track": 20, "at risk": 14, "not known": 15}
        assert found["title"] == f"Grand Union Academy: year 11, Attainment 8, spring {YEAR}"
        assert answer.pupils().height == 61


def test_an_earlier_term(followed: None) -> None:
    answer, _ = answer_of_school(ACADEMY, **USUAL | {"at": Term(YEAR, 0)})
    assert answer.as_json()["standings"]["on track"] == 41


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"subject": "art"}, "no rule by which to follow 'art'"),
        ({"key_stage": "ks2"}, "no such pupils on the way to results"),
        ({"year_group": 10}, "no such pupils on the way to results"),
        ({"at": Term("2030-31", 1)}, "Nobody was assessed in spring 2030-31"),
    ],
)
def test_what_is_not_there_is_said(followed: None, asked: dict[str, object], said: str) -> None:
    with pytest.raises(NotFound, match=said):
        answer_of_school(ACADEMY, **USUAL | asked)


def test_taking_pupils_away_is_recorded_without_a_name(followed: None) -> None:
    answer, school = answer_of_school(ACADEMY, **USUAL)
    record_export(school, answer)
    entry = AuditEntry.objects.get(verb="pupil.export")
    assert (entry.subject_id, entry.actor, entry.sensitive_read) == (CONVERTED, None, True)
    assert json.loads(entry.details) == {
        "by": "command",
        "pupils": 61,
        "subject": "attainment8",
        "year_group": 11,
    }
