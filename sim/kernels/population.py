"""Enterprises come into being: attributes drawn by key.

Signatures: draw(m, i, ...) fills slot i of member m. Identities: an enterprise's attributes are a
function of (stream, id) alone, so the same potential entrants exist whatever the scenario.
"""

import numpy as np

from sim.kernels.compiler import compiled
from sim.kernels.elementary import exp, log, normal_quantile
from sim.kernels.hashing import combine, mix, unit
from sim.kernels.layout import CANDIDATE, EMPTY, SETTLED, WEIGHT_ONE, own

INDUSTRY, TYPE, ORIGIN, HIGHTECH, SIZE, TRADE, RND, TAX, ACCESS, CORE, LINKAGE = range(11)
ENTRANT, ENTRANT_COUNT = np.uint64(0xE27), 0xC07
POISSON_STEP = 256.0


@compiled
def category(u, cumulative):
    """Index of the first cumulative share above u."""
    for k in range(cumulative.size - 1):
        if u < cumulative[k]:
            return k
    return cumulative.size - 1


@compiled
def log_size_quantile(u, m, traits):
    """ln size at probability u: lognormal body, Pareto tail above its upper `tail_share`.

    Tail: x = x_t ((1 - u) / t)^(-1 / zeta), x_t the body's quantile at 1 - t (Axtell 2001 for zeta).
    """
    tail = traits.tail_share[own(m, traits.tail_share.size)]
    median = traits.log_median[own(m, traits.log_median.size)]
    sd = traits.size_sd[own(m, traits.size_sd.size)]
    if u < 1.0 - tail:
        return median + sd * normal_quantile(u)
    top = median + sd * normal_quantile(1.0 - tail)
    return top - log((1.0 - u) / tail) / traits.tail_exponent[own(m, traits.tail_exponent.size)]


@compiled
def alliances_of(m, industry, key, traits):
    """The alliances an enterprise belongs to, as bits; one draw for each, by its name."""
    bits = 0
    share = traits.alliance_share[own(m, traits.alliance_share.shape[0])]
    for a in range(traits.alliance_key.size):
        if unit(mix(key + traits.alliance_key[a])) < share[a, industry]:
            bits |= 1 << a
    return bits


@compiled
def draw(m, i, key, u_size, state, traits):
    """Attributes of the enterprise in slot i from its key; u_size is its quantile of size."""
    industry = category(unit(mix(key + np.uint64(INDUSTRY))), traits.industry_cum)
    state.industry[m, i] = industry
    state.hq_type[m, i] = category(unit(mix(key + np.uint64(TYPE))), traits.type_cum)
    state.origin[m, i] = category(unit(mix(key + np.uint64(ORIGIN))), traits.origin_cum)
    state.hightech[m, i] = 1 if unit(mix(key + np.uint64(HIGHTECH))) < traits.hightech[industry] else 0
    state.log_size[m, i] = log_size_quantile(u_size, m, traits)
    state.kind[m, i] = industry + traits.hightech.size * alliances_of(m, industry, key, traits)
    state.weight[m, i] = WEIGHT_ONE
    state.anchor[m, i] = 0
    state.parent[m, i] = np.uint64(0)
    state.status[m, i] = SETTLED
    state.epoch[m, i] = 0
    sd = traits.intensity_sd[own(m, traits.intensity_sd.size)]
    tax_sd = traits.tax_sd[own(m, traits.tax_sd.size)]
    z_trade = normal_quantile(unit(mix(key + np.uint64(TRADE))))
    z_rnd = normal_quantile(unit(mix(key + np.uint64(RND))))
    z_tax = normal_quantile(unit(mix(key + np.uint64(TAX))))
    state.loading[m, i, 0] = traits.trade[industry] * exp(sd * z_trade - 0.5 * sd * sd)
    state.loading[m, i, 1] = traits.rnd[industry] * exp(sd * z_rnd - 0.5 * sd * sd)
    state.loading[m, i, 2] = exp(tax_sd * z_tax)
    state.loading[m, i, 3] = normal_quantile(unit(mix(key + np.uint64(ACCESS))))
    state.loading[m, i, 4] = normal_quantile(unit(mix(key + np.uint64(CORE))))
    state.loading[m, i, 5] = normal_quantile(unit(mix(key + np.uint64(LINKAGE))))


@compiled
def populate(m, stream, site, u_size, born, state, traits):
    """The opening stock of one member: enterprise n stands at site[n] with size quantile u_size[n]."""
    for n in range(site.size):
        state.id[m, n] = combine(np.uint64(1), np.uint64(n))
        draw(m, n, combine(stream, state.id[m, n]), u_size[n], state, traits)
        state.origin[m, n] = 0
        state.site[m, n] = site[n]
        state.born[m, n] = born[n]
        state.arrived[m, n] = born[n]


@compiled
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


@compiled
def count_arrivals(quarter, stream, mean):
    """(member,) number of potential entrants of a quarter."""
    numbers = np.zeros(stream.size, np.int64)
    for m in range(stream.size):
        key = combine(combine(stream[m], np.uint64(ENTRANT_COUNT)), np.uint64(quarter))
        numbers[m] = poisson(key, mean[own(m, mean.size)])
    return numbers


@compiled
def arrive(quarter, stream, numbers, state, traits, tag=ENTRANT):
    """Potential entrants of the quarter take empty slots as candidates.

    Their ids and attributes depend on (tag, quarter, k) and the member's stream, not on the slot.
    """
    for m in range(numbers.size):
        slot = 0
        shift = traits.log_entrant[own(m, traits.log_entrant.size)]
        for k in range(numbers[m]):
            while state.site[m, slot] != EMPTY:
                slot += 1
            identity = combine(combine(tag, np.uint64(quarter)), np.uint64(k))
            key = combine(stream[m], identity)
            state.id[m, slot] = identity
            draw(m, slot, key, unit(mix(key + np.uint64(SIZE))), state, traits)
            state.log_size[m, slot] += shift
            state.site[m, slot] = CANDIDATE
            state.born[m, slot] = quarter
            state.arrived[m, slot] = quarter
