"""``redway serve`` and ``redway demo``: the pages."""

from __future__ import annotations

import argparse

from redway.cli.output import DONE
from redway.cli.parsers import Commands, Parser, add_command


def register(commands: Commands[Parser]) -> None:
    """Add ``serve`` and ``demo``."""
    demo = add_command(
        commands,
        "demo",
        run_demo,
        summary="load the demo authority, say what it shows, and serve it",
        description="""
            Loads real published figures of Milton Keynes and its ten statistical neighbours, with made-up
            pupils and people, and serves the pages until you press Ctrl+C. The second time all is there
            already.
        """,
        examples="""
            redway demo
            PORT=9000 redway demo
            redway demo --prepare          load it, but do not serve
        """,
    )
    _add_address(demo)
    demo.add_argument("--prepare", action="store_true", help="stop after loading")
    serve = add_command(
        commands,
        "serve",
        run_serve,
        summary="serve the pages of the data folder",
        description="""
            Serves on HOST and PORT (127.0.0.1 and 8000 unless set) and works through long jobs such as
            imports. Other machines reach it through a proxy that speaks HTTPS: see 'Run it on a server' in
            the documentation.
        """,
        examples="""
            redway serve
            REDWAY_HOME=/srv/redway redway serve --port 8080 --workers 2
        """,
    )
    _add_address(serve)


def _add_address(parser: Parser) -> None:
    parser.add_argument("--host", default="", help="address to serve on (HOST, else 127.0.0.1)")
    parser.add_argument("--port", default="", help="port to serve on (PORT, else 8000)")
    parser.add_argument("--workers", type=int, default=1, help="server processes (1)")


def run_serve(arguments: argparse.Namespace) -> int:
    from redway.web.serving import address_from_environment, refuse_taken, serve_in_new_process

    address = address_from_environment(arguments.host, arguments.port)
    refuse_taken(address)
    from redway.cli.ground import open_store

    serve_in_new_process(open_store(), address, workers=arguments.workers)


def run_demo(arguments: argparse.Namespace) -> int:
    from redway.web.serving import address_from_environment, refuse_taken, serve_in_new_process

    address = address_from_environment(arguments.host, arguments.port)
    if not arguments.prepare:
        refuse_taken(address)
    from redway.cli.demo import prepare_demo, print_sign_ins, print_summary
    from redway.cli.ground import open_store

    home = open_store()
    prepare_demo(home)
    print_summary(home)
    if not arguments.prepare:
        print_sign_ins(home)
        serve_in_new_process(home, address, workers=arguments.workers)
    return DONE
