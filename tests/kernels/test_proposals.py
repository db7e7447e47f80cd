"""Tastes that enterprises might have are numpy's numbers, and are taken in proportion to their weights."""

import numpy as np
import pytest

from sim.base import random_streams
from sim.kernels.firms.proposals import propose, take

CUMULATIVE = np.cumsum([0.5, 0.3, 0.15, 0.05])
SHAPE = (15, 4, 4000)                          # draws, tastes, choosers


def generators():
    return [random_streams.generator(purpose, 3, 7) for purpose in ("tastes", "origins")]


@pytest.mark.parametrize("cumulative", [CUMULATIVE, np.empty(0)], ids=["origins", "no origins"])
def test_proposals_are_the_numbers_that_numpy_draws_in_turn(cumulative):
    """240,000 normal numbers: some sixty of them from the tail beyond the ziggurat."""
    normal, origin, chance = np.empty(SHAPE), np.full(SHAPE[::2], 9), np.empty(SHAPE[::2])
    draw, origins = generators()
    propose(draw, origins, draw, cumulative, normal, origin, chance)
    draw, origins = generators()
    for d in range(SHAPE[0]):
        assert (normal[d] == draw.standard_normal((SHAPE[2], SHAPE[1])).T).all()
        assert (chance[d] == draw.random(SHAPE[2])).all()
        if len(cumulative):
            assert (origin[d] == np.searchsorted(cumulative, origins.random(SHAPE[2]), side="right")).all()
        else:
            assert (origin[d] == 9).all()


def taken(weights, chance, parts):
    """(chooser,) numbers of the proposals that are taken where they are weighed in so many parts."""
    number = np.broadcast_to(np.arange(len(weights))[:, None], weights.shape)
    total, last, origin = np.zeros(weights.shape[1]), np.empty(weights.shape[1], int), np.full(weights.shape[1], -1)
    tastes = np.full((2, weights.shape[1]), -1.0)
    for part in np.array_split(np.arange(len(weights)), parts):
        of_part = np.ascontiguousarray(number[part])
        take(weights[part], chance[part], np.stack([of_part, 10.0 * of_part], axis=1), of_part, total, last, tastes,
             origin)
    assert (tastes == [origin, 10 * origin]).all()
    np.testing.assert_allclose(total, weights.sum(axis=0))
    return origin


def test_a_proposal_is_taken_in_proportion_to_its_weight():
    wanted = np.array([0.1, 0.4, 0.0, 0.3, 0.2])
    number = 40_000
    chance = np.random.default_rng(5).random((5, number))
    chance[0] = 0.0                                                    # its own, until another is taken
    weights = np.tile(7.0 * wanted[:, None], number)
    shares = np.bincount(taken(weights, chance, 1), minlength=5) / number
    np.testing.assert_allclose(shares, wanted, atol=4 * 0.5 / number ** 0.5)


def test_what_is_taken_is_the_same_in_however_many_parts_they_are_weighed():
    draw = np.random.default_rng(6)
    weights, chance = draw.random((2, 16, 500))
    chance[0] = 0.0
    found = [taken(weights, chance, parts) for parts in (1, 3, 16)]
    assert (found[0] == found[1]).all() and (found[0] == found[2]).all()
