"""How often land is what limits a place."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import in_zone


@register("sites_at_capacity", units="share", long_name="sites in the zone whose floor is at capacity",
          long_name_zh="区内建筑面积已达上限的地点比例")
def sites_at_capacity(dataset: xr.Dataset) -> xr.DataArray:
    """Share of the zone's sites where all the floor that there can be is in use, so that rent alone clears demand.

    Where it is 0, `land.slack` and what takes or gives land act through the rent that supply asks, not through a limit.
    Returns (member, quarter), share.
    """
    return in_zone(dataset)["at_capacity"].mean("site")
