"""The errors of enterprises that stand where they chose to stand.

Signatures: settle_errors: State -> State in place, epochs only. Identities: without a change of what
they are offered, nobody whose errors are settled would move.

Decision 13 (docs/decisions.md).
"""

import numpy as np

from sim.kernels.arrays import LANES
from sim.kernels.choice.choice import best
from sim.kernels.choice.draws import draw_errors, draws_for, lengths_of
from sim.kernels.choice.systematic_utility import utilities
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.hashing import combine


def settle_errors(quarter, state, counts, tables, nests, peers, moving, keys, tries):
    """Give every enterprise the first error vector under which it would stay where it is.

    So the opening state is one in which nobody moves before something changes or errors are
    renewed; after `tries` vectors the last one is kept. Member by member, because utilities of all
    would take much room.
    """
    for m in range(len(state.site)):
        slots = np.flatnonzero(state.site[m] >= 0)
        settle_those(quarter, np.full(len(slots), m), slots, state, counts, tables, nests, peers, moving, keys, tries)


def settle_those(quarter, member, slot, state, counts, tables, nests, peers, moving, keys, tries):
    """The same for the enterprises in `slot` of `member` (chooser,), those of a member side by side."""
    v = utilities(quarter, member, slot, state, counts, tables, peers, moving)
    nests = nests._replace(dissimilarity=lengths_of(nests))
    _settle(v, member, slot, state, nests, keys, tries, np.arange(len(slot)),
            draws_for(nests.of_site.size, nests.size.size))


@compiled
def _settle(v, member, slot, state, nests, keys, tries, waiting, draws):
    """One error vector after another for those of `waiting` whom none before made stay."""
    left = waiting.size
    for epoch in range(tries):
        still, first = 0, 0
        while first < left:
            m, number = member[waiting[first]], 0
            while number < LANES and first + number < left and member[waiting[first + number]] == m:
                number += 1
            block = waiting[first:first + number]
            _draw_epoch(m, block, slot, epoch, state, keys, draws)
            draw_errors(draws, keys.site, keys.nest, nests.of_site,
                        own(nests.dissimilarity, m))
            still = _keep_unsettled(m, block, slot, waiting, still, v, state, draws)
            first += number
        left = still


@inlined
def _draw_epoch(m, block, slot, epoch, state, keys, draws):
    """Keys of up to LANES enterprises of one member in an epoch that they begin."""
    for t in range(block.size):
        i = slot[block[t]]
        state.epoch[m, i] = epoch
        draws.key[t] = combine(combine(keys.choice[m], state.id[m, i]), np.uint64(epoch))


@inlined
def _keep_unsettled(m, block, slot, waiting, still, v, state, draws):
    """Write those who would move to the front of `waiting`; returns how many stand there now."""
    for t in range(block.size):
        n = block[t]
        if best(v[n], draws.error, t) != state.site[m, slot[n]]:
            waiting[still] = n
            still += 1
    return still
