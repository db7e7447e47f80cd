"""What was assumed, beside what was found: the direct change of utility that each policy brings."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim import policies
from sim.kernels import arrays
from sim.model import assemble, choice_tables, opening_population
from sim.model.ensemble import Member
from sim.model.simulate import members_of
from sim.policies.effects import ThroughPeers
from sim.results import direct_effects_peers

COLUMNS = ("policy", "instrument", "industry", "hq_type", "high_tech", "arrives_as", "sites", "quarter",
           "perceived", "dv", "dv_lowest", "dv_highest", "through", "concerns")
ARRIVES = {"newcomer": arrays.NEWCOMER, "mover": arrays.MOVER}


def effects(region, scenario):
    """DataFrame: per policy and class the direct dV, averaged over the policy's sites.

    dV = V with the policy less V without it, all else equal, in the last quarter in which it is in
    force and as if everybody knew it: no peers, no rents, nobody has moved. `perceived` is the share
    of the policy that the lag lets through by then. Exposure is the industry's mean, the taste for
    low tax its median, size the median. Units of the error's scale. What acts
    through peers has the peers' part at the opening counts, as the column `through` says; an enclave
    has both, in rows apart.
    """
    member = members_of(scenario, [0])[0]
    world = assemble.build(region, [member])
    rows = [row for policy in world.policies for row in _policy(region, member, world, policy)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _policy(region, member, world, policy):
    """Rows of one policy: whatever its instrument says is to be compared."""
    quarter, known = _last_quarter(world, policy), _known(world)
    when = _when(world, policy, quarter)
    instrument = policies.registry.get(policy.instrument)
    for effect in instrument.direct_effect(policy, known, direct_effects_peers.Opening(known, quarter)):
        if isinstance(effect, ThroughPeers):
            change = direct_effects_peers.change(known, quarter, effect)
            told, rows = (*when, "peers at the opening counts", effect.concerns), _newcomers(world)
        else:
            rest = _without(region, member, policy) if instrument.network else world
            change = _offers(known, quarter) - _offers(_known(rest), quarter, without=policy.name)
            told, rows, change = (*when, "offers", "all"), _arriving(world), change[:, effect.sites]
        yield from (_row(world, policy, arrives, c, change[k], told) for arrives, c, k in rows)


def _newcomers(world):
    """(how it arrives, class, row) where newcomers stand for both."""
    first = np.flatnonzero(world.status_of_class == arrays.NEWCOMER)
    return [(arrives, c, k) for arrives in ARRIVES for k, c in enumerate(first)]


def _arriving(world):
    """(how it arrives, class, row) of all classes that arrive."""
    return [(arrives, c, c) for arrives, status in ARRIVES.items()
            for c in np.flatnonzero(world.status_of_class == status)]


def _without(region, member, policy):
    """The world without a policy that changes the network."""
    others = tuple(other for other in member.policies if other[0] != policy.name)
    return assemble.build(region, [Member(member.values, others, member.replicate)])


def _when(world, policy, quarter):
    """Label of a quarter, and the share of the policy that is perceived in it."""
    return world.calendar.labels()[quarter + 1], float(choice_tables.intensity(policy, world.calendar, quarter)[0])


def _known(world):
    """The world with policies that are perceived at once."""
    at_once = [SimpleNamespace(**{**vars(policy), "lag": np.zeros(1)}) for policy in world.policies]
    return dataclasses.replace(world, policies=tuple(at_once))


def _last_quarter(world, policy):
    last = world.calendar.length - 1
    if policy.end is not None:
        last = min(last, int(policy.end[0]) - world.calendar.first - 1)
    return max(last, 0)


def _offers(world, quarter, without=None):
    """(class, site) utility of a typical enterprise of each class, peers and errors apart."""
    flat = np.ones((1, world.sites))
    levers = choice_tables.levers_at(world, quarter, np.zeros((1, world.sites)), flat, without)
    offers = choice_tables.choice_tables(world, levers, quarter)
    traits = opening_population.traits(world)
    typical = {"trade": traits.trade[world.industry_of_class], "rnd": traits.rnd[world.industry_of_class],
               "tax": np.ones(world.classes)}
    value = offers.site[0][None, :] + offers.by_class[0]
    for k, column in enumerate(offers.loading_of):
        loading = typical.get(arrays.LOADINGS[column].removeprefix("taste_"))
        if loading is not None:
            value = value + loading[:, None] * offers.personal[0, k]
    worth = _worth(world, levers, offers)
    return value + (_seen_from_sites(worth, offers.places) if offers.places.separate else worth)


def _worth(world, levers, offers):
    """(class, legal place) what taxes and grants are worth to a typical enterprise of the class.

    Awards count for those classes whose median enterprise meets the thresholds.
    """
    p = world.p
    typical = p.population.median_size[0]
    research = opening_population.traits(world).rnd[world.industry_of_class]
    grant = levers.grant[0]
    for award in levers.awards:
        meets = (np.log(typical) >= award.bar[0]) & (typical * research >= award.research[0])
        grant = grant + award.amount[0] * meets[:, None]
    worth = p.terms.grant.beta[0] * np.log1p(grant / (p.land.cost_per_employee[0] * typical))
    return worth + offers.places.relief[0] if offers.places.relief.size else worth


def _seen_from_sites(worth, places):
    """(class, site) l_r ln sum_r q_rj e^(w_r / l_r): the worth of legal places, seen from sites."""
    scale, top = places.scale[0], np.maximum(worth.max(axis=1, keepdims=True), 0.0)
    inside = np.einsum("cr,rj->cj", np.exp((worth - top) / scale), places.home[0])
    return top + scale * np.log(inside)


def _row(world, policy, arrives, c, change, told):
    return (policy.name, policy.instrument, world.region.industries.index[world.industry_of_class[c]],
            world.type_names[world.type_of_class[c]], int(world.hightech_of_class[c]), arrives,
            len(change), *told[:2], float(change.mean()), float(change.min()), float(change.max()), *told[2:])
