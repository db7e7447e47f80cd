"""Which places of the zone gain headquarters."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.metrics.counting import by_site, in_zone
from sim.plots.common import theme
from sim.plots.common.bands import band, signed, spread, told_apart, whole
from sim.plots.common.page import band_note, page
from sim.plots.common.rows import label_rows
from sim.plots.common.words import names, period, word
from sim.plots.run import register

MOST_ROWS = 18


@register("change", title="Where the zone gains and loses headquarters", title_zh="{zone}各地点总部的增减",
          size=(9.0, 6.4))
def change(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Change in headquarters from the first to the last quarter by place of the zone, ranked.

    Mean of runs with 5-95 % whiskers; beside each the mean numbers at both ends. In a zone of
    many places only the largest changes are drawn.
    """
    numbers = by_site(in_zone(dataset), "headquarters").isel(quarter=[0, -1])
    changes = (numbers.isel(quarter=1) - numbers.isel(quarter=0)).transpose("member", "site")
    rows = _rows(changes)
    left_out = changes.sizes["site"] - len(rows)
    notes = [word("means", lang), band_note(dataset, lang)]
    notes += [word("not_shown", lang, n=left_out)] if left_out else []
    body = page(figure, dataset, lang, titles=change.titles,
                finding=_finding(changes, lang), notes=[*notes, word("criteria", lang)])
    axes = figure.add_subplot(body.grid(1, 1, inset=(1.45, 0.8, 1.1, 0.35))[0])
    _draw(axes, changes.isel(site=rows), lang)
    _ends(axes, numbers.isel(site=rows).mean("member"), lang)
    axes.set_xlabel(word("change_axis", lang, **period(dataset, lang)))
    body.legend(axes)


def _rows(changes):
    """Positions of the places to draw: the largest changes, ranked from gain to loss."""
    mean = changes.mean("member").values
    kept = np.argsort(-abs(mean), kind="stable")[:MOST_ROWS]
    return kept[np.argsort(-mean[kept], kind="stable")]


def _draw(axes, changes, lang):
    low, mean, high = band(changes)
    places = np.arange(len(mean))
    axes.axvline(0, color=theme.INK, linewidth=0.9)
    axes.hlines(places, 0, mean, color=theme.GRID, linewidth=5)
    if changes.sizes["member"] > 1:
        axes.hlines(places, low, high, color=theme.INK, linewidth=1.0)
        axes.plot(low, places, "|", high, places, "|", color=theme.INK, markersize=5)
    rings = changes["ring"].values
    for name in [name for name in theme.RINGS if name in rings]:
        mark, here = theme.ring(name), rings == name
        axes.plot(mean[here], places[here], mark.marker, color=mark.colour, markersize=8,
                  markeredgecolor=theme.INK, markeredgewidth=0.7, label=word(name, lang))
    label_rows(axes, list(names(changes, "site", lang).values()), size=9)
    axes.set_ylim(max(len(places), 3) - 0.4, -0.6)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, -1), max(right, 1))
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", integer=True, nbins=8)


def _ends(axes, numbers, lang):
    """The mean numbers at both ends, in a column to the right."""
    years = [str(quarter).removesuffix("-Q4") for quarter in numbers["quarter"].values]
    axes.annotate(word("both_ends", lang, first=years[0], last=years[1]), (1, 1), xycoords="axes fraction",
                  xytext=(10, 6), textcoords="offset points", size=8, color=theme.MUTED)
    for place, (first, last) in enumerate(numbers.transpose("site", "quarter").values):
        axes.annotate(f"{whole(first)} → {whole(last)}", (1, place), size=9, va="center_baseline",
                      xycoords=("axes fraction", "data"), xytext=(10, 0), textcoords="offset points")


def _finding(changes, lang):
    """What changes most, and how many gain in at least 95 % of runs."""
    low, mean, high = band(changes)
    if not changes.values.any():
        return word("unchanged", lang)
    apart = told_apart(changes.values, among=changes.sizes["site"])
    if changes.sizes["member"] > 1 and not apart.any():
        return word("no_change", lang)
    most = int(np.where(apart | ~apart.any(), abs(mean), 0).argmax())
    title = list(names(changes, "site", lang).values())
    said = word("most_changed", lang, name=title[most], change=signed(mean[most]))
    if changes.sizes["member"] < 2:
        return said
    said += spread(changes, lang, low[most], high[most], shown=signed)
    return said + word("sure_gains", lang, k=int((low > 0).sum()), n=len(mean))
