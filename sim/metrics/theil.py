"""Inequality between sites, split into between and within rings."""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import by_site, grouped, membership, resting_on, shares


@register("theil", units="1", long_name="Theil index over sites, between and within rings",
          long_name_zh="泰尔指数（按地点，圈层间与圈层内）", null="above 0 by chance when n is small",
          convention="Theil T, every site with weight 1/K")
def theil(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """T = sum_j s_j ln(K s_j) = between + within, for shares s_j of K sites.

    between = sum_r s_r ln(K s_r / K_r), within = sum_r s_r sum_{j in r} (s_j/s_r) ln(K_r s_j/s_r),
    for rings r with K_r sites; 0 ln 0 = 0. From 0 (even) to ln K (one site). Source: Theil 1967,
    ch. 4. Returns (member, quarter, part) with part = total, between, within; nan without any
    headquarters. Coordinate n.
    """
    n = by_site(dataset, of)
    s, size = shares(n, "site"), membership(dataset, "ring").sum("site")
    ring_share = grouped(s, dataset, "ring")
    total = _entropic(s, 1 / n.sizes["site"]).sum("site", skipna=False)
    between = _entropic(ring_share, size / n.sizes["site"]).sum("ring", skipna=False)
    of_site = xr.dot(membership(dataset, "ring"), ring_share / size, dim="ring")
    within = _entropic(s, of_site).sum("site", skipna=False)
    parts = xr.concat([total, between, within], xr.Variable("part", ["total", "between", "within"]))
    return resting_on(parts.transpose(..., "part"), n.sum("site"))


def _entropic(share, reference):
    """share * ln(share / reference), with 0 ln 0 = 0 and nan kept."""
    positive = (share > 0) | np.isnan(share)
    return xr.where(positive, share * np.log((share / reference).where(positive, 1.0)), 0.0)
