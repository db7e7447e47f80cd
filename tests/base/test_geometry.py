"""Distances on the ellipsoid and points in polygons."""

import numpy as np
import pytest
from matplotlib.path import Path

from sim.base.geodesy import distances_km, inside, outside_km, separation_km

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]],
                                             [[0.9, 0.9], [1.1, 0.9], [1.1, 1.1], [0.9, 1.1], [0.9, 0.9]]]}


def test_a_hole_is_outside():
    assert inside(0.5, 0.5, SQUARE) and not inside(1, 1, SQUARE) and not inside(3, 1, SQUARE)


def test_inside_agrees_with_matplotlib_on_the_zones_districts(zone):
    lon, lat = np.random.default_rng(0).uniform((120.3, 30.7), (121.4, 31.3), (400, 2)).T
    for feature in zone.basemap["districts"]["features"]:
        path = Path(feature["geometry"]["coordinates"][0])
        expected = path.contains_points(np.column_stack([lon, lat]))
        assert [inside(x, y, feature["geometry"]) for x, y in zip(lon, lat)] == list(expected)


def test_km_outside_a_polygon_are_those_to_its_nearest_edge():
    assert outside_km(0.5, 0.5, SQUARE) == 0
    assert outside_km(2.1, 1, SQUARE) == pytest.approx(separation_km(2.1, 1, 2, 1), rel=0.01)
    assert outside_km(3, 3, SQUARE) == pytest.approx(separation_km(3, 3, 2, 2), rel=0.01)


def test_distances_are_symmetric_with_a_zero_diagonal(zone):
    km = distances_km(zone.sites["lon"], zone.sites["lat"])
    assert (km == km.T).all() and (np.diag(km) == 0).all()


@pytest.mark.parametrize("a, b, km", [      # geodesics of the WGS84 ellipsoid
    ((0, 0), (0, 1), 110.574), ((0, 0), (1, 0), 111.319), ((179.5, 10), (-179.5, 10), 109.639),
    ((0, 45), (0, 46), 111.141)])
def test_distances_are_those_of_the_ellipsoid(a, b, km):
    assert separation_km(*a, *b) == pytest.approx(km, abs=0.01)
