"""The demo authority's data, bundled: Milton Keynes and its ten statistical neighbours, from open data.

``data/`` are files as an authority would receive them, imported through the same pipeline as any other.
Outlines for maps are bundled with the figures. ``manifest.csv`` says what was taken from where;
``LICENCE.md`` holds the attribution.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

AUTHORITY = "826"
"""The demo authority: Milton Keynes."""


def data_folder() -> Traversable:
    """The folder of files to import."""
    return resources.files("redway.demo") / "data"
