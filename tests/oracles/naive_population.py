"""How enterprises close, grow, found others and come, in plain loops."""

import math

import numpy as np

from sim.base import random_streams
from sim.kernels import arrays as kernel_arrays
from sim.model import opening_population
from sim.region.opening_stock import ORIGINS, TYPES
from tests.oracles import naive, naive_life
from tests.oracles.naive_draws import own
from tests.oracles.naive_sites import hazard_of

TRIES = 64


# -- enterprises close, grow, found others, come ----------------------------------------------------------

def close(world, fixed, q, state, rent, events, closed):
    """Hazards by age; higher where floor is dear, lower for the large."""
    p, aged, hazard = world.p.exit, world.p.switches.exit == "age", hazard_of(world)
    factor = [[r ** own(p.rent_elasticity, m) if aged else 1.0 for r in rent[m]] for m in range(world.members)]
    slope = [own(p.size_elasticity, m) if aged else 0.0 for m in range(world.members)]
    naive_life.close_down(q, state, fixed.streams["exit"], hazard, slope, factor, fixed.traits.log_median, events.exits,
                          closed)


def grow(world, fixed, q, state, change):
    p = world.p.growth
    density_growth = [[own(p.density, m) * change[m, j] for j in range(world.sites)] for m in range(world.members)]
    naive_life.grow(q, state, fixed.streams["growth"], p.drift, p.sd, p.size_exponent, fixed.traits, density_growth)


def spin_off(world, fixed, q, state, tables, events):
    """The State with spin-offs, and (member, slot) of those that stay beside their parents."""
    rate = [[own(fixed.spinoff_rate, m), *(own(fixed.spinoff_rate, m) * own(anchor.spinoff_multiplier, m)
                                           for anchor in world.anchors)] for m in range(world.members)]
    marked, p = np.zeros(state.site.shape, int), world.p.spinoff
    naive_life.mark_parents(q, state, fixed.streams["spinoff"], rate, p.size_exponent, fixed.traits, marked)
    state = opening_population.with_room(state, int(marked.sum(axis=1).max()))
    naive_life.found(q, fixed.streams["attributes"], marked, p.same_industry, p.stay, fixed.traits, state, tables,
                     events)
    return state, [(m, i) for m in range(world.members) for i in naive_life.alive(m, state)
                   if state.born[m, i] == q and state.parent[m, i]]


def enter(world, fixed, q, state):
    """The State with this quarter's potential entrants, and (member, slot) of them."""
    p = world.p.entry
    mean = [own(p.rate, m) / 4 * (1 - own(world.p.spinoff.share, m)) * own(world.p.population.candidates, m)
            * (1 + own(p.trend, m)) ** (q / 4) for m in range(world.members)]
    numbers = naive_life.count_arrivals(q, fixed.streams["entry"], mean)
    state = opening_population.with_room(state, max(numbers))
    before = state.site.copy()
    naive_life.arrive(q, fixed.streams["attributes"], numbers, state, fixed.traits)
    arrived = (before == kernel_arrays.EMPTY) & (state.site == kernel_arrays.CANDIDATE)
    return state, [tuple(at) for at in np.argwhere(arrived)]


def asked(world, fixed, q, state, came, choosing):
    """How many are asked, and the mean log-sum of their utilities in the last quarter of a year and of the run."""
    number, value = nobody(world)
    last = (world.calendar.first + q) % 4 == 3 or q == world.calendar.length - 1
    tables, nests, peers, moving, _ = choosing
    for m in range(world.members):
        mine = [i for member, i in came if member == m]
        number[m] = len(mine)
        if mine and last:
            v = [naive.utilities(m, i, q, state, tables, peers, moving, fixed.frozen_counts) for i in mine]
            value[m] = sum(logsum(each, m, nests) for each in v) / len(mine)
    return number, value


def logsum(v, m, nests):
    """ln sum_m (sum_{k in m} e^(V_k / l_m))^l_m."""
    return math.log(sum(math.exp(naive.nest_logsum(v, nest, m, nests)) for nest in range(len(nests.size))))


def nobody(world):
    return np.zeros(world.members, int), np.full(world.members, np.nan)


def come_and_go(world, fixed, q, state, events):
    """Anchors whose policy ends leave; those whose policy starts appear; one that has come brings suppliers."""
    now = world.calendar.first + q
    for number, anchor in enumerate(world.anchors, 1):
        for m in range(world.members):
            if anchor.end is not None and own(anchor.end, m) == now:
                withdraw(m, number, state, events)
            if own(anchor.start, m) == now and (anchor.end is None or own(anchor.end, m) > now):
                state = opening_population.with_room(state, 1)
                appear(world, fixed, number, m, q, state, events)
        if world.p.switches.churn[0] and max(anchor.suppliers) > 0:
            state = supply(world, fixed, number, q, state)
    return state


def withdraw(m, number, state, events):
    for i in naive_life.alive(m, state):
        if abs(state.anchor[m, i]) == number:
            events.exits[m, state.site[m, i], state.industry[m, i], state.hq_type[m, i]] += 1
            state.site[m, i] = kernel_arrays.EMPTY


def appear(world, fixed, number, m, q, state, events):
    """In the first empty slot; where the policy says, or as a candidate if it chooses."""
    anchor = world.anchors[number - 1]
    i = list(state.site[m]).index(kernel_arrays.EMPTY)
    industry = list(world.region.industries.index).index(anchor.industry)
    clubs = sum(2 ** k for k, alliance in enumerate(world.alliances) if alliance.name in anchor.alliances)
    hosted = not anchor.chooses[0]
    place = int(np.flatnonzero(anchor.where)[0])
    naive_life.put(m, i, state, {}, id=random_streams.key_of(f"anchor {anchor.name}"), parent=0, industry=industry,
                   site=place if hosted else kernel_arrays.CANDIDATE, legal=place if hosted else kernel_arrays.EMPTY,
                   hq_type=TYPES.index(anchor.hq_type), origin=ORIGINS.index(anchor.origin),
                   hightech=int(anchor.high_tech[0]), kind=industry + world.industries * clubs,
                   weight=round(16 * own(anchor.weight, m)), anchor=number if hosted else -number,
                   log_size=math.log(own(anchor.employees, m)), born=q, arrived=q, legal_since=q,
                   status=kernel_arrays.SETTLED, epoch=0,
                   loading=[fixed.traits.trade[industry], fixed.traits.rnd[industry], 1, 0, 0, 0,
                            *(anchor.origin == home for home in ORIGINS[:3])])
    if hosted:
        events.entries[m, place, industry, TYPES.index(anchor.hq_type)] += 1


def supply(world, fixed, number, q, state):
    """Potential entrants in an anchor's suppliers' industries, as long as it is there and came within the run."""
    anchor, key = world.anchors[number - 1], random_streams.key_of(f"suppliers of {world.anchors[number - 1].name}")
    there = [any(abs(state.anchor[m, i]) == number and state.born[m, i] >= 0 for i in naive_life.alive(m, state))
             for m in range(world.members)]
    mean = [own(anchor.suppliers, m) / 4 * there[m] for m in range(world.members)]
    streams = [int(stream) ^ int(key) for stream in fixed.streams["entry"]]
    numbers = naive_life.count_arrivals(q, streams, mean)
    state = opening_population.with_room(state, max(numbers))
    names = list(world.region.industries.index)
    share = dict(zip(names, opening_population.laws(world)[0]))
    theirs = anchor.supplier_industries or [anchor.industry]
    wanted = [max(share[name], 1e-12) if name in theirs else 0 for name in names]
    traits = fixed.traits._replace(industry_cum=[sum(wanted[:k + 1]) / sum(wanted) for k in range(len(names))])
    naive_life.arrive(q, fixed.streams["attributes"], numbers, state, traits, int(key))
    return state


def settle(q, state, stayed, fixed, choosing):
    """Spin-offs that stayed have the first error vector under which they would."""
    for m, i in stayed:
        for epoch in range(TRIES):
            state.epoch[m, i] = epoch
            if naive.decide(m, i, q, state, *choosing, fixed.frozen_counts) == state.site[m, i]:
                break
