"""The tables of the forum: what options do, who answered and what, who decides, and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redway.core.money import Money
from redway.core.words import counted, day_in_words, listed
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.funding.consultation_responses import Analysis, QuestionAnswered, Share
from redway.funding.forum_powers import Power
from redway.funding.timetable import Due
from redway.web.funding.forum.asking import PHASES
from redway.web.funding.forum.frozen import LABELS, Frozen, FrozenSchool
from redway.web.funding.forum.models import Action

MADE_UP = (
    "Made up: the schools are those of the register, but their rolls and budgets are invented for the demo."
)
UNCONFIRMED_NOTE = "Stands on national rates that nobody has confirmed."


@dataclass(frozen=True)
class Shown:
    """One option as it is shown."""

    title: str
    about: str
    frozen: Frozen


def effect_by_phase(options: Sequence[Shown]) -> Table:
    """What each option does to the schools of each phase."""
    columns = [
        Column("option", "Option"),
        Column("phase", "Phase"),
        Column("schools", "Schools", Kind.NUMBER),
        Column("total", "Budgets", Kind.MONEY),
        Column("change", "Change from now", Kind.MONEY),
        Column("per_pupil", "Change a pupil", Kind.MONEY),
        Column("gain", "Schools that gain", Kind.NUMBER),
        Column("lose", "Schools that lose", Kind.NUMBER),
        Column("same", "Schools unchanged", Kind.NUMBER),
    ]
    rows: list[Row] = []
    for option in options:
        for phase in [*dict.fromkeys(one.phase for one in option.frozen.schools), ""]:
            of_phase = [one for one in option.frozen.schools if phase in ("", one.phase)]
            rows.append(
                {"option": option.title, "phase": PHASES.get(phase, "All schools"), **_sums(of_phase)}
            )
    return Table("Effect by phase", columns, rows, _notes(options))


def effect_of(option: Shown) -> Table:
    """What one option does to the schools of each phase, in whole pounds: few enough columns for a page."""
    full = effect_by_phase([option])
    columns = [
        Column(column.key, column.heading, column.kind, 0 if column.key == "change" else None)
        for column in full.columns
        if column.key not in ("option", "total")
    ]
    rows: list[Row] = [
        {**row, "change": change.pounds if isinstance(change := row.get("change"), Money) else change}
        for row in full.rows
    ]
    return Table(f"{option.title}: effect by phase", columns, rows, full.notes)


def _sums(schools: Sequence[FrozenSchool]) -> dict[str, Cell]:
    changes = [one.change for one in schools if one.change is not None]
    pupils = sum(one.pupils for one in schools if one.change is not None)
    change = Money(sum(changes))
    return {
        "schools": len(schools),
        "total": Money(sum(one.total for one in schools)),
        "change": change if changes else None,
        "per_pupil": change.divided_by(pupils) if pupils else None,
        "gain": sum(one > 0 for one in changes),
        "lose": sum(one < 0 for one in changes),
        "same": sum(one == 0 for one in changes),
    }


def change_per_pupil_by_phase(option: Frozen) -> list[tuple[str, float]]:
    """(phase, change a pupil in pounds), for a chart; phases of which nothing is known now are left out."""
    found = []
    for phase in dict.fromkeys(one.phase for one in option.schools):
        known = [one for one in option.schools if one.phase == phase and one.change is not None]
        pupils = sum(one.pupils for one in known)
        if pupils:
            change = sum(one.change or 0 for one in known)
            found.append((PHASES.get(phase, phase), float(Money(change).divided_by(pupils).pounds)))
    return found


def schools_table(options: Sequence[Shown]) -> Table:
    """Every school: what it gets now and under each option, to the penny."""
    columns = [
        Column("school", "School"),
        Column("urn", "URN"),
        Column("phase", "Phase"),
        Column("status", "Status"),
        Column("locality", "Locality"),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("before", "Now", Kind.MONEY),
    ]
    rows: dict[str, dict[str, Cell]] = {}
    for at, option in enumerate(options, 1):
        columns += [
            Column(f"total_{at}", option.title, Kind.MONEY),
            Column(f"change_{at}", f"{option.title}: change", Kind.MONEY),
            Column(f"percent_{at}", f"{option.title}: change in percent", Kind.PERCENT, 2),
        ]
        for one in option.frozen.schools:
            row = rows.setdefault(
                one.urn,
                {
                    "school": one.name,
                    "urn": one.urn,
                    "phase": PHASES.get(one.phase, one.phase),
                    "status": one.status.capitalize(),
                    "locality": one.locality,
                    "pupils": one.pupils,
                    "before": _money(one.before),
                },
            )
            row |= {
                f"total_{at}": Money(one.total),
                f"change_{at}": _money(one.change),
                f"percent_{at}": one.change_percent,
            }
    ordered = sorted(rows.values(), key=lambda row: str(row["school"]).casefold())
    return Table("Every school under each option", columns, ordered, _notes(options))


def own_school_table(options: Sequence[Shown], urns: Sequence[str]) -> Table | None:
    """What each option does to one school; None when it is in none of them."""
    held = [(option, one) for option in options if (one := option.frozen.of(urns)) is not None]
    if not held:
        return None
    columns = [
        Column("option", "Option"),
        Column("total", "Budget", Kind.MONEY),
        Column("change", "Change from now", Kind.MONEY),
        Column("percent", "In percent", Kind.PERCENT, 2),
        Column("per_pupil", "A pupil", Kind.MONEY),
        *(Column(name, LABELS[name], Kind.MONEY) for name in ("minimum_per_pupil", "guarantee", "gains_cap")),
    ]
    first = held[0][1]
    now: dict[str, Cell] = {
        "option": "Now",
        "total": _money(first.before),
        "change": "",
        "percent": "",
        "per_pupil": "",
    }
    now |= dict.fromkeys(("minimum_per_pupil", "guarantee", "gains_cap"), "")
    rows: list[Row] = [
        now,
        *(
            {
                "option": option.title,
                "total": Money(one.total),
                "change": _money(one.change),
                "percent": one.change_percent,
                "per_pupil": one.change_per_pupil,
                **{
                    name: Money(one.lines.get(name, 0))
                    for name in ("minimum_per_pupil", "guarantee", "gains_cap")
                },
            }
            for option, one in held
        ),
    ]
    return Table(f"What each option does to {first.name}", columns, rows, _notes([one for one, _ in held]))


def own_lines_table(options: Sequence[Shown], urns: Sequence[str]) -> Table | None:
    """Each line of one school's budget under each option."""
    held = [(option, one) for option in options if (one := option.frozen.of(urns)) is not None]
    if not held:
        return None
    names = [name for name in LABELS if any(name in one.lines for _, one in held)]
    columns = [
        Column("line", "Line"),
        *(Column(f"option_{at}", option.title, Kind.MONEY) for at, (option, _) in enumerate(held, 1)),
    ]
    rows: list[Row] = [
        {
            "line": LABELS[name],
            **{f"option_{at}": Money(one.lines.get(name, 0)) for at, (_, one) in enumerate(held, 1)},
        }
        for name in names
    ]
    rows.append(
        {"line": "Budget", **{f"option_{at}": Money(one.total) for at, (_, one) in enumerate(held, 1)}}
    )
    return Table("Line by line", columns, rows)


def rates_table(options: Sequence[Shown]) -> Table:
    """The rates that differ between the options; those that are the same everywhere are left out."""
    names = [
        name
        for name in dict.fromkeys(name for option in options for name in option.frozen.rates)
        if len({option.frozen.rates.get(name) for option in options}) > 1
    ]
    columns = [
        Column("rate", "Rate"),
        *(Column(f"option_{at}", option.title) for at, option in enumerate(options, 1)),
    ]
    rows: list[Row] = [
        {
            "rate": LABELS.get(name, name.replace("_", " ").capitalize()),
            **{
                f"option_{at}": option.frozen.rates.get(name, "Not used")
                for at, option in enumerate(options, 1)
            },
        }
        for name in names
    ]
    for rule in ("guarantee", "cap", "scale"):
        if any(rule in option.frozen.rules for option in options):
            rows.append(
                {
                    "rate": f"{rule.capitalize()} (percent)",
                    **{
                        f"option_{at}": option.frozen.rules.get(rule, "Not used")
                        for at, option in enumerate(options, 1)
                    },
                }
            )
    return Table("Where the options differ", columns, rows)


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def _notes(options: Sequence[Shown]) -> list[str]:
    notes = []
    if options:
        notes.append(f"National rates of {options[0].frozen.year}.")
    if any(option.frozen.made_up for option in options):
        notes.append(MADE_UP)
    if any(option.frozen.unconfirmed for option in options):
        notes.append(UNCONFIRMED_NOTE)
    return notes


def shares_table(title: str, heading: str, shares: Sequence[Share]) -> Table:
    """Who answered, by one grouping."""
    columns = [
        Column("group", heading),
        Column("answered", "Schools that answered", Kind.NUMBER),
        Column("asked", "Schools asked", Kind.NUMBER),
        Column("of_schools", "Share of schools", Kind.PERCENT, 0),
        Column("of_pupils", "Share of pupils", Kind.PERCENT, 0),
    ]
    rows: list[Row] = [
        {
            "group": one.group,
            "answered": one.answered,
            "asked": one.asked,
            "of_schools": one.of_schools if one.asked else None,
            "of_pupils": one.of_pupils if one.pupils_asked else None,
        }
        for one in shares
    ]
    return Table(title, columns, rows)


def response_tables(analysis: Analysis) -> list[Table]:
    """Who answered: in all, by phase, status and locality."""
    return [
        shares_table("Responses by phase", "Phase", [*analysis.by_phase, analysis.overall]),
        shares_table("Responses by status", "Status", analysis.by_status),
        shares_table("Responses by locality", "Locality", analysis.by_locality),
    ]


def question_table(one: QuestionAnswered) -> Table:
    """The answers to one question, in all and by phase."""
    columns = [
        Column("choice", "Answer"),
        Column("schools", "Schools", Kind.NUMBER),
        Column("of_schools", "Share of schools", Kind.PERCENT, 0),
        Column("of_pupils", "Share of pupils", Kind.PERCENT, 0),
        *(Column(f"group_{at}", group, Kind.NUMBER) for at, group in enumerate(one.by_group, 1)),
    ]
    rows: list[Row] = [
        {
            "choice": choice.choice,
            "schools": choice.schools,
            "of_schools": choice.of_schools,
            "of_pupils": choice.of_pupils,
            **{f"group_{at}": counts[place].schools for at, counts in enumerate(one.by_group.values(), 1)},
        }
        for place, choice in enumerate(one.counts)
    ]
    return Table(one.question.words, columns, rows)


def comments_table(one: QuestionAnswered) -> Table:
    """What was said in words, without saying by whom."""
    columns = [Column("group", "From"), Column("text", "In their words")]
    rows: list[Row] = [{"group": each.group or "A school", "text": each.text} for each in one.comments]
    return Table(one.question.words, columns, rows)


def powers_table(powers: Sequence[Power]) -> Table:
    """Who decides what, and who votes."""
    columns = [
        Column("matter", "Matter"),
        Column("authority", "The authority"),
        Column("forum", "The Schools Forum"),
        Column("department", "The Department for Education"),
        Column("voters", "Who votes"),
        Column("status", "How sure"),
    ]
    rows: list[Row] = [
        {
            "matter": one.title,
            "authority": one.authority.capitalize(),
            "forum": one.forum.capitalize(),
            "department": one.department.capitalize(),
            "voters": "; ".join(ballot.title for ballot in one.ballots) or "Nobody",
            "status": _how_sure(one),
        }
        for one in powers
    ]
    sources = dict.fromkeys(source for one in powers for source in one.sources)
    return Table("Powers by matter", columns, rows, [f"Source: {source}." for source in sources])


def _how_sure(one: Power) -> str:
    if not one.unconfirmed:
        return "Published"
    return "Not confirmed" if one.is_unconfirmed else f"Not confirmed: {listed(one.unconfirmed)}"


def timetable_table(year: str, days: Sequence[Due], today: date) -> Table:
    """A funding year, and how near each of its days is."""
    columns = [
        Column("day", "By", Kind.DATE),
        Column("step", "What"),
        Column("who", "Who"),
        Column("standing", "When"),
        Column("sure", "How sure"),
    ]
    rows: list[Row] = [
        {
            "day": due.day,
            "standing": _standing(due.day, today),
            "step": due.step.label,
            "who": due.step.who,
            "sure": "Published" if due.is_confirmed else "Usual day",
        }
        for due in days
    ]
    note = "A usual day is when it was done in recent years; the guidance of the year says the day itself."
    return Table(f"The funding year {year}", columns, rows, [note])


def _standing(day: date, today: date) -> str:
    if day < today:
        return "Past"
    left = (day - today).days
    return f"In {counted(left, 'day')}" if left else "Today"


def actions_table(actions: Sequence[Action]) -> Table:
    """What was agreed to be done, and what came of it."""
    columns = [
        Column("text", "Action"),
        Column("owner", "Who"),
        Column("due", "By", Kind.DATE),
        Column("done", "Done"),
        Column("outcome", "What came of it"),
    ]
    rows: list[Row] = [
        {
            "text": one.text,
            "owner": one.owner,
            "due": one.due_on,
            "done": day_in_words(one.done_on) if one.done_on else "Not yet",
            "outcome": one.outcome,
        }
        for one in actions
    ]
    return Table("Action log", columns, rows)
