"""How unlike the rest a site's mix of industries is."""

from sim.metrics import register
from sim.metrics.counting import counts, resting_on, shares


@register("krugman_specialisation", units="1", long_name="Krugman index of specialisation",
          long_name_zh="克鲁格曼专业化指数", null="above 0 by chance alone when n is small",
          convention="absolute differences summed, range [0, 2]; reference: all sites, j included")
def krugman_specialisation(dataset, of="headquarters"):
    """K_j = sum_i | e_ij / E_j - e_i / E |: 0 is the mix of all sites, 2 shares nothing with it.

    Source: Krugman 1991, Geography and Trade, p. 75. Counts, weight 1 each.
    Returns (member, quarter, site); nan at an empty site. Coordinate n.
    """
    e = counts(dataset, of)
    difference = shares(e, "industry") - shares(e.sum("site"), "industry")
    return resting_on(abs(difference).sum("industry", skipna=False), e.sum("industry"))
