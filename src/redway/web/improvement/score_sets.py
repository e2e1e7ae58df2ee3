"""Sets of scores: kept once by a command, read by every page, never computed on a page.

The text of a set lies under the SHA-256 of its content in the lake, beside the figures it was read from; it
is there whole before the row that names it. A file that no longer has its hash is not shown.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from redway.core.errors import NotFound
from redway.improvement.kept_scores import KeptScores, ScoresUnreadable, read, written
from redway.web.audit import services as audit
from redway.web.improvement.models import ScoreSet, SignOff
from redway.web.people.models import Person

FOLDER = "early-warning"


def keep_scores(
    *,
    actor: Person | None,
    authority: str,
    scores: Mapping[str, Any],
    evaluation: Mapping[str, Any] | None,
    note: str = "",
) -> tuple[ScoreSet, bool]:
    """Keep what the command computed. Returns the set and whether it is new: the same text is kept once.

    Raises ScoresUnreadable for what is no set of scores of the authority.
    """
    text = written(scores, evaluation, authority)
    found = read(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    _place(sha256, text)
    with transaction.atomic():
        same = ScoreSet.objects.filter(
            authority=authority, decision=found.decision, model=found.model_version
        )
        held = same.filter(sha256=sha256).first()
        if held is not None:
            return held, False
        made = ScoreSet.objects.create(
            authority=authority,
            decision=found.decision,
            model=found.model_version,
            number=same.count() + 1,
            sha256=sha256,
            scored=len(found.schools),
            note=note,
            at=timezone.now(),
            by=actor,
        )
        details = {"authority": authority, "model": made.model, "schools": made.scored, "sha256": sha256}
        audit.record(actor, "early_warning.keep", "score-set", made.pk, details)
    return made, True


def latest_set(authority: str) -> ScoreSet | None:
    """The set of the latest decision date, the one kept last where there are several."""
    return ScoreSet.objects.filter(authority=authority).first()


def scores_of(held: ScoreSet) -> KeptScores:
    """The scores of a set, with who signed it off where somebody has to.

    Raises NotFound when its file is gone, ScoresUnreadable when it was changed.
    """
    found = _read(_path(held.sha256), held.sha256)
    if not found.awaits_sign_off:
        return found
    signed = SignOff.objects.filter(scores=held).select_related("by").first()
    return replace(found, signed_off_by=signed.by.full_name) if signed is not None else found


def evaluations_in(held: ScoreSet) -> dict[str, Any]:
    """The evaluations of a set as they were written, to be kept with another. Raises as ``scores_of``."""
    content = json.loads(_content(_path(held.sha256), held.sha256))
    return {"results": content["evaluations"]}


@lru_cache(maxsize=8)
def _read(path: Path, sha256: str) -> KeptScores:
    return read(_content(path, sha256))


def _content(path: Path, sha256: str) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise NotFound(
            "The file of these scores is gone.", "Bring it back from a backup, or keep the scores again."
        ) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ScoresUnreadable(
            "The file of these scores was changed after it was kept.",
            "Bring it back from a backup, or keep the scores again.",
        )
    return content.decode()


def _path(sha256: str) -> Path:
    folder: Path = settings.REDWAY_HOME.lake / FOLDER
    return folder / f"{sha256}.json"


def _place(sha256: str, text: str) -> None:
    path = _path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    beside.replace(path)
