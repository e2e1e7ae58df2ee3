"""The tables of the targets pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from redway.attainment.target_levels import Level
from redway.attainment.target_record import Stage, TargetRecord, waiting_in_words
from redway.attainment.target_timetable import Lateness
from redway.attainment.targets import gap
from redway.figures.disclosure import Rule
from redway.figures.table import Cell, Column, Hidden, Kind, Row, Table
from redway.web.attainment.names import names_of_pupils
from redway.web.attainment.targets.estimating import Reach
from redway.web.attainment.targets.frozen import Frozen
from redway.web.attainment.targets.measures import Measure, summer_of


def levels_table(measure: Measure, year: str, frozen: Frozen, value: float | None) -> Table:
    """Each level of challenge with its range, and how far the target lies from it."""
    shown = measure.shown
    columns = [
        Column("level", "Level of challenge"),
        shown.column("value", "Estimate"),
        shown.column("lower", "Lower 95% limit"),
        shown.column("upper", "Upper 95% limit"),
    ]
    if value is not None:
        columns.append(Column("gap", "Target less estimate", Kind.NUMBER, 1))
    rows: list[Row] = [
        {
            "level": one.label,
            "value": one.value,
            "lower": one.lower,
            "upper": one.upper,
            "gap": gap(value, one.value) if value is not None else None,
        }
        for one in frozen.levels
    ]
    note = (
        "Average progress is that of the middle school; a quarter of schools make top-quarter progress or "
        "more. The ranges say how far these pupils may lie from the estimate at such a school."
    )
    return Table(f"{measure.short}, {summer_of(year)}: estimates", columns, rows, [note])


def pupils_table(reach: Reach, levels: Sequence[Level]) -> Table:
    """The pupils behind the estimates by name: those without one first, and what is not held of them."""
    pupils, estimates, outlook = reach.pupils, reach.estimates, reach.outlook
    columns = [
        Column("name", "Pupil"),
        Column("why", "Estimate"),
        Column("prior", "Prior attainment", Kind.NUMBER, 1),
    ]
    if outlook is not None and outlook.threshold is None:
        columns.append(Column("expected", f"Estimate ({reach.measure.unit})", Kind.NUMBER, 1))
    elif outlook is not None:
        columns += [
            Column(level.code, f"Chance of reaching it, {level.label.lower()}", Kind.PERCENT, 0)
            for level in levels
        ]
    rows: list[dict[str, Cell]] = []
    if pupils is not None:
        names, prior = names_of_pupils(pupils), _prior(pupils)
        rows = [{"name": name, "prior": held} for name, held in zip(names, prior, strict=True)]
    if estimates is not None and outlook is not None:
        chances = {
            level.code: outlook.pupil_chances(level) for level in levels if outlook.threshold is not None
        }
        for at, why in enumerate(estimates.why):
            if why:
                rows[at]["why"] = why.capitalize()
                continue
            rows[at] |= {"why": "From prior attainment", "expected": float(estimates.expected[at])}
            rows[at] |= {code: 100 * float(found[at]) for code, found in chances.items()}
    rows.sort(key=lambda row: (row.get("why") == "From prior attainment", str(row["name"]).casefold()))
    return Table(
        f"Pupils behind the estimates: {reach.measure.short}, {summer_of(reach.year)}",
        columns,
        rows,
        ["A chance is of pupils like this one; it does not say what this child will do, or should."],
    )


def _prior(pupils: pl.DataFrame) -> list[float | None]:
    if "prior_attainment" not in pupils.columns:
        return [None] * pupils.height
    found: list[float | None] = pupils["prior_attainment"].cast(pl.Float64).to_list()
    return found


@dataclass(frozen=True)
class Listed:
    """One line of a list of targets: a target, or the place where one is still to be proposed."""

    school: str
    urn: str
    measure: Measure
    year: str
    cohort: int
    record: TargetRecord | None
    average: float | None
    """The estimate for average progress when the value was set."""
    late: Lateness | None

    @property
    def stage(self) -> Stage | None:
        return self.record.stage if self.record else None

    def row(self, rule: Rule, held: bool = False) -> dict[str, Cell]:
        """Its cells. ``held``: the target is not told, as the cohort is too small."""
        record, show = self.record, self.measure.show
        hidden = Hidden("Held, not listed")
        outturn = record.outturns[-1].value if record and record.outturns else None
        return {
            "school": self.school,
            "urn": self.urn,
            "measure": self.measure.short,
            "code": self.measure.code,
            "year": self.year,
            "cohort": Hidden(rule.small_label) if rule.is_small(self.cohort) else self.cohort,
            "value": "None yet" if record is None else hidden if held else show(record.current.value),
            "average": "" if self.average is None else hidden if held else show(self.average),
            "standing": standing_in_words(record),
            "waiting": waiting_in_words(record) if record else NOT_PROPOSED,
            "late": self.late.words if self.late else "",
            "outturn": "" if outturn is None else hidden if held else show(outturn),
        }


NOT_PROPOSED = "Waits for the school to propose a target"


def standing_in_words(record: TargetRecord | None) -> str:
    """A standing as a tag says it."""
    return record.standing.value.capitalize() if record else "Not proposed"


LIST_COLUMNS = (
    Column("school", "School"),
    Column("measure", "Measure"),
    Column("year", "Results of"),
    Column("cohort", "Pupils", Kind.NUMBER),
    Column("value", "Target"),
    Column("average", "Estimate, average progress"),
    Column("standing", "Standing"),
    Column("waiting", "What is waited for"),
    Column("late", "Late"),
    Column("outturn", "Outturn"),
)
