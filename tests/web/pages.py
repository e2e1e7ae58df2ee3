"""A small made-up country for page tests: files shaped like the real ones, brought in by the real pipeline.

Two authorities hold fourteen secondary schools. Grand Union School (100000) converted and went on as Grand
Union Academy (100020). Ouse Valley School (100003) has a suppressed figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import made_up
from redway.web.people.models import Person

CONVERTED, ACADEMY, SUPPRESSED = "100000", "100020", "100003"
AUTHORITY, NEIGHBOUR = "826", "822"
SECONDARY = [str(100000 + at) for at in range(14)]
_HEAD = (
    "URN,la_code,la_name,establishment_number,name,establishment_status_name,establishment_type_name,"
    "phase_name,close_date,postcode,easting,northing"
)


def _establishment(urn: str, number: int, name: str, status: str, kind: str, closed: str, la: str) -> str:
    area = "Milton Keynes" if la == AUTHORITY else "Bedford"
    at = int(urn) % 1000
    return (
        f"{urn},{la},{area},{number},{name},{status},{kind},Secondary,{closed},MK1 1AA,"
        f"{485000 + 300 * at},{238000 + 200 * at}"
    )


def establishments(folder: Path) -> Path:
    """The register of the made-up country."""
    rows = [
        _establishment(
            CONVERTED, 4000, "Grand Union School", "Closed", "Community school", "2015-08-31", AUTHORITY
        ),
        _establishment(ACADEMY, 4000, "Grand Union Academy", "Open", "Academy converter", "nan", AUTHORITY),
    ]
    for at, urn in enumerate(SECONDARY[1:], 1):
        la = AUTHORITY if at < 8 else NEIGHBOUR
        name = "Ouse Valley School" if urn == SUPPRESSED else f"Canal School {at}"
        rows.append(_establishment(urn, 4000 + at, name, "Open", "Community school", "nan", la))
    return made_up.write(folder / "establishments_2023-11-30.csv", [_HEAD, *rows])


def links(folder: Path) -> Path:
    """Grand Union School became Grand Union Academy."""
    return made_up.write(
        folder / "links_2023-11-30.csv",
        [
            "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate",
            f"{CONVERTED},{ACADEMY},Grand Union Academy,Successor,01-09-2015",
            f"{ACADEMY},{CONVERTED},Grand Union School,Predecessor,01-09-2015",
        ],
    )


def _absence(folder: Path, year: int, own: str) -> Path:
    values = {urn: f"{6 + at / 10:.2f}" for at, urn in enumerate(SECONDARY[1:])}
    return made_up.absence(folder, year, {own: f"{7 + (year - 2014) / 10:.2f}", **values, SUPPRESSED: "SUPP"})


def files(folder: Path) -> Sequence[Path]:
    """Every file of the country."""
    return [
        establishments(folder),
        links(folder),
        _absence(folder, 2014, CONVERTED),
        _absence(folder, 2017, ACADEMY),
        _absence(folder, 2018, ACADEMY),
        made_up.lait(
            folder,
            [
                ("SecTotAbs", year, la, value)
                for year, shift in (("2023/24", 0.0), ("2024/25", 0.2))
                for la, value in [
                    ("826", f"{8.39 + shift:.2f}"),
                    ("970", f"{8.44 - shift:.2f}"),
                    *((str(number), f"{7 + number % 10 / 10:.1f}") for number in range(870, 880)),
                ]
            ],
        ),
        made_up.neighbours(folder, "2025", {"826": [str(number) for number in range(870, 880)]}),
        made_up.neighbours(folder, "2021", {"826": [str(number) for number in range(880, 890)]}),
    ]


def import_country(folder: Path) -> None:
    """Bring the country in as the command line would."""
    from redway.web.datasets.services import import_files

    forget()
    folder.mkdir(exist_ok=True)
    done = import_files(files(folder), actor=None, who="test", accept=True)
    left = [report for report in done.reports if report.outcome.value != "committed"]
    assert not left, [(report.path, report.outcome, report.reasons) for report in left]


def forget() -> None:
    """Forget what earlier tests read: a test's register may have the number of another test's register."""
    from redway.web.design.kept import kept_parts
    from redway.web.measures import everyone
    from redway.web.register import search
    from redway.web.schools import finding

    kept_parts.clear()
    search.forget()
    for remembered in (everyone._schools, everyone._authorities, finding._choices):
        remembered.cache_clear()


def visitor(person: Person) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


@contextmanager
def readings() -> Iterator[list[str]]:
    """Counts what a page asks: each query of the database and each file of figures that is read."""
    from redway.indicators import store

    made: list[str] = []
    scan = store.scan

    def noting(path: Path) -> Any:
        made.append(f"figures: {path.name}")
        return scan(path)

    store.scan = noting  # type: ignore[assignment]
    try:
        with CaptureQueriesContext(connection) as queries:
            yield made
        made += [
            query["sql"] for query in queries.captured_queries if not query["sql"].startswith(_NO_QUESTION)
        ]
    finally:
        store.scan = scan


_NO_QUESTION = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN")
