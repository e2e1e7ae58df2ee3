"""Boundaries bundled for maps, so that no map asks another server for anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from redway.core.errors import NotFound

ATTRIBUTION = (
    "Boundaries: Office for National Statistics, Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right."
)


@dataclass(frozen=True)
class Area:
    """One area: its code, its name, and its polygons in metres of the British National Grid."""

    code: str
    name: str
    polygons: Sequence[Any]


def small_areas(layer: str, authority: str) -> tuple[Area, ...]:
    """The wards ('wards'), 'msoa21' or 'lsoa21' of an authority (ONS code).

    Raises NotFound when they are not bundled for that authority.
    """
    return _layer(f"{layer}-{authority}")


def authority_outline(authority: str) -> tuple[Area, ...]:
    """The outline of one authority (ONS code); empty when it is not bundled."""
    return tuple(area for area in _layer("authorities") if area.code == authority)


@cache
def _layer(name: str) -> tuple[Area, ...]:
    file = resources.files("redway.figures") / "boundaries" / f"{name}.json"
    if not file.is_file():
        raise NotFound(
            f"No boundaries are bundled under '{name}'.", "See the README of the bundled boundaries."
        )
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    return tuple(
        Area(f["properties"]["code"], f["properties"]["name"], f["geometry"]["coordinates"]) for f in features
    )
