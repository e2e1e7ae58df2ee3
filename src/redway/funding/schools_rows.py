"""The schools file: one row a school, taken in whole or refused with everything that is wrong in it.

Columns that must be there: urn, name, phase, status, locality, pupils_primary, pupils_ks3, pupils_ks4. Then
for each factor of additional needs and each of primary and secondary either a count (``fsm_primary``) or a
share of the roll (``fsm_primary_share``), and further columns as ``OPTIONAL`` lists them. A factor whose
columns are absent is not used; a blank cell in a column that is there is wrong. The file is described in
docs/reference/schools-file.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from redway.core.money import Money
from redway.core.words import counted
from redway.datasets.checked_rows import TableRefused
from redway.datasets.text_rows import TextRow
from redway.funding.factors import ADDITIONAL_NEEDS
from redway.funding.rounding import PARTS, Whole
from redway.funding.schools import Baseline, Flags, Phase, Schools, SchoolStatus, Units
from redway.funding.schools_columns import NEEDS_COLUMNS, OPTIONAL, PREMISES_COLUMNS, REQUIRED
from redway.funding.schools_row import SchoolRow


class SchoolsFileRefused(TableRefused):
    """A schools file of which nothing was taken in."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        super().__init__(problems)
        self.message = f"{file}: {self.message[0].lower()}{self.message[1:]}"
        self.args = (f"{self.message} {self.next_step}",)


def schools_from_rows(headings: Sequence[str], rows: Sequence[TextRow], file: str) -> Schools:
    """The schools of a file in columns. Headings and cells are named as ``datasets.text_rows`` names them.

    Raises SchoolsFileRefused with a sentence for everything wrong: row, column, value and what to do.
    """
    columns = [heading.replace(" ", "_") for heading in headings]
    problems = _wrong_headings(columns)
    if not rows:
        problems.append("There is no row of a school under the headings.")
    if problems:
        raise SchoolsFileRefused(file, problems)
    read = [SchoolRow(row, columns) for row in rows]
    problems += [problem for row in read for problem in row.problems]
    problems += _repeated(read)
    if problems:
        raise SchoolsFileRefused(file, problems)
    return _in_columns(read, columns)


def rows_of(schools: Schools) -> tuple[list[str], list[dict[str, str]]]:
    """Headings and rows of a file that would be read as these schools."""
    columns: dict[str, list[str]] = {
        "urn": list(schools.urn),
        "name": list(schools.name),
        "phase": [phase.value for phase in schools.phase],
        "status": [status.value for status in schools.status],
        "locality": list(schools.locality),
        **{name: _numbers(getattr(schools, name)) for name in ("pupils_primary", "pupils_ks3", "pupils_ks4")},
    }
    for name, units in schools.needs.items():
        if units.shares is None:
            columns[name] = _numbers(units.whole)
        else:
            columns[f"{name}_share"] = [f"{Decimal(int(share)) / PARTS:f}" for share in units.shares]
    if schools.miles is not None:
        columns["sparsity_miles"] = [f"{Decimal(int(miles)) / 1000:f}" for miles in schools.miles]
    for name, whole in (("year_groups", schools.year_groups), ("split_sites", schools.sites)):
        if whole is not None:
            columns[name] = _numbers(whole)
    if schools.distant_sites is not None:
        distant = schools.distant_sites
        columns["split_sites_distant"] = [f"{distant.of(row):f}" for row in range(len(schools))]
    for name, pence in schools.premises.items():
        columns[name] = _pounds(pence)
    columns |= _baseline_columns(schools)
    return list(columns), [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def counted_twice(schools: Schools, line_of: Mapping[str, str]) -> list[str]:
    """Schools that stand in two rows under two numbers: the one before a conversion and the one after.

    ``line_of`` maps a URN to the continuing school it belongs to. Returns a sentence for each.
    """
    seen: dict[str, str] = {}
    found = []
    for urn in schools.urn:
        line = line_of.get(urn, urn)
        if line in seen:
            found.append(
                f"{seen[line]} and {urn} are one school before and after a conversion or merger: "
                "its pupils would be paid for twice. Keep the row of the school that is open."
            )
        seen.setdefault(line, urn)
    return found


def _baseline_columns(schools: Schools) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if (held := schools.baseline) is not None:
        blank = ~held.known
        for name, values in (
            ("baseline_budget", _pounds(held.budget)),
            ("baseline_pupils", _numbers(held.pupils)),
        ):
            found[name] = ["" if none else value for value, none in zip(values, blank, strict=True)]
        found["baseline_rates"] = _pounds(held.rates)
        found["baseline_exclusions"] = _pounds(held.exclusions)
        found["baseline_grants"] = _pounds(held.grants)
    if schools.exclusions is not None:
        found["exclusions"] = _pounds(schools.exclusions)
    if schools.growing is not None:
        found["growing"] = ["yes" if growing else "no" for growing in schools.growing]
    if schools.no_baseline_because:
        found["no_baseline_reason"] = list(schools.no_baseline_because)
    return found


def _numbers(column: Whole) -> list[str]:
    return [str(int(value)) for value in column]


def _pounds(pence: Whole) -> list[str]:
    return [str(Money(int(value)).pounds) for value in pence]


def _wrong_headings(columns: Sequence[str]) -> list[str]:
    known = {*REQUIRED, *OPTIONAL, *NEEDS_COLUMNS}
    problems = [
        f"The column {name} is missing: {REQUIRED[name]}. The headings stand in the first row."
        for name in REQUIRED
        if name not in columns
    ]
    problems += [
        f"The column '{name}' is not known. Take it out, or name it as docs/reference/schools-file.md does."
        for name in dict.fromkeys(columns)
        if name and name not in known
    ]
    if "" in columns[: len(list(filter(None, columns)))]:
        problems.append("A column has no heading: cells of the first row are empty or merged.")
    problems += [f"The column {name} is there twice." for name in sorted(known) if columns.count(name) > 1]
    problems += [
        f"{name} is there as a count and as a share: keep one of the two."
        for name in (factor.name for factor in ADDITIONAL_NEEDS)
        if name in columns and f"{name}_share" in columns
    ]
    for name, with_it in (
        ("sparsity_miles", "year_groups"),
        ("split_sites_distant", "split_sites"),
        ("baseline_pupils", "baseline_budget"),
        ("baseline_budget", "baseline_pupils"),
        ("baseline_rates", "baseline_budget"),
        ("baseline_exclusions", "baseline_budget"),
        ("baseline_grants", "baseline_budget"),
    ):
        if name in columns and with_it not in columns:
            problems.append(f"The column {name} needs {with_it} beside it.")
    return problems


def _repeated(rows: Sequence[SchoolRow]) -> list[str]:
    problems: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        if row.urn and row.urn in seen:
            problems.append(
                f"Row {row.number}, urn: '{row.urn}' stands in row {seen[row.urn]} already: keep one of them."
            )
        seen.setdefault(row.urn, row.number)
    problems += [
        f"Row {row.number}, predecessor_urn: '{row.predecessor}' has a row of its own (row "
        f"{seen[row.predecessor]}): a converted school is paid for once. Keep the row of the successor."
        for row in rows
        if row.predecessor and row.predecessor in seen and row.predecessor != row.urn
    ]
    return problems


def _in_columns(rows: Sequence[SchoolRow], columns: Sequence[str]) -> Schools:
    def whole(values: Sequence[int]) -> Whole:
        return np.array(values, dtype=np.int64)

    def column(name: str, values: Sequence[int]) -> Whole | None:
        return whole(values) if name in columns else None

    rolls = {
        roll: whole([row.pupils[roll] for row in rows]) for roll in ("primary", "ks3", "ks4", "secondary")
    }
    needs = {}
    for factor in ADDITIONAL_NEEDS:
        share = f"{factor.name}_share"
        if factor.name in columns:
            needs[factor.name] = Units.counted(whole([row.needs[factor.name] for row in rows]))
        elif share in columns:
            needs[factor.name] = Units.shared(whole([row.needs[share] for row in rows]), rolls[factor.pupils])
    distant = column("split_sites_distant", [row.distant for row in rows])
    growing: Flags | None = (
        np.array([row.growing for row in rows], dtype=np.bool_) if "growing" in columns else None
    )
    return Schools(
        urn=tuple(row.urn for row in rows),
        name=tuple(row.name for row in rows),
        phase=tuple(Phase(row.phase) for row in rows),
        status=tuple(SchoolStatus(row.status) for row in rows),
        locality=_localities([row.locality for row in rows]),
        pupils_primary=rolls["primary"],
        pupils_ks3=rolls["ks3"],
        pupils_ks4=rolls["ks4"],
        needs=needs,
        miles=column("sparsity_miles", [row.miles for row in rows]),
        year_groups=column("year_groups", [row.year_groups for row in rows]),
        sites=column("split_sites", [row.sites for row in rows]),
        distant_sites=None if distant is None else Units(distant // PARTS, distant % PARTS),
        premises={
            name: whole([row.premises[name] for row in rows]) for name in PREMISES_COLUMNS if name in columns
        },
        baseline=_baseline(rows) if "baseline_budget" in columns else None,
        exclusions=column("exclusions", [row.exclusions for row in rows]),
        growing=growing if "growing" in columns else None,
        no_baseline_because=tuple(row.reason for row in rows) if "no_baseline_reason" in columns else (),
    )


def _localities(written: Sequence[str]) -> tuple[str, ...]:
    """One place in capitals and in small letters is one place, as most rows write it."""
    spellings = Counter(" ".join(text.split()) for text in written)
    usual: dict[str, str] = {}
    for text, _ in spellings.most_common():
        usual.setdefault(text.casefold(), text)
    return tuple(usual[" ".join(text.split()).casefold()] for text in written)


def _baseline(rows: Sequence[SchoolRow]) -> Baseline:
    def held(name: str) -> Whole:
        return np.array([row.baseline[name] for row in rows], dtype=np.int64)

    return Baseline(
        budget=held("baseline_budget"),
        pupils=held("baseline_pupils"),
        rates=held("baseline_rates"),
        exclusions=held("baseline_exclusions"),
        grants=held("baseline_grants"),
        known=np.array([row.known for row in rows], dtype=np.bool_),
    )


def schools_in_words(schools: Schools) -> str:
    """'105 schools with 45,210 pupils'."""
    return f"{counted(len(schools), 'school')} with {int(schools.pupils.sum()):,} pupils"
