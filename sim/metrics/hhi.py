"""Herfindahl–Hirschman index over sites."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, resting_on, shares


@register("hhi", units="1", long_name="Herfindahl–Hirschman index over sites",
          long_name_zh="赫芬达尔–赫希曼指数（按地点）",
          null="(1 - 1/n) sum_j p_j^2 + 1/n for n enterprises choosing independently with p")
def hhi(dataset: xr.Dataset, of: str = "headquarters") -> xr.DataArray:
    """HHI_i = sum_j s_ij^2, s_ij the share of industry i's enterprises that are at site j.

    Between 1/K (even over K sites) and 1 (one site). Small numbers alone raise it: under
    independent choice E[HHI] = (1 - 1/n) sum p^2 + 1/n (model specification, T11). Enterprises
    have weight 1 each, not their size. Source: Herfindahl 1950; Hirschman 1964.
    Returns (member, quarter, industry); nan for an industry with nobody in it. Coordinate n.
    """
    e = counts(dataset, of)
    return resting_on((shares(e, "site") ** 2).sum("site", skipna=False), e.sum("site"))
