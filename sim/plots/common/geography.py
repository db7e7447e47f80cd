"""The base of the map, drawn: shapes, rail lines, rings, scale, north."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Circle, Rectangle

from sim.base.geodesy import rings
from sim.plots.common import theme
from sim.plots.common.map_plane import plane, radii
from sim.plots.common.words import word

RAIL = {"open_before": ("P", "#4A4A4A"), "opens_later": ("^", "#7FA9CF"), "planned": ("X", "white")}    # marker, colour


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
    of = dict(zip(dataset["district"].values.tolist(), dataset["jurisdiction"].values.tolist(), strict=True))
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


def rail(axes: Axes, basemap: Mapping[str, Any], first: str, last: str, size: float = 5.0) -> None:
    """Stations, by shape and colour: open when the run begins, opening during it, or planned for later.

    No lines: drawn straight from station to station they would cross where no railway does. `first` and `last` are
    the dates of the first and the last quarter, "2020-12-31".
    """
    found = stations(basemap["lines"], first, last)
    for key, (marker, colour) in RAIL.items():
        here = [place for place, when in found.items() if when == key]
        if here:
            axes.plot(*plane(basemap, *np.transpose(here)), marker, linestyle="none", markersize=size, zorder=3.2,
                      markerfacecolor=colour, markeredgecolor="#4A4A4A", markeredgewidth=0.6)


def stations(links: Sequence[Mapping[str, Any]], first: str, last: str) -> dict[tuple[float, float], str]:
    """(lon, lat) of a station -> when its first line opens, a key of RAIL."""
    found: dict[tuple[float, float], list[str]] = defaultdict(list)
    for link in links:
        for end in ("from", "to"):
            found[tuple(link[end])].append(opening(link.get("opened"), first, last))
    return {place: min(whens, key=list(RAIL).index) for place, whens in found.items()}


def openings(basemap: Mapping[str, Any], first: str, last: str) -> set[str]:
    """When the stations that are drawn open, a set of the keys of RAIL."""
    return set(stations(basemap["lines"], first, last).values())


def opening(opened: str | None, first: str, last: str) -> str:
    """Whether a line is open before the run, opens during it, or later (or nobody knows when)."""
    if not opened or opened == "NaT" or opened > last:
        return "planned"
    return "open_before" if opened <= first else "opens_later"


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
