"""Columns that the records of many rooms have."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models


def key() -> models.UUIDField[Any, uuid.UUID]:
    """A key that tells nothing of what it stands for, for addresses."""
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


def authority() -> models.CharField[Any, str]:
    """The authority a record belongs to."""
    return models.CharField(max_length=3, db_index=True, db_comment="Number of the authority")


def school() -> models.CharField[Any, str]:
    """The school a record is of, through every change of its URN."""
    return models.CharField(max_length=6, db_index=True, db_comment="Continuing key of the school")


def year(about: str = "Financial year, such as 2025-26") -> models.CharField[Any, str]:
    """A financial year."""
    return models.CharField(max_length=7, db_comment=about)


def revision() -> models.PositiveIntegerField[Any, int]:
    """What a page shows and a change names, so that a second saver is told and nothing is lost."""
    return models.PositiveIntegerField(default=1, db_comment="Counts every change, to find two at once")


def person(about: str, *, null: bool = False) -> models.ForeignKey[Any, Any]:
    """Somebody who did something; nobody is deleted while a record names them."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        db_comment=about,
    )


def pence(about: str, *, null: bool = False) -> models.BigIntegerField[Any, Any]:
    """An amount of money."""
    return models.BigIntegerField(null=null, blank=null, db_comment=f"{about}, in whole pence")
