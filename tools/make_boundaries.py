"""Remake the bundled boundaries (src/redway/figures/boundaries) from the published GeoJSON files.

    python tools/make_boundaries.py ../shared/data/boundaries

Coordinates become whole metres of the British National Grid, rounded to a step that is thinner than a
line on the maps. Rounding, unlike simplifying, keeps the borders that two areas share the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from redway.figures.national_grid import easting_northing  # noqa: E402

TARGET = ROOT / "src" / "redway" / "figures" / "boundaries"
LAYERS = (
    # (name, source file, code property, name property, rounding in metres)
    ("wards-E06000042", "ward_E06000042.geojson", "WD25CD", "WD25NM", 10),
    ("msoa21-E06000042", "msoa_E06000042.geojson", "MSOA21CD", "MSOA21NM", 10),
    ("lsoa21-E06000042", "lsoa_E06000042.geojson", "LSOA21CD", "LSOA21NM", 10),
    ("authorities", "upper_tier_LAs_simplified.geojson", "UTLA22CD", "UTLA22NM", 100),
)
WHOLE_AUTHORITIES = ("E06", "E08", "E09", "E10")
"""Codes of English authorities; the source draws metropolitan counties (E11) instead of their districts."""


def rounded_ring(ring: list[list[float]], step: int) -> list[list[int]]:
    """One ring on the grid, without points that fell together."""
    kept: list[list[int]] = []
    for longitude, latitude in (point[:2] for point in ring):
        point = [round(metres / step) * step for metres in easting_northing(longitude, latitude)]
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def rounded_polygons(geometry: dict[str, Any], step: int) -> list[list[list[list[int]]]]:
    """Every polygon that is still an area after rounding."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[rounded_ring(ring, step) for ring in polygon] for polygon in polygons]
    return [[ring for ring in polygon if len(ring) > 3] for polygon in rings if len(polygon[0]) > 3]


def layer(source: Path, code: str, name: str, step: int) -> dict[str, Any]:
    """A GeoJSON collection whose areas carry only their code and name."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    kept = [
        feature
        for feature in features
        if feature["properties"][code].startswith((*WHOLE_AUTHORITIES, "E01", "E02", "E05"))
    ]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": feature["properties"][code], "name": feature["properties"][name]},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": rounded_polygons(feature["geometry"], step),
                },
            }
            for feature in sorted(kept, key=lambda feature: str(feature["properties"][code]))
        ],
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("source", type=Path, help="folder with the published GeoJSON files")
    source: Path = arguments.parse_args().source
    TARGET.mkdir(exist_ok=True)
    for target, file, code, name, step in LAYERS:
        made = json.dumps(layer(source / file, code, name, step), separators=(",", ":"))
        (TARGET / f"{target}.json").write_text(made + "\n", encoding="utf-8")
        print(f"{target}.json: {len(made) // 1024} kB")


if __name__ == "__main__":
    main()
