"""All candidates in the zone, headquarters or not."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, in_zone


@register("enterprises_in_zone", units="enterprises",
          long_name="candidate enterprises in the zone", long_name_zh="区内备选企业数")
def enterprises_in_zone(dataset: xr.Dataset) -> xr.DataArray:
    """Enterprises in the zone that carry or could carry headquarters functions.

    Returns (member, quarter), enterprises.
    """
    return by_site(in_zone(dataset), "enterprises").sum("site")
