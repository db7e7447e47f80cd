"""The ground of the page's map: places, districts, lakes, lines and rings in kilometres around the origin."""

from typing import Any

import numpy as np
import xarray as xr

from sim.base.geodesy import rings
from sim.plots.common import map_plane


def ground(data: xr.Dataset) -> dict[str, Any]:
    """What the map shows, from the labels and attributes of a run's dataset; kilometres east and north."""
    base = map_plane.base_map(data)
    return {"places": _places(data, base), "rings": [float(each) for each in map_plane.radii(base)],
            "districts": _districts(data, base), "stations": _stations(base), "lakes": [
                _points(base, ring) for lake in base["lakes"].get("features", ()) for ring in rings(lake["geometry"])],
            "credits": [map_plane.credits(base, lang) for lang in ("en", "zh")]}


def _places(data, base):
    east, north = map_plane.plane(base, data["lon"].to_numpy(), data["lat"].to_numpy())
    columns = {name: data[name].to_numpy() for name in ("site", "ring", "jurisdiction", "in_zone", "order")}
    short = [data[f"short_{lang}"].to_numpy().astype(str) for lang in ("en", "zh")]
    return [{"id": str(columns["site"][k]), "x": round(float(east[k]), 2), "y": round(float(north[k]), 2),
             "ring": str(columns["ring"][k]), "jurisdiction": str(columns["jurisdiction"][k]),
             "zone": bool(columns["in_zone"][k]), "short": [str(names[k]) for names in short]}
            for k in np.argsort(columns["order"], kind="stable")]


def _stations(base):
    """[x, y, year in which the first line opens, "" where no date is known] of every station."""
    first: dict[tuple[float, float], str] = {}
    for link in base["lines"]:
        opened = str(link.get("opened") or "")[:4].replace("NaT", "")
        for end in ("from", "to"):
            place = tuple(link[end])
            first[place] = min(filter(None, (first.get(place), opened)), default="")
    return [[*point, opened] for point, opened in zip(_points(base, list(first)), first.values())] if first else []


def _districts(data, base):
    """[[jurisdiction, points]] of the districts' edges; the jurisdiction is that of their places, "" where none is."""
    of = dict(zip(data["district"].to_numpy().tolist(), data["jurisdiction"].to_numpy().tolist()))
    return [[str(of.get(feature.get("properties", {}).get("name"), "")), _points(base, ring)]
            for feature in base["districts"].get("features", ()) for ring in rings(feature["geometry"])]


def _points(base, lonlat):
    east, north = map_plane.plane(base, *np.transpose(np.asarray(lonlat, float)))
    return [[round(float(x), 2), round(float(y), 2)] for x, y in zip(east, north)]
