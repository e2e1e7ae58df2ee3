"""The targets of one school: those in force and in talks, and those that are still to be proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from redway.figures.disclosure import rule_on
from redway.figures.table import Row, Table
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.models import Target
from redway.web.attainment.targets.cycles import Cycle, cycle_of
from redway.web.attainment.targets.estimating import schools_with_cohort, sources_of
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.measures import Measure, measure_of
from redway.web.attainment.targets.records import record_of, targets
from redway.web.attainment.targets.showing import late_of
from redway.web.attainment.targets.tables import LIST_COLUMNS, Listed
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Authority, School


@dataclass(frozen=True)
class SchoolTargets:
    """What is known of a school's targets."""

    school: School
    lines: tuple[Listed, ...]
    cycles: tuple[Cycle, ...]
    """How they are set in each year ahead."""
    made_up: bool
    held: bool
    """Whether any pupil of a cohort is held."""


def targets_of_school(school: School, on: date) -> SchoolTargets:
    """Every target of a school, the latest year first, and what is still to be proposed."""
    authority = Authority(number=school.authority, name=school.authority_name)
    sources = {stage: sources_of(school.authority, stage) for stage in KEY_STAGES}
    stored = {(one.measure, one.year): one for one in targets().filter(school=school.key, withdrawn_at=None)}
    years = sorted({year for one in sources.values() for year in one.years_to_set(on)}, reverse=True)
    cycles = {year: cycle_of(authority, year) for year in {*years, *(year for _, year in stored)}}
    lines = [line_of(school, target, cycles[target.year], on) for target in stored.values()]
    held = False
    for year in years:
        for stage, source in sources.items():
            cohort = schools_with_cohort(source, stage, year).get(school.key, 0)
            held |= cohort > 0
            lines += [
                empty_line(school, measure, cycles[year], cohort, on)
                for measure in cycles[year].asked(stage)
                if cohort and (measure.code, year) not in stored
            ]
    return SchoolTargets(
        school,
        tuple(sorted(lines, key=lambda one: (one.year, one.measure.short), reverse=True)),
        tuple(cycles[year] for year in years),
        any(made_up_in(source.results.versions) for source in sources.values()),
        held,
    )


def line_of(school: School, target: Target, cycle: Cycle, on: date) -> Listed:
    """One target as a line of a list."""
    record = record_of(target)
    average = thaw(list(target.versions.all())[-1].frozen).average
    return Listed(
        school.shown_name,
        school.current_urn,
        measure_of(target.measure),
        target.year,
        target.cohort,
        record,
        average.value if average else None,
        late_of(record, cycle, on),
    )


def empty_line(school: School, measure: Measure, cycle: Cycle, cohort: int, on: date) -> Listed:
    """A target that is still to be proposed."""
    late = late_of(None, cycle, on)
    return Listed(school.shown_name, school.current_urn, measure, cycle.year, cohort, None, None, late)


def school_view(found: SchoolTargets, request: HttpRequest, on: date) -> TableView:
    """The list of one school; each line leads to its target."""
    columns = [column for column in LIST_COLUMNS if column.key != "school"]
    rows: list[Row] = [one.row(rule_on(on)) for one in found.lines]
    return TableView(
        Table("Targets", columns, rows),
        TableState.read(request.GET, "targets"),
        links={"measure": address_of},
    )


def address_of(row: Row) -> str:
    """The page of the target a line is about."""
    return reverse("attainment:target", args=[row["urn"], row["code"], row["year"]])
