"""Positions published by the Office for National Statistics both ways (label points of its areas)."""

import pytest

from redway.figures.national_grid import easting_northing


@pytest.mark.parametrize(
    ("longitude", "latitude", "easting", "northing"),
    [
        (-1.27018, 54.67614, 447160, 531474),  # Hartlepool
        (-0.72903, 51.98198, 487384, 232263),  # Bletchley East
        (-0.72201, 51.99279, 487845, 233475),  # Milton Keynes 030A
    ],
)
def test_published_positions_are_met_within_six_metres(
    longitude: float, latitude: float, easting: int, northing: int
) -> None:
    # Longitude and latitude are published to five decimals, which is about a metre.
    found = easting_northing(longitude, latitude)
    assert found == pytest.approx((easting, northing), abs=6)
