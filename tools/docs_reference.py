"""Hook of the documentation build: reference pages made from the program itself, and the notebook as a page.

They are written while the site is built and never kept, so they cannot fall behind.
"""

from __future__ import annotations

import argparse
import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.structure.files import File, Files

DOCS = Path(__file__).resolve().parents[1] / "docs"
NOTEBOOK = DOCS / "tutorial" / "redway.ipynb"


def on_files(files: Files, config: Any) -> Files:
    """Called by mkdocs: add the pages that nobody writes by hand."""
    pages = {
        "reference/commands.md": commands_page(),
        "reference/datasets.md": datasets_page(),
        "reference/indicators.md": indicators_page(),
        "reference/permissions.md": permissions_page(),
        "reference/python.md": python_page(),
        "decisions/index.md": decisions_page(),
    }
    for place, content in pages.items():
        files.append(File.generated(config, place, content=content))
    text, pictures = notebook_page(NOTEBOOK)
    files.append(File.generated(config, "tutorial/notebook.md", content=text))
    for name, picture in pictures.items():
        files.append(File.generated(config, f"tutorial/{name}", content=picture))
    return files


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar or a line break inside a cell cannot break it."""
    lines = [list(headings)]
    lines += [["---"] * len(lines[0])]
    lines += [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# --- commands ---------------------------------------------------------------------------------------------


def commands_page() -> str:
    """Every command with its help, as typed."""
    from redway.cli.main import make_parser

    parts = [
        "# Commands",
        "",
        "What `redway COMMAND --help` says, for every command.",
        "",
        block(make_parser()),
    ]
    for name, parser in sorted(subcommands(make_parser())):
        parts += ["", f"## redway {name}", "", block(parser)]
    return "\n".join(parts)


def subcommands(
    parser: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Each command that does something, with its full name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                deeper = list(subcommands(inner, f"{before}{name} "))
                yield from deeper or [(f"{before}{name}", inner)]


def block(parser: argparse.ArgumentParser) -> str:
    return f"```text\n{parser.format_help().rstrip()}\n```"


# --- datasets ---------------------------------------------------------------------------------------------


def datasets_page() -> str:
    """Every known kind of file, with its columns and the headers they have had."""
    from redway.datasets.format import load_formats

    by_dataset = defaultdict(list)
    for known in load_formats():
        by_dataset[known.dataset].append(known)
    parts = [
        "# Files it knows",
        "",
        "A file is recognised by its columns, not by its name. Each kind is described in one small file in",
        "`src/redway/datasets/formats/`; this page is made from them.",
    ]
    for dataset, formats in sorted(by_dataset.items()):
        parts += ["", f"## {dataset.replace('-', ' ').capitalize()}"]
        for known in formats:
            parts += ["", f"### {known.title}", "", *facts_of_format(known), "", columns_of(known)]
    return "\n".join(parts)


def facts_of_format(known: Any) -> list[str]:
    lines = [f"`{known.code}` · {known.publisher} · one row for each {known.level} · {known.licence}"]
    if known.note:
        lines += ["", known.note]
    if known.missing:
        reasons = ", ".join(f"`{code}` {reason.label.lower()}" for code, reason in known.missing.items())
        lines += ["", f"Codes for missing figures: {reasons}."]
    return lines


def columns_of(known: Any) -> str:
    rows = [
        (
            f"`{column.name}`",
            column.kind.value.replace("_", " "),
            column.unit,
            "yes" if column.required else "",
            ", ".join(f"`{name}`" for name in column.names),
        )
        for column in known.columns
    ]
    return table(("Column", "Kind", "Unit", "Required", "Headers it has had"), rows)


# --- measures ---------------------------------------------------------------------------------------------


def indicators_page() -> str:
    """The catalogue of measures by subject."""
    from redway.indicators.catalogue import load_catalogue

    catalogue = load_catalogue()
    parts = [
        "# Measures",
        "",
        f"The catalogue: {len(catalogue)} measures. The code is what commands, addresses and Python use.",
    ]
    for topic in catalogue.topics:
        parts += ["", f"## {topic.replace('-', ' ').capitalize()}"]
        for one in (one for one in catalogue if one.topic == topic):
            parts += [
                "",
                f"### {one.title}",
                "",
                f"`{one.code}` · {one.publisher}",
                "",
                *facts_of_measure(one),
            ]
    return "\n".join(parts)


def facts_of_measure(one: Any) -> list[str]:
    better = {"high": "higher is better", "low": "lower is better", "neutral": "neither way is better"}
    rows = [
        ("What it is", one.definition),
        ("How to read it", one.how_to_read),
        ("Unit", f"{one.unit}; {better[one.polarity.value]}"),
        ("Above the line", one.numerator),
        ("Below the line", one.denominator),
        ("For", ", ".join(one.levels)),
        ("Outcome it serves", one.outcome.value),
        ("Years", " to ".join(filter(None, (one.valid_from, one.valid_to)))),
        ("Breaks", "; ".join(f"from {mark.period}: {mark.reason}" for mark in one.breaks)),
        ("Not produced", "; ".join(f"{mark.period}: {mark.reason}" for mark in one.not_produced)),
    ]
    return [table(("", ""), [row for row in rows if row[1]])]


# --- permissions ------------------------------------------------------------------------------------------


def permissions_page() -> str:
    """Who may do what, from the one table that decides."""
    from redway.web.people.roles import Role
    from redway.web.people.rules import ACTIONS, TABLE

    parts = [
        "# Roles and permissions",
        "",
        "Whatever is not listed here is refused. A stranger to a record is told that it does not exist.",
        "This page is made from the table that decides.",
    ]
    for role in Role:
        parts += ["", f"## {role.label}", "", f"{role.about}."]
        rules = TABLE.get(role, {})
        rows = [(ACTIONS[action], rule.sentence) for action, rule in rules.items()]
        parts += ["", table(("May", "On"), rows) if rows else "Sees no school or authority data."]
    return "\n".join(parts)


# --- Python -----------------------------------------------------------------------------------------------


def python_page() -> str:
    """What an opened data folder answers: every public method of Workspace with its docstring."""
    import inspect

    from redway.analyst import Workspace

    parts = [
        "# Python",
        "",
        "```python",
        "import redway",
        "",
        'work = redway.open("/srv/redway")  # or redway.open() for REDWAY_HOME',
        "```",
        "",
        "No Django is started and nothing is written. Answers are [Polars](https://docs.pola.rs) frames;",
        "a missing figure has an empty `value` and its reason in `missing`. The",
        "[notebook](../tutorial/notebook.md) shows it at work.",
    ]
    for name, member in vars(Workspace).items():
        if name.startswith("_"):
            continue
        function = getattr(member, "func", member)
        if isinstance(member, property):
            function = member.fget
        called = "" if function is not member else str(inspect.signature(member)).replace("(self, ", "(")
        called = called.replace("(self)", "()").split(" ->")[0].replace("'", "")
        parts += [
            "",
            f"## {name}",
            "",
            f"```text\nwork.{name}{called}\n```",
            "",
            inspect.getdoc(function) or "",
        ]
    return "\n".join(parts)


# --- decisions and the notebook ---------------------------------------------------------------------------


def decisions_page() -> str:
    """A list of the decisions in the folder, by number."""
    parts = ["# Decisions", "", "What was decided, when, why, and what was turned down.", ""]
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
        parts.append(f"- [{title}]({path.name})")
    return "\n".join(parts)


def notebook_page(path: Path) -> tuple[str, dict[str, bytes]]:
    """The executed notebook as Markdown, and its pictures by name."""
    notebook = nbformat.read(path, as_version=4)
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        for output in cell.get("outputs", []):
            parts.append(shown(output, pictures))
    return "\n\n".join(part for part in parts if part), pictures


def shown(output: Any, pictures: dict[str, bytes]) -> str:
    """One output of a cell: a picture, a table or text."""
    if output.output_type == "stream":
        return f"```text\n{output.text.rstrip()}\n```"
    data = output.get("data", {})
    if "image/png" in data:
        name = f"notebook-{len(pictures) + 1}.png"
        pictures[name] = base64.b64decode(data["image/png"])
        return f"![Chart made by the code above]({name})"
    if "text/html" in data:
        # The table's own style would reach the whole page.
        return re.sub(r"<style.*?</style>", "", data["text/html"], flags=re.DOTALL)
    return f"```text\n{data.get('text/plain', '').rstrip()}\n```"
