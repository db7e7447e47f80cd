"""The opening stock's tastes and errors, given where each enterprise stands."""

import dataclasses

import numpy as np
import pytest

from sim.base.calendar import EVE
from sim.kernels import arrays
from sim.model import choice_tables, opening_errors
from tests.oracles import naive
from tests.samples import worlds

RINGS = ["core", "linkage", "core", "radiation"]
STILL = {"moving": {"cost": 2.0}, "choice": {"review": 0.5, "keep_errors": 0.5, "dissimilarity": 0.7},
         "population": {"size_sd": 0.0}}


def opened(*overrides, number=600, nests=(0, 0, 1, 1), members=1):
    where = worlds.region(list(nests))
    where = dataclasses.replace(where, sites=where.sites.assign(ring=RINGS[:len(nests)]))
    utility = np.linspace(-0.4, 0.4, len(nests))
    v = worlds.plain(where, utility, worlds.people(number), worlds.years(8), STILL, *overrides)
    return worlds.make(where, v, members=members)


def eve(made):
    """Offers of the eve."""
    levers = choice_tables.levers_at(made.world, EVE, made.fixed.constant, np.ones((1, made.world.sites)))
    return choice_tables.choice_tables(made.world, levers, EVE)


def standing(made, moving):
    """(slot,) whether the enterprise's place is the best for it, by the naive twin."""
    state, world = made.economy.state, made.world
    slots = np.flatnonzero(state.site[0] >= 0)
    return np.array([state.site[0, i] == naive.decide(0, i, EVE, state, eve(made), world.nests,
                                                      made.fixed.peers, moving, world.keys, made.economy.counts)
                     for i in slots])


CHURN = {"switches": {"churn": True}, "exit": {"hazard_by_age": [0.05], "headquarters_factor": 1.0},
         "entry": {"rate": 0.05}}


def test_nobody_would_move_and_who_came_by_its_errors_has_the_best_place_costs_apart():
    made = opened(CHURN)
    came = opening_errors.came_by_errors((made.world, made.fixed, made.economy, eve(made)), 0)
    assert 0.2 < came.mean() < 0.8
    assert standing(made, made.fixed.moving).all()
    free = standing(made, made.fixed.moving._replace(cost=np.zeros_like(made.fixed.moving.cost)))
    assert free[came].all() and not free[~came].all()


def test_opening_errors_are_those_of_the_naive_twin():
    """The first vector by which it came, or else stayed."""
    made = opened(CHURN, number=60)
    state, world = made.economy.state, made.world
    came = opening_errors.came_by_errors((world, made.fixed, made.economy, eve(made)), 0)[None]
    given = (EVE, made.economy.counts, eve(made), world.nests, made.fixed.peers, world.keys)
    found, tries = state.epoch.copy(), (opening_errors.CHOICE_TRIES, opening_errors.ERROR_TRIES)
    naive.opening_errors(state, came, made.fixed.moving, given, tries)
    assert (found == state.epoch).all() and found.max() > 2


@pytest.mark.parametrize("age", [0, 4, 40])
def test_who_has_the_errors_of_the_entry_follows_from_age_and_renewals(age):
    made = opened(CHURN, {"spinoff": {"share": 0.25, "stay": 0.7}})
    first, later = opening_errors.last_renewals(made.world, made.fixed, 0, np.array([age]))
    renewed = (1 - 0.5 ** 0.25) * 0.5
    assert later[0] == pytest.approx(1 - (1 - renewed) ** age)
    assert first[0] == pytest.approx((1 - renewed) ** age * (1 - 0.25 * 0.7))           # no outside option


def test_without_demography_nobody_has_entered():
    made = opened()
    first, later = opening_errors.last_renewals(made.world, made.fixed, 0, np.array([0, 400]))
    assert (first == 0.0).all() and (later == 1.0).all()


def test_tastes_of_the_stock_are_those_of_enterprises_that_choose_the_place():
    """f(z | core) ~ P(core | z) phi(z): the mean taste of the stock of a ring against the integral; elsewhere too."""
    sd = 1.5
    made = opened({"terms": {"core_taste": {"sd": sd}}}, number=6000, members=2)
    core = made.world.in_ring("core")[0]
    assert core.sum() == 2
    state, offers = made.economy.state, eve(made)
    z = np.linspace(-6, 6, 241)
    weight = np.exp(-z * z / 2)
    v = offers.site[0] + sd * z[:, None] * core
    p = shares(v, made.world.nests.of_site, made.world.nests.dissimilarity[0])
    for j in range(4):
        theory = (z * weight * p[:, j]).sum() / (weight * p[:, j]).sum()
        found = state.loading[:, :, arrays.LOADINGS.index("taste_core")][state.site == j]
        assert abs(theory) > 0.2
        assert abs(found.mean() - theory) < 4 * found.std() / len(found) ** 0.5 + 0.1 * abs(theory)


def shares(v, of_site, length):
    """(draw, site) nested logit probabilities of sites without an outside option."""
    e = np.exp(v / length[of_site[:-1]])
    of_nest = np.stack([e[:, of_site[:-1] == m].sum(axis=1) for m in range(len(length))], axis=1)
    mass = np.where(of_nest > 0, of_nest, 1.0) ** length * (of_nest > 0)
    return e / of_nest[:, of_site[:-1]] * (mass / mass.sum(axis=1, keepdims=True))[:, of_site[:-1]]
