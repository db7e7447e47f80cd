"""What policies are assumed to do for the mean potential entrant: the number that stands beside what was found.

    dV = 1/N sum_i sum_{j in Z} P_ij (V_ij with - V_ij without) / sum_{j in Z} P_ij

i are the potential entrants over whom the base year averages entry, each with its own industry, type, high-tech status,
size, exposures, tastes and alliances: what some alone gain counts by how many they are. Z are sites, those of the zone
where nothing else is said: what is gained at some sites alone counts by how often entrants choose them. P_ij are choice
probabilities of the base year without the policies (nested logit, McFadden 1978), V is the sum of `sim.model.utility`.
Peers are those of the opening and rents the base year's, so that nothing in it is an answer of the model; head
enterprises that policies bring are themselves assumed and count. Policies act as if everybody knew of them, in the last
quarter in which most of them are in force. Mean over the first REPLICATES of the seed, for towns' shares of their
districts are drawn. Units of the error's scale.

To first order, peers and rents frozen, the log odds of Z against staying outside rise by dV.
"""

import dataclasses
import functools
from collections.abc import Container, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import terms
from sim.base.calendar import EVE
from sim.config.parameters import Section
from sim.kernels.choice.expected import logit
from sim.model import assemble, choice_tables, initialise, shared_history, utility
from sim.model.ensemble import Member
from sim.model.step import RunConstants
from sim.model.world import World
from sim.policies.anchor import as_peer
from sim.policies.levers import Levers
from sim.region.load import Region
from sim.scenario.load import Scenario
from sim.scenario.schema import Whole

REPLICATES = 4
LEAST = 1e-300                # below every probability
TINY = 1e-12                  # a change of utility that is none

Given = tuple[str, str, Section]      # a policy: its name, its instrument, its keys


class Gains(NamedTuple):
    """Of every sampled potential entrant at every site, the entrants of all replicates in a row."""

    parts: dict[str, NDArray[np.float64]]      # addend of V that changes -> (entrant, site) V with them less without
    chance: np.ndarray        # (entrant, site) P of the base year

    def mean(self, where: NDArray[np.bool_], part: str | None = None) -> float:
        """The dV of the module's equation at a mask of sites (site,), or one addend's part of it; 0 without sites."""
        change, chance = self._change(where, part), self.chance[:, where]
        weight = chance / np.maximum(chance.sum(axis=1, keepdims=True), LEAST)
        return float((weight * change).sum(axis=1).mean())

    def reached(self, where: NDArray[np.bool_]) -> float:
        """Share of potential entrants to whom the policies change anything at these sites."""
        return float((np.abs(self._change(where)) > TINY).any(axis=1).mean())

    def _change(self, where: NDArray[np.bool_], only: str | None = None) -> NDArray[np.float64]:
        """(entrant, site of a mask) what all addends change, or one."""
        parts = [part for name, part in self.parts.items() if only in (None, name)]
        change: NDArray[np.float64] = sum(parts, start=np.zeros(self.chance.shape))[:, where]
        return change


@dataclasses.dataclass(frozen=True)
class Offer:
    """The first replicates of a scenario at the opening, and their potential entrants."""

    world: World
    fixed: RunConstants       # of `step`, base years solved
    counts: np.ndarray        # (replicate, kind, site) peers at the opening, in sixteenths
    entrants: tuple[utility.Choosers, ...]     # one a replicate

    @functools.cached_property
    def chance(self) -> NDArray[np.float64]:
        """(entrant, site) probabilities of choice in the base year."""
        world, nests, found = self.world, self.world.nests, []
        levers = choice_tables.levers_at(world, EVE, self.fixed.constant, np.ones((1, world.sites)))
        for m, who in enumerate(self.entrants):
            v = utility.utility(_seen(self, EVE, levers, self.counts, m), who)
            logit(v, nests.of_site, nests.dissimilarity[m % len(nests.dissimilarity)])
            found.append(v[:, :-1])
        return np.concatenate(found)

    def at(self, quarter: int) -> dict[str, NDArray[np.float64]]:
        """`values` in a quarter, kept: many scenarios are set beside one."""
        if quarter not in self._known:
            self._known[quarter] = values(self, quarter)
        return self._known[quarter]

    @functools.cached_property
    def _known(self) -> dict[int, dict[str, NDArray[np.float64]]]:
        """Quarter -> `values`."""
        return {}


class Pair(NamedTuple):
    """A scenario with its policies, and the same with others in their place."""

    region: Region
    values: Whole             # the scenario's Sections
    here: Offer
    there: Offer
    own: list[str]            # names of the policies that are not in both, or not so
    quarter: int              # that is looked at
    chance: np.ndarray        # (entrant, site)


def pair(region: Region, scenario: Scenario, others: Sequence[Given] = (), there: Offer | None = None) -> Pair:
    """The Pair of a scenario and of the same without its policies, or with others: (name, instrument, Section).

    `there` is the Offer with the others, if it is at hand.
    """
    policies = [(name, scenario.instruments[name], section) for name, section in scenario.values.policies.items()]
    there = there or offer(region, scenario.values, others)
    here, own = offer(region, scenario.values, policies, there), differing(policies, others)
    return Pair(region, scenario.values, here, there, own, busiest_quarter(here.world, own), there.chance)


def gains(pair: Pair, only: str | None = None) -> Gains:
    """What all policies that differ bring together, through all addends of V or only one."""
    here = values(pair.here, pair.quarter, only)
    there = values(pair.there, pair.quarter, only) if only else pair.there.at(pair.quarter)
    change = {name: here[name] - there[name] for name in here}
    return Gains({name: each for name, each in change.items() if each.any()}, pair.chance)


def differing(policies: Sequence[Given], others: Sequence[Given]) -> list[str]:
    """Names of the policies, (name, instrument, Section) each, that are not in both lists, or not so."""
    mine, theirs = ({name: rest for name, *rest in each} for each in (policies, others))
    return [name for name in mine | theirs if mine.get(name) != theirs.get(name)]


def offer(region: Region, values: Whole, policies: Sequence[Given], there: Offer | None = None) -> Offer:
    """The Offer of a scenario's values with these policies: openings, and entrants as the base year samples them.

    An opening that is the same as `there` is not worked out again.
    """
    world = assemble.build(region, [Member(values, tuple(policies), replicate) for replicate in range(REPLICATES)])
    if there and shared_history.one_opening(there.world, world):
        return dataclasses.replace(there, world=world)
    fixed, economy, _ = initialise.prepare(world)
    sample = initialise.potential_entrants(world, fixed)
    slots = np.arange(sample.site.shape[1])
    return Offer(world, fixed, economy.counts,
                 tuple(utility.choosers(sample, m, slots, EVE) for m in range(REPLICATES)))


def values(offer: Offer, quarter: int, only: str | None = None) -> dict[str, NDArray[np.float64]]:
    """Addend of V -> (entrant, site) in a quarter, site constants apart; of all addends or only one."""
    world = known_to_all(offer.world)
    flat = np.zeros((1, world.sites))
    levers = choice_tables.levers_at(world, quarter, flat, flat + 1.0)
    looking = [entry.name for entry in terms.registry.entries() if entry.peers]
    counts = _with_anchors(offer, quarter) if only in (None, *looking) else offer.counts
    found = [utility.addends(_seen(offer, quarter, levers, counts, m), who, only)
             for m, who in enumerate(offer.entrants)]
    return {name: np.concatenate([each[name][:, :-1] for each in found]) for name in found[0]}


def known_to_all(world: World) -> World:
    """The world with policies that are perceived at once."""
    at_once = [SimpleNamespace(**{**vars(policy), "lag": np.zeros(1)}) for policy in world.policies]
    return dataclasses.replace(world, policies=tuple(at_once))


def busiest_quarter(world: World, names: Container[str]) -> int:
    """The last quarter of the run in which most of these policies are in force; the last of all if none ever is."""
    now = world.calendar.first + np.arange(world.calendar.length)
    in_force = [_in_force(policy, now) for policy in world.policies if policy.name in names]
    number = np.sum(in_force, axis=0) if in_force else np.zeros(len(now))
    return int(np.flatnonzero(number == number.max())[-1])


def _seen(offer: Offer, quarter: int, levers: Levers, counts: NDArray[Any], m: int) -> utility.Snapshot:
    return utility.Snapshot(offer.world, m, quarter, levers, choice_tables.peer_tables(offer.world, levers),
                            offer.fixed.moving, counts[m])


def _with_anchors(offer: Offer, quarter: int) -> NDArray[np.float64]:
    """(replicate, kind, site) peers of the opening with the head enterprises that are there in a quarter.

    One that chooses its site counts everywhere by the chance that the mean entrant goes there.
    """
    world, counts = offer.world, offer.counts.astype(float)
    for anchor in world.anchors:
        kind, weight = as_peer(world, anchor)
        then, now = (int(_in_force(anchor, world.calendar.first + q)) for q in (EVE, quarter))
        came = now - then
        if came:
            counts[:, kind] += came * weight[0] * _places(offer, anchor)
    return counts


def _in_force(policy: SimpleNamespace, now: Any) -> Any:
    return (policy.start[0] <= now) & (True if policy.end is None else now < policy.end[0])


def _places(offer: Offer, anchor: SimpleNamespace) -> NDArray[np.float64]:
    """(site,) where a head enterprise is, one in all."""
    if not anchor.chooses[0]:
        return np.asarray(np.arange(offer.world.sites) == np.flatnonzero(anchor.where)[0], float)
    chance: NDArray[np.float64] = offer.chance.mean(axis=0)
    return chance / float(chance.sum())
