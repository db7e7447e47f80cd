"""What the headline would be if its criteria were amounts of money that nobody adjusts."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import in_zone


@register("headquarters_nominal_criteria", units="enterprises",
          long_name="headquarters in the zone by criteria that nobody adjusts",
          long_name_zh="区内总部数（标准按名义金额不变）",
          convention="amounts of money of the base year, whatever prices and revenue per employee do")
def headquarters_nominal_criteria(dataset: xr.Dataset) -> xr.DataArray:
    """Enterprises of the zone that meet the base year's criteria in money as it is.

    Prices and real revenue per employee (`money`) lift enterprises over them without any of them growing: a second
    series, not the headline. Returns (member, quarter), enterprises.
    """
    return in_zone(dataset)["headquarters_nominal_criteria"].sum("site")
