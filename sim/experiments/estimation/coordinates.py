"""Coordinates of Chinese maps: GCJ-02 (Amap, Tencent) and BD-09 (Baidu) to WGS-84.

GCJ-02 moves a point by a smooth function of where it is, some 500 m in the Delta; the function is public in several
libraries. Its inverse is the fixed point of w = g - shift(w), which settles by a factor of a thousand a step. BD-09 is
GCJ-02 turned and stretched about a fixed point, and a ripple. Outside of China's box neither moves anything.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

System = Literal["wgs84", "gcj02", "bd09"]
Array = NDArray[np.float64]
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323     # of the Krasovsky ellipsoid, as GCJ-02 has it
BOX = (72.004, 137.8347, 0.8293, 55.8271)                  # lon, lon, lat, lat within which points are moved
STEPS = 6
TURN = np.pi * 3000.0 / 180.0


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: System) -> tuple[Array, Array]:
    """(lon, lat) in WGS-84, degrees, of points in a system.

    >>> [round(float(each), 5) for each in to_wgs84(120.901, 31.018, "gcj02")]
    [120.89686, 31.02032]
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    if system == "wgs84":
        return lon, lat
    if system == "bd09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    found = lon, lat
    for _step in range(STEPS):
        east, north = shift(*found)
        found = lon - east, lat - north
    return found


def shift(lon: Array, lat: Array) -> tuple[Array, Array]:
    """(degrees east, degrees north) by which GCJ-02 moves points of WGS-84."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + ripple \
        + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0 \
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + ripple \
        + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0 \
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1.0 - ECCENTRICITY * np.sin(radians) ** 2
    north = np.degrees(north * magic * np.sqrt(magic) / (AXIS * (1.0 - ECCENTRICITY)))
    east = np.degrees(east * np.sqrt(magic) / (AXIS * np.cos(radians)))
    moved = in_china(lon, lat)
    return np.where(moved, east, 0.0), np.where(moved, north, 0.0)


def in_china(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether points are in the box in which Chinese maps move them."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    return (lon >= BOX[0]) & (lon <= BOX[1]) & (lat >= BOX[2]) & (lat <= BOX[3])


def _bd09_to_gcj02(lon, lat):
    x, y = lon - 0.0065, lat - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * TURN)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * TURN)
    return radius * np.cos(angle), radius * np.sin(angle)
