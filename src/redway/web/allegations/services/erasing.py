"""Erasing what is written in a case: everything that is encrypted, wherever it lies."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import models, transaction

from redway.web.allegations import document_store
from redway.web.allegations.encryption import SealedJson, SealedText
from redway.web.allegations.models import Case, Engagement, LowLevelConcern, Minutes, Subject

ERASED = "Erased"
"""Stands where there was a text, so that what was withdrawn or dropped is not counted again."""


def erase(case: Case, now: datetime) -> None:
    """Erase a case, and who it is about unless another record is about them. The case itself is not saved.

    Call it in the transaction of a disposal.
    """
    _empty(case)
    for relation in Case._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        for row in relation.related_model._default_manager.filter(**{relation.field.name: case}):
            if _empty(row):
                row.save()
    for minutes in Minutes.objects.filter(meeting__case=case):
        _empty(minutes)
        minutes.save()
    case.named.filter(until__isnull=True).update(until=now)
    case.named.filter(until__gt=now).update(until=now)
    for key in case.documents.values_list("key", flat=True):
        # After the commit: a disposal that is rolled back must find its files again.
        transaction.on_commit(partial(document_store.forget, key))
    _erase_work(case)
    _erase_subject(case)


def _erase_work(case: Case) -> None:
    """What is written of the person's work, unless another case that is kept is about it or about them."""
    kept = Case.objects.filter(disposed_on__isnull=True).exclude(pk=case.pk)
    theirs = Engagement.objects.filter(subject=case.subject_id)
    if kept.filter(subject=case.subject_id).exists():
        theirs = theirs.filter(pk__in=[case.engagement_id])
    for work in theirs.exclude(pk__in=kept.filter(engagement__isnull=False).values("engagement")):
        work.details = {}
        work.save()


def _erase_subject(case: Case) -> None:
    others = Case.objects.filter(subject=case.subject_id, disposed_on__isnull=True).exclude(pk=case.pk)
    concerns = LowLevelConcern.objects.filter(subject=case.subject_id).exclude(became=case)
    if others.exists() or concerns.exists():
        return
    subject = Subject.objects.get(pk=case.subject_id)
    subject.words.all().delete()
    subject.identity, subject.account, subject.legal_hold = {}, None, ""
    subject.save()


def _empty(row: models.Model) -> bool:
    """Empty every encrypted field of a row; whether it has any."""
    sealed = [field for field in row._meta.fields if isinstance(field, SealedText)]
    for field in sealed:
        setattr(row, field.attname, _nothing(field, getattr(row, field.attname)))
    return bool(sealed)


def _nothing(field: SealedText, held: Any) -> Any:
    if isinstance(field, SealedJson):
        return field.get_default() if field.has_default() else {}
    return ERASED if held else ""
