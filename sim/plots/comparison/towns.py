"""Every place of the zone under every scenario, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize

from sim.plots.common import theme
from sim.plots.common.page import fold_to
from sim.plots.common.words import names as display_names
from sim.plots.comparison import register
from sim.plots.comparison.frame import DOWN, UP, distinct, gain, page
from sim.plots.comparison.words import word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.plots.comparison.data import Compared

MOST_PLACES, MOST_SCENARIOS = 20, 10
WIDEST, COLUMNS_EMS, LINES = 13.0, 62.0, 4     # em of a column's head, of all heads; lines of one
DARK = 0.55                   # part of the scale from which numbers are white


def _size(compared):
    return 10.5, 3.1 + 0.3 * len(_places(compared))


@register("towns", title="Effect by place and scenario", title_zh="各地点、各情景的效应",
          size=_size, needs=("effects",))
def towns(compared: Compared, figure: Figure, lang: str) -> None:
    """Mean effect on headquarters at the end by place of the zone (rows) and scenario (columns).

    Colour and sign tell the direction, depth the size; effects within two standard errors of zero are
    grey and without colour. Below the line the sums for the zone and for all places outside it.
    """
    names, places = compared.names[:MOST_SCENARIOS], _places(compared)
    body = page(compared, figure, lang, titles=towns.titles, finding=_finding(compared, places, lang),
                notes=[word("towns_note", lang)], banded=False)
    axes = figure.add_subplot(body.grid(1, 1, inset=(1.5, 0.1, 0.1, 0.75))[0])
    cells = {(row["place"], row["scenario"]): row for level in ("site", "ring")
             for row in compared.effects(level).to_dict("records")}
    rows: list[list[Any]] = [[cells.get((place, name)) for name in names] for place in places]
    rows.append([compared.zone(name) for name in names])
    rows.append([cells.get(("radiation", name)) for name in names])
    titles = display_names(compared.places, "site", lang)
    labels = [*(titles[place] for place in places), word("in_zone", lang), word("outside_zone", lang)]
    wide = min(WIDEST, COLUMNS_EMS / len(names))
    _draw(axes, rows, labels, [fold_to(compared.title(name, lang), wide, LINES) for name in names])


def _places(compared):
    """Places of the zone, those that change most in any scenario first kept, in the order of the map."""
    places = compared.places.isel(site=np.flatnonzero(compared.places["in_zone"].values)).sortby("order")
    ids = places["site"].values.astype(str).tolist()
    size = compared.effects("site").groupby("place")["mean"].apply(lambda mean: mean.abs().max())
    kept = sorted(ids, key=lambda one: -size.get(one, 0.0))[:MOST_PLACES]
    return [one for one in ids if one in kept]


def _draw(axes, rows, labels, titles):
    means = np.array([[np.nan if row is None else row["mean"] for row in line] for line in rows])
    scale = max(1.0, float(np.nanmax(abs(means[:-2]), initial=0.0)))
    colours = LinearSegmentedColormap.from_list("effect", [DOWN, "white", UP])
    clear = np.array([[row is not None and distinct(row) for row in line] for line in rows])
    shade = np.where(clear & (np.arange(len(rows))[:, None] < len(rows) - 2), means, np.nan)
    axes.imshow(shade, cmap=colours, norm=Normalize(-scale, scale), aspect="auto")
    for y, line in enumerate(rows):
        for x, row in enumerate(line):
            if row is not None:
                _number(axes, x, y, row, scale, sums=y >= len(rows) - 2)
    axes.axhline(len(rows) - 2.5, color=theme.INK, linewidth=1.0)
    axes.set_xticks(range(len(titles)), titles, color=theme.INK, size=8)
    axes.set_yticks(range(len(labels)), labels, color=theme.INK, size=9)
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False, bottom=False)
    axes.spines[["left", "bottom"]].set_visible(False)


def _number(axes, x, y, row, scale, sums):
    deep = not sums and abs(row["mean"]) > DARK * scale
    colour = theme.NOISE if not distinct(row) else "white" if deep else theme.INK
    axes.annotate(gain(row["mean"]), (x, y), ha="center", va="center", size=9, color=colour,
                  weight="bold" if sums else "normal")


def _finding(compared, places, lang):
    table = compared.effects("site")
    inside = table[table["place"].isin(places)]
    clear = inside[[distinct(row, among=len(inside)) for row in inside.to_dict("records")]]
    if not len(clear):
        beyond = sum(distinct(row) for row in inside.to_dict("records"))
        return word("towns_chance" if beyond else "towns_none", lang, k=beyond, n=len(inside))
    top = clear.loc[clear["mean"].abs().idxmax()]
    place = display_names(compared.places, "site", lang)[top["place"]]
    return word("towns_finding", lang, place=place, name=compared.title(top["scenario"], lang),
                effect=gain(top["mean"]))
