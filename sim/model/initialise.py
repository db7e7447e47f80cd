"""From a World to the state that the first quarter opens with: population, base year, fixed parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.base import random_streams
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.kernels import arrays
from sim.kernels.choice.systematic_utility import base_utilities
from sim.kernels.firms.population import arrive
from sim.model import choice_tables, kind_constants, opening_choices, opening_population
from sim.model.base_year import SAMPLE, TOLERANCE, BaseYear, Targets
from sim.model.processes import anchors, demography, land, registration, spinoffs
from sim.model.shared_base_years import SharedBaseYears
from sim.model.stay_constants import BY_SITE, ERRORS_KEPT, UNIFORM, form, solve_roughly
from sim.model.step import ModelState, RunConstants, log_density, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.model.world import World

EVE = -1                      # the quarter before the first
STAND_INS = 25                # potential entrants who stand for those whom a site without enterprises would have
AT_ONCE = 2**15               # enterprises whose utilities are worked out at a time, so that no copy of all is held
REVISIONS = {"sequential": arrays.SEQUENTIAL, "simultaneous": arrays.SIMULTANEOUS, "one": arrays.ONE}


def prepare(world: World, shared: SharedBaseYears | None = None) -> tuple[RunConstants, ModelState, BaseYear]:
    """(RunConstants, ModelState, BaseYear) of an ensemble; base years that are `shared` are not solved again."""
    traits = opening_population.traits(world)
    start = opening_population.opening(world, traits)
    start = start._replace(state=anchors.placed(world, traits, start.state))
    demography.refuse_giants(world, EVE, start.state, *demography.DRAWN)
    fixed = _fixed(world, traits, start)
    economy = _economy(world, fixed, start.state)
    fixed = _with_land(world, fixed, economy, start.shares)
    fixed = fixed._replace(frozen_counts=economy.counts.copy())
    fixed, base = _balanced(world, fixed, economy, start.shares, shared or SharedBaseYears())
    offers = _eve_tables(world, fixed.constant)
    opening_choices.draw_errors(world, fixed, economy, offers)
    registration.of_opening(world, fixed, EVE, start.state, offers)      # again, with the errors that they now have
    return fixed, economy, base


def _balanced(world, fixed, economy, shares, shared):
    """(RunConstants with constants and moving cost, BaseYear) of a stock with the tastes of those who chose its places.

    Which tastes those are depends on the constants: they are drawn at those that about balance a stock of everybody's
    tastes, and the stock that has them is balanced then.
    """
    by_kind = _by_kind(world, fixed, economy, shares, shared)
    fixed = fixed._replace(constant=kind_constants.of_classes(world, by_kind))
    registration.of_opening(world, fixed, EVE, economy.state, _eve_tables(world, fixed.constant))
    if opening_choices.have_tastes(world):
        about = _with_base_year(fixed, *_about(world, fixed, economy, shares))
        opening_choices.draw_tastes(world, about, economy, _eve_tables(world, about.constant))
        registration.of_opening(world, fixed, EVE, economy.state, _eve_tables(world, fixed.constant))
    base = base_year(world, fixed, economy, shares, shared)
    fixed = _with_base_year(fixed, base.constant, base.cost)
    if form(world.p) == ERRORS_KEPT:
        fixed = fixed._replace(rules=fixed.rules._replace(keep=1.0 - base.renewed))
    return fixed, base


def _with_base_year(fixed, constant, cost):
    return fixed._replace(constant=constant[:, None, :] + fixed.constant, moving=fixed.moving._replace(cost=cost))


def _by_kind(world, fixed, economy, shares, shared):
    """(member, kind, site) constants of the kinds of enterprises beyond those of all; no kinds where sites are alike."""
    mix = kind_constants.mixes(world)
    if world.p.base_year.constants != "solve" or not len(mix):
        return np.zeros((world.members, 0, world.sites))
    sample, offers = potential_entrants(world, fixed), _eve_tables(world, fixed.constant)
    kind = kind_constants.kind_of(sample, len(world.type_names))
    found = [shared.by_kind(m, base_utilities(EVE, m, np.arange(SAMPLE), sample, economy.counts, offers, fixed.peers,
                                              fixed.moving), kind[m],
                            mix, _targets(m, world, fixed, economy, shares[m]), world.nests)
             for m in range(world.members)]
    constants, residual = (np.array(part) for part in zip(*found))
    _refuse_unsolved(world, residual)
    return constants


def _about(world, fixed, economy, shares):
    """Constants and moving cost of every member, roughly."""
    given = world.p.base_year.constants
    if given != "solve":
        found = _given(world, given, world.p.moving.cost, shares)
        return found.constant, found.cost
    of_all = potential_entrants(world, fixed), _eve_tables(world, fixed.constant)
    found = [solve_roughly(m, *_inputs(m, world, fixed, economy, shares, of_all), world.nests)
             for m in range(world.members)]
    return tuple(np.array(part) for part in zip(*found))


def _fixed(world, traits, start):
    """RunConstants with constants and cost at zero, before the base year is solved."""
    p = world.p
    zeros = np.zeros((world.members, world.sites))
    rules = arrays.Rules(review=1.0 - (1.0 - p.choice.review) ** 0.25, keep=p.choice.keep_errors,
                         revision=REVISIONS[p.switches.revision])
    streams = {name: random_streams.streams(name, world.seeds, world.replicates)
               for name in ("attributes", "entry", "exit", "growth", "spinoff")}
    eve = choice_tables.levers_at(world, EVE, zeros[:, None, :], zeros + 1.0)
    return RunConstants(
        peers=choice_tables.peer_tables(world, eve), moving=choice_tables.moving_tables(world, zeros[:1]),
        rules=rules, traits=traits, streams=streams, constant=zeros[:, None, :], base_spending=zeros, background=zeros,
        criteria=_criteria(world, start.log_threshold), spinoff_rate=spinoffs.base_rate(world, traits, start.state),
        frozen_counts=np.zeros((world.members, 1, world.sites), np.int64))


def _criteria(world, log_threshold):
    """(member, 4) bars of `life.meets`: revenue, tax at 25 % and at 15 %, R&D.

    A headquarters has revenue >= R, and tax >= tax_share R or R&D >= research_threshold R, where tax
    is the statutory rate times margin times revenue, whatever a policy makes of the rate.
    """
    p = world.p.criteria
    tax_per_revenue = np.stack([0.25 * p.profit_margin, 0.15 * p.profit_margin])
    needed = np.log(np.maximum(p.tax_share, 1e-300) / tax_per_revenue)
    research = p.research_threshold / np.maximum(p.research_share, 1e-300)
    columns = [log_threshold, *needed, np.where(p.research_threshold > 0, research, np.inf)]
    return np.stack([np.broadcast_to(column, (world.members,)) for column in columns], axis=1)


def _economy(world, fixed, state):
    counts, employees, _, _ = measure(world, fixed, state)
    return ModelState(state, counts, employees, log_density(fixed, employees))


def _with_land(world, fixed, economy, shares):
    """Background users and total spending of the base year."""
    spent = land.spending(world, anchors.tenants(world, economy.employees, economy.state))
    expected = shares * spent.sum(axis=1, keepdims=True)
    others = land.background(world, expected)
    total = np.where(others + spent > 0, others + spent, expected)    # a site without any user
    return fixed._replace(background=others, base_spending=total)


def _eve_tables(world, constant):
    levers = choice_tables.levers_at(world, EVE, constant, np.ones((1, world.sites)))
    return choice_tables.choice_tables(world, levers, EVE)


def base_year(world: World, fixed: RunConstants, economy: ModelState, shares: NDArray[np.float64],
              shared: SharedBaseYears) -> BaseYear:
    """Constants and moving cost of every member: solved, or as the scenario gives them."""
    given = world.p.base_year.constants
    if given != "solve":
        return _given(world, given, world.p.moving.cost, shares)
    sample = potential_entrants(world, fixed)
    offers = _eve_tables(world, fixed.constant)
    found = [shared.solve(m, *_inputs(m, world, fixed, economy, shares, (sample, offers)), world.nests)
             for m in range(world.members)]
    constant, cost, residual, steps, renewed = (np.array(part) for part in zip(*found))
    _refuse_reward(world, fixed, economy, cost)
    _refuse_unsolved(world, residual)
    renewed = renewed * (1.0 - fixed.rules.keep)
    _refuse_new_errors(world, renewed)
    return BaseYear(constant, cost, residual, steps, shares, renewed)


def _refuse_unsolved(world, residual):
    """Raise InputError for the replicate that is furthest from its base year, if any is off."""
    worst = int(np.argmax(np.where(np.isfinite(residual), residual, np.inf)))
    if not residual[worst] < TOLERANCE:
        raise InputError(Problem(
            "", "base_year.constants", _("replicate {replicate} has no balanced base year: an equation is off by "
                                         "{residual:.1e} of the candidates", replicate=world.replicates[worst],
                                         residual=residual[worst]), _("at most {most:g}", most=TOLERANCE),
            _("change moving.rate, entry.outside_share, choice.review, choice.dissimilarity or "
              "population.spread towards their defaults")))


def _refuse_reward(world, fixed, economy, cost):
    """Raise InputError where an enterprise of the opening stock would be paid to leave for the nearest other site."""
    if form(world.p) != BY_SITE:
        return
    for m in range(world.members):
        paid = cost[m] + _least_of_the_rest(m, world, fixed, economy)
        site = int(np.argmin(paid))
        if paid[site] < 0.0:
            raise InputError(Problem(
                "", "moving.rate",
                _("more move than moving.constants = \"by site\" allows: with the stay constant {constant:.3g} of {site} "
                  "a move from there would cost somebody {cost:.3g} in replicate {replicate}", constant=cost[m, site],
                  site=world.region.sites.index[site], cost=paid[site], replicate=world.replicates[m]),
                _("costs of at least 0"),
                _("lower moving.rate, raise choice.review, lower choice.keep_errors, or set moving.constants = "
                  "\"errors kept\" or \"uniform\"")))


def _least_of_the_rest(m, world, fixed, economy):
    """(site,) the least that size, age and distance add to the constant for whoever is there; 0 where nobody is."""
    own = arrays.Moving(*(_own(part, m) for part in fixed.moving))
    slots = np.flatnonzero((economy.state.site[m] >= 0) & (economy.state.anchor[m] <= 0))
    site, age = economy.state.site[m, slots], EVE - economy.state.born[m, slots]
    other = np.where(np.eye(world.sites, world.sites + 1, dtype=bool), np.inf, own.distance[:-1])
    nearest = other[:, :-1].min(axis=1, initial=np.inf)
    nearest = np.minimum(np.where(np.isfinite(nearest), nearest, 0.0), other[:, -1] if own.outside else np.inf)
    of_each = own.log_size * economy.state.log_size[m, slots] + own.age * np.minimum(0.25 * age, 10.0)
    least = np.full(world.sites, np.inf)
    np.minimum.at(least, site, of_each)
    return np.where(np.isfinite(least), least, 0.0) + own.log_distance * nearest


def _refuse_new_errors(world, renewed):
    """Raise InputError where kept errors alone would let fewer move than wanted, even if none were kept."""
    worst = int(np.argmax(renewed))
    if form(world.p) == ERRORS_KEPT and renewed[worst] > 1.0:
        raise InputError(Problem(
            "", "moving.rate", _("moves without costs would need {share:.3g} times as many new errors as there are "
                                 "reviews in replicate {replicate}", share=renewed[worst],
                                 replicate=world.replicates[worst]),
            _("at most as many"), _("lower moving.rate or raise choice.review")))


def _given(world, given, cost, shares):
    constant = np.array([given.get(site, 0.0) for site in world.region.sites.index])
    costs = np.broadcast_to(np.reshape(cost, (-1, 1)), (world.members, world.sites)).copy()
    return BaseYear(np.tile(constant, (world.members, 1)), costs, np.zeros(world.members),
                    np.zeros(world.members, int), shares, np.broadcast_to(1.0 - world.p.choice.keep_errors, world.members))


def potential_entrants(world: World, fixed: RunConstants) -> arrays.State:
    """A State of sampled potential entrants, over whom entry is averaged."""
    state = opening_population.empty_state(world.members, SAMPLE)
    numbers = np.full(world.members, SAMPLE)
    arrive(EVE, fixed.streams["attributes"], numbers, state, fixed.traits)
    return state


def _inputs(m: int, world: World, fixed: RunConstants, economy: ModelState, shares: NDArray[np.float64],
            of_all: tuple[arrays.State, arrays.Tables]) -> tuple[NDArray[np.float64], NDArray[np.int64], Targets]:
    """Utilities without constants and cost, present sites, and Targets of a member's base year."""
    sample, offers = of_all
    slots = np.flatnonzero((economy.state.site[m] >= 0) & (economy.state.anchor[m] <= 0))
    common = (offers, fixed.peers, fixed.moving)
    v = np.empty((len(slots) + SAMPLE, world.sites + 1))
    for first in range(0, len(slots), AT_ONCE):
        some = slots[first:first + AT_ONCE]
        v[first:first + len(some)] = base_utilities(EVE, m, some, economy.state, economy.counts, *common)
    v[len(slots):] = base_utilities(EVE, m, np.arange(SAMPLE), sample, economy.counts, *common)
    current = np.concatenate([economy.state.site[m, slots], np.full(SAMPLE, -1)]).astype(np.int64)
    targets = _targets(m, world, fixed, economy, shares[m])
    empty = np.flatnonzero(np.bincount(current[:len(slots)], minlength=world.sites) == 0)
    if targets.form != UNIFORM and len(empty):
        standing = _standing_in(v[len(slots):][:STAND_INS], sample.log_size[m, :STAND_INS], empty,
                                arrays.Moving(*(_own(part, m) for part in fixed.moving)))
        v, current = np.concatenate([standing, v]), np.concatenate([np.repeat(empty, STAND_INS), current])
    return v, current, targets


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


def _targets(m, world, fixed, economy, shares):
    p = world.p
    one = lambda values: float(values[m % len(values)])           # noqa: E731
    present = economy.state.site[m] >= 0
    candidates = float(present.sum())
    churn = bool(p.switches.churn[0])
    renewed = one(fixed.rules.review) * (1.0 - one(fixed.rules.keep))
    cost = None if isinstance(p.moving.cost, str) else one(p.moving.cost)
    if cost is None:
        _check_rate(one(p.moving.rate), renewed)
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
    """entering (site,) shares among entrants, and drift (site,) of moves in a quarter: both by jurisdiction, if given."""
    p, of = world.p, world.region.sites["jurisdiction"].to_numpy()
    entering = shares * np.array([p.entry.share.get(place, 1.0) for place in of])
    named = np.array([place in p.moving.net for place in of])
    drift = 0.25 * shares * np.array([p.moving.net.get(place, 0.0) for place in of])
    others = np.where(named, 0.0, shares)
    return dict(entering=entering / entering.sum(), drift=drift - drift.sum() * others / max(others.sum(), 1e-300))


def _check_rate(rate, renewed):
    """A move rate must be possible: above 0, and below the rate of reviews with new errors."""
    most = 1.0 - (1.0 - renewed) ** 4
    if not 0.0 < rate < most:
        raise InputError(Problem("", "moving.rate", _("no moving cost gives {rate:g} moves a year", rate=rate),
                                 _("a rate in (0, {reach:.4g}), as far as reviews with new errors reach", reach=most),
                                 _("raise choice.review, lower choice.keep_errors, or give moving.cost a number")))


def _quarterly(yearly):
    """Share in a quarter that comes to a share in a year."""
    return 1.0 - (1.0 - yearly) ** 0.25


def expected_exits(m: int, world: World, fixed: RunConstants, economy: ModelState) -> NDArray[np.float64]:
    """(site,) expected exits of the first quarter at base-year rents."""
    live = (economy.state.site[m] >= 0) & (economy.state.anchor[m] == 0)
    state = arrays.State(*(array[m, live] for array in economy.state))
    return np.bincount(state.site,  # type: ignore[return-value]  # with weights it sums them
                       weights=demography.closing(m, world, fixed, state, EVE),
                       minlength=world.sites)


def expected_spinoffs(m: int, world: World, fixed: RunConstants, economy: ModelState) -> NDArray[np.float64]:
    """(site,) expected spin-offs of the first quarter, by their parents' site."""
    slots, probability = spinoffs.expected(world, fixed.spinoff_rate, fixed.traits, economy.state, m)
    return np.bincount(economy.state.site[m, slots],  # type: ignore[return-value]  # with weights it sums them
                       weights=probability, minlength=world.sites)
