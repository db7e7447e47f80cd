"""Peers while nobody moves: what enterprises see is computed once for all of a kind at a site.

Signatures: add_still_peers: v (site + 1,) of an enterprise is raised. Identities: the bits of `peers.add_peers` with
the fields of `peers.fill_fields`. Choosers of one site should stand side by side, as they do in the opening stock.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.choice.peers import add_seen, fill_field, fill_weights, see_peers
from sim.kernels.choice.wide import width_of
from sim.kernels.numerics.compiler import inlined

NOWHERE = -2                  # site of peers that nobody has seen yet


class Still(NamedTuple):
    """What was seen last, by kind."""

    n: np.ndarray             # (kind, term, width) as `peers.see_peers` fills it
    site: np.ndarray          # (kind,) int64, from where
    weight: np.ndarray        # (kind,) int64, by an enterprise of which weight
    filled: np.ndarray        # (term, row) bool, which fields are filled


def still_for(peers, sites):
    """Room for what is seen."""
    terms, kinds = peers.row_of_kind.shape
    return Still(np.zeros((kinds, terms, width_of(sites))), *np.empty((2, kinds), np.int64),
                 np.empty(peers.phi.shape[1:3], bool))


@inlined
def begin_still(w, peers, still):
    """Nothing is seen yet in this member."""
    fill_weights(w, peers.w)
    still.site[:] = NOWHERE
    still.filled[:] = False


@inlined
def add_still_peers(kind, site, weight, counts, peers, fields, w, amount, still, v):
    """As `peers.add_peers`, counts (kind, site) being what they are."""
    if still.site[kind] != site or still.weight[kind] != weight:
        for p in range(peers.gamma.size):
            row = max(peers.row_of_kind[p, kind], 0)
            if not still.filled[p, row]:
                fill_field(fields[p, row], w, amount, counts, peers.phi[p, row])
                still.filled[p, row] = True
        see_peers(kind, site, weight, peers, fields, w, still.n[kind])
        still.site[kind], still.weight[kind] = site, weight
    add_seen(kind, site, weight, peers, fields, w, still.n[kind], v)
