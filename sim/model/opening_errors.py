"""Errors of the opening stock, by their laws given the place where each enterprise stands.

It stands at j because it chose j, so they are not those of just anybody (j is given, see `opening_population`):

    errors of the choice by which it came    V_j + e_j >= V_k + e_k             for all k, moving costs apart
    errors of a review at which it stayed    V_j + e_j >= V_k + e_k - c_jk      for all k

The errors that it has are those of the choice by which it entered with probability (1 - h)^a (1 - b), a its age in
quarters, h the chance of a review with new errors, b the share of spin-offs that stay among those who enter, whose
errors are such that they stayed; else of a review, by which it came with probability 1 - P_jj: as many come as leave.
Who came by them leaves at a review that keeps them only for a place that gains more than the move costs. What a mover's
place had to have in advance of the one that it left is not drawn.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from sim.base import random_streams
from sim.base.calendar import EVE
from sim.base.helpers import ALONE
from sim.kernels import arrays
from sim.kernels.choice.expected import expected_choices
from sim.kernels.choice.initial_errors import settle_those
from sim.model.opening_choices import choosers, free, one
from sim.model.stay_constants import ERRORS_KEPT, form
from sim.model.worked_out_once import by_choices
from sim.scenario.sections.demography import entering_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.base.helpers import Helpers
    from sim.model.step import ModelState, RunConstants
    from sim.model.worked_out_once import WorkedOutOnce
    from sim.model.world import World

ERROR_TRIES = 64              # error vectors tried for an enterprise that stayed
CHOICE_TRIES = 1024           # for one that came by its errors: about one over its place's share are needed
FREE_TRIES = 16384            # for everybody where moves cost nothing: who stays chose the place as those who came did


def draw_errors(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables,
                helpers: Helpers, shared: WorkedOutOnce) -> None:
    """Give the opening stock error vectors by their law given the place: epochs of its State, in place.

    Member after member, because the State of one fits into a processor's cache.
    """
    given, keys = (world, fixed, economy, offers), world.keys
    for m in range(world.members):
        parts = (tries(world), keys.choice[m], keys.site, keys.nest, bool(world.p.switches.churn[0]),
                 one(fixed.rules.review, m), one(fixed.rules.keep, m), stayed_spinoffs(world, m))
        economy.state.epoch[m] = by_choices(shared, "errors", given, m, parts,
                                            functools.partial(_epochs, given, m, helpers), helpers)


def _epochs(given, m, helpers):
    """(slot,) which error vector the enterprises of member m have."""
    world, fixed, economy, _ = given
    state, (by_choice, by_staying) = economy.state, tries(world)
    came = came_by_errors(given, m, helpers)
    _settle(m, np.flatnonzero(came), free(fixed), by_choice, given, helpers)
    stayed = (state.site[m] >= 0) & (~came | (state.epoch[m] == by_choice - 1))   # none of its vectors made it come
    _settle(m, np.flatnonzero(stayed), fixed.moving, by_staying, given, helpers)
    return state.epoch[m].copy()


def tries(world: World) -> tuple[int, int]:
    """Error vectors tried at most for an enterprise that came by its errors, and for one that stayed by them.

    A cost makes most vectors good enough to stay; without one a vector is good for a place as often as it is chosen.
    """
    return (FREE_TRIES, FREE_TRIES) if form(world.p) == ERRORS_KEPT else (CHOICE_TRIES, ERROR_TRIES)


def _settle(m: int, slot: NDArray[np.int64], moving: arrays.Moving, tries: int, given: tuple,
            helpers: Helpers) -> None:
    world, fixed, economy, offers = given
    for _ in helpers.each(lambda part: settle_those(
            EVE, np.full(len(slot[part]), m), slot[part], economy.state, economy.counts, offers, world.nests,
            fixed.peers, moving, world.keys, tries), helpers.parts(len(slot), world.sites + 1)):
        pass


def came_by_errors(given: tuple, m: int, helpers: Helpers = ALONE) -> NDArray[np.bool_]:
    """(slot,) who of member m came to its place by the errors that it has; not who stayed by them, nor anchors.

    given: World, RunConstants, ModelState, and what sites offer on the eve.
    """
    world, fixed, economy, offers = given
    state, came = economy.state, np.zeros(economy.state.site.shape[1], bool)
    slots = choosers(state, m)
    first, later = last_renewals(world, fixed, m, EVE - state.born[m, slots])

    def moving(part):
        some = slots[part]
        chances = expected_choices(EVE, m, some, state, economy.counts, offers, world.nests, fixed.peers, fixed.moving)
        return 1.0 - chances[np.arange(len(some)), state.site[m, some]]

    moved = np.concatenate(list(helpers.each(moving, helpers.parts(len(slots), world.sites + 1))))
    draw = random_streams.generator("opening errors", world.seeds[m], world.replicates[m])
    came[slots] = draw.random(len(slots)) < first + later * moved
    return came


def last_renewals(world: World, fixed: RunConstants, m: int,
                  age: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities that the errors of enterprises of `age` quarters are of their entry, and of a later review.

    Without demography nobody has entered; what is left are spin-offs that stayed with their parents.
    """
    renewed = float(one(fixed.rules.review, m) * (1.0 - one(fixed.rules.keep, m)))
    kept = (1.0 - renewed) ** np.maximum(age, 0)
    if not world.p.switches.churn[0]:
        kept = np.full(len(age), float(renewed == 0.0))
    return kept * (1.0 - stayed_spinoffs(world, m)), 1.0 - kept


def stayed_spinoffs(world: World, m: int) -> float:
    """Share of spin-offs that stayed with their parents among those who enter."""
    p = world.p.spinoff
    share, stay = (float(one(values, m)) for values in (p.share, p.stay))
    return share * stay / (stay + (1.0 - stay) * float(one(entering_share(world.p), m)))
