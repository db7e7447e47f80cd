"""How unlike the rest a site's mix of industries is."""

import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, ratio, resting_on, shares


@register("krugman_specialisation", units="1", long_name="Krugman index of specialisation",
          long_name_zh="克鲁格曼专业化指数", null="above 0 by chance alone when n is small",
          convention="absolute differences summed, range [0, 2]; reference: all sites together, j included")
def krugman_specialisation(dataset: xr.Dataset, of: str = "headquarters", weighted: bool = True,
                           own: bool = True) -> xr.DataArray:
    """K_j = sum_i | e_ij / E_j - m_i |: 0 is the reference mix m, 2 shares nothing with it.

    Source: Krugman 1991, Geography and Trade, p. 75, who compares two regions. `weighted`: m is the mix of sites taken
    together, each with its size; else the mean of their mixes, each with the same weight. `own`: whether the site is
    in its reference; the rest alone is that of Midelfart-Knarvik et al. 2000, European Commission, Economic Paper 142.
    Counts, weight 1 each. Returns (member, quarter, site); nan at an empty site, and where there is no other.
    Coordinate n.
    """
    e = counts(dataset, of)
    mix = shares(e, "industry")
    each = e if weighted else mix.fillna(0.0)
    rest = each.sum("site") - (0 if own else each)
    difference = mix - ratio(rest, rest.sum("industry"))
    return resting_on(abs(difference).sum("industry", skipna=False), e.sum("industry")).assign_attrs(
        convention=_convention(weighted, own))


def _convention(weighted, own):
    sites = "sites together" if weighted else "sites, each of the same weight"
    return f"absolute differences summed, range [0, 2]; reference: all {sites}, j included" if own else \
        f"absolute differences summed, range [0, 2]; reference: all other {sites}"
