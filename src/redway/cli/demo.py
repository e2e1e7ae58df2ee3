"""The demo: real figures of Milton Keynes and its neighbours, made-up pupils and made-up people."""

from __future__ import annotations

import hashlib
import tempfile
import time
from importlib import resources
from pathlib import Path

from redway.cli.output import say
from redway.cli.progress import files_bar
from redway.core.errors import RedwayError
from redway.core.home import Home
from redway.demo import AUTHORITY, data_folder


def prepare_demo(home: Home) -> None:
    """Load what is not there yet: figures, people, targets, cases. The second time nothing is left to do."""
    if not _is_loaded(home):
        _load(home)
    if not _people_are_made(home):
        from redway.web.people.demo import create_demo_people

        create_demo_people(home)
        _people_marker(home).write_text(_fingerprint(_sign_ins(home)), encoding="ascii")
    if not _targets_marker(home).exists():
        _make_targets()
        _targets_marker(home).touch()
    if not _cases_marker(home).exists():
        _make_cases()
        _cases_marker(home).touch()
    if not _funding_marker(home).exists():
        _make_funding()
        _funding_marker(home).touch()
    if not _forum_marker(home).exists():
        _make_forum()
        _forum_marker(home).touch()
    if not _deficits_marker(home).exists():
        _make_deficits()
        _deficits_marker(home).touch()
    if not _improvement_marker(home).exists():
        _make_improvement()
        _improvement_marker(home).touch()
    if not _support_marker(home).exists():
        _make_support()
        _support_marker(home).touch()
    if not _board_marker(home).exists():
        _make_board()
        _board_marker(home).touch()
    if not _blocks_marker(home).exists():
        _make_blocks()
        _blocks_marker(home).touch()


def _board_marker(home: Home) -> Path:
    return home.root / "demo-board"


def _make_board() -> None:
    """The recommendations of the demo's review as a made-up plan, and three frozen meetings of its board."""
    from django.utils import timezone

    from redway.web.improvement.board.demo import create_demo_board

    create_demo_board(timezone.localdate())


def _blocks_marker(home: Home) -> Path:
    return home.root / "demo-blocks"


def _make_blocks() -> None:
    """Made-up money beside the formula: shared services, funds, other blocks, and the forum's vote."""
    from django.utils import timezone

    from redway.web.funding.blocks.demo import create_demo_blocks

    create_demo_blocks(timezone.localdate())


def _improvement_marker(home: Home) -> Path:
    return home.root / "demo-improvement"


def _make_improvement() -> None:
    """Scores bundled from the national data; made-up concerns and a triage meeting, dated back from today."""
    from django.utils import timezone

    from redway.web.improvement.demo import create_demo_improvement

    create_demo_improvement(timezone.localdate())


def _support_marker(home: Home) -> Path:
    return home.root / "demo-support"


def _make_support() -> None:
    """Made-up support and visits, reviews and a strategy, dated back from today."""
    from django.utils import timezone

    from redway.web.improvement.reviews.demo import create_demo_reviews
    from redway.web.improvement.support.demo import create_demo_support

    today = timezone.localdate()
    create_demo_support(today)
    create_demo_reviews(today)


def _deficits_marker(home: Home) -> Path:
    return home.root / "demo-deficits"


def _make_deficits() -> None:
    """Made-up balances, licensed deficits and services to schools, dated back from today."""
    from django.utils import timezone

    from redway.web.funding.deficits.demo import create_demo_deficits
    from redway.web.funding.services.demo import create_demo_services

    today = timezone.localdate()
    create_demo_deficits(today)
    create_demo_services(today)


def _cases_marker(home: Home) -> Path:
    return home.root / "demo-cases"


def _make_cases() -> None:
    """Made-up allegations: a half-year of 2007, and a caseload dated back from today."""
    from django.utils import timezone

    from redway.web.allegations.demo import create_demo_cases

    create_demo_cases(timezone.localdate())


def _funding_marker(home: Home) -> Path:
    return home.root / "demo-funding"


def _make_funding() -> None:
    """A made-up formula: rolls of real schools, what is in force, three options for change."""
    from django.utils import timezone

    from redway.web.funding.demo import create_demo_funding

    create_demo_funding(timezone.localdate())


def _forum_marker(home: Home) -> Path:
    return home.root / "demo-forum"


def _make_forum() -> None:
    """A made-up Schools Forum: one consultation decided, one open. Its options are the demo's scenarios."""
    from django.utils import timezone

    from redway.web.funding.forum.demo import create_demo_forum

    create_demo_forum(timezone.localdate())


def _targets_marker(home: Home) -> Path:
    return home.root / "demo-targets"


def _make_targets() -> None:
    """Made-up targets, each step dated back from today."""
    from django.utils import timezone

    from redway.web.attainment.targets.demo import create_demo_targets

    create_demo_targets(timezone.localdate())


def _sign_ins(home: Home) -> Path:
    """The file in which the demo's sign-ins are kept, readable by its owner only."""
    return home.root / "demo-signins.txt"


def _people_marker(home: Home) -> Path:
    return home.root / "demo-people"


def _people_are_made(home: Home) -> bool:
    """Were the people in the file made to the end? Checking fifteen passwords again would take seconds."""
    marker, file = _people_marker(home), _sign_ins(home)
    return marker.exists() and file.exists() and marker.read_text(encoding="ascii") == _fingerprint(file)


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _marker(home: Home) -> Path:
    return home.root / "demo-loaded"


def _is_loaded(home: Home) -> bool:
    return _marker(home).exists() and _marker(home).read_text(encoding="utf-8") == _contents()


def _contents() -> str:
    """What the demo holds: the list of the extract, and the edition of the made-up files."""
    from redway.demo.cohorts import EDITION

    listed = (resources.files("redway.demo") / "manifest.csv").read_text(encoding="utf-8")
    return f"{listed}made-up pupils,edition {EDITION}\n"


def _load(home: Home) -> None:
    started = time.monotonic()
    say("Loading the demo authority: Milton Keynes and its ten statistical neighbours")
    with resources.as_file(data_folder()) as folder:
        files = _import([folder])
    with tempfile.TemporaryDirectory() as folder_name:
        files += _import(_made_up_pupils(home, Path(folder_name)))
    _marker(home).write_text(_contents(), encoding="utf-8")
    say(f"Loaded {files} files in {time.monotonic() - started:.0f} seconds")


def _import(paths: list[Path]) -> int:
    """Import through the same pipeline as any file; returns how many files there were."""
    from redway.web.datasets.services import import_files

    with files_bar() as progress:
        done = import_files(paths, actor=None, who="demo", accept=True, progress=progress)
    failed = [report for report in done.reports if not report.version_id]
    if failed:
        raise RedwayError(
            f"The demo could not be loaded: {failed[0].path}: {' '.join(failed[0].reasons)}",
            "The checkout may be incomplete: fetch it again.",
        )
    return len(done.reports)


def _made_up_pupils(home: Home, folder: Path) -> list[Path]:
    """Files of made-up pupils of the authority's schools, as the register just loaded knows them."""
    from redway.datasets.register_files import read_register
    from redway.demo.cohorts import write_files
    from redway.web.datasets.ledger import DjangoLedger

    return write_files(read_register(home, DjangoLedger()).establishments, AUTHORITY, folder)


def print_summary(home: Home) -> None:
    """Half a page that already answers something: what is held, and three findings with their uncertainty."""
    from textwrap import fill

    from redway.core.words import number
    from redway.indicators.findings import findings
    from redway.indicators.neighbours import LATEST_MODEL, load_neighbours
    from redway.indicators.store import SeriesStore
    from redway.web.datasets.ledger import DjangoLedger
    from redway.web.register.queries import find_authority, schools_of_authority

    versions = DjangoLedger().versions()
    store = SeriesStore(home)
    held = store.summary()
    name = find_authority(AUTHORITY).name
    here = schools_of_authority(AUTHORITY).count()
    print()
    told = (
        f"{number(len(versions))} files are loaded: {number(held.figures)} figures of "
        f"{number(held.indicators)} measures, {number(held.schools)} schools and "
        f"{number(held.authorities)} authorities. {name} has {number(here)} open schools."
    )
    print(fill(told, 100))
    print(f"\nThree things worth knowing about {name} (neighbours of the {LATEST_MODEL} model):")
    for place, finding in enumerate(findings(store, load_neighbours(home, versions), AUTHORITY, name), 1):
        print(f"\n{place}. {finding.title}")
        print(fill(finding.text, 100, initial_indent="   ", subsequent_indent="   "))
    print(flush=True)


def print_sign_ins(home: Home) -> None:
    """Who may come in, one line for each role, as the file in the data folder says."""
    lines = _sign_ins(home).read_text(encoding="utf-8").splitlines()
    people = [line.split(maxsplit=2) for line in lines if "@" in line]
    widths = [max(len(person[place]) for person in people) for place in (2, 0)]
    print("Sign in as one of these made-up people (the passwords are this machine's own):\n")
    for email, password, who in people:
        print(f"  {who.ljust(widths[0])}  {email.ljust(widths[1])}  {password}")
    print(flush=True)
