"""The targets of all schools of an authority in one year: who has not proposed, and what waits for whom.

Targets of cohorts of ten pupils or fewer are held: the list shows that there is one and not its value, and no
file of the list has a line of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.attainment.target_levels import small_cohort
from redway.attainment.target_record import Stage
from redway.core.words import counted
from redway.figures.disclosure import rule_on
from redway.figures.provenance import Provenance
from redway.figures.table import Row, Table
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.made_up import NOTICE, made_up_in
from redway.web.attainment.models import Target
from redway.web.attainment.targets.cycles import Cycle, agreed_cycles, cycle_of
from redway.web.attainment.targets.estimating import Sources, schools_with_cohort, sources_of
from redway.web.attainment.targets.measures import summer_of
from redway.web.attainment.targets.records import targets
from redway.web.attainment.targets.school_list import address_of, empty_line, line_of
from redway.web.attainment.targets.tables import LIST_COLUMNS, Listed
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Authority, School
from redway.web.register.queries import schools_of_authority


@dataclass(frozen=True)
class Waiting:
    """One way of narrowing the list: what is waited for."""

    code: str
    label: str
    holds: Callable[[Listed], bool]


WAITS = (
    Waiting("not-proposed", "Not proposed yet", lambda one: one.record is None),
    Waiting("adviser", "Wait for the adviser", lambda one: one.stage in (Stage.PROPOSED, Stage.ANSWERED)),
    Waiting("answer", "Wait for the school's answer", lambda one: one.stage is Stage.CHALLENGED),
    Waiting("verifiers", "Wait for verifiers", lambda one: one.stage is Stage.DECIDED),
    Waiting("not-agreed", "Not agreed", lambda one: one.stage is Stage.NOT_AGREED),
    Waiting("doubted", "With reservation", lambda one: one.record is not None and one.record.is_doubted),
    Waiting("not-met", "Not met", lambda one: one.record is not None and one.record.met is False),
    Waiting("confirmed", "Confirmed", lambda one: one.stage is Stage.CONFIRMED),
    Waiting("late", "Late", lambda one: one.late is not None),
)


@dataclass(frozen=True)
class AuthorityTargets:
    """The targets of an authority for the results of one year."""

    authority: Authority
    cycle: Cycle | None
    """How they are set in the year looked at; None when there is no year to look at."""
    years: tuple[str, ...]
    """The years that can be looked at, the latest first."""
    lines: tuple[Listed, ...]
    small: int
    """The largest cohort whose target is held and not published."""
    made_up: bool
    waits: str = ""
    """Code of what the list is narrowed to; empty for all."""

    @property
    def shown(self) -> list[Listed]:
        """The lines looked at."""
        kind = next((one for one in WAITS if one.code == self.waits), None)
        return [one for one in self.lines if kind is None or kind.holds(one)]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(code, label, how many) of what is waited for; what nobody waits for is left out."""
        found = [(kind.code, kind.label, sum(map(kind.holds, self.lines))) for kind in WAITS]
        return [one for one in found if one[2]]


def targets_of_authority(authority: Authority, query: QueryDict, on: date) -> AuthorityTargets:
    """The targets of all schools in the year the address asks for, else in the one that is being set."""
    sources = {stage: sources_of(authority.number, stage) for stage in KEY_STAGES}
    schools = {one.key: one for one in schools_of_authority(authority.number, open_only=False)}
    every = targets().filter(school__in=schools, withdrawn_at=None)
    agreed = [one.year for one in agreed_cycles(authority)]
    ahead = sorted({year for one in sources.values() for year in one.years_to_set(on)}, reverse=True)
    stored = set(every.order_by().values_list("year", flat=True).distinct())
    years = tuple(sorted({*stored, *agreed, *ahead}, reverse=True))
    wanted = query.get("year", "")
    year = wanted if wanted in years else next(iter([*agreed, *ahead, *years]), "")
    cycle = cycle_of(authority, year) if year else None
    lines = _lines(schools, list(every.filter(year=year)), sources, cycle, on) if cycle else []
    return AuthorityTargets(
        authority,
        cycle,
        years,
        tuple(sorted(lines, key=lambda one: (one.school.casefold(), one.urn, one.measure.short))),
        small_cohort(on),
        any(made_up_in(source.results.versions) for source in sources.values()),
        query.get("waits", ""),
    )


def targets_made_up(authority: str) -> bool:
    """Whether what an authority's targets rest on is made up."""
    return any(made_up_in(sources_of(authority, stage).results.versions) for stage in KEY_STAGES)


def _lines(
    schools: Mapping[str, School],
    stored: list[Target],
    sources: Mapping[str, Sources],
    cycle: Cycle,
    on: date,
) -> list[Listed]:
    lines = [line_of(schools[one.school], one, cycle, on) for one in stored]
    there = {(one.school, one.measure) for one in stored}
    for stage, source in sources.items():
        for key, cohort in schools_with_cohort(source, stage, cycle.year).items():
            if key in schools:
                lines += [
                    empty_line(schools[key], measure, cycle, cohort, on)
                    for measure in cycle.asked(stage)
                    if (key, measure.code) not in there
                ]
    return lines


def authority_view(held: AuthorityTargets, query: QueryDict, on: date, *, leaving: bool = False) -> TableView:
    """The list; ``leaving`` the authority it has no line of a small cohort."""
    year = held.cycle.year if held.cycle else ""
    shown = [one for one in held.shown if one.cohort > held.small] if leaving else held.shown
    rule = rule_on(on)
    rows: list[Row] = [one.row(rule, held=one.cohort <= held.small) for one in shown]
    title = f"{held.authority.name}: targets for {summer_of(year)}" if year else "Targets"
    columns = [column for column in LIST_COLUMNS if column.key != "year"]
    return TableView(
        Table(title, columns, rows, [*_notes(held), *([NOTICE] if held.made_up and leaving else [])]),
        TableState.read(query),
        address=reverse(
            "attainment:authority_targets_table", args=[held.authority.number, "csv"]
        ).removesuffix(".csv"),
        kept=(("year", year), *((("waits", held.waits),) if held.waits else ())),
        links={"measure": address_of},
        provenance=Provenance(f"results of {summer_of(year)}" if year else "", (), (), on),
        first_shown=("school", "measure", "cohort", "value", "average", "standing", "waiting", "late"),
    )


def _notes(held: AuthorityTargets) -> list[str]:
    small = sum(one.cohort <= held.small for one in held.shown)
    if not small:
        return []
    lines = counted(small, "line is", "lines are")
    return [f"{lines} of cohorts of {held.small} pupils or fewer: their targets are in no list that leaves."]
