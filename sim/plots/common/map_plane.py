"""The base of a map as data: a plane in km around the origin, and whose data it is; nothing here draws."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from sim.base.geodesy import DEGREE_KM

RINGS_KM = {"core_km": (5, 10), "linkage_km": (10, 30)}      # for base maps that do not say


def base_map(dataset: xr.Dataset) -> dict[str, Any]:
    """The base map of a dataset as a dict; empty shapes where it brings none."""
    found = json.loads(dataset.attrs.get("basemap") or "{}")
    middle = [float(dataset["lon"].mean()), float(dataset["lat"].mean())]
    found = {key: value for key, value in found.items() if value is not None}
    return {"origin": middle, "districts": {}, "lakes": {}, "lines": [], **RINGS_KM, **found}


def credits(basemap: Mapping[str, Any], lang: str) -> list[str]:
    """Whose data the map shows, a sentence each."""
    stop, key = ("。", "attributions_zh") if lang == "zh" else (".", "attributions")
    return [line.rstrip(".。") + stop for line in basemap.get(key, [])]


def has_borders(basemap: Mapping[str, Any]) -> bool:
    """Whether a map draws borders, which somebody has to review before they are published."""
    return bool(basemap["districts"].get("features"))


def radii(basemap: Mapping[str, Any]) -> tuple[float, ...]:
    """Outer radius of the core and of the linkage ring in km; none in a region without rings."""
    found = basemap["core_km"][-1], basemap["linkage_km"][-1]
    return found if found[0] else ()


def plane(basemap: Mapping[str, Any], lon: ArrayLike,
          lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kilometres east and north of the origin, on a plane that touches the earth there."""
    lon0, lat0 = basemap["origin"]
    east = (np.asarray(lon, float) - lon0) * DEGREE_KM * np.cos(np.radians(lat0))
    return east, (np.asarray(lat, float) - lat0) * DEGREE_KM
