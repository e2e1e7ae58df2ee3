"""The way to a version or an import: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.datasets.ledger import Version
from redway.web.datasets.models import ImportRun
from redway.web.datasets.pupil_files import require_pupils
from redway.web.datasets.queries import version as read_version
from redway.web.people import permission
from redway.web.people.rules import Record

DECISIONS = frozenset({"dataset.download", "dataset.accept", "dataset.withdraw"})
"""Of files of pupils these are for those who may see the pupils themselves."""


def access_version(request: HttpRequest, number: int, action: str) -> Version:
    """The version, for those who may take the action on it."""
    try:
        found = read_version(number)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, Record("dataset_version", str(number)))
    if action in DECISIONS:
        require_pupils(request, found)
    return found


def access_run(request: HttpRequest, run: UUID, action: str) -> ImportRun:
    """The import, for those who may take the action on it."""
    found = ImportRun.objects.filter(pk=run).first()
    if found is None:
        raise Http404("There is no such import.")
    permission.require(request, action, Record("import", str(run)))
    return found
