"""Keys of the areas above an authority, as national files number them."""

from __future__ import annotations

from redway.core.identifiers import ENGLAND

ENGLAND_NUMBER = "970"
"""England's number in national authority-level files, beside the three-digit authority numbers."""

REGIONS = {
    "980": ("E12000001", "North East"),
    "981": ("E12000002", "North West"),
    "982": ("E12000003", "Yorkshire and The Humber"),
    "983": ("E12000004", "East Midlands"),
    "984": ("E12000005", "West Midlands"),
    "985": ("E12000006", "East of England"),
    "986": ("E12000007", "London"),
    "987": ("E13000001", "Inner London"),
    "988": ("E13000002", "Outer London"),
    "989": ("E12000008", "South East"),
    "990": ("E12000009", "South West"),
}
"""Region number in national files -> ONS code and name."""

AREA_OF_NUMBER = {ENGLAND_NUMBER: ENGLAND, **{number: code for number, (code, _) in REGIONS.items()}}
"""Number in national files -> the entity key used in series, for areas that are not authorities."""

NATIONAL_AUTHORITIES = 140
"""Where at least this many authorities' figures are held, a distribution speaks for England."""
