"""Registration: the second step of a choice, with explicit errors of its own.

Signatures: register: State -> State in place. Identities: the legal place maximises
ln q_rj + w_r / l_r + e_r, e Gumbel by (enterprise, epoch, place) and j the functional site, which is
the logit below the choice of site whose log-sum `registration_value` adds to it; improving a place moves
registrations only to it.
Where nothing is offered the largest is that with the least -ln u_r / q_rj. Two places are likely, the
present one and the most probable one; the better of both, l, is beaten by r only if -ln u_r <
q_rj (-ln u_l) / q_lj, where 1 - u_r is less still. For most that holds for no r, which takes two
logarithms to see; of the others all -ln u_r / q_rj are compared. All errors are drawn where something is offered,
and where the least two of these times are too near for it.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, ONE
from sim.kernels.choice.choice import Queue, numbers_of, queue_for
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.draws import Draws, begin_draws, draws_for, gumbels
from sim.kernels.choice.registration_value import enrol, price_places, promises_of
from sim.kernels.choice.utility import is_priced, room_for, tables_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import log
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import aligned

POSSIBLY, LEAST = 1.0 + 1e-9, 1e-15    # what rounding may do to either side of the inequality, relative and absolute
NOT_ZERO = 1e-300              # a probability of 0 as a divisor


class Pairs(NamedTuple):
    """Who registers, side by side: the likeliest place of each and the present one."""

    key: np.ndarray           # (slot,) uint64 of the errors of the enterprise
    bits: np.ndarray          # (2, slot) uint64 of the places
    time: np.ndarray          # (2, slot) -ln u / q


class Odds(NamedTuple):
    """Probabilities of a member's legal places without benefits."""

    of: np.ndarray            # (functional site, legal place)
    likeliest: np.ndarray     # (functional site,) the place of the largest
    time: np.ndarray          # (legal place,) scratch
    pairs: Pairs


class Desk(NamedTuple):
    """Everything that a choice of legal places needs room for, beside that of sites."""

    draws: Draws
    queue: Queue
    odds: Odds


def desk_for(slots, sites):
    """Room for those of so many slots who register at so many sites."""
    pairs = Pairs(aligned((slots,), np.uint64), aligned((2, slots), np.uint64), aligned((2, slots)))
    odds = Odds(np.empty((sites, sites)), np.empty(sites, np.int64), np.empty(sites), pairs)
    return Desk(draws_for(sites, 0), queue_for(slots), odds)


def register(quarter, state, tables, peers, keys, rules, room=None, desk=None):
    """Everybody who has a site and no legal place, has moved, or reviews in this quarter registers.

    room is that of choices by these tables, desk that of `desk_for`.
    """
    desk, room = desk or desk_for(state.site.shape[1], tables.site.shape[1]), room or room_for(tables, peers)
    _register(quarter, state, tables, promises_of(tables), keys, rules, room.who, room.rows, room.worthy, *desk)


@compiled
def _register(quarter, state, tables, promises, keys, rules, who, rows, worthy, draws, queue, odds):
    for m in range(state.site.shape[0]):
        here, likely = tables_of(tables, m), own(tables.places.log_home, m)
        _fill_odds(odds, here.places.home)
        number = _who(m, quarter, state, keys, rules, queue)
        number = _open_ones(m, number, quarter, state, promises, keys, own(worthy, m), queue.slot, odds)
        for first in range(0, number, LANES):
            block = queue.slot[first:min(first + LANES, number)]
            gather(m, block, rows.place, quarter, state, here, who, rows, own(worthy, m))
            begin_draws(m, block, keys.register, state, draws)
            gumbels(draws.key, keys.site, draws.bits, draws.error)
            for t in range(block.size):
                worth = price_places(t, here, who)
                place = _best(t, who, draws.error, likely, (here.places.scale, worth))
                if place != who.legal[t]:
                    enrol(m, block[t], place, quarter, state, promises)


@inlined
def _fill_odds(odds, home):
    for j in range(home.shape[1]):
        odds.likeliest[j] = 0
        for r in range(home.shape[0]):
            odds.of[j, r] = home[r, j]
            if home[r, j] > home[odds.likeliest[j], j]:
                odds.likeliest[j] = r


@inlined
def _open_ones(m, number, quarter, state, promises, keys, worthy, slots, odds):
    """Register those to whom nothing is offered and whose best place is plain; the others go to the front of slots."""
    still = 0
    _fill_pairs(m, slots[:number], state, keys, odds)
    for k in range(number):
        i = np.uint64(slots[k])
        place = np.int64(-1)
        if not is_priced(m, i, state, promises, worthy):
            place = _plain_best(k, state.site[m, i], state.legal[m, i], keys.site, odds)
        if place >= 0 and place != state.legal[m, i]:
            enrol(m, slots[k], place, quarter, state, promises)
        slots[still] = slots[k]
        still += place < 0
    return still


@inlined
def _fill_pairs(m, slots, state, keys, odds):
    """Keys of errors, and -ln u / q of the likeliest place (first) and of the present one, of all side by side."""
    pairs, stream = odds.pairs, keys.register[m]
    for k in range(slots.size):
        i = np.uint64(slots[k])                            # unsigned, or every index would be tested for less than 0
        site = np.uint64(state.site[m, i])
        likeliest = np.uint64(odds.likeliest[site])
        legal = np.uint64(state.legal[m, i] if state.legal[m, i] >= 0 else likeliest)
        pairs.key[k] = combine(combine(stream, state.id[m, i]), np.uint64(state.epoch[m, i]))
        pairs.bits[0, k], pairs.bits[1, k] = keys.site[likeliest], keys.site[legal]
        pairs.time[0, k], pairs.time[1, k] = odds.of[site, likeliest], odds.of[site, legal]
    for place in range(2):
        bits, time = pairs.bits[place], pairs.time[place]
        for k in range(slots.size):
            time[k] = -log(unit(mix(pairs.key[k] + bits[k]))) / time[k]


@inlined
def _plain_best(k, site, legal, site_keys, odds):
    """The best place of the k-th at a site where nothing is offered, -1 where rounding might tell."""
    key, of, time = odds.pairs.key[k], odds.of[np.uint64(site)], odds.pairs.time
    place, mine = odds.likeliest[site], time[0, k]
    if time[1, k] < mine:
        place, mine = np.int64(legal), time[1, k]
    mine, rivals = mine * POSSIBLY, 0
    for r in range(of.size):
        rivals += 1.0 - unit(mix(key + site_keys[r])) < of[r] * mine + LEAST
    mine_too = 1.0 - unit(mix(key + site_keys[place])) < of[place] * mine + LEAST
    return np.int64(place) if rivals == mine_too else _first(key, site_keys, of, odds.time)


@inlined
def _first(key, site_keys, of, time):
    """The place of the least -ln u_r / q_rj, -1 where another is so near that rounding may tell them apart."""
    for r in range(of.size):
        time[r] = -log(unit(mix(key + site_keys[r]))) / max(of[r], NOT_ZERO)
    place = np.int64(0)
    for r in range(1, of.size):
        if time[r] < time[place]:
            place = np.int64(r)
    near = 0
    for r in range(of.size):
        near += time[r] <= time[place] * POSSIBLY
    return place if near == 1 else np.int64(-1)


@inlined
def _who(m, quarter, state, keys, rules, queue):
    """Fill queue.slot with those who register; returns how many. Hosted anchors stay where they are."""
    hazard = own(rules.review, m)
    review_key, some = combine(keys.review[m], np.uint64(quarter)), rules.revision != ONE
    for i in range(queue.slot.size):
        reviews = some & (unit(mix(review_key + state.id[m, i])) < hazard)
        moves = (state.anchor[m, i] <= 0) & (reviews | (state.arrived[m, i] == quarter))
        queue.reviews[i] = (state.site[m, i] >= 0) & ((state.legal[m, i] < 0) | moves)
    return numbers_of(queue.reviews, queue.slot)


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
