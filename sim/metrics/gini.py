"""Locational Gini coefficient."""

import numpy as np
import xarray as xr

from sim.metrics import register
from sim.metrics.counting import counts, resting_on, shares


@register("gini", units="1", long_name="locational Gini coefficient",
          long_name_zh="区位基尼系数", null="above 0 by chance alone when n is small",
          convention="Lorenz curve of s_ij against x_j, sites ordered by s_ij / x_j, each with weight x_j; reference "
                     "x: all industries, i included")
def gini(dataset, of="headquarters", weighted=True, own=True):
    """G_i = 1 - sum_j w_j (S_j + S_{j-1}), sites in the order of the location quotients q_j = s_ij / x_j.

    Twice the area between the diagonal and the Lorenz curve of w_j q_j, cumulated to S_j, against weights w_j: 0 if
    the industry is spread as the reference x is. `weighted`: w = x, Krugman's (1991, Geography and Trade, p. 55), where
    sites nobody is at do not count; else all sites that the reference has weigh the same, the Gini of the location
    quotients (Kim 1995, Quarterly Journal of Economics 110(4)). `own`: whether the industry is in its reference, or
    x are the shares of all others. The conventions differ up to twofold.
    Returns (member, quarter, industry); nan for an empty industry, and unweighted for one at a site where the
    reference is not. Coordinate n.
    """
    e = counts(dataset, of)
    others = e.sum("industry") - (0 if own else e)
    x, s = xr.broadcast(shares(others, "site"), shares(e, "site"))
    of_pair = _lorenz_gini if weighted else _plain_gini
    index = xr.apply_ufunc(of_pair, s, x, input_core_dims=[["site"], ["site"]])
    return resting_on(index.transpose("member", "quarter", "industry"), e.sum("site")).assign_attrs(
        convention=_convention(weighted, own))


def _lorenz_gini(s, x):
    """Of shares s against weights x, both summing to 1; sites of weight 0 come last where anybody is there."""
    slope = np.divide(s, x, out=np.where(s > 0, np.inf, 0.0) + 0.0 * s, where=x > 0)
    order = np.argsort(slope, axis=-1, kind="stable")
    s, x = np.take_along_axis(s, order, -1), np.take_along_axis(x, order, -1)
    upto = np.cumsum(s, axis=-1)
    return 1 - (x * (2 * upto - s)).sum(axis=-1)


def _plain_gini(s, x):
    """Of location quotients, the sites of the reference weighing the same; nan where anybody is at another site."""
    known = x > 0
    weight = known / np.maximum(known.sum(axis=-1, keepdims=True), 1)
    quotient = weight * np.divide(s, x, out=np.zeros_like(s), where=known)
    total = quotient.sum(axis=-1, keepdims=True)
    share = np.divide(quotient, total, out=np.full_like(quotient, np.nan), where=total > 0)
    return np.where(((s > 0) & ~known).any(axis=-1), np.nan, _lorenz_gini(share, weight))


def _convention(weighted, own):
    weights = "each with weight x_j" if weighted else "all of the same weight, the Gini of location quotients"
    x = "all industries, i included" if own else "all other industries"
    return f"Lorenz curve of s_ij against x_j, sites ordered by s_ij / x_j, {weights}; reference x: {x}"
