"""Tastes and errors of the opening stock, by their laws given the place where each enterprise stands.

It stands at j because it chose j, so neither are those of just anybody (j is given, see `opening_population`):

    tastes                                   f(beta | j) proportional to P(j | beta) f(beta), P without moving costs
    errors of the choice by which it came    V_j + e_j >= V_k + e_k             for all k, moving costs apart
    errors of a review at which it stayed    V_j + e_j >= V_k + e_k - c_jk      for all k

The errors that it has are those of the choice by which it entered with probability (1 - h)^a (1 - b), a its age in
quarters, h the chance of a review with new errors, b the share of spin-offs that stay among those who enter, whose
errors are such that they stayed; else of a review, by which it came with probability 1 - P_jj: as many come as leave.
Who came by them leaves at a review that keeps them only for a place that gains more than the move costs. What a mover's
place had to have in advance of the one that it left is not drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from sim.base import random_streams
from sim.kernels import arrays
from sim.kernels.choice.initial_errors import settle_those
from sim.kernels.choice.staying import staying
from sim.kernels.firms.attributes import WIDTH
from sim.model.stay_constants import ERRORS_KEPT, form
from sim.scenario.sections.demography import entering_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.step import ModelState, RunConstants
    from sim.model.world import World

EVE = -1                      # the quarter before the first
WEIGHTS_AT_ONCE = 2**19       # enterprises times tastes that are weighed at a time
ERROR_TRIES = 64              # error vectors tried for an enterprise that stayed
CHOICE_TRIES = 1024           # for one that came by its errors: about one over its place's share are needed
FREE_TRIES = 16384            # for everybody where moves cost nothing: who stays chose the place as those who came did
TASTE_DRAWS = 16              # tastes of which one is taken, with probabilities proportional to P(j | beta)
TASTES = slice(arrays.TASTE_TAX, None)     # columns of State.loading, homes included
FREE = ("log_size", "age", "log_distance")


def have_tastes(world: World) -> bool:
    """Whether enterprises differ in their tastes for sites."""
    p = world.p.terms
    return have_homes(world) or any(np.any(sd != 0.0) for sd in (
        p.tax.taste_sd * np.any(p.tax.beta != 0.0), p.access_taste.sd, p.core_taste.sd, p.linkage_taste.sd))


def have_homes(world: World) -> bool:
    """Whether enterprises prefer the places that they come from."""
    return bool(world.homes.any() and np.any(world.p.terms.home.beta != 0.0))


def draw_tastes(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables) -> None:
    """Give the opening stock tastes, and origins if they matter, by their law given the place, in place.

    Of TASTE_DRAWS tastes, the enterprise's own the first, one is taken in proportion to P(j | beta) (sampling
    and resampling, Rubin 1987). Anchors keep theirs.
    """
    loading, origin, given = economy.state.loading, economy.state.origin, (world, fixed, economy, offers)
    for m in range(world.members):
        slots = _choosers(economy.state, m)
        draw = random_streams.generator("tastes", world.seeds[m], world.replicates[m])
        origins = random_streams.generator("origins", world.seeds[m], world.replicates[m])
        own = loading[m, slots, TASTES], origin[m, slots]
        taken, sum_of_weights = own, np.zeros(len(slots))
        at_once = min(max(WEIGHTS_AT_ONCE // max(len(slots), 1), 1), TASTE_DRAWS)
        for first in range(0, TASTE_DRAWS, at_once):
            tried = [_tried(number, (draw, origins), own, m, world, fixed.traits)
                     for number in range(first, min(first + at_once, TASTE_DRAWS))]
            weights = _staying(given, m, slots, _free(fixed), np.stack([tastes for tastes, *_ in tried], axis=2))
            for weight, (tastes, home, chance) in zip(weights, tried):
                sum_of_weights += weight
                takes = chance * sum_of_weights < weight
                taken = np.where(takes[:, None], tastes, taken[0]), np.where(takes, home, taken[1])
        loading[m, slots, TASTES], origin[m, slots] = taken


def _tried(number: int, draws: tuple[np.random.Generator, np.random.Generator], own: tuple[NDArray[Any], NDArray[Any]],
           m: int, world: World, traits: arrays.Traits) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """((slot, taste), (slot,) origins, (slot,) what decides whether they are taken): first the own, then others."""
    if number == 0:
        return *own, np.zeros(len(own[1]))
    draw, origins = draws
    home, origin = own[0][:, -len(arrays.HOMES):], own[1]
    tastes = _new_tastes(len(origin), draw, m, traits)
    if have_homes(world):
        home, origin = _new_origins(len(origin), origins, traits)
    return np.column_stack([tastes, home]), origin, draw.random(len(origin))


def _new_origins(number: int, draw: np.random.Generator,
                 traits: arrays.Traits) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """((slot, home) one for those who are from there, (slot,) origins) drawn by their law."""
    last = len(traits.origin_cum) - 1
    origin = np.minimum(np.searchsorted(traits.origin_cum, draw.random(number), side="right"), last)
    return (origin[:, None] == np.arange(len(arrays.HOMES))).astype(float), origin


def _new_tastes(number: int, draw: np.random.Generator, m: int, traits: arrays.Traits) -> NDArray[np.float64]:
    """(slot, taste) tastes drawn by their laws."""
    normal = draw.standard_normal((number, len(arrays.LOADINGS) - len(arrays.HOMES) - arrays.TASTE_TAX))
    of_sites = WIDTH * (ndtr(normal[:, 1:]) - 0.5) if traits.uniform else normal[:, 1:]
    return np.column_stack([np.exp(_one(traits.tax_sd, m) * normal[:, :1]), of_sites])


def draw_errors(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables) -> None:
    """Give the opening stock error vectors by their law given the place: epochs of its State, in place."""
    state = economy.state
    came = came_by_errors(world, fixed, economy, offers)
    by_choice, by_staying = tries(world)
    _settle(np.nonzero(came), _free(fixed), by_choice, (world, fixed, economy, offers))
    stayed = (state.site >= 0) & (~came | (state.epoch == by_choice - 1))        # none of its vectors made it come
    _settle(np.nonzero(stayed), fixed.moving, by_staying, (world, fixed, economy, offers))


def tries(world: World) -> tuple[int, int]:
    """Error vectors tried at most for an enterprise that came by its errors, and for one that stayed by them.

    A cost makes most vectors good enough to stay; without one a vector is good for a place as often as it is chosen.
    """
    return (FREE_TRIES, FREE_TRIES) if form(world.p) == ERRORS_KEPT else (CHOICE_TRIES, ERROR_TRIES)


def _free(fixed: RunConstants) -> arrays.Moving:
    """Moves that cost nothing."""
    nothing: dict[str, Any] = dict.fromkeys(FREE, np.zeros(1))
    return fixed.moving._replace(cost=np.zeros_like(fixed.moving.cost), **nothing)


def _settle(who: tuple[NDArray[np.int64], ...], moving: arrays.Moving, tries: int, given: tuple) -> None:
    world, fixed, economy, offers = given
    member, slot = (np.ascontiguousarray(part) for part in who)
    settle_those(EVE, member, slot, economy.state, economy.counts, offers, world.nests, fixed.peers, moving,
                 world.keys, tries)


def came_by_errors(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables) -> NDArray[np.bool_]:
    """(member, slot) who came to its place by the errors that it has; not who stayed by them, nor anchors."""
    state = economy.state
    came = np.zeros(state.site.shape, bool)
    for m in range(world.members):
        slots = _choosers(state, m)
        first, later = last_renewals(world, fixed, m, EVE - state.born[m, slots])
        moved = 1.0 - _staying((world, fixed, economy, offers), m, slots, fixed.moving)[0]
        draw = random_streams.generator("opening errors", world.seeds[m], world.replicates[m])
        came[m, slots] = draw.random(len(slots)) < first + later * moved
    return came


def last_renewals(world: World, fixed: RunConstants, m: int,
                  age: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities that the errors of enterprises of `age` quarters are of their entry, and of a later review.

    Without demography nobody has entered; what is left are spin-offs that stayed with their parents.
    """
    renewed = float(_one(fixed.rules.review, m) * (1.0 - _one(fixed.rules.keep, m)))
    kept = (1.0 - renewed) ** np.maximum(age, 0)
    if not world.p.switches.churn[0]:
        kept = np.full(len(age), float(renewed == 0.0))
    return kept * (1.0 - stayed_spinoffs(world, m)), 1.0 - kept


def stayed_spinoffs(world: World, m: int) -> float:
    """Share of spin-offs that stayed with their parents among those who enter."""
    p = world.p.spinoff
    share, stay = (float(_one(values, m)) for values in (p.share, p.stay))
    return share * stay / (stay + (1.0 - stay) * float(_one(entering_share(world.p), m)))


def _one(values, m):
    """Member m's of (member,) values, or the one of all."""
    return values[m % len(values)]


def _choosers(state: arrays.State, m: int) -> NDArray[np.int64]:
    """Slots of the opening stock of member m, anchors apart."""
    return np.flatnonzero((state.site[m] >= 0) & (state.anchor[m] == 0))


def _staying(given: tuple, m: int, slots: NDArray[np.int64], moving: arrays.Moving,
             tastes: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """(draw, slot) probability that new errors leave an enterprise where it is, at the offers and counts of the eve.

    tastes (slot, taste, draw) are by default those that they have, one draw.
    """
    world, fixed, economy, offers = given
    tastes = economy.state.loading[m, slots, TASTES][:, :, None] if tastes is None else tastes
    return staying(EVE, m, slots, tastes, economy.state, economy.counts, offers, world.nests, fixed.peers, moving)
