"""Check the production settings and that no model change lacks its migration.

Runs Django's ``check --deploy`` with warnings as errors, as a council's server would be set, and
``makemigrations --check``. Nothing is written outside a temporary folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (["check", "--deploy", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"])


def production_environment(home: str) -> dict[str, str]:
    """Variables of a server in production, with a throwaway data folder."""
    return os.environ | {
        "PYTHONPATH": str(ROOT / "src"),
        "REDWAY_HOME": home,
        "REDWAY_ENV": "production",
        "ALLOWED_HOSTS": "redway.example.gov.uk",
    }


def main() -> int:
    """Exit code 1 when any check complains."""
    with tempfile.TemporaryDirectory() as home:
        environ = production_environment(home)
        for arguments in CHECKS:
            print("manage.py", *arguments, flush=True)
            if subprocess.run(
                [sys.executable, "-m", "redway.web.manage", *arguments], env=environ, cwd=home
            ).returncode:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
