"""Kernels of life equal their naive twins where the quarter's twin does not look: exactly, or to 1e-12.

Promises that expire, growth, numbers of potential entrants, parents, spin-offs, the census and rents have theirs in
`tests/model/test_quarter.py`, which notices every change of a line of theirs that a test of one kernel did. What is
left here says which cases the quarter's does not reach.
"""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.firms import closing, life, population, spinoff
from sim.kernels.marks import listed, marks_for
from sim.model import opening_population
from tests.oracles import naive_life
from tests.samples import worlds

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
    """Hazards near 1, and ages beyond the last of the table and of the census."""
    events = [(np.zeros((2, 6, 3, 4), int), np.zeros((2, 3, 9), np.int32)) for _ in range(2)]
    left = iter(events)
    fixed, rent = made.fixed, np.linspace(0.5, 3, 12).reshape(2, 6)
    assert_twins(closing.close_down, naive_life.close_down, made.economy.state, lambda state: (
        2, state, fixed.streams["exit"], 5 * opening_population.hazards_by_kind(made.world), np.array([0.1, -0.2]),
        rent, fixed.traits.log_median, *next(left)))
    assert events[0][0].sum() == events[0][1].sum() > 5
    assert all((ours == twin).all() for ours, twin in zip(*events))


def test_bounds_of_the_probability_of_a_quarter():
    """They spare most enterprises its logarithm; it is convex in the yearly hazard, a quarter of it at nothing."""
    hazard = np.concatenate([np.logspace(-14, -3, 200), np.linspace(1e-3, 1 - 1e-12, 5000)])
    quarterly = -np.expm1(0.25 * np.log1p(-hazard))
    upper = np.where(hazard <= 0.5, closing.HALF * hazard, hazard)
    assert (0.25 * hazard <= quarterly * (1 + 1e-12)).all() and (quarterly <= upper).all()
    assert (abs(quarterly - (1 - (1 - hazard) ** 0.25)) < closing.ROUNDING).all()


def test_growth_is_reflected_at_the_largest_size(made):
    """Which in a quarter of a common world nobody reaches."""
    traits = made.fixed.traits._replace(log_largest=np.array([5.0, 4.5]))
    after = assert_twins(life.grow, naive_life.grow, made.economy.state, lambda state: (
        2, state, made.fixed.streams["growth"], np.zeros(1), np.ones(1), np.zeros(1), traits,
        np.zeros((1, 6))))
    alive = after.site >= 0
    assert (after.log_size != made.economy.state.log_size)[alive].all()
    assert (after.log_size <= traits.log_largest[:, None]).mean() > 0.99         # the others began above it


def test_counts(made):
    """Where research makes headquarters of enterprises whose tax does not."""
    bars = np.array([[4.0, 0.3, 0.6, 1.0], [3.5, 0.1, 0.2, 1.0]])
    shapes = (2, 12, 6), (2, 6, 3, 4), (2, 6, 3, 4), (2, 6)
    sides = [[np.ones(shape, int) for shape in shapes] for _ in range(2)]
    life.count(made.economy.state, bars, *sides[0])
    naive_life.count(made.economy.state, bars, *sides[1])
    assert all((a == b).all() for a, b in zip(*sides))
    assert sides[0][2].sum() > 3


# -- who there is -----------------------------------------------------------------------------------

@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.3, 12.5, 255.9, 256.1, 900.0])
def test_poisson_draws(mean):
    """Also of means that are drawn in several parts."""
    twins = [naive_life.poisson(int(key), mean) for key in BITS]
    assert [population.poisson(key, mean) for key in BITS] == twins


def test_potential_entrants(made):
    """With uniform tastes, in slots that are empty in between."""
    state = copy.deepcopy(made.economy.state)
    state.site[:, 5:15] = arrays.EMPTY
    after = assert_twins(population.arrive, naive_life.arrive, state, lambda state: (
        3, made.fixed.streams["attributes"], np.array([6, 9]), state, made.fixed.traits._replace(uniform=1)))
    assert (after.site == arrays.CANDIDATE).sum(axis=1).tolist() == [6, 9]


def test_the_opening_stock(made):
    """The opening's own, which no quarter draws."""
    draw = np.random.default_rng(5)
    site, u, born = draw.integers(0, 6, (2, 40)), draw.random((2, 40)), -draw.integers(1, 99, (2, 40))
    industry = draw.integers(-1, len(made.fixed.traits.hightech), (2, 40))     # -1: it is drawn
    cumulative = [np.cumsum(mix, axis=1) for mix in opening_population.mixes_of(made.world)]
    assert_twins(population.populate, naive_life.populate, made.economy.state, lambda state: (
        made.fixed.streams["attributes"], site, u, born, industry, state, made.fixed.traits, *cumulative))


# -- the criteria of a headquarters ---------------------------------------------------------------------

@pytest.mark.parametrize("revenue, hightech, intensity, meets", [
    (0.99, 0, 9.0, False),                   # below the revenue threshold nothing else counts
    (1.5, 0, 0.0, False), (2.5, 0, 0.0, True),     # tax suffices from twice the threshold
    (2.5, 1, 0.0, False), (3.5, 1, 0.0, True),     # at the lower rate of high-tech enterprises from three times
    (1.5, 0, 0.5, False),                    # research of 0.5 x 1.5 = 0.75 of what is asked for
    (1.5, 0, 0.7, True),                     # 1.05 of it: what counts is the amount, not the intensity
    (1.5, 0, 1.1, True)])
def test_a_headquarters_needs_revenue_and_besides_enough_tax_or_enough_research(revenue, hightech, intensity, meets):
    bars = np.array([4.0, np.log(2.0), np.log(3.0), 1.0])
    assert life.meets(4.0 + np.log(revenue), hightech, intensity, bars) == meets


@pytest.mark.parametrize("exponent", [0.0, 0.4, 0.8])
def test_parents_of_all_sizes_are_those_of_plain_loops(made, exponent):
    """Large enterprises have a bound on their probability of their own, which spares none of them."""
    traits, state = made.fixed.traits, copy.deepcopy(made.economy.state)
    median, largest = np.broadcast_arrays(traits.log_median, traits.log_largest)
    shape = state.site.shape
    state.log_size[:] = (median + np.random.default_rng(3).random(shape[::-1]) * (largest - median)).T
    rate = np.full((1, 1 + int(state.anchor.max())), 0.02)
    ours, twin = np.zeros(shape, np.uint8), np.zeros(shape, int)
    given = (2, state, made.fixed.streams["spinoff"], rate, np.array([exponent]), traits)
    spinoff.mark_parents(*given, ours)
    naive_life.mark_parents(*given, twin)
    np.testing.assert_array_equal(ours, twin)
    above = state.log_size > ((median + largest) / 2)[:, None]
    assert (twin.astype(bool) & above).sum() > (5 if exponent else 0)


@pytest.mark.parametrize("slots", [1, 8, 63, 64, 65, 300])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_all_marked_slots_are_listed_in_order(slots, share):
    marks = marks_for(slots)
    marks.flag[:slots] = np.random.default_rng(slots).random(slots) < share
    assert marks.slot[:listed(marks)].tolist() == np.flatnonzero(marks.flag).tolist()
