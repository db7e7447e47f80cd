"""The opening as direct effects see it, and what its peers are worth."""

import functools

import numpy as np

from sim.kernels import arrays
from sim.kernels.choice.systematic_utility import base_utilities
from sim.model import choice_tables, opening_population
from sim.model.processes import anchors


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
        return choice_tables.levers_at(self.world, self.quarter, flat, flat + 1.0, without=name)

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


def change(world, quarter, effect):
    """(class, site) dV of a ThroughPeers at its sites, classes as in world, newcomers' alone."""
    before = _values(world, quarter, effect.before)
    if len(effect.after) == 1:
        return (_values(world, quarter, *effect.after) - before)[:, effect.sites]
    gains = [(_values(world, quarter, after) - before)[:, site] for site, after in zip(effect.sites, effect.after)]
    return np.stack(gains, axis=1)


def _values(world, quarter, situation):
    """(class, site) utilities of candidates of every newcomers' class in a situation, errors apart."""
    classes = np.flatnonzero(world.status_of_class == arrays.NEWCOMER)
    state = opening_population.empty_state(1, len(classes))
    state.site[:] = arrays.CANDIDATE
    for name, values in (("industry", world.industry_of_class), ("hq_type", world.type_of_class),
                         ("hightech", world.hightech_of_class)):
        getattr(state, name)[0] = values[classes]
    state.kind[0] = state.industry[0] + world.industries * situation.alliances
    offers = choice_tables.choice_tables(world, situation.levers, quarter)
    return base_utilities(quarter, 0, np.arange(len(classes)), state, situation.counts, offers,
                          choice_tables.peer_tables(world, situation.levers),
                          choice_tables.moving_tables(world, np.zeros(1)))[:, :-1]
