"""What happens to rents."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from sim.metrics.counting import grouped, groups, membership
from sim.plots.common import theme
from sim.plots.common.bands import band, quarter_ticks, years
from sim.plots.common.page import band_note, page
from sim.plots.common.words import names, period, word
from sim.plots.run import register


@register("rents", title="Rents{by_ring} over time", title_zh="{by_ring}租金的变化", size=(10.5, 5.0))
def rents(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Rent index (base year = 1) by ring: mean of places, mean and 5-95 % band of runs.

    Thin lines are single places; the highest and the lowest at the end are named.
    """
    means = grouped(dataset["rent"], dataset, "ring") / membership(dataset, "ring").sum("site")
    rings = groups(dataset, "ring")
    body = page(figure, dataset, lang, titles=rents.titles,
                finding=_finding(means, lang),
                notes=[word("rents_note", lang), band_note(dataset, lang)])
    grid = body.grid(1, len(rings), inset=(0.35, 0.3, 0.95, 0.3), wspace=0.4)
    shared = None
    for column, name in enumerate(rings):
        shared = axes = figure.add_subplot(grid[column], sharex=shared, sharey=shared)
        here = dataset.isel(site=np.flatnonzero(dataset["ring"].values == name))
        _places(axes, here, lang)
        _mean(axes, means.sel(ring=name), name)
        axes.set_title(word(name, lang))
        axes.grid(axis="y")
        axes.tick_params(axis="y", labelleft=column == 0)
    figure.axes[0].set_ylabel(word("rent_axis", lang))


def _places(axes, here, lang):
    when, middle = years(here), band(here["rent"])[1]
    axes.plot(when, middle, color=theme.FAINT, linewidth=0.6)
    title = list(names(here, "site", lang).values())
    ends = dict.fromkeys((int(middle[-1].argmax()), int(middle[-1].argmin())))
    for place, above in zip(ends, ("bottom", "top")):          # one above its line, one below: they never meet
        axes.annotate(title[place], (when[-1], middle[-1, place]), xytext=(3, 0), size=7, textcoords="offset points",
                      va=above if len(ends) > 1 else "center", color=theme.MUTED, annotation_clip=False)
    axes.set_xlim(when[0], max(when[-1], when[0] + 0.25))
    if not quarter_ticks(axes, when):
        axes.locator_params(axis="x", integer=True, nbins=4)


def _mean(axes, rent, name):
    low, middle, high = band(rent)
    mark, when = theme.ring(name), years(rent)
    if rent.sizes["member"] > 1:
        axes.fill_between(when, low, high, color=mark.colour, alpha=0.3, linewidth=0)
    axes.plot(when, middle, color=mark.stroke, linestyle=mark.line, linewidth=2.4)


def _finding(means, lang):
    last = means.isel(quarter=-1).mean("member")
    parts = [f"{word(name, lang)} {value:.2f}" for name, value in
             zip(last["ring"].values.tolist(), last.values.tolist(), strict=True)]
    return word("rents_finding", lang, parts=word("comma", lang).join(parts), **period(means, lang))
