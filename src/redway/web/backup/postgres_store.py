"""The transaction store in PostgreSQL: every table copied out in one snapshot, and back in one transaction.

Only the driver is needed, no pg_dump of the server's version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from redway.web.backup import short_lived
from redway.web.backup.archive import Archive, ArchiveWriter
from redway.web.backup.errors import RestoreRefusedError

FOLDER = "database/"
_STEPS = "django_migrations"
_APPEND_ONLY = {"audit_auditentry", "audit_audithead"}


def copy_out(writer: ArchiveWriter) -> dict[str, Any]:
    """Add every table as at one moment. Returns what the list of members says about them."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables = {
                table: [
                    column.name for column in connection.introspection.get_table_description(cursor, table)
                ]
                for table in sorted(connection.introspection.table_names(cursor))
                if table not in (_STEPS, *short_lived.TABLES)
            }
            for table, columns in tables.items():
                copy = f"COPY {_names(table, columns)} TO STDOUT"
                with writer.member(FOLDER + table) as write, cursor.cursor.copy(copy) as rows:
                    for piece in rows:
                        write(bytes(piece))
            if head := _audit_head(cursor):
                writer.add_text("audit-head.json", head)
        return {"tables": tables, "migrations": applied_migrations()}


def applied_migrations() -> list[list[str]]:
    """The steps by which the tables were made: [room, step]."""
    return [list(step) for step in MigrationRecorder(connection).applied_migrations()]


def refuse_unless_empty() -> None:
    """Raise RestoreRefusedError when the database already holds tables."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if tables:
        raise RestoreRefusedError(
            f"The PostgreSQL database '{connection.settings_dict['NAME']}' is not empty.",
            "Make a new, empty database, point DATABASE_URL at it and restore into that.",
        )


def copy_in(archive: Archive) -> None:
    """Make the tables as they were and fill them. Call it inside a transaction, on an empty database."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last_steps(executor, [(room, step) for room, step in archive.about["migrations"]]))
    with connection.cursor() as cursor:
        tables = {
            table: columns
            for table, columns in archive.about["tables"].items()
            if table not in short_lived.TABLES
        }
        for table in tables:
            # A step may have put rows in; the copy holds them as they were later.
            if table not in _APPEND_ONLY:
                cursor.execute(f"DELETE FROM {_name(table)}")  # noqa: S608 - a quoted name of our own table
        for table, columns in tables.items():
            with cursor.cursor.copy(f"COPY {_names(table, columns)} FROM STDIN") as rows:
                for piece in _pieces(archive, table):
                    rows.write(piece)
        held = set(connection.introspection.table_names(cursor))
        models = [
            model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in held
        ]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _pieces(archive: Archive, table: str) -> Iterator[bytes]:
    yield from archive.pieces(FOLDER + table)


def _last_steps(executor: MigrationExecutor, applied: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the steps applied, those that no other applied step of their room builds on."""
    done = set(applied)
    graph = executor.loader.graph
    return [
        step
        for step in applied
        if not any(child.key in done and child.key[0] == step[0] for child in graph.node_map[step].children)
    ]


def _audit_head(cursor: Any) -> str | None:
    cursor.execute("SELECT sequence, hash FROM audit_audithead")
    row = cursor.fetchone()
    return json.dumps({"sequence": row[0], "hash": row[1]}) if row else None


def _name(table: str) -> str:
    return connection.ops.quote_name(table)


def _names(table: str, columns: list[str]) -> str:
    return f"{_name(table)} ({', '.join(connection.ops.quote_name(column) for column in columns)})"
