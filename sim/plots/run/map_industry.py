"""Where each industry is at home: a small map an industry."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.plots.common import geography, map_plane, theme
from sim.plots.common.bands import told_apart
from sim.plots.common.label_placement import Label, place
from sim.plots.common.page import page
from sim.plots.common.words import names, period, word
from sim.plots.run import register

LARGEST, SMALLEST = 20.0, 2.5            # points, side of a symbol
LOW, HIGH = 0.8, 1.25                    # of a location quotient; 1 is the mix of all sites
COLOURS = {"less": "#D4E3F0", "alike": "#7FA9CF", "more": "#123F6B"}
COLUMNS, MOST_NAMES, MOST_TOLD = 3, 4, 3
WINDOW = 2.0                             # half width of a panel, relative to the zone's farthest site
EDGE = 0.1                               # around all places, relative to how far they are apart


class Mixes(NamedTuple):
    """Of the last quarter, sites x industries."""

    numbers: np.ndarray                  # mean headquarters
    quotient: np.ndarray                 # location quotient of the means; nan where nobody is
    known: np.ndarray                    # whether it differs from 1 by more than chance


def _size(dataset):
    """As high as the rows of panels take, to three of them."""
    return 11.8, 1.9 + 2.9 * min(-(-dataset.sizes["industry"] // COLUMNS), 3)


@register("map_industry", title="Where each industry’s headquarters are at the end of the run",
          title_zh="期末各产业总部分布", size=_size, of_industries=True)
def map_industry(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Mean headquarters by site and industry, coloured by the location quotient, a panel an industry.

    A place is dark where the industry has more than 1.25 times its share in all modelled sites, light where it has
    less than 0.8 times, and neither where that is within chance.
    """
    mixes, basemap = mixes_of(dataset), map_plane.base_map(dataset)
    sites, industries = (list(names(dataset, key, lang).values()) for key in ("site", "industry"))
    zone = dataset["in_zone"].values.astype(bool)
    east, north = map_plane.plane(basemap, dataset["lon"].values, dataset["lat"].values)
    shown, across, upwards = _window(east, north, zone)
    number = dataset.sizes["member"]
    notes = [word("map_note" if number > 1 else "map_note_one", lang, n=number),
             word("map_industry_note", lang, low=LOW, high=HIGH, most=f"{_most(mixes, shown):.3g}"),
             *([] if shown.all() else [word("map_industry_far", lang)]), *map_plane.credits(basemap, lang)]
    body = page(figure, dataset, lang, titles=map_industry.titles,
                finding=_finding(dataset, mixes, zone, (sites, industries), lang),
                notes=[*notes, word("criteria", lang)])
    rows = -(-len(industries) // COLUMNS)
    grid = body.grid(rows, COLUMNS, wspace=0.04, hspace=0.12, inset=(0, 0.3, 0, 0.35))
    unit = LARGEST / np.sqrt(_most(mixes, shown))
    for k, industry in enumerate(industries):
        axes = figure.add_subplot(grid[k // COLUMNS, k % COLUMNS])
        geography.extent(axes, across, upwards)
        geography.shapes(axes, basemap)
        geography.distance_rings(axes, basemap, lang, labels=False)
        axes.set_title(industry, size=9.5)
        _panel(axes, (east, north), sites, mixes, k, np.flatnonzero(shown), unit)
    _key(figure.axes[0], lang)
    body.legend(figure.axes[0])


def _window(east, north, zone):
    """(site,) whether a place is shown, and (low, high) of the panels east and north, in the unit of `east`.

    Around a zone; all places where there is nothing else, or no zone.
    """
    away = np.maximum(abs(east), abs(north))
    around = zone.any() and not zone.all()
    half = WINDOW * away[zone].max() if around else away.max()
    shown = away <= half
    pad = 0.15 * half if around else EDGE * max(np.ptp(east), np.ptp(north), 1.0)
    least = half if around else -np.inf
    return (shown, (min(-least, east[shown].min() - pad), max(least, east[shown].max() + pad)),
            (north[shown].min() - pad, north[shown].max() + pad))


def mixes_of(dataset: xr.Dataset) -> Mixes:
    """The Mixes of the last quarter: what is told from chance is the share at a site less that of all sites."""
    counts = dataset["headquarters"].isel(quarter=-1).sum("hq_type").transpose("member", "site", "industry").values
    numbers = counts.mean(axis=0)
    everywhere = numbers.sum(axis=0) / max(numbers.sum(), 1.0)
    here = numbers.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.where((here > 0) & (everywhere > 0), numbers / here / everywhere, np.nan)
    beyond = counts - counts.sum(axis=2, keepdims=True) * everywhere       # expected at the mix of all sites
    return Mixes(numbers, quotient, told_apart(beyond))


def _most(mixes, shown):
    """Headquarters that the largest symbol stands for."""
    return max(float(mixes.numbers[shown].max(initial=0.0)), 1.0)


def _kind(mixes, j, k):
    """Key of COLOURS for an industry at a site."""
    if not mixes.known[j, k] or LOW <= mixes.quotient[j, k] <= HIGH:
        return "alike"
    return "more" if mixes.quotient[j, k] > HIGH else "less"


def _panel(axes: Axes, at: tuple[NDArray[np.float64], NDArray[np.float64]], titles: list[str], mixes: Mixes, k: int,
           shown: NDArray[np.intp], unit: float) -> None:
    """Symbols of an industry, largest first, and the names of the places where it is most at home."""
    east, north = at
    side = np.maximum(unit * np.sqrt(mixes.numbers[:, k]), SMALLEST)
    order = sorted(shown, key=lambda j: -mixes.numbers[j, k])
    axes.scatter(east[order], north[order], s=side[order] ** 2, c=[COLOURS[_kind(mixes, j, k)] for j in order],
                 edgecolor=theme.INK, linewidth=0.5, zorder=6, alpha=0.9)
    homes = sorted((j for j in shown if _kind(mixes, j, k) == "more"), key=lambda j: -mixes.numbers[j, k])
    others = [j for j in shown if j not in homes[:MOST_NAMES] and side[j] > SMALLEST]
    place(axes, [Label(titles[j], east[j], north[j], 0.5 * side[j], False) for j in homes[:MOST_NAMES]], size=7.0,
          avoid=_boxes(axes, east[others], north[others], side[others]))


def _boxes(axes, east, north, side):
    """Boxes (left, bottom, right, top) of symbols in pixels, which no name covers; `side` is in points."""
    centres = axes.transData.transform(np.column_stack([east, north]))
    half = side[:, None] * axes.figure.dpi / 144
    return list(np.hstack([centres - half, centres + half]))


def _finding(dataset, mixes, zone, titles, lang):
    """The places of the zone where an industry is most above its share, as far as that is no chance."""
    sites, industries = titles
    found = [(mixes.quotient[j, k], j, k) for j, k in np.argwhere(mixes.known & (mixes.quotient > HIGH)) if zone[j]]
    if not found:
        return word("map_industry_none", lang, **period(dataset, lang))
    told = [word("map_industry_one", lang, industry=industries[k], place=sites[j], times=f"{quotient:.1f}")
            for quotient, j, k in sorted(found, reverse=True)[:MOST_TOLD]]
    return word("map_industry_finding", lang, parts=word("comma", lang).join(told), **period(dataset, lang))


def _key(axes: Axes, lang: str) -> None:
    """What the legend tells of, where nothing is drawn."""
    for key, colour in COLOURS.items():
        axes.plot([], [], linestyle="none", marker="o", markersize=8.0, markerfacecolor=colour,
                  markeredgecolor=theme.INK, markeredgewidth=0.6, label=word(f"map_industry_{key}", lang))
