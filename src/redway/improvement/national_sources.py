"""The national files the panel is built from, asked for in one place and in one shape.

The engine is handed in; no file is opened here. Columns carry the names of the committed formats, and each
table the last day its rows are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import polars as pl

from redway.core.errors import NotEnoughData
from redway.core.periods import PeriodKind, parse_period
from redway.datasets.register import Register
from redway.improvement.inspections import HISTORY, MANAGEMENT_INFORMATION


class Answers(Protocol):
    """What is asked of the engine of the lake."""

    @property
    def datasets(self) -> list[str]: ...

    def query(self, sql: str) -> pl.DataFrame: ...


@dataclass(frozen=True)
class NationalSources:
    """Tables of the whole country; an empty one means that the file is not held.

    ``establishments`` is the register's; the others have ``urn``, ``period_end`` and their figures, except
    the inspections (see ``inspections``) and ``deprivation`` (``lsoa11_code``).
    """

    establishments: pl.DataFrame
    history: pl.DataFrame
    listings: pl.DataFrame
    absence: pl.DataFrame
    census: pl.DataFrame
    workforce: pl.DataFrame
    finance: pl.DataFrame
    ks2: pl.DataFrame
    ks4: pl.DataFrame
    ks4_provisional: pl.DataFrame
    deprivation: pl.DataFrame


_FIGURES = {
    "absence": ("overall_absence",),
    "school-census": (
        "pupils",
        "free_meals_percent",
        "free_meals_ever6_percent",
        "eal_percent",
        "statement_percent",
        "statement_or_action_plus_percent",
        "school_action_percent",
        "ehcp_percent",
        "sen_support_percent",
    ),
    "workforce": ("teachers_fte", "teaching_assistants_fte", "pupil_teacher_ratio", "mean_teacher_salary"),
    "school-finance": ("income", "expenditure", "in_year_balance"),
    "ks2": (
        "eligible_pupils",
        "reading_writing_maths_expected",
        "reading_score",
        "maths_score",
        "reading_progress",
        "writing_progress",
        "maths_progress",
    ),
    "ks4": ("pupils", "attainment8", "progress8", "progress8_upper"),
}


def read_national_sources(engine: Answers, register: Register) -> NationalSources:
    """Ask the lake for everything the panel needs.

    Raises NotEnoughData when there are no inspections. Other files may be missing: what they would have told
    is then missing in the panel too.
    """
    if "inspections" not in engine.datasets:
        raise NotEnoughData(
            "No inspections are held, so no school can be scored.",
            "Import Ofsted's inspection history and its management information first: redway import PATH",
        )
    academic, financial = PeriodKind.ACADEMIC, PeriodKind.FINANCIAL
    return NationalSources(
        establishments=register.establishments,
        history=_inspections(engine, "inspection-history", HISTORY),
        listings=_inspections(engine, "inspections-latest", MANAGEMENT_INFORMATION),
        absence=_figures(engine, "absence", academic),
        census=_figures(engine, "school-census", academic),
        workforce=_figures(engine, "workforce", academic),
        finance=_figures(engine, "school-finance", financial, "_format = 'income-expenditure'"),
        ks2=_figures(engine, "ks2", academic, "_format LIKE 'ks2%2016-on'"),
        ks4=_figures(engine, "ks4", academic, "_format IN ('ks4-2016-on', 'ks4-renamed-2016-on')"),
        ks4_provisional=_figures(engine, "ks4", academic, "_format = 'ks4-provisional-2016-on'"),
        deprivation=_deprivation(engine),
    )


def _figures(engine: Answers, dataset: str, kind: PeriodKind, where: str = "TRUE") -> pl.DataFrame:
    """Rows of schools with the last day of their period; columns no file in force has are empty."""
    names = _FIGURES[dataset]
    schema = {"urn": pl.String, "period_end": pl.Date, **dict.fromkeys(names, pl.Float64)}
    if dataset not in engine.datasets:
        return pl.DataFrame(schema=schema)
    sql = f"SELECT * FROM dataset('{dataset}') WHERE _level = 'school' AND urn IS NOT NULL AND {where}"  # noqa: S608 - names are our own
    found = engine.query(sql)
    periods = found["_period"].unique().to_list()
    ends = {label: parse_period(label, kind).end for label in periods}
    return (
        found.select(
            "urn",
            pl.col("_period").replace_strict(ends, return_dtype=pl.Date).alias("period_end")
            if ends
            else pl.lit(None, dtype=pl.Date).alias("period_end"),
            *(
                pl.col(name).cast(pl.Float64)
                if name in found.columns
                else pl.lit(None, dtype=pl.Float64).alias(name)
                for name in names
            ),
        )
        .unique(["urn", "period_end"], keep="first", maintain_order=True)
        .sort("urn", "period_end")
    )


def _inspections(engine: Answers, of_format: str, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    found = engine.query(f"SELECT * FROM dataset('inspections') WHERE _format = '{of_format}'")  # noqa: S608 - names are our own
    if "listed_on" in schema:
        found = found.with_columns(pl.col("_period").str.to_date("%Y-%m-%d").alias("listed_on"))
    return found.select(
        pl.col(name).cast(kind) if name in found.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    ).sort("urn")


def _deprivation(engine: Answers) -> pl.DataFrame:
    schema = {"lsoa11_code": pl.String, "idaci_rank": pl.Float64}
    if "deprivation" not in engine.datasets:
        return pl.DataFrame(schema=schema)
    found = engine.query("SELECT * FROM dataset('deprivation')")
    if not set(schema) <= set(found.columns):
        return pl.DataFrame(schema=schema)
    return found.select(pl.col(name).cast(kind) for name, kind in schema.items()).drop_nulls()
