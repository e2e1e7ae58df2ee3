"""Scoring in a process of its own: the memory it takes is given back, and the server goes on answering.

The process knows nothing of Django: it is handed the versions and the data folder, and hands back what was
computed. Nothing is written by it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from redway.core.errors import RedwayError
from redway.datasets.ledger import Version
from redway.improvement.rescoring import Rescored

LOOK = 0.5
"""Seconds between looks at whether somebody asked to stop."""


class ScoringEnded(RedwayError):  # noqa: N818 - says what happened
    """The process ended before it was done, or refused, in its own words."""


@dataclass(frozen=True)
class Task:
    """What is to be scored, and what that stands on."""

    home: Path
    versions: Sequence[Version]
    day: date
    authority: str
    evaluated: Mapping[str, Any] | None
    of_bundled: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Held:
    """The versions as a ledger that can be read."""

    held: Sequence[Version]

    def versions(self, *, format_code: str = "", dataset: str = "") -> list[Version]:
        return [one for one in self.held if format_code in ("", one.format) and dataset in ("", one.dataset)]


def score_apart(task: Task, tell: Callable[[str], None], check: Callable[[], None]) -> Rescored:
    """Score in a new process. ``check`` raises when somebody asked to stop; the process is then ended.

    Raises ScoringEnded with the words of whatever the process refused.
    """
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, its), daemon=True, name="redway scoring")
    process.start()
    its.close()
    try:
        while True:
            if not ours.poll(LOOK):
                check()
                continue
            kind, said = ours.recv()
            if kind == "progress":
                tell(said)
            elif kind == "refused":
                raise ScoringEnded(*said)
            else:
                assert isinstance(said, Rescored)
                return said
    except EOFError:
        raise ScoringEnded(
            "The scoring ended before it was done, perhaps for want of memory: England takes about 2 GB.",
            "Nothing was kept. Give the server more memory, or ask again when less is going on.",
        ) from None
    finally:
        process.terminate()
        process.join()
        ours.close()


def compute(task: Task, tell: Callable[[str], None]) -> Rescored:
    """The work itself, in whatever process it is done. Raises what ``score_again`` raises."""
    from redway.core.home import Home
    from redway.datasets.engine import Engine
    from redway.datasets.register_files import read_register
    from redway.improvement.national_sources import read_national_sources
    from redway.improvement.rescoring import score_again

    home, ledger = Home(task.home), _Held(task.versions)
    tell("Reading the files held")
    engine = Engine(home, ledger)
    try:
        sources = read_national_sources(engine, read_register(home, ledger))
    finally:
        engine.close()
    return score_again(
        sources, task.day, task.authority, evaluated=task.evaluated, of_bundled=task.of_bundled, tell=tell
    )


def _work(task: Task, pipe: Connection) -> None:
    try:
        found = compute(task, lambda words: pipe.send(("progress", words)))
    except RedwayError as error:
        pipe.send(("refused", (error.message, error.next_step)))
    else:
        pipe.send(("done", found))
