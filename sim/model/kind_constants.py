"""Constants by kind of enterprise and site, where sites differ in their industries or in their headquarters types.

A kind is an industry and a type. One constant a site lets all kinds come to it alike, and a place that is known for an
industry would lose it. So every kind has alternative-specific constants of its own (Berry 1994, by kind of chooser),

    share of site j among the entrants of kind g that come = s_j p_gj / sum_k s_k p_gk,     p_gj = i_hj t_kj

with s the shares of entrants by site, i and t the industry and type mixes of the sites' opening stock, given the site
independent of each other as the opening draws them; each kind's share that stays outside is the one given for all.
Peers of the opening are part of the utility, so that localisation acts on changes of the mix and not on its level. What
is returned is what a kind's constants have beyond the mean over the sampled entrants, which is solved after it.

No share is below that of half an enterprise of the kind (`opening_population.LEAST`): nothing explains a share of 0.
Stay constants are by site alone: moves of all kinds together are in balance, those of each only about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model.opening_population import LEAST
from sim.region.mixes import industry_mix, type_mix

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.model.base_year import Targets
    from sim.model.world import World

FEWEST = 8                     # sampled entrants of a kind by whom its constants are solved; else those of all are


def mixes(world: World) -> NDArray[np.float64]:
    """(kind, site) share of each kind in the stock of a site; (0, site) where all sites are alike."""
    p = world.p.population
    industries = industry_mix(world.region, float(p.named_quotient))
    types = type_mix(world.region, p.type_shares, float(p.named_quotient))
    if all((mix == mix[0]).all() for mix in (industries, types)):
        return np.empty((0, world.sites))
    return (industries.T[:, None, :] * types.T[None, :, :]).reshape(-1, world.sites)


def kind_of(state: Any, types: int) -> NDArray[np.int64]:
    """Kind of enterprises by their industry and type, arrays of any shape."""
    return np.asarray(state.industry, np.int64) * types + state.hq_type


def of_classes(world: World, by_kind: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, class, site) constants beyond the mean, from (member, kind, site); (member, 1, site) without kinds."""
    if not by_kind.shape[1]:
        return np.zeros((len(by_kind), 1, world.sites))
    return by_kind[:, world.industry_of_class * len(world.type_names) + world.type_of_class]


def solve(entrants: Any, kind: NDArray[np.int64], targets: Targets,
          constants: Callable[..., Any]) -> tuple[NDArray[np.float64], float]:
    """((kind, site) constants beyond the mean over entrants, largest residual).

    entrants Choosers, kind (chooser,) theirs; `constants` gives (alpha, residual, steps) of Choosers and Targets.
    """
    mix = targets.mixes
    found, number, worst = np.zeros(mix.shape), np.bincount(kind, minlength=len(mix)), 0.0
    mean, _, _ = constants(entrants, targets)
    for k in range(len(mix)):
        some = kind == k
        who = entrants._replace(v=entrants.v[some], current=entrants.current[some], amount=entrants.amount[some])
        if number[k] >= FEWEST:
            alpha, residual, _ = constants(who, _of_kind(targets, mix[k], who.amount.sum()))
            found[k], worst = alpha - mean, max(worst, residual)
    return found - number @ found / number.sum(), worst


def _of_kind(targets, mix, entrants):
    """The Targets of the entrants of one kind."""
    share = targets.entering * mix
    least = LEAST / targets.candidates / share.sum()
    share = np.maximum(share / share.sum(), least)
    return targets._replace(entering=share / share.sum(), entrants=entrants)
