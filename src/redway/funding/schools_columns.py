"""The columns of the schools file, and what each holds."""

from __future__ import annotations

from collections.abc import Mapping

from redway.funding.factors import ADDITIONAL_NEEDS

REQUIRED: Mapping[str, str] = {
    "urn": "the school's six-digit number",
    "name": "the school's name",
    "phase": "primary, secondary, middle or all_through",
    "status": "maintained or academy",
    "locality": "the part of the authority the school is in",
    "pupils_primary": "pupils on roll in reception to year 6",
    "pupils_ks3": "pupils on roll in years 7 to 9",
    "pupils_ks4": "pupils on roll in years 10 and 11",
}
OPTIONAL: Mapping[str, str] = {
    "pupils_secondary": "pupils in years 7 to 11, to check the two key stages against",
    "predecessor_urn": "the number of the school this one was converted from",
    "sparsity_miles": "miles to the second nearest school, as the department measures them",
    "year_groups": "number of year groups",
    "split_sites": "further sites that are paid for",
    "split_sites_distant": "those of them that are far, or the tapered part",
    "rates": "rates, pounds",
    "pfi": "private finance initiative, pounds",
    "exceptional": "exceptional premises, pounds",
    "baseline_budget": "last year's whole budget, pounds",
    "baseline_pupils": "last year's funded pupils",
    "baseline_rates": "last year's rates, pounds",
    "baseline_exclusions": "what is left out of last year's budget by approval, pounds",
    "baseline_grants": "grants rolled in since, pounds",
    "exclusions": "what is left out of this year's budget by approval, pounds",
    "growing": "yes for a school that does not have all its year groups yet, else no",
    "no_baseline_reason": "why a school has no budget of last year",
}
NEEDS_COLUMNS: tuple[str, ...] = tuple(
    name for factor in ADDITIONAL_NEEDS for name in (factor.name, f"{factor.name}_share")
)
PREMISES_COLUMNS = ("rates", "pfi", "exceptional")
BASELINE_COLUMNS = ("baseline_budget", "baseline_pupils")
"""Blank for a school that has no budget of last year, with a reason in no_baseline_reason."""
