"""Registration: the second step of a choice, with explicit errors of its own.

Signatures: register: State -> State in place. Identities: the legal place maximises
ln q_rj + w_r / l_r + e_r, e Gumbel by (enterprise, epoch, place) and j the functional site, which is
the logit below the choice of site whose log-sum `registration_value` adds to it; improving a place moves
registrations only to it.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, ONE, own
from sim.kernels.choice.draws import gumbels
from sim.kernels.choice.registration_value import enrol, price_places
from sim.kernels.choice.utility import gather, room_for, view_of
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.hashing import combine, mix, unit


class Desk(NamedTuple):
    """Room for those who register."""

    slot: np.ndarray          # (slot,) int64
    reviews: np.ndarray       # (slot,) bool
    key: np.ndarray           # (LANES,) uint64, of (enterprise, epoch)
    bits: np.ndarray          # (site, LANES) uint64
    error: np.ndarray         # (site, LANES)


def _desk_for(slots, sites):
    return Desk(np.empty(slots, np.int64), np.empty(slots, bool), np.zeros(LANES, np.uint64),
                np.empty((sites, LANES), np.uint64), np.empty((sites, LANES)))


def register(quarter, state, tables, peers, moving, keys, rules):
    """Everybody who has a site and no legal place, has moved, or reviews in this quarter registers."""
    _register(quarter, state, tables, peers, moving, keys, rules, room_for(tables, peers),
              _desk_for(state.site.shape[1], tables.site.shape[1]))


@compiled
def _register(quarter, state, tables, peers, moving, keys, rules, room, desk):
    for m in range(state.site.shape[0]):
        view = view_of(m, state, tables, peers, moving)
        likely = own(tables.places.log_home, m)
        number = _who(m, quarter, state, keys, rules, desk)
        for first in range(0, number, LANES):
            block = desk.slot[first:min(first + LANES, number)]
            gather(m, block, quarter, state, view, room.who)
            _draw(m, block, state, keys, desk)
            for t in range(block.size):
                worth = price_places(t, view.tables, room.who)
                place = _best(t, room.who, desk.error, likely, (view.tables.places.scale, worth))
                if place != room.who.legal[t]:
                    enrol(m, block[t], place, quarter, state, tables)


@inlined
def _who(m, quarter, state, keys, rules, desk):
    """Fill desk.slot with those who register; returns how many. Hosted anchors stay where they are."""
    n, hazard = 0, own(rules.review, m)
    review_key, some = combine(keys.review[m], np.uint64(quarter)), rules.revision != ONE
    for i in range(desk.slot.size):
        desk.reviews[i] = some & (unit(mix(review_key + state.id[m, i])) < hazard)
    for i in range(desk.slot.size):
        if state.site[m, i] >= 0:
            nowhere = state.legal[m, i] < 0
            if nowhere or (state.anchor[m, i] <= 0 and (desk.reviews[i] or state.arrived[m, i] == quarter)):
                desk.slot[n] = i
                n += 1
    return n


@inlined
def _draw(m, slots, state, keys, desk):
    """Gumbel errors (site, LANES) of up to LANES enterprises in their present epochs."""
    for t in range(slots.size):
        stream = combine(keys.register[m], state.id[m, slots[t]])
        desk.key[t] = combine(stream, np.uint64(state.epoch[m, slots[t]]))
    gumbels(desk.key, keys.site, desk.bits, desk.error)


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
