"""Tastes of the opening stock, by their law given the place where each enterprise stands.

It stands at j because it chose j, so they are not those of just anybody (j is given, see `opening_population`):

    f(beta | j) proportional to P(j | beta) f(beta), P without moving costs

Of its errors, for which the same holds, see `opening_errors`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.special import ndtr

from sim.base import random_streams
from sim.base.calendar import EVE
from sim.kernels import arrays
from sim.kernels.choice.rough_weights import DRAWS
from sim.kernels.choice.staying import take
from sim.kernels.firms.attributes import WIDTH
from sim.kernels.firms.proposals import propose
from sim.model.worked_out_once import by_choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.base.helpers import Helpers
    from sim.model.step import ModelState, RunConstants
    from sim.model.worked_out_once import WorkedOutOnce
    from sim.model.world import World

WEIGHTS_AT_ONCE = 2**19       # enterprises times tastes that are weighed at a time
TASTE_DRAWS = DRAWS           # tastes of which one is taken, with probabilities proportional to P(j | beta)
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
        slots = choosers(state, m)
        more = homely, traits.origin_cum, one(traits.tax_sd, m), traits.uniform
        taken = by_choices(shared, "tastes", given, m, more,
                           functools.partial(_taken, given, m, slots, helpers), helpers)
        state.loading[m, slots, TASTES], state.origin[m, slots] = taken.of_sites.T, taken.origin
        state.loading[m, slots, TASTES.stop:] = taken.origin[:, None] == homes


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
        own, origin = self._own.of_sites[:, part], self._own.origin[part]
        tried = Tastes(np.empty((TASTE_DRAWS, *own.shape)), np.tile(origin, (TASTE_DRAWS, 1)))
        chance = np.zeros(tried.origin.shape)
        tried.of_sites[0] = own
        self._draw(number, tried.of_sites[1:], tried.origin[1:], chance[1:])
        _scale(tried.of_sites[1:], self._m, self._given[1].traits)
        which, each = _taken_of(self._given, self._m, self._slots[part], tried, chance), np.arange(len(origin))
        return Tastes(tried.of_sites[which, :, each].T, tried.origin[which, each])

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
    normal[:, 0] = np.exp(one(traits.tax_sd, m) * normal[:, 0])
    if traits.uniform:
        normal[:, 1:] = WIDTH * (ndtr(normal[:, 1:]) - 0.5)


def _taken_of(given: tuple, m: int, slots: NDArray[np.int64], tried: Tastes, chance: NDArray[np.float64],
              ) -> NDArray[np.int64]:
    """(slot,) the draw that each takes, by how likely free moves and new errors leave it where it is with such tastes.
    """
    world, fixed, economy, offers = given
    return take(EVE, m, slots, *tried, chance, economy.state, economy.counts, offers, world.nests, fixed.peers,
                free(fixed))


def free(fixed: RunConstants) -> arrays.Moving:
    """Moves that cost nothing."""
    nothing: dict[str, Any] = dict.fromkeys(FREE, np.zeros(1))
    return fixed.moving._replace(cost=np.zeros_like(fixed.moving.cost), **nothing)


def one(values: NDArray[Any], m: int) -> Any:
    """Member m's of (member,) values, or the one of all."""
    return values[m % len(values)]


def choosers(state: arrays.State, m: int) -> NDArray[np.int64]:
    """Slots of the opening stock of member m, anchors apart."""
    return np.flatnonzero((state.site[m] >= 0) & (state.anchor[m] == 0))
