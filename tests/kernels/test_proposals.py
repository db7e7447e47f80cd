"""Tastes that enterprises might have are numpy's numbers."""

import numpy as np
import pytest

from sim.base import random_streams
from sim.kernels.firms.proposals import propose

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
