"""Registration: the second step of a choice, with explicit errors of its own.

Signatures: register: State -> State in place. Identities: the legal place maximises
ln q_rj + w_r / l_r + e_r, e Gumbel by (enterprise, epoch, place) and j the functional site, which is
the logit below the choice of site whose log-sum `registration_value` adds to it; improving a place moves
registrations only to it.
"""

import numpy as np

from sim.kernels.arrays import LANES, ONE
from sim.kernels.choice.choice import queue_for
from sim.kernels.choice.draws import begin_draws, draws_for, gumbels
from sim.kernels.choice.registration_value import enrol, price_places
from sim.kernels.choice.utility import gather, room_for, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.hashing import combine, mix, unit


def register(quarter, state, tables, peers, moving, keys, rules):
    """Everybody who has a site and no legal place, has moved, or reviews in this quarter registers."""
    _register(quarter, state, tables, peers, moving, keys, rules, room_for(tables, peers),
              draws_for(tables.site.shape[1], 0), queue_for(state.site.shape[1]))


@compiled
def _register(quarter, state, tables, peers, moving, keys, rules, room, draws, queue):
    for m in range(state.site.shape[0]):
        view = view_of(m, state, tables, peers, moving)
        likely = own(tables.places.log_home, m)
        number = _who(m, quarter, state, keys, rules, queue)
        for first in range(0, number, LANES):
            block = queue.slot[first:min(first + LANES, number)]
            gather(m, block, quarter, state, view, room.who)
            begin_draws(m, block, keys.register, state, draws)
            gumbels(draws.key, keys.site, draws.bits, draws.error)
            for t in range(block.size):
                worth = price_places(t, view.tables, room.who)
                place = _best(t, room.who, draws.error, likely, (view.tables.places.scale, worth))
                if place != room.who.legal[t]:
                    enrol(m, block[t], place, quarter, state, tables)


@inlined
def _who(m, quarter, state, keys, rules, queue):
    """Fill queue.slot with those who register; returns how many. Hosted anchors stay where they are."""
    n, hazard = 0, own(rules.review, m)
    review_key, some = combine(keys.review[m], np.uint64(quarter)), rules.revision != ONE
    for i in range(queue.slot.size):
        queue.reviews[i] = some & (unit(mix(review_key + state.id[m, i])) < hazard)
    for i in range(queue.slot.size):
        if state.site[m, i] >= 0:
            nowhere = state.legal[m, i] < 0
            if nowhere or (state.anchor[m, i] <= 0 and (queue.reviews[i] or state.arrived[m, i] == quarter)):
                queue.slot[n] = i
                n += 1
    return n


@inlined
def _best(t, who, error, likely, of_worth):
    """The legal place of the largest value, for an enterprise whose functional site is who.site[t]."""
    scale, worth = of_worth
    best, most = np.int64(0), -np.inf
    for r in range(error.shape[0]):
        value = likely[who.site[t], r] + error[r, t]
        if worth:
            value += who.worth[t, r] / scale
        if value > most:
            best, most = r, value
    return best
