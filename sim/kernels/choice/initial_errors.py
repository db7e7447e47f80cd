"""The errors of enterprises that stand where they chose to stand.

Signatures: settle_those: State -> State in place, epochs only. Identities: without a change of what
they are offered, nobody whose errors are settled would move.
Most vectors fail against a place of the same nest, where what its places have in common cancels: place j
beats the own place s if -ln u_j < e^((V_j - V_s) / l) (-ln u_s), which 1 - u_j <= u_j e^((V_j - V_s) / l) (-ln u_s)
implies. So one logarithm tells of most that they fail; of the others all errors are drawn. AHEAD vectors at a time are
compared with the rivals that are likely to win, and those that are left with the others, one by one: such loops
vectorise; where moves cost something most stay by their first, which is drawn at once.

Decision 13 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.draws import draw_lane, draws_for, lengths_of
from sim.kernels.choice.rough_errors import WRONG, draw_roughly, rough_for
from sim.kernels.choice.systematic_utility import utilities
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined, pasted
from sim.kernels.numerics.elementary import exp, log
from sim.kernels.numerics.hashing import combine, mix, unit

AHEAD = 16                     # vectors of an enterprise that are looked at together
STRONG = 8                     # rivals that all vectors are compared with, in a nest of more than FEW
FEW = 16
TOLD = 32                      # other rivals that a vector is compared with before it is asked whether it fails
AT_ONCE = 2048                 # enterprises whose utilities are held at a time
FAR = 600.0                    # leads beyond it are not told apart
SURELY, LEAST = 1.0 - 1e-9, 1e-15      # what rounding may do to either side of the inequality, relative and absolute


class Rivals(NamedTuple):
    """Places by nest, and what is known of each chooser once and for all his vectors."""

    place: np.ndarray          # (site + 1,) places, those of a nest side by side, the best for the first chooser first
    site: np.ndarray           # (site + 1,) uint64, their keys
    begin: np.ndarray          # (nest + 1,) where those of a nest begin
    lead: np.ndarray           # (chooser, site + 1) in this order: e^((V_j - V_s) / l), 0 at the own place
    told: np.ndarray           # (chooser,) bool, whether leads are filled
    key: np.ndarray            # (chooser,) uint64, of the enterprise
    own: np.ndarray            # (chooser,) the own place
    first: np.ndarray          # (chooser,) the first of the vectors that were looked at last
    next: np.ndarray           # (chooser,) the first that was not looked at
    passed: np.ndarray         # (chooser,) uint64, which of them may make him stay and are not drawn, as bits
    epoch: np.ndarray          # (chooser,) the one that is kept
    settled: np.ndarray        # (chooser,) bool


class Lanes(NamedTuple):
    """Which vectors are drawn at a time, (LANES,) each; and what is looked at, (AHEAD,) each."""

    chooser: np.ndarray
    epoch: np.ndarray
    key: np.ndarray            # uint64, of (enterprise, epoch)
    scale: np.ndarray          # -ln u of the own place
    beaten: np.ndarray         # int64, 1 where a rival surely wins


def settle_those(quarter, member, slot, state, counts, tables, nests, peers, moving, keys, tries, work=None):
    """Give the enterprises in `slot` of `member` (chooser,) the first error vector under which they stay.

    Those of a member stand side by side; work is that of choices by these tables, if there is one. So the opening state
    is one in which nobody moves before something changes or errors are renewed; after `tries` vectors the last one is
    kept.
    """
    shape = nests.of_site.size, nests.size.size
    draws, rough = (work.draws, work.rough) if work else (draws_for(*shape), rough_for(*shape))
    lanes = Lanes(*np.empty((2, LANES), np.int64), np.empty(AHEAD, np.uint64), np.empty(AHEAD),
                  np.empty(AHEAD, np.int64))
    lengths, costly = nests._replace(dissimilarity=lengths_of(nests)), bool((moving.cost > 0.0).any())
    for first in range(0, len(slot), AT_ONCE):
        some = member[first:first + AT_ONCE], slot[first:first + AT_ONCE]
        v = utilities(quarter, *some, state, counts, tables, peers, moving, work and work.room)
        _settle_members(v, *some, state, lengths, keys, tries, np.empty(len(v), np.int64), draws, rough,
                        lanes, _rivals(nests, keys.site, v, costly, tries))


def _rivals(nests, site_keys, v, costly, tries):
    """Rivals of choosers with such utilities, to be filled; the first vector passes unseen where moves are costly."""
    place, number = np.lexsort((-v[0], nests.of_site)), len(v)
    begin = np.zeros(nests.size.size + 1, np.int64)
    nests.size.cumsum(out=begin[1:])
    return Rivals(place, site_keys[place], begin, np.empty(v.shape), np.zeros(number, bool),
                  np.empty(number, np.uint64), np.empty(number, np.int64), np.zeros(number, np.int64),
                  np.full(number, int(costly)), np.full(number, int(costly), np.uint64), np.full(number, tries - 1),
                  np.zeros(number, bool))


@compiled
def _settle_members(v, member, slot, state, nests, keys, tries, waiting, draws, rough, lanes, rivals):
    """Member after member where nests differ between them, else all of them together: few of each fill no lanes."""
    first, alike = np.int64(0), nests.dissimilarity.shape[0] == 1
    while first < slot.size:
        last = slot.size if alike else first + 1
        while last < slot.size and member[last] == member[first]:
            last += 1
        _settle(v, member, first, last, slot, state, nests, keys, tries, waiting, draws, rough, lanes, rivals)
        first = last


@pasted
def _settle(v, member, begin, end, slot, state, nests, keys, tries, waiting, draws, rough, lanes, rivals):
    """Give every chooser from `begin` to `end`, whose nests are alike, the first vector under which he stays.

    A lane is a vector of a chooser; where few are left each has several, of which the first counts.
    """
    length = own(nests.dissimilarity, member[begin])
    number = end - begin
    for k in range(number):
        n = waiting[k] = begin + k
        m = member[n]
        rivals.key[n], rivals.own[n] = combine(keys.choice[m], state.id[m, slot[n]]), state.site[m, slot[n]]
    while number > 0:
        width = max(LANES // number, 1)
        for first in range(0, number, LANES // width):
            filled = _fill_lanes(waiting[first:min(number, first + LANES // width)], width, v, tries, nests.of_site,
                                 length, keys, lanes, rivals)
            for t in range(filled):
                draws.key[t] = combine(rivals.key[lanes.chooser[t]], np.uint64(lanes.epoch[t]))
            draw_roughly(draws.key, keys.site, keys.nest, nests.of_site, length, rough)
            for t in range(filled):
                n = lanes.chooser[t]
                stays = 0 if rivals.settled[n] else _surely_stays(rivals.own[n], v[n], rough, t)
                if stays < 0:
                    draw_lane(t, draws, keys.site, keys.nest, nests.of_site, length)
                    stays = np.int64(_stays(rivals.own[n], v[n], draws.error, t))
                if stays > 0:
                    rivals.settled[n], rivals.epoch[n] = True, lanes.epoch[t]
        still = 0
        for k in range(number):
            n = waiting[k]
            waiting[still] = n
            still += not rivals.settled[n] and (rivals.passed[n] != 0 or rivals.next[n] < tries)
        number = still
    for n in range(begin, end):
        state.epoch[member[n], slot[n]] = rivals.epoch[n]


@inlined
def _surely_stays(site, v, rough, t):
    """1 where rough errors tell that `site` is the best of the places, 0 where they tell that it is not, else -1."""
    most, near = v[site] + rough.error[site, t], rough.doubt[t] != 0
    for j in range(v.size if not near else 0):
        lead = v[j] + rough.error[j, t] - most
        if lead > 2.0 * WRONG:
            return np.int64(0)
        near |= (lead > -2.0 * WRONG) & (j != site)
    return np.int64(-1 if near else 1)


@inlined
def _stays(site, v, error, t):
    """Whether `site` is the first of the places with the largest v[j] + error[j, t]."""
    most = v[site] + error[site, t]
    for j in range(site):
        if v[j] + error[j, t] >= most:
            return False
    for j in range(site + 1, error.shape[0]):
        if v[j] + error[j, t] > most:
            return False
    return True


@inlined
def _fill_lanes(some, width, v, tries, of_site, length, keys, lanes, rivals):
    """Give every chooser of `some` up to so many lanes, of the next vectors that may make him stay; how many in all."""
    t = 0
    for n in some:
        for _ in range(width):
            while rivals.passed[n] == 0 and rivals.next[n] < tries:
                _look_ahead(n, v[n], tries, of_site, length, keys, lanes, rivals)
            if rivals.passed[n] != 0:
                lanes.chooser[t], lanes.epoch[t] = n, _next_passed(n, rivals)
                t += 1
    return t


@inlined
def _next_passed(n, rivals):
    """The next vector that passed, which is drawn now."""
    passed, k = rivals.passed[n], 0
    while (passed >> np.uint64(k)) & np.uint64(1) == 0:
        k += 1
    rivals.passed[n] = passed & (passed - np.uint64(1))
    return rivals.first[n] + k


@inlined
def _look_ahead(n, v, tries, of_site, length, keys, lanes, rivals):
    """Find those of the next vectors under which no place of his nest surely beats his own, whatever rounding does."""
    nest, mine = of_site[rivals.own[n]], keys.site[rivals.own[n]]
    if not rivals.told[n]:
        _fill_leads(n, v, nest, length[nest], rivals)
    rivals.first[n], number = rivals.next[n], min(tries - rivals.next[n], AHEAD)
    rivals.next[n] += number
    key, scale, beaten = lanes.key, lanes.scale, lanes.beaten
    of_chooser, epoch = rivals.key[n], np.uint64(rivals.first[n])
    for b in range(AHEAD):
        key[b] = combine(of_chooser, epoch + np.uint64(b))
        scale[b] = -log(unit(mix(key[b] + mine))) * SURELY
        beaten[b] = b >= number
    _beat(n, rivals.begin[nest], rivals.begin[nest + 1], lanes, rivals)
    passed = np.uint64(0)
    for b in range(AHEAD):
        passed |= np.uint64(1 - beaten[b]) << np.uint64(b)
    rivals.passed[n] = passed


@inlined
def _fill_leads(n, v, nest, length, rivals):
    """Leads of the places of the own nest, gathered first, for the second loop vectorises."""
    lead, begin, mine = rivals.lead[n, rivals.begin[nest]:rivals.begin[nest + 1]], rivals.begin[nest], v[rivals.own[n]]
    for k in range(lead.size):
        place = rivals.place[begin + k]
        lead[k] = v[place] if place != rivals.own[n] else -np.inf
    for k in range(lead.size):
        lead[k] = exp(min((lead[k] - mine) / length, FAR))
    rivals.told[n] = True


@inlined
def _beat(n, begin, end, lanes, rivals):
    """Mark the vectors under which one of these rivals surely wins."""
    key, scale, beaten = lanes.key, lanes.scale, lanes.beaten
    others = begin + STRONG if end - begin > FEW else end
    for k in range(begin, others):
        site, lead = rivals.site[k], rivals.lead[n, k]
        for b in range(AHEAD):
            beaten[b] |= _wins(key[b] + site, lead * scale[b])
    for b in range(AHEAD):
        beaten[b] = _is_beaten(n, others, end, key[b], scale[b], rivals) if beaten[b] == 0 else 1


@inlined
def _is_beaten(n, begin, end, key, scale, rivals):
    """Whether one of these rivals surely wins under one vector; some of the many in a large nest tell of most."""
    beaten = np.int64(0)
    while begin < end and beaten == 0:
        for k in range(begin, min(begin + TOLD, end)):
            beaten |= _wins(key + rivals.site[k], rivals.lead[n, k] * scale)
        begin += TOLD
    return beaten


@inlined
def _wins(key, most):
    """Whether a rival, of this key, surely has an error -ln u below `most`."""
    u = unit(mix(key))
    return 1.0 - u + LEAST <= u * most
