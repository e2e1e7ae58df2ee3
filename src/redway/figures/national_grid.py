"""Longitude and latitude to the British National Grid, in metres, as schools and maps use it.

The formulas and constants are those of Ordnance Survey, "A guide to coordinate systems in Great
Britain": a Helmert shift from WGS84 to OSGB36, then the transverse Mercator projection. Good to about
5 metres, which is far less than a line on these maps is wide.
"""

from __future__ import annotations

from math import atan2, cos, hypot, radians, sin, sqrt, tan

_WGS84 = (6378137.0, 6356752.3142)
_AIRY = (6377563.396, 6356256.909)
_SHIFT = (-446.448, 125.157, -542.060)
_ROTATION = tuple(radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_SCALE = 20.4894e-6
_CENTRAL_SCALE = 0.9996012717
_ORIGIN = (radians(49), radians(-2))
_FALSE = (400_000.0, -100_000.0)


def easting_northing(longitude: float, latitude: float) -> tuple[float, float]:
    """The grid position in metres.

    >>> tuple(round(metres, -2) for metres in easting_northing(-0.72201, 51.99279))
    (487800.0, 233500.0)
    """
    return _project(*_to_airy(radians(longitude), radians(latitude)))


def _to_airy(longitude: float, latitude: float) -> tuple[float, float]:
    x, y, z = _cartesian(longitude, latitude, *_WGS84)
    (tx, ty, tz), (rx, ry, rz) = _SHIFT, _ROTATION
    shifted = (
        tx + (1 + _SCALE) * x - rz * y + ry * z,
        ty + rz * x + (1 + _SCALE) * y - rx * z,
        tz - ry * x + rx * y + (1 + _SCALE) * z,
    )
    return _geographic(*shifted, *_AIRY)


def _cartesian(longitude: float, latitude: float, a: float, b: float) -> tuple[float, float, float]:
    eccentricity = 1 - (b / a) ** 2
    radius = a / sqrt(1 - eccentricity * sin(latitude) ** 2)
    return (
        radius * cos(latitude) * cos(longitude),
        radius * cos(latitude) * sin(longitude),
        radius * (1 - eccentricity) * sin(latitude),
    )


def _geographic(x: float, y: float, z: float, a: float, b: float) -> tuple[float, float]:
    eccentricity = 1 - (b / a) ** 2
    across = hypot(x, y)
    latitude = atan2(z, across * (1 - eccentricity))
    for _ in range(10):  # converges to well below a millimetre
        radius = a / sqrt(1 - eccentricity * sin(latitude) ** 2)
        latitude = atan2(z + eccentricity * radius * sin(latitude), across)
    return atan2(y, x), latitude


def _project(longitude: float, latitude: float) -> tuple[float, float]:
    a, b = _AIRY
    eccentricity = 1 - (b / a) ** 2
    s, c, t2 = sin(latitude), cos(latitude), tan(latitude) ** 2
    nu = a * _CENTRAL_SCALE / sqrt(1 - eccentricity * s**2)
    rho = a * _CENTRAL_SCALE * (1 - eccentricity) / (1 - eccentricity * s**2) ** 1.5
    eta2 = nu / rho - 1
    d = longitude - _ORIGIN[1]
    northing = (
        _FALSE[1]
        + _meridian(latitude)
        + nu / 2 * s * c * d**2
        + nu / 24 * s * c**3 * (5 - t2 + 9 * eta2) * d**4
        + nu / 720 * s * c**5 * (61 - 58 * t2 + t2**2) * d**6
    )
    easting = (
        _FALSE[0]
        + nu * c * d
        + nu / 6 * c**3 * (nu / rho - t2) * d**3
        + nu / 120 * c**5 * (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2) * d**5
    )
    return easting, northing


def _meridian(latitude: float) -> float:
    a, b = _AIRY
    n = (a - b) / (a + b)
    less, more = latitude - _ORIGIN[0], latitude + _ORIGIN[0]
    return (
        b
        * _CENTRAL_SCALE
        * (
            (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * (n**2 + n**3)) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )
