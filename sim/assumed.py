"""What was assumed, beside what was found: the direct change of utility that each policy brings."""

import numpy as np
import pandas as pd

from sim import assembly, assumed_peers, population, tables
from sim.ensemble import Member
from sim.kernels import layout

ARRIVES = {"newcomer": layout.NEWCOMER, "mover": layout.MOVER}


def effects(region, scenario):
    """DataFrame: per policy and class the direct dV, averaged over the policy's sites.

    dV = V with the policy less V without it, all else equal, in the last quarter in which it is in
    force: no peers, no rents, nobody has moved. Exposure is the industry's mean, the taste for low
    tax its median, size the median. Units of the error's scale. An anchor and an alliance act through
    peers alone: theirs is the peers' part at the opening counts, as the column `through` says.
    """
    member = Member(scenario.values, tuple((name, scenario.instruments[name], section)
                                           for name, section in scenario.values.policies.items()), 0)
    rows = [row for name in scenario.values.policies for row in _policy(region, member, name)]
    return pd.DataFrame(rows, columns=["policy", "instrument", "industry", "hq_type", "high_tech",
                                       "arrives_as", "sites", "quarter", "dv", "dv_lowest", "dv_highest", "through",
                                       "concerns"])


def _policy(region, member, name):
    with_all = assembly.build(region, [member])
    policy = next(p for p in with_all.policies if p.name == name)
    if policy.instrument in assumed_peers.INSTRUMENTS:
        return _through_peers(with_all, policy)
    rest = tuple(policy for policy in member.policies if policy[0] != name)
    without = assembly.build(region, [Member(member.values, rest, member.replicate)])
    quarter = _last_quarter(with_all, policy)
    change = (_offers(with_all, quarter) - _offers(without, quarter))
    touched = np.flatnonzero(policy.where) if not _is_network(policy.instrument) else np.arange(with_all.sites)
    label = with_all.calendar.labels()[quarter + 1]
    return [_row(with_all, policy, arrives, c, change[c][touched], (label, "offers", "all"))
            for arrives, status in ARRIVES.items()
            for c in np.flatnonzero(with_all.status_of_class == status)]


def _through_peers(world, policy):
    """Rows of an anchor, at the sites where it may stand, or of an alliance, at all sites."""
    quarter = _last_quarter(world, policy)
    label = world.calendar.labels()[quarter + 1]
    hosted = policy.instrument == "anchor" and not policy.chooses[0]
    touched = np.flatnonzero(policy.where)[:1] if hosted else np.arange(world.sites)
    first = np.flatnonzero(world.status_of_class == layout.NEWCOMER)
    return [_row(world, policy, arrives, c, change[k][touched], (label, "peers at the opening counts", whom))
            for whom, change in assumed_peers.effects(world, policy, quarter) for arrives in ARRIVES
            for k, c in enumerate(first)]


def _is_network(instrument):
    from sim import policies
    return policies.registry.get(instrument).network


def _last_quarter(world, policy):
    last = world.calendar.length - 1
    if policy.end is not None:
        last = min(last, int(policy.end[0]) - world.calendar.first - 1)
    return max(last, 0)


def _offers(world, quarter):
    """(class, site) utility of a typical enterprise of each class, peers and errors apart."""
    flat = np.ones((1, world.sites))
    levers = tables.levers_at(world, quarter, np.zeros((1, world.sites)), flat)
    offers = tables.choice_tables(world, levers, quarter)
    traits = population.traits(world)
    typical = {"trade": traits.trade[world.industry_of_class], "rnd": traits.rnd[world.industry_of_class],
               "tax": np.ones(world.classes)}
    value = offers.site[0][None, :] + offers.by_class[0]
    for k, column in enumerate(offers.loading_of):
        loading = typical.get(layout.LOADINGS[column].removeprefix("taste_"))
        if loading is not None:
            value = value + loading[:, None] * offers.personal[0, k]
    cost = world.p.land.cost_per_employee[0] * world.p.population.median_size[0]
    return value + world.p.terms.grant.beta[0] * np.log1p(levers.grant[0] / cost)


def _row(world, policy, arrives, c, change, told):
    label, *acts = told
    return (policy.name, policy.instrument, world.region.industries.index[world.industry_of_class[c]],
            world.type_names[world.type_of_class[c]], int(world.hightech_of_class[c]), arrives,
            len(change), label, float(change.mean()), float(change.min()), float(change.max()), *acts)
