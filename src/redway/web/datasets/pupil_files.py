"""Who may decide about files of pupils, and take them out: only those who may see pupils where they are.

A data officer may bring in and take out published files of the whole country. Of files of facts about single
children (see ``redway.datasets.confidential``) they decide only where they hold their role.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from redway.datasets.confidential import is_confidential
from redway.datasets.ledger import Version
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.permission import Asker
from redway.web.people.rules import Record

SEES_PUPILS = "pupil.view"


def may_decide(asker: Asker, format_code: str, scope: str) -> bool:
    """May they decide about this file, as far as its pupils go? True for files that hold none.

    They must see pupils in every authority of the file; of the whole country where it names none.
    """
    return all(permission.decide(asker, SEES_PUPILS, place) for place in _places(format_code, scope))


def require_pupils(asker: Asker, version: Version) -> None:
    """Raise Http404 unless they may decide about this version, as far as its pupils go."""
    for place in _places(version.format, version.scope):
        permission.require(asker, SEES_PUPILS, place)


def note_download(request: HttpRequest, version: Version, what: str) -> None:
    """Write to the audit trail that somebody took out a file of pupils, or its list of errors."""
    if not is_confidential(version.format):
        return
    assert isinstance(request.user, Person)
    details = {"what": what, "format": version.format, "period": version.period, "scope": version.scope}
    with transaction.atomic():
        audit.record(
            request.user, "dataset.download", "dataset_version", version.id, details, sensitive_read=True
        )


def _places(format_code: str, scope: str) -> list[Record]:
    if not is_confidential(format_code):
        return []
    return [Record("pupils", scope, authority=number or None) for number in scope.split("+")]
