"""The headline."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, in_zone


@register("headquarters_in_zone", units="enterprises", long_name="headquarters in the zone",
          long_name_zh="区内总部数")
def headquarters_in_zone(dataset: xr.Dataset) -> xr.DataArray:
    """Enterprises whose functional site lies in the zone and that meet the base-year criteria.

    The criteria (revenue, and tax or R&D) are the same in every scenario, so that a looser recognition
    rule cannot look like growth. Returns (member, quarter), enterprises.
    """
    return by_site(in_zone(dataset), "headquarters").sum("site")
