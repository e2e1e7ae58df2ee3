"""What the register and the census say of a school, as pairs for a summary list."""

from __future__ import annotations

from typing import Any

from redway.core.words import number
from redway.web.measures.showing import shown
from redway.web.register.models import School
from redway.web.schools.profile import Profile


def about_school(profile: Profile) -> list[dict[str, Any]]:
    """Whom it serves, how it is run and where it is. What is not known is left out."""
    school = profile.school
    rows: list[dict[str, Any]] = [
        {
            "key": one.indicator.title,
            "value": f"{shown(one.indicator, one.figure)} ({one.figure.period})",
            "address": one.figure.lineage,
        }
        for one in profile.context
    ]
    register = (
        ("Ages", _ages(school)),
        ("Gender", school.gender),
        ("Religious character", _said(school.religious_character)),
        ("Admissions", _said(school.admissions_policy)),
        ("Places", number(school.capacity) if school.capacity else ""),
        ("Address", _address(school)),
        ("Locality", school.locality.name if school.locality else ""),
        ("Ward", school.ward),
        ("Area", school.urban_rural),
        ("Website", school.website),
    )
    return rows + [{"key": key, "value": value} for key, value in register if value]


def _ages(school: School) -> str:
    if school.low_age is None or school.high_age is None:
        return ""
    return f"{school.low_age} to {school.high_age}"


def _said(text: str) -> str:
    return "" if text.casefold() in ("not applicable", "does not apply", "none") else text


def _address(school: School) -> str:
    parts = (school.street, school.locality_name, school.town, school.postcode)
    return ", ".join(part for part in parts if part)
