"""Which schools there were on a day: the universe of the panel, from the register and never from survivors.

A list of schools made later holds only those that lasted, and so its gaps tell who closed. The register keeps
closed establishments with their days, and what is asked here is only whether a school was open on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

KINDS = {
    "Community school": "maintained",
    "Voluntary aided school": "maintained",
    "Voluntary controlled school": "maintained",
    "Foundation school": "maintained",
    "Academy converter": "converter academy",
    "Academy sponsor led": "sponsored academy",
    "Free schools": "free school",
    "University technical college": "free school",
    "Studio schools": "free school",
    "City technology college": "free school",
}
"""State-funded mainstream types. Others are not scored: of special schools too few fall to learn from."""

NOT_SCORED = {
    "Community special school": "special school",
    "Foundation special school": "special school",
    "Non-maintained special school": "special school",
    "Academy special converter": "special school",
    "Academy special sponsor led": "special school",
    "Free schools special": "special school",
    "Pupil referral unit": "alternative provision",
    "Academy alternative provision converter": "alternative provision",
    "Academy alternative provision sponsor led": "alternative provision",
    "Free schools alternative provision": "alternative provision",
    "Local authority nursery school": "nursery school",
}

MAINTAINED = frozenset(
    {kind for kind, words in KINDS.items() if words == "maintained"}
    | {"Community special school", "Foundation special school", "Pupil referral unit"}
    | {"Local authority nursery school"}
)
"""Types whose balances are the authority's to answer for."""


def is_state_funded(kind: str) -> bool:
    """Whether improvement is about a type of establishment: schools the state pays for, special and nursery
    schools and pupil referral units among them.

    Independent schools, colleges, universities and secure establishments are not. One whose type is not held
    counts.
    """
    return not kind or kind in KINDS or kind in NOT_SCORED


def asked_by_rules(kind: str) -> bool:
    """Whether official rules about results and inspections are asked of a type of establishment.

    Of independent schools, colleges and nursery schools they are not. One whose type is not held is asked.
    """
    return not kind or kind in KINDS or NOT_SCORED.get(kind, "nursery school") != "nursery school"


PHASES = {
    "Primary": "primary",
    "Middle deemed primary": "primary",
    "Secondary": "secondary",
    "Middle deemed secondary": "secondary",
    "All-through": "secondary",
}


def open_on(
    establishments: pl.DataFrame, decisions: Sequence[date], first_seen: pl.DataFrame
) -> pl.DataFrame:
    """One row per continuing school and decision date, for schools open on it.

    ``establishments`` is the register's. ``first_seen`` has ``urn`` and ``seen``, the first day anything of
    the establishment was public: where no opening day is held, it counts as open from then. Columns:
    ``school, decision, urn, name, la_code, phase, kind, opened, lsoa11_code, easting, northing,
    not_scored``; ``not_scored`` says why a school cannot be in the model and is empty for the others.
    """
    known = (
        establishments.filter(pl.col("type").is_in([*KINDS, *NOT_SCORED]))
        .join(first_seen, on="urn", how="left")
        .with_columns(there_from=pl.coalesce("open_date", "seen"))
        .filter(
            pl.col("there_from").is_not_null()
            & ((pl.col("close_date").is_not_null()) | (pl.col("status") != "Closed"))
        )
    )
    days = pl.DataFrame({"decision": sorted(decisions)}, schema={"decision": pl.Date})
    return (
        known.join(days, how="cross")
        .filter(
            (pl.col("there_from") <= pl.col("decision"))
            & (pl.col("close_date").is_null() | (pl.col("close_date") > pl.col("decision")))
        )
        # Two establishments of one line may both be open around a merger: the one on its stem stands for it.
        .sort("school", "decision", "on_stem", "open_date", "urn", nulls_last=False)
        .unique(["school", "decision"], keep="last", maintain_order=True)
        .select(
            "school",
            "decision",
            "urn",
            "name",
            "la_code",
            phase=pl.col("phase").replace_strict(PHASES, default=None, return_dtype=pl.String),
            kind=pl.col("type").replace_strict(KINDS, default=None, return_dtype=pl.String),
            opened=pl.col("open_date"),
            lsoa11_code=pl.col("lsoa11_code"),
            easting=pl.col("easting"),
            northing=pl.col("northing"),
            not_scored=pl.col("type").replace_strict(NOT_SCORED, default=None, return_dtype=pl.String),
        )
        .with_columns(
            not_scored=pl.when(pl.col("not_scored").is_null() & pl.col("phase").is_null())
            .then(pl.lit("phase not held"))
            .otherwise("not_scored")
        )
    )
