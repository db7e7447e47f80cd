"""Spin-offs: entrants who leave an enterprise of the region, and often stay beside it.

The rate of a parent is c (size / median)^psi a quarter. Potential entrants from outside come at
`entry.rate` less the share of spin-offs; c is such that in the base year the expected spin-offs
that enter are that share of all expected entrants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.kernels import arrays
from sim.kernels.choice.initial_errors import settle_those
from sim.kernels.firms import spinoff
from sim.model import opening_errors
from sim.model.opening_population import with_room
from sim.model.processes import anchors, demography
from sim.scenario.sections.demography import entering_share, potential_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.kernels.choice.choice import Work
    from sim.model.step import RunConstants
    from sim.model.world import World

NOBODY = np.empty((2, 0), np.int64)


def base_rate(world: World, traits: arrays.Traits, state: arrays.State) -> NDArray[np.float64]:
    """(member,) spin-offs a quarter of an enterprise of median size, solved or as the scenario gives it."""
    p = world.p
    if not p.switches.churn[0]:
        return np.zeros(1)
    if not isinstance(p.spinoff.rate, str):
        return 0.25 * p.spinoff.rate
    wanted = np.broadcast_to(0.25 * _entering(p) * p.population.candidates, (world.members,))
    return np.array([_solved(world, m, wanted[m], _relative(world, traits, state, m)[1])
                     for m in range(world.members)])


def _entering(p):
    """(member,) spin-offs a year and candidate of whom `share` of all entrants are.

    Of S spin-offs and X potential entrants S (stay + (1 - stay) (1 - o)) and X (1 - o) enter, o the
    share of those who choose that stays outside.
    """
    enter = entering_share(p)
    return p.spinoff.share * potential_rate(p) * enter / (p.spinoff.stay + (1.0 - p.spinoff.stay) * enter)


def _relative(world, traits, state, m):
    """Live slots of a member, and their (size / median)^psi, an anchor's times its multiplier."""
    slots = np.flatnonzero(state.site[m] >= 0)
    return slots, _of_median(world, traits, state.anchor[m, slots], state.log_size[m, slots], m)


def _of_median(world, traits, anchor, log_size, m):
    """(slot,) rate relative to an enterprise of median size, of enterprises of member m."""
    one = lambda values: values[m % len(values)]                  # noqa: E731
    multiplier = anchors.spinoff_multiplier(world)[m, np.abs(anchor)]
    return multiplier * np.exp(one(world.p.spinoff.size_exponent) * (log_size - one(traits.log_median)))


def _solved(world, m, wanted, relative):
    """c with sum_i min(1, c relative_i) = wanted: those at the bound are found one round after another."""
    if wanted >= len(relative):
        raise InputError(Problem(
            "", "spinoff.share", _("{count:.4g} spin-offs a quarter would leave {enterprises} enterprises in replicate "
                                   "{replicate}", count=wanted, enterprises=len(relative),
                                   replicate=world.replicates[m]),
            _("fewer than one each"), _("lower spinoff.share or entry.rate")))
    bound, c = np.zeros(len(relative), bool), 0.0
    while True:
        c = (wanted - bound.sum()) / relative[~bound].sum()
        if not (beyond := (c * relative > 1.0) & ~bound).any():
            return c
        bound |= beyond


def expected(world: World, rate: NDArray[np.float64], traits: arrays.Traits, state: arrays.State,
             m: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Slots of a member's enterprises and the probability that a spin-off leaves each this quarter."""
    slots, relative = _relative(world, traits, state, m)
    return slots, np.minimum(1.0, rate[m % len(rate)] * relative)


def chance(world: World, fixed: RunConstants, people: arrays.State, m: int) -> NDArray[np.float64]:
    """(slot,) probability that a spin-off leaves enterprises of member m this quarter.

    people holds (slot,) arrays.
    """
    rate = fixed.spinoff_rate[m % len(fixed.spinoff_rate)]
    return np.minimum(1.0, rate * _of_median(world, fixed.traits, people.anchor, people.log_size, m))


def spinoffs(world: World, fixed: RunConstants, quarter: int, state: arrays.State, offers: arrays.Tables,
             events: arrays.Events, scratch: dict | None = None) -> tuple[arrays.State, NDArray[np.int64]]:
    """The State with this quarter's spin-offs, and (member, slot) of those that stay; the others are candidates."""
    p = world.p.spinoff
    if not fixed.spinoff_rate.any():
        return state, NOBODY
    marked = np.empty(state.site.shape, np.uint8)
    rate = fixed.spinoff_rate[:, None] * anchors.spinoff_multiplier(world)
    number = spinoff.mark_parents(quarter, state, fixed.streams["spinoff"], rate, p.size_exponent, fixed.traits,
                                  marked, scratch)
    state = with_room(state, int(number.max()))
    came, stayed = spinoff.found(quarter, fixed.streams["attributes"], marked, number, p.same_industry, p.stay,
                                 fixed.traits, state, offers, events, scratch)
    demography.refuse_giants(world, quarter, state, *demography.DRAWN, came)
    return state, stayed


def settle(world: World, fixed: RunConstants, quarter: int, state: arrays.State,
           stayed: NDArray[np.int64], counts: NDArray[np.int64],
           offers: arrays.Tables, work: Work | None = None) -> None:
    """Spin-offs that stayed get the first error vector under which they would stay: that is why they did.

    `work` is that of choices by these offers, if there is one.
    """
    member, slot = stayed
    if len(member):
        settle_those(quarter, member, slot, state, counts, offers, world.nests, fixed.peers, fixed.moving, world.keys,
                     opening_errors.tries(world)[1], work)
