"""Distances on the earth and points in polygons: plain arrays, degrees in, kilometres out.

Decision 8 (docs/decisions.md).
"""

from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

EQUATOR_KM = 6378.137              # WGS84
FLATTENING = 1 / 298.257223563     # WGS84
DEGREE_KM = 111.195                # one degree of latitude, for short distances to a boundary


class Geometry(TypedDict):
    """A GeoJSON Polygon or MultiPolygon: rings of [lon, lat] in degrees, or polygons of such rings."""

    type: str
    coordinates: list[Any]


def separation_km(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> NDArray[np.float64]:
    """Shortest distance over the WGS84 ellipsoid in km, by Lambert's formula; arrays broadcast.

    Right to some ten metres over thousands of km (not for near antipodes). A sphere is off by up
    to 0.5 % with the direction, which moves travel times by half a minute.

    >>> round(float(separation_km(120.8972, 31.0198, 121.3206, 31.1944)), 1)
    44.8
    """
    a, b = (np.arctan((1 - FLATTENING) * np.tan(np.radians(lat))) for lat in (lat_a, lat_b))     # reduced latitudes
    step = np.radians(np.subtract(lon_b, lon_a))
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(step / 2) ** 2
    angle = 2 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    distance: NDArray[np.float64] = EQUATOR_KM * (angle - FLATTENING / 2 * _lambert(angle, (a + b) / 2, (b - a) / 2))
    return distance


def distances_km(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Distance between every two of n points, (n, n) in km, symmetric with a zero diagonal."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    return separation_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])


def inside(lon: float, lat: float, geometry: Geometry) -> bool:
    """Whether a point lies in a GeoJSON Polygon or MultiPolygon (even-odd rule, so holes count)."""
    return sum(_crossings(lon, lat, ring) for ring in rings(geometry)) % 2 == 1


def outside_km(lon: float, lat: float, geometry: Geometry) -> float:
    """Km from a point to the nearest edge of a polygon; 0 when the point is inside."""
    if inside(lon, lat, geometry):
        return 0.0
    return min(_edge_km(lon, lat, ring) for ring in rings(geometry))


def rings(geometry: Geometry) -> list[NDArray[np.float64]]:
    """The rings of a Polygon or MultiPolygon as (n, 2) arrays of lon, lat."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [np.asarray(ring, float)[:, :2] for polygon in polygons for ring in polygon]


def _lambert(angle: NDArray[np.float64], middle: NDArray[np.float64],
             half_step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lambert's correction for the flattening, 0 where the two points coincide."""
    apart = np.where(angle > 0, angle, 1.0)
    x = (apart - np.sin(apart)) * (np.sin(middle) * np.cos(half_step) / np.cos(apart / 2)) ** 2
    y = (apart + np.sin(apart)) * (np.cos(middle) * np.sin(half_step) / np.sin(apart / 2)) ** 2
    return np.where(angle > 0, x + y, 0.0)


def _crossings(lon: float, lat: float, ring: NDArray[np.float64]) -> int:
    """Edges of a closed ring that a ray from the point to the east crosses."""
    x0, y0, x1, y1 = *ring[:-1].T, *ring[1:].T
    spans = (y0 > lat) != (y1 > lat)
    rise = np.where(spans, y1 - y0, 1.0)
    return int(np.sum(spans & (lon < x0 + (lat - y0) * (x1 - x0) / rise)))


def _edge_km(lon: float, lat: float, ring: NDArray[np.float64]) -> float:
    """Km from the point to the nearest edge, on a plane that touches the earth at the point."""
    plane = (ring - (lon, lat)) * (DEGREE_KM * np.cos(np.radians(lat)), DEGREE_KM)
    start, edge = plane[:-1], np.diff(plane, axis=0)
    length = np.sum(edge ** 2, axis=1)
    share = np.clip(-np.sum(start * edge, axis=1) / np.where(length > 0, length, 1.0), 0, 1)
    return float(np.min(np.hypot(*(start + share[:, None] * edge).T)))
