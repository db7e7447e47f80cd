"""Where headquarters sit, by ring."""

import xarray as xr
from matplotlib.figure import Figure

from sim.metrics.counting import in_zone
from sim.metrics.share_by_ring import share_by_ring
from sim.plots.common.bands import percent
from sim.plots.common.page import page
from sim.plots.common.words import names, period, word
from sim.plots.run import register
from sim.plots.run.shares import bars, endpoints, interval, moments, notes


@register("shares_ring", title="Headquarters by ring: start, middle and end",
          title_zh="总部的圈层分布：期初、期中与期末", size=(10.5, 5.2), of_rings=True)
def shares_ring(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Shares of the rings, of all headquarters modelled and of those in the zone.

    Mean of runs with 5-95 % whiskers at the first, middle and last quarter.
    """
    dataset = dataset.isel(quarter=moments(dataset))
    everywhere, inside = share_by_ring(dataset), share_by_ring(in_zone(dataset))
    body = page(figure, dataset, lang, titles=shares_ring.titles,
                finding=_finding(inside, lang),
                notes=notes(dataset, lang))
    grid = body.grid(1, 2, inset=(1.0, 0.8, 0.1, 0.3), wspace=0.42)
    for column, (shares, title) in enumerate([(inside, "of_zone"), (everywhere, "of_all")]):
        axes = figure.add_subplot(grid[column])
        labels = names(shares, "ring", lang)
        bars(axes, shares, [labels[one] for one in shares["ring"].values.tolist()], lang)
        axes.set_title(word(title, lang))
    body.legend(figure.axes[-1])


def _finding(inside, lang):
    start, end = endpoints(inside)
    if not end.any():
        return word("none", lang)
    first = inside["ring"].values.tolist()[0]
    said = word("share_finding", lang, name=names(inside, "ring", lang)[first], start=percent(start[0]),
                end=percent(end[0]), **period(inside, lang))
    return said + interval(inside, 0, lang)
