"""Who sits in which ring."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, grouped, shares


@register("share_by_ring", units="1", long_name="share of all headquarters by ring",
          long_name_zh="各圈层占全部总部的比重")
def share_by_ring(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """Share of each ring in the headquarters of all modelled sites: n_r / sum_r n_r.

    Rings as in Guo, Luo & Rong: core, linkage (the rest of the zone), radiation (beyond).
    Returns (member, quarter, ring), summing to 1; nan where there are no headquarters at all.
    """
    return shares(grouped(by_site(dataset, of), dataset, "ring"), "ring")
