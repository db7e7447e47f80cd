"""Simultaneous choices of enterprises that are alike: one vector of utilities for all of a group.

Signatures: choose_alike: State -> State in place, Events counted. Identities: State and Events are those of
`choice.choose`, bit by bit.
Where nothing personal enters utility, enterprises of one class that stand at one site see the same v (site + 1,).
The largest v_j - ln(-ln u_j) is the least of the race -ln(u_j) e^(-v_j) (McFadden 1974; exponential race), and
(1 - u_j) e^(-v_j) bounds it from below without a logarithm. So a site whose own -ln u is below the second least of
the bounds has won: that takes one logarithm a chooser. Of the few others all errors are drawn.

Decision 97 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import CANDIDATE, LANES, SIMULTANEOUS, STATUSES, TASTE_TAX
from sim.kernels.choice.choice import carry_out
from sim.kernels.choice.crowd import gather
from sim.kernels.choice.draws import lengths_of
from sim.kernels.choice.peers import add_peers, fill_fields
from sim.kernels.choice.registration_value import promises_of
from sim.kernels.choice.utility import fill_offers, peers_of, room_for, view_of
from sim.kernels.indexing import own, row_of
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log
from sim.kernels.numerics.hashing import combine, mix, unit

SURELY = 1.0 + 1e-9            # what rounding may do to a race's time, relative
FAR = 700.0                    # differences of utility beyond which odds are kept
NARROW = 16                    # lanes for a group of so few


class Groups(NamedTuple):
    """Choosers of a member, those of a group side by side."""

    slot: np.ndarray           # (slot,) int64 in their own order
    group: np.ndarray          # (slot,) int64
    key: np.ndarray            # (slot,) uint64 of their errors
    order: np.ndarray          # (slot,) int64
    first: np.ndarray          # (group + 1,) int64
    choice: np.ndarray         # (slot,) int64, in the order of slot


class Race(NamedTuple):
    """Who leads, (LANES,) each but for the odds."""

    odds: np.ndarray           # (site + 1,) e^(greatest v - v_j)
    key: np.ndarray            # uint64
    least: np.ndarray          # the least bound
    second: np.ndarray         # the one after it
    at: np.ndarray             # int64, the site of the least


def are_alike(state, tables, nests, moving, rules):
    """Whether nothing that enters the utility of a class is an enterprise's own, and all revise at once in a logit."""
    paid = tables.grant.shape[1] or tables.awards.amount.shape[1] or tables.places.relief.shape[1]
    free = not (moving.log_size.any() or moving.age.any())
    if rules.revision != SIMULTANEOUS or paid or not free or (lengths_of(nests) != 1.0).any():
        return False
    personal = [a for a in range(tables.loading_of.size) if tables.personal[:, a].any()]
    return all(_is_common(state.loading[:, :, tables.loading_of[a]]) and _lasts(a, tables) for a in personal)


def _is_common(loading):
    return bool((loading == loading.flat[0]).all())


def _lasts(a, tables):
    """Whether relief has no end, so that no age enters its worth."""
    sites = tables.site.shape[1]
    return tables.loading_of[a] != TASTE_TAX or bool(
        np.isinf(np.where(tables.personal[:, a, :, :sites] != 0.0, tables.benefit_quarters, np.inf)).all())


def choose_alike(quarter, state, counts, tables, nests, peers, moving, keys, rules, events):
    """What `choice.choose` does, where `are_alike`."""
    slots, sites = state.site.shape[1], tables.site.shape[1]
    groups = (sites + 1) * STATUSES * tables.industries * tables.types * 2
    whole = [np.empty(slots, np.int64) for _ in range(4)]
    room = Groups(whole[0], whole[1], np.empty(slots, np.uint64), whole[2], np.empty(groups + 1, np.int64), whole[3])
    race = Race(np.empty(sites + 1), np.zeros(LANES, np.uint64), np.empty(LANES), np.empty(LANES),
                np.empty(LANES, np.int64))
    _choose_alike(quarter, state, counts, tables, promises_of(tables), peers, moving, keys, rules, events,
                  room_for(tables, peers), room, race)


@compiled
def _choose_alike(quarter, state, counts, tables, promises, peers, moving, keys, rules, events, room, groups, race):
    for m in range(state.site.shape[0]):
        view, near = view_of(m, tables, moving, room.wide), peers_of(peers, m)
        fill_fields(room.fields, room.w, room.amount, own(counts, m), near)
        number = _find(m, quarter, state, keys, rules, promises, groups)
        _sort(number, groups)
        begin = 0
        while begin < number:
            end = begin + 1
            head = groups.slot[groups.order[begin]]
            while end < number and _are_one(m, head, groups.slot[groups.order[end]], state):
                end += 1
            _fill_odds(m, groups.slot[groups.order[begin]:groups.order[begin] + 1], quarter, state, view, near,
                       room, race)
            for first in range(begin, end, LANES):
                _choose_some(first, min(first + LANES, end), keys.site, room.v[0, :keys.site.size], groups, race)
            begin = end
        for k in range(number):
            if groups.choice[k] != state.site[m, groups.slot[k]]:
                carry_out(m, groups.slot[k], groups.choice[k], quarter, state, promises, events)


@inlined
def _find(m, quarter, state, keys, rules, promises, groups):
    """Fill groups with who chooses, the group of each and the key of its errors; how many."""
    n, hazard, keep = 0, own(rules.review, m), own(rules.keep, m)
    review_key, epoch_key = combine(keys.review[m], np.uint64(quarter)), combine(keys.epoch[m], np.uint64(quarter))
    rows = STATUSES * promises.industries * promises.types * 2
    for i in range(state.site.shape[1]):
        site, name = state.site[m, i], state.id[m, i]
        reviews = unit(mix(review_key + name)) < hazard
        if site == CANDIDATE or (site >= 0 and state.anchor[m, i] <= 0 and reviews):
            state.epoch[m, i] += (site >= 0) & (unit(mix(epoch_key + name)) >= keep)
            groups.key[n] = combine(combine(keys.choice[m], name), np.uint64(state.epoch[m, i]))
            row = row_of(state.status[m, i], state.industry[m, i], state.hq_type[m, i], state.hightech[m, i],
                         promises.industries, promises.types)
            groups.group[n] = (max(site, -1) + 1) * rows + row
            groups.slot[n] = i
            n += 1
    return n


@inlined
def _sort(number, groups):
    """Fill groups.order with the first choosers by group."""
    first = groups.first
    first[:] = 0
    for k in range(number):
        first[groups.group[k] + 1] += 1
    for g in range(first.size - 1):
        first[g + 1] += first[g]
    for k in range(number):
        groups.order[first[groups.group[k]]] = k
        first[groups.group[k]] += 1


@inlined
def _are_one(m, i, k, state):
    """Whether two enterprises see the same utilities."""
    return (state.site[m, i] == state.site[m, k]) & (state.industry[m, i] == state.industry[m, k]) & (
        state.hq_type[m, i] == state.hq_type[m, k]) & (state.hightech[m, i] == state.hightech[m, k]) & (
        state.status[m, i] == state.status[m, k]) & (state.kind[m, i] == state.kind[m, k]) & (
        state.weight[m, i] == state.weight[m, k]) & ((state.legal[m, i] < 0) == (state.legal[m, k] < 0))


@inlined
def _fill_odds(m, slots, quarter, state, view, peers, room, race):
    """Fill room.v[0] with the utilities of an enterprise, and the odds."""
    who, rows = room.who, room.rows
    gather(m, slots, rows.place, quarter, state, view.tables, who, rows, own(room.worthy, m))
    fill_offers(0, view, who, room.v)
    add_peers(who.kind[0], who.site[0], who.weight[0], peers, room.fields, room.w, room.n, room.v[0])
    v, odds = room.v[0, :race.odds.size], race.odds
    most = v[0]
    for j in range(v.size):
        most = max(most, v[j])
    for j in range(v.size):
        odds[j] = exp(min(most - v[j], FAR))


@inlined
def _choose_some(first, last, site_keys, v, groups, race):
    """The choices of up to LANES enterprises of a group."""
    number = last - first
    for t in range(number):
        race.key[t] = groups.key[groups.order[first + t]]
    if number <= NARROW:                                   # numbers that are known here, or loops would not vectorise
        _run(NARROW, site_keys, race)
    elif number <= 2 * NARROW:
        _run(2 * NARROW, site_keys, race)
    else:
        _run(LANES, site_keys, race)
    for t in range(number):
        at = race.at[t]
        time = -log(unit(mix(race.key[t] + site_keys[at]))) * race.odds[at]
        surely = time * SURELY < race.second[t]
        groups.choice[groups.order[first + t]] = at if surely else _best(race.key[t], site_keys, v)


@inlined
def _run(lanes, site_keys, race):
    """Fill least, second and at of the first lanes."""
    key, least, second, at = race.key, race.least, race.second, race.at
    for t in range(lanes):
        least[t], second[t], at[t] = np.inf, np.inf, 0
    for j in range(race.odds.size):
        of_site, odds = site_keys[j], race.odds[j]
        for t in range(lanes):
            bound = (1.0 - unit(mix(key[t] + of_site))) * odds
            ahead = bound < least[t]
            second[t] = min(second[t], max(bound, least[t]))
            at[t] = j if ahead else at[t]
            least[t] = min(bound, least[t])


@inlined
def _best(key, site_keys, v):
    """The site of the largest utility and error, as `choice.best` finds it."""
    chosen, most = 0, -np.inf
    for j in range(v.size):
        value = v[j] + -log(-log(unit(mix(key + site_keys[j]))))
        if value > most:
            chosen, most = j, value
    return chosen
