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
from sim.kernels.layout import CANDIDATE, EMPTY, own
from sim.kernels.population import INDUSTRY, SIZE, as_entrant, category, describe

SPINOFF, SAME_INDUSTRY, STAYS = 0x591, 0x5A3E, 0x57A7
OPENING, ENTERED, SPUN_OFF = range(3)         # generations of the census
GENERATIONS = 3


@compiled
def mark_parents(quarter, state, stream, rate, exponent, traits, marked):
    """Mark in `marked` (member, slot) the enterprises that a spin-off leaves this quarter.

    Probability min(1, rate (size / median)^exponent); rate (member,) a quarter at median size.
    """
    marked[:] = 0
    for m in range(state.site.shape[0]):
        c, power = rate[own(m, rate.size)], exponent[own(m, exponent.size)]
        median = traits.log_median[own(m, traits.log_median.size)]
        top = traits.log_largest[own(m, traits.log_largest.size)]
        most = c * exp(power * (top - median)) if power > 0.0 else 1.0
        key = combine(stream[m], np.uint64(quarter))
        for i in range(state.site.shape[1]):
            if state.site[m, i] < 0:
                continue
            u = unit(mix(key + state.id[m, i]))
            if u < most:                       # spares most enterprises the costly part
                marked[m, i] = u < c * exp(power * (state.log_size[m, i] - median))


@compiled
def found(quarter, stream, marked, same_industry, stay, traits, state, tables, events):
    """The spin-offs of marked parents take empty slots.

    They stay at their parent's site with probability `stay`, as newcomers there; else they are
    candidates like any potential entrant.
    """
    for m in range(marked.shape[0]):
        slot = 0
        inherits, stays = same_industry[own(m, same_industry.size)], stay[own(m, stay.size)]
        for i in range(marked.shape[1]):
            if marked[m, i] == 0:
                continue
            while state.site[m, slot] != EMPTY:
                slot += 1
            identity = combine(combine(combine(np.uint64(SPINOFF), state.id[m, i]), np.uint64(quarter)),
                               np.uint64(0))
            _beget(m, i, slot, identity, combine(stream[m], identity), inherits, state, traits)
            as_entrant(m, slot, quarter, state, traits)
            if unit(mix(combine(stream[m], identity) + np.uint64(STAYS))) < stays:
                carry_out(m, slot, state.site[m, i], quarter, state, tables, events)


@inlined
def _beget(m, i, slot, identity, key, inherits, state, traits):
    """Attributes of the child in `slot` of the parent in slot i; alliances, part of a kind, are inherited."""
    industry = state.industry[m, i]
    if unit(mix(key + np.uint64(SAME_INDUSTRY))) >= inherits:
        industry = category(unit(mix(key + np.uint64(INDUSTRY))), traits.industry_cum)
    describe(m, slot, key, industry, unit(mix(key + np.uint64(SIZE))), state, traits)
    state.id[m, slot] = identity
    state.parent[m, slot] = state.id[m, i]
    state.kind[m, slot] = state.kind[m, i] + industry - state.industry[m, i]
    state.origin[m, slot] = 0
    state.site[m, slot] = CANDIDATE


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
