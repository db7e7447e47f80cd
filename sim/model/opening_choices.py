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

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from sim.base import random_streams
from sim.base.helpers import ALONE
from sim.kernels import arrays
from sim.kernels.choice.expected import expected_choices
from sim.kernels.choice.initial_errors import settle_those
from sim.kernels.choice.staying import staying
from sim.kernels.firms.attributes import WIDTH
from sim.kernels.firms.proposals import propose, take
from sim.model.base_year_inputs import choices_follow_from
from sim.model.stay_constants import ERRORS_KEPT, form
from sim.model.worked_out_once import of_member
from sim.scenario.sections.demography import entering_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.base.helpers import Helpers
    from sim.model.step import ModelState, RunConstants
    from sim.model.worked_out_once import WorkedOutOnce
    from sim.model.world import World

EVE = -1                      # the quarter before the first
WEIGHTS_AT_ONCE = 2**19       # enterprises times tastes that are weighed at a time
ERROR_TRIES = 64              # error vectors tried for an enterprise that stayed
CHOICE_TRIES = 1024           # for one that came by its errors: about one over its place's share are needed
FREE_TRIES = 16384            # for everybody where moves cost nothing: who stays chose the place as those who came did
TASTE_DRAWS = 16              # tastes of which one is taken, with probabilities proportional to P(j | beta)
TASTES = slice(arrays.TASTE_TAX, len(arrays.LOADINGS) - len(arrays.HOMES))     # columns of State.loading
FREE = ("log_size", "age", "log_distance")


def have_tastes(world: World) -> bool:
    """Whether enterprises differ in their tastes for sites."""
    p = world.p.terms
    return have_homes(world) or any(np.any(sd != 0.0) for sd in (
        p.tax.taste_sd * np.any(p.tax.beta != 0.0), p.access_taste.sd, p.core_taste.sd, p.linkage_taste.sd))


def have_homes(world: World) -> bool:
    """Whether enterprises prefer the places that they come from."""
    return bool(world.homes.any() and np.any(world.p.terms.home.beta != 0.0))


def draw_tastes(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables,
                helpers: Helpers, shared: WorkedOutOnce) -> None:
    """Give the opening stock tastes, and origins if they matter, by their law given the place, in place.

    Of TASTE_DRAWS tastes, the enterprise's own the first, one is taken in proportion to P(j | beta) (sampling
    and resampling, Rubin 1987). Anchors keep theirs.
    """
    state, homes, given = economy.state, np.arange(len(arrays.HOMES)), (world, fixed, economy, offers)
    traits, homely = fixed.traits, have_homes(world)
    for m in range(world.members):
        slots = _choosers(state, m)
        taken = _once(shared, "tastes", given, m, (homely, traits.origin_cum, _one(traits.tax_sd, m), traits.uniform),
                      lambda m=m, slots=slots: _taken(given, m, slots, helpers), helpers)
        state.loading[m, slots, TASTES], state.origin[m, slots] = taken.of_sites.T, taken.origin
        state.loading[m, slots, TASTES.stop:] = taken.origin[:, None] == homes


def _once(shared, name, given, m, more, function, helpers):
    """What function() gives of member m, once for all who choose by the same numbers, `more` among them.

    Members that are too large for their utilities to be held are nobody else's.
    """
    world, fixed, economy, offers = given
    if economy.state.site.shape[1] * (world.sites + 1) > helpers.held:
        return function()
    return shared.once(name, lambda: (
        world.seeds[m], world.replicates[m], *more, *of_member(m, world.nests),
        *choices_follow_from(m, economy.state, economy.counts, offers, fixed)), function)


def _taken(given, m, slots, helpers):
    """Tastes that the enterprises in `slots` of member m take."""
    world, _, economy, _ = given
    loading, origin = economy.state.loading[m, slots, TASTES], economy.state.origin[m, slots]
    taken = Tastes(np.ascontiguousarray(loading.T), origin.astype(np.int64))
    parts = helpers.parts(len(slots), world.sites + 1, WEIGHTS_AT_ONCE // TASTE_DRAWS)
    proposals = Proposals(given, m, slots, taken, parts)
    for some, part in zip(helpers.each(proposals.taken, range(len(parts))), parts):
        taken.of_sites[:, part], taken.origin[part] = some
    return taken


class Tastes(NamedTuple):
    """Tastes of enterprises, or of many draws of them."""

    of_sites: NDArray[np.float64]          # (taste, slot) or (draw, taste, slot); those for homes follow from origins
    origin: NDArray[np.int64]              # (slot,) or (draw, slot)


class Proposals:
    """Tastes that the enterprises in `slots` of a member might have, part by part: ask for them in any order.

    They have the tastes `own`. given: World, RunConstants, ModelState, and what sites offer on the eve. In a stream
    the numbers of all enterprises for one draw come before those for the next, so where those of a part begin is known
    by going through it once.
    """

    def __init__(self, given: tuple, m: int, slots: NDArray[np.int64], own: Tastes, parts: Sequence[slice]) -> None:
        self._given, self._m, self._slots, self._own, self._parts = given, m, slots, own, parts
        self._origin_cum = given[1].traits.origin_cum if have_homes(given[0]) else np.empty(0)
        keys = given[0].seeds[m], given[0].replicates[m]
        self._streams = random_streams.generator("tastes", *keys), random_streams.generator("origins", *keys)
        self._begin = self._beginnings() if len(parts) > 1 else []

    def taken(self, number: int) -> Tastes:
        """The tastes that those of a part take, of their own and those that are drawn."""
        part = self._parts[number]
        taken = Tastes(self._own.of_sites[:, part].copy(), self._own.origin[part].copy())
        tried = Tastes(np.empty((TASTE_DRAWS, *taken.of_sites.shape)), np.tile(taken.origin, (TASTE_DRAWS, 1)))
        chance = np.zeros(tried.origin.shape)
        tried.of_sites[0] = taken.of_sites
        self._draw(number, tried.of_sites[1:], tried.origin[1:], chance[1:])
        _scale(tried.of_sites[1:], self._m, self._given[1].traits)
        weights = _staying(self._given, self._m, self._slots[part], tried)
        take(weights, chance, *tried, np.zeros(len(taken.origin)), np.empty(len(taken.origin), np.int64), *taken)
        return taken

    def _draw(self, number, *into):
        """Fill normal numbers, origins and uniform numbers (draw, ...) of a part."""
        if not self._begin:
            draw, origins = self._streams
            return propose(draw, origins, draw, self._origin_cum, *into)
        streams = [np.random.Generator(np.random.Philox(0)) for _ in range(3)]
        for draw, begin in enumerate(self._begin):
            for stream, state in zip(streams, begin[number]):
                stream.bit_generator.state = state
            propose(*streams, self._origin_cum, *(array[draw:draw + 1] for array in into))

    def _beginnings(self):
        """[draw][part] states of three generators: of normal numbers, origins, and uniform numbers."""
        draw, origins = self._streams
        sizes = [part.stop - part.start for part in self._parts]
        begin = lambda stream, method, each: [  # noqa: E731
            (stream.bit_generator.state, method(each * size))[0] for size in sizes]
        return [list(zip(begin(draw, draw.standard_normal, TASTES.stop - TASTES.start),
                         begin(origins, origins.random, int(self._origin_cum.size > 0)),
                         begin(draw, draw.random, 1))) for _ in range(1, TASTE_DRAWS)]


def _scale(normal: NDArray[np.float64], m: int, traits: arrays.Traits) -> None:
    """Tastes by their laws from standard normal numbers (draw, taste, slot), in place."""
    normal[:, 0] = np.exp(_one(traits.tax_sd, m) * normal[:, 0])
    if traits.uniform:
        normal[:, 1:] = WIDTH * (ndtr(normal[:, 1:]) - 0.5)


def draw_errors(world: World, fixed: RunConstants, economy: ModelState, offers: arrays.Tables,
                helpers: Helpers, shared: WorkedOutOnce) -> None:
    """Give the opening stock error vectors by their law given the place: epochs of its State, in place.

    Member after member, because the State of one fits into a processor's cache.
    """
    given, keys = (world, fixed, economy, offers), world.keys
    for m in range(world.members):
        parts = (tries(world), keys.choice[m], keys.site, keys.nest, bool(world.p.switches.churn[0]),
                 _one(fixed.rules.review, m), _one(fixed.rules.keep, m), stayed_spinoffs(world, m))
        economy.state.epoch[m] = _once(shared, "errors", given, m, parts, lambda m=m: _epochs(given, m, helpers),
                                       helpers)


def _epochs(given, m, helpers):
    """(slot,) which error vector the enterprises of member m have."""
    world, fixed, economy, _ = given
    state, (by_choice, by_staying) = economy.state, tries(world)
    came = came_by_errors(given, m, helpers)
    _settle(m, np.flatnonzero(came), _free(fixed), by_choice, given, helpers)
    stayed = (state.site[m] >= 0) & (~came | (state.epoch[m] == by_choice - 1))   # none of its vectors made it come
    _settle(m, np.flatnonzero(stayed), fixed.moving, by_staying, given, helpers)
    return state.epoch[m].copy()


def tries(world: World) -> tuple[int, int]:
    """Error vectors tried at most for an enterprise that came by its errors, and for one that stayed by them.

    A cost makes most vectors good enough to stay; without one a vector is good for a place as often as it is chosen.
    """
    return (FREE_TRIES, FREE_TRIES) if form(world.p) == ERRORS_KEPT else (CHOICE_TRIES, ERROR_TRIES)


def _free(fixed: RunConstants) -> arrays.Moving:
    """Moves that cost nothing."""
    nothing: dict[str, Any] = dict.fromkeys(FREE, np.zeros(1))
    return fixed.moving._replace(cost=np.zeros_like(fixed.moving.cost), **nothing)


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
    slots = _choosers(state, m)
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


def _staying(given: tuple, m: int, slots: NDArray[np.int64], tastes: Tastes) -> NDArray[np.float64]:
    """(draw, slot) probability that free moves and new errors leave an enterprise with such tastes where it is."""
    world, fixed, economy, offers = given
    return staying(EVE, m, slots, *tastes, economy.state, economy.counts, offers, world.nests, fixed.peers,
                   _free(fixed))
