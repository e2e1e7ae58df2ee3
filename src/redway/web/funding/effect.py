"""What a scenario does beside another: totals, who gains and who loses, school by school, and on a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from redway.core.errors import NotFound
from redway.core.money import Money
from redway.core.words import counted, listed
from redway.figures.areas import authority_outline
from redway.figures.chart import Chart, Measure
from redway.figures.gains import Gain, gains_chart, kind_of
from redway.figures.maps import Place, points_map
from redway.figures.table import Column, Kind, Row, Table
from redway.figures.theme import PAGE
from redway.funding.absorption import Absorber, Absorption, absorption
from redway.funding.calculation import Budgets
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.rate_fields import label_of, pounds
from redway.web.register.models import Authority, Establishment

CHANGE = Measure("change of budget", "percent", 2)
_SHOWN_FIRST = ("name", "after", "change", "percent", "a_pupil", "held_by")
_HELD_WORDS = {
    Absorber.MINIMUM_PER_PUPIL: "Minimum per-pupil level",
    Absorber.GUARANTEE: "Guarantee",
    Absorber.GAINS_CAP: "Cap",
}


@dataclass(frozen=True)
class Effect:
    """A result beside the one it is compared with, over the same schools.

    ``for_schools`` is what all budgets may come to; None while nobody has set the money down.
    """

    before: Budgets
    after: Budgets
    against: str
    for_schools: Money | None

    @cached_property
    def absorption(self) -> Absorption:
        return absorption(self.before, self.after)

    @cached_property
    def rows(self) -> list[Row]:
        """One row a school, in the order of the table of schools."""
        schools = self.after.schools
        held = [""] * len(schools)
        for absorber, which in self.absorption.swallowed_by.items():
            for row in which.nonzero()[0].tolist():
                held[row] = _HELD_WORDS[absorber]
        columns = zip(
            schools.urn,
            schools.name,
            schools.phase,
            schools.status,
            schools.locality,
            schools.pupils.tolist(),
            self.before.total.tolist(),
            self.after.total.tolist(),
            self.after.minimum_per_pupil.tolist(),
            self.after.guarantee.tolist(),
            self.after.gains_cap.tolist(),
            held,
            strict=True,
        )
        return [
            {
                "urn": urn,
                "name": name,
                "phase": phase.value.replace("_", "-"),
                "status": status.value,
                "locality": locality,
                "pupils": pupils,
                "before": Money(before),
                "after": Money(after),
                "change": Money(after - before),
                "percent": (after - before) / before * 100 if before else None,
                "a_pupil": Money(after - before).divided_by(pupils) if pupils else None,
                "minimum_per_pupil": Money(least),
                "guarantee": Money(kept),
                "gains_cap": Money(-cap),
                "held_by": why,
            }
            for urn, name, phase, status, locality, pupils, before, after, least, kept, cap, why in columns
        ]

    @cached_property
    def changes(self) -> list[int]:
        """What each school gets more, in pence."""
        changed = self.after.total - self.before.total
        return [int(pence) for pence in changed]

    @property
    def total(self) -> Money:
        return Money(self.after.authority_total)

    @property
    def change(self) -> Money:
        return Money(self.after.authority_total - self.before.authority_total)

    @property
    def headroom(self) -> Money | None:
        """What is left of the money; below nothing where it does not suffice."""
        return None if self.for_schools is None else self.for_schools - self.total

    def count(self, kind: str) -> int:
        """How many schools gain, lose or stay as they are."""
        return sum(kind_of(change) == kind for change in self.changes)

    @property
    def protections(self) -> list[tuple[str, str]]:
        """How many schools each protection reaches, and what it costs."""
        parts = (
            ("Minimum per-pupil level", self.after.minimum_per_pupil, 1),
            ("Minimum funding guarantee", self.after.guarantee, 1),
            ("Cap on gains", self.after.gains_cap, -1),
        )
        return [
            (label, f"{counted(int((amounts > 0).sum()), 'school')}, {pounds(sign * int(amounts.sum()))}")
            for label, amounts, sign in parts
            if amounts.any()
        ]

    @property
    def absorbed_words(self) -> str:
        """Which schools the change does not reach, and why; empty where it reaches everybody."""
        held = self.absorption
        unmoved = int(held.unmoved.sum())
        if not unmoved:
            return ""
        by = [
            f"{held.count(absorber)} by the {absorber.value}" for absorber in Absorber if held.count(absorber)
        ]
        return (
            f"{counted(unmoved, 'school is', 'schools are')} not reached: their lines change, and "
            f"something else makes it up ({listed(by)}). On the lines alone the change comes to "
            f"{pounds(held.of_lines.pence)}; with everything counted to {pounds(int(held.total.sum()))}."
        )

    @property
    def said_beside(self) -> list[str]:
        """What must be said beside the result: rates nobody has confirmed, and what is not used."""
        said = []
        if self.after.unconfirmed:
            names = [label_of(name) for name in self.after.unconfirmed]
            more = f" and {len(names) - 4} more" if len(names) > 4 else ""
            said.append(
                f"Nobody has confirmed {counted(len(names), 'rate')} this rests on: "
                f"{'; '.join(names[:4])}{more}. Check them against the published table before you decide."
            )
        if self.after.not_used:
            names = [label_of(name) for name in self.after.not_used]
            said.append(f"Not used: {'; '.join(names)}.")
        return said


def effect_table(effect: Effect, title: str) -> Table:
    """Every school before and after."""
    return Table(
        title,
        [
            Column("name", "School"),
            Column("urn", "URN"),
            Column("phase", "Phase"),
            Column("status", "Status"),
            Column("locality", "Locality"),
            Column("pupils", "Pupils", Kind.NUMBER),
            Column("before", effect.against, Kind.MONEY),
            Column("after", "This scenario", Kind.MONEY),
            Column("change", "Change", Kind.MONEY),
            Column("percent", "Change, percent", Kind.PERCENT, 2),
            Column("a_pupil", "Change a pupil", Kind.MONEY),
            Column("minimum_per_pupil", "Top-up to the minimum level", Kind.MONEY),
            Column("guarantee", "Guarantee", Kind.MONEY),
            Column("gains_cap", "Cap", Kind.MONEY),
            Column("held_by", "Not reached because of"),
        ],
        effect.rows,
    )


def effect_view(
    effect: Effect, query: QueryDict, address: str, kept: Sequence[tuple[str, str]], year: str, scenario: str
) -> TableView:
    """The table of schools as it is looked at now."""
    state = TableState.read(query, "schools")
    known = {f"schools-{part}" for part in ("sort", "find", "column", "page")} | {"part"}
    state = TableState(
        state.name,
        state.sort,
        state.descending,
        state.find,
        state.columns,
        state.page,
        tuple(pair for pair in kept if pair[0] not in known),
    )
    return TableView(
        effect_table(effect, "Every school"),
        state,
        address,
        kept=kept,
        heading="name",
        links={
            "name": lambda row: f"{reverse('funding:statement', args=[row['urn'], year])}?scenario={scenario}"
        },
        first_shown=_SHOWN_FIRST,
        totals=("before", "after", "change", "minimum_per_pupil", "guarantee", "gains_cap", "pupils"),
        nothing="–",
        per_page=25,
    )


def effect_chart(effect: Effect, width: int = PAGE) -> Chart:
    """Who gains and who loses, in percent of what they get now."""
    gains = [
        Gain(str(row["name"]), round(float(row["percent"]), 4))
        for row in effect.rows
        if isinstance(row["percent"], float)
    ]
    return gains_chart("Who gains, who loses, and how much?", CHANGE, gains, width)


def effect_map(effect: Effect, authority: Authority, width: int = PAGE) -> Chart | None:
    """Where the schools that gain and lose are; None where no school has a place."""
    places = places_of(effect.after.schools.urn)
    found = [
        Place(
            str(row["name"]),
            *places[str(row["urn"])],
            note=CHANGE.show(float(row["percent"]))
            if isinstance(row["percent"], float)
            else "no change known",
            kind=kind_of(change),
        )
        for row, change in zip(effect.rows, effect.changes, strict=True)
        if str(row["urn"]) in places
    ]
    if not found:
        return None
    try:
        outline = authority_outline(authority.ons_code)
    except NotFound:
        outline = ()
    return points_map("Where are the schools that gain and lose?", outline, found, width=width)


def places_of(urns: Sequence[str]) -> Mapping[str, tuple[float, float]]:
    """URN -> easting and northing, as the register has them. One query."""
    held = Establishment.objects.filter(urn__in=urns)
    return {
        urn: (float(easting), float(northing))
        for urn, easting, northing in held.values_list("urn", "school__easting", "school__northing")
        if easting is not None and northing is not None
    }
