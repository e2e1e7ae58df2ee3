"""A frozen pack as a paper, a workbook and slides: all from the same plain data, never from the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from redway.core.words import counted, day_in_words
from redway.figures.chart import Chart
from redway.figures.documents import Document, Section, write_pdf
from redway.figures.provenance import Provenance
from redway.figures.sheets import workbook_bytes
from redway.figures.slides import MEDIA_TYPE, Slide, slides_bytes
from redway.figures.table import Column, Kind, Row, Table
from redway.figures.theme import PAGE
from redway.figures.trend import SeriesBreak
from redway.improvement.action_plan import Polarity, Reading, SuccessMeasure
from redway.improvement.target_chart import target_chart
from redway.web.design.exports import XLSX

MEDIA = {"pdf": "application/pdf", "xlsx": XLSX, "pptx": MEDIA_TYPE, "json": "application/json"}
Plain = Mapping[str, Any]
MADE_UP = "Made up for the demo: nobody named here exists, and nothing here was decided."
NOT_RATED = "Not rated"


def title_of(pack: Plain) -> str:
    """What the pack is called."""
    return f"{pack['organisation']} improvement board: pack of {_day(pack['held_on'])}"


def version_words(pack: Plain) -> str:
    """Which version it is, and how much the public one leaves out."""
    if pack["version"] != "public":
        return "Restricted version: for members of the board."
    if not pack["left_out"]:
        return "Public version. Nothing is left out but names and owners' reasons."
    left = counted(pack["left_out"], "restricted thing is", "restricted things are")
    return f"Public version. {left} left out, and so are names and owners' reasons."


def page_one(pack: Plain) -> list[str]:
    """What has to be said first: watermelons, measures set anew, what goes up, what is not rated."""
    said = [one["watermelon"] for one in pack["objectives"] if one["watermelon"]]
    said += [
        f"{measure['name']}: {rebaselined_words(one)}"
        for objective in pack["objectives"]
        for measure in objective["measures"]
        for one in measure["rebaselined"]
        if one["is_new"]
    ]
    said += [
        f"{action['number']} {action['title']}: {action['escalation']}"
        for one in pack["objectives"]
        for action in one["actions"]
        if action["escalation"]
    ]
    return [*said, f"{pack['recorded']}."]


def rebaselined_words(one: Plain) -> str:
    """'re-baselined on 3 March 2026, was 9.0% on ... Reason: ...'; the public version tells no reason."""
    reason = f"Reason: {one['reason']}" if one["reason"] else ""
    return " ".join(part for part in (f"{one['said']}.", one["off_track"], reason) if part)


def chart_of(one: Plain, width: int = PAGE) -> Chart:
    """The chart of a measure, drawn from what was frozen of it and from nothing else."""
    now = SuccessMeasure(
        one["name"],
        one["unit"],
        Polarity(one["better"]),
        Decimal(one["baseline_value"]),
        date.fromisoformat(one["baseline_on"]),
        Decimal(one["target_value"]),
        date.fromisoformat(one["target_on"]),
        one["source"],
        decimals=one["decimals"],
    )
    before = None
    if one["rebaselined"]:
        was = one["rebaselined"][-1]
        before = replace(
            now,
            baseline=Decimal(was["baseline"]),
            baseline_on=date.fromisoformat(was["baseline_on"]),
            target=Decimal(was["target"]),
            target_on=date.fromisoformat(was["target_on"]),
        )
    readings = [
        Reading(
            each["period"],
            date.fromisoformat(each["on"]),
            Decimal(each["value"]),
            "",
            Decimal(each["lower"]) if each["lower"] is not None else None,
            Decimal(each["upper"]) if each["upper"] is not None else None,
        )
        for each in one["readings"]
    ]
    return target_chart(now, readings, before, [SeriesBreak(*each) for each in one["breaks"]], width)


def file_of(pack: Plain, digest: str, extension: str, pictures: Path | None = None) -> bytes:
    """The pack as a file. Raises KeyError for an extension other than pdf, xlsx and pptx."""
    makers = {"pdf": _pdf, "xlsx": _xlsx, "pptx": _pptx}
    return makers[extension](pack, digest, pictures)


def document_of(pack: Plain, digest: str) -> Document:
    """The pack as a paper."""
    sections = [
        Section("First", page_one(pack)),
        Section("Agenda", [f"{at}. {one['title']}" for at, one in enumerate(pack["agenda"], 1)]),
        Section("The plan on one page", tables=[_narrow_objectives(pack)]),
        *(_objective_section(one) for one in pack["objectives"]),
    ]
    for heading, table in (
        ("Decisions of the last meeting", decisions_table(pack)),
        ("Actions of earlier meetings", tasks_table(pack)),
        ("Withdrawn", withdrawn_table(pack)),
    ):
        if list(table.rows):
            sections.append(Section(heading, tables=[table]))
    sections.append(Section("How to read the colours", list(pack["notes"])))
    return Document(
        title=title_of(pack),
        subtitle=f"{_place(pack)}{version_words(pack)}",
        organisation=pack["organisation"],
        provenance=_provenance(pack, digest),
        paragraphs=[MADE_UP] if pack["made_up"] else [],
        sections=[one for one in sections if one.paragraphs or one.tables],
    )


def objectives_table(pack: Plain) -> Table:
    """Every objective with its colour and how near its targets are."""
    columns = [
        Column("title", "Objective"),
        Column("colour", "Colour"),
        Column("travel", "Direction"),
        Column("near", "How near the targets"),
    ]
    rows: list[Row] = [
        {
            "title": f"{one['number']}. {one['title']}",
            "colour": one["colour"] or NOT_RATED,
            "travel": one["travel"],
            "near": " ".join(f"{each['name']}: {each['nearness']}" for each in one["measures"])
            or "No measure yet",
        }
        for one in pack["objectives"]
    ]
    return Table("Objectives", columns, rows)


def actions_table(actions: Sequence[Plain], title: str = "Actions") -> Table:
    """Actions with their colours, their days and why; people where the version names them."""
    named = any(one["owner"] for one in actions)
    columns = [
        Column("title", "Action"),
        Column("colour", "Colour"),
        Column("why", "Why"),
        Column("travel", "Direction"),
        *([Column("owner", "Owner and sponsor")] if named else []),
        Column("due", "Due"),
    ]
    rows: list[Row] = [
        {
            "title": f"{one['number']} {one['title']}",
            "colour": one["colour"] or NOT_RATED,
            "why": _why(one),
            "travel": one["travel"],
            "owner": f"{one['owner']}; {one['sponsor']}",
            "due": one["due"],
        }
        for one in actions
    ]
    return Table(title, columns, rows)


def _why(one: Plain) -> str:
    parts = [one["why"], one["reason"]]
    if one["rationale"]:
        parts.append(f"Since Red: {one['rationale']} {one['prior']}")
    if one["confidence"]:
        parts.append(f"Confidence in delivery: {one['confidence']}.")
    if one["escalation"]:
        parts.append(one["escalation"])
    for each in one["reopened"]:
        said = f"Opened again on {_day(each['on'])}: it was called complete on {_day(each['completed_on'])}."
        parts.append(f"{said} {each['reason']}".strip())
    if one["needs"]:
        parts.append(f"Waits for {'; '.join(one['needs'])}.")
    return " ".join(part for part in parts if part)


def measures_table(measures: Sequence[Plain]) -> Table:
    """Measures with how near they are and what they stand on."""
    columns = [
        Column("name", "Measure"),
        Column("baseline", "Baseline"),
        Column("target", "Target"),
        Column("near", "How near"),
        *([Column("before", "What it was")] if any(one["rebaselined"] for one in measures) else []),
        Column("stands", "Stands on"),
    ]
    rows: list[Row] = [
        {
            "name": one["name"],
            "baseline": one["baseline"],
            "target": f"{one['target']} by {_day(one['target_on'])}",
            "near": one["nearness"],
            "before": " ".join(sentence(rebaselined_words(each)) for each in one["rebaselined"]),
            "stands": _about(one),
        }
        for one in measures
    ]
    return Table("Success measures", columns, rows)


def readings_table(pack: Plain) -> Table:
    """Every reading in the pack, as numbers."""
    columns = [
        Column("measure", "Measure"),
        Column("period", "Period"),
        Column("on", "Last day", Kind.DATE),
        Column("value", "Value", Kind.NUMBER, 4),
        Column("lower", "Lower 95% limit", Kind.NUMBER, 4),
        Column("upper", "Upper 95% limit", Kind.NUMBER, 4),
        Column("shown", "As shown"),
    ]
    rows: list[Row] = [
        {
            "measure": one["name"],
            "period": each["period"],
            "on": date.fromisoformat(each["on"]),
            "value": float(each["value"]),
            "lower": float(each["lower"]) if each["lower"] is not None else None,
            "upper": float(each["upper"]) if each["upper"] is not None else None,
            "shown": each["shown"],
        }
        for objective in pack["objectives"]
        for one in objective["measures"]
        for each in one["readings"]
    ]
    return Table("Readings", columns, rows)


def history_table(pack: Plain) -> Table:
    """The colours at the meetings before, and in this pack."""
    actions = [each for one in pack["objectives"] for each in one["actions"]]
    days = sorted({day for one in actions for day, _ in one["history"]})
    columns = [
        Column("title", "Action"),
        *(Column(day, _day(day)) for day in days),
        Column("now", "This pack"),
    ]
    rows: list[Row] = []
    for one in actions:
        then = {day: colour or NOT_RATED for day, colour in one["history"]}
        rows.append(
            {"title": f"{one['number']} {one['title']}", "now": one["colour"] or NOT_RATED}
            | {day: then.get(day, NOT_RATED) for day in days}
        )
    return Table("Colours at each meeting", columns, rows)


def decisions_table(pack: Plain) -> Table:
    """Decisions of the last meeting."""
    rows: list[Row] = [{"on": _day(one["on"]), "words": one["words"]} for one in pack["decisions"]]
    return Table("Decisions", [Column("words", "Decision"), Column("on", "Meeting")], rows)


def tasks_table(pack: Plain) -> Table:
    """What earlier meetings asked for."""
    named = any(one["owner"] for one in pack["tasks"])
    columns = [
        Column("words", "Action"),
        *([Column("owner", "Who")] if named else []),
        Column("due", "By"),
        Column("done", "Done"),
    ]
    rows: list[Row] = [
        {
            "words": one["words"],
            "owner": one["owner"],
            "due": _day(one["due_on"]),
            "done": _day(one["done_on"]) if one["done_on"] else "Not yet",
        }
        for one in pack["tasks"]
    ]
    return Table("Actions of earlier meetings", columns, rows)


def withdrawn_table(pack: Plain) -> Table:
    """Objectives that are no longer pursued."""
    rows: list[Row] = [
        {"title": one["title"], "why": one["why"], "on": _day(one["on"])} for one in pack["withdrawn"]
    ]
    columns = [Column("title", "Objective"), Column("why", "Why"), Column("on", "On")]
    return Table("Withdrawn objectives", columns, rows)


def risks_table(risks: Sequence[Plain]) -> Table:
    """Open risks, the greatest first."""
    columns = [
        Column("title", "Risk"),
        Column("likelihood", "Likelihood", Kind.NUMBER),
        Column("impact", "Impact", Kind.NUMBER),
        Column("mitigation", "What is done about it"),
    ]
    ordered = sorted(risks, key=lambda one: -one["likelihood"] * one["impact"])
    return Table("Risks", columns, list(ordered), ["Both from 1 to 5."])


def milestones_table(actions: Sequence[Plain]) -> Table:
    """Milestones of some actions."""
    rows: list[Row] = [
        {
            "action": action["number"],
            "title": one["title"],
            "due": one["due"],
            "done": _day(one["done_on"]) if one["done_on"] else "Not yet",
        }
        for action in actions
        for one in action["milestones"]
    ]
    columns = [
        Column("action", "Action"),
        Column("title", "Milestone"),
        Column("due", "Due"),
        Column("done", "Reached"),
    ]
    return Table("Milestones", columns, rows)


def evidence_table(actions: Sequence[Plain]) -> Table:
    """Evidence of some actions, and whether somebody has accepted it."""
    rows: list[Row] = [
        {
            "action": action["number"],
            "title": one["title"],
            "kind": one["kind"].capitalize(),
            "dated": _day(one["dated"]),
            "accepted": _day(one["accepted_on"]) if one["accepted_on"] else "Not yet",
        }
        for action in actions
        for one in action["evidence"]
    ]
    columns = [
        Column("action", "Action"),
        Column("title", "Evidence"),
        Column("kind", "Kind"),
        Column("dated", "Of"),
        Column("accepted", "Accepted"),
    ]
    return Table("Evidence", columns, rows)


def objective_tables(one: Plain) -> list[Table]:
    """Everything about one objective, the tables that have rows."""
    made = [
        measures_table(one["measures"]),
        actions_table(one["actions"]),
        milestones_table(one["actions"]),
        evidence_table(one["actions"]),
        risks_table(one["risks"]),
    ]
    return [table for table in made if list(table.rows)]


def _objective_section(one: Plain) -> Section:
    """On paper a measure is two sentences: a table of five wide columns could not be read."""
    words = [
        *([one["watermelon"]] if one["watermelon"] else []),
        one["outcome"],
        f"Colour: {_coloured(one)}.",
        *(f"{each['name']}: {each['nearness']} {_about(each)}" for each in one["measures"]),
        *(
            f"{each['name']}: {rebaselined_words(step)}"
            for each in one["measures"]
            for step in each["rebaselined"]
        ),
    ]
    tables = [
        _narrow_actions(one["actions"]),
        milestones_table(one["actions"]),
        evidence_table(one["actions"]),
        risks_table(one["risks"]),
    ]
    return Section(
        f"{one['number']}. {one['title']}",
        words,
        charts=[chart_of(each) for each in one["measures"]],
        tables=[table for table in tables if list(table.rows)],
    )


def sentence(words: str) -> str:
    """Words as they begin a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def _about(one: Plain) -> str:
    return f"Source: {one['source']}. {one['stands_on']}"


def _coloured(one: Plain) -> str:
    """'Amber, getting worse'."""
    return f"{one['colour'] or NOT_RATED}, {one['travel'][:1].lower()}{one['travel'][1:]}"


def _narrow_objectives(pack: Plain) -> Table:
    """The objectives in few columns, for paper and slides."""
    rows: list[Row] = [
        row | {"title": f"{row['title']}: {_coloured(one)}"}
        for row, one in zip(_rows_of(objectives_table(pack)), pack["objectives"], strict=True)
    ]
    return Table("Objectives", [Column("title", "Objective"), Column("near", "How near the targets")], rows)


def _narrow_actions(actions: Sequence[Plain]) -> Table:
    """The actions in few columns, for paper and slides."""
    columns = [
        Column("title", "Action"),
        Column("colour", "Colour"),
        Column("why", "Why"),
        Column("due", "Who and when"),
    ]
    rows: list[Row] = [
        row
        | {
            "colour": _coloured(one),
            "due": f"{one['owner']}, sponsor {one['sponsor']}. {one['due']}" if one["owner"] else one["due"],
        }
        for row, one in zip(_rows_of(actions_table(actions)), actions, strict=True)
    ]
    return Table("Actions", columns, rows)


def _rows_of(table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in table.rows]


def _pdf(pack: Plain, digest: str, pictures: Path | None) -> bytes:
    return write_pdf(document_of(pack, digest), pictures)


def _xlsx(pack: Plain, digest: str, pictures: Path | None) -> bytes:
    actions = [each for one in pack["objectives"] for each in one["actions"]]
    measures = [each for one in pack["objectives"] for each in one["measures"]]
    risks = [each for one in pack["objectives"] for each in one["risks"]]
    first = [*([MADE_UP] if pack["made_up"] else []), version_words(pack), *page_one(pack), *pack["notes"]]
    sheets = {
        "First": Table(title_of(pack), [Column("text", "To read first")], [{"text": one} for one in first]),
        "Objectives": objectives_table(pack),
        "Actions": actions_table(actions),
        "Measures": measures_table(measures),
        "Readings": readings_table(pack),
        "Colours": history_table(pack),
        "Milestones": milestones_table(actions),
        "Evidence": evidence_table(actions),
        "Risks": risks_table(risks),
        "Decisions": decisions_table(pack),
        "Meeting actions": tasks_table(pack),
        "Withdrawn": withdrawn_table(pack),
    }
    return workbook_bytes(sheets, _provenance(pack, digest))


def _pptx(pack: Plain, digest: str, pictures: Path | None) -> bytes:
    """Slides hold what is spoken to: page one, the plan, then an objective at a time."""
    slides = [
        Slide("To talk about first", page_one(pack)),
        Slide("Agenda", [f"{at}. {one['title']}" for at, one in enumerate(pack["agenda"], 1)]),
        Slide("The plan on one page", table=_narrow_objectives(pack)),
    ]
    for one in pack["objectives"]:
        heading = f"{one['number']}. {one['title']}"
        slides.append(Slide(heading, [one["outcome"], *([one["watermelon"]] if one["watermelon"] else [])]))
        slides += [Slide(f"{heading}: {each['name']}", chart=chart_of(each)) for each in one["measures"]]
        for table in (measures_table(one["measures"]), _narrow_actions(one["actions"])):
            if list(table.rows):
                slides.append(Slide(f"{heading}: {table.title.lower()}", table=table))
    for table in (decisions_table(pack), tasks_table(pack)):
        if list(table.rows):
            slides.append(Slide(table.title, table=table))
    told = MADE_UP if pack["made_up"] else version_words(pack)
    subtitle = f"{_place(pack)}{told}\nCheck sum {digest[:16]}"
    return slides_bytes(title_of(pack), subtitle, pack["organisation"], slides, pictures)


def _provenance(pack: Plain, digest: str) -> Provenance:
    stands = {each["stands_on"] for one in pack["objectives"] for each in one["measures"]}
    return Provenance(
        f"Meeting of {_day(pack['held_on'])}",
        [*sorted(stands), f"Check sum of the pack (SHA-256): {digest}"],
        (f"The improvement plan of {pack['organisation']} as frozen",),
        date.fromisoformat(pack["frozen_on"]),
    )


def _place(pack: Plain) -> str:
    return f"{pack['place']}. " if pack["place"] else ""


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))
