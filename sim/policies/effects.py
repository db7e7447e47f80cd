"""What an instrument's direct effect compares; no instrument is registered here.

A direct effect is the change of utility that a policy brings, all else equal: nobody has moved, no rent
has changed. An instrument is registered with `direct_effect`, a function (policy, world, opening) ->
iterable of AtSites and ThroughPeers. It says what is to be compared, and where; `direct_effects` values both
sides by the terms, so that no weight is written a second time and no instrument knows the engine. `world`
is as assembly made it from the scenario's values and the region. `opening` has:

    quarter          number of the quarter looked at, the last in which the policy is in force
    levers           those of the quarter, every policy perceived at once
    without(name)    the same without the policy of that name
    counts(name)     (1, kind, site) peers at the opening, in sixteenths, without the enterprise that a policy of
                     that name brought; counts() has everybody
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.policies.levers import Levers

if TYPE_CHECKING:
    from types import SimpleNamespace

    from sim.model.world import World
    from sim.results.direct_effects import Opening


class Situation(NamedTuple):
    """What an enterprise finds."""

    levers: Levers
    counts: np.ndarray         # (1, kind, site) peers, in sixteenths
    alliances: int = 0         # bits of those that it belongs to


class AtSites(NamedTuple):
    """What sites offer, with the policy and without it."""

    sites: np.ndarray          # their numbers


class ThroughPeers(NamedTuple):
    """What peers are worth in two situations."""

    concerns: str              # whom
    sites: np.ndarray          # their numbers
    before: Situation
    after: tuple[Situation, ...]  # one for all sites, or one for each


def at_its_sites(policy: SimpleNamespace, world: World, opening: Opening) -> list[AtSites]:
    """What the policy's sites offer."""
    return [AtSites(np.flatnonzero(policy.where))]


def everywhere(policy: SimpleNamespace, world: World, opening: Opening) -> list[AtSites]:
    """What all sites offer."""
    return [AtSites(np.arange(world.sites))]
