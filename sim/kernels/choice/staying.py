"""How likely enterprises are to stay where they are, with several tastes at a time.

Signatures: staying: tastes (chooser, taste, draw) -> P(j | tastes) (draw, chooser), j the site of the chooser.
Identities: the same, but for rounding, as `expected.expected_choices` at its site of an enterprise that has these
tastes. Utility is linear in tastes, so what does not depend on them (peers, a move, exposures) is computed once a
chooser. The draws of LANES // draw choosers lie side by side, and loops over them vectorise. What legal places are
worth is not linear in the taste for low tax; it is computed for every draw, of those alone who are offered anything.
"""

import numpy as np

from sim.kernels.arrays import LANES, TASTE_TAX
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.expected import block_for, weigh_places
from sim.kernels.choice.peers import add_peers, fill_fields
from sim.kernels.choice.registration_value import add_places, price_places, relief_on_arrival, relief_that_remains
from sim.kernels.choice.utility import charge_move, fill_linear, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined


def staying(quarter, m, slots, tastes, state, counts, tables, nests, peers, moving):
    """(draw, chooser) probabilities of the enterprises in `slots` of member m; tastes in the order of LOADINGS."""
    stay = np.empty((tastes.shape[2], len(slots)))
    length = nests.dissimilarity[m % len(nests.dissimilarity)]
    _fill_stay(stay, quarter, m, slots, np.ascontiguousarray(tastes), state, counts, tables, nests.of_site, length,
               peers, moving, room_for(tables, peers), block_for(nests.of_site.size, length.size))
    return stay


@compiled
def _fill_stay(stay, quarter, m, slots, tastes, state, counts, tables, of_site, length, peers, moving, room, block):
    view = view_of(m, state, tables, peers, moving)
    draws = tastes.shape[2]
    fill_fields(room, own(counts, m), view.peers)
    for first in range(0, slots.size, LANES // draws):
        some = slots[first:first + LANES // draws]
        gather(m, some, room.rows.place, quarter, state, view, room)
        for t in range(some.size):
            _fill_lanes(t, tastes[first + t], view, room, block.p[:, t * draws:(t + 1) * draws])
        weigh_places(block, of_site, length)
        for t in range(some.size):
            own_site = room.who.site[t]
            for d in range(draws):
                lane = t * draws + d
                stay[d, first + t] = block.p[own_site, lane] * block.scale[of_site[own_site], lane]


@inlined
def _fill_lanes(t, tastes, view, room, p):
    """Fill p (site + 1, draw) with the utilities of the chooser in lane t with tastes (taste, draw)."""
    who, tables, v = room.who, view.tables, room.v
    for a in range(tables.loading_of.size):
        if tables.loading_of[a] >= TASTE_TAX:
            who.loading[t, a] = 0.0
    fill_linear(t, view, who, v)
    charge_move(t, view, who, v)
    add_peers(t, view.peers, room)
    for j in range(p.shape[0]):                            # place after place, which stays in the cache meanwhile
        for d in range(p.shape[1]):
            p[j, d] = v[t, j]
        for a in range(tables.loading_of.size if j < tables.site.size else 0):
            if tables.loading_of[a] >= TASTE_TAX:
                slope = _slope(t, a, j, tables, who)
                if slope != 0.0:
                    taste = tastes[tables.loading_of[a] - TASTE_TAX]
                    for d in range(p.shape[1]):
                        p[j, d] += taste[d] * slope
    if tables.places.separate:
        _add_places(t, tastes[0], tables, who, v, p)


@inlined
def _slope(t, a, j, tables, who):
    """What a taste of one adds to the utility of site j by term a."""
    here = j == who.site[t]
    if tables.loading_of[a] != TASTE_TAX:
        return tables.personal[a, who.staying[t] if here else who.offered[t], j]
    if here:
        return relief_that_remains(t, j, tables.personal[a], tables, who)
    return relief_on_arrival(t, j, tables.personal[a], tables, who)


@inlined
def _add_places(t, taste, tables, who, v, p):
    """Add what legal places are worth at every taste (draw,) for low tax, if they are worth anything."""
    who.taste[t] = 1.0
    if price_places(t, tables, who):
        for d in range(taste.size):
            who.taste[t] = taste[d]
            v[t, :] = 0.0
            if price_places(t, tables, who):
                add_places(t, tables, who, v)
            for j in range(tables.site.size):
                p[j, d] += v[t, j]
