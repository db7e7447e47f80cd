"""From a World to the state that the first quarter opens with: population, base year, fixed parts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.base.calendar import EVE
from sim.base.helpers import ALONE, Helpers
from sim.kernels import arrays
from sim.model import choice_tables, kind_constants, opening_choices, opening_errors, opening_population
from sim.model.base_year import BaseYear, Targets
from sim.model.base_year_faults import refuse_new_errors, refuse_reward, refuse_unsolved
from sim.model.base_year_inputs import inputs, potential_entrants, sampled, targets_of
from sim.model.processes import anchors, demography, land, registration, spinoffs
from sim.model.shared_base_years import SharedBaseYears
from sim.model.stay_constants import ERRORS_KEPT, Entry, form
from sim.model.step import ModelState, RunConstants, log_density, measure
from sim.model.world import World

REVISIONS = {"sequential": arrays.SEQUENTIAL, "simultaneous": arrays.SIMULTANEOUS, "one": arrays.ONE}


def prepare(world: World, shared: SharedBaseYears | None = None,
            helpers: Helpers = ALONE) -> tuple[RunConstants, ModelState, BaseYear]:
    """(RunConstants, ModelState, BaseYear) of an ensemble; base years that are `shared` are not solved again.

    What goes through many enterprises at many sites is done by parts, with the helpers there are.
    """
    traits = opening_population.traits(world)
    shared = shared or SharedBaseYears(most=0)
    start = opening_population.opening(world, traits, shared)
    start = start._replace(state=anchors.placed(world, traits, start.state))
    demography.refuse_giants(world, EVE, start.state, *demography.DRAWN)
    fixed = _fixed(world, traits, start)
    economy = _economy(world, fixed, start.state)
    fixed = _with_land(world, fixed, economy, start.shares)
    fixed = fixed._replace(frozen_counts=economy.counts.copy())
    fixed, base = _balanced(world, fixed, economy, start.shares, shared, helpers)
    offers = _eve_tables(world, fixed.constant)
    opening_errors.draw_errors(world, fixed, economy, offers, helpers, shared)
    registration.of_opening(world, fixed, start.state, offers)      # again, with the errors that they now have
    return fixed, economy, base


def _balanced(world, fixed, economy, shares, shared, helpers):
    """(RunConstants with constants and moving cost, BaseYear) of a stock with the tastes of those who chose its places.

    Which tastes those are depends on the constants: they are drawn at those that about balance a stock of everybody's
    tastes, and the stock that has them is balanced then.
    """
    mix, sample = kind_constants.mixes(world), potential_entrants(world, fixed)
    solving = world.p.base_year.constants == "solve"
    targets = [targets_of(m, world, fixed, economy, shares[m]) for m in range(world.members if solving else 0)]
    entry = _entry(world, fixed, economy, targets, shared, (sample, mix))
    if solving:
        constant = kind_constants.of_classes(world, np.array([each.by_kind for each in entry]), mix)
        fixed = fixed._replace(constant=constant)
    of_all = sample, _eve_tables(world, fixed.constant)
    registration.of_opening(world, fixed, economy.state, of_all[1])
    common, start = (shares, list(zip(targets, entry)), of_all, helpers), None
    if opening_choices.have_tastes(world):
        constant, start = _about(world, fixed, economy, *common, shared)
        about = _with_base_year(fixed, constant, start)
        opening_choices.draw_tastes(world, about, economy, _eve_tables(world, about.constant), helpers, shared)
    base = base_year(world, fixed, economy, *common, shared, start)
    fixed = _with_base_year(fixed, base.constant, base.cost)
    if form(world.p) == ERRORS_KEPT:
        fixed = fixed._replace(rules=fixed.rules._replace(keep=1.0 - base.renewed))
    return fixed, base


def _with_base_year(fixed, constant, cost):
    return fixed._replace(constant=constant[:, None, :] + fixed.constant, moving=fixed.moving._replace(cost=cost))


def _entry(world, fixed, economy, targets, shared, sample_and_mix):
    """The Entry of every member, from utilities without constants; none where constants are given."""
    sample, mix = sample_and_mix
    offers, kind = _eve_tables(world, fixed.constant), kind_constants.kind_of(sample, mix)
    found = [shared.entry(m, sampled(m, fixed, economy, (sample, offers)), kind[m], mix, t, world.nests)
             for m, t in enumerate(targets)]
    if found:
        refuse_unsolved(world, np.array([each.residual for each in found]))
    return found


def _about(world, fixed, economy, shares, of_members, of_all, helpers, shared):
    """Constants and moving cost of every member, roughly."""
    given = world.p.base_year.constants
    if given != "solve":
        found = _given(world, given, world.p.moving.cost, shares)
        return found.constant, found.cost
    found = [shared.roughly(m, *inputs(m, world, fixed, economy, t, of_all, helpers), t, world.nests, entry)
             for m, (t, entry) in enumerate(of_members)]
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
              of_members: Sequence[tuple[Targets, Entry]], of_all: tuple[arrays.State, arrays.Tables],
              helpers: Helpers, shared: SharedBaseYears, start: NDArray[np.float64] | None = None) -> BaseYear:
    """Constants and moving cost of every member: solved, or as the scenario gives them.

    of_members: what each member is solved for, and what is of its entrants; of_all: sampled potential entrants, and
    what sites offer on the eve; start (member, site) costs near the solution, if some are known.
    """
    given = world.p.base_year.constants
    if given != "solve":
        return _given(world, given, world.p.moving.cost, shares)
    found = [shared.solve(m, *inputs(m, world, fixed, economy, t, of_all, helpers), t, world.nests, entry,
                          None if start is None else start[m]) for m, (t, entry) in enumerate(of_members)]
    constant, cost, residual, steps, renewed = (np.array(part) for part in zip(*found))
    refuse_reward(world, fixed, economy, cost)
    refuse_unsolved(world, residual)
    renewed = renewed * (1.0 - fixed.rules.keep)
    refuse_new_errors(world, renewed)
    return BaseYear(constant, cost, residual, steps, shares, renewed)


def _given(world, given, cost, shares):
    constant = np.array([given.get(site, 0.0) for site in world.region.sites.index])
    costs = np.broadcast_to(np.reshape(cost, (-1, 1)), (world.members, world.sites)).copy()
    return BaseYear(np.tile(constant, (world.members, 1)), costs, np.zeros(world.members),
                    np.zeros(world.members, int), shares,
                    np.broadcast_to(1.0 - world.p.choice.keep_errors, world.members))
