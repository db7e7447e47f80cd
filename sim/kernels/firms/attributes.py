"""Attributes of enterprises that come into being, drawn by key.

Signatures: draw: keys of LANES enterprises -> their attributes in State. Identities: an enterprise's attributes are a
function of (stream, id) alone, so the same potential entrants exist whatever the scenario.
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.arrays import HOMES, LANES, SETTLED, WEIGHT_ONE
from sim.kernels.indexing import own
from sim.kernels.numerics.compiler import inlined, pasted, shared
from sim.kernels.numerics.elementary import Tails, exp, log, normal_quantile, normal_quantiles, tails_for
from sim.kernels.numerics.hashing import mix, unit

INDUSTRY, TYPE, ORIGIN, HIGHTECH, SIZE, TRADE, RND, TAX, ACCESS, CORE, LINKAGE = range(11)
NORMAL = 7                           # normal draws: of size, and of the six from TRADE on
HOME = NORMAL - 1                    # first loading of those for homes
ORIGINS_AT_HOME = len(HOMES)
TASTES = ACCESS - TRADE              # first loading of those whose law may be another
WIDTH = 12.0 ** 0.5                  # of a uniform law with standard deviation 1


@inlined
def category(u, cumulative):
    """Index of the first cumulative share above u, without a branch that nobody could foresee."""
    k = 0
    for c in range(cumulative.size - 1):
        k += u >= cumulative[c]
    return k


@shared
def log_size_quantile(u, m, traits):
    """ln size at probability u: lognormal body, Pareto tail above its upper `tail_share`.

    Tail: x = x_t v^(-1 / zeta), x_t the body's quantile at 1 - t (Axtell 2001 for zeta), truncated at
    the largest size L: v = k + (1 - k) (1 - u) / t, k = (L / x_t)^-zeta (Aban, Meerschaert &
    Panorska 2006).
    """
    tail = own(traits.tail_share, m)
    median, sd, largest = own(traits.log_median, m), own(traits.size_sd, m), own(traits.log_largest, m)
    if u < 1.0 - tail:
        return min(median + sd * normal_quantile(u), largest)
    top = median + sd * normal_quantile(1.0 - tail)
    exponent = own(traits.tail_exponent, m)
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
    hq_type: np.ndarray       # (LANES,) the same of a headquarters type
    u_size: np.ndarray        # (LANES,) quantile of size
    u: np.ndarray             # (attribute, LANES) uniform draws behind the normal ones
    z: np.ndarray             # (attribute, LANES) normal draws: SIZE first, then from TRADE on
    loading: np.ndarray       # (loading, LANES)
    tails: Tails


def draws_for():
    """Room to draw in."""
    return Draws(np.zeros(LANES, np.int64), np.zeros(LANES, np.uint64), np.full(LANES, -1), np.full(LANES, -1),
                 np.zeros(LANES), np.full((NORMAL, LANES), 0.5), np.zeros((NORMAL, LANES)),
                 np.zeros((NORMAL - 1, LANES)), tails_for(NORMAL * LANES))


@inlined
def alliances_of(m, industry, key, traits):
    """The alliances an enterprise belongs to, as bits; one draw for each, by its name."""
    bits = 0
    share = own(traits.alliance_share, m)
    for a in range(traits.alliance_key.size):
        if unit(mix(key + traits.alliance_key[a])) < share[a, industry]:
            bits |= 1 << a
    return bits


@pasted
def draw(m, number, draws, state, traits):
    """Attributes of the enterprises in so many slots, from their keys and quantiles of size."""
    _draw_normals(m, number, draws, traits)
    tail = own(traits.tail_share, m)
    median, sd = own(traits.log_median, m), own(traits.size_sd, m)
    exponent, largest = own(traits.tail_exponent, m), own(traits.log_largest, m)
    reach = exponent * (largest - (median + sd * normal_quantile(1.0 - tail)))
    for t in range(number):
        i, key, u = np.uint64(draws.slot[t]), draws.key[t], draws.u_size[t]
        industry = draws.industry[t]
        if industry < 0:
            industry = category(unit(mix(key + np.uint64(INDUSTRY))), traits.industry_cum)
        state.industry[m, i] = industry
        state.hq_type[m, i] = draws.hq_type[t]
        if draws.hq_type[t] < 0:
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
        for a in range(ORIGINS_AT_HOME):
            state.loading[m, i, HOME + a] = 1.0 if state.origin[m, i] == a else 0.0


@inlined
def _draw_normals(m, number, draws, traits):
    """Normal draws, and the loadings that follow from them but for the industry's mean."""
    body = 1.0 - own(traits.tail_share, m)
    sd, tax_sd = own(traits.intensity_sd, m), own(traits.tax_sd, m)
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
    for a in range(TASTES, NORMAL - 1 if traits.uniform else 0):
        for t in range(number):
            draws.loading[a, t] = WIDTH * (draws.u[1 + a, t] - 0.5)
    for t in range(number):
        draws.loading[0, t] = exp(sd * draws.z[1, t] - 0.5 * sd * sd)
        draws.loading[1, t] = exp(sd * draws.z[2, t] - 0.5 * sd * sd)
        draws.loading[2, t] = exp(tax_sd * draws.z[3, t])
