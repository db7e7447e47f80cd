"""Enterprises come into being: in which slots, under which ids.

Signatures: populate, arrive: State -> State in place. Identities: ids and keys depend on (stream, quarter, number) and
never on the slot, and attributes on them alone.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import CANDIDATE, EMPTY, LANES, part
from sim.kernels.firms.attributes import INDUSTRY, SIZE, TYPE, category, draw, draws_for
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import compiled, inlined, shared
from sim.kernels.numerics.elementary import exp
from sim.kernels.numerics.hashing import combine, mix, unit
from sim.kernels.numerics.memory import kept

ENTRANT, ENTRANT_COUNT = np.uint64(0xE27), 0xC07
POISSON_STEP = 256.0


class Born(NamedTuple):
    """Enterprises that come into being, (member, number) each."""

    number: np.ndarray        # (member,) int64, how many there are
    slot: np.ndarray          # int64
    key: np.ndarray           # uint64, of (stream, id)
    industry: np.ndarray      # int64, an industry that is given, -1 to draw it
    hq_type: np.ndarray       # int64, the same of a headquarters type
    u_size: np.ndarray        # quantile of size


def born_for(numbers, scratch=None):
    """Room for so many newborn of every member; numbers (member,) int64."""
    return Born(numbers, *kept(scratch, _columns_for, len(numbers), -(-int(numbers.max(initial=0)) // LANES) * LANES))


def _columns_for(*shape):
    return np.empty(shape, np.int64), np.empty(shape, np.uint64), *np.empty((2, *shape), np.int64), np.empty(shape)


@compiled
def endow(born, state, traits, draws):
    """Draw the attributes of the newborn."""
    for m in range(born.number.size):
        for first in range(0, born.number[m], LANES):
            here = min(LANES, born.number[m] - first)
            for t in range(here):
                draws.slot[t], draws.key[t] = born.slot[m, first + t], born.key[m, first + t]
                draws.industry[t], draws.hq_type[t] = born.industry[m, first + t], born.hq_type[m, first + t]
                draws.u_size[t] = born.u_size[m, first + t]
            draw(m, here, draws, state, traits)


def populate(stream, site, u_size, born, industry, state, traits, industry_cum, type_cum):
    """The opening stock of every member: enterprise n stands at site[m, n] with size quantile u_size[m, n].

    born (member, n) quarters of birth, before the start; industry (member, n) its industry, -1 to draw it; industry_cum
    (site, industry) and type_cum (site, type) cumulative shares by site, by which the rest are drawn.
    """
    newborn, stock = born_for(np.full(len(site), site.shape[1])), slice(site.shape[1])
    newborn.u_size[:, stock], newborn.industry[:, stock] = u_size, industry
    _seat_opening(stream, site, newborn, state.id, industry_cum, type_cum)
    endow(newborn, state, traits, draws_for())
    state.site[:, stock], state.legal[:, stock] = site, site
    for since in (state.born, state.arrived, state.legal_since):
        since[:, stock] = born


@compiled
def _seat_opening(stream, site, born, identity, industry_cum, type_cum):
    """Ids and keys of the opening stock, which takes the first slots, industries and types by the laws of its sites."""
    for m in range(born.number.size):
        for n in range(born.number[m]):
            identity[m, n] = combine(np.uint64(1), np.uint64(n))
            key = combine(stream[m], identity[m, n])
            born.slot[m, n], born.key[m, n] = n, key
            if born.industry[m, n] < 0:
                born.industry[m, n] = category(unit(mix(key + np.uint64(INDUSTRY))), industry_cum[site[m, n]])
            born.hq_type[m, n] = category(unit(mix(key + np.uint64(TYPE))), type_cum[site[m, n]])


@shared
def poisson(key, mean):
    """A Poisson draw by inversion of one uniform for every `POISSON_STEP` of the mean."""
    total, rest, step = 0, mean, 0
    while rest > 0.0:
        part = min(rest, POISSON_STEP)
        u = unit(mix(key + np.uint64(step)))
        term = exp(-part)
        cumulative, k = term, 0
        while u > cumulative and k < 2000:
            k += 1
            term *= part / k
            cumulative += term
        total += k
        rest -= part
        step += 1
    return total


def count_arrivals(quarter, stream, mean):
    """(member,) number of potential entrants of a quarter."""
    numbers = np.empty(stream.size, np.int64)
    _count_arrivals(quarter, stream, mean, numbers)
    return numbers


@compiled
def _count_arrivals(quarter, stream, mean, numbers):
    for m in range(stream.size):
        key = combine(combine(stream[m], np.uint64(ENTRANT_COUNT)), np.uint64(quarter))
        numbers[m] = poisson(key, own(mean, m))


def arrive(quarter, stream, numbers, state, traits, tag=ENTRANT, scratch=None):
    """Potential entrants of the quarter take empty slots as candidates; (member, slot) of them, in this order.

    Their ids and attributes depend on (tag, quarter, k) and the member's stream, not on the slot.
    """
    born, (member, slot) = born_for(numbers, scratch), np.empty((2, int(numbers.sum())), np.int64)
    _seat(quarter, stream, tag, born, state.id, state.site)
    endow(born, state, traits, kept(scratch, draws_for))
    _admit_all(quarter, born, part(Admitted, state), (traits.log_entrant, traits.log_largest), (member, slot))
    return member, slot


Admitted = namedtuple("Admitted", "site log_size born arrived legal")    # what of a State changes with who is admitted


@compiled
def _admit_all(quarter, born, state, sizes, listed):
    """Admit the newborn and list them; sizes (member,) each are those of entrants and the largest, in logarithms."""
    (entrant, largest), (member, slot), k = sizes, listed, 0
    for m in range(born.number.size):
        for n in range(born.number[m]):
            member[k], slot[k] = m, born.slot[m, n]
            admit(m, slot[k], quarter, state, own(entrant, m), own(largest, m))
            k += 1


@inlined
def admit(m, i, quarter, state, entrant, largest):
    """Let the enterprise in a slot be a candidate who is born this quarter, at an entrant's size."""
    state.site[m, i], state.legal[m, i] = CANDIDATE, EMPTY
    state.log_size[m, i] = min(state.log_size[m, i] + entrant, largest)
    state.born[m, i] = state.arrived[m, i] = quarter


@compiled
def _seat(quarter, stream, tag, born, identity, site):
    """Slots, ids, keys and quantiles of size."""
    of_quarter = combine(tag, np.uint64(quarter))
    for m in range(born.number.size):
        slot = np.int64(-1)                            # a literal would be a type of its own
        for n in range(born.number[m]):
            slot = next_empty(m, slot, site)
            identity[m, slot] = combine(of_quarter, np.uint64(n))
            born.slot[m, n], born.key[m, n] = slot, combine(stream[m], identity[m, slot])
            born.industry[m, n] = born.hq_type[m, n] = -1
            born.u_size[m, n] = unit(mix(born.key[m, n] + np.uint64(SIZE)))


@inlined
def next_empty(m, slot, site):
    """The first empty slot of a member after `slot`."""
    slot += 1
    while site[m, slot] != EMPTY:
        slot += 1
    return slot
