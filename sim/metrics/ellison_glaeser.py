"""Ellison–Glaeser index of geographic concentration."""

from sim.metrics import register
from sim.metrics.counting import counts, ratio, resting_on, shares


@register("ellison_glaeser", units="1", long_name="Ellison–Glaeser index of concentration",
          long_name_zh="埃里森–格莱泽集聚指数",
          null="0: enterprises fall on sites as darts, with the probabilities of all industries",
          convention="equal enterprise sizes, so H = 1/n; reference x: all industries, i included")
def ellison_glaeser(dataset, of="headquarters"):
    """gamma_i = [G_i - (1 - sum_j x_j^2) H_i] / [(1 - sum_j x_j^2)(1 - H_i)].

    G_i = sum_j (s_ij - x_j)^2; s_ij share of industry i at site j; x_j share of all industries at
    j; H_i the Herfindahl index of enterprise sizes, 1/n_i here since only counts are kept. Unlike
    HHI it is 0 in the mean when nothing but chance concentrates few enterprises, and g0 when
    site probabilities are Dirichlet(((1 - g0)/g0) x). Above 0.05 is called high. Source: Ellison
    & Glaeser 1997, Journal of Political Economy 105(5).
    Returns (member, quarter, industry); nan with fewer than two enterprises or one occupied site.
    """
    e = counts(dataset, of)
    n = e.sum("site")
    x = shares(e.sum("industry"), "site")
    excess = ((shares(e, "site") - x) ** 2).sum("site", skipna=False)
    spread = 1 - (x ** 2).sum("site", skipna=False)
    h = ratio(1.0, n)
    return resting_on(ratio(excess - spread * h, spread * (1 - h)), n)
