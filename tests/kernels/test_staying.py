"""Probabilities of staying with several tastes are those of enterprises that have them, and tell which one takes."""

import copy

import numpy as np
import pytest

from sim.kernels import arrays
from sim.kernels.choice.expected import expected_choices
from sim.kernels.choice.staying import staying, take
from tests.samples import worlds

HOME = len(arrays.LOADINGS) - len(arrays.HOMES)
TASTES = slice(arrays.TASTE_TAX, HOME)


@pytest.fixture(scope="module", params=["separate", "function"])
def made(request):
    sds = {name: {"sd": 0.8} for name in ("access_taste", "core_taste", "linkage_taste")}
    return worlds.lively({"switches": {"registration": request.param}, "terms": sds})


def given_of(made):
    return (made.economy.counts, worlds.offers(made, 2), made.world.nests, made.fixed.peers, made.fixed.moving)


def tastes_of(number, draws, size=1.0):
    """Tastes (draw, taste, chooser) and origins (draw, chooser)."""
    draw = np.random.default_rng(draws)
    tastes = draw.normal(size=(draws, HOME - arrays.TASTE_TAX, number)) * size
    tastes[:, 0] = np.exp(tastes[:, 0])
    return tastes, draw.integers(0, len(arrays.HOMES) + 1, size=(draws, number))


@pytest.mark.parametrize("draws", [1, 3, 16])
def test_staying_with_tastes_is_the_expected_choice_of_one_who_has_them(made, draws):
    state, given = made.economy.state, given_of(made)
    for m in range(made.world.members):
        slots = np.flatnonzero(state.site[m] >= 0)
        tastes, origin = tastes_of(len(slots), draws)
        found = staying(2, m, slots, tastes, origin, state, *given)
        for d in range(draws):
            having = copy.deepcopy(state)
            having.loading[m, slots, TASTES] = tastes[d].T
            having.loading[m, slots, HOME:] = origin[d][:, None] == np.arange(len(arrays.HOMES))
            chances = expected_choices(2, m, slots, having, *given)
            wanted = chances[np.arange(len(slots)), state.site[m, slots]]
            np.testing.assert_allclose(found[d], wanted, rtol=1e-11, atol=1e-14)


def taken(weights, chance):
    """(chooser,) draws that are taken: the k-th where its number times the sum so far is below its weight."""
    found, total = np.zeros(chance.shape[1], int), np.zeros(chance.shape[1])
    for d in range(len(chance)):
        for n in range(chance.shape[1]):
            total[n] += weights[d, n]
            if chance[d, n] * total[n] < weights[d, n]:
                found[n] = d
    return found


@pytest.mark.parametrize("draws", [2, 16])
@pytest.mark.parametrize("size", [0.0, 1.0, 30.0])
@pytest.mark.parametrize("near", [0.0, 1e-13, 1e-8, 1e-5], ids="by {}".format)
def test_the_taste_that_is_taken_follows_from_exact_weights_however_near_a_number_is_to_one(made, draws, size, near):
    """near: how far uniform numbers lie from where they would decide otherwise; 0 for just any."""
    state, given = made.economy.state, given_of(made)
    for m in range(made.world.members):
        slots = np.flatnonzero(state.site[m] >= 0)
        tastes, origin = tastes_of(len(slots), draws, size)
        weights, draw = staying(2, m, slots, tastes, origin, state, *given), np.random.default_rng(m)
        chance = draw.random(origin.shape)
        if near:
            sides = draw.choice([1.0 - near, 1.0 + near], size=chance.shape)
            decides = weights / np.maximum(weights.cumsum(0), 1e-300)
            chance = np.where(draw.random(chance.shape) < 0.3, decides * sides, chance)
        chance[0] = 0.0                                                # its own, until another is taken
        assert (take(2, m, slots, tastes, origin, chance, state, *given) == taken(weights, chance)).all()


def test_a_taste_is_taken_in_proportion_to_how_likely_it_lets_an_enterprise_stay(made):
    state, given, number = made.economy.state, given_of(made), 40_000
    one = np.flatnonzero(state.site[0] >= 0)[:1]
    tastes, origin = tastes_of(1, 5)
    wanted = staying(2, 0, one, tastes, origin, state, *given)[:, 0]
    chance = np.random.default_rng(5).random((5, number))
    chance[0] = 0.0
    found = take(2, 0, np.repeat(one, number), np.repeat(tastes, number, axis=2), np.repeat(origin, number, axis=1),
                 chance, state, *given)
    shares = np.bincount(found, minlength=5) / number
    np.testing.assert_allclose(shares, wanted / wanted.sum(), atol=4 * 0.5 / number ** 0.5)
