"""Where in the zone the effects fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from sim.plots.common import geography, theme
from sim.plots.common.label_placement import Label, place
from sim.plots.common.words import names as display_names
from sim.plots.comparison import register
from sim.plots.comparison.frame import DOWN, UP, gain, layout, page, panel_size, panels, rest_note, shown
from sim.plots.comparison.words import word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.plots.comparison.data import Compared

LEAST = 0.1                   # headquarters either way, below which a place has a dot
LARGEST = {1: 34.0, 2: 28.0}  # points, side of the largest symbol by number of panels
LABELLED = 4                  # panels up to which every place of the zone has its name
RING_LINES = ("-", (0, (4, 2)))
SIGNS = {"gain": ("o", UP), "loss": ("v", DOWN)}


@register("effect_map", title="Where the effect on headquarters falls", title_zh="总部效应落在哪里",
          size=panel_size(11.0, (7.6, 5.4, 3.75), 2.15), needs=("effects",))
def effect_map(compared: Compared, figure: Figure, lang: str) -> None:
    """Mean effect on headquarters by place at the end, on the ring map; one map a scenario.

    Circles gain, triangles lose; areas in proportion to the effect, on one scale for all maps.
    """
    names, _ = shown(compared)
    basemap = geography.base_map(compared.places)
    body = page(compared, figure, lang, titles=effect_map.titles, finding=_finding(compared, names, lang),
                notes=[word("map_note", lang, least=LEAST), *rest_note(compared, lang),
                       *geography.credits(basemap, lang)], banded=False)
    most = max(1.0, float(compared.effects("site")["mean"].abs().max()))
    for name, axes in panels(compared, body, lang, ems=70 // layout(len(names))[1], inset=(0, 0.35, 0, 0.3),
                             wspace=0.06, hspace=0.16):
        _panel(axes, compared, (basemap, name, most), len(names), lang)
    key = _key(basemap, most, len(names), lang)
    figure.legend(handles=key, loc="lower center", ncols=4, handlelength=max(2.6, key[0].get_markersize() / 8),
                  bbox_to_anchor=((body.left + body.right) / 2, body.bottom))


def _panel(axes, compared, what, number, lang):
    places, (basemap, name, most) = compared.places, what
    east, north = geography.plane(basemap, places["lon"].values, places["lat"].values)
    zone = places["in_zone"].values.astype(bool)
    away = np.maximum(abs(east), abs(north))
    half = max(1.25 * away[zone].max(initial=1.0), 1.1 * geography.radii(basemap)[1])
    geography.extent(axes, (-half, half), (-half, half))
    geography.shapes(axes, basemap)
    _rings(axes, basemap)
    geography.scale_bar(axes, lang)
    axes.annotate(word("caveat", lang), (0.985, 0.02), xycoords="axes fraction", ha="right", size=5.5,
                  zorder=9, bbox=dict(fc="white", ec="none", pad=1.2, alpha=0.8))
    _symbols(axes, _effects(compared, name), (east, north, away < 0.93 * half), most, (number, zone),
             display_names(places, "site", lang))


def _rings(axes, basemap):
    """The rings in grey, because colour tells gains from losses here."""
    for radius, dashes in zip(geography.radii(basemap), RING_LINES, strict=True):
        axes.add_artist(Circle((0, 0), radius, fill=False, edgecolor=theme.MUTED, linewidth=1.1,
                              linestyle=dashes, zorder=3.5))


def _effects(compared, name):
    """Mean effect by place, in the order of the places."""
    mean = compared.effects("site", scenario=name).set_index("place")["mean"]
    return mean.reindex(compared.places["site"].values.astype(str)).fillna(0.0).to_numpy()


def _symbols(axes, effect, where, most, shown_in, titles):
    (east, north, near), (number, zone) = where, shown_in
    side = _side(effect, most, number)
    for k in sorted(np.flatnonzero(near), key=lambda k: -abs(effect[k])):
        marker, colour = SIGNS["gain" if effect[k] > 0 else "loss"]
        small = abs(effect[k]) < LEAST
        axes.plot(east[k], north[k], "." if small else marker, markersize=side[k], zorder=6, alpha=0.85,
                  color=theme.MUTED if small else colour, markeredgecolor=theme.INK, markeredgewidth=0.6)
    title = list(titles.values())
    told = [k for k in np.argsort(-abs(effect)) if near[k] and abs(effect[k]) >= LEAST]
    place(axes, [Label(f"{title[k]} {gain(effect[k])}" if number <= LABELLED or rank < 3 else gain(effect[k]),
                       east[k], north[k], side[k] / 2, bool(zone[k]) and number <= 2)
                 for rank, k in enumerate(told)], size=8.0 if number <= 2 else 6.5)


def _side(effect, most, panels):
    """Side in points of a symbol whose area is in proportion to an effect of at most `most`."""
    grown = np.maximum(LARGEST.get(panels, 22.0) * np.sqrt(abs(effect) / most), 3.5)
    return np.where(abs(effect) < LEAST, 5.0, grown)


def _key(basemap, most, panels, lang):
    """A gain and a loss of a round number, as large as on the maps, and the rings."""
    number = max(step * 10 ** power for step in (1, 2, 5) for power in range(5) if step * 10 ** power <= most)
    rings = [Line2D([], [], color=theme.MUTED, linewidth=1.1, linestyle=dashes,
                    label=word("ring", lang, km=f"{radius:g}"))
             for radius, dashes in zip(geography.radii(basemap), RING_LINES, strict=True)]
    return [Line2D([], [], linestyle="none", marker=marker, color=colour, markeredgecolor=theme.INK,
                   markersize=float(_side(number, most, panels)), label=word(key, lang, n=number))
            for key, (marker, colour) in SIGNS.items()] + rings


def _finding(compared, names, lang):
    """Of the scenario with the largest effect: how many places gain, and which most."""
    effect, zone = _effects(compared, names[0]), compared.places["in_zone"].values.astype(bool)
    inside = np.where(zone, effect, -np.inf)
    most = int(inside.argmax())
    title = list(display_names(compared.places, "site", lang).values())
    rest = word("none_gain", lang)
    if inside[most] >= LEAST:
        rest = word("map_most", lang, place=title[most], effect=gain(effect[most]))
    return word("map_finding", lang, name=compared.title(names[0], lang), k=int((inside >= LEAST).sum()),
                n=int(zone.sum()), rest=rest)
