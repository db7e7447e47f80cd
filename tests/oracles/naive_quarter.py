"""A naive twin of the quarter: every process in plain loops, one after another, in the order of the model's schedule.

    policies -> rents on the opening stocks -> what sites offer -> promises expire -> exits -> growth -> spin-offs ->
    potential entrants, asked what the region is worth to them -> anchors come and go -> choices one after another ->
    registration -> stocks of the close

Policies and terms are the registered functions, each a formula of its own; how strongly a policy is perceived, what is
added up, who sees what and when is written down here again. Nothing is taken from `step`, processes or tables.
"""

import collections
import copy
import math
from types import SimpleNamespace

import numpy as np

from sim import policies, terms
from sim.base import random_streams
from sim.kernels import arrays as kernel_arrays
from sim.model import opening_population
from sim.policies.levers import neutral
from sim.region.opening_stock import ORIGINS, TYPES
from tests.oracles import naive, naive_headquarters, naive_life
from tests.oracles.naive import own

TRIES = 64
FORMS = {"log": kernel_arrays.LOG, "linear": kernel_arrays.LINEAR, "saturating": kernel_arrays.SATURATING,
         "table": kernel_arrays.TABLE}


def quarter(world, fixed, economy, q):
    """(State, names of what the quarter leaves behind -> values) from an economy, which is left as it is."""
    state, told = copy.deepcopy(economy.state), {}
    events = SimpleNamespace(**no_events(world))
    levers = levers_of(world, fixed, q)
    market = market_of(world, fixed, economy, levers)
    told |= {name: np.array(values) for name, values in market.items()}
    tables = tables_of(world, levers._replace(rent=told["rent"]), q)
    peers = peers_of(world, fixed, levers)
    choosing = (tables, world.nests, peers, fixed.moving, world.keys)
    naive_life.expire(q, state, tables)
    looks = Looks(state, fixed.criteria)
    told["at_risk"] = at_risk = census(world, q, state)
    told["log_density"], told["asked"], told["entrant_value"] = economy.log_density, *nobody(world)
    stayed, told["closed"] = [], np.zeros_like(at_risk)
    if world.p.switches.churn[0]:
        told["log_density"] = density_of(world, fixed, economy.employees)
        close(world, fixed, q, state, told["rent"], events, told["closed"])
        assert (told["closed"] == at_risk - census(world, q, state)).all()
        grow(world, fixed, q, state, told["log_density"] - economy.log_density)
        looks.look(state)
        state, stayed = spin_off(world, fixed, q, state, tables, events)
        state, came = enter(world, fixed, q, state)
        told["asked"], told["entrant_value"] = asked(world, fixed, q, state, came, choosing)
    state = come_and_go(world, fixed, q, state, events)
    looks.look(state)
    settle(q, state, stayed, fixed, choosing)
    naive.choose(q, state, fixed.frozen_counts, *choosing, fixed.rules, events)
    if world.places.separate:
        naive.register(q, state, tables, world.keys, fixed.rules)
    looks.look(state, choosing=True)
    leave_alliances(world, state)
    told |= {name: getattr(events, name) for name in ("entries", "spinoffs", "exits", "flows", "declined")}
    told |= looks.told(world)
    return state, told | stocks(world, fixed, state)


def leave_alliances(world, state):
    """Whoever stands at none of an alliance's sites is in it no longer."""
    for m in range(world.members):
        for i in naive_life.alive(m, state):
            industry = state.kind[m, i] % world.industries
            clubs = [bool(state.kind[m, i] // world.industries >> k & 1) and (
                state.anchor[m, i] != 0 or alliance.where[state.site[m, i]])
                     for k, alliance in enumerate(world.alliances)]
            state.kind[m, i] = industry + world.industries * sum(2 ** k for k, belongs in enumerate(clubs) if belongs)


# -- what policies do, and what sites offer ---------------------------------------------------------------

def levers_of(world, fixed, q):
    """Statuses of the region, then every policy in turn as far as it is perceived."""
    levers = neutral(world.classes, world.sites, len(world.alliances))
    regimes = {name: np.maximum(levers.regimes[name], level[q + 1]) for name, level in world.statuses.items()}
    levers = levers._replace(regimes=regimes, constant=fixed.constant)
    for policy in world.policies:
        entry = policies.registry.get(policy.instrument)
        if not entry.network:
            dated = SimpleNamespace(**vars(policy), quarter=q, since=world.calendar.first + q - policy.start)
            share = np.array([perceived(world, policy, m, q) for m in range(world.members)])
            levers = entry(levers, dated, world, share)
    return levers._replace(floor=levers.land * world.base_floor)


def perceived(world, policy, m, q):
    """Share of a policy that a member's enterprises perceive in the middle of a quarter."""
    now, start = world.calendar.first + q, own(policy.start, m)
    announced = start if policy.announced is None else own(policy.announced, m)
    head_start = own(policy.credibility, m) if announced < start else 0.0
    if now < start:
        return head_start if announced <= now else 0.0
    risen = head_start + (1 - head_start) * erlang((now + 0.5 - start) / 4, policy, m)
    if policy.end is not None and now >= own(policy.end, m):
        risen *= 1 - erlang((now + 0.5 - own(policy.end, m)) / 4, policy, m)
    return risen


def erlang(years, policy, m):
    """P(sum of k exponential waits <= years), the mean of the sum being the lag."""
    lag, k = own(policy.lag, m), int(own(policy.lag_shape, m))
    if lag == 0:
        return 1.0
    return 1 - sum(math.exp(-k * years / lag) * (k * years / lag) ** n / math.factorial(n) for n in range(k))


def tables_of(world, levers, q):
    """The terms' tables by class and site, those with a loading apart, relief apart where registration is."""
    by_class, personal, loading_of = np.zeros((world.members, world.classes, world.sites)), [], []
    places = world.places
    for entry in terms.registry.entries():
        if entry.peers or entry.loading == "grant":
            continue
        table = entry(world, levers, q)
        if isinstance(entry.loading, tuple):
            for name, part in zip(entry.loading, table):
                personal.append(np.zeros_like(by_class) + part)
                loading_of.append(kernel_arrays.LOADINGS.index(name))
            continue
        table = np.zeros_like(by_class) + table
        if entry.legal and places.separate:
            places = places._replace(relief=table)
        elif entry.loading:
            personal.append(table)
            loading_of.append(kernel_arrays.LOADINGS.index(entry.loading))
        else:
            by_class += table
    awards = [np.stack([np.zeros((world.members, *each.shape[1:])) + each for each in column], axis=1)
              for column in zip(*levers.awards)]
    nothing = [np.zeros((1, 0, world.classes, world.sites)), *(np.zeros((1, 0, world.classes)) for _ in range(2))]
    return kernel_arrays.Tables(
        site=np.zeros((1, world.sites)), by_class=by_class, personal=np.stack(personal, axis=1), loading_of=loading_of,
        varies=np.ones(len(personal), np.int64),
        grant=levers.grant, awards=kernel_arrays.Awards(*(awards or nothing)), grant_beta=world.p.terms.grant.beta,
        cost_per_employee=world.p.land.cost_per_employee, benefit_quarters=levers.benefit_quarters,
        stay=stay_of(world), places=places, industries=world.industries, types=len(TYPES))


def stay_of(world):
    """Yearly rates ln((1 + r) / ((1 - h) (1 - m))) by age, of entrants and spin-offs; nothing else is read."""
    rate = [[[math.log((1 + own(world.p.terms.tax.discount_rate, m)) / (1 - h) / (1 - own(world.p.moving.rate, m)))
              for h in by_age] for by_age in hazard] for m, hazard in enumerate(hazard_of(world))]
    return np.stack([np.array(rate)] * 3, axis=-1)


def peers_of(world, fixed, levers):
    """Who counts for whom and how much a site counts at another, at the distances that are felt this quarter."""
    found = [term for term in (entry(world, levers) for entry in terms.registry.entries() if entry.peers)
             if max(term.row_of_kind) >= 0]
    rows, kinds = max(term.phi.shape[-2] for term in found), len(world.industry_of_kind)
    phi = np.zeros((world.members, len(found), rows, kinds), np.int64)
    w = np.zeros((world.members, world.sites, world.sites), np.int64)
    for m in range(world.members):
        for p, term in enumerate(found):
            given = term.phi if term.phi.ndim == 2 else own(term.phi, m)
            for row, kind in np.ndindex(given.shape):
                phi[m, p, row, kind] = round(given[row, kind] * 1024)
        for j, k in np.ndindex(world.sites, world.sites):
            km = world.distance[j, k] * own(levers.distance, m)[j, k]
            w[m, j, k] = round(decay(km, own(world.p.peers.decay, m), j == k) * 2 ** 24)
    gamma = np.array([[own(term.gamma, m) for term in found] for m in range(world.members)])
    return fixed.peers._replace(gamma=gamma, phi=phi, w=w, row_of_kind=np.stack([term.row_of_kind for term in found]),
                                form=FORMS[world.p.peers.form], live=int(world.p.peers.counts == "live"))


def decay(km, scale, same):
    return math.exp(-km / scale) if scale > 0 else float(same)


# -- floor ------------------------------------------------------------------------------------------------

def market_of(world, fixed, economy, levers):
    """Rent, floor in use, unmet demand and the red lines' premium, site by site, on the opening stocks."""
    shape, p = (world.members, world.sites), world.p.land
    found = {"rent": np.ones(shape), "floor": np.ones(shape), "unmet_demand": np.zeros(shape),
             "red_line_premium": np.zeros(shape), "at_capacity": np.zeros(shape)}
    for m, j in np.ndindex(shape) if p.rents != "frozen" else ():
        employees = int(economy.employees[m, j])
        for i in naive_life.alive(m, economy.state):
            number = abs(economy.state.anchor[m, i])
            if number and economy.state.site[m, i] == j:           # a campus of its own is not rented
                share = own(world.anchors[number - 1].own_floor, m)
                employees -= int(share * 1024 * math.exp(economy.state.log_size[m, i]))
        spent = own(p.floor_share, m) * own(p.cost_per_employee, m) * employees / 1024
        total, base = own(fixed.background, m)[j] + spent, own(fixed.base_spending, m)[j]
        land, open_land = own(levers.land, m)[j], own(levers.open_land, m)[j]
        rent = naive_life.rent(total / base, land, own(p.elasticity, m), own(p.slack, m))
        free = naive_life.rent(total / base, land / open_land, own(p.elasticity, m), own(p.slack, m))
        for name, value in {"rent": rent, "floor": total / base / rent, "unmet_demand": total * (1 - 1 / rent),
                            "red_line_premium": rent / free - 1,
                            "at_capacity": float(total / base / rent >= own(p.slack, m) * land * (1 - 1e-12))}.items():
            found[name][m, j] = value
    return found


def density_of(world, fixed, employees):
    """ln(1 + whole employees around a site, weighted by distance), at the opening."""
    found = np.zeros((world.members, world.sites))
    for m, j in np.ndindex(found.shape):
        w = own(fixed.peers.w, m)
        around = sum(int(w[k, j]) * (int(employees[m, k]) // 1024) for k in range(world.sites))
        found[m, j] = math.log1p(around / 2 ** 24)
    return found


# -- enterprises close, grow, found others, come ----------------------------------------------------------

def hazard_of(world):
    """Yearly hazards of every member by age, and the same of spin-offs, times their factor."""
    p, aged, hazard = world.p.exit, world.p.switches.exit == "age", []
    for m in range(world.members):
        by_age = [own(p.headquarters_factor, m) * h for h in p.hazard_by_age] if aged else [own(p.constant, m)]
        child = own(world.p.spinoff.hazard_factor, m) if aged else 1.0
        hazard.append([by_age, [child * h for h in by_age]])
    return hazard


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


# -- what is counted --------------------------------------------------------------------------------------

class Looks:
    """Headquarters looked at after every process, so that each event counts as it is."""

    def __init__(self, state, criteria):
        self.criteria, self.found = criteria, collections.Counter()
        self.standing = naive_headquarters.standing(state, criteria)

    def look(self, state, choosing=False):
        now = naive_headquarters.standing(state, self.criteria)
        self.found.update(naive_headquarters.events(self.standing, now, choosing))
        self.standing = now

    def told(self, world):
        place = (world.members, world.sites)
        arrays = {name: np.zeros(place, int) for name in ("entries", "spinoffs", "exits", "growth")}
        arrays["flows"] = np.zeros((*place, world.sites + 1), int)
        for (name, *at), number in self.found.items():
            arrays[name][tuple(at)] += number
        return {f"headquarters_{name}": array for name, array in arrays.items()}


def census(world, q, state):
    by_age = np.zeros((world.members, 3, 61), int)
    naive_life.census(q, state, by_age)
    return by_age


def no_events(world):
    cube = (world.members, world.sites, world.industries, len(TYPES))
    flows = (world.members, world.industries, world.sites, world.sites + 1)
    return {"entries": np.zeros(cube, int), "spinoffs": np.zeros(cube, int), "exits": np.zeros(cube, int),
            "flows": np.zeros(flows, int), "declined": np.zeros(world.members, int)}


def stocks(world, fixed, state):
    """Enterprises, headquarters, peers and employees of the close."""
    cube = (world.members, world.sites, world.industries, len(TYPES))
    found = {"counts": np.zeros((world.members, len(world.industry_of_kind), world.sites), int),
             "enterprises": np.zeros(cube, int), "headquarters": np.zeros(cube, int),
             "employees": np.zeros((world.members, world.sites), int)}
    naive_life.count(state, fixed.criteria, *found.values())
    return found
