"""A worker as a process of its own: ``python -m redway.web.manage run_jobs``."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from redway.web.jobs.worker import Worker


class Command(BaseCommand):
    help = "Do the long work that waits, until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        if options["once"]:
            done = worker.run_all()
            self.stdout.write(f"{done} done.")
            return
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        worker.run()
