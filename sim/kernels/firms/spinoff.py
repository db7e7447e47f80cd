"""Enterprises are founded by people who leave another one.

Signatures: mark_parents: State -> marks (member, slot); found: State -> State in place, Events
counted; census: State -> counts by generation and age.
Identities: whether a parent has a spin-off is the thinning of one uniform of (parent, quarter), so
of two scenarios the one with the higher rate has the other's spin-offs and more; a spin-off's id is
a hash of (parent, quarter, k), its own attributes a function of that id alone.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import LANES, part
from sim.kernels.choice.choice import carry_out
from sim.kernels.choice.registration_value import promises_of
from sim.kernels.firms.attributes import HOME, SIZE, draws_for
from sim.kernels.firms.closing import generation_of, highest, years_of
from sim.kernels.firms.population import admit, born_for, endow, next_empty
from sim.kernels.indexing import own
from sim.kernels.marks import listed, marks_for
from sim.kernels.numerics.compiler import compiled, inlined
from sim.kernels.numerics.elementary import exp
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import aligned, kept

SPINOFF, SAME_INDUSTRY, STAYS = 0x591, 0x5A3E, 0x57A7
WIDER = 1.0 + 1e-9             # more than what rounding does to a bound on a probability


Parent = namedtuple("Parent", "id site anchor log_size")    # what of a State says whom a spin-off leaves


def mark_parents(quarter, state, stream, rate, exponent, traits, marked, scratch=None):
    """Mark in `marked` (member, slot) the enterprises that a spin-off leaves this quarter; (member,) how many.

    Probability min(1, rate (size / median)^exponent); rate (member, anchor + 1) a quarter at median
    size, first that of all who are no anchors.
    """
    marked[:], number = 0, np.zeros(len(marked), np.int64)
    _mark_parents(quarter, part(Parent, state), stream, rate, exponent, (traits.log_median, traits.log_largest),
                  (marked, number), kept(scratch, marks_for, state.site.shape[1]))
    return number


@compiled
def _mark_parents(quarter, state, stream, rate, exponent, bounds, found, marks):
    """bounds (member,) each are ln median and largest."""
    marked, number = found
    for m in range(state.site.shape[0]):
        c, power = own(rate, m), own(exponent, m)
        median, top = own(bounds[0], m), own(bounds[1], m)
        key, half = combine(stream[m], np.uint64(quarter)), 0.5 * (top - median)
        limits = median + half, _bound(c, power, half), _bound(c, power, 2.0 * half)
        _mark_low(key, state.id[m], state.site[m], state.log_size[m], limits, marks.flag)
        for n in range(listed(marks)):
            i = marks.slot[n]
            chance = c[abs(state.anchor[m, i])] * exp(power * (state.log_size[m, i] - median))
            marked[m, i] = unit(mix(key + state.id[m, i])) < chance
            number[m] += marked[m, i]


@inlined
def _bound(c, power, reach):
    """More than the probability of those whose ln size is no further above the median."""
    return WIDER * highest(c) * exp(power * reach) if power > 0.0 else 1.0


@inlined
def _mark_low(key, identity, site, log_size, limits, flag):
    """Mark who drew low enough to be parents: that spares most the costly part."""
    half, of_half, most = limits
    for i in range(site.size):
        u = unit(mix(key + identity[i]))
        flag[i] = (site[i] >= 0) & (u < (of_half if log_size[i] < half else most))


class Brood(NamedTuple):
    """Children beside what `Born` says of them; (member, number) each."""

    parent: np.ndarray        # int64, slot
    stays: np.ndarray         # bool


def found(quarter, stream, marked, number, same_industry, stay, traits, state, tables, events, scratch=None):
    """The spin-offs of marked parents, (member,) so many, take empty slots; (member, slot) of them, and who stay.

    They stay at their parent's site with probability `stay`, as newcomers there; else they are
    candidates like any potential entrant.
    """
    born, (came, stayed) = born_for(number, scratch), np.empty((2, 2, int(number.sum())), np.int64)
    brood = kept(scratch, _brood_for, *born.slot.shape)
    _beget(quarter, stream, marked, (same_industry, stay), born, brood, part(Home, state),
           kept(scratch, marks_for, marked.shape[1]))
    endow(born, state, traits, kept(scratch, draws_for))
    staying = _bring_up(quarter, born, brood, state, (traits.log_entrant, traits.log_largest), promises_of(tables),
                        events, (*came, *stayed))
    return tuple(came), (stayed[0, :staying], stayed[1, :staying])


def _brood_for(*shape):
    return Brood(np.empty(shape, np.int64), np.empty(shape, bool))


Home = namedtuple("Home", "id site industry")    # what of a State a child begins with


@compiled
def _beget(quarter, stream, marked, shares, born, brood, state, marks):
    """Parents, and the slots, ids, keys, quantiles of size and industries of their children."""
    identity, site, industry, (same_industry, stay) = state.id, state.site, state.industry, shares
    for m in range(marked.shape[0]):
        inherits, stays = own(same_industry, m), own(stay, m)
        for i in range(marked.shape[1]):
            marks.flag[i] = marked[m, i]
        slot = np.int64(-1)                            # a literal would be a type of its own
        for n in range(listed(marks)):
            i, slot = marks.slot[n], next_empty(m, slot, site)
            of_parent = combine(np.uint64(SPINOFF), identity[m, i])
            identity[m, slot] = combine(combine(of_parent, np.uint64(quarter)), np.uint64(0))
            key = combine(stream[m], identity[m, slot])
            brood.parent[m, n], born.slot[m, n], born.key[m, n] = i, slot, key
            born.u_size[m, n] = unit(mix(key + np.uint64(SIZE)))
            same = unit(mix(key + np.uint64(SAME_INDUSTRY))) < inherits
            born.industry[m, n], born.hq_type[m, n] = industry[m, i] if same else -1, -1
            brood.stays[m, n] = unit(mix(key + np.uint64(STAYS))) < stays


@compiled
def _bring_up(quarter, born, brood, state, sizes, promises, events, listed):
    """Admit the children and list them; some stay where their parents are, and are listed once more: how many.

    sizes as in `population.arrive`.
    """
    (entrant, largest), (member, slot, member_of_staying, staying) = sizes, listed
    k = stay = 0
    for m in range(born.number.size):
        for n in range(born.number[m]):
            i, parent = born.slot[m, n], brood.parent[m, n]
            _inherit(m, i, parent, state)
            admit(m, i, quarter, state, own(entrant, m), own(largest, m))
            member[k], slot[k] = m, i
            k += 1
            if brood.stays[m, n]:
                carry_out(m, i, np.int64(state.site[m, parent]), quarter, state, promises, events)
                member_of_staying[stay], staying[stay] = m, i
                stay += 1
    return stay


@inlined
def _inherit(m, i, parent, state):
    """What a child has of its parent: kind (alliances are part of it), origin and home."""
    state.parent[m, i], state.origin[m, i] = state.id[m, parent], state.origin[m, parent]
    state.kind[m, i] = state.kind[m, parent] + (state.industry[m, i] - state.industry[m, parent])
    for a in range(HOME, state.loading.shape[2]):
        state.loading[m, i, a] = state.loading[m, parent, a]


Aged = namedtuple("Aged", "site parent born")    # what of a State the census tells apart


def census(quarter, state, by_age, scratch=None):
    """Fill by_age (member, generation, year of age), the last year for all older, with enterprises."""
    _census(quarter, part(Aged, state), by_age, kept(scratch, _sums_for, by_age[0].size))


def _sums_for(cells):
    return aligned((LANES,), np.uint32), np.empty(cells + 1, np.int32)


@compiled
def _census(quarter, state, by_age, scratch):
    cell, sums = scratch
    ages, nowhere = by_age.shape[2], sums.size - 1     # a cell for those who are not there
    for m in range(state.site.shape[0]):
        sums[:] = 0
        for first in range(0, state.site.shape[1], LANES):
            here = slice(first, min(first + LANES, state.site.shape[1]))
            site, parent, born = state.site[m, here], state.parent[m, here], state.born[m, here]
            for t in range(site.size):
                of_age = generation_of(parent[t], born[t]) * ages + years_of(quarter, born[t], ages)
                cell[t] = of_age if site[t] >= 0 else nowhere
            for t in range(site.size):
                sums[cell[t]] += 1
        told = by_age[m].reshape(nowhere)
        for c in range(nowhere):
            told[c] = sums[c]
