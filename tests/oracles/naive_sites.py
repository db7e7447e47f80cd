"""What sites offer in a quarter, in plain loops: levers of policies, tables of utility, peers, and the floor market."""

import math
from types import SimpleNamespace

import numpy as np

from sim import policies, terms
from sim.kernels import arrays as kernel_arrays
from sim.policies.levers import neutral
from sim.region.opening_stock import TYPES
from tests.oracles import naive_life
from tests.oracles.naive_draws import own

FORMS = {"log": kernel_arrays.LOG, "linear": kernel_arrays.LINEAR, "saturating": kernel_arrays.SATURATING,
         "table": kernel_arrays.TABLE}


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
