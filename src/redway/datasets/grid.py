"""From the British National Grid to latitude and longitude, for maps.

Ordnance Survey, "A guide to coordinate systems in Great Britain" (annexes B and C): the inverse
transverse Mercator projection of the Airy ellipsoid, then the seven-parameter shift to WGS84.
Good to about five metres, which no map of schools shows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# Airy 1830 and the National Grid projection.
_A, _B = 6_377_563.396, 6_356_256.909
_SCALE = 0.9996012717
_LAT0, _LON0 = np.radians(49.0), np.radians(-2.0)
_EAST0, _NORTH0 = 400_000.0, -100_000.0
_E2 = 1 - (_B / _A) ** 2
_N = (_A - _B) / (_A + _B)

# WGS84, and the Helmert shift from OSGB36 to it: metres, parts per million, seconds of arc.
_A_WGS, _B_WGS = 6_378_137.0, 6_356_752.3141
_SHIFT = (446.448, -125.157, 542.060)
_SCALE_PPM = -20.4894
_TURN = tuple(np.radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))


def latitude_longitude(easting: Numbers, northing: Numbers) -> tuple[Numbers, Numbers]:
    """Degrees of latitude and longitude (WGS84) of grid positions in metres; nan stays nan."""
    latitude, longitude = _airy(np.asarray(easting, dtype=float), np.asarray(northing, dtype=float))
    return _shifted(latitude, longitude)


def _arc(latitude: Numbers) -> Numbers:
    """Developed arc of the meridian from the true origin (annex C.2)."""
    n, n2, n3 = _N, _N**2, _N**3
    less, more = latitude - _LAT0, latitude + _LAT0
    arc: Numbers = (
        _B
        * _SCALE
        * (
            (1 + n + 1.25 * n2 + 1.25 * n3) * less
            - (3 * n + 3 * n2 + 21 / 8 * n3) * np.sin(less) * np.cos(more)
            + (15 / 8 * n2 + 15 / 8 * n3) * np.sin(2 * less) * np.cos(2 * more)
            - 35 / 24 * n3 * np.sin(3 * less) * np.cos(3 * more)
        )
    )
    return arc


def _airy(easting: Numbers, northing: Numbers) -> tuple[Numbers, Numbers]:
    latitude: Numbers = (northing - _NORTH0) / (_A * _SCALE) + _LAT0
    for _ in range(6):
        latitude = latitude + (northing - _NORTH0 - _arc(latitude)) / (_A * _SCALE)
    sin2 = np.sin(latitude) ** 2
    nu = _A * _SCALE / np.sqrt(1 - _E2 * sin2)
    rho = _A * _SCALE * (1 - _E2) * (1 - _E2 * sin2) ** -1.5
    eta2 = nu / rho - 1
    tan, sec = np.tan(latitude), 1 / np.cos(latitude)
    t2, t4, t6 = tan**2, tan**4, tan**6
    east = easting - _EAST0
    seven = tan / (2 * rho * nu)
    eight = tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    nine = tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t4)
    ten = sec / nu
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t4)
    thirteen = sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t4 + 720 * t6)
    return (
        latitude - seven * east**2 + eight * east**4 - nine * east**6,
        _LON0 + ten * east - eleven * east**3 + twelve * east**5 - thirteen * east**7,
    )


def _shifted(latitude: Numbers, longitude: Numbers) -> tuple[Numbers, Numbers]:
    nu = _A / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
    x = nu * np.cos(latitude) * np.cos(longitude)
    y = nu * np.cos(latitude) * np.sin(longitude)
    z = (1 - _E2) * nu * np.sin(latitude)
    scale = 1 + _SCALE_PPM * 1e-6
    turn_x, turn_y, turn_z = _TURN
    x, y, z = (
        _SHIFT[0] + scale * x - turn_z * y + turn_y * z,
        _SHIFT[1] + turn_z * x + scale * y - turn_x * z,
        _SHIFT[2] - turn_y * x + turn_x * y + scale * z,
    )
    e2 = 1 - (_B_WGS / _A_WGS) ** 2
    level = np.hypot(x, y)
    found = np.arctan2(z, level * (1 - e2))
    for _ in range(5):
        nu = _A_WGS / np.sqrt(1 - e2 * np.sin(found) ** 2)
        found = np.arctan2(z + e2 * nu * np.sin(found), level)
    return np.degrees(found), np.degrees(np.arctan2(y, x))
