"""Django's own commands: ``python -m redway.web.manage migrate``."""

from __future__ import annotations

import sys

from redway.web import start


def main() -> None:
    start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
