"""What was assumed, beside what was found: the direct change of utility that each policy brings.

dV = V with the policy less V without it, V the sum of `sim.model.utility`, for enterprises that are typical of their
class and arrive from outside.
"""

import functools
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import policies
from sim.kernels import arrays
from sim.kernels.arrays import State
from sim.model import assemble, choice_tables, opening_population, utility
from sim.model.ensemble import Member, members_of
from sim.model.processes import anchors
from sim.model.utility import Choosers, Snapshot
from sim.model.world import World
from sim.policies.effects import Situation, ThroughPeers
from sim.policies.levers import Levers
from sim.region.load import Region
from sim.results import summary
from sim.results.assumed_gain import known_to_all
from sim.scenario.load import Scenario

COLUMNS = ("policy", "instrument", "industry", "hq_type", "high_tech", "status", "sites", "quarter",
           "perceived", "dv", "dv_lowest", "dv_highest", "channel", "applies_to")
ARRIVES = {"newcomer": arrays.NEWCOMER, "mover": arrays.MOVER}


def effects(region: Region, scenario: Scenario) -> pd.DataFrame:
    """DataFrame: per policy and class the direct dV, averaged over the policy's sites.

    dV = V with the policy less V without it, all else equal, in the last quarter in which it is in
    force and as if everybody knew it: no peers, no rents, nobody has moved. `perceived` is the share
    of the policy that the lag lets through by then. Exposure is the industry's mean, the taste for
    low tax its median, size the median. Units of the error's scale. What acts
    through peers has the peers' part at the initial counts, as the column `channel` says; an enclave
    has both, in rows apart.
    """
    member = members_of(scenario, [0])[0]
    world = assemble.build(region, [member])
    rows = [row for policy in world.policies for row in _policy(region, member, world, policy)]
    return pd.DataFrame(rows, columns=COLUMNS)


def csv(region: Region, scenario: Scenario) -> bytes:
    """The same as a table in a file."""
    return summary.csv_of(effects(region, scenario))


def _policy(region: Region, member: Member, world: World, policy: SimpleNamespace) -> Iterator[tuple[Any, ...]]:
    """Rows of one policy: whatever its instrument says is to be compared."""
    quarter, known = _last_quarter(world, policy), known_to_all(world)
    when = _when(world, policy, quarter)
    classes = np.concatenate([np.flatnonzero(world.status_of_class == status) for status in ARRIVES.values()])
    instrument, opening = policies.registry.get(policy.instrument), Opening(known, quarter)
    for effect in instrument.direct_effect(policy, known, opening):
        if isinstance(effect, ThroughPeers):
            change = _through_peers(known, quarter, effect, classes)
            told = *when, "peers at initial counts", effect.concerns
        else:
            rest = Opening(known_to_all(_without(region, member, policy)), quarter) if instrument.network else opening
            change, told = (opening.offers(classes) - rest.offers(classes, policy.name))[:, effect.sites], \
                (*when, "site utility", "all")
        yield from (_row(world, policy, c, of_class, told) for c, of_class in zip(classes, change, strict=True))


class Opening:
    """What instruments compare, as `sim.policies.effects` lists it: the first member's counts of the opening.

    `world` has policies that are perceived at once; nobody is counted before somebody asks.
    """

    def __init__(self, world: World, quarter: int) -> None:
        self.world, self.quarter = world, quarter

    @functools.cached_property
    def levers(self) -> Levers:
        """Those of the quarter."""
        return self.without(None)

    def without(self, name: str | None) -> Levers:
        """The same without the policy of that name."""
        flat = np.zeros((1, self.world.sites))
        return choice_tables.levers_at(self.world, self.quarter, flat, flat + 1.0, (name,))

    def offers(self, classes: NDArray[np.intp], without: str | None = None) -> NDArray[np.float64]:
        """(class, site) what sites offer without the policy of that name, peers apart."""
        nobody = np.zeros((1, len(self.world.industry_of_kind), self.world.sites), np.int64)
        seen = _seen(self.world, self.quarter, Situation(self.without(without), nobody), classes)
        looking = utility.through_peers(*seen)
        value: NDArray[np.float64] = sum(  # type: ignore[assignment]  # of no addends it would be 0
            value for name, value in utility.addends(*seen).items() if name not in looking)
        return value[:, :-1]

    def counts(self, name: str | None = None) -> NDArray[np.int64]:
        """(1, kind, site) sixteenths, without the enterprise that a policy of that name brought."""
        world, state = self.world, self._state
        number = 1 + [*(each.name for each in world.anchors), name].index(name)
        here = (state.site[0] >= 0) & (np.abs(state.anchor[0]) != number)
        counts = np.zeros((1, len(world.industry_of_kind), world.sites), np.int64)
        np.add.at(counts[0], (state.kind[0][here], state.site[0][here]), state.weight[0][here])
        return counts

    @functools.cached_property
    def _state(self) -> State:
        traits = opening_population.traits(self.world)
        return anchors.placed(self.world, traits, opening_population.opening(self.world, traits).state)


def _through_peers(world: World, quarter: int, effect: ThroughPeers, classes: NDArray[np.intp]) -> NDArray[np.float64]:
    """(class, site) dV of a ThroughPeers at its sites."""
    before, *after = (_of_peers(world, quarter, found, classes) for found in (effect.before, *effect.after))
    if len(after) == 1:
        return (after[0] - before)[:, effect.sites]
    return np.stack([(value - before)[:, site] for site, value in zip(effect.sites, after)], axis=1)


def _of_peers(world: World, quarter: int, situation: Situation, classes: NDArray[np.intp]) -> NDArray[np.float64]:
    """(class, site) what peers are worth in a situation."""
    value: NDArray[np.float64] = sum(  # type: ignore[assignment]  # of no addends it would be 0
        utility.through_peers(*_seen(world, quarter, situation, classes)).values())
    return value


def _seen(world: World, quarter: int, situation: Situation, classes: NDArray[np.intp]) -> tuple[Snapshot, Choosers]:
    """(Snapshot, Choosers) of the first member's typical enterprises in a situation."""
    levers = situation.levers
    return utility.Snapshot(world, 0, quarter, levers, choice_tables.peer_tables(world, levers),
                            choice_tables.moving_tables(world, np.zeros((1, world.sites))), situation.counts[0]), \
        _typical(world, classes, situation.alliances)


def _typical(world: World, classes: NDArray[np.intp], alliances: int) -> Choosers:
    """Choosers of these classes from outside: exposures their industry's means, size and taste for low tax medians."""
    nobody, industry = np.zeros(len(classes), int), world.industry_of_class[classes]
    traits, loading = opening_population.traits(world), np.zeros((len(classes), len(arrays.LOADINGS)))
    for name, values in (("trade", traits.trade[industry]), ("rnd", traits.rnd[industry]), ("taste_tax", 1.0)):
        loading[:, arrays.LOADINGS.index(name)] = values
    status = world.status_of_class[classes]
    return utility.Choosers(
        site=nobody - 1, legal=nobody - 1, status=status, arriving=status, industry=industry,
        hq_type=world.type_of_class[classes], hightech=world.hightech_of_class[classes],
        kind=industry + world.industries * alliances, weight=nobody, age=nobody, loading=loading, held=nobody,
        spun=nobody, log_size=np.full(len(classes), traits.log_median[0]))


def _without(region: Region, member: Member, policy: SimpleNamespace) -> World:
    """The world without a policy that changes the network."""
    others = tuple(other for other in member.policies if other[0] != policy.name)
    return assemble.build(region, [Member(member.values, others, member.replicate)])


def _when(world: World, policy: SimpleNamespace, quarter: int) -> tuple[str, float]:
    """Label of a quarter, and the share of the policy that is perceived in it."""
    return world.calendar.labels()[quarter + 1], float(choice_tables.intensity(policy, world.calendar, quarter)[0])


def _last_quarter(world: World, policy: SimpleNamespace) -> int:
    last = world.calendar.length - 1
    if policy.end is not None:
        last = min(last, int(policy.end[0]) - world.calendar.first - 1)
    return max(last, 0)


def _row(world: World, policy: SimpleNamespace, c: int, change: NDArray[np.float64],
         told: Sequence[Any]) -> tuple[Any, ...]:
    arrives = next(name for name, status in ARRIVES.items() if status == world.status_of_class[c])
    return (policy.name, policy.instrument, world.region.industries.index[world.industry_of_class[c]],
            world.type_names[world.type_of_class[c]], int(world.hightech_of_class[c]), arrives,
            len(change), *told[:2], float(change.mean()), float(change.min()), float(change.max()), *told[2:])
