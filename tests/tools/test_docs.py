"""The documentation builds, fetches nothing from elsewhere, and its tutorial works as written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def commands(page: str) -> Iterator[tuple[str, int]]:
    """What a reader types: each line after a $ in a console block, and the exit code it should end with."""
    for block in re.findall(r"^```console\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                command, _, ends = line[2:].partition("  # ends with ")
                yield command, int(ends or 0)


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    """Every line is typed in turn, in a copy of the folder the reader stands in."""
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    script = bin_folder / "redway"
    script.write_text(f"#!{sys.executable}\nfrom redway.cli.main import run\nrun()\n")
    script.chmod(0o755)
    (tmp_path / "src").symlink_to(ROOT / "src")
    environ = {key: value for key, value in ENVIRON.items() if key not in ("REDWAY_HOME", "DATABASE_URL")}
    environ["PATH"] = f"{bin_folder}{os.pathsep}{environ['PATH']}"
    typed = [("redway demo --prepare", 0), *commands((DOCS / "tutorial" / "ten-minutes.md").read_text())]
    assert len(typed) > 12
    for command, expected in typed:
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=200
        )
        assert done.returncode == expected, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


def test_how_to_pages_name_only_commands_that_exist() -> None:
    from redway.cli.main import make_parser

    parser = make_parser()
    for page in DOCS.rglob("*.md"):
        for block in re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                command = line.removeprefix("$ ")
                if re.match(r"(\w+=\S+ )*redway ", command):
                    words = re.findall(
                        r"[^\s\"']+|\"[^\"]*\"", command.split("redway ", 1)[1].split("  #")[0]
                    )
                    if "--help" not in words:
                        parser.parse_args([word for word in words if word not in (">",)][: _until(words)])


def _until(words: list[str]) -> int:
    return words.index(">") if ">" in words else len(words)


def test_every_setting_that_is_read_is_explained() -> None:
    explained = (DOCS / "reference" / "settings.md").read_text()
    read = set()
    for path in [*(ROOT / "src/redway/web").rglob("*.py"), *(ROOT / "src/redway/cli").rglob("*.py")]:
        text = path.read_text()
        read |= set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", text))
        read |= set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", text))
    missing = sorted(name for name in read - {"DJANGO_SETTINGS_MODULE"} if f"`{name}`" not in explained)
    assert missing == []


def test_every_relative_link_outside_the_site_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_site_builds_strictly_and_fetches_nothing_from_elsewhere() -> None:
    pytest.importorskip("mkdocs")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_docs.py")], env=ENVIRON, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (ROOT / "site" / "reference" / "commands.html").is_file()


@pytest.mark.parametrize(
    ("page", "reaches"),
    [
        ('<script src="https://cdn.example/x.js"></script>', True),
        ('<link rel="stylesheet" href="//fonts.example/x.css">', True),
        ('<img src="assets/school.png"><a href="https://www.gov.uk">GOV.UK</a>', False),
        ('<link rel="canonical" href="https://redway.example/">', False),
    ],
)
def test_what_reaches_out_is_noticed(page: str, reaches: bool) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from build_docs import fetched_from_elsewhere
    finally:
        sys.path.pop(0)
    assert bool(fetched_from_elsewhere(page)) == reaches


def test_pictures_are_small_enough_for_a_first_look() -> None:
    for picture in (DOCS / "assets").glob("*.png"):
        assert picture.stat().st_size < 400_000, picture.name


def test_nothing_committed_names_this_machine() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "docs", "tools", "Makefile", "README.md", ".ci"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in {".md", ".py", ".ipynb", ".yml", ""} and path.is_file():
            assert str(ROOT.parent) + "/" not in path.read_text(encoding="utf-8"), name


def test_the_notebook_gives_the_answers_that_are_kept_in_it() -> None:
    pytest.importorskip("nbclient")
    environ = {key: value for key, value in ENVIRON.items() if key not in ("REDWAY_HOME", "DATABASE_URL")}
    command = [sys.executable, str(ROOT / "tools" / "run_notebook.py"), "--check"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
