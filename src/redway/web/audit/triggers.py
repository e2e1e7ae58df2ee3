"""Database triggers that refuse to change, remove or empty the audit trail, for both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TABLE = "audit_auditentry"
_HEAD = "audit_audithead"
_MESSAGE = "the audit trail is append-only"

_POSTGRESQL_ADD = f"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {_TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {_TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON {_HEAD}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON {_HEAD}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
_POSTGRESQL_REMOVE = f"""
DROP TRIGGER IF EXISTS audit_no_change ON {_TABLE};
DROP TRIGGER IF EXISTS audit_no_truncate ON {_TABLE};
DROP TRIGGER IF EXISTS audit_head_no_delete ON {_HEAD};
DROP TRIGGER IF EXISTS audit_head_no_truncate ON {_HEAD};
DROP FUNCTION IF EXISTS audit_refuse();
"""
# SQLite has no TRUNCATE; its "truncate optimisation" of DELETE without WHERE is off when a trigger exists.
_SQLITE_ADD = [
    f"CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    for name, change, table in [
        ("audit_no_update", "UPDATE", _TABLE),
        ("audit_no_delete", "DELETE", _TABLE),
        ("audit_head_no_delete", "DELETE", _HEAD),
    ]
]
_SQLITE_REMOVE = [
    "DROP TRIGGER IF EXISTS audit_no_update",
    "DROP TRIGGER IF EXISTS audit_no_delete",
    "DROP TRIGGER IF EXISTS audit_head_no_delete",
]


def statements_to_add(vendor: str) -> list[str]:
    """SQL that puts the triggers in place on ``postgresql`` or ``sqlite``."""
    return [_POSTGRESQL_ADD] if vendor == "postgresql" else _SQLITE_ADD


def statements_to_remove(vendor: str) -> list[str]:
    """SQL that takes them away: only for undoing the migration and for emptying a test database."""
    return [_POSTGRESQL_REMOVE] if vendor == "postgresql" else _SQLITE_REMOVE


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Without the triggers for a moment. Tests empty their database with it; nothing else may."""
    with connection.cursor() as cursor:
        for statement in statements_to_remove(connection.vendor):
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in statements_to_add(connection.vendor):
                cursor.execute(statement)
