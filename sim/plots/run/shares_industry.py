"""What the zone's headquarters do."""

import xarray as xr
from matplotlib.figure import Figure

from sim.metrics.share_by_industry import share_by_industry
from sim.plots.run import register
from sim.plots.run.shares import of_the_zone


@register("shares_industry", title="Headquarters in the zone by industry: start, middle and end",
          title_zh="{zone}总部的产业构成：期初、期中与期末", size=(9.0, 7.4), of_industries=True)
def shares_industry(dataset: xr.Dataset, figure: Figure, lang: str) -> None:
    """Shares of the industries in the headquarters of the zone, largest at the end first.

    Mean of runs with 5-95 % whiskers at the first, middle and last quarter.
    """
    of_the_zone(dataset, figure, lang, share_by_industry, titles=shares_industry.titles)
