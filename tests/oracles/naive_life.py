"""Naive twins of the kernels in which enterprises come, grow, close and are counted, and of the rents."""

import math
from statistics import NormalDist

import numpy as np

from sim.kernels import arrays
from tests.oracles.naive_draws import combine, draw, own
from tests.oracles.naive_registration import enrol, row_of

quantile = NormalDist().inv_cdf
TRADE, RND, TAX, ACCESS, CORE, LINKAGE = range(5, 11)         # places of attributes in an enterprise's key


def alive(m, state):
    return [i for i in range(state.site.shape[1]) if state.site[m, i] >= 0]


def yearly_hazard(m, i, quarter, state, hazard, size_slope, rent_factor, log_median):
    table = own(hazard, m)[int(state.parent[m, i] != 0)]
    age = min((quarter - int(state.born[m, i])) // 4, len(table) - 1)
    size = math.exp(state.log_size[m, i] - own(log_median, m))
    return table[age] * size ** -own(size_slope, m) * own(rent_factor, m)[state.site[m, i]]


def close_down(quarter, state, stream, hazard, size_slope, rent_factor, log_median, exits, closed):
    for m in range(len(state.site)):
        for i in [i for i in alive(m, state) if state.anchor[m, i] == 0]:
            yearly = yearly_hazard(m, i, quarter, state, hazard, size_slope, rent_factor, log_median)
            if draw(combine(stream[m], quarter), state.id[m, i]) < closing(yearly, own(hazard, m)):
                exits[m, state.site[m, i], state.industry[m, i], state.hq_type[m, i]] += 1
                closed[m, *group(m, i, quarter, state, closed.shape[2])] += 1
                state.site[m, i] = arrays.EMPTY


def closing(yearly, table):
    """Probability to close within a quarter: at most 0.25, or what the table's highest hazard gives."""
    quarterly = [1 - (1 - min(h, 1 - 1e-12)) ** 0.25 for h in (yearly, np.max(table))]
    return min(quarterly[0], max(quarterly[1], 0.25))


def grow(quarter, state, stream, drift, sd, exponent, traits, density_growth):
    for m in range(len(state.site)):
        for i in alive(m, state):
            relative = max(state.log_size[m, i] - own(traits.log_median, m), -5)
            spread = own(sd, m) * math.sqrt(0.25) * math.exp(-own(exponent, m) * relative)
            noise = quantile(draw(combine(stream[m], quarter), state.id[m, i]))
            state.log_size[m, i] += (own(drift, m) / 4 + own(density_growth, m)[state.site[m, i]]
                                     + spread * noise)
            excess = max(state.log_size[m, i] - own(traits.log_largest, m), 0)
            state.log_size[m, i] -= 2 * excess


def is_headquarters(m, i, state, criteria):
    """Revenue above its bar, and tax at the statutory rate or R&D above theirs."""
    revenue, tax, tax_hightech, research = own(criteria, m)
    above = state.log_size[m, i] - revenue
    taxed = above >= (tax_hightech if state.hightech[m, i] else tax)
    return above >= 0 and (taxed or state.loading[m, i, 1] * math.exp(above) >= research)


def count(state, criteria, counts, enterprises, headquarters, employees):
    for array in (counts, enterprises, headquarters, employees):
        array[:] = 0
    for m in range(len(state.site)):
        for i in alive(m, state):
            cell = m, state.site[m, i], state.industry[m, i], state.hq_type[m, i]
            counts[m, state.kind[m, i], state.site[m, i]] += state.weight[m, i]
            employees[m, state.site[m, i]] += math.floor(1024 * math.exp(state.log_size[m, i]) + 0.5)
            enterprises[cell] += 1
            headquarters[cell] += is_headquarters(m, i, state, criteria)


def expire(quarter, state, tables):
    for m in range(len(state.site)):
        for i in alive(m, state):
            row, place = row_of(state.status[m, i], m, i, state, tables), state.legal[m, i]
            if quarter - state.legal_since[m, i] >= own(tables.benefit_quarters, m)[row][place]:
                state.status[m, i] = arrays.SETTLED


def poisson(key, mean):
    """Inversion of the distribution function, in parts of a mean of at most 256."""
    total, step = 0, 0
    while mean > 256 * step:
        part = min(mean - 256 * step, 256)
        u, k, below = draw(key, step), 0, math.exp(-part)
        while u > below:
            k += 1
            below += math.exp(-part + k * math.log(part) - math.lgamma(k + 1))
        total, step = total + k, step + 1
    return total


def count_arrivals(quarter, stream, mean):
    return [poisson(combine(combine(key, 0xC07), quarter), own(mean, m)) for m, key in enumerate(stream)]


def category(u, cumulative):
    """The first category whose cumulative share exceeds u."""
    return next((k for k, top in enumerate(cumulative) if u < top), len(cumulative) - 1)


def log_size(u, m, traits):
    """Lognormal body and, above its upper share t, a Pareto tail that ends at the largest size."""
    t, median, sd = (own(x, m) for x in (traits.tail_share, traits.log_median, traits.size_sd))
    if u < 1 - t:
        return min(median + sd * quantile(u), own(traits.log_largest, m))
    start, zeta = median + sd * quantile(1 - t), own(traits.tail_exponent, m)
    rare = min(math.exp(own(traits.log_largest, m) - start) ** -zeta, 1)   # the tail beyond its end
    return min(start - math.log(rare + (1 - rare) * (1 - u) / t) / zeta, own(traits.log_largest, m))


def entrant_size(u, m, traits):
    return min(log_size(u, m, traits) + own(traits.log_entrant, m), own(traits.log_largest, m))


def attributes(key, m, traits, industry=None, hq_type=None):
    """What a key makes of an enterprise, of the given industry and type if there are, but for its size."""
    industry = category(draw(key, 0), traits.industry_cum) if industry is None else industry
    normal = {name: quantile(draw(key, name)) for name in range(TRADE, LINKAGE + 1)}
    sd = own(traits.intensity_sd, m)
    loading = [traits.trade[industry] * math.exp(sd * normal[TRADE] - sd * sd / 2),
               traits.rnd[industry] * math.exp(sd * normal[RND] - sd * sd / 2),
               math.exp(own(traits.tax_sd, m) * normal[TAX])]
    clubs = [draw(key, club) < own(traits.alliance_share, m)[a][industry]
             for a, club in enumerate(traits.alliance_key)]
    kind = industry + len(traits.hightech) * sum(2 ** a for a, belongs in enumerate(clubs) if belongs)
    hq_type = category(draw(key, 1), traits.type_cum) if hq_type is None else hq_type
    origin = category(draw(key, 2), traits.origin_cum)
    return {"industry": industry, "kind": kind, "hq_type": hq_type, "origin": origin,
                "hightech": int(draw(key, 3) < traits.hightech[industry]),
                "loading": loading + [math.sqrt(12) * (draw(key, name) - 0.5) if traits.uniform else normal[name]
                                      for name in (ACCESS, CORE, LINKAGE)] + [float(origin == k) for k in range(3)],
                "weight": arrays.WEIGHT_ONE, "parent": 0, "anchor": 0, "status": arrays.SETTLED, "epoch": 0,
                "legal": arrays.EMPTY}


def arrive(quarter, stream, numbers, state, traits, tag=0xE27):
    for m, number in enumerate(numbers):
        empty = [i for i in range(state.site.shape[1]) if state.site[m, i] == arrays.EMPTY]
        for k, i in zip(range(number), empty):
            identity = combine(combine(tag, quarter), k)
            key = combine(stream[m], identity)
            put(m, i, state, attributes(key, m, traits), id=identity, site=arrays.CANDIDATE,
                log_size=entrant_size(draw(key, 4), m, traits), born=quarter, arrived=quarter)


def mark_parents(quarter, state, stream, rate, exponent, traits, marked):
    marked[:] = 0
    for m in range(len(state.site)):
        for i in alive(m, state):
            size = math.exp(state.log_size[m, i] - own(traits.log_median, m))
            chance = own(rate, m)[abs(state.anchor[m, i])] * size ** own(exponent, m)
            marked[m, i] = draw(combine(stream[m], quarter), state.id[m, i]) < chance


def found(quarter, stream, marked, same_industry, stay, traits, state, tables, events):
    """Children of marked parents, those that stay settled as newcomers."""
    for m in range(len(marked)):
        empty = iter([i for i in range(state.site.shape[1]) if state.site[m, i] == arrays.EMPTY])
        for parent in np.flatnonzero(marked[m]):
            identity = combine(combine(combine(0x591, state.id[m, parent]), quarter), 0)
            key, i = combine(stream[m], identity), next(empty)
            inherited = draw(key, 0x5A3E) < own(same_industry, m)
            made = attributes(key, m, traits, int(state.industry[m, parent]) if inherited else None)
            made["kind"] = state.kind[m, parent] - state.industry[m, parent] + made["industry"]
            made["origin"], made["loading"][-3:] = state.origin[m, parent], state.loading[m, parent, -3:]
            put(m, i, state, made, id=identity, parent=state.id[m, parent], site=arrays.CANDIDATE,
                log_size=entrant_size(draw(key, 4), m, traits), born=quarter, arrived=quarter)
            if draw(key, 0x57A7) < own(stay, m):
                stays(m, i, state.site[m, parent], quarter, (state, tables, events))


def stays(m, i, site, quarter, given):
    state, tables, events = given
    put(m, i, state, {}, site=site)
    if not tables.places.separate:
        enrol(site, m, i, quarter, state, tables)
    for counted in (events.entries, events.spinoffs):
        counted[m, site, state.industry[m, i], state.hq_type[m, i]] += 1


def census(quarter, state, by_age):
    by_age[:] = 0
    for m in range(len(state.site)):
        for i in alive(m, state):
            by_age[m, *group(m, i, quarter, state, by_age.shape[2])] += 1


def group(m, i, quarter, state, ages):
    """Generation and year of age of the census."""
    generation = 0 if state.born[m, i] < 0 else 2 if state.parent[m, i] else 1
    return generation, min(int(quarter - state.born[m, i]) // 4, ages - 1)


def populate(stream, site, u_size, born, industry, state, traits, industry_cum, type_cum):
    for m, n in np.ndindex(site.shape):
        identity, place, quarter = combine(1, n), site[m, n], born[m, n]
        key = combine(stream[m], identity)
        given = category(draw(key, 0), industry_cum[place]) if industry[m, n] < 0 else industry[m, n]
        made = attributes(key, m, traits, given, category(draw(key, 1), type_cum[place]))
        put(m, n, state, made, id=identity, site=place, log_size=log_size(u_size[m, n], m, traits),
            born=quarter, arrived=quarter, legal=place, legal_since=quarter)


def put(m, i, state, made, **more):
    for name, value in {**made, **more}.items():
        getattr(state, name)[m, i] = value


def rent(spending, land, elasticity, slack):
    """Bisection on ln r for spending / r = min(slack land, land r^elasticity); base year 1."""
    low, high = -100.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        supply = land * min(slack, math.exp(elasticity * middle))
        low, high = (middle, high) if spending / math.exp(middle) > supply else (low, middle)
    return math.exp(low)
