"""Locational Gini coefficient."""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, resting_on, shares


@register("gini", units="1", long_name="locational Gini coefficient",
          long_name_zh="区位基尼系数", null="above 0 by chance alone when n is small",
          convention="Lorenz curve of s_ij against x_j, sites ordered by s_ij / x_j; not the Gini "
                     "of raw counts, nor the unweighted Gini of location quotients")
def gini(dataset, of="headquarters"):
    """G_i = 1 - sum_j x_j (S_j + S_{j-1}), sites in the order of s_ij / x_j.

    Twice the area between the diagonal and the Lorenz curve of the industry's shares s_ij,
    cumulated to S_j, against the shares x_j of all industries: 0 if the industry is spread as all
    industries are. Three conventions exist and differ up to twofold; this is Krugman's (1991,
    Geography and Trade, p. 55), where sites nobody is at do not count.
    Returns (member, quarter, industry); nan for an empty industry. Coordinate n.
    """
    e = counts(dataset, of)
    s = shares(e, "site")
    x, s = xr.broadcast(shares(e.sum("industry"), "site"), s)
    index = xr.apply_ufunc(_lorenz_gini, s, x, input_core_dims=[["site"], ["site"]])
    return resting_on(index.transpose("member", "quarter", "industry"), e.sum("site"))


def _lorenz_gini(s, x):
    slope = np.divide(s, x, out=np.zeros_like(s), where=x > 0)
    order = np.argsort(slope, axis=-1, kind="stable")
    s, x = np.take_along_axis(s, order, -1), np.take_along_axis(x, order, -1)
    upto = np.cumsum(s, axis=-1)
    return 1 - (x * (2 * upto - s)).sum(axis=-1)
