"""Clocks: each timescale of the procedure, when it started, when it is due, and whether it was kept.

The units of the dated values say how time is counted:

``hours``                   by the clock, over nights, weekends and holidays
``working days``            Monday to Friday less bank holidays; the day of the event is day 0
``days``                    calendar days that nothing moves: a statutory limit
``days, not later than``    calendar days, moved back to the working day before when they end on a day off
``weeks, not later than``   the same in weeks
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from redway.allegations.editions import Edition
from redway.core.calendar import Calendar
from redway.core.dated_values import DatedValue, Status
from redway.core.errors import InvalidPeriod, NotFound, ValuesError
from redway.core.words import day_in_words, listed

When = date | datetime
"""A day, or a moment. A moment without a zone is the time in England."""
_ENGLAND = ZoneInfo("Europe/London")


class UnknownEventError(NotFound):
    """An event that no clock starts from or stops at."""


class EventOrderError(InvalidPeriod):
    """An event that is said to have happened before the one that must come first."""


class State(StrEnum):
    """How a clock stands."""

    WAITING = "waiting"
    """What starts it has not happened."""
    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"
    """The case ended or went elsewhere before it was due."""


@dataclass(frozen=True)
class ClockRule:
    """One timescale: from which event to which. How long is in the edition, under ``limit``."""

    code: str
    title: str
    starts: str
    ends: str
    limit: str | None
    """Name of the dated value, or None where the rule gives no number: as soon as possible."""
    warn_after_days: int | None = None
    """Calendar days after the start on which to remind, where the limit is long."""


CLOCKS: tuple[ClockRule, ...] = (
    ClockRule("T1", "Employer tells the designated officer", "known", "referred", "report-within"),
    ClockRule("T2", "Designated officer answers the referral", "referred", "answered", "respond-within"),
    ClockRule("T3", "Initial strategy meeting", "referred", "strategy-meeting", "strategy-meeting-within"),
    ClockRule("T4", "Review meeting", "strategy-meeting", "review-meeting", "review-meeting-within"),
    ClockRule("T5", "First review by the designated officer", "evaluated", "reviewed", "review-within"),
    ClockRule(
        "T6",
        "Plainly unfounded or malicious: resolved",
        "plainly-unfounded",
        "closed",
        "resolve-at-once-within",
    ),
    ClockRule(
        "T7",
        "No crime, no formal discipline: employer acts",
        "employer-only",
        "employer-acted",
        "employer-acts-within",
    ),
    ClockRule("T8", "Disciplinary hearing", "hearing-needed", "hearing", "hearing-within"),
    ClockRule(
        "T9", "Investigator's report", "investigator-appointed", "report-received", "investigation-within"
    ),
    ClockRule(
        "T10",
        "Decision whether to hold a hearing",
        "report-received",
        "hearing-decided",
        "decide-on-hearing-within",
    ),
    ClockRule(
        "T12",
        "Police review progress and consult prosecutors",
        "strategy-meeting",
        "police-reviewed",
        "police-review-within",
    ),
    ClockRule(
        "T13",
        "Early-years provider tells Ofsted",
        "early-years-known",
        "inspectorate-told",
        "inspectorate-told-within",
        warn_after_days=7,
    ),
    ClockRule(
        "T14",
        "Referral to the Disclosure and Barring Service",
        "barring-conditions-met",
        "barring-referred",
        None,
    ),
    ClockRule(
        "T15", "The person is told of the allegation", "evaluated", "subject-told", None, warn_after_days=5
    ),
)
"""T11, how many cases are resolved in one, three and twelve months, is about many cases: see statistics."""

EVENTS: tuple[str, ...] = tuple(sorted({event for clock in CLOCKS for event in (clock.starts, clock.ends)}))
_ENDS_A_CASE = ("closed", "transferred")
"""Events that stop every clock still running."""


@dataclass(frozen=True)
class Clock:
    """One clock of one case as it stands on a day."""

    rule: ClockRule
    state: State
    started: When | None
    due: When | None
    """None while it waits, or where the rule gives no number."""
    ended: When | None
    reason: str
    """Why it stands so, in a sentence."""
    counted: str = ""
    """How the time is counted, such as '3 working days'."""
    source: str = ""
    unconfirmed: bool = False
    warning: bool = False
    """Running, and near its end or past the day on which to remind."""


def clocks(edition: Edition, events: Mapping[str, When], calendar: Calendar, now: When) -> tuple[Clock, ...]:
    """Every clock of a case.

    ``events`` says when each thing happened (names in EVENTS, and 'closed' or 'transferred'). ``now`` is the
    moment at which the question is asked. Raises UnknownEventError, EventOrderError (an end before its
    start) and OutsideCalendar (working days beyond the years of the table).
    """
    if unknown := sorted(set(events) - set(EVENTS) - set(_ENDS_A_CASE)):
        raise UnknownEventError(
            f"No clock knows the event {listed(unknown)}.", f"Events are {listed((*EVENTS, 'transferred'))}."
        )
    return tuple(_clock(rule, edition, events, calendar, now) for rule in CLOCKS)


def due(start: When, limit: DatedValue, calendar: Calendar) -> When:
    """When a limit that starts at an event runs out: a moment for hours, else a day, which is inside it.

    Where hours are counted from a day without a time, the whole of the last day is inside.
    Raises OutsideCalendar and, for a unit that is no way of counting, ValuesError.
    """
    if not isinstance(limit.value, int):
        raise ValuesError(f"'{limit.name}' is not a whole number of {limit.unit}.", f"Mend {limit.file}.")
    count, day = limit.value, day_of(start)
    match limit.unit:
        case "hours" if isinstance(start, datetime):
            return (_moment(start) + timedelta(hours=count)).astimezone(_ENGLAND)
        case "hours":
            return day + timedelta(hours=count)
        case "working days":
            return calendar.add_working_days(day, count)
        case "days":
            return day + timedelta(days=count)
        case "days, not later than":
            return _moved_back(day + timedelta(days=count), calendar)
        case "weeks, not later than":
            return _moved_back(day + timedelta(weeks=count), calendar)
    raise ValuesError(f"'{limit.name}' is counted in '{limit.unit}', which is no way of counting.")


def day_of(when: When) -> date:
    """The day in England on which something happened."""
    return _moment(when).astimezone(_ENGLAND).date() if isinstance(when, datetime) else when


def is_after(when: When, limit: When) -> bool:
    """Whether something came too late: after the moment, or after the end of the day."""
    if isinstance(when, datetime) and isinstance(limit, datetime):
        return _moment(when) > _moment(limit)
    return day_of(when) > day_of(limit)


def _moment(when: datetime) -> datetime:
    return (when if when.tzinfo else when.replace(tzinfo=_ENGLAND)).astimezone(UTC)


def _moved_back(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working_day(day) else calendar.previous_working_day(day)


def _clock(
    rule: ClockRule, edition: Edition, events: Mapping[str, When], calendar: Calendar, now: When
) -> Clock:
    started, ended = events.get(rule.starts), events.get(rule.ends)
    limit = edition.find(rule.limit) if rule.limit else None
    waiting = Clock(
        rule,
        State.WAITING,
        None,
        None,
        ended,
        f"'{rule.starts}' has not happened.",
        counted=_counted(rule, limit),
        source=limit.source if limit else "",
        unconfirmed=limit is not None and limit.status is Status.UNCONFIRMED,
    )
    if started is None:
        return waiting
    if ended is not None and is_after(started, ended):
        raise EventOrderError(
            f"{rule.title}: '{rule.ends}' on {_said(ended)} is before '{rule.starts}' on {_said(started)}.",
            "Check the two dates.",
        )
    until = due(started, limit, calendar) if limit else None
    state, reason = _state(rule, edition, started, until, ended, events, now)
    warning = state is State.RUNNING and _wants_warning(rule, started, until, now)
    return replace(waiting, state=state, started=started, due=until, reason=reason, warning=warning)


def _counted(rule: ClockRule, limit: DatedValue | None) -> str:
    """How the time is counted, in words."""
    if limit is None:
        return "no limit set" if rule.limit else "as soon as possible"
    what, comma, more = limit.unit.partition(",")
    return f"{limit.value} {what.removesuffix('s') if limit.value == 1 else what}{comma}{more}"


def _state(
    rule: ClockRule,
    edition: Edition,
    started: When,
    until: When | None,
    ended: When | None,
    events: Mapping[str, When],
    now: When,
) -> tuple[State, str]:
    unlimited = f"{edition.name} sets no limit; a local profile may." if until is None and rule.limit else ""
    if ended is not None and unlimited:
        return State.MET, f"Done on {_said(ended)}. {unlimited}"
    if ended is not None:
        if until is None:
            return State.MET, f"Done on {_said(ended)}; the rule gives no number of days."
        if is_after(ended, until):
            return State.MISSED, f"Done on {_said(ended)}, after {_said(until)}."
        return State.MET, f"Done on {_said(ended)}, due by {_said(until)}."
    over = [events[name] for name in _ENDS_A_CASE if name in events]
    if over and (until is None or not is_after(min(over, key=day_of), until)):
        return State.STOPPED, f"The case ended on {_said(min(over, key=day_of))}."
    if until is not None and is_after(now, until):
        return State.MISSED, f"It was due by {_said(until)} and has not been done."
    if unlimited:
        return State.RUNNING, unlimited
    if until is None:
        return State.RUNNING, f"Since {_said(started)}; the rule gives no number of days."
    return State.RUNNING, f"Due by {_said(until)}."


def _wants_warning(rule: ClockRule, started: When, until: When | None, now: When) -> bool:
    if rule.warn_after_days is not None:
        return (day_of(now) - day_of(started)).days >= rule.warn_after_days
    return until is not None and (day_of(until) - day_of(now)).days <= 1


def _said(when: When) -> str:
    if isinstance(when, datetime):
        return f"{day_in_words(day_of(when))} at {_moment(when).astimezone(_ENGLAND):%H:%M}"
    return day_in_words(when)
