"""What was assumed, beside what was found: the direct change of utility that each policy brings.

dV = V with the policy less V without it, V the sum of `sim.model.utility`, for enterprises that are typical of their
class and arrive from outside.
"""

import functools

import numpy as np
import pandas as pd

from sim import policies
from sim.kernels import arrays
from sim.model import assemble, choice_tables, opening_population, utility
from sim.model.ensemble import Member, members_of
from sim.model.processes import anchors
from sim.policies.effects import Situation, ThroughPeers
from sim.results.assumed_gain import known_to_all

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
    quarter, known = _last_quarter(world, policy), known_to_all(world)
    when, classes = _when(world, policy, quarter), _arriving(world)
    instrument, opening = policies.registry.get(policy.instrument), Opening(known, quarter)
    for effect in instrument.direct_effect(policy, known, opening):
        if isinstance(effect, ThroughPeers):
            change = _through_peers(known, quarter, effect, classes)
            told = *when, "peers at the opening counts", effect.concerns
        else:
            rest = Opening(known_to_all(_without(region, member, policy)), quarter) if instrument.network else opening
            change, told = (opening.offers(classes) - rest.offers(classes, policy.name))[:, effect.sites], \
                (*when, "offers", "all")
        yield from (_row(world, policy, c, of_class, told) for c, of_class in zip(classes, change, strict=True))


class Opening:
    """What instruments compare, as `sim.policies.effects` lists it: the first member's counts of the opening.

    `world` has policies that are perceived at once; nobody is counted before somebody asks.
    """

    def __init__(self, world, quarter):
        self.world, self.quarter = world, quarter

    @functools.cached_property
    def levers(self):
        """Those of the quarter."""
        return self.without(None)

    def without(self, name):
        """The same without the policy of that name."""
        flat = np.zeros((1, self.world.sites))
        return choice_tables.levers_at(self.world, self.quarter, flat, flat + 1.0, (name,))

    def offers(self, classes, without=None):
        """(class, site) what sites offer without the policy of that name, peers apart."""
        nobody = np.zeros((1, len(self.world.industry_of_kind), self.world.sites), np.int64)
        seen = _seen(self.world, self.quarter, Situation(self.without(without), nobody), classes)
        looking = utility.through_peers(*seen)
        return sum(value for name, value in utility.addends(*seen).items() if name not in looking)[:, :-1]

    def counts(self, name=None):
        """(1, kind, site) sixteenths, without the enterprise that a policy of that name brought."""
        world, state = self.world, self._state
        number = 1 + [*(each.name for each in world.anchors), name].index(name)
        here = (state.site[0] >= 0) & (np.abs(state.anchor[0]) != number)
        counts = np.zeros((1, len(world.industry_of_kind), world.sites), np.int64)
        np.add.at(counts[0], (state.kind[0][here], state.site[0][here]), state.weight[0][here])
        return counts

    @functools.cached_property
    def _state(self):
        traits = opening_population.traits(self.world)
        return anchors.placed(self.world, traits, opening_population.opening(self.world, traits).state)


def _through_peers(world, quarter, effect, classes):
    """(class, site) dV of a ThroughPeers at its sites."""
    value = lambda found: sum(utility.through_peers(*_seen(world, quarter, found, classes)).values())    # noqa: E731
    before = value(effect.before)
    if len(effect.after) == 1:
        return (value(*effect.after) - before)[:, effect.sites]
    return np.stack([(value(after) - before)[:, site] for site, after in zip(effect.sites, effect.after)], axis=1)


def _seen(world, quarter, situation, classes):
    """(Snapshot, Choosers) of the first member's typical enterprises in a situation."""
    levers = situation.levers
    return utility.Snapshot(world, 0, quarter, levers, choice_tables.peer_tables(world, levers),
                            choice_tables.moving_tables(world, np.zeros(1)), situation.counts[0]), \
        _typical(world, classes, situation.alliances)


def _typical(world, classes, alliances):
    """Choosers of these classes from outside: exposures their industry's means, size and taste for low tax medians."""
    nobody, industry = np.zeros(len(classes), int), world.industry_of_class[classes]
    traits, loading = opening_population.traits(world), np.zeros((len(classes), len(arrays.LOADINGS)))
    for name, values in (("trade", traits.trade[industry]), ("rnd", traits.rnd[industry]), ("taste_tax", 1.0)):
        loading[:, arrays.LOADINGS.index(name)] = values
    status = world.status_of_class[classes]
    return utility.Choosers(
        site=nobody - 1, legal=nobody - 1, status=status, arriving=status, industry=industry,
        hq_type=world.type_of_class[classes], hightech=world.hightech_of_class[classes],
        kind=industry + world.industries * alliances, weight=nobody, age=nobody, loading=loading,
        log_size=np.full(len(classes), traits.log_median[0]))


def _arriving(world):
    """(class,) those that arrive, newcomers first."""
    return np.concatenate([np.flatnonzero(world.status_of_class == status) for status in ARRIVES.values()])


def _without(region, member, policy):
    """The world without a policy that changes the network."""
    others = tuple(other for other in member.policies if other[0] != policy.name)
    return assemble.build(region, [Member(member.values, others, member.replicate)])


def _when(world, policy, quarter):
    """Label of a quarter, and the share of the policy that is perceived in it."""
    return world.calendar.labels()[quarter + 1], float(choice_tables.intensity(policy, world.calendar, quarter)[0])


def _last_quarter(world, policy):
    last = world.calendar.length - 1
    if policy.end is not None:
        last = min(last, int(policy.end[0]) - world.calendar.first - 1)
    return max(last, 0)


def _row(world, policy, c, change, told):
    arrives = next(name for name, status in ARRIVES.items() if status == world.status_of_class[c])
    return (policy.name, policy.instrument, world.region.industries.index[world.industry_of_class[c]],
            world.type_names[world.type_of_class[c]], int(world.hightech_of_class[c]), arrives,
            len(change), *told[:2], float(change.mean()), float(change.min()), float(change.max()), *told[2:])
