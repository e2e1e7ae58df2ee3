"""Everything a page or paper says about one target, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redway.attainment.target_levels import small_cohort
from redway.attainment.target_record import (
    Standing,
    TargetRecord,
    Verdict,
    waiting_in_words,
)
from redway.attainment.target_timetable import Lateness, lateness
from redway.core.calendar import load_calendar
from redway.core.words import signed
from redway.figures.disclosure import rule_on
from redway.figures.table import Table
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.models import TargetOutturn
from redway.web.attainment.targets import sentences
from redway.web.attainment.targets.access import Place
from redway.web.attainment.targets.cycles import Cycle, cycle_of
from redway.web.attainment.targets.estimating import Reach, Sources, reach_of, sources_of
from redway.web.attainment.targets.frozen import Frozen, freeze, thaw
from redway.web.attainment.targets.records import record_of
from redway.web.attainment.targets.tables import NOT_PROPOSED, levels_table, standing_in_words
from redway.web.attainment.targets.timeline import Happening, timeline
from redway.web.datasets.naming import versions_in_words


@dataclass(frozen=True)
class Shown:
    """One target, or the place where one is to be proposed, with what it is set against."""

    place: Place
    record: TargetRecord | None
    cycle: Cycle
    frozen: Frozen
    """As shown when the present value was set; as in force now while there is none."""
    now: Frozen | None
    """As in force now, where the data have changed since; else None."""
    late: Lateness | None
    made_up: bool

    @property
    def value(self) -> float | None:
        return self.record.current.value if self.record else None

    @property
    def standing(self) -> str:
        """'Provisional'; 'Not proposed' while there is no target."""
        return standing_in_words(self.record)

    @property
    def waiting(self) -> str:
        if self.record is None:
            return NOT_PROPOSED
        return waiting_in_words(self.record)

    @property
    def is_small(self) -> bool:
        """Whether the cohort is too small for its target ever to be published."""
        return 0 < self.frozen.cohort <= small_cohort(date.fromisoformat(self.frozen.on))

    @property
    def findings(self) -> list[str]:
        """What the page says first."""
        said = []
        if self.value is not None:
            said.append(sentences.beside_average(self.place.measure, self.value, self.frozen))
            said.append(sentences.chance_in_words(self.frozen))
        if self.frozen.why_none:
            said.append(self.frozen.why_none)
        return [sentence for sentence in said if sentence]

    @property
    def about(self) -> list[str]:
        """What the estimates are of and rest on."""
        if not self.frozen.levels:
            return []
        name = self.place.school.authority_name
        return [
            " ".join(sentences.coverage(self.frozen, rule_on(date.fromisoformat(self.frozen.on)))),
            sentences.rests_on(self.place.measure, self.frozen, name),
        ]

    @property
    def past(self) -> list[str]:
        """The last outturns and the school's progress."""
        measure = self.place.measure
        said = [
            sentences.outturns_words(measure, self.frozen),
            sentences.progress_words(measure, self.frozen),
        ]
        return [sentence for sentence in said if sentence]

    @property
    def since(self) -> str:
        """How the estimate has moved since the value was set; empty where nothing has changed."""
        if self.now is None or self.now.average is None or self.frozen.average is None:
            return ""
        moved = round(self.now.average.value - self.frozen.average.value, 1)
        measure = self.place.measure
        if moved == 0:
            return "Data have come in since, and the estimate for average progress is the same."
        return (
            "Data have come in since this value was set. The estimate for average progress would now be "
            f"{measure.show(self.now.average.value)}, {signed(moved, 1)} on the one above."
        )

    @property
    def outturn(self) -> TargetOutturn | None:
        """The outturn that holds."""
        if self.place.target is None:
            return None
        return next(iter(reversed(self.place.target.outturns.all())), None)

    @property
    def verdict(self) -> str:
        """Whether a reservation was right; empty where there is nothing to judge."""
        if self.record is None:
            return ""
        found = self.record.reservation_was(self.frozen.chance_alone)
        if found in (Verdict.NO_RESERVATION, Verdict.NOT_YET):
            return ""
        return f"Was the reservation right? {found.value}"

    @property
    def met(self) -> str:
        """How the outturn lies beside the target, in a sentence; empty without one."""
        if self.outturn is None or self.value is None:
            return ""
        return sentences.beside_target(self.place.measure, float(self.outturn.value), self.value)

    @property
    def happenings(self) -> list[Happening]:
        target = self.place.target
        return timeline(target, self.place.measure) if target else []

    @property
    def levels(self) -> Table:
        return levels_table(self.place.measure, self.place.year, self.frozen, self.value)

    @property
    def versions(self) -> list[str]:
        """The dataset versions behind the estimates, in words. One query."""
        return versions_in_words(self.frozen.versions)


def late_of(record: TargetRecord | None, cycle: Cycle, on: date) -> Lateness | None:
    """How late a target is, or one that is not proposed; nothing is late once the outturn is known."""
    if record is not None and record.outturns:
        return None
    return lateness(record.stage if record else None, cycle.timetable, on, load_calendar())


def shown_of(place: Place, on: date) -> Shown:
    """What is said about a target on a day."""
    cycle = cycle_of(place.authority, place.year)
    sources = sources_of(place.school.authority, place.measure.key_stage)
    record = record_of(place.target) if place.target else None
    kept = thaw(current_frozen(place)) if place.target else None
    now = None
    if kept is None or kept.versions != sources.numbers:
        now = freeze_now(place, cycle, sources, on)
    return Shown(
        place,
        record,
        cycle,
        kept or now or Frozen(on.isoformat(), 0),
        now if kept is not None else None,
        late_of(record, cycle, on),
        made_up_in((*sources.results.versions, *sources.on_roll.versions)),
    )


def freeze_now(place: Place, cycle: Cycle, sources: Sources, on: date, value: float | None = None) -> Frozen:
    """What is in force now, as it would be frozen with a value."""
    return freeze(reach_now(place, sources, on), cycle.levels, rule_on(on), on, value)


def reach_now(place: Place, sources: Sources, on: date) -> Reach:
    """What the cohort may reach by what is in force now."""
    return reach_of(sources, place.school.key, place.measure, place.year, on)


def current_frozen(place: Place) -> dict[str, object]:
    """What was kept with the present value."""
    assert place.target is not None
    kept: dict[str, object] = list(place.target.versions.all())[-1].frozen
    return kept


TAGS = {
    Standing.CONFIRMED: "green",
    Standing.PROVISIONAL: "yellow",
    Standing.NOT_AGREED: "red",
    Standing.LAPSED: "grey",
    Standing.IN_TALKS: "blue",
    Standing.WITHDRAWN: "grey",
}


def tag_of(record: TargetRecord | None) -> str:
    """The colour of the tag; the word in it says the same."""
    return TAGS[record.standing] if record else "grey"


def earlier_values(record: TargetRecord | None) -> Sequence[float]:
    """The values before the present one, the newest first."""
    return [version.value for version in reversed(record.versions[:-1])] if record else []
