"""What early warning says as plain values: for JSON, for CSV and to be kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from redway.datasets.ledger import Version
    from redway.improvement.evaluation import DateResult
    from redway.improvement.local_check import LocalCheck
    from redway.improvement.scoring import SchoolScore, Scores, Unscored
    from redway.improvement.tuning import Tried


READ_FROM = frozenset(
    {"inspections", "absence", "school-census", "workforce", "school-finance", "ks2", "ks4", "deprivation"}
    | {"establishments", "establishment-links"}
)
"""Datasets the panel is built from: the figures, the inspections and the register."""


def scores_answer(found: Scores, authority: str | None) -> dict[str, Any]:
    """Everything said of the schools of an authority, or of England."""
    model = found.model
    return {
        "as_at": found.decision,
        "question": model.question.value,
        "window": {"start": model.window.start, "end": model.window.end},
        "claim": "ranks where to look first; does not predict Ofsted",
        "model": {
            "learned_for": model.decision,
            "learned_until": model.trained_until,
            "rows": model.trained_rows,
            "falls": model.trained_events,
            "mapping": model.mapping,
        },
        "base": found.base,
        "schools": [_school(one) for one in found.iter(authority)],
        "insufficient_data": [
            _unscored(one) for one in found.insufficient if authority in (None, one.la_code)
        ],
        "not_scored": [_unscored(one) for one in found.not_scored if authority in (None, one.la_code)],
    }


def _school(one: SchoolScore) -> dict[str, Any]:
    return {
        "school": one.school,
        "urn": one.urn,
        "name": one.name,
        "authority": one.la_code,
        "phase": one.phase,
        "chance": one.chance,
        "lower": one.lower,
        "upper": one.upper,
        "rank": one.rank,
        "of": one.of,
        "band": one.band,
        "last_grade": one.last_grade,
        "last_inspected": one.last_inspected,
        "logit": one.logit,
        "contributions": [
            {
                "feature": each.feature,
                "words": each.words,
                "group": each.group.value,
                "value": each.value,
                "adds": each.adds,
                "public_from": each.public_from,
            }
            for each in one.contributions
        ],
        "gaps": list(one.gaps),
    }


def _unscored(one: Unscored) -> dict[str, Any]:
    return {
        "school": one.school,
        "urn": one.urn,
        "name": one.name,
        "authority": one.la_code,
        "reason": one.reason,
    }


def files_of(versions: Iterable[Version]) -> list[dict[str, str]]:
    """Of all versions those in force that scores are read from, each with what marks it."""
    return [
        {"dataset": one.dataset, "file": one.file_name, "version": mark_of(one)}
        for one in versions
        if one.dataset in READ_FROM and one.state == "current"
    ]


def mark_of(version: Version) -> str:
    """What marks a version of a file."""
    return version.sha256[:12]


def scores_frame(found: Scores, authority: str | None) -> pl.DataFrame:
    """One row a school, with a column for what each feature adds; schools without a score at the end."""
    table = found.table.select(
        "school",
        "urn",
        "name",
        authority="la_code",
        phase="phase",
        rank="rank",
        chance="chance",
        lower="lower",
        upper="upper",
        band="band",
        logit="logit",
        base=pl.lit(found.base),
    ).with_columns(pl.Series(f"adds_{name}", values) for name, values in found.parts.items())
    left = pl.DataFrame(
        [
            {
                "school": one.school,
                "urn": one.urn,
                "name": one.name,
                "authority": one.la_code,
                "band": one.reason,
            }
            for one in (*found.insufficient, *found.not_scored)
        ],
        schema=dict.fromkeys(("school", "urn", "name", "authority", "band"), pl.String),
    )
    whole = pl.concat([table, left], how="diagonal")
    return whole if authority is None else whole.filter(pl.col("authority") == authority)


def result_answer(result: DateResult, local: LocalCheck | None = None) -> dict[str, Any]:
    """One table as plain values, with what stands over it and what one authority alone says of it."""
    plain = asdict(result)
    plain["question"] = result.question.value
    plain["trained_on"] = [{"start": window.start, "end": window.end} for window in result.trained_on]
    plain["headline"] = result.headline
    plain["banner"] = result.banner
    if local is not None:
        plain["local"] = asdict(local) | {"question": local.question.value, "sentences": local.sentences}
    return plain


def tried_answer(rows: Sequence[Tried]) -> list[dict[str, Any]]:
    """Settings with their AUC on each earlier date."""
    return [{**asdict(row.settings), "aucs": list(row.aucs), "mean": row.mean} for row in rows]
