"""What the headquarters do."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, shares


@register("share_by_industry", units="1", long_name="share of all headquarters by industry",
          long_name_zh="各产业占全部总部的比重")
def share_by_industry(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """Share of each industry in the headquarters of all modelled sites: e_i / E.

    For shares within the zone pass the zone's sites alone (`counting.in_zone`).
    Returns (member, quarter, industry), summing to 1; nan where there are none at all.
    """
    return shares(counts(dataset, of).sum("site"), "industry")
