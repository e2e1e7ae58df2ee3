"""A small made-up authority in the register: imported through the pipeline, stored by the service."""
# ruff: noqa: E501 - rows stand as they stand in files

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from redway.core.home import Home
from redway.datasets.import_report import Outcome
from redway.datasets.importing import import_path
from redway.web.datasets.ledger import DjangoLedger
from redway.web.register.services import Rebuilt, rebuild

HEADER = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
    "EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (name),Town,Postcode,Easting,Northing,"
    "NumberOfPupils\n"
)
ROWS = tuple(
    """\
100001,826,Milton Keynes,2001,Meadow Lane Primary School,Community school,Closed,01-09-1990,31-08-2012,Primary,Milton Keynes,MK9 3HJ,485000,238000,
138001,826,Milton Keynes,2001,Meadow Lane Academy,Academy converter,Open,01-09-2012,,Primary,Milton Keynes,MK9 3HJ,485000,238000,420
100002,826,Milton Keynes,4002,St. Paul's Catholic School,Voluntary aided school,Open,,,Secondary,Milton Keynes,MK6 5EN,487000,237000,1700
100003,826,Milton Keynes,7003,Brook Special School,Community special school,Proposed to open,,,Not applicable,Bletchley,MK2 2HB,486500,233500,
100004,822,Bedford,4004,Brook End School,Foundation school,Open,,,Secondary,Bedford,MK40 1AA,505000,249000,900
""".splitlines()
)
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100001,138001,Meadow Lane Academy,Successor,01-09-2012\n"

RebuildRegister = Callable[..., Rebuilt]


@pytest.fixture
def put_in_register(db: None, home: Home, tmp_path: Path) -> RebuildRegister:
    """Import an edition of the establishments (and the links) and rebuild the register."""

    def put(*rows: str, day: str = "20260401", links: str = LINKS) -> Rebuilt:
        files = {
            f"edubasealldata{day}.csv": HEADER + "\n".join(rows or ROWS) + "\n",
            f"links{day}.csv": links,
        }
        for name, text in files.items():
            path = tmp_path / name
            path.write_text(text, "utf-8")
            (report,) = import_path(path, DjangoLedger(None), home)
            assert report.outcome in (Outcome.COMMITTED, Outcome.UNCHANGED), report.reasons
        return rebuild(home=home, ledger=DjangoLedger(None), actor=None)

    return put


@pytest.fixture
def register(put_in_register: RebuildRegister) -> Rebuilt:
    """The made-up authority, stored."""
    return put_in_register()
