"""Who sits in whose territory."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, grouped, shares


@register("share_by_jurisdiction", units="1",
          long_name="share of all headquarters by jurisdiction",
          long_name_zh="各辖区占全部总部的比重")
def share_by_jurisdiction(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """Share of each jurisdiction in the headquarters of all modelled sites: n_g / sum_g n_g.

    For shares within the zone pass the zone's sites alone (`counting.in_zone`).
    Returns (member, quarter, jurisdiction), summing to 1; nan where there are none at all.
    """
    return shares(grouped(by_site(dataset, of), dataset, "jurisdiction"), "jurisdiction")
