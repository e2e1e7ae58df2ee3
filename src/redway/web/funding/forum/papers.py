"""Papers of the forum: a consultation for schools, the pack for a meeting, and its minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from redway.core.words import counted, day_in_words
from redway.figures.documents import Document, Section, write_pdf
from redway.figures.provenance import Provenance
from redway.figures.sheets import workbook_bytes
from redway.figures.slides import MEDIA_TYPE, Slide, slides_bytes
from redway.figures.table import Column, Table
from redway.funding.consultation import QuestionKind
from redway.funding.consultation_responses import Analysis
from redway.web.design.exports import XLSX
from redway.web.funding.forum import tables
from redway.web.funding.forum.models import Consultation
from redway.web.funding.forum.showing import Read, actions_of, decisions_table, who_decides

MEDIA = {"pdf": "application/pdf", "xlsx": XLSX, "pptx": MEDIA_TYPE}
_SOURCE = "The authority's own formula and its Schools Forum"


def consultation_paper(read: Read, organisation: str) -> Document:
    """The paper as schools read it."""
    one = read.consultation
    sections = []
    for option in read.options:
        sections.append(Section(option.title, [option.about] if option.about else []))
    if read.options:
        sections += [
            Section(
                "What the options do",
                charts=read.charts(),
                tables=[
                    *(tables.effect_of(option) for option in read.options),
                    tables.rates_table(read.options),
                ],
            )
        ]
    sections += [
        Section("What you are asked", tables=[_questions_table(one)]),
        Section(
            "How it is decided",
            [
                who_decides(read.power),
                f"Answer by {day_in_words(one.closes_on)}.",
                "A headteacher and chair of governors give one answer, and may change it until then.",
            ],
        ),
    ]
    if read.options:
        sections.append(Section("Every school", tables=[_short_schools_table(read)]))
    return Document(
        title=one.title,
        subtitle=f"Consultation on school funding, {one.year}",
        organisation=organisation,
        provenance=_provenance(read),
        paragraphs=[*([tables.MADE_UP] if read.made_up else []), *read.paragraphs],
        sections=sections,
    )


def pack(read: Read, organisation: str, extension: str, pictures: Path | None = None) -> bytes:
    """The pack for the forum as a file: paper, options, responses, effects, decisions and actions.

    Raises KeyError for an extension that is not in MEDIA.
    """
    return {"pdf": _pack_pdf, "xlsx": _pack_xlsx, "pptx": _pack_pptx}[extension](read, organisation, pictures)


def pack_document(read: Read, organisation: str) -> Document:
    """The pack as a paper."""
    paper = consultation_paper(read, organisation)
    analysis = _published(read)
    sections = [*paper.sections]
    if analysis is not None:
        sections.append(
            Section("Who answered", [_overall(analysis)], tables=tables.response_tables(analysis))
        )
        for one in analysis.questions:
            words = [one.leading] if one.leading else [_answered(one.answered)]
            if one.comments:
                held = [tables.comments_table(one)]
            else:
                held = [tables.question_table(one)] if one.counts else []
            sections.append(Section(one.question.words, words, tables=held))
    if read.consultation.findings:
        sections.append(Section("What the authority makes of it", [read.consultation.findings]))
    decisions, actions = decisions_table(read.items), tables.actions_table(actions_of(read.consultation))
    sections.append(
        Section(
            "Decisions",
            [who_decides(read.power)],
            tables=[decisions] if list(decisions.rows) else [],
        )
    )
    if list(actions.rows):
        sections.append(Section("Action log", tables=[actions]))
    return Document(
        title=f"Schools Forum: {read.consultation.title}",
        subtitle=paper.subtitle,
        organisation=organisation,
        provenance=paper.provenance,
        paragraphs=paper.paragraphs,
        sections=sections,
    )


def minutes_document(frozen: Mapping[str, Any], organisation: str) -> Document:
    """Published minutes as a paper, from the copy that was frozen when they were published."""
    sections = [
        Section(
            "Attendance",
            [str(frozen["quorum"])],
            tables=[
                Table(
                    "Members",
                    [
                        Column("name", "Member"),
                        Column("category", "Represents"),
                        Column("came", "Attendance"),
                    ],
                    frozen["members"],
                )
            ],
        ),
        Section("Minutes", [part for part in str(frozen["minutes"]).split("\n\n") if part.strip()]),
    ]
    for item in frozen["items"]:
        columns = [Column("what", "What"), Column("words", "In words")]
        rows = [{"what": what, "words": words} for what, words in item["rows"]]
        sections.append(
            Section(
                f"{item['number']}. {item['title']}",
                tables=[Table("Decision", columns, rows)] if rows else [],
            )
        )
    if frozen["actions"]:
        sections.append(
            Section(
                "Actions",
                tables=[
                    Table(
                        "Actions",
                        [Column("text", "Action"), Column("owner", "Who"), Column("due", "By")],
                        frozen["actions"],
                    )
                ],
            )
        )
    return Document(
        title=f"Schools Forum: minutes of {frozen['held_on']}",
        subtitle=str(frozen["place"]),
        organisation=organisation,
        provenance=Provenance(
            "", (), ("Minutes as published",), date.fromisoformat(str(frozen["published_on"]))
        ),
        sections=sections,
    )


def _pack_pdf(read: Read, organisation: str, pictures: Path | None) -> bytes:
    return write_pdf(pack_document(read, organisation), pictures)


def _pack_xlsx(read: Read, organisation: str, pictures: Path | None) -> bytes:
    analysis = _published(read)
    words = [
        *read.paragraphs,
        *(
            ["What the authority makes of it: " + read.consultation.findings]
            if read.consultation.findings
            else []
        ),
    ]
    sheets = {
        "Paper": Table(
            f"{read.consultation.title}, {organisation}",
            [Column("text", "The paper")],
            [{"text": text} for text in words],
        ),
        "Questions": _questions_table(read.consultation),
    }
    if read.options:
        sheets |= {
            "Effect by phase": tables.effect_by_phase(read.options),
            "Every school": tables.schools_table(read.options),
            "Rates": tables.rates_table(read.options),
        }
    if analysis is not None:
        sheets |= {table.title: table for table in tables.response_tables(analysis)}
        for at, one in enumerate(analysis.questions, 1):
            made = tables.comments_table(one) if one.comments else tables.question_table(one)
            sheets[f"Question {at}"] = made
    sheets["Decisions"] = decisions_table(read.items)
    sheets["Action log"] = tables.actions_table(actions_of(read.consultation))
    return workbook_bytes(sheets, _provenance(read))


def _pack_pptx(read: Read, organisation: str, pictures: Path | None) -> bytes:
    """Slides hold what is spoken to; the table of every school stays in paper and workbook."""
    analysis = _published(read)
    slides = [Slide("What is asked", read.paragraphs)]
    if read.options:
        slides += [
            Slide("Options", [f"{one.title}: {one.about}" for one in read.options]),
            *(Slide(f"{one.title}: effect by phase", table=tables.effect_of(one)) for one in read.options),
        ]
    if analysis is not None:
        slides.append(Slide("Who answered", [_overall(analysis)], tables.response_tables(analysis)[0]))
        slides += [
            Slide(one.question.words, [one.leading] if one.leading else [], tables.question_table(one))
            for one in analysis.questions
            if one.counts
        ]
    if read.consultation.findings:
        slides.append(Slide("What the authority makes of it", [read.consultation.findings]))
    slides.append(Slide("Decisions", [who_decides(read.power)], decisions_table(read.items)))
    slides.append(Slide("Action log", table=tables.actions_table(actions_of(read.consultation))))
    title = f"Schools Forum: {read.consultation.title}"
    return slides_bytes(title, f"{organisation}\n{read.consultation.year}", organisation, slides)


def _published(read: Read) -> Analysis | None:
    """The responses as they may be published; None until they have been."""
    if read.consultation.state != Consultation.State.ANALYSED:
        return None
    return read.analysis(to_publish=True)


def _overall(analysis: Analysis) -> str:
    one = analysis.overall
    return (
        f"{one.answered} of {counted(one.asked, 'school')} answered ({one.of_schools:.0f}%), "
        f"with {one.of_pupils:.0f}% of pupils."
    )


def _answered(count: int) -> str:
    return f"{counted(count, 'school')} answered this." if count else "No school answered this."


def _questions_table(one: Consultation) -> Table:
    columns = [Column("number", "Number"), Column("words", "Question"), Column("kind", "How it is answered")]
    rows = [
        {"number": str(at), "words": each.words, "kind": QuestionKind(each.kind).label}
        for at, each in enumerate(one.questions.all(), 1)
    ]
    return Table("Questions", columns, rows)


def _short_schools_table(read: Read) -> Table:
    """Few enough columns for a page: now, and the change under each option."""
    full = tables.schools_table(read.options)
    kept = [
        column
        for column in full.columns
        if column.key in ("school", "before") or column.key.startswith("change_")
    ]
    return Table(full.title, kept, full.rows, full.notes)


def _provenance(read: Read) -> Provenance:
    one = read.consultation
    frozen = {option.frozen.on for option in read.options}
    versions = [f"Options as worked out on {day_in_words(date.fromisoformat(day))}" for day in sorted(frozen)]
    return Provenance(one.year, versions, (_SOURCE,), read.today)
