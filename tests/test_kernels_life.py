"""Every kernel of life and rents equals its naive twin: exactly in whole numbers, to 1e-12 in the rest."""

import copy

import naive_life
import numpy as np
import pytest
import worlds

from sim.kernels import layout, life, population
from sim.processes import demography, land

BITS = np.random.default_rng(1).integers(0, 2 ** 64, 60, dtype=np.uint64)


@pytest.fixture(scope="module")
def made():
    return worlds.lively()


def assert_twins(kernel, twin, state, arguments):
    """Both leave the same state; arguments(state) is what they take."""
    left, right = copy.deepcopy(state), copy.deepcopy(state)
    kernel(*arguments(left))
    twin(*arguments(right))
    for name in left._fields:
        np.testing.assert_allclose(getattr(left, name), getattr(right, name), rtol=1e-12, err_msg=name)
    return left


# -- enterprises grow, close and are counted ----------------------------------------------------------

def test_exits(made):
    events = [np.zeros((2, 6, 3, 4), int) for _ in range(2)]
    left = iter(events)
    fixed, rent = made.fixed, np.linspace(0.5, 3, 12).reshape(2, 6)
    assert_twins(life.close_down, naive_life.close_down, made.economy.state, lambda state: (
        2, state, fixed.streams["exit"], 5 * demography.hazards(made.world), np.array([0.1, -0.2]), rent,
        fixed.traits.log_median, next(left)))
    assert events[0].sum() > 5 and (events[0] == events[1]).all()


def test_growth(made):
    fixed = made.fixed
    assert_twins(life.grow, naive_life.grow, made.economy.state, lambda state: (
        2, state, fixed.streams["growth"], np.array([0.1, -0.1]), np.array([0.2, 0.4]), np.array([0.15, 0.3]),
        fixed.traits.log_median, np.linspace(-0.1, 0.1, 12).reshape(2, 6)))


@pytest.mark.parametrize("research", [np.inf, 1.0])
def test_counts(made, research):
    bars = np.array([[4.0, 0.3, 0.6, research], [3.5, 0.1, 0.2, research]])
    shapes = (2, 12, 6), (2, 6, 3, 4), (2, 6, 3, 4), (2, 6)
    sides = [[np.ones(shape, int) for shape in shapes] for _ in range(2)]
    life.count(made.economy.state, bars, *sides[0])
    naive_life.count(made.economy.state, bars, *sides[1])
    assert all((a == b).all() for a, b in zip(*sides)) and sides[0][2].sum() > 3


@pytest.mark.parametrize("promised", [0.0, 1.0, 3.0, 40.0])
def test_benefits_expire(made, promised):
    tables = worlds.offers(made, 2)
    ramp = np.linspace(0.5, 1.5, tables.benefit_quarters[0].size).reshape(1, -1, 6)
    tables = tables._replace(benefit_quarters=promised * ramp)
    after = assert_twins(life.expire, naive_life.expire, made.economy.state,
                         lambda state: (3, state, tables))
    settled = (after.status == layout.SETTLED)[after.site >= 0]
    assert settled.all() == (promised < 2)


# -- who there is -----------------------------------------------------------------------------------

@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 12.5, 255.9, 256.1, 900.0])
def test_poisson_draws(mean):
    twins = [naive_life.poisson(int(key), mean) for key in BITS]
    assert [population.poisson(key, mean) for key in BITS] == twins


def test_numbers_of_potential_entrants():
    found = population.count_arrivals(7, BITS, np.array([5.0]))
    assert list(found) == naive_life.count_arrivals(7, BITS, [5.0])


def test_potential_entrants(made):
    state = copy.deepcopy(made.economy.state)
    state.site[:, 5:15] = layout.EMPTY
    after = assert_twins(population.arrive, naive_life.arrive, state, lambda state: (
        3, made.fixed.streams["attributes"], np.array([6, 9]), state, made.fixed.traits))
    assert (after.site == layout.CANDIDATE).sum(axis=1).tolist() == [6, 9]


def test_the_opening_stock(made):
    draw = np.random.default_rng(5)
    site, u, born = draw.integers(0, 6, 40), draw.random(40), -draw.integers(1, 99, 40)
    assert_twins(population.populate, naive_life.populate, made.economy.state, lambda state: (
        1, made.fixed.streams["attributes"][1], site, u, born, state, made.fixed.traits))


# -- rents ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("spending", [0.2, 1.0, 1.5, 2.5, 6.0])
@pytest.mark.parametrize("factor", [0.7, 1.0, 1.6])
def test_rents_clear(made, spending, factor):
    p = made.world.p.land
    found = land.clear(made.world, np.full((1, 1), spending), np.ones((1, 1)), np.full((1, 1), factor))
    twin = naive_life.rent(spending, factor, p.elasticity[0], p.slack[0])
    np.testing.assert_allclose(found, twin, rtol=1e-12)
