"""Where headquarters are: the zone, and the wider area around it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from sim.metrics.counting import by_site, groups
from sim.plots.common import geography, map_plane, theme
from sim.plots.common.bands import whole
from sim.plots.common.label_placement import Label, place
from sim.plots.common.page import page
from sim.plots.common.words import names, period, word
from sim.plots.run import register

LARGEST, LARGEST_WIDER = 30.0, 14.0      # points, side of the largest symbol of each panel
SMALLEST = 3.5
FEW = 10                     # the largest symbol stands for no less than this
LEAST_KM = 2.0               # from the middle of the zone's panel to its rim, where one place is all there is
NEAR = 0.09                  # a symbol this close to the rim of the zone's panel is left to the wider one
ALL = 1.6                    # a zone's panel that need be so much larger for all places takes them, and stands alone
MOST_LABELS, MUST_LABELS = 45, 20
SHAPES = (("districts", "district", theme.LAND, theme.BORDER), ("lakes", "lake", theme.WATER, theme.SHORE))


@register("map", title="Where headquarters are at the end of the run", title_zh="期末总部分布", size=(11.8, 8.2))
def map(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Mean headquarters by site at the last quarter: the zone with its rings, and the wider area.

    For an earlier quarter pass the dataset up to it. Symbols by ring (colour and marker), area in
    proportion to headquarters; stations by when they open.
    """
    numbers = by_site(dataset.isel(quarter=-1), "headquarters").mean("member")
    basemap = map_plane.base_map(dataset)
    n = dataset.sizes["member"]
    notes = [word("map_note" if n > 1 else "map_note_one", lang, n=n), *map_plane.credits(basemap, lang)]
    body = page(figure, dataset, lang, titles=map.titles, finding=_finding(dataset, numbers, lang),
                notes=[*notes, word("criteria", lang)])
    grid = body.grid(2, 2, width_ratios=(1.62, 1), height_ratios=(1, 1), wspace=0.03, hspace=0.08,
                     inset=(0, 0, 0, 0.05))
    sites = _Sites(dataset, basemap, numbers.values, list(names(dataset, "site", lang).values()))
    zone = figure.add_subplot(grid[:, 0])
    _zone(zone, dataset, basemap, sites, lang)
    if not sites.near.all():
        _wider(figure.add_subplot(grid[0, 1]), dataset, basemap, sites, lang)
    _legend(figure.add_subplot(grid[1, 1]), dataset, basemap, sites, lang)


class _Sites:
    """What is drawn of each site, as arrays."""

    def __init__(self, dataset: xr.Dataset, basemap: Mapping[str, Any], numbers: NDArray[np.float64],
                 title: Sequence[str]) -> None:
        self.title = title
        self.east, self.north = map_plane.plane(basemap, dataset["lon"].values, dataset["lat"].values)
        self.numbers, self.ring = numbers, dataset["ring"].values
        self.zone = dataset["in_zone"].values.astype(bool)
        away = np.maximum(abs(self.east), abs(self.north))
        inner = away[self.zone] if self.zone.any() else away
        self.half = max(LEAST_KM, 1.3 * inner.max(), 1.15 * max(map_plane.radii(basemap), default=0.0))
        every = away.max() / (1 - NEAR)
        self.half = every if self.half < every <= ALL * self.half else self.half
        self.near = away <= self.half * (1 - NEAR * ~self.zone)
        self.most = max(float(numbers[self.near].max(initial=0)), FEW)
        self.unit = LARGEST ** 2 / self.most                      # points squared per headquarters

    def side(self, numbers: Any) -> Any:
        """Side in points of a symbol whose area is in proportion to the number."""
        return np.maximum(np.sqrt(self.unit * np.asarray(numbers)), SMALLEST)


def _finding(dataset, numbers, lang):
    rings = dataset["ring"].values
    parts = [f"{word(name, lang)} {whole(numbers.values[rings == name].sum())}" for name in groups(dataset, "ring")]
    return word("map_finding", lang, parts=word("comma", lang).join(parts), **period(dataset, lang))


def _dates(dataset):
    return [str(date)[:10] for date in dataset["date"].values[[0, -1]]]


def _zone(axes, dataset, basemap, sites, lang):
    geography.extent(axes, (-sites.half, sites.half), (-sites.half, sites.half))
    geography.shapes(axes, basemap)
    geography.rail(axes, basemap, *_dates(dataset))
    geography.distance_rings(axes, basemap, lang)
    geography.scale_bar(axes, lang)
    geography.north_arrow(axes, lang)
    for name, east, north in geography.district_names(dataset, basemap, names(dataset, "jurisdiction", lang)):
        axes.annotate(name, (east, north), size=13, color=theme.BORDER, ha="center", va="center", zorder=2.5)
    _symbols(axes, sites, sites.near)
    if map_plane.has_borders(basemap):
        axes.annotate(word("caveat", lang), (0.985, 0.02), xycoords="axes fraction", ha="right", size=7.5,
                      zorder=9, bbox=dict(fc="white", ec=theme.MUTED, linewidth=0.5, pad=2.5))
    _names(axes, sites, sites.near)


def _wider(axes, dataset, basemap, sites, lang):
    pad = 0.09 * max(np.ptp(sites.east), np.ptp(sites.north))
    (west, east), (south, north) = ((min(where.min() - pad, -sites.half), max(where.max() + pad, sites.half))
                                    for where in (sites.east, sites.north))
    geography.extent(axes, (west, max(east, sites.east.max() + 2 * pad)), (south, north))
    geography.shapes(axes, basemap)
    geography.rail(axes, basemap, *_dates(dataset), size=2.5)
    geography.distance_rings(axes, basemap, lang, labels=False)
    geography.scale_bar(axes, lang)
    frame = axes.add_patch(Rectangle((-sites.half, -sites.half), 2 * sites.half, 2 * sites.half,
                                     fill=False, edgecolor=theme.INK, linewidth=0.9, zorder=4))
    scale = LARGEST_WIDER / max(float(sites.side(sites.numbers[~sites.near].max())), LARGEST_WIDER)
    _symbols(axes, sites, ~sites.near, scale=scale)
    _names(axes, sites, ~sites.near, size=7.0, scale=scale, avoid=[frame.get_window_extent().extents])
    axes.set_title(word("wider", lang), size=9)


def _symbols(axes, sites, shown, scale=1.0):
    """Largest first, so that small symbols stay on top; one collection, which is drawn at once."""
    order = sorted(np.flatnonzero(shown), key=lambda k: -sites.numbers[k])
    marks = [theme.ring(sites.ring[k]) for k in order]
    area = (scale * sites.side(sites.numbers[order])) ** 2 / [mark.area for mark in marks]
    colours = ["white" if sites.numbers[k] == 0 else mark.colour for k, mark in zip(order, marks, strict=True)]
    drawn = axes.scatter(sites.east[order], sites.north[order], s=area, zorder=6, linewidth=0.7, c=colours,
                         edgecolor=theme.INK, alpha=0.88)
    drawn.set_paths([marker.get_path().transformed(marker.get_transform())
                     for marker in (MarkerStyle(mark.marker) for mark in marks)])


def _names(axes, sites, shown, *, size=8.0, scale=1.0, avoid=()):
    """Names and numbers; a small zone's are always there, others where there is room."""
    few = sites.zone.sum() <= MUST_LABELS
    order = sorted(np.flatnonzero(shown), key=lambda k: (not sites.zone[k], -sites.numbers[k]))
    labels = [Label(f"{sites.title[k]} {whole(sites.numbers[k])}", sites.east[k], sites.north[k],
                    0.6 * scale * float(sites.side(sites.numbers[k])), bool(sites.zone[k]) and few)
              for k in order[:MOST_LABELS]]
    place(axes, labels, size=size, avoid=avoid)


def _legend(axes, dataset, basemap, sites, lang):
    axes.set_axis_off()
    near = min(map_plane.radii(basemap), default=0.0)
    rings = [(name, theme.ring(name)) for name in groups(dataset, "ring")]
    handles = [Line2D([], [], linestyle="none", marker=mark.marker, markersize=8.0, markerfacecolor=mark.colour,
                      markeredgecolor=theme.INK, markeredgewidth=0.7, label=word(f"{name}_where", lang, near=near))
               for name, mark in rings]
    handles += [Patch(facecolor=face, edgecolor=edge, label=word(key, lang)) for layer, key, face, edge in SHAPES
                if basemap[layer].get("features")]
    drawn = geography.openings(basemap, *_dates(dataset))
    handles += [Line2D([], [], linestyle="none", marker=marker, markersize=6.0, markerfacecolor=colour,
                       markeredgecolor="#4A4A4A", markeredgewidth=0.6, label=word(key, lang, **period(dataset, lang)))
                for key, (marker, colour) in geography.RAIL.items() if key in drawn]
    axes.legend(handles=handles, loc="upper left", handlelength=2.6, borderaxespad=0)
    _size_key(axes, sites, lang)


def _size_key(axes, sites, lang):
    """Symbols of three sizes in a row, with the headquarters that they stand for."""
    mark, row = theme.ring("radiation"), 0.13
    axes.annotate(word("size", lang), (0, row + 0.17), xycoords="axes fraction", size=8.5)
    for left, number in zip((0.06, 0.31, 0.6), _steps(sites.most), strict=False):
        side = float(sites.side(number))
        axes.scatter(left, row, side ** 2 / mark.area, color=mark.colour, marker=mark.marker,
                     edgecolor=theme.INK, linewidth=0.7, transform=axes.transAxes, clip_on=False)
        axes.annotate(f"{number:,}", (left, row), xycoords="axes fraction", xytext=(0.75 * side + 4, 0),
                      textcoords="offset points", va="center", size=8.5)


def _steps(most):
    """Three round numbers up to `most` for the key of sizes."""
    round_ones = [m * 10 ** k for k in range(7) for m in (1, 2, 5)]
    return sorted({max(n for n in round_ones if n <= max(1, most * part)) for part in (0.08, 0.35, 1.0)})
