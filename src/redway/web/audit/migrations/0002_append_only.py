from __future__ import annotations

from typing import Any

from django.db import migrations

from redway.web.audit.triggers import statements_to_add, statements_to_remove


def add(apps: Any, schema_editor: Any) -> None:
    for statement in statements_to_add(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    for statement in statements_to_remove(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
