"""What the headline would be if its criteria stood still at constant prices."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import in_zone


@register("headquarters_real_criteria", units="enterprises",
          long_name="headquarters in the zone by criteria at constant prices",
          long_name_zh="区内总部数（标准按不变价）",
          convention="deflated by money.deflator_name; criteria do not follow revenue per employee")
def headquarters_real_criteria(dataset: xr.Dataset) -> xr.DataArray:
    """Enterprises of the zone that meet the base year's criteria in money of constant prices.

    More enterprises meet them as real revenue per employee grows (`money.real_growth`), whatever else happens: a second
    series, not the headline, whose criteria keep pace with it. Returns (member, quarter), enterprises.
    """
    return in_zone(dataset)["headquarters_real_criteria"].sum("site")
