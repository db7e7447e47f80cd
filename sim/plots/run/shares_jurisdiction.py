"""Whose territory the zone's headquarters sit in."""

import xarray as xr
from matplotlib.figure import Figure

from sim.metrics.share_by_jurisdiction import share_by_jurisdiction
from sim.plots.run import register
from sim.plots.run.shares import of_the_zone


@register("shares_jurisdiction", title="Headquarters in the zone by jurisdiction: start, middle and end",
          title_zh="{zone}总部的辖区分布：期初、期中与期末", size=(9.0, 5.2))
def shares_jurisdiction(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Shares of the jurisdictions in the headquarters of the zone, largest at the end first.

    Mean of runs with 5-95 % whiskers at the first, middle and last quarter.
    """
    of_the_zone(dataset, figure, lang, share_by_jurisdiction, titles=shares_jurisdiction.titles)
