"""How ready a school is, area by area: its own judgement, evidence, and its real figures beside."""

from __future__ import annotations

from dataclasses import dataclass

from redway.improvement.readiness import InspectionFramework, Prepared, prepared
from redway.web.improvement.reviews.models import Judgement, OwnEvidence
from redway.web.measures.showing import range_of, shown, store
from redway.web.register.models import School
from redway.web.schools.access import line_of
from redway.web.schools.profile import Standing, profile_of


@dataclass(frozen=True)
class Figure:
    """One real figure of the school as it stands beside an area."""

    code: str
    title: str
    words: str
    compared: str
    address: str

    @property
    def sentence(self) -> str:
        """As it is kept with a judgement."""
        return f"{self.title}: {self.words}{f'; {self.compared}' if self.compared else ''}"


@dataclass(frozen=True)
class AreaOfSchool:
    """One area of the framework at one school."""

    prepared: Prepared
    judgement: Judgement | None
    evidence: tuple[OwnEvidence, ...]
    figures: tuple[Figure, ...]


def areas_of(
    school: School, framework: InspectionFramework, topics: frozenset[str] | None
) -> list[AreaOfSchool]:
    """Every area, with what the school has for it. ``topics`` are the subjects this person may see."""
    judgements = {
        one.area: one
        for one in Judgement.objects.filter(school=school.key, framework=framework.code).prefetch_related(
            "evidence"
        )
    }
    kept = {
        code: tuple(one for one in judgement.evidence.all() if not one.withdrawn_reason)
        for code, judgement in judgements.items()
    }
    grades = {code: one.grade for code, one in judgements.items()}
    figures = figures_of_school(school, framework, topics)
    return [
        AreaOfSchool(one, judgements.get(one.area.code), kept.get(one.area.code, ()), figures[one.area.code])
        for one in prepared(framework, grades, {code: len(found) for code, found in kept.items()})
    ]


def figures_of_school(
    school: School, framework: InspectionFramework, topics: frozenset[str] | None
) -> dict[str, tuple[Figure, ...]]:
    """Area code -> the school's latest figures that speak to it, with what they are compared with."""
    standings = {one.indicator.code: one for one in profile_of(line_of(school), store(), topics).standings}
    return {
        area.code: tuple(_figure(standings[code]) for code in area.figures if code in standings)
        for area in framework.areas
    }


def _figure(one: Standing) -> Figure:
    ends = range_of(one.indicator, one.figure)
    words = f"{shown(one.indicator, one.figure)} in {one.figure.period}"
    if ends:
        words += f" (95% range {ends})"
    compared = [
        f"{name} {shown(one.indicator, figure)}"
        for name, figure in (("authority", one.authority), ("England", one.england))
        if figure is not None and figure.value is not None
    ]
    if one.is_small:
        compared.append("too few pupils to be compared on one year")
    return Figure(one.indicator.code, one.indicator.title, words, ", ".join(compared), one.figure.lineage)
