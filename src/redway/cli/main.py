"""The ``redway`` command: its groups, its help and what becomes of an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from redway import __version__
from redway.cli import (
    allegations,
    audit,
    calendar,
    datasets,
    early_warning,
    exporting,
    figures,
    funding,
    importing,
    people,
    progress8,
    safekeeping,
    serving,
    tracking,
    value_added,
)
from redway.cli.output import explain
from redway.cli.parsers import Parser
from redway.core.errors import RedwayError

DESCRIPTION = """\
One system for the children's services of a local authority: schools data in, answers out.

Everything is kept in one data folder: the one named by --home or REDWAY_HOME, else .redway in the folder
you are in.
"""

EPILOG = """\
a first walk:
  redway demo                                   load the demo authority, Milton Keynes, and look around
  redway import results.csv --check             what would happen to this file?
  redway import results.csv                     take it in
  redway school 110394                          one school on a page
  redway indicator secondary-absence --authority 826
  redway benchmark --authority 826 --indicator secondary-absence

exit codes: 0 done, 1 something was rejected, held or could not be done, 2 wrong use
Each command has its own examples: redway COMMAND --help
"""

ROOMS = (
    importing,
    datasets,
    figures,
    value_added,
    progress8,
    tracking,
    early_warning,
    calendar,
    allegations,
    funding,
    serving,
    exporting,
    safekeeping,
    audit,
    people,
)


def make_parser() -> Parser:
    """The whole command line. Imports nothing heavy, so that help comes at once."""
    parser = Parser(prog="redway", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--home", metavar="FOLDER", help="the data folder, instead of REDWAY_HOME")
    parser.add_argument("--version", action="version", version=f"redway {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in ROOMS:
        room.register(commands)
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. An error is a sentence and a next step, never a traceback."""
    parser = make_parser()
    words = sys.argv[1:] if words is None else words
    if not words:
        parser.print_help()
        return 2
    arguments = parser.parse_args(words)
    if arguments.home:
        os.environ["REDWAY_HOME"] = arguments.home
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:
        raise
    except (RedwayError, OSError) as error:
        return explain(error)
    except KeyboardInterrupt:
        print("Stopped. What was not finished was not kept.", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("REDWAY_DEBUG"):
            raise
        return explain(_unexpected(error))


def _unexpected(error: Exception) -> RedwayError:
    """A fault of ours in words; the technical report only for those who ask."""
    kind = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return RedwayError(
        f"Something went wrong that should not have ({kind}).",
        "Nothing was left half done. REDWAY_DEBUG=1 before the command shows the technical report.",
    )


def run() -> None:
    """Entry point of the ``redway`` script. Whatever it writes is readable by its owner only."""
    os.umask(0o077)
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output (such as `head`) has gone; that is no failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)
