"""Who stands for whom in the mean field: live enterprises of every cell, and potential entrants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.base.calendar import EVE
from sim.kernels import arrays
from sim.kernels.choice.systematic_utility import base_utilities
from sim.kernels.firms.population import arrive
from sim.model import opening_population
from sim.model.processes import demography

if TYPE_CHECKING:
    from sim.model.step import RunConstants
    from sim.model.world import World



class Choosers(NamedTuple):
    """Sampled choosers; `v` is what sites offer them at base-year rents, peers and errors apart."""

    v: np.ndarray             # (chooser, site + 1)
    group: np.ndarray         # (chooser,) cell kind * sites + site of an incumbent, kind of an entrant
    share: np.ndarray         # (chooser,) of its cell, or of all entrants
    held: np.ndarray          # (chooser,) 1 where a move costs anything, 0 where it is free, as for entrants


SHARED = {arrays.Tables: ("loading_of", "varies"), arrays.Places: ("order",), arrays.Peers: ("row_of_kind", "payoff")}


class Sampled(NamedTuple):
    """The sample of one member in one quarter."""

    incumbents: Choosers
    entrants: Choosers
    # a field, though tuples have a method of that name
    count: np.ndarray         # type: ignore[assignment]  # (kind, site) enterprises
    closing: np.ndarray       # (kind, site) probability that one closes in the quarter at base-year rents
    log_size: np.ndarray      # (kind,) ln of the mean employees
    empty: np.ndarray         # (kind,) 1 where no enterprise and no entrant is of the kind


def one_of(tables: Any, m: int) -> Any:
    """A NamedTuple of tables with member m's part of every (member, ...) array."""
    kept = SHARED.get(type(tables), ())
    mine = {name: _slice(value, m) if isinstance(value, np.ndarray) else one_of(value, m)
            for name, value in tables._asdict().items()
            if isinstance(value, (np.ndarray, tuple)) and name not in kept}
    return tables._replace(**mine)


def _slice(array, m):
    m = m % len(array)
    return array[m:m + 1]


def sampled(world: World, fixed: RunConstants, state: arrays.State, quarter: int, m: int, offers: arrays.Tables,
            sizes: tuple[int, int]) -> Sampled:
    """The Sampled of member m; sizes = (enterprises of a cell, entrants) at most.

    An enterprise of a cell that has none is stood for by those of its kind elsewhere, settled.
    """
    kinds = len(world.industry_of_kind)
    mine = arrays.State(*(_slice(array, m) for array in state))
    mine = mine._replace(site=np.where(mine.anchor == 0, mine.site, arrays.EMPTY))     # anchors stay by their policy
    new = _newcomers(fixed, m, sizes[1])
    slots, site, group, share = _cells(mine, new, kinds, world.sites, sizes[0])
    everybody = _join(mine, new)
    who = arrays.State(*(array[:, slots].copy() for array in everybody))
    settled = who.site[0] != site
    who.site[0] = site
    who.legal[0, settled] = site[settled]
    who.status[0, settled] = arrays.SETTLED
    chance = demography.closing(m, world, fixed, arrays.State(*(a[0] for a in who)), quarter)
    cells = kinds * world.sites
    closing = np.bincount(group, weights=share * chance, minlength=cells).reshape(kinds, -1)
    kind, there = new.kind[0].astype(np.int64), np.bincount(group, minlength=cells).reshape(kinds, -1)
    return Sampled(
        incumbents=Choosers(_value(who, quarter, offers, fixed, m), group, share,
                            _costly(who, quarter, fixed.moving, m)),
        entrants=Choosers(_value(new, quarter, offers, fixed, m), kind, np.full(len(kind), 1.0 / len(kind)),
                          np.zeros(len(kind))),
        count=_count(mine, kinds, world.sites), closing=closing,
        log_size=_mean_size(everybody, kinds), empty=there.sum(axis=1) == 0)


def _newcomers(fixed, m, number):
    """A (1, number) State of sampled potential entrants."""
    state = opening_population.empty_state(1, number)
    traits = fixed.traits._replace(**{name: _slice(getattr(fixed.traits, name), m) for name in (
        "intensity_sd", "tax_sd", "log_median", "size_sd", "tail_exponent", "tail_share", "log_largest",
        "log_entrant", "alliance_share")})
    arrive(EVE, fixed.streams["attributes"][m:m + 1], np.array([number]), state, traits)
    return state


def _join(mine, new):
    return arrays.State(*(np.concatenate(pair, axis=1) for pair in zip(mine, new)))


def _cells(mine, new, kinds, sites, most):
    """(slot, site, group, share) arrays of the chosen: a slot of `_join`, and the site it stands at."""
    here, live = mine.site[0], mine.site.shape[1]
    found: list[np.ndarray] = []
    for kind in range(kinds):
        alive = np.flatnonzero((here >= 0) & (mine.kind[0] == kind))
        by_site = alive[np.argsort(here[alive], kind="stable")]
        ends = np.cumsum(np.bincount(here[alive], minlength=sites)).tolist()
        others = _spread(alive if len(alive) else live + np.flatnonzero(new.kind[0] == kind), most)
        found += [_spread(by_site[first:end], most) if end > first else others for first, end in zip([0, *ends], ends)]
    number = np.array([len(who) for who in found])
    cell = np.repeat(np.arange(len(found)), number)
    return np.concatenate(found), cell % sites, cell, np.repeat(1.0 / np.maximum(number, 1), number)


def _spread(who, most):
    """As many of an array at most, evenly spread."""
    return who if len(who) <= most else who[np.arange(most) * len(who) // most]


def _value(state, quarter, offers, fixed, m):
    """(chooser, site + 1) utilities without peers."""
    peers = one_of(fixed.peers, m)
    silent = peers._replace(gamma=np.zeros_like(peers.gamma))
    sites = peers.w.shape[1]
    nobody = np.zeros((1, peers.phi.shape[3], sites), np.int64)
    return base_utilities(quarter, 0, np.arange(state.site.shape[1]), state, nobody, offers, silent,
                          one_of(fixed.moving, m))


def _costly(state, quarter, moving, m):
    """(chooser,) 1 where the shortest of all moves costs anything."""
    cost, size, age = (values[m % len(values)] for values in (moving.cost, moving.log_size, moving.age))
    years = np.minimum((quarter - state.born[0]) * 0.25, 10.0)
    return (cost[state.site[0]] + size * state.log_size[0] + age * years > 0.0).astype(float)


def _count(mine, kinds, sites):
    live = mine.site[0] >= 0
    cell = mine.kind[0][live].astype(np.int64) * sites + mine.site[0][live]
    return np.bincount(cell, minlength=kinds * sites).reshape(kinds, sites).astype(float)


def _mean_size(people, kinds):
    """(kind,) ln mean employees of the live, of everybody's where a kind has none."""
    live = people.site[0] >= 0
    size = np.exp(people.log_size[0])
    kind = people.kind[0][live]
    number = np.bincount(kind, minlength=kinds)
    total = np.bincount(kind, weights=size[live], minlength=kinds)
    mean = size[live].mean() if live.any() else 1.0
    return np.log(np.where(number > 0, total / np.maximum(number, 1), mean))
