"""The base of the map: a plane in km around the origin, shapes, rail lines, rings, scale, north."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, Rectangle

from sim.base.geodesy import DEGREE_KM, rings
from sim.plots.common import theme
from sim.plots.common.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

RINGS_KM = {"core_km": (5, 10), "linkage_km": (10, 30)}      # for base maps that do not say
DETOUR = 1.5                 # an express link up to so much shorter than its stopping pattern
RAIL = {"open_before": ("-", 1.2), "opens_later": ((0, (4, 1.6)), 1.2), "planned": ((0, (1, 1.6)), 1.2)}
RAIL_COLOUR = "#4A4A4A"


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


def radii(basemap: Mapping[str, Any]) -> tuple[float, float]:
    """Outer radius of the core and of the linkage ring in km."""
    return basemap["core_km"][-1], basemap["linkage_km"][-1]


def plane(basemap: Mapping[str, Any], lon: ArrayLike,
          lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kilometres east and north of the origin, on a plane that touches the earth there."""
    lon0, lat0 = basemap["origin"]
    east = (np.asarray(lon, float) - lon0) * DEGREE_KM * np.cos(np.radians(lat0))
    return east, (np.asarray(lat, float) - lat0) * DEGREE_KM


def shapes(axes: Axes, basemap: Mapping[str, Any]) -> None:
    """Districts of the zone and lakes."""
    for kind, colours in (("districts", (theme.LAND, theme.BORDER)), ("lakes", (theme.WATER, theme.SHORE))):
        edges = [np.column_stack(plane(basemap, *ring.T)) for feature in basemap[kind].get("features", ())
                 for ring in rings(feature["geometry"])]
        axes.add_collection(PolyCollection(edges, facecolor=colours[0], edgecolor=colours[1], linewidth=0.8,
                                           zorder=1 + (kind == "lakes")), autolim=False)


def district_names(dataset: xr.Dataset, basemap: Mapping[str, Any],
                   known: Mapping[str, str]) -> list[tuple[str, Any, Any]]:
    """[(name, east, north)] of the districts that have sites, in the language of `known`."""
    of = dict(zip(dataset["district"].values.tolist(), dataset["jurisdiction"].values.tolist(),
                  strict=True))
    found = []
    for feature in basemap["districts"].get("features", ()):
        name = feature.get("properties", {}).get("name")
        if name in of:
            edge = rings(feature["geometry"])[0]
            found.append((known[of[name]], *plane(basemap, *_centroid(edge))))
    return found


def _centroid(ring):
    """Centre of gravity of a closed ring (n, 2)."""
    (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
    cross = x0 * y1 - x1 * y0
    return np.array([((x0 + x1) * cross).sum(), ((y0 + y1) * cross).sum()]) / (3 * cross.sum())


def rail(axes: Axes, basemap: Mapping[str, Any], first: str, last: str, width: float = 1.0) -> None:
    """Rail lines, straight between stations (dots); the line style tells when they open.

    `first` and `last` are the dates of the first and the last quarter, "2020-12-31".
    """
    for link in stopping(basemap["lines"]):
        dashes, thick = RAIL[opening(link.get("opened"), first, last)]
        east, north = plane(basemap, *np.transpose([link["from"], link["to"]]))
        axes.plot(east, north, color=RAIL_COLOUR, linestyle=dashes, linewidth=thick * width, zorder=3)
        axes.plot(east, north, "o", color=RAIL_COLOUR, markersize=3.2 * width, zorder=3.2,
                  markerfacecolor="white", markeredgewidth=0.8 * width)


def openings(basemap: Mapping[str, Any], first: str, last: str) -> set[str]:
    """When the rail lines that are drawn open, a set of the keys of RAIL."""
    return {opening(link.get("opened"), first, last) for link in basemap["lines"]}


def opening(opened: str | None, first: str, last: str) -> str:
    """Whether a line is open before the run, opens during it, or later (or nobody knows when)."""
    if not opened or opened == "NaT" or opened > last:
        return "planned"
    return "open_before" if opened <= first else "opens_later"


def stopping(links: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The links without express links that run beside the stops of their own line.

    Drawn straight, an express link would look like a second railway.
    """
    lines = defaultdict(list)
    for link in links:
        lines[link.get("line")].append((tuple(link["from"]), tuple(link["to"])))
    return [link for link in links if not _express(link, lines[link.get("line")])]


def _express(link, edges):
    """Is there a chain of shorter links of the line between the ends, not much longer?"""
    start, end = tuple(link["from"]), tuple(link["to"])
    direct = _length(start, end)
    reached, frontier = {start: 0.0}, [start]
    while frontier:
        here = frontier.pop()
        for a, b in [e for e in (*edges, *(e[::-1] for e in edges)) if e[0] == here]:
            far = reached[here] + _length(a, b)
            if _length(a, b) < direct and far <= DETOUR * direct and far < reached.get(b, np.inf):
                reached[b] = far
                frontier.append(b)
    return end in reached


def _length(a, b):
    return float(np.hypot((a[0] - b[0]) * np.cos(np.radians(a[1])), a[1] - b[1]))


def distance_rings(axes: Axes, basemap: Mapping[str, Any], lang: str, labels: bool = True) -> None:
    """Circles around the origin, with their radius written on them."""
    for radius, mark in zip(radii(basemap), theme.RINGS.values(), strict=False):
        axes.add_artist(Circle((0, 0), radius, fill=False, edgecolor=mark.stroke, linewidth=1.6,
                              alpha=0.75, zorder=3.5))
        if labels:
            axes.annotate(word("kilometres", lang, n=radius), (0, -radius), size=7.5, ha="center",
                          va="center", zorder=9, bbox=dict(fc="white", ec="none", pad=0.8, alpha=0.85))


def extent(axes: Axes, east: tuple[float, float], north: tuple[float, float]) -> None:
    """Limit the axes to (low, high) east and north, with equal scales and without ticks."""
    axes.set(xlim=east, ylim=north, xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.apply_aspect()          # now, because labels are placed by where the axes are
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(theme.MUTED)


def scale_bar(axes: Axes, lang: str) -> None:
    """A bar of a round number of km at the lower left."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    length = max(k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if k <= max(1, (right - left) / 4))
    x, y = left + 0.04 * (right - left), bottom + 0.035 * (top - bottom)
    axes.add_artist(Rectangle((x, y), length, 0.008 * (top - bottom), facecolor=theme.INK, zorder=9))
    axes.annotate(word("kilometres", lang, n=length), (x + length / 2, y), xytext=(0, 5), size=8,
                  textcoords="offset points", ha="center", zorder=9)


def north_arrow(axes: Axes, lang: str) -> None:
    """An arrow to the north at the upper left."""
    axes.annotate(word("north", lang), (0.045, 0.965), (0.045, 0.885), xycoords="axes fraction",
                  ha="center", va="center", size=9, zorder=9,
                  arrowprops=dict(arrowstyle="-|>", color=theme.INK, linewidth=1.0, shrinkA=0))
