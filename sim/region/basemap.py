"""GeoJSON of the base map: read, checked, and never executed or fetched from anywhere."""

import json
import math
from collections.abc import Mapping
from typing import Any

from sim.base.errors import ONE_LINE, Problem, has_control
from sim.base.geodesy import Geometry
from sim.base.messages import _


def read_shapes(file: str, data: bytes | None, named: bool = False) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Bytes of a GeoJSON file (None when absent) as (FeatureCollection or None, problems).

    `named`: every feature needs a property "name", by which sites' districts are found.
    """
    if data is None:
        return None, []
    try:
        shapes = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return None, [Problem(file, "", _("it cannot be read ({reason})", reason=str(error) or type(error).__name__),
                              _("GeoJSON in UTF-8"))]
    features = shapes.get("features") if isinstance(shapes, dict) else None
    if not isinstance(features, list):
        return None, [Problem(file, "features", _("there is no list of features"), _("a FeatureCollection"))]
    problems = [problem for k, feature in enumerate(features)
                for problem in _feature_problems(file, f"features[{k}]", feature, named)]
    return (None if problems else shapes), problems


def districts(shapes: Mapping[str, Any] | None) -> dict[str, Geometry]:
    """Geometry by name."""
    return {f["properties"]["name"]: f["geometry"] for f in (shapes or {}).get("features", [])}


def _feature_problems(file, key, feature, named):
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if named and not (isinstance(properties, dict) and isinstance(properties.get("name"), str)):
        return [Problem(file, f"{key}.properties.name", _("missing"), _("the district's name as in sites.csv"))]
    if named and has_control(properties["name"]):
        return [Problem(file, f"{key}.properties.name", _("{value} holds control characters",
                                                             value=repr(properties["name"])), ONE_LINE)]
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return [Problem(file, f"{key}.geometry", _("it is not a polygon"), _("a Polygon or MultiPolygon"))]
    polygons = geometry.get("coordinates")
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    if not _is_filled(polygons) or not all(_is_filled(p) and all(map(_is_ring, p)) for p in polygons):
        return [Problem(file, f"{key}.geometry.coordinates", _("a ring is not closed, too short or not on the globe"),
                        _("closed rings of at least 4 points [lon, lat] in degrees"))]
    return []


def _is_filled(value):
    return isinstance(value, list) and len(value) > 0


def _is_ring(ring):
    return isinstance(ring, list) and len(ring) >= 4 and all(map(_is_point, ring)) and ring[0] == ring[-1]


def _is_point(point):
    return (isinstance(point, list) and len(point) >= 2 and all(type(v) in (int, float) for v in point)
            and all(map(math.isfinite, point)) and abs(point[0]) <= 180 and abs(point[1]) <= 90)
