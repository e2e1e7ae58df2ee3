"""The period labels of national authority files, by the kind of year their dictionary gives."""

from __future__ import annotations

from datetime import date

import pytest

from redway.core.errors import InvalidPeriod
from redway.datasets.format import Edition
from redway.indicators.catalogue import YearType
from redway.indicators.labels import read_label


@pytest.mark.parametrize(
    ("text", "year_type", "label", "end", "edition"),
    [
        ("2025", YearType.ACADEMIC, "2024-25", date(2025, 8, 31), None),
        ("2015/16", YearType.ACADEMIC, "2015-16", date(2016, 8, 31), None),
        ("2018 (Rev)", YearType.ACADEMIC, "2017-18", date(2018, 8, 31), Edition.REVISED),
        ("2025 (prov)", YearType.ACADEMIC, "2024-25", date(2025, 8, 31), Edition.PROVISIONAL),
        ("2020 (Final)", YearType.ACADEMIC, "2019-20", date(2020, 8, 31), Edition.FINAL),
        ("2016-17 (OT)", YearType.FINANCIAL, "2016-17", date(2017, 3, 31), Edition.FINAL),
        ("2016-17", YearType.FINANCIAL, "2016-17", date(2017, 3, 31), None),
        ("2013/14-15/16", YearType.FINANCIAL, "2013-14 to 2015-16", date(2016, 3, 31), None),
        ("2014-16", YearType.CALENDAR, "2014 to 2016", date(2016, 12, 31), None),
        ("2024", YearType.CALENDAR, "2024", date(2024, 12, 31), None),
        ("2025", YearType.MARCH, "2025", date(2025, 3, 31), None),
        ("2025", YearType.JANUARY, "2025", date(2025, 1, 31), None),
        ("2025", YearType.SEPTEMBER, "2025", date(2025, 9, 30), None),
    ],
)
def test_a_label_is_read_by_its_kind_of_year(
    text: str, year_type: YearType, label: str, end: date, edition: Edition | None
) -> None:
    found = read_label(text, year_type)
    assert (found.period.label, found.period.end, found.edition) == (label, end, edition)


@pytest.mark.parametrize("text", ["0", "", "2016 (draft)", "2016-14", "soon"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidPeriod):
        read_label(text, YearType.CALENDAR)
