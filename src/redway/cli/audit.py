"""``redway audit verify``: is the trail whole?"""

from __future__ import annotations

import argparse

from redway.cli.output import DONE, NOT_DONE, print_json
from redway.cli.parsers import Commands, Parser, add_command, add_group, add_json


def register(commands: Commands[Parser]) -> None:
    """Add ``audit verify``."""
    group = add_group(commands, "audit", summary="check the audit trail")
    verify = add_command(
        group,
        "verify",
        run_verify,
        summary="walk the audit trail and name the first broken link",
        description="""
            Every entry holds the fingerprint of the one before; the newest one is also noted outside the
            database. A changed, removed or inserted entry, or a tail cut off, ends with exit code 1.
        """,
        examples="redway audit verify",
    )
    add_json(verify)


def run_verify(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store

    open_store()
    from redway.web.audit.verify import verify

    found = verify()
    if arguments.json:
        print_json(
            {
                "whole": found.whole,
                "noted": found.noted,
                "entries": found.checked,
                "head": found.head,
                "broken_at": found.broken_at,
                "reason": found.reason,
            }
        )
    else:
        print(found.message)
    return DONE if found.whole else NOT_DONE
