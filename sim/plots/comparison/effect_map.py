"""Where in the zone the effects fall."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from sim.plots.common import geography, map_plane, theme
from sim.plots.common.label_placement import Label, apart, place
from sim.plots.common.page import fold
from sim.plots.common.words import names as display_names
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared
from sim.plots.comparison.frame import DOWN, UP, distinct, gain, layout, page, panel_size, panels, rest_note, shown
from sim.plots.comparison.words import word

LEAST = 0.1                   # headquarters either way, below which a place has a dot
LARGEST = {1: 34.0, 2: 28.0}  # points, side of the largest symbol by number of panels
MOST_BEYOND = 4
NOISE = 5.0                   # points, size of the dot of an effect that is noise
LABELLED, FIRST = 4, 3         # panels up to which each names every place; places that more panels than that name
RING_LINES = ("-", (0, (4, 2)))
SIGNS = {"gain": ("o", UP), "loss": ("v", DOWN)}


@register("effect_map", title="Where the effect on headquarters falls", title_zh="总部效应落在哪里",
          size=panel_size(11.0, (7.6, 5.4, 3.75), 2.4), needs=("effects",))
def effect_map(compared: Compared, figure: Figure, lang: str) -> None:
    """Mean effect on headquarters by place at the end, on the ring map; one map a scenario.

    Circles gain, triangles lose; areas in proportion to the effect, on one scale for all maps. Noise is a grey dot.
    Places beyond the map that lose most stand below it by name.
    """
    names, _ = shown(compared)
    basemap = map_plane.base_map(compared.places)
    body = page(compared, figure, lang, titles=effect_map.titles, finding=_finding(compared, names, lang),
                notes=[word("map_note", lang, least=LEAST), *rest_note(compared, lang),
                       *([word("map_named", lang)] if len(names) > LABELLED else []),
                       *map_plane.credits(basemap, lang)], banded=False)
    most = max(1.0, float(compared.effects("site")["mean"].abs().max()))
    for name, axes in panels(compared, body, lang, ems=70 // layout(len(names))[1], inset=(0, 0.72, 0, 0.3),
                             wspace=0.06, hspace=0.26):
        _panel(axes, compared, (basemap, name, most), len(names), lang)
    key = _key(basemap, most, len(names), lang)
    figure.legend(handles=key, loc="lower center", ncols=4, handlelength=max(2.6, key[0].get_markersize() / 8),
                  bbox_to_anchor=((body.left + body.right) / 2, body.bottom))


def _panel(axes, compared, what, number, lang):
    places, (basemap, name, most) = compared.places, what
    east, north = map_plane.plane(basemap, places["lon"].values, places["lat"].values)
    zone = places["in_zone"].values.astype(bool)
    away = np.maximum(abs(east), abs(north))
    half = max(1.25 * away[zone].max(initial=1.0), 1.1 * max(map_plane.radii(basemap), default=0.0))
    geography.extent(axes, (-half, half), (-half, half))
    geography.shapes(axes, basemap)
    _rings(axes, basemap)
    geography.scale_bar(axes, lang)
    if map_plane.has_borders(basemap):
        axes.annotate(word("caveat", lang), (0.985, 0.02), xycoords="axes fraction", ha="right", size=5.5,
                      zorder=9, bbox=dict(fc="white", ec="none", pad=1.2, alpha=0.8))
    found, near = _effects(compared, name), away < 0.93 * half
    titles = list(display_names(places, "site", lang).values())
    named = len(titles) if number <= LABELLED or name == compared.names[0] else FIRST
    _symbols(axes, found, (east, north, near), most, (number, zone, named), titles)
    below = _beyond(found, near, titles, lang) or ("" if found[1][near].any() else word("map_none", lang))
    axes.set_xlabel(fold(below, 78 / layout(number)[1]), size=7, color=theme.INK)


def _rings(axes, basemap):
    """The rings in grey, because colour tells gains from losses here."""
    for radius, dashes in zip(map_plane.radii(basemap), RING_LINES, strict=False):
        axes.add_artist(Circle((0, 0), radius, fill=False, edgecolor=theme.MUTED, linewidth=1.1,
                              linestyle=dashes, zorder=3.5))


def _effects(compared, name):
    """Mean effect by place and whether it differs from noise, in the order of the places."""
    rows = compared.effects("site", scenario=name).set_index("place")
    rows = rows.reindex(compared.places["site"].values.astype(str))
    clear = np.array([row["mean"] == row["mean"] and distinct(row) for row in rows.to_dict("records")])
    return rows["mean"].fillna(0.0).to_numpy(), clear & (rows["mean"].abs() >= LEAST).to_numpy()


def _beyond(found, near, titles, lang):
    """The places beyond the map that lose most, by name, and what the others there lose in all."""
    effect, clear = found
    lost = [k for k in np.argsort(effect) if not near[k] and clear[k] and effect[k] < 0]
    named = [f"{titles[k]} {gain(effect[k])}" for k in lost[:MOST_BEYOND]]
    rest = effect[~near].sum() - effect[lost[:MOST_BEYOND]].sum()
    named += [word("and_others", lang, effect=gain(rest))] if named and abs(rest) >= LEAST else []
    return word("beyond_map", lang, names=word("comma", lang).join(named)) if named else ""


def _symbols(axes, found, where, most, shown_in, titles):
    (effect, clear), (east, north, near), (number, zone, named) = found, where, shown_in
    side = np.where(clear, _side(effect, most, number), NOISE)
    order = sorted(np.flatnonzero(near), key=lambda k: -abs(effect[k]))
    moved = dict(zip(order, apart(axes, east[order], north[order], side[order] / 2), strict=True))
    for k in order:
        marker, colour = SIGNS["gain" if effect[k] > 0 else "loss"] if clear[k] else (".", theme.FAINT)
        axes.plot([east[k], moved[k][0]], [north[k], moved[k][1]], color=theme.MUTED, linewidth=0.6, zorder=5)
        axes.plot(*moved[k], marker, markersize=side[k], zorder=6, alpha=0.85, color=colour, markeredgecolor=theme.INK,
                  markeredgewidth=0.6 if clear[k] else 0.0)
    told = [k for k in order if clear[k]]
    place(axes, [Label(f"{titles[k]} {gain(effect[k])}" if rank < named else gain(effect[k]),
                       *moved[k], side[k] / 2, bool(zone[k]) and number <= 2)
                 for rank, k in enumerate(told)], size=8.0 if number <= 2 else 6.5)


def _side(effect, most, panels):
    """Side in points of a symbol whose area is in proportion to an effect of at most `most`."""
    return np.maximum(LARGEST.get(panels, 22.0) * np.sqrt(abs(effect) / most), 3.5)


def _key(basemap, most, panels, lang):
    """A gain and a loss of a round number, as large as on the maps, and the rings."""
    number = max(step * 10 ** power for step in (1, 2, 5) for power in range(5) if step * 10 ** power <= most)
    rings = [Line2D([], [], color=theme.MUTED, linewidth=1.1, linestyle=dashes,
                    label=word("ring", lang, km=f"{radius:g}"))
             for radius, dashes in zip(map_plane.radii(basemap), RING_LINES, strict=False)]
    return [Line2D([], [], linestyle="none", marker=marker, color=colour, markeredgecolor=theme.INK,
                   markersize=float(_side(number, most, panels)), label=word(key, lang, n=number))
            for key, (marker, colour) in SIGNS.items()] + rings


def _finding(compared, names, lang):
    """Of the scenario with the largest effect: how many places gain, or where none does lose, and which most."""
    (effect, clear), zone = _effects(compared, names[0]), compared.places["in_zone"].values.astype(bool)
    inside = np.where(zone & clear, effect, 0.0)
    losing = inside.max() <= 0 and inside.min() < 0
    most = int((-inside if losing else inside).argmax())
    title = list(display_names(compared.places, "site", lang).values())
    rest = word("none_gain", lang)
    if inside[most]:
        rest = word("map_most", lang, place=title[most], effect=gain(effect[most]))
    return word("map_losing" if losing else "map_finding", lang, name=compared.title(names[0], lang),
                k=int((inside < 0).sum() if losing else (inside > 0).sum()), n=int(zone.sum()), rest=rest)
