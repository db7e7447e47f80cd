"""Size of a site: the more floor, the more places to be."""

import numpy as np

from sim.terms import register


@register("floor", sign=+1)
def floor(world, levers, quarter):
    """Size term of an aggregate alternative: l_m ln F_jt, F the usable floor at the opening.

    Ben-Akiva & Lerman 1985, chapter 9; with it, splitting a town in two changes nothing.
    Returns (member, 1, site).
    """
    return (world.dissimilarity_of_site * np.log(levers.floor))[:, None, :]
