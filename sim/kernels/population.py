"""Enterprises come into being: attributes drawn by key.

Signatures: draw: keys of LANES enterprises -> their attributes in State. Identities: an enterprise's attributes are a
function of (stream, id) alone, so the same potential entrants exist whatever the scenario.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.compiler import compiled, inlined, shared
from sim.kernels.elementary import Tails, exp, log, normal_quantile, normal_quantiles, tails_for
from sim.kernels.hashing import combine, mix, unit
from sim.kernels.layout import CANDIDATE, EMPTY, LANES, SETTLED, WEIGHT_ONE, own

INDUSTRY, TYPE, ORIGIN, HIGHTECH, SIZE, TRADE, RND, TAX, ACCESS, CORE, LINKAGE = range(11)
NORMAL = 7                           # normal draws: of size, and of the six from TRADE on
ENTRANT, ENTRANT_COUNT = np.uint64(0xE27), 0xC07
POISSON_STEP = 256.0


@inlined
def category(u, cumulative):
    """Index of the first cumulative share above u."""
    for k in range(cumulative.size - 1):
        if u < cumulative[k]:
            return k
    return cumulative.size - 1


@shared
def log_size_quantile(u, m, traits):
    """ln size at probability u: lognormal body, Pareto tail above its upper `tail_share`.

    Tail: x = x_t v^(-1 / zeta), x_t the body's quantile at 1 - t (Axtell 2001 for zeta), truncated at
    the largest size L: v = k + (1 - k) (1 - u) / t, k = (L / x_t)^-zeta (Aban, Meerschaert &
    Panorska 2006).
    """
    tail = traits.tail_share[own(m, traits.tail_share.size)]
    median = traits.log_median[own(m, traits.log_median.size)]
    sd = traits.size_sd[own(m, traits.size_sd.size)]
    largest = traits.log_largest[own(m, traits.log_largest.size)]
    if u < 1.0 - tail:
        return min(median + sd * normal_quantile(u), largest)
    top = median + sd * normal_quantile(1.0 - tail)
    exponent = traits.tail_exponent[own(m, traits.tail_exponent.size)]
    return min(top - truncated((1.0 - u) / tail, exponent * (largest - top)) / exponent, largest)


@inlined
def truncated(w, reach):
    """ln(k + (1 - k) w), k = e^-reach: -zeta times the log of a tail draw over the tail's beginning."""
    least = exp(-max(reach, 0.0))
    return log(least + (1.0 - least) * w)


class Draws(NamedTuple):
    """Room for the attributes of up to LANES enterprises."""

    slot: np.ndarray          # (LANES,)
    key: np.ndarray           # (LANES,) uint64
    industry: np.ndarray      # (LANES,) an industry that is given, -1 to draw it
    u_size: np.ndarray        # (LANES,) quantile of size
    u: np.ndarray             # (attribute, LANES) uniform draws behind the normal ones
    z: np.ndarray             # (attribute, LANES) normal draws: SIZE first, then from TRADE on
    loading: np.ndarray       # (loading, LANES)
    tails: Tails


def draws_for():
    """Room to draw in."""
    return Draws(np.zeros(LANES, np.int64), np.zeros(LANES, np.uint64), np.full(LANES, -1), np.zeros(LANES),
                 np.full((NORMAL, LANES), 0.5), np.zeros((NORMAL, LANES)), np.zeros((NORMAL - 1, LANES)),
                 tails_for(NORMAL * LANES))


@inlined
def alliances_of(m, industry, key, traits):
    """The alliances an enterprise belongs to, as bits; one draw for each, by its name."""
    bits = 0
    share = traits.alliance_share[own(m, traits.alliance_share.shape[0])]
    for a in range(traits.alliance_key.size):
        if unit(mix(key + traits.alliance_key[a])) < share[a, industry]:
            bits |= 1 << a
    return bits


@inlined
def draw(m, number, draws, state, traits):
    """Attributes of the enterprises in so many slots, from their keys and quantiles of size."""
    _draw_normals(m, number, draws, traits)
    tail = traits.tail_share[own(m, traits.tail_share.size)]
    median, sd = traits.log_median[own(m, traits.log_median.size)], traits.size_sd[own(m, traits.size_sd.size)]
    exponent = traits.tail_exponent[own(m, traits.tail_exponent.size)]
    largest = traits.log_largest[own(m, traits.log_largest.size)]
    reach = exponent * (largest - (median + sd * normal_quantile(1.0 - tail)))
    for t in range(number):
        i, key, u = draws.slot[t], draws.key[t], draws.u_size[t]
        industry = draws.industry[t]
        if industry < 0:
            industry = category(unit(mix(key + np.uint64(INDUSTRY))), traits.industry_cum)
        state.industry[m, i] = industry
        state.hq_type[m, i] = category(unit(mix(key + np.uint64(TYPE))), traits.type_cum)
        state.origin[m, i] = category(unit(mix(key + np.uint64(ORIGIN))), traits.origin_cum)
        state.hightech[m, i] = 1 if unit(mix(key + np.uint64(HIGHTECH))) < traits.hightech[industry] else 0
        state.log_size[m, i] = median + sd * draws.z[0, t]
        if u >= 1.0 - tail:
            state.log_size[m, i] -= truncated((1.0 - u) / tail, reach) / exponent
        state.log_size[m, i] = min(state.log_size[m, i], largest)
        state.kind[m, i] = industry + traits.hightech.size * alliances_of(m, industry, key, traits)
        state.weight[m, i] = WEIGHT_ONE
        state.anchor[m, i] = 0
        state.parent[m, i] = np.uint64(0)
        state.status[m, i] = SETTLED
        state.epoch[m, i] = 0
        state.loading[m, i, 0] = traits.trade[industry] * draws.loading[0, t]
        state.loading[m, i, 1] = traits.rnd[industry] * draws.loading[1, t]
        for a in range(2, NORMAL - 1):
            state.loading[m, i, a] = draws.loading[a, t]


@inlined
def _draw_normals(m, number, draws, traits):
    """Normal draws, and the loadings that follow from them but for the industry's mean."""
    body = 1.0 - traits.tail_share[own(m, traits.tail_share.size)]
    sd, tax_sd = traits.intensity_sd[own(m, traits.intensity_sd.size)], traits.tax_sd[own(m, traits.tax_sd.size)]
    for t in range(number):
        draws.u[0, t] = min(draws.u_size[t], body)
    for a in range(NORMAL - 1):
        purpose = np.uint64(TRADE + a)
        for t in range(number):
            draws.u[1 + a, t] = unit(mix(draws.key[t] + purpose))
    normal_quantiles(draws.u.reshape(draws.u.size), draws.z.reshape(draws.z.size), draws.tails)
    for a in range(NORMAL - 1):
        for t in range(number):
            draws.loading[a, t] = draws.z[1 + a, t]
    for t in range(number):
        draws.loading[0, t] = exp(sd * draws.z[1, t] - 0.5 * sd * sd)
        draws.loading[1, t] = exp(sd * draws.z[2, t] - 0.5 * sd * sd)
        draws.loading[2, t] = exp(tax_sd * draws.z[3, t])


class Born(NamedTuple):
    """Enterprises that come into being, (member, number) each."""

    slot: np.ndarray          # int64
    key: np.ndarray           # uint64, of (stream, id)
    industry: np.ndarray      # int64, an industry that is given, -1 to draw it
    u_size: np.ndarray        # quantile of size
    number: np.ndarray        # (member,) int64, how many there are


def born_for(numbers):
    """Room for so many newborn of every member; numbers (member,)."""
    shape = (len(numbers), int(numbers.max(initial=0)))
    return Born(np.empty(shape, np.int64), np.empty(shape, np.uint64), np.full(shape, -1), np.empty(shape),
                numbers.astype(np.int64))


def flat(born, *more):
    """Member, slot and what more (member, number) there is of all the newborn in one row."""
    there = np.arange(born.slot.shape[1]) < born.number[:, None]
    return [np.nonzero(there)[0], born.slot[there], *(values[there] for values in more)]


def endow(born, state, traits):
    """Draw the attributes of the newborn."""
    _endow(born, state, traits, draws_for())


@compiled
def _endow(born, state, traits, draws):
    for m in range(born.number.size):
        for first in range(0, born.number[m], LANES):
            here = min(LANES, born.number[m] - first)
            for t in range(here):
                draws.slot[t], draws.key[t] = born.slot[m, first + t], born.key[m, first + t]
                draws.industry[t], draws.u_size[t] = born.industry[m, first + t], born.u_size[m, first + t]
            draw(m, here, draws, state, traits)


def populate(stream, site, u_size, born, state, traits):
    """The opening stock of every member: enterprise n stands at site[m, n] with size quantile u_size[m, n].

    born (member, n) quarters of birth, before the start.
    """
    newborn = born_for(np.full(len(site), site.shape[1]))
    newborn.u_size[:] = u_size
    _seat_opening(stream, newborn, state.id)
    endow(newborn, state, traits)
    stock = slice(site.shape[1])
    state.origin[:, stock] = 0
    state.site[:, stock], state.legal[:, stock] = site, site
    for since in (state.born, state.arrived, state.legal_since):
        since[:, stock] = born


@compiled
def _seat_opening(stream, born, identity):
    """Ids and keys of the opening stock, which takes the first slots."""
    for m in range(born.number.size):
        for n in range(born.number[m]):
            identity[m, n] = combine(np.uint64(1), np.uint64(n))
            born.slot[m, n], born.key[m, n] = n, combine(stream[m], identity[m, n])


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
        numbers[m] = poisson(key, mean[own(m, mean.size)])


def arrive(quarter, stream, numbers, state, traits, tag=ENTRANT):
    """Potential entrants of the quarter take empty slots as candidates.

    Their ids and attributes depend on (tag, quarter, k) and the member's stream, not on the slot.
    """
    born = born_for(numbers)
    _seat(quarter, stream, tag, born, state.id, state.site)
    endow(born, state, traits)
    member, slot = flat(born)
    state.site[member, slot] = CANDIDATE
    admit(quarter, member, slot, state, traits)


@compiled
def _seat(quarter, stream, tag, born, identity, site):
    """Slots, ids, keys and quantiles of size."""
    of_quarter = combine(tag, np.uint64(quarter))
    for m in range(born.number.size):
        slot = -1
        for n in range(born.number[m]):
            slot = next_empty(m, slot, site)
            identity[m, slot] = combine(of_quarter, np.uint64(n))
            born.slot[m, n], born.key[m, n] = slot, combine(stream[m], identity[m, slot])
            born.u_size[m, n] = unit(mix(born.key[m, n] + np.uint64(SIZE)))


@inlined
def next_empty(m, slot, site):
    """The first empty slot of a member after `slot`."""
    slot += 1
    while site[m, slot] != EMPTY:
        slot += 1
    return slot


def admit(quarter, member, slot, state, traits):
    """Born this quarter, at an entrant's size, those in `slot` of `member`."""
    relative, largest = (values[member % len(values)] for values in (traits.log_entrant, traits.log_largest))
    state.log_size[member, slot] = np.minimum(state.log_size[member, slot] + relative, largest)
    state.born[member, slot] = state.arrived[member, slot] = quarter
    state.legal[member, slot] = EMPTY
