"""Random-sequential nested-logit choice with explicit errors.

Signatures: choose: State -> State in place, Events counted.
Identities: the chosen site maximises V_j + l_m (e_j + ln Z_m), e Gumbel, Z_m positive stable with
index l_m, which is the nested logit with dissimilarity l_m (McFadden 1978; Cardell 1997). A draw
belongs to (enterprise, epoch, site or nest), so improving a site moves enterprises only to it.
Choosers go through LANES at a time: their errors, and what does not depend on peers, are computed
together, because such loops vectorise; only then they choose, one after another. Rough errors and tangents of the
logarithms of peers settle nearly all choices (`tangents`); the others take all logarithms, and would be the same.

Decisions 4, 14, 102 and 115 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import CANDIDATE, EMPTY, LANES, ONE, SIMULTANEOUS
from sim.kernels.choice.crowd import collect, fetch_rows, gather
from sim.kernels.choice.draws import Draws, draw_errors, draw_lane, draws_for, lengths_of
from sim.kernels.choice.peers import add_peers, fill_fields, shift_fields
from sim.kernels.choice.registration_value import enrol, promises_of
from sim.kernels.choice.rough_errors import Rough, draw_roughly, rough_for
from sim.kernels.choice.tangents import Tangents, draw_tangents, surely_best, tangents_for
from sim.kernels.choice.utility import Room, fill_offers, peers_of, room_for, some_of, view_of
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import fetch_all


@inlined
def best(v, error, t):
    """Index of the largest v[j] + error[j, t]."""
    chosen, most = 0, v[0] + error[0, t]
    for j in range(1, error.shape[0]):
        value = v[j] + error[j, t]
        if value > most:
            chosen, most = j, value
    return chosen


class Queue(NamedTuple):
    """Room for those who choose; (slot,) each."""

    slot: np.ndarray          # int64, those who choose in their order
    choice: np.ndarray        # int64, what they choose
    found: np.ndarray         # int64, slots in their own order
    rank: np.ndarray          # uint64
    order: np.ndarray         # int64
    first: np.ndarray         # int64, one more: where buckets of ranks begin
    reviews: np.ndarray       # bool
    key: np.ndarray           # uint64, of the errors of those who choose, in their order


def queue_for(slots):
    """Room for a queue of at most so many."""
    whole = [np.empty(slots, np.int64) for _ in range(4)]
    return Queue(*whole[:3], np.empty(slots, np.uint64), whole[3], np.empty(slots + 1, np.int64), np.empty(slots, bool),
                 np.empty(slots, np.uint64))


@inlined
def awake(m, quarter, state, keys, rules, queue):
    """Fill queue.slot with who chooses this quarter, in the order of a hash of (enterprise, quarter); how many.

    queue.first[k] is then the place in that order of the k-th of them by slot.

    Candidates always choose; others with the quarterly probability of a review, or one of all when
    the revision is ONE.
    """
    n = _find_awake(m, quarter, state, keys, rules, queue)
    _sort(n, queue.rank, queue.order, queue.first)
    for k in range(n):
        at = np.uint64(queue.order[k])
        queue.slot[k] = queue.found[at]
        queue.first[at] = k
    if rules.revision == ONE and n > 1:
        queue.found[0], queue.first[0] = queue.slot[0], 0
    return min(n, 1) if rules.revision == ONE else n


@inlined
def _find_awake(m, quarter, state, keys, rules, queue):
    """Fill queue.found and queue.rank of those who choose; returns how many."""
    hazard, everybody = own(rules.review, m), rules.revision == ONE
    review_key = combine(keys.review[m], np.uint64(quarter))
    order_key = combine(keys.order[m], np.uint64(quarter))
    for i in range(queue.reviews.size):
        site, reviews = state.site[m, i], unit(mix(review_key + state.id[m, i])) < hazard
        queue.reviews[i] = (site == CANDIDATE) | ((site != EMPTY) & (reviews | everybody)
                                                  & (state.anchor[m, i] <= 0))        # hosted anchors stay
    n = numbers_of(queue.reviews, queue.found)
    for k in range(n):
        queue.rank[k] = mix(order_key + state.id[m, np.uint64(queue.found[k])])
    return n


@inlined
def numbers_of(flags, found):
    """Fill found with the positions of the flags that are set, without a branch that nobody could foresee; how many."""
    n = np.uint64(0)                                       # unsigned, or every index would be tested for less than 0
    for i in range(flags.size):
        found[n] = i
        n += np.uint64(flags[i])
    return np.int64(n)


@inlined
def _sort(n, rank, order, first):
    """Fill order with the places of the first n uniform ranks, ascending; buckets leave little to insertion."""
    for k in range(n + 1):
        first[k] = 0
    for k in range(n):
        first[_bucket(rank[k], n) + np.uint64(1)] += 1
    for k in range(n):
        first[k + 1] += first[k]
    for k in range(n):
        bucket = _bucket(rank[k], n)
        order[np.uint64(first[bucket])] = k
        first[bucket] += 1
    for k in range(1, n):
        moved, place = order[k], k
        while place > 0 and rank[order[place - 1]] > rank[moved]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = moved


@inlined
def _bucket(rank, buckets):
    """Which of so many equal parts of the range of a rank it lies in."""
    return ((rank >> np.uint64(32)) * np.uint64(buckets)) >> np.uint64(32)


class Work(NamedTuple):
    """Everything that a choice of sites needs room for."""

    room: Room
    draws: Draws
    queue: Queue
    tangents: Tangents
    rough: Rough


def work_for(slots, tables, peers, nests):
    """Room for choices among so many slots; it serves every quarter of a run with as many terms."""
    room = room_for(tables, peers, slots)
    return Work(room, draws_for(nests.of_site.size, nests.size.size), queue_for(slots),
                tangents_for(room.fields, peers.row_of_kind.shape[1]), rough_for(nests.of_site.size, nests.size.size))


def choose(quarter, state, counts, tables, nests, peers, moving, keys, rules, events, work=None):
    """All awake enterprises of every member choose, one after another or at once.

    counts (member, kind, site) int64 in sixteenths are what peers are at the opening; work is that of `work_for`.
    """
    work = work or work_for(state.site.shape[1], tables, peers, nests)
    nests, fields = nests._replace(dissimilarity=lengths_of(nests)), work.room.fields
    work = work._replace(tangents=work.tangents._replace(fields=fields.reshape(-1, fields.shape[2])))  # even of a copy
    _choose(quarter, state, counts, tables, promises_of(tables), nests, peers, moving, keys, rules, events, work)


@compiled
def _choose(quarter, state, counts, tables, promises, nests, peers, moving, keys, rules, events, work):
    room, draws, queue, tangents, rough = work
    for m in range(state.site.shape[0]):
        view, near, length = view_of(m, tables, moving, room.wide), peers_of(peers, m), own(nests.dissimilarity, m)
        fetch_all(view.tables.by_class)
        fill_fields(room.fields, room.w, room.amount, own(counts, m), near)
        bounded = draw_tangents(room.fields, near, tangents)
        choosers = queue.slot[:awake(m, quarter, state, keys, rules, queue)]
        found = queue.found[:choosers.size]
        fetch_rows(m, found, state)
        _gather_queue(m, found, queue.first, quarter, state, view.tables, keys, rules, room, queue.key)
        for first in range(0, choosers.size, LANES):
            block = choosers[first:first + LANES]
            who = some_of(first, first + block.size, room.who)
            for t in range(block.size):
                draws.key[t] = queue.key[first + t]
            if bounded:
                draw_roughly(draws.key, keys.site, keys.nest, nests.of_site, length, rough)
            else:
                draw_errors(draws, keys.site, keys.nest, nests.of_site, length)
            for t in range(block.size):
                fill_offers(t, view, who, room.v)
            _choose_block(m, block, queue.choice[first:], quarter, state, rules.revision, promises, near, who,
                          (room.fields, room.w, room.n, room.v), draws, events, (bounded, tangents, rough),
                          (keys.site, keys.nest, nests.of_site, length))
        for n in range(choosers.size if rules.revision == SIMULTANEOUS else 0):
            if queue.choice[n] != state.site[m, choosers[n]]:
                carry_out(m, choosers[n], queue.choice[n], quarter, state, promises, events)


@inlined
def _choose_block(m, slots, choice, quarter, state, revision, promises, peers, who, of_room, draws, events, bounds,
                  of_errors):
    """Up to LANES enterprises choose in their order, each seeing what the one before did."""
    (fields, w, seen, v), (bounded, tangents, rough), (site, nest, of_site, length) = of_room, bounds, of_errors
    for t in range(slots.size):
        choice[t] = surely_best(t, peers, who, w, v[t], tangents, rough) if bounded else -1
        if choice[t] < 0:
            if bounded:
                draw_lane(t, draws, site, nest, of_site, length)
            add_peers(who.kind[t], who.site[t], who.weight[t], peers, fields, w, seen, v[t])
            choice[t] = best(v[t], draws.error, t)
        if revision != SIMULTANEOUS and choice[t] != who.site[t]:
            if peers.live:
                _shift_peers(who.site[t], choice[t], who.weight[t], fields, w, peers.phi[:, :, who.kind[t]])
            carry_out(m, slots[t], choice[t], quarter, state, promises, events)


@inlined
def _gather_queue(m, found, place, quarter, state, tables, keys, rules, room, key):
    """Those who choose, in slots `found`, the k-th in place[k], and the key (place,) of the errors of each.

    Enterprises that review begin a new epoch of errors, unless they keep theirs.
    """
    rows, of_quarter, keep = room.rows, combine(keys.epoch[m], np.uint64(quarter)), own(rules.keep, m)
    gather(m, found, place, quarter, state, tables, room.who, rows, own(room.worthy, m))
    collect(state.id[m], found, place, rows.id)
    collect(state.epoch[m], found, place, rows.epoch)
    for t in range(found.size):
        renews = (room.who.site[t] >= 0) & (unit(mix(of_quarter + rows.id[t])) >= keep)
        rows.epoch[t] += renews
        key[t] = combine(combine(keys.choice[m], rows.id[t]), np.uint64(rows.epoch[t]))
    for k in range(found.size):
        state.epoch[m, np.uint64(found[k])] = rows.epoch[np.uint64(place[k])]


@inlined
def _shift_peers(site, chosen, weight, fields, w, phi):
    """Take an enterprise, phi (term, row) of its kind, out of the fields at its old site, put it in at the new one."""
    if site >= 0:
        shift_fields(fields, w[site], phi, -weight)
    if chosen < w.shape[0]:
        shift_fields(fields, w[chosen], phi, weight)


@inlined
def carry_out(m, i, chosen, quarter, state, promises, events):
    """Move the enterprise and count the event; leaving the region, or staying out, is final."""
    current, sites = state.site[m, i], events.entries.shape[1]
    industry, hq_type = state.industry[m, i], state.hq_type[m, i]
    if current >= 0:
        events.flows[m, industry, current, chosen] += 1
    elif chosen == sites:
        events.declined[m] += 1
    else:
        events.entries[m, chosen, industry, hq_type] += 1
        if state.parent[m, i] != 0:
            events.spinoffs[m, chosen, industry, hq_type] += 1
    if chosen == sites:
        state.site[m, i] = EMPTY
        return
    state.site[m, i] = chosen
    state.arrived[m, i] = quarter
    if not promises.separate:
        enrol(m, i, chosen, quarter, state, promises)
