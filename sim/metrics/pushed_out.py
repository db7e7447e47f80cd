"""Moves out of the zone into the radiation ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics import register

if TYPE_CHECKING:
    import xarray as xr


@register("pushed_out", units="enterprises",
          long_name="moves from the zone to the radiation ring, by origin and destination",
          long_name_zh="由区内迁往辐射圈层的企业数（按迁出地和迁入地）",
          null="not zero: reviews and new errors move enterprises whatever rents are",
          convention="all moves; what rents cause is the difference to the same run with land.rents = \"frozen\"")
def pushed_out(dataset: xr.Dataset) -> xr.DataArray:
    """Enterprises that move during a quarter from a site of the zone to one of the radiation ring.

    Returns (member, quarter, origin, destination), enterprises.
    """
    inside = dataset["in_zone"].values.astype(bool)
    beyond = (dataset["ring"].values == "radiation") & ~inside
    destinations = dataset["site"].values[beyond]
    flows = dataset["flows"].sum("industry").isel(origin=np.flatnonzero(inside))
    return flows.sel(destination=destinations)
