"""Constants by kind of enterprise and site, where sites differ in their industries or in their headquarters types.

A kind is an industry and a type. One constant a site lets all kinds come to it alike, and a place that is known for an
industry would lose it. So every kind has alternative-specific constants of its own (Berry 1994, by kind of chooser),

    share of site j among the entrants of kind g that come = s_j p_gj / sum_k s_k p_gk,     p_gj = i_hj t_kj

with s the shares of entrants by site, i and t the industry and type mixes of the sites' opening stock, given the site
independent of each other as the opening draws them; each kind's share that stays outside is the one given for all.
Peers of the opening are part of the utility, so that localisation acts on changes of the mix and not on its level. What
is returned is what a kind's constants have beyond the mean over the sampled entrants, which is solved after it.

No share is below that of half an enterprise of the kind (`opening_draws.LEAST`): nothing explains a share of 0.
Stay constants are by site alone: moves of all kinds together are in balance, those of each only about.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.arrays import Nests
from sim.model.base_year import Targets
from sim.model.opening_draws import LEAST
from sim.model.opening_population import mixes_of
from sim.model.stay_constants import UNIFORM, Entry, entrants_of, entry_constants, entry_constants_by_kind
from sim.model.world import World


def mixes(world: World) -> NDArray[np.float64]:
    """(industry, type, site) share of each kind in the stock of a site.

    An axis has length 1 where all sites are alike in it; both have where they are alike in both.
    """
    industries, types = (mix[:, :1] * 0.0 + 1.0 if (mix == mix[0]).all() else mix for mix in mixes_of(world))
    return industries.T[:, None, :] * types.T[None, :, :]


def kind_of(state: Any, mix: NDArray[np.float64]) -> NDArray[np.int64]:
    """Kind, a row of `mix` with its first axes in one, of enterprises by their industry and type; any shape."""
    industries, types, _ = mix.shape
    return np.where(industries > 1, state.industry, 0).astype(np.int64) * types + np.where(types > 1, state.hq_type, 0)


def of_classes(world: World, by_kind: NDArray[np.float64], mix: NDArray[np.float64]) -> NDArray[np.float64]:
    """(member, class, site) constants beyond the mean, from (member, kind, site); (member, 1, site) of one kind."""
    if by_kind.shape[1] == 1:
        return by_kind
    return by_kind[:, kind_of(SimpleNamespace(industry=world.industry_of_class, hq_type=world.type_of_class), mix)]


def entry(m: int, v: NDArray[np.float64], kind: NDArray[np.int64], mix: NDArray[np.float64], targets: Targets,
          nests: Nests) -> Entry:
    """What is solved of a member's entrants: constants by kind, and of all where no cost is solved with them.

    v (entrant, site + 1) utilities of the sampled entrants without constants, kind (entrant,) theirs, mix as `mixes`.
    """
    by_kind, off, sites = np.zeros((1, mix.shape[-1])), 0.0, mix.shape[-1]
    if mix.shape[:2] != (1, 1):
        by_kind, off = solve(m, v, kind, mix, targets, nests)
    if targets.form == UNIFORM:
        return Entry(by_kind, np.zeros(sites), off, 0)
    beyond = np.append(by_kind, np.zeros((len(by_kind), 1)), axis=1)
    constant, residual, steps = entry_constants(entrants_of(m, v + beyond[kind], targets, nests), targets)
    return Entry(by_kind, constant, max(off, residual), steps)


def solve(m: int, v: NDArray[np.float64], kind: NDArray[np.int64], mix: NDArray[np.float64], targets: Targets,
          nests: Nests) -> tuple[NDArray[np.float64], float]:
    """((kind, site) constants beyond the mean over entrants, largest residual) of one member.

    v (entrant, site + 1) utilities of the sampled entrants without constants, kind (entrant,) theirs, mix as `mixes`.
    """
    mix = mix.reshape(-1, mix.shape[-1])
    number, each = np.bincount(kind, minlength=len(mix)), targets.entrants / len(v)
    there = np.flatnonzero(number)
    found = np.zeros(mix.shape)
    found[there], residual, _ = entry_constants_by_kind(entrants_of(m, v, targets, nests), targets,
                                                        _shares(targets, mix[there]), each * number[there],
                                                        np.searchsorted(there, kind))
    found[number == 0] = number @ found / number.sum()
    return found - number @ found / number.sum(), float(residual.max())


def _shares(targets, mix):
    """(kind, site) shares of the sites among the entrants of each kind."""
    share = targets.entering * mix
    every = share.sum(axis=1, keepdims=True)
    share = np.maximum(share / every, LEAST / targets.candidates / every)
    return share / share.sum(axis=1, keepdims=True)
