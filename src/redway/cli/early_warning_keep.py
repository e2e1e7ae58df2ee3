"""``redway early-warning keep``: put computed scores where the pages read them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from redway.cli.output import DONE, say
from redway.cli.parsers import Commands, Parser, add_command
from redway.core.errors import NotFound
from redway.core.identifiers import la_code

ABOUT_KEEP = """
Pages never compute a score: they show what was kept here, with its day, its model and the files it was read
from. An evaluation of the same question goes with it. Without one, or where the score was no better than
intake alone, the pages show indicators and charts and no score.
"""


def add_keep(group: Commands[Parser]) -> None:
    """Add the command."""
    keep = add_command(
        group,
        "keep",
        run_keep,
        summary="keep scores of an authority for the pages",
        description=ABOUT_KEEP,
        examples="""
            redway early-warning evaluate --from 2016-09-01 --to 2018-01-01 --json > evaluation.json
            redway early-warning score --as-at 2017-09-01 --authority 826 --json > scores.json
            redway early-warning keep scores.json --authority 826 --evaluation evaluation.json
        """,
    )
    keep.add_argument("scores", type=Path, metavar="FILE", help="what 'score --authority CODE --json' wrote")
    keep.add_argument("--authority", required=True, metavar="CODE", help="three-digit number")
    keep.add_argument("--evaluation", type=Path, metavar="FILE", help="what 'evaluate --json' wrote")


def run_keep(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.web.improvement.score_sets import keep_scores, scores_of

    number = la_code(arguments.authority)
    evaluation = _json(arguments.evaluation) if arguments.evaluation else None
    made, is_new = keep_scores(
        actor=None, authority=number, scores=_json(arguments.scores), evaluation=evaluation
    )
    verb = "Kept" if is_new else "Held already"
    say(f"{verb}: {made.scored} scores of authority {number} as at {made.decision}, model {made.model}.")
    if because := scores_of(made).killed_because:
        say(because)
    return DONE


def _json(file: Path) -> Any:
    if not file.is_file():
        raise NotFound(f"There is no file {file.name}.", "Check the path.")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise NotFound(f"{file.name} is no JSON.", "Write it with --json.") from None
