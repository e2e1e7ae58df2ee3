"""Run the notebook of the tutorial on the demo data and keep its answers in it.

With --check nothing is kept: the notebook must run, and its answers must be those that are kept. The data
folder is REDWAY_HOME if set, else a new one made for the occasion; the demo is loaded into it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "docs" / "tutorial" / "redway.ipynb"


@contextmanager
def demo_home() -> Iterator[str]:
    """A data folder with the demo in it."""
    with tempfile.TemporaryDirectory() as temporary:
        home = os.environ.get("REDWAY_HOME") or temporary
        environ = os.environ | {"REDWAY_HOME": home, "PYTHONPATH": str(ROOT / "src")}
        script = "from redway.cli.main import run; run()"
        subprocess.run(
            [sys.executable, "-c", script, "demo", "--prepare"], env=environ, check=True, stdout=sys.stderr
        )
        yield home


def run(notebook: Any, home: str) -> Any:
    """Execute every cell; a cell that fails stops everything."""
    os.environ |= {"REDWAY_HOME": home, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    done = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    done.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for number, cell in enumerate(done.cells, 1):
        # Times and random names would make every run look like a change.
        cell.metadata = {}
        cell.id = f"cell-{number}"
    return done


def answers(notebook: Any) -> list[str]:
    """What every cell answered, as text."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            texts.append(output.get("text") or output.get("data", {}).get("text/plain", ""))
    return texts


def main(arguments: list[str]) -> int:
    """Exit code 1 when --check finds other answers than those kept."""
    kept = nbformat.read(NOTEBOOK, as_version=4)
    before = answers(kept)
    with demo_home() as home:
        done = run(kept, home)
    if "--check" in arguments:
        if answers(done) != before:
            print("The notebook answers something else now: run 'make notebook' and look.", file=sys.stderr)
            return 1
        print("The notebook gives the answers that are kept in it.")
        return 0
    nbformat.write(done, NOTEBOOK)
    print(f"Kept {len(answers(done))} answers in {NOTEBOOK.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
