"""Base years that there are not: each is refused in one sentence."""

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import EVE
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.kernels import arrays
from sim.model.base_year import TOLERANCE
from sim.model.stay_constants import BY_SITE, ERRORS_KEPT, form
from sim.model.step import ModelState, RunConstants
from sim.model.world import World


def refuse_unsolved(world: World, residual: NDArray[np.float64]) -> None:
    """Raise InputError for the replicate that is furthest from its base year, if any is off."""
    worst = int(np.argmax(np.where(np.isfinite(residual), residual, np.inf)))
    if not residual[worst] < TOLERANCE:
        raise InputError(Problem(
            "", "base_year.constants", _("replicate {replicate} has no balanced base year: an equation is off by "
                                         "{residual:.1e} of the candidates", replicate=world.replicates[worst],
                                         residual=residual[worst]), _("at most {most:g}", most=TOLERANCE),
            _("change moving.rate, entry.outside_share, choice.review, choice.dissimilarity or "
              "population.spread towards their defaults")))


def refuse_reward(world: World, fixed: RunConstants, economy: ModelState, cost: NDArray[np.float64]) -> None:
    """Raise InputError where an enterprise of the opening stock would be paid to leave for the nearest other site."""
    if form(world.p) != BY_SITE:
        return
    for m in range(world.members):
        paid = cost[m] + _least_of_the_rest(m, world, fixed, economy)
        site = int(np.argmin(paid))
        if paid[site] < 0.0:
            raise InputError(Problem(
                "", "moving.rate",
                _("more move than moving.constants = \"by site\" allows: with the stay constant {constant:.3g} of "
                  "{site}, a move from there would cost somebody {cost:.3g} in replicate {replicate}",
                  constant=cost[m, site], site=world.region.sites.index[site], cost=paid[site],
                  replicate=world.replicates[m]),
                _("costs of at least 0"),
                _("lower moving.rate, raise choice.review, lower choice.keep_errors, or set moving.constants = "
                  "\"errors kept\" or \"uniform\"")))


def _least_of_the_rest(m, world, fixed, economy):
    """(site,) the least that size, age and distance add to the constant for whoever is there; 0 where nobody is."""
    own = arrays.Moving(*(part[m % len(part)] if isinstance(part, np.ndarray) else part for part in fixed.moving))
    slots = np.flatnonzero((economy.state.site[m] >= 0) & (economy.state.anchor[m] <= 0))
    site, age = economy.state.site[m, slots], EVE - economy.state.born[m, slots]
    other = np.where(np.eye(world.sites, world.sites + 1, dtype=bool), np.inf, own.distance[:-1])
    nearest = other[:, :-1].min(axis=1, initial=np.inf)
    nearest = np.minimum(np.where(np.isfinite(nearest), nearest, 0.0), other[:, -1] if own.outside else np.inf)
    of_each = own.log_size * economy.state.log_size[m, slots] + own.age * np.minimum(0.25 * age, 10.0)
    least = np.full(world.sites, np.inf)
    np.minimum.at(least, site, of_each)
    return np.where(np.isfinite(least), least, 0.0) + own.log_distance * nearest


def refuse_new_errors(world: World, renewed: NDArray[np.float64]) -> None:
    """Raise InputError where kept errors alone would let fewer move than wanted, even if none were kept."""
    worst = int(np.argmax(renewed))
    if form(world.p) == ERRORS_KEPT and renewed[worst] > 1.0:
        raise InputError(Problem(
            "", "moving.rate", _("moves without costs would need {share:.3g} times as many new errors as there are "
                                 "reviews in replicate {replicate}", share=renewed[worst],
                                 replicate=world.replicates[worst]),
            _("at most as many"), _("lower moving.rate or raise choice.review")))


def refuse_rate(rate: float, renewed: float) -> None:
    """A move rate must be possible: above 0, and below the rate of reviews with new errors."""
    most = 1.0 - (1.0 - renewed) ** 4
    if not 0.0 < rate < most:
        raise InputError(Problem("", "moving.rate", _("no moving cost gives {rate:g} moves a year", rate=rate),
                                 _("a rate in (0, {reach:.4g}), as far as reviews with new errors reach", reach=most),
                                 _("raise choice.review, lower choice.keep_errors, or give moving.cost a number")))
