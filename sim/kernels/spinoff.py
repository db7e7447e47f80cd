"""Enterprises are founded by people who leave another one.

Signatures: mark_parents: State -> marks (member, slot); found: State -> State in place, Events
counted; census: State -> counts by generation and age.
Identities: whether a parent has a spin-off is the thinning of one uniform of (parent, quarter), so
of two scenarios the one with the higher rate has the other's spin-offs and more; a spin-off's id is
a hash of (parent, quarter, k), its own attributes a function of that id alone.
"""

import numpy as np

from sim.kernels.choice import carry_out
from sim.kernels.compiler import compiled, inlined
from sim.kernels.elementary import exp
from sim.kernels.hashing import combine, mix, unit
from sim.kernels.layout import CANDIDATE, own
from sim.kernels.population import SIZE, as_entrant, born_for, endow, next_empty

SPINOFF, SAME_INDUSTRY, STAYS = 0x591, 0x5A3E, 0x57A7
OPENING, ENTERED, SPUN_OFF = range(3)         # generations of the census
GENERATIONS = 3


@compiled
def mark_parents(quarter, state, stream, rate, exponent, traits, marked):
    """Mark in `marked` (member, slot) the enterprises that a spin-off leaves this quarter.

    Probability min(1, rate (size / median)^exponent); rate (member, anchor + 1) a quarter at median
    size, first that of all who are no anchors.
    """
    marked[:] = 0
    for m in range(state.site.shape[0]):
        c, power = rate[own(m, rate.shape[0])], exponent[own(m, exponent.size)]
        median = traits.log_median[own(m, traits.log_median.size)]
        top = traits.log_largest[own(m, traits.log_largest.size)]
        most = _highest(c) * exp(power * (top - median)) if power > 0.0 else 1.0
        key = combine(stream[m], np.uint64(quarter))
        for i in range(state.site.shape[1]):
            if state.site[m, i] < 0:
                continue
            u = unit(mix(key + state.id[m, i]))
            if u < most:                       # spares most enterprises the costly part
                chance = c[abs(state.anchor[m, i])] * exp(power * (state.log_size[m, i] - median))
                marked[m, i] = u < chance


@inlined
def _highest(rates):
    most = rates[0]
    for k in range(rates.size):
        most = max(most, rates[k])
    return most


def found(quarter, stream, marked, same_industry, stay, traits, state, tables, events):
    """The spin-offs of marked parents take empty slots.

    They stay at their parent's site with probability `stay`, as newcomers there; else they are
    candidates like any potential entrant.
    """
    born = born_for(marked.sum(axis=1))
    parents = np.empty(born.slot.shape, np.int64)
    _beget(quarter, stream, marked, same_industry, parents, born, state)
    endow(born, state, traits)
    _bring_up(quarter, parents, born, stay, state, traits, tables, events)


@compiled
def _beget(quarter, stream, marked, same_industry, parents, born, state):
    """Parents (member, number), and the slots, keys, quantiles of size and industries of their children."""
    for m in range(marked.shape[0]):
        inherits, slot, n = same_industry[own(m, same_industry.size)], -1, 0
        for i in range(marked.shape[1]):
            if marked[m, i]:
                slot = next_empty(m, slot, state)
                key = combine(stream[m], _identity(state.id[m, i], quarter))
                parents[m, n], born.slot[m, n], born.key[m, n] = i, slot, key
                born.u_size[m, n] = unit(mix(key + np.uint64(SIZE)))
                same = unit(mix(key + np.uint64(SAME_INDUSTRY))) < inherits
                born.industry[m, n] = state.industry[m, i] if same else -1
                n += 1


@compiled
def _bring_up(quarter, parents, born, stay, state, traits, tables, events):
    """Children with what they have of their parents; some stay at once."""
    for m in range(born.number.size):
        stays = stay[own(m, stay.size)]
        for n in range(born.number[m]):
            parent, slot = parents[m, n], born.slot[m, n]
            _settle_child(m, parent, slot, quarter, state, traits)
            if unit(mix(born.key[m, n] + np.uint64(STAYS))) < stays:
                carry_out(m, slot, state.site[m, parent], quarter, state, tables, events)


@inlined
def _identity(parent, quarter):
    """Id of a parent's spin-off of a quarter: a hash of (parent, quarter, 0)."""
    return combine(combine(combine(np.uint64(SPINOFF), parent), np.uint64(quarter)), np.uint64(0))


@inlined
def _settle_child(m, parent, slot, quarter, state, traits):
    """What a child has of its parent: id, kind (alliances are part of it), no origin of its own."""
    state.id[m, slot] = _identity(state.id[m, parent], quarter)
    state.parent[m, slot] = state.id[m, parent]
    state.kind[m, slot] = state.kind[m, parent] + state.industry[m, slot] - state.industry[m, parent]
    state.origin[m, slot] = 0
    state.site[m, slot] = CANDIDATE
    as_entrant(m, slot, quarter, state, traits)


@compiled
def census(quarter, state, by_age):
    """Fill by_age (member, generation, year of age), the last year for all older, with enterprises."""
    by_age[:] = 0
    oldest = by_age.shape[2] - 1
    for m in range(state.site.shape[0]):
        for i in range(state.site.shape[1]):
            if state.site[m, i] >= 0:
                generation = SPUN_OFF if state.parent[m, i] != 0 else ENTERED
                if state.born[m, i] < 0:
                    generation = OPENING
                by_age[m, generation, min((quarter - state.born[m, i]) // 4, oldest)] += 1
