"""Sites that come nearer to each other for peers; no instrument is registered here."""

import numpy as np


def nearer(levers, pairs, left):
    """Levers whose distances between the pairs of sites are multiplied by what is left of them.

    pairs (site, site) mask, symmetric or not; left (member,) or (member, site, site) in [0, 1]. Peers at
    site k then count at site j by exp(-left d_jk / decay) instead of exp(-d_jk / decay); several
    policies multiply, so that none can take off more distance than there is.
    """
    left = np.asarray(left, float)
    left = left[:, None, None] if left.ndim == 1 else left
    return levers._replace(distance=levers.distance * np.where(pairs, left, 1.0))


def between(where, other):
    """(site, site) mask of the pairs of two sites with one end in `where` and the other in `other`, both (site,)."""
    pairs = where[:, None] & other[None, :]
    return (pairs | pairs.T) & ~np.eye(len(where), dtype=bool)
