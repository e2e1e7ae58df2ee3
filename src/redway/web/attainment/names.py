"""Pupils by name, for pages of those who may see them by name."""

from __future__ import annotations

import polars as pl


def names_of_pupils(pupils: pl.DataFrame) -> list[str]:
    """'Surname, Forename' where the file has them, else the pupil's own number; in the order given."""
    if not {"surname", "forename"} <= set(pupils.columns):
        return pupils["pupil"].cast(pl.String).to_list()
    named = pl.concat_str(pl.col("surname"), pl.col("forename"), separator=", ")
    found: list[str] = pupils.select(
        pl.coalesce(named, "surname", "forename", pl.col("pupil").cast(pl.String)).alias("name")
    )["name"].to_list()
    return found
