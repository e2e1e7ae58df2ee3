"""The contract again, on a real PostgreSQL server started here.

The tests of this folder, those of the rooms that keep people, the audit trail, long work, the ledger,
the register, targets and allegations, and the permission matrix run a second time with ``DATABASE_URL`` set.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contract.postgresql import find_binaries, server

REPOSITORY = Path(__file__).parents[2]
AGAIN = [
    "contract",
    "web/people",
    "web/audit",
    "web/jobs",
    "web/datasets",
    "web/register",
    "web/attainment/test_target_services.py",
    "web/allegations/test_kept_out.py",
    "web/allegations/test_need_to_know.py",
    "web/allegations/test_safeguards.py",
    "web/allegations/test_services_together.py",
    "web/allegations/test_services_naming.py",
    "web/test_permission_matrix.py",
]


@pytest.mark.postgres
def test_everything_that_is_stored_holds_on_postgresql_too() -> None:
    if "DATABASE_URL" in os.environ:
        pytest.skip("this run is the one on PostgreSQL")
    binaries = find_binaries()
    if binaries is None:
        words = "no PostgreSQL on this machine: install it, and the contract is checked on it too"
        if os.environ.get("REDWAY_REQUIRE_POSTGRES") == "1":
            pytest.fail(words)
        pytest.skip(words)
    with server(binaries) as address:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-m",
                "not national",
                *[f"tests/{name}" for name in AGAIN],
            ],
            cwd=REPOSITORY,
            env={**os.environ, "DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
