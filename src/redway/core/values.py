"""The one loader of dated values: whatever changes by year (a rate, a threshold) lies in TOML.

A folder of values holds one file per year or per subject. A file is a list of entries:

    from = 2025-04-01            # defaults for the entries below; any entry may state its own
    to = 2026-03-31
    source = "National funding formula 2025 to 2026, table 2"
    status = "published"
    previous = "2024-25"         # every value of that file goes on into this year, unless changed below
    ended = ["sparsity-taper"]   # values of the previous year that stopped

    [[value]]
    name = "lump-sum"
    value = 145100
    unit = "pounds"

    [[gap]]                      # days for which it is known that nothing is held
    name = "covid-premium"
    from = 2020-09-01
    to = 2021-08-31
    reason = "The premium was not paid in 2020-21"

Loading refuses a hole between two values of one name unless it is declared, two values on one day,
a missing source or status, and a name whose unit or type changes. Decimals are exact.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from redway.core.dated_values import DatedValue, DatedValues, Gap, Status, Value
from redway.core.errors import ValuesError
from redway.core.words import day_in_words, listed

__all__ = ["DatedValue", "DatedValues", "Gap", "Status", "load_values", "read_values"]

_FILE_KEYS = {"title", "from", "to", "unit", "source", "status", "previous", "ended", "value", "gap"}
_VALUE_KEYS = {"name", "value", "unit", "from", "to", "source", "status", "note"}
_GAP_KEYS = {"name", "from", "to", "reason"}
_ONE_DAY = timedelta(days=1)


def load_values(folder: Traversable | Path) -> DatedValues:
    """Read and check every ``*.toml`` file of ``folder`` (a path or ``importlib.resources`` folder).

    Raises ValuesError naming the file, the entry and what to mend.
    """
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    if not files:
        raise ValuesError(f"{folder.name} holds no values.", "Put at least one .toml file of values there.")
    return read_values(folder.name, {f.name: f.read_text(encoding="utf-8") for f in files})


def read_values(folder: str, texts: Mapping[str, str]) -> DatedValues:
    """The same from texts: file name -> its content.

    >>> held = read_values("clocks", {"national.toml": '''
    ... [[value]]
    ... name = "report-within"
    ... value = 1
    ... unit = "working days"
    ... from = 2018-09-03
    ... source = "Working Together 2018, page 62"
    ... status = "published"
    ... '''})
    >>> held.whole_number_on("report-within", date(2026, 4, 2))
    1
    """
    files = {name.removesuffix(".toml"): _read_file(name, text) for name, text in texts.items()}
    entries: dict[str, list[DatedValue]] = defaultdict(list)
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for stem, file in files.items():
        for entry in _year_of(stem, files, folder):
            entries[entry.name].append(entry)
        for gap in file.gaps:
            gaps[gap.name].append(gap)
    if unvalued := sorted(set(gaps) - set(entries)):
        raise ValuesError(f"{folder} declares a gap of {listed(unvalued)}, which has no value at all.")
    return DatedValues(
        folder,
        {name: _in_order(name, found, gaps.get(name, [])) for name, found in entries.items()},
        {name: tuple(found) for name, found in gaps.items()},
    )


@dataclass(frozen=True)
class _File:
    """One file as it was written, before the values of the year before are carried on."""

    name: str
    start: date | None
    end: date | None
    previous: str
    ended: tuple[str, ...]
    values: tuple[DatedValue, ...]
    gaps: tuple[Gap, ...]


def _read_file(name: str, text: str) -> _File:
    try:
        written = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ValuesError(f"{name} is not readable TOML: {error}.", "Mend the line named.") from None
    _refuse_unknown(written, _FILE_KEYS, name)
    return _File(
        name,
        _day_or_none(written.get("from"), name),
        _day_or_none(written.get("to"), name),
        written.get("previous", ""),
        tuple(written.get("ended", ())),
        tuple(_read_value(name, entry, written) for entry in written.get("value", ())),
        tuple(_read_gap(name, entry) for entry in written.get("gap", ())),
    )


def _read_value(file: str, entry: Mapping[str, Any], defaults: Mapping[str, Any]) -> DatedValue:
    where = f"'{entry.get('name', '?')}' in {file}"
    _refuse_unknown(entry, _VALUE_KEYS, where)

    def stated(key: str) -> Any:
        return entry.get(key, defaults.get(key))

    if not entry.get("name") or "value" not in entry:
        raise ValuesError(f"{where} lacks a name or a value.", "State both 'name' and 'value'.")
    start, end = _day_or_none(stated("from"), where), _day_or_none(stated("to"), where)
    if start is None:
        raise ValuesError(f"{where} does not say from which day it holds.", "Write from = 2025-04-01.")
    if end is not None and end < start:
        raise ValuesError(f"{where} ends before it starts.", "Swap 'from' and 'to', or mend the year.")
    source = str(stated("source") or "").strip()
    if not source:
        raise ValuesError(f"{where} has no source.", "Name the publication and the page or table.")
    return DatedValue(
        entry["name"],
        value := _frozen(entry["value"], where),
        _unit(stated("unit"), value, where),
        start,
        end,
        source,
        _status(stated("status"), where),
        file,
        entry.get("note", ""),
    )


def _read_gap(file: str, entry: Mapping[str, Any]) -> Gap:
    where = f"the gap of '{entry.get('name', '?')}' in {file}"
    _refuse_unknown(entry, _GAP_KEYS, where)
    missing = _GAP_KEYS - {key for key, value in entry.items() if value}
    if missing:
        raise ValuesError(f"{where} lacks {listed(sorted(missing))}.", "A gap says its days and its reason.")
    start, end = _day_or_none(entry["from"], where), _day_or_none(entry["to"], where)
    if start is None or end is None or end < start:
        raise ValuesError(f"{where} does not name days in order.", "Write from and to as days.")
    return Gap(entry["name"], start, end, entry["reason"], file)


def _refuse_unknown(written: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(written) - known)
    if unknown:
        raise ValuesError(
            f"{where} has {listed(unknown)}, which nothing reads.", f"Known words: {listed(sorted(known))}."
        )


def _is_day(value: object) -> bool:
    # A TOML date-time is also a date to Python, and must not pass for a day.
    return type(value) is date


def _day_or_none(value: Any, where: str) -> date | None:
    if value is None or _is_day(value):
        return value  # type: ignore[no-any-return]
    raise ValuesError(
        f"{where} has '{value}' where a day belongs.", "Write it as 2025-04-01, without quotes."
    )


def _frozen(value: Any, where: str) -> Value:
    if isinstance(value, list):
        return tuple(_scalar(item, where) for item in value)
    return _scalar(value, where)


def _scalar(value: Any, where: str) -> bool | int | Decimal | str | date:
    if isinstance(value, bool | int | Decimal | str) or _is_day(value):
        return value  # type: ignore[no-any-return]
    raise ValuesError(f"{where} is neither a number, a text, a date, yes/no nor a list of these.")


def _unit(unit: Any, value: Value, where: str) -> str:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if is_number and not unit:
        raise ValuesError(
            f"{where} is a number without a unit.", 'Write unit = "pounds", "children", "percent"...'
        )
    return str(unit or "")


def _status(status: Any, where: str) -> Status:
    try:
        return Status(status)
    except ValueError:
        raise ValuesError(f"{where} has no status.", f"Write one of {listed(list(Status))}.") from None


def _year_of(
    stem: str, files: Mapping[str, _File], folder: str, asked_by: tuple[str, ...] = ()
) -> list[DatedValue]:
    """The values of one file, with those of the year before that it neither changes nor ends."""
    file = files[stem]
    if not file.previous:
        return list(file.values)
    if file.previous not in files:
        raise ValuesError(
            f"{file.name} follows '{file.previous}', which is not in {folder}.",
            f"Load {file.previous}.toml there.",
        )
    if file.previous in (*asked_by, stem):
        raise ValuesError(f"{file.name} follows itself through '{file.previous}'.", "Mend 'previous'.")
    before = files[file.previous]
    if file.start is None or file.end is None:
        raise ValuesError(
            f"{file.name} follows another year but does not say which days it covers.",
            "State 'from' and 'to'.",
        )
    if before.end is None or before.end + _ONE_DAY != file.start:
        raise ValuesError(
            f"{file.name} starts on {day_in_words(file.start)}, not on the day after {before.name} ends.",
            "Make the years follow one another.",
        )
    last = [v for v in _year_of(file.previous, files, folder, (*asked_by, stem)) if v.holds_on(before.end)]
    unknown = sorted(set(file.ended) - {value.name for value in last})
    if unknown:
        raise ValuesError(f"{file.name} ends {listed(unknown)}, which {before.name} does not hold.")
    changed = {value.name for value in file.values} | set(file.ended)
    carried = [replace(v, start=file.start, end=file.end) for v in last if v.name not in changed]
    return [*carried, *file.values]


def _in_order(name: str, found: Sequence[DatedValue], gaps: Sequence[Gap]) -> tuple[DatedValue, ...]:
    """The values of one name by day, after refusing holes, doubles and changes of unit or type."""
    ordered = tuple(sorted(found, key=lambda value: value.start))
    for earlier, later in pairwise(ordered):
        if earlier.end is None or later.start <= earlier.end:
            raise ValuesError(
                f"'{name}' has two values on {day_in_words(later.start)}: "
                f"in {earlier.file} and in {later.file}.",
                "End the first before the second starts, or delete one.",
            )
        if not _covered(earlier.end + _ONE_DAY, later.start - _ONE_DAY, gaps):
            raise ValuesError(
                f"'{name}' has no value from {day_in_words(earlier.end + _ONE_DAY)} "
                f"to {day_in_words(later.start - _ONE_DAY)}.",
                "Add the value of these days, or declare a [[gap]] with its reason.",
            )
        if earlier.unit != later.unit or _type(earlier) != _type(later):
            raise ValuesError(
                f"'{name}' changes from {_type(earlier)} in {earlier.unit or 'no unit'} ({earlier.file}) "
                f"to {_type(later)} in {later.unit or 'no unit'} ({later.file}).",
                "Give the new measure a new name.",
            )
    for gap in gaps:
        if any(value.start <= gap.end and (value.end is None or gap.start <= value.end) for value in ordered):
            raise ValuesError(
                f"'{name}' has a value inside the gap declared in {gap.file}.", "Shorten the gap."
            )
    return ordered


def _covered(first: date, last: date, gaps: Sequence[Gap]) -> bool:
    for gap in sorted(gaps, key=lambda gap: gap.start):
        if gap.start <= first <= gap.end:
            first = gap.end + _ONE_DAY
    return first > last


def _type(entry: DatedValue) -> str:
    match entry.value:
        case bool():
            return "yes or no"
        case int() | Decimal():
            return "a number"
        case str():
            return "a text"
        case date():
            return "a date"
    return "a list"
