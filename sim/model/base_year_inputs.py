"""What the base year is solved from: who chooses, at which utilities, and the flows that are expected."""

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import EVE
from sim.base.helpers import ALONE, Helpers
from sim.kernels import arrays
from sim.kernels.choice.systematic_utility import base_utilities
from sim.kernels.firms.population import arrive
from sim.model import base_year_faults, opening_population
from sim.model.base_year import SAMPLE, Targets
from sim.model.processes import demography, spinoffs
from sim.model.stay_constants import UNIFORM, form
from sim.model.step import ModelState, RunConstants
from sim.model.streamed_utilities import Streamed
from sim.model.worked_out_once import choices_follow_from, of_member
from sim.model.world import World

STAND_INS = 25                # potential entrants who stand for those whom a site without enterprises would have


def potential_entrants(world: World, fixed: RunConstants) -> arrays.State:
    """A State of sampled potential entrants, over whom entry is averaged."""
    state = opening_population.empty_state(world.members, SAMPLE)
    numbers = np.full(world.members, SAMPLE)
    arrive(EVE, fixed.streams["attributes"], numbers, state, fixed.traits)
    return state


def of_entrants(m: int, fixed: RunConstants, economy: ModelState, of_all: tuple[arrays.State, arrays.Tables],
                number: int = SAMPLE) -> NDArray[np.float64]:
    """(entrant, site + 1) utilities of the first of a member's sampled entrants; of_all: they, and what sites offer."""
    sample, offers = of_all
    return base_utilities(EVE, m, np.arange(number), sample, economy.counts, offers, fixed.peers, fixed.moving)


def sampled(m: int, fixed: RunConstants, economy: ModelState, of_all: tuple[arrays.State, arrays.Tables]) -> Streamed:
    """(entrant, site + 1) utilities of a member's sampled entrants."""
    sample, offers = of_all
    return Streamed(lambda which: base_utilities(EVE, m, which, sample, economy.counts, offers, fixed.peers,
                                                 fixed.moving), np.arange(SAMPLE), offers.site.shape[1] + 1,
                    from_what=lambda: choices_follow_from(m, sample, economy.counts, offers, fixed))


def inputs(m: int, world: World, fixed: RunConstants, economy: ModelState, targets: Targets,
           of_all: tuple[arrays.State, arrays.Tables],
           helpers: Helpers = ALONE) -> tuple[Streamed, NDArray[np.int64]]:
    """Utilities without constants and cost, and present sites, of who is in a member's base year.

    That are incumbents, with stand-ins first for those whom sites without any would have, or, where one cost is solved
    for together with constants, incumbents and sampled entrants.
    """
    slots = np.flatnonzero((economy.state.site[m] >= 0) & (economy.state.anchor[m] <= 0))
    site = economy.state.site[m, slots].astype(np.int64)
    incumbents = lambda which: base_utilities(EVE, m, slots[which], economy.state, economy.counts, of_all[1],  # noqa: E731
                                              fixed.peers, fixed.moving)
    nobody = np.empty((0, world.sites + 1))
    rest = helpers, lambda: (*choices_follow_from(m, economy.state, economy.counts, of_all[1], fixed),
                             *of_member(m, of_all[0]))
    if targets.form == UNIFORM:
        return (_utilities(nobody, incumbents, len(slots), of_entrants(m, fixed, economy, of_all), *rest),
                np.concatenate([site, np.full(SAMPLE, -1)]))
    empty = np.flatnonzero(np.bincount(site, minlength=world.sites) == 0)
    if not len(empty):
        return _utilities(nobody, incumbents, len(slots), nobody, *rest), site
    others = _standing_in(of_entrants(m, fixed, economy, of_all, STAND_INS), of_all[0].log_size[m, :STAND_INS], empty,
                          arrays.Moving(*(_own(part, m) for part in fixed.moving)))
    return (_utilities(others, incumbents, len(slots), nobody, *rest),
            np.concatenate([np.repeat(empty, STAND_INS), site]))


def _utilities(first, incumbents, number, last, helpers, from_what):
    """(chooser, site + 1) rows of stand-ins, of so many incumbents, as `incumbents` gives them, and of entrants."""
    def rows_of(which):
        """Rows by number, in any order."""
        of_first, of_last = which < len(first), which >= len(first) + number
        others = incumbents(which[~of_first & ~of_last] - len(first))
        if len(others) == len(which):                          # as most are
            return others
        rows = np.empty((len(which), last.shape[1]))
        rows[of_first], rows[of_last] = first[which[of_first]], last[which[of_last] - len(first) - number]
        rows[~of_first & ~of_last] = others
        return rows

    return Streamed(rows_of, np.arange(len(first) + number + len(last)), last.shape[1], helpers, from_what)


def _standing_in(v, log_size, empty, moving):
    """(stand-in, site + 1) utilities of potential entrants at each site of `empty`, in its order.

    v (entrant, site + 1) and log_size (entrant,) are theirs; they are young, and pay for size and distance of a move.
    """
    cost = moving.log_size * log_size[:, None] + moving.log_distance * moving.distance[empty][:, None, :]
    cost[np.arange(len(empty)), :, empty] = 0.0
    return (v - cost).reshape(-1, v.shape[1])


def _own(values, m):
    """Member m's of (member, ...) values, or the one of all; what is no array is everybody's."""
    return values[m % len(values)] if isinstance(values, np.ndarray) else values


def targets_of(m: int, world: World, fixed: RunConstants, economy: ModelState,
               shares: NDArray[np.float64]) -> Targets:
    """What the base year of member m is solved for; shares (site,) of candidates."""
    p = world.p
    one = lambda values: float(values[m % len(values)])           # noqa: E731
    present = economy.state.site[m] >= 0
    candidates = float(present.sum())
    churn = bool(p.switches.churn[0])
    renewed = one(fixed.rules.review) * (1.0 - one(fixed.rules.keep))
    cost = None if isinstance(p.moving.cost, str) else one(p.moving.cost)
    if cost is None:
        base_year_faults.refuse_rate(one(p.moving.rate), renewed)
    born = expected_spinoffs(m, world, fixed, economy)
    stay = one(p.spinoff.stay)
    entrants = (one(demography.entry_mean(world, 0)) + (1.0 - stay) * born.sum()) * churn
    exits = expected_exits(m, world, fixed, economy) if churn else np.zeros(world.sites)
    return Targets(shares=shares, exits=exits, born=stay * born,
                   entrants=max(entrants, 1e-6 * candidates), review=renewed,
                   outside=one(p.entry.outside_share), moves=_quarterly(one(p.moving.rate)),
                   candidates=candidates, reviewing=float((present & (economy.state.anchor[m] <= 0)).sum()),
                   has_outside=bool(p.choice.outside[0]), cost=cost, form=form(p), **_normalised(world, shares))


def _normalised(world, shares):
    """entering (site,) shares among entrants, and drift (site,) of moves in a quarter, by jurisdiction if given."""
    p = world.p
    if not p.entry.share and not p.moving.net:
        return dict(entering=shares / shares.sum(), drift=np.zeros(len(shares)))
    of = world.region.sites["jurisdiction"].to_numpy()
    entering = shares * np.array([p.entry.share.get(place, 1.0) for place in of])
    named = np.array([place in p.moving.net for place in of])
    drift = 0.25 * shares * np.array([p.moving.net.get(place, 0.0) for place in of])
    others = np.where(named, 0.0, shares)
    return dict(entering=entering / entering.sum(), drift=drift - drift.sum() * others / max(others.sum(), 1e-300))


def _quarterly(yearly):
    """Share in a quarter that comes to a share in a year."""
    return 1.0 - (1.0 - yearly) ** 0.25


def expected_exits(m: int, world: World, fixed: RunConstants, economy: ModelState) -> NDArray[np.float64]:
    """(site,) expected exits of the first quarter at base-year rents."""
    live = np.flatnonzero((economy.state.site[m] >= 0) & (economy.state.anchor[m] == 0))
    state = demography.Closing(*(getattr(economy.state, name)[m, live] for name in demography.Closing._fields))
    return np.bincount(state.site,  # type: ignore[return-value]  # with weights it sums them
                       weights=demography.closing(m, world, fixed, state, EVE),
                       minlength=world.sites)


def expected_spinoffs(m: int, world: World, fixed: RunConstants, economy: ModelState) -> NDArray[np.float64]:
    """(site,) expected spin-offs of the first quarter, by their parents' site."""
    slots, probability = spinoffs.expected(world, fixed.spinoff_rate, fixed.traits, economy.state, m)
    return np.bincount(economy.state.site[m, slots],  # type: ignore[return-value]  # with weights it sums them
                       weights=probability, minlength=world.sites)
