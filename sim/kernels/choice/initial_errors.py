"""The errors of enterprises that stand where they chose to stand.

Signatures: settle_those: State -> State in place, epochs only. Identities: without a change of what
they are offered, nobody whose errors are settled would move.
Most vectors fail against a place of the same nest, where what its places have in common cancels: place j
beats the own place s if -ln u_j < e^((V_j - V_s) / l) (-ln u_s), which 1 - u_j <= u_j e^((V_j - V_s) / l) (-ln u_s)
implies. So one logarithm tells of most that they fail; of the others all errors are drawn.

Decision 13 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.choice import best
from sim.kernels.choice.draws import draw_errors, draws_for, lengths_of
from sim.kernels.choice.systematic_utility import utilities
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp, log
from sim.kernels.numerics.hashing import combine, mix, unit

TOLD = 64                      # rivals of a nest that are looked at before it is asked whether one of them wins
AT_ONCE = 2048                 # enterprises whose utilities are held at a time: they fit into a processor's cache
FAR = 600.0                    # leads whose exponential is not taken
SURELY, LEAST = 1.0 - 1e-9, 1e-15      # what rounding may do to either side of the inequality, relative and absolute


class Rivals(NamedTuple):
    """Places by nest, and what is known of each chooser once and for all his vectors."""

    place: np.ndarray          # (site + 1,) places, those of a nest side by side
    site: np.ndarray           # (site + 1,) uint64, their keys
    begin: np.ndarray          # (nest + 1,) where those of a nest begin
    lead: np.ndarray           # (chooser, site + 1) in this order: e^((V_j - V_s) / l), 0 where it is not to be told
    key: np.ndarray            # (chooser,) uint64, of the enterprise
    mine: np.ndarray           # (chooser,) uint64, of the own place
    nest: np.ndarray           # (chooser,) of the own place
    epoch: np.ndarray          # (chooser,) the first that has not been tried, at the end the one that is kept
    settled: np.ndarray        # (chooser,) bool


class Lanes(NamedTuple):
    """Which vectors are drawn at a time, (LANES,) each."""

    chooser: np.ndarray
    epoch: np.ndarray


def settle_those(quarter, member, slot, state, counts, tables, nests, peers, moving, keys, tries):
    """Give the enterprises in `slot` of `member` (chooser,) the first error vector under which they stay.

    Those of a member stand side by side. So the opening state is one in which nobody moves before
    something changes or errors are renewed; after `tries` vectors the last one is kept.
    """
    draws, lanes = draws_for(nests.of_site.size, nests.size.size), Lanes(*np.empty((2, LANES), np.int64))
    lengths = nests._replace(dissimilarity=lengths_of(nests))
    for first in range(0, len(slot), AT_ONCE):
        some = member[first:first + AT_ONCE], slot[first:first + AT_ONCE]
        v = utilities(quarter, *some, state, counts, tables, peers, moving)
        _settle_members(v, *some, state, lengths, keys, tries, np.empty(len(v), np.int64), draws, lanes,
                        _rivals(nests, keys.site, v.shape))


def _rivals(nests, site_keys, shape):
    """Rivals of so many choosers and places, to be filled."""
    place = np.argsort(nests.of_site, kind="stable")
    begin = np.concatenate([[0], np.cumsum(np.bincount(nests.of_site, minlength=nests.size.size))])
    key, mine = np.empty((2, shape[0]), np.uint64)
    return Rivals(place, site_keys[place], begin, np.empty(shape), key, mine, np.empty(shape[0], np.int64),
                  np.zeros(shape[0], np.int64), np.zeros(shape[0], bool))


@compiled
def _settle_members(v, member, slot, state, nests, keys, tries, waiting, draws, lanes, rivals):
    """Member after member, because nests may differ between them."""
    first = 0
    while first < slot.size:
        m, last = member[first], first + 1
        while last < slot.size and member[last] == m:
            last += 1
        _settle(v, m, first, last, slot, state, nests, keys, tries, waiting, draws, lanes, rivals)
        first = last


@inlined
def _settle(v, m, begin, end, slot, state, nests, keys, tries, waiting, draws, lanes, rivals):
    """Give every chooser from `begin` to `end`, all of member m, the first vector under which he stays.

    A lane is a vector of a chooser; where few are left each has several, of which the first counts.
    """
    length = own(nests.dissimilarity, m)
    number = end - begin
    for k in range(number):
        waiting[k] = begin + k
        _begin(begin + k, v, m, slot, state, nests.of_site, length, keys, rivals)
    while number > 0:
        width = max(LANES // number, 1)
        for first in range(0, number, LANES // width):
            filled = _fill_lanes(waiting[first:min(number, first + LANES // width)], width, tries, lanes, rivals)
            for t in range(filled):
                draws.key[t] = combine(rivals.key[lanes.chooser[t]], np.uint64(lanes.epoch[t]))
            draw_errors(draws, keys.site, keys.nest, nests.of_site, length)
            for t in range(filled):
                n = lanes.chooser[t]
                if not rivals.settled[n] and best(v[n], draws.error, t) == state.site[m, slot[n]]:
                    rivals.settled[n], rivals.epoch[n] = True, lanes.epoch[t]
        still = 0
        for k in range(number):
            n = waiting[k]
            waiting[still] = n
            still += not rivals.settled[n] and rivals.epoch[n] < tries
        number = still
    for n in range(begin, end):
        state.epoch[m, slot[n]] = min(rivals.epoch[n], tries - 1)


@inlined
def _begin(n, v, m, slot, state, of_site, length, keys, rivals):
    """Keys of an enterprise, and leads of the places of its own nest."""
    site = state.site[m, slot[n]]
    nest = of_site[site]
    rivals.key[n], rivals.mine[n] = combine(keys.choice[m], state.id[m, slot[n]]), keys.site[site]
    rivals.nest[n] = nest
    for k in range(rivals.begin[nest], rivals.begin[nest + 1]):
        lead = (v[n, rivals.place[k]] - v[n, site]) / length[nest]
        told = (rivals.place[k] != site) & (abs(lead) < FAR)
        rivals.lead[n, k] = exp(lead if told else 0.0) if told else 0.0


@inlined
def _fill_lanes(some, width, tries, lanes, rivals):
    """Give every chooser of `some` up to so many lanes, of the next vectors that may make him stay; how many in all."""
    t = 0
    for n in some:
        for _ in range(width):
            while rivals.epoch[n] < tries and _surely_fails(n, rivals):
                rivals.epoch[n] += 1
            if rivals.epoch[n] < tries:
                lanes.chooser[t], lanes.epoch[t] = n, rivals.epoch[n]
                rivals.epoch[n] += 1
                t += 1
    return t


@inlined
def _surely_fails(n, rivals):
    """Whether under the errors of his next epoch a place of his nest beats his own, whatever rounding does."""
    key = combine(rivals.key[n], np.uint64(rivals.epoch[n]))
    scale = -log(unit(mix(key + rivals.mine[n]))) * SURELY
    first, end = rivals.begin[rivals.nest[n]], rivals.begin[rivals.nest[n] + 1]
    beaten = 0
    while first < end and beaten == 0:                   # many places lie in a large nest: a few of them tell of most
        last = min(first + TOLD, end)
        site, lead = rivals.site[first:last], rivals.lead[n, first:last]
        for k in range(last - first):
            u = unit(mix(key + site[k]))
            beaten += 1.0 - u + LEAST <= u * lead[k] * scale
        first = last
    return beaten > 0
